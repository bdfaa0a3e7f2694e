/* SPDX-License-Identifier: MIT */
#include "report/spread.h"

#include "base/statistics.h"

#include <math.h>
#include <string.h>

static void add_point(struct spread_group *group, const struct run_values *runs, const struct estimate *estimate)
{
    group->values = g_renew(double, group->values, group->count + runs->all.count + 1);
    if (runs->all.count)
        memcpy(group->values + group->count, runs->all.at, runs->all.count * sizeof *runs->all.at);
    group->count += runs->all.count;
    group->missing += runs->missing;
    group->points++;
    bool alone = group->points == 1;
    group->mean = alone ? estimate->mean : NAN;
    group->low = alone ? estimate->low : NAN;
    group->high = alone ? estimate->high : NAN;
    g_strlcpy(group->method, alone ? estimate->method : "", sizeof group->method);
}

/* One group for each x and style, in that order; some stay empty. Sets the most runs that a point has. */
static struct spread_group *gather(const struct sweep_keys *keys, const struct run_values *runs,
                                   const struct estimate *estimates, size_t *most)
{
    struct spread_group *groups = g_new0(struct spread_group, keys->x_count * keys->by_count);
    for (size_t point = 0; point < keys->view->table.points.count; point++) {
        size_t x = sweep_keys_x_level(keys, point), style = sweep_keys_style(keys, point);
        if (!keys->view->shown[point] || x == NO_LEVEL || style == NO_LEVEL || runs[point].all.count == 0)
            continue;
        struct spread_group *group = &groups[x * keys->by_count + style];
        group->x = x;
        group->style = style;
        add_point(group, &runs[point], &estimates[point]);
        *most = MAX(*most, runs[point].all.count);
    }
    return groups;
}

static void take(struct spread *spread, struct spread_group *group)
{
    statistics_sort(group->values, group->count);
    if (isnan(group->mean))
        group->mean = statistics_mean(group->values, group->count);
    const double ends[] = {group->values[0], group->values[group->count - 1], group->low, group->high};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (!isnan(ends[i])) {
            spread->least = MIN(spread->least, ends[i]);
            spread->most = MAX(spread->most, ends[i]);
        }
    size_t first = 0;
    while (first < group->count && group->values[first] <= 0)
        first++;
    if (first < group->count)
        spread->positive = MIN(spread->positive, group->values[first]);
    sweep_basis_add(&spread->basis, group->count, group->method);
    vector_push(&spread->groups, *group);
}

bool spread_read(struct spread *spread, const struct sweep_keys *keys, const char *metric, GError **error)
{
    *spread = (struct spread){.keys = keys, .least = INFINITY, .most = -INFINITY, .positive = INFINITY};
    const struct sweep_table *table = &keys->view->table;
    struct run_values *runs = sweep_table_runs(table, metric, error);
    struct estimate *estimates = runs ? sweep_table_estimates(table, metric, error) : NULL;
    if (estimates) {
        struct spread_group *groups = gather(keys, runs, estimates, &spread->most_replications);
        for (size_t i = 0; i < keys->x_count * keys->by_count; i++)
            if (groups[i].count)
                take(spread, &groups[i]);
        g_free(groups);
    }
    sweep_table_runs_free(table, runs);
    bool fine =
        estimates && (spread->groups.count > 0 || sweep_refuse(error, "no run shown has a value of `%s`", metric));
    g_free(estimates);
    if (fine)
        spread->scale = scale_rounded(sweep_outcome_unit(metric), MAX(fabs(spread->least), fabs(spread->most)));
    else
        spread_release(spread);
    return fine;
}

void spread_release(struct spread *spread)
{
    for (size_t i = 0; i < spread->groups.count; i++)
        g_free(spread->groups.at[i].values);
    vector_release(&spread->groups);
}

double spread_quantile(const struct spread_group *group, double share)
{
    return statistics_quantile(group->values, group->count, share);
}
