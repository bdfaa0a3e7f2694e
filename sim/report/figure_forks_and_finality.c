/* SPDX-License-Identifier: MIT */
/*
 * The course of one run: in equal stretches of time, the blocks proposed on the main chain and off it, and the longest
 * that any of the main chain's took to be final; with the faults of the run. Whole runs are shown, warm-up included.
 */
#include "base/decimal.h"
#include "report/block_log.h"
#include "report/figure.h"
#include "report/rows.h"

#include <string.h>

#define BINS_MOST    100
#define BLOCKS_A_BIN 4
#define FAULTS_MOST  1000
#define FEWEST_BINS  10

struct bin {
    uint64_t on_main, off_main, not_final;
    time_ns first_ns, two_thirds_ns, last_ns; /* longest; TIME_NEVER: no block has it */
};

struct timeline {
    VECTOR(struct bin) bins;
    time_ns width_ns, until_ns;
};

struct fault_period {
    char *name;
    time_ns from_ns, until_ns; /* equal: it has no length */
};

struct fault_periods {
    VECTOR(struct fault_period) all;
};

/* The least width not below `least_ns` that is easily said: 1, 2, 5 times a power of ten, or a part of an hour or day.
 */
static time_ns round_width(time_ns least_ns)
{
    static const time_ns easy[] = {
        SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 20 * SECOND, 30 * SECOND,
        MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE, 30 * MINUTE,
        HOUR,   2 * HOUR,   3 * HOUR,   6 * HOUR,    12 * HOUR,
    };
    static const int factors[] = {1, 2, 5};
    for (size_t i = 0; i < G_N_ELEMENTS(easy) && least_ns > SECOND / 2; i++)
        if (easy[i] >= least_ns)
            return easy[i];
    for (time_ns power = least_ns > SECOND / 2 ? DAY : 1;; power *= 10)
        for (size_t i = 0; i < G_N_ELEMENTS(factors); i++)
            if (factors[i] * power >= least_ns)
                return factors[i] * power;
}

/* In the largest unit of which it is a whole number. */
static char *width_text(time_ns width_ns)
{
    static const struct figure_unit units[] = {{"d", DAY}, {"h", HOUR}, {"min", MINUTE}, {"s", SECOND}};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++)
        if (width_ns % units[i].ns == 0)
            return width_ns == units[i].ns
                       ? g_strdup(units[i].name)
                       : g_strdup_printf("%" G_GINT64_FORMAT " %s", width_ns / units[i].ns, units[i].name);
    char decimal[DECIMAL_SIZE];
    return g_strdup_printf("%s ms", decimal_print(decimal, (double)width_ns / (double)MILLISECOND, 6));
}

static void longest(time_ns *at, time_ns time)
{
    if (time != TIME_NEVER)
        *at = *at == TIME_NEVER ? time : MAX(*at, time);
}

static void fill_bins(struct timeline *timeline, const struct block_log *log)
{
    uint64_t wanted = CLAMP(log->blocks.count / BLOCKS_A_BIN, FEWEST_BINS, BINS_MOST);
    timeline->until_ns = MAX(log->until_ns, 1);
    timeline->width_ns = round_width((timeline->until_ns + (time_ns)wanted - 1) / (time_ns)wanted);
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

/* The end of the period of that name that began last and has none yet. */
static void end_period(struct fault_periods *periods, const char *name, time_ns at_ns)
{
    for (size_t i = periods->all.count; i-- > 0;) {
        struct fault_period *period = &periods->all.at[i];
        if (period->until_ns == TIME_NEVER && strcmp(period->name, name) == 0) {
            period->until_ns = at_ns;
            return;
        }
    }
}

static bool read_incidents(const struct timeline *timeline, struct fault_periods *periods,
                           const struct figure_source *source, GError **error)
{
    static const char *const columns[] = {"at_s", "kind", "name", "detail", "chain", NULL};
    enum { AT, KIND, NAME, DETAIL, CHAIN };
    char *path = figure_source_path(&source->runs[0], TABLE_INCIDENTS);
    struct rows *rows = rows_open(path, columns, error);
    g_free(path);
    if (!rows)
        return false;
    while (rows_next(rows)) {
        time_ns at_ns = CLAMP(rows_time(rows, AT), 0, timeline->until_ns);
        chain_id chain = rows_id(rows, CHAIN);
        const char *name = rows_text(rows, rows_missing(rows, NAME) ? DETAIL : NAME);
        if (chain != ID_NONE && chain != source->chain)
            continue;
        if (rows_equal(rows, KIND, "fault_begins") && periods->all.count < FAULTS_MOST)
            vector_push(&periods->all, (struct fault_period){g_strdup(name), at_ns, TIME_NEVER});
        else if (rows_equal(rows, KIND, "fault_ends"))
            end_period(periods, name, at_ns);
    }
    return rows_close(rows, error);
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

/* A period without an end lasts until the run ends. */
static bool save_periods(const struct fault_periods *periods, time_ns until_ns, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "from_s,to_s,name");
    for (size_t i = 0; i < periods->all.count; i++) {
        const struct fault_period *period = &periods->all.at[i];
        sheet_time(&sheet, period->from_ns);
        sheet_time(&sheet, MIN(period->until_ns, until_ns));
        sheet_text(&sheet, period->name);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "forks_and_finality_faults", error);
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
    char *text = width_text(timeline->width_ns);
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
        fine = read_incidents(&timeline, &periods, source, error) && save_bins(&timeline, folder, error) &&
               save_periods(&periods, timeline.until_ns, folder, error) &&
               save_facts(&timeline, &periods, source, folder, error);
    }
    for (size_t i = 0; i < periods.all.count; i++)
        g_free(periods.all.at[i].name);
    vector_release(&periods.all);
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
