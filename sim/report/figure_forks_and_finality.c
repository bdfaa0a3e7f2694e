/* SPDX-License-Identifier: MIT */
/*
 * The course of one run: in equal stretches of time, the blocks proposed on the main chain and off it, and the longest
 * that any of the main chain's took to be final; with the faults of the run. Whole runs are shown, warm-up included.
 */
#include "report/block_log.h"
#include "report/fault_periods.h"
#include "report/figure.h"
#include "report/window.h"

#define BINS_MOST    100
#define BLOCKS_A_BIN 4
#define FEWEST_BINS  10

struct bin {
    uint64_t on_main, off_main, not_final;
    time_ns first_ns, two_thirds_ns, last_ns; /* longest; TIME_NEVER: no block has it */
};

struct timeline {
    VECTOR(struct bin) bins;
    time_ns width_ns, until_ns;
};

static void longest(time_ns *at, time_ns time)
{
    if (time != TIME_NEVER)
        *at = *at == TIME_NEVER ? time : MAX(*at, time);
}

static void fill_bins(struct timeline *timeline, const struct block_log *log)
{
    uint64_t wanted = CLAMP(log->blocks.count / BLOCKS_A_BIN, FEWEST_BINS, BINS_MOST);
    timeline->until_ns = MAX(log->until_ns, 1);
    timeline->width_ns = window_width((timeline->until_ns + (time_ns)wanted - 1) / (time_ns)wanted);
    size_t count = (size_t)(timeline->until_ns / timeline->width_ns) + 1;
    for (size_t i = 0; i < count; i++)
        vector_push(&timeline->bins,
                    (struct bin){.first_ns = TIME_NEVER, .two_thirds_ns = TIME_NEVER, .last_ns = TIME_NEVER});
    for (size_t i = 0; i < log->blocks.count; i++) {
        const struct block_entry *block = &log->blocks.at[i];
        struct bin *bin = &timeline->bins.at[block->proposed_ns / timeline->width_ns];
        bin->on_main += block->on_main;
        bin->off_main += !block->on_main;
        if (!block->on_main)
            continue;
        bin->not_final += block->first_ns == TIME_NEVER;
        longest(&bin->first_ns, block->first_ns);
        longest(&bin->two_thirds_ns, block->two_thirds_ns);
        longest(&bin->last_ns, block->last_ns);
    }
}

static bool save_bins(const struct timeline *timeline, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "from_s,to_s,main,off_main,not_final,first_s,two_thirds_stake_s,last_s");
    for (size_t i = 0; i < timeline->bins.count; i++) {
        const struct bin *bin = &timeline->bins.at[i];
        time_ns from_ns = (time_ns)i * timeline->width_ns;
        if (from_ns >= timeline->until_ns && i > 0 && bin->on_main + bin->off_main == 0)
            continue;
        sheet_time(&sheet, from_ns);
        sheet_time(&sheet, MIN(from_ns + timeline->width_ns, MAX(timeline->until_ns, from_ns)));
        sheet_number(&sheet, bin->on_main);
        sheet_number(&sheet, bin->off_main);
        sheet_number(&sheet, bin->not_final);
        sheet_time(&sheet, bin->first_ns);
        sheet_time(&sheet, bin->two_thirds_ns);
        sheet_time(&sheet, bin->last_ns);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "forks_and_finality", error);
}

static bool save_facts(const struct timeline *timeline, const struct fault_periods *periods,
                       const struct figure_source *source, const char *folder, GError **error)
{
    struct bin sum = {.first_ns = TIME_NEVER, .last_ns = TIME_NEVER};
    time_ns least_ns = TIME_NEVER;
    uint64_t most = 0;
    for (size_t i = 0; i < timeline->bins.count; i++) {
        const struct bin *bin = &timeline->bins.at[i];
        sum.off_main += bin->off_main;
        sum.not_final += bin->not_final;
        most = MAX(most, bin->on_main + bin->off_main);
        longest(&sum.last_ns, bin->last_ns);
        longest(&sum.last_ns, bin->first_ns);
        least_ns = MIN(least_ns, bin->first_ns);
    }
    bool any_final = sum.last_ns != TIME_NEVER;
    time_ns slowest_ns = any_final ? sum.last_ns : 0;
    bool logarithmic = least_ns != TIME_NEVER && least_ns > 0 && slowest_ns / 20 > least_ns;
    struct figure_unit unit = figure_unit(timeline->until_ns), finality = figure_unit(slowest_ns);
    char *note = figure_source_note(source, false);
    struct sheet facts;
    sheet_init(&facts, "note,unit,unit_s,finality_unit,finality_unit_s,logarithmic,width_s,width,until_s,faults,"
                       "off_main,not_final,most,any_final,slowest_s");
    sheet_text(&facts, note);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_text(&facts, finality.name);
    sheet_time(&facts, finality.ns);
    sheet_number(&facts, logarithmic);
    sheet_time(&facts, timeline->width_ns);
    char *text = window_text(timeline->width_ns);
    sheet_text(&facts, text);
    sheet_time(&facts, timeline->until_ns);
    sheet_number(&facts, periods->all.count);
    sheet_number(&facts, sum.off_main);
    sheet_number(&facts, sum.not_final);
    sheet_number(&facts, most);
    sheet_number(&facts, any_final);
    sheet_time(&facts, slowest_ns);
    sheet_end(&facts);
    g_free(text);
    g_free(note);
    return sheet_save(&facts, folder, "forks_and_finality_facts", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct block_log log;
    struct timeline timeline = {0};
    struct fault_periods periods = {0};
    if (!block_log_read(&log, source, &source->runs[0], error))
        return false;
    bool fine = log.blocks.count > 0 || figure_empty(error, "no block was proposed");
    if (fine) {
        fill_bins(&timeline, &log);
        fine = fault_periods_read(&periods, source, &source->runs[0], timeline.until_ns, error) &&
               save_bins(&timeline, folder, error) &&
               fault_periods_save(&periods, timeline.until_ns, folder, "forks_and_finality_faults", error) &&
               save_facts(&timeline, &periods, source, folder, error);
    }
    fault_periods_release(&periods);
    vector_release(&timeline.bins);
    block_log_release(&log);
    return fine;
}

static const char *const sheets[] = {"faults", NULL};

const struct figure figure_forks_and_finality = {
    .name = "forks_and_finality",
    .meaning = "one run over time: blocks on and off the main chain, finality, and the faults",
    .tables = TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_FINALITY) | TABLE_BIT(TABLE_INCIDENTS),
    .sheets = sheets,
    .reduce = reduce,
};
