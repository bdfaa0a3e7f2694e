/* SPDX-License-Identifier: MIT */
/* The distribution of the time between the proposals of a block and of its parent on the main chain, over all runs. */
#include "report/block_log.h"
#include "report/cdf.h"
#include "report/figure.h"

static bool add_run(struct cdf *cdf, const struct figure_source *source, const struct figure_run *run, GError **error)
{
    struct block_log log;
    if (!block_log_read(&log, source, run, error))
        return false;
    size_t count;
    const struct block_entry **chain = block_log_main(&log, source, &count);
    for (size_t i = 1; i < count; i++)
        cdf_add(cdf, chain[i]->proposed_ns - chain[i - 1]->proposed_ns, true);
    g_free(chain);
    block_log_release(&log);
    return true;
}

static bool save_facts(struct cdf *cdf, const struct figure_source *source, const char *folder, GError **error)
{
    struct cdf_span span = cdf_span(cdf);
    struct figure_unit unit = figure_unit(span.to_ns);
    char *note = figure_source_note(source, true);
    struct sheet facts;
    sheet_init(&facts, "note,unit,unit_s,from_s,to_s,longest_s,beyond,logarithmic,intervals,median_s,p95_s");
    sheet_text(&facts, note);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_time(&facts, span.from_ns);
    sheet_time(&facts, span.to_ns);
    sheet_time(&facts, span.longest_ns);
    sheet_real(&facts, span.beyond);
    sheet_number(&facts, span.logarithmic);
    sheet_number(&facts, cdf->durations.count);
    sheet_time(&facts, cdf_quantile(cdf, 0.5));
    sheet_time(&facts, cdf_quantile(cdf, 0.95));
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "block_interval_facts", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct cdf cdf = {0};
    bool fine = true;
    for (size_t i = 0; i < source->run_count && fine; i++)
        fine = add_run(&cdf, source, &source->runs[i], error);
    struct cdf_point points[CDF_POINTS];
    size_t count = fine ? cdf_points(&cdf, points) : 0;
    if (fine && count == 0)
        fine = figure_empty(error, "the main chain has fewer than two blocks%s", figure_counted(source));
    if (fine) {
        struct sheet sheet;
        sheet_init(&sheet, "interval_s,share");
        for (size_t i = 0; i < count; i++) {
            sheet_time(&sheet, points[i].length_ns);
            sheet_real(&sheet, points[i].share);
            sheet_end(&sheet);
        }
        fine = sheet_save(&sheet, folder, "block_interval", error) && save_facts(&cdf, source, folder, error);
    }
    cdf_release(&cdf);
    return fine;
}

const struct figure figure_block_interval = {
    .name = "block_interval",
    .meaning = "how long it takes from one block of the main chain to the next: the distribution",
    .tables = TABLE_BIT(TABLE_BLOCKS),
    .pooled = true,
    .reduce = reduce,
};
