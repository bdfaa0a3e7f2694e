/* SPDX-License-Identifier: MIT */
#include "experiment/shares.h"

#include "base/vector.h"
#include "experiment/root.h"
#include "experiment/run.h"

#include <string.h>

/* Where the value of a column is. */
struct share_place {
    uint32_t share; /* ID_NONE: the point has no such set */
    bool of_stake;
};

struct share_columns {
    const struct scenario *scenario;
    bool vary;
    GPtrArray *names, *meanings;
    struct share_place *places; /* by column, at `point` */
    uint64_t point;
};

bool shares_vary(const struct scenario *scenario)
{
    static const char *const parts[] = {"adversary", "behaviours", "extends", "faults"};
    struct scenario_swept keys[SWEEP_MOST_KEYS];
    size_t count = scenario_swept(scenario, keys, G_N_ELEMENTS(keys));
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
            if (g_str_has_prefix(keys[k].path, parts[i]))
                return true;
    return false;
}

struct world_share *shares_at(const struct scenario *scenario, uint64_t point, uint32_t *count)
{
    *count = 0;
    if (!shares_vary(scenario))
        return world_shares_asked(root_world(scenario_values(scenario)), count);
    struct scenario *one = run_scenario_at(scenario, point, NULL);
    if (!one)
        return NULL;
    struct world_share *shares = world_shares_asked(root_world(scenario_values(one)), count);
    for (uint32_t s = 0; s < *count; s++)
        shares[s].name = g_intern_string(shares[s].name); /* the point's own text goes with it */
    scenario_free(one);
    return shares;
}

/* A name that a user may have chosen, as part of a column's; g_free it. */
static char *plain(const char *name)
{
    char *copy = g_strdup(name);
    for (char *at = copy; *at; at++)
        *at = g_ascii_isalnum(*at) ? g_ascii_tolower(*at) : '_';
    return copy;
}

/* The name of a column; g_free it. */
static char *name_of(const struct world_share *share, uint32_t number, bool of_stake)
{
    char *called = plain(share->name), *name;
    char *side = share->side ? g_strdup_printf("_side_%u", share->side) : g_strdup("");
    if (share->fault == ID_NONE)
        name = g_strdup_printf("share_%u_%s", number, called);
    else
        name = g_strdup_printf("fault_%u_%s%s_%s_share", share->fault, called, side, of_stake ? "stake" : "node");
    g_free(side);
    g_free(called);
    return name;
}

/* What it is, in words; g_free it. */
static char *meaning_of(const struct world_share *share, bool of_stake)
{
    if (share->fault == ID_NONE)
        return g_strdup_printf("share of the stake that the adversary %s controls", share->name);
    char *side = share->side ? g_strdup_printf("on side %u of", share->side) : g_strdup("hit by");
    char *meaning = g_strdup_printf("share of the %s %s fault %u, %s", of_stake ? "stake at nodes" : "nodes", side,
                                    share->fault, share->name);
    g_free(side);
    return meaning;
}

/* The columns of one point: each is found, or added, and gets its place. */
static void turn_to(struct share_columns *columns, uint64_t point)
{
    uint32_t count;
    struct world_share *shares = shares_at(columns->scenario, point, &count);
    for (guint c = 0; c < columns->names->len; c++)
        columns->places[c].share = ID_NONE;
    for (uint32_t s = 0; s < MIN(count, RUN_SHARES_MOST); s++)
        for (int of_stake = shares[s].fault == ID_NONE; of_stake <= 1; of_stake++) {
            char *name = name_of(&shares[s], s, of_stake);
            guint column;
            if (!g_ptr_array_find_with_equal_func(columns->names, name, g_str_equal, &column)) {
                column = columns->names->len;
                g_ptr_array_add(columns->names, g_strdup(name));
                g_ptr_array_add(columns->meanings, meaning_of(&shares[s], of_stake));
                columns->places = g_renew(struct share_place, columns->places, columns->names->len);
            }
            columns->places[column] = (struct share_place){s, of_stake};
            g_free(name);
        }
    columns->point = point;
    g_free(shares);
}

struct share_columns *share_columns_new(const struct scenario *scenario)
{
    struct share_columns *columns = g_new0(struct share_columns, 1);
    columns->scenario = scenario;
    columns->vary = shares_vary(scenario);
    columns->names = g_ptr_array_new_with_free_func(g_free);
    columns->meanings = g_ptr_array_new_with_free_func(g_free);
    uint64_t points = columns->vary ? scenario_points(scenario) : 1;
    for (uint64_t point = 0; point < points; point++)
        if (!columns->vary || scenario_has_point(scenario, point))
            turn_to(columns, point);
    return columns;
}

void share_columns_free(struct share_columns *columns)
{
    if (!columns)
        return;
    g_ptr_array_unref(columns->names);
    g_ptr_array_unref(columns->meanings);
    g_free(columns->places);
    g_free(columns);
}

size_t share_columns_count(const struct share_columns *columns)
{
    return columns->names->len;
}

const char *share_columns_name(const struct share_columns *columns, size_t column)
{
    return columns->names->pdata[column];
}

const char *share_columns_meaning(const struct share_columns *columns, size_t column)
{
    return columns->meanings->pdata[column];
}

struct ratio share_columns_value(struct share_columns *columns, const struct run_record *record, size_t column)
{
    if (columns->vary && columns->point != record->job.point)
        turn_to(columns, record->job.point);
    struct share_place place = columns->places[column];
    if (place.share >= record->shares.count)
        return (struct ratio){0, 0};
    const struct realised_share *share = &record->shares.realised[place.share];
    return place.of_stake ? (struct ratio){share->stake, share->stake_total}
                          : (struct ratio){share->units, share->units_total};
}
