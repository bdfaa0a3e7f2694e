/* SPDX-License-Identifier: MIT */
/*
 * Each validator's share of the blocks beside its share of the stake, with the band in which it would lie with a
 * probability of 95 % were each block's proposer drawn by stake. Replications are pooled where they have the same
 * validators with the same stakes; otherwise the first is taken.
 */
#include "base/assert.h"
#include "record/binomial.h"
#include "report/block_log.h"
#include "report/figure.h"
#include "report/rows.h"

#include <stdlib.h>

#define TAIL        0.025
#define MOST_POINTS 20000

struct leader {
    validator_id validator;
    bool corrupt;
    stake_amount stake;
    uint64_t led; /* places in which it proposed, whatever the number of blocks */
};

struct leaders {
    VECTOR(struct leader) all; /* by validator */
    stake_amount total;
    uint64_t led;
    size_t runs;
};

static bool read_validators(struct leaders *leaders, const struct figure_source *source, const struct figure_run *run,
                            GError **error)
{
    static const char *const columns[] = {"chain", "validator", "corrupt", "stake", NULL};
    enum { CHAIN, VALIDATOR, CORRUPT, STAKE };
    struct rows *rows = figure_source_rows(run, TABLE_VALIDATORS, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, source->chain)) {
        struct leader leader = {
            .validator = rows_id(rows, VALIDATOR),
            .corrupt = rows_number(rows, CORRUPT) != 0,
            .stake = rows_number(rows, STAKE),
        };
        vector_push(&leaders->all, leader);
        leaders->total += leader.stake;
    }
    return rows_close(rows, error);
}

static int by_validator(const void *first, const void *second)
{
    const struct leader *a = first, *b = second;
    return (a->validator > b->validator) - (a->validator < b->validator);
}

/* The largest stake first. */
static int by_stake(const void *first, const void *second)
{
    const struct leader *a = first, *b = second;
    if (a->stake != b->stake)
        return a->stake > b->stake ? -1 : 1;
    return by_validator(first, second);
}

static bool count_blocks(struct leaders *leaders, const struct figure_source *source, const struct figure_run *run,
                         GError **error)
{
    struct block_log log;
    if (!block_log_read(&log, source, run, error))
        return false;
    for (size_t i = 0; i < log.blocks.count; i++) {
        const struct block_entry *block = &log.blocks.at[i];
        struct leader key = {.validator = block->proposer};
        struct leader *leader = leaders->all.count == 0
                                    ? NULL
                                    : bsearch(&key, leaders->all.at, leaders->all.count, sizeof key, by_validator);
        if (!leader || block->variant != 0 || block->proposed_ns < source->warmup_ns)
            continue;
        leader->led++;
        leaders->led++;
    }
    block_log_release(&log);
    return true;
}

static bool same_stakes(const struct leaders *a, const struct leaders *b)
{
    bool same = a->all.count == b->all.count;
    for (size_t i = 0; i < a->all.count && same; i++)
        same = a->all.at[i].validator == b->all.at[i].validator && a->all.at[i].stake == b->all.at[i].stake;
    return same;
}

static bool read_run(struct leaders *leaders, const struct figure_source *source, const struct figure_run *run,
                     GError **error)
{
    *leaders = (struct leaders){.runs = 1};
    if (!read_validators(leaders, source, run, error))
        return false;
    if (leaders->all.count)
        qsort(leaders->all.at, leaders->all.count, sizeof *leaders->all.at, by_validator);
    return count_blocks(leaders, source, run, error);
}

/* Adds the runs after the first, while all have the stakes of the first; false where one has others. */
static bool pool(struct leaders *sum, const struct figure_source *source, GError **error)
{
    bool same = true;
    for (size_t r = 1; r < source->run_count && same; r++) {
        struct leaders more;
        same = read_run(&more, source, &source->runs[r], error) && same_stakes(sum, &more);
        for (size_t i = 0; i < sum->all.count && same; i++)
            sum->all.at[i].led += more.all.at[i].led;
        sum->led += same ? more.led : 0;
        sum->runs += same;
        vector_release(&more.all);
    }
    return same;
}

struct placed {
    double stake_share, leader_share, low, high; /* in % */
    const char *place;
};

static struct placed place(const struct leaders *leaders, const struct leader *leader)
{
    struct binomial_band band = binomial_band(leaders->led, leader->stake, leaders->total, TAIL);
    double percent = 100.0 / (double)leaders->led;
    return (struct placed){
        .stake_share = 100.0 * (double)leader->stake / (double)leaders->total,
        .leader_share = percent * (double)leader->led,
        .low = percent * (double)band.low,
        .high = percent * (double)band.high,
        .place = leader->led > band.high  ? "above"
                 : leader->led < band.low ? "below"
                                          : "inside",
    };
}

struct extent {
    double lowest, highest; /* of bands and shares, in %, those of 0 apart */
    bool none;              /* somebody has no block, or need not have one */
    size_t outside;
};

static void widen(struct extent *extent, const struct placed *placed)
{
    const double shares[] = {placed->leader_share, placed->low, placed->high, placed->stake_share};
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        extent->highest = MAX(extent->highest, shares[i]);
        if (shares[i] > 0)
            extent->lowest = MIN(extent->lowest, shares[i]);
    }
    extent->none |= placed->leader_share <= 0 || placed->low <= 0;
    extent->outside += placed->place[0] != 'i';
}

/* Ranks count from 1. Of very many validators every k-th is shown, and all that lie outside their band. */
static struct extent add_points(const struct leaders *leaders, struct sheet *sheet)
{
    struct extent extent = {.lowest = 100};
    size_t every = (leaders->all.count + MOST_POINTS - 1) / MOST_POINTS;
    for (size_t i = 0; i < leaders->all.count; i++) {
        const struct leader *leader = &leaders->all.at[i];
        struct placed placed = place(leaders, leader);
        widen(&extent, &placed);
        if ((i % every != 0 && placed.place[0] == 'i') || sheet->rows == SHEET_ROWS)
            continue;
        sheet_number(sheet, i + 1);
        sheet_number(sheet, leader->validator);
        sheet_real(sheet, placed.stake_share);
        sheet_real(sheet, placed.leader_share);
        sheet_real(sheet, placed.low);
        sheet_real(sheet, placed.high);
        sheet_text(sheet, placed.place);
        sheet_number(sheet, leader->corrupt);
        sheet_end(sheet);
    }
    return extent;
}

/* Where a logarithmic axis begins: a quarter of a block, where none must have a place, or what is least. */
static double foot(const struct leaders *leaders, const struct extent *extent)
{
    return extent->none ? 25.0 / (double)leaders->led : extent->lowest;
}

/* Stakes that differ by a factor of less than this are drawn by rank, since they would all lie in one place. */
#define SPREAD_LEAST 3

static bool save_facts(const struct leaders *leaders, const struct figure_source *source, const struct extent *extent,
                       const char *folder, GError **error)
{
    const struct leader *largest = &leaders->all.at[0], *least = &leaders->all.at[leaders->all.count - 1];
    while (least > largest && least->stake == 0)
        least--;
    char *note = figure_source_note(source, leaders->runs > 1);
    struct sheet facts;
    sheet_init(&facts, "note,by_rank,validators,outside,blocks,least,largest,foot,highest,none");
    sheet_text(&facts, note);
    sheet_number(&facts, largest->stake / SPREAD_LEAST < least->stake);
    sheet_number(&facts, leaders->all.count);
    sheet_number(&facts, extent->outside);
    sheet_number(&facts, leaders->led);
    sheet_real(&facts, 100.0 * (double)least->stake / (double)leaders->total);
    sheet_real(&facts, 100.0 * (double)largest->stake / (double)leaders->total);
    sheet_real(&facts, foot(leaders, extent));
    sheet_real(&facts, extent->highest);
    sheet_number(&facts, extent->none);
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "leader_share_facts", error);
}

static bool save(struct leaders *leaders, const struct figure_source *source, const char *folder, GError **error)
{
    if (leaders->led == 0 || leaders->total == 0)
        return figure_empty(error, "no validator has proposed a block%s", figure_counted(source));
    if (leaders->all.count == 1)
        return figure_empty(error, "the only validator makes every block, so there are no shares to compare");
    qsort(leaders->all.at, leaders->all.count, sizeof *leaders->all.at, by_stake);
    struct sheet sheet;
    sheet_init(&sheet, "rank,validator,stake_share,leader_share,low,high,place,corrupt");
    struct extent extent = add_points(leaders, &sheet);
    return sheet_save(&sheet, folder, "leader_share", error) && save_facts(leaders, source, &extent, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct leaders leaders;
    GError *failed = NULL;
    bool fine = read_run(&leaders, source, &source->runs[0], error);
    if (fine && !pool(&leaders, source, &failed)) {
        vector_release(&leaders.all);
        fine = failed == NULL && read_run(&leaders, source, &source->runs[0], error);
        if (failed)
            g_propagate_error(error, failed);
    }
    fine = fine && save(&leaders, source, folder, error);
    vector_release(&leaders.all);
    return fine;
}

const struct figure figure_leader_share = {
    .name = "leader_share",
    .meaning = "each validator's share of blocks beside its share of stake, with the band to expect",
    .tables = TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_VALIDATORS),
    .pooled = true,
    .reduce = reduce,
};
