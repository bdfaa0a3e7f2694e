/* SPDX-License-Identifier: MIT */
/*
 * The distributions of the time from a block's proposal until it is final: at the first honest node, at nodes with two
 * thirds of the stake, at the last honest node. Blocks of the main chain that are not final when a run ends are
 * censored, as in the metrics.
 */
#include "report/block_log.h"
#include "report/cdf.h"
#include "report/figure.h"

enum observer { OBSERVER_FIRST, OBSERVER_TWO_THIRDS, OBSERVER_LAST, OBSERVERS };
static const char *const names[OBSERVERS] = {"first", "two_thirds", "last"};

static bool add_run(struct cdf cdfs[OBSERVERS], const struct figure_source *source, const struct figure_run *run,
                    GError **error)
{
    struct block_log log;
    if (!block_log_read(&log, source, run, error))
        return false;
    size_t count;
    const struct block_entry **chain = block_log_main(&log, source, &count);
    for (size_t i = 0; i < count; i++) {
        const time_ns times[OBSERVERS] = {chain[i]->first_ns, chain[i]->two_thirds_ns, chain[i]->last_ns};
        for (int o = 0; o < OBSERVERS; o++) {
            bool ended = times[o] != TIME_NEVER;
            cdf_add(&cdfs[o], ended ? times[o] : log.until_ns - chain[i]->proposed_ns, ended);
        }
    }
    g_free(chain);
    block_log_release(&log);
    return true;
}

/* What the axis must show for all curves. */
static struct cdf_span common_span(struct cdf cdfs[OBSERVERS])
{
    struct cdf_span common = {.from_ns = TIME_NEVER};
    bool logarithmic = false;
    for (int o = 0; o < OBSERVERS; o++)
        logarithmic |= cdf_span(&cdfs[o]).logarithmic;
    for (int o = 0; o < OBSERVERS; o++) {
        struct cdf_span span = cdf_span(&cdfs[o]);
        if (cdf_shortest(&cdfs[o]) == TIME_NEVER)
            continue;
        common.from_ns = MIN(common.from_ns, logarithmic ? cdf_shortest(&cdfs[o]) : span.from_ns);
        common.to_ns = MAX(common.to_ns, logarithmic ? span.longest_ns : span.to_ns);
        common.longest_ns = MAX(common.longest_ns, span.longest_ns);
        common.beyond = span.beyond;
    }
    common.logarithmic = logarithmic && common.from_ns > 0;
    if (!common.logarithmic && common.from_ns < common.to_ns / 2)
        common.from_ns = 0;
    return common;
}

static bool save_facts(struct cdf cdfs[OBSERVERS], const struct figure_source *source, const struct cdf_span *span,
                       const char *folder, GError **error)
{
    struct figure_unit unit = figure_unit(span->to_ns);
    char *note = figure_source_note(source, true);
    struct sheet facts;
    sheet_init(&facts, "note,unit,unit_s,from_s,to_s,longest_s,beyond,logarithmic,blocks,not_final");
    sheet_text(&facts, note);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_time(&facts, span->from_ns);
    sheet_time(&facts, span->to_ns);
    sheet_time(&facts, span->longest_ns);
    sheet_real(&facts, span->beyond);
    sheet_number(&facts, span->logarithmic);
    sheet_number(&facts, cdfs[0].durations.count);
    sheet_number(&facts, cdf_censored(&cdfs[OBSERVER_FIRST]));
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "finality_facts", error);
}

static bool save(struct cdf cdfs[OBSERVERS], const struct figure_source *source, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "observer,finality_s,share");
    for (int o = 0; o < OBSERVERS; o++) {
        struct cdf_point points[CDF_POINTS];
        size_t count = cdf_points(&cdfs[o], points);
        for (size_t i = 0; i < count; i++) {
            sheet_text(&sheet, names[o]);
            sheet_time(&sheet, points[i].length_ns);
            sheet_real(&sheet, points[i].share);
            sheet_end(&sheet);
        }
    }
    if (sheet.rows == 0) {
        sheet_release(&sheet);
        size_t blocks = cdfs[0].durations.count;
        return blocks ? figure_empty(error, "none of the main chain's %zu block%s%s is final when the run ends", blocks,
                                     blocks == 1 ? "" : "s", figure_counted(source))
                      : figure_empty(error, "the main chain has no block%s", figure_counted(source));
    }
    struct cdf_span span = common_span(cdfs);
    return sheet_save(&sheet, folder, "finality", error) && save_facts(cdfs, source, &span, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct cdf cdfs[OBSERVERS] = {0};
    bool fine = true;
    for (size_t i = 0; i < source->run_count && fine; i++)
        fine = add_run(cdfs, source, &source->runs[i], error);
    fine = fine && save(cdfs, source, folder, error);
    for (int o = 0; o < OBSERVERS; o++)
        cdf_release(&cdfs[o]);
    return fine;
}

const struct figure figure_finality = {
    .name = "finality",
    .meaning = "how long blocks take to be final, at the first node, 2/3 of the stake, the last: the distributions",
    .tables = TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_FINALITY),
    .pooled = true,
    .reduce = reduce,
};
