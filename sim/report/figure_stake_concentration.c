/* SPDX-License-Identifier: MIT */
/*
 * How concentrated stake is over the course of one run: the Gini and the Nakamoto coefficient after each block of the
 * main chain that changed a stake, by the same rules as the metrics (who is jailed counts as holding nothing).
 */
#include "base/concentration.h"
#include "report/block_log.h"
#include "report/fault_periods.h"
#include "report/figure.h"
#include "report/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MOST 2000
#define WORK_MOST   200000000 /* stakes looked at over all points */

enum holder { HOLDER_VALIDATOR, HOLDER_NODE, HOLDER_REGION };
static const char *const holders[] = {"validator", "node", "region", NULL};

struct concentration_params {
    struct figure_common common;
    int by;
};

static const struct param params[] = {
    FIGURE_COMMON_PARAMS(struct concentration_params),
    {.key = "by",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct concentration_params, by),
     .by_default = "validator",
     .choices = holders,
     .meaning = "who counts as one holder: a validator, or all of a node or region together"},
};
static const struct param_table table =
    PARAM_TABLE("stake_concentration", "how concentrated stake is over time", struct concentration_params, params);

struct validator {
    validator_id id;
    uint32_t holder;
    stake_amount stake;
    bool jailed;
};

struct change {
    block_id block;
    uint32_t order; /* in the table */
    validator_id validator;
    stake_amount after;
    bool jailed;
};

struct point {
    time_ns at_ns;
    uint64_t gini; /* in billionths */
    uint32_t nakamoto;
};

struct concentration {
    const struct figure_source *source;
    const struct figure_run *run;
    struct block_log log;
    struct fault_periods faults;
    VECTOR(struct validator) validators; /* by id */
    VECTOR(struct change) changes;       /* by block, then in the order of the table */
    VECTOR(struct point) points;
    stake_amount *held;
    uint32_t holder_count;
};

static int by_id(const void *first, const void *second)
{
    const struct validator *a = first, *b = second;
    return (a->id > b->id) - (a->id < b->id);
}

/* The number of a holder by what the table calls it, counted as they come. */
static uint32_t holder_of(struct concentration *all, GHashTable *known, const char *name)
{
    gpointer number;
    if (g_hash_table_lookup_extended(known, name, NULL, &number))
        return GPOINTER_TO_UINT(number);
    g_hash_table_insert(known, g_strdup(name), GUINT_TO_POINTER(all->holder_count));
    return all->holder_count++;
}

static bool read_validators(struct concentration *all, enum holder by, GError **error)
{
    static const char *const columns[] = {"chain", "validator", "stake", "node", "region", NULL};
    enum { CHAIN, VALIDATOR, STAKE, NODE, REGION };
    static const size_t named_by[] = {VALIDATOR, NODE, REGION};
    struct rows *rows = figure_source_rows(all->run, TABLE_VALIDATORS, columns, error);
    if (!rows)
        return false;
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    while (rows_next_where(rows, CHAIN, all->source->chain)) {
        struct validator validator = {.id = rows_id(rows, VALIDATOR),
                                      .holder = holder_of(all, known, rows_text(rows, named_by[by])),
                                      .stake = rows_number(rows, STAKE)};
        vector_push(&all->validators, validator);
    }
    g_hash_table_unref(known);
    if (all->validators.count)
        qsort(all->validators.at, all->validators.count, sizeof *all->validators.at, by_id);
    return rows_close(rows, error);
}

static int by_block(const void *first, const void *second)
{
    const struct change *a = first, *b = second;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static bool read_changes(struct concentration *all, GError **error)
{
    static const char *const columns[] = {"chain", "block", "validator", "after", "jailed", "applied", NULL};
    enum { CHAIN, BLOCK, VALIDATOR, AFTER, JAILED, APPLIED };
    struct rows *rows = figure_source_rows(all->run, TABLE_STAKE, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, all->source->chain)) {
        if (rows_number(rows, APPLIED) == 0)
            continue;
        struct change change = {.block = rows_id(rows, BLOCK),
                                .order = (uint32_t)all->changes.count,
                                .validator = rows_id(rows, VALIDATOR),
                                .after = rows_number(rows, AFTER),
                                .jailed = rows_number(rows, JAILED) != 0};
        vector_push(&all->changes, change);
    }
    if (all->changes.count)
        qsort(all->changes.at, all->changes.count, sizeof *all->changes.at, by_block);
    return rows_close(rows, error);
}

static void add_point(struct concentration *all, time_ns at_ns)
{
    static const struct ratio third = {1, 3};
    memset(all->held, 0, all->holder_count * sizeof *all->held);
    for (size_t i = 0; i < all->validators.count; i++)
        if (!all->validators.at[i].jailed)
            all->held[all->validators.at[i].holder] += all->validators.at[i].stake;
    struct point point = {at_ns, gini_coefficient(all->held, all->holder_count),
                          nakamoto_coefficient(all->held, all->holder_count, third)};
    vector_push(&all->points, point);
}

/* Whether the block changed a stake; carries its changes out. */
static bool apply(struct concentration *all, block_id block)
{
    struct change wanted = {.block = block};
    size_t from = 0, to = all->changes.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (by_block(&all->changes.at[middle], &wanted) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    bool any = false;
    for (; from < all->changes.count && all->changes.at[from].block == block; from++) {
        const struct change *change = &all->changes.at[from];
        struct validator key = {.id = change->validator};
        struct validator *validator = bsearch(&key, all->validators.at, all->validators.count, sizeof key, by_id);
        if (!validator)
            continue;
        any |= validator->stake != change->after || validator->jailed != change->jailed;
        validator->stake = change->after;
        validator->jailed = change->jailed;
    }
    return any;
}

/* Of very many changes every k-th is shown, and the last. */
static void follow(struct concentration *all)
{
    size_t count, since = 0;
    struct figure_source whole = *all->source;
    whole.warmup_ns = 0;
    const struct block_entry **chain = block_log_main(&all->log, &whole, &count);
    size_t points_most = (size_t)CLAMP(WORK_MOST / MAX(all->validators.count, 1), 2, POINTS_MOST);
    size_t every = (MIN(all->changes.count, count) + points_most - 1) / points_most;
    all->held = g_new0(stake_amount, all->holder_count + 1);
    add_point(all, 0);
    for (size_t i = 0; i < count; i++) {
        since += apply(all, chain[i]->id);
        if (since >= MAX(every, 1) || (since > 0 && i + 1 == count)) {
            add_point(all, chain[i]->proposed_ns);
            since = 0;
        }
    }
    g_free(chain);
}

static bool save_points(const struct concentration *all, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "at_s,gini,nakamoto");
    for (size_t i = 0; i <= all->points.count; i++) {
        const struct point *point = &all->points.at[MIN(i, all->points.count - 1)];
        sheet_time(&sheet, i < all->points.count ? point->at_ns : MAX(all->log.until_ns, point->at_ns));
        sheet_real(&sheet, (double)point->gini / (double)GINI_ONE);
        sheet_number(&sheet, point->nakamoto);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "stake_concentration", error);
}

static bool save_facts(const struct concentration *all, enum holder by, const char *folder, GError **error)
{
    static const char *const plural[] = {"validators", "nodes", "regions"};
    uint64_t least = UINT64_MAX, most = 0;
    uint32_t fewest = UINT32_MAX, greatest = 0;
    for (size_t i = 0; i < all->points.count; i++) {
        least = MIN(least, all->points.at[i].gini);
        most = MAX(most, all->points.at[i].gini);
        fewest = MIN(fewest, all->points.at[i].nakamoto);
        greatest = MAX(greatest, all->points.at[i].nakamoto);
    }
    struct axis gini =
        axis_of((double)least / (double)GINI_ONE, (double)most / (double)GINI_ONE, INFINITY, AXIS_LINEAR);
    struct figure_unit unit = figure_unit(MAX(all->log.until_ns, 1));
    char *note = figure_source_note(all->source, false);
    struct sheet facts;
    sheet_init(&facts, "note,unit,unit_s,until_s,holders,gini_from,gini_to,gini_log,fewest,greatest,faults");
    sheet_text(&facts, note);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_time(&facts, MAX(all->log.until_ns, 1));
    sheet_text(&facts, plural[by]);
    sheet_axis(&facts, &gini);
    sheet_number(&facts, fewest);
    sheet_number(&facts, greatest);
    sheet_number(&facts, all->faults.all.count);
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "stake_concentration_facts", error);
}

static bool has_changed(const struct concentration *all, GError **error)
{
    if (all->points.count > 1)
        return true;
    const struct point *point = &all->points.at[0];
    return figure_empty(error,
                        "no block of the main chain changed a stake: Gini coefficient %.3f, Nakamoto coefficient %u "
                        "throughout",
                        (double)point->gini / (double)GINI_ONE, point->nakamoto);
}

static bool save(struct concentration *all, enum holder by, const char *folder, GError **error)
{
    bool fine = !figure_source_run_has(all->run, TABLE_INCIDENTS) ||
                fault_periods_read(&all->faults, all->source, all->run, MAX(all->log.until_ns, 1), error);
    return fine && save_points(all, folder, error) &&
           fault_periods_save(&all->faults, MAX(all->log.until_ns, 1), folder, "stake_concentration_faults", error) &&
           save_facts(all, by, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    enum holder by = (enum holder)((const struct concentration_params *)source->params)->by;
    struct concentration all = {.source = source, .run = &source->runs[0]};
    if (!block_log_read(&all.log, source, all.run, error))
        return false;
    bool fine = read_validators(&all, by, error) && read_changes(&all, error) &&
                (all.validators.count > 0 || figure_empty(error, "there is no validator"));
    if (fine)
        follow(&all);
    fine = fine && has_changed(&all, error) && save(&all, by, folder, error);
    vector_release(&all.validators);
    vector_release(&all.changes);
    vector_release(&all.points);
    g_free(all.held);
    fault_periods_release(&all.faults);
    block_log_release(&all.log);
    return fine;
}

static const char *const sheets[] = {"faults", NULL};

const struct figure figure_stake_concentration = {
    .name = "stake_concentration",
    .meaning = "one run over time: how concentrated stake is, by its Gini and Nakamoto coefficients",
    .tables = TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_VALIDATORS) | TABLE_BIT(TABLE_STAKE),
    .quiet = true, /* stakes rarely change */
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
