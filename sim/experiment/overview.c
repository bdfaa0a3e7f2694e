/* SPDX-License-Identifier: MIT */
#include "experiment/overview.h"

#include <string.h>

enum {
    POINTS_COUNTED = 10000000,
    SEARCH_US = 50000, /* that one refresh spends on runs whose number has changed */
};

/* A run whose number is not the one that it had when it was carried out, or that is of no point of the plan. */
struct stray {
    struct run_id id;
    uint32_t replication;
    bool fine;
    struct metric_sample metrics[OVERVIEW_METRICS_MOST + 1]; /* the last is the rule's */
    struct series_mean series[METRIC_SERIES];
};

struct overview {
    const struct scenario *scenario;
    enum metric_id metrics[OVERVIEW_METRICS_MOST + 1]; /* the last is the rule's */
    size_t metric_count;
    bool has_rule;
    struct stop_rule rule;
    uint32_t first_asked;
    struct journal_index *index;
    struct run_ids *ids;
    uint64_t points; /* of the plan */
    VECTOR(struct overview_point) begun;
    bool ordered;                              /* `begun` is, by number */
    GHashTable *places;                        /* in it, by number */
    uint64_t over, failed, asked, done_points; /* asked: of the points begun */
    GHashTable *strays;                        /* struct stray by its id, both in one */
    uint64_t searched;                         /* points before it have been looked through for them */
    uint32_t replications;                     /* one more than the largest of theirs */
};

struct overview *overview_new(const char *folder, const struct root *root, const struct scenario *scenario,
                              const enum metric_id *shown, size_t shown_count)
{
    const struct experiment_settings *settings = root_experiment(root, scenario_values(scenario));
    struct overview *overview = g_new0(struct overview, 1);
    overview->scenario = scenario;
    overview->metric_count = MIN(shown_count, OVERVIEW_METRICS_MOST);
    memcpy(overview->metrics, shown, overview->metric_count * sizeof *shown);
    overview->has_rule = plan_stop_rule(settings, &overview->rule, &overview->first_asked);
    overview->metrics[OVERVIEW_METRICS_MOST] =
        overview->has_rule ? (enum metric_id)settings->replicate.until.metric : METRICS;
    overview->index = journal_index_open((const char *const[]){folder, NULL});
    overview->ids = run_ids_new(root, scenario);
    overview->points = scenario_count_points(scenario, POINTS_COUNTED);
    overview->ordered = true;
    overview->places = g_hash_table_new(NULL, NULL);
    overview->strays = g_hash_table_new_full(run_id_hash, run_id_equal, g_free, NULL);
    return overview;
}

static void release_point(struct overview_point *point)
{
    for (size_t m = 0; m < OVERVIEW_METRICS_MOST; m++)
        running_mean_release(&point->metrics[m]);
    running_mean_release(&point->state.estimate);
    vector_release(&point->runs);
}

void overview_free(struct overview *overview)
{
    if (!overview)
        return;
    for (size_t p = 0; p < overview->begun.count; p++)
        release_point(&overview->begun.at[p]);
    vector_release(&overview->begun);
    g_hash_table_unref(overview->places);
    g_hash_table_unref(overview->strays);
    run_ids_free(overview->ids);
    journal_index_free(overview->index);
    g_free(overview);
}

/* Points. */

bool overview_point_is_done(const struct overview_point *point)
{
    return point->closed && point->fine + point->failed >= point->asked;
}

static gpointer key_of(uint64_t number)
{
    return (gpointer)(uintptr_t)number;
}

/* The place of a point among those begun, which it joins if need be, at the end. */
static struct overview_point *reach(struct overview *overview, uint64_t number)
{
    gpointer place;
    if (g_hash_table_lookup_extended(overview->places, key_of(number), NULL, &place))
        return &overview->begun.at[(uintptr_t)place];
    struct overview_point point = {.number = number, .asked = overview->first_asked, .closed = !overview->has_rule};
    size_t count = overview->begun.count;
    overview->ordered &= !count || overview->begun.at[count - 1].number < number;
    vector_push(&overview->begun, point);
    g_hash_table_insert(overview->places, key_of(number), key_of(count));
    overview->asked += point.asked;
    return &overview->begun.at[count];
}

static int compare_points(const void *a, const void *b)
{
    const struct overview_point *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Journals tell of points in the order in which runs ended. */
static void put_in_order(struct overview *overview)
{
    if (overview->ordered)
        return;
    qsort(overview->begun.at, overview->begun.count, sizeof *overview->begun.at, compare_points);
    for (size_t p = 0; p < overview->begun.count; p++)
        g_hash_table_insert(overview->places, key_of(overview->begun.at[p].number), key_of(p));
    overview->ordered = true;
}

/* What the rule says to the runs of a point that are over, in the order of replications, as the plan asks it. */
static void decide(struct overview *overview, struct overview_point *point)
{
    while (!point->closed) {
        while (point->settled < MIN(point->asked, point->runs.count) && point->runs.at[point->settled].over)
            point->settled++;
        if (point->settled < point->asked)
            return;
        for (; point->decided < point->asked; point->decided++) {
            point->state.failed += !point->runs.at[point->decided].fine;
            metric_sample_add(&point->runs.at[point->decided].value, &point->state.estimate);
        }
        point->stop = stop_state_decide(&point->state, &overview->rule, point->asked);
        point->closed = point->stop != STOP_NOT_YET;
        if (point->closed)
            return;
        uint32_t more = (uint32_t)stop_rule_next(&overview->rule, point->asked) - point->asked;
        point->asked += more;
        overview->asked += more;
    }
}

/* A run that had failed has come out well: what was decided with it is decided anew. */
static void reconsider(struct overview *overview, struct overview_point *point)
{
    overview->asked -= point->asked - overview->first_asked;
    point->asked = overview->first_asked;
    point->closed = false;
    point->stop = STOP_NOT_YET;
    point->settled = point->decided = 0;
    running_mean_clear(&point->state.estimate);
    point->state.held = 0;
    point->state.failed = 0;
}

/* Where a point has one run, that run's own observations say how well a mean of them is known. */
static void add_value(const struct overview *overview, struct overview_point *point, const struct stray *run, size_t m)
{
    struct running_mean *estimate = &point->metrics[m];
    const struct series_mean *series = &run->series[metrics[overview->metrics[m]].series];
    metric_sample_add(&run->metrics[m], estimate);
    if (!overview->has_rule && overview->first_asked == 1 && series->verdict == STEADY)
        running_mean_take_steady(estimate, series->mean, series_mean_interval(series));
}

static void count(struct overview *overview, struct overview_point *point, const struct stray *run)
{
    struct overview_run none = {.value = metric_sample_none()};
    while (point->runs.count <= run->replication)
        vector_push(&point->runs, none);
    struct overview_run *known = &point->runs.at[run->replication];
    bool again = known->over, was_done = overview_point_is_done(point);
    if (known->fine || (again && !run->fine))
        return; /* nothing is new */
    *known = (struct overview_run){.over = true, .fine = run->fine, .value = run->metrics[OVERVIEW_METRICS_MOST]};
    point->fine += run->fine;
    point->failed += run->fine ? 0 : 1;
    point->failed -= again;
    overview->failed += run->fine ? 0 : 1;
    overview->failed -= again;
    overview->over += !again;
    for (size_t m = 0; run->fine && m < overview->metric_count; m++)
        add_value(overview, point, run, m);
    if (again && overview->has_rule)
        reconsider(overview, point);
    decide(overview, point);
    overview->done_points += overview_point_is_done(point);
    overview->done_points -= was_done;
}

/* Runs. */

static struct stray stray_of(const struct overview *overview, const struct run_id *id, const struct run_record *record)
{
    struct stray stray = {.id = *id, .replication = record->job.replication, .fine = record->status == RUN_FINE};
    for (size_t m = 0; m <= OVERVIEW_METRICS_MOST; m++) {
        bool has = stray.fine && (m < overview->metric_count || (m == OVERVIEW_METRICS_MOST && overview->has_rule));
        stray.metrics[m] = has ? metric_sample_of(&record->values, overview->metrics[m]) : metric_sample_none();
    }
    memcpy(stray.series, record->values.series, sizeof stray.series);
    return stray;
}

/* Without a rule there are so many replications; those beyond are of an experiment that had more. */
static void place(struct overview *overview, uint64_t number, const struct stray *run)
{
    if (overview->has_rule || run->replication < overview->first_asked)
        count(overview, reach(overview, number), run);
}

static bool is_at(struct overview *overview, struct job job, const struct run_id *id)
{
    struct run_id there;
    return scenario_has_point(overview->scenario, job.point) && run_ids_find(overview->ids, job, &there, NULL) &&
           run_id_equal(&there, id);
}

static void take(void *user, const struct run_id *id, const struct run_record *record)
{
    struct overview *overview = user;
    struct stray run = stray_of(overview, id, record);
    if (is_at(overview, record->job, id)) {
        place(overview, record->job.point, &run);
        return;
    }
    g_hash_table_add(overview->strays, g_memdup2(&run, sizeof run));
    overview->searched = 0;
    overview->replications = MAX(overview->replications, run.replication + 1);
}

/* Looks for the places of strays, point by point, for a while. */
static void search(struct overview *overview)
{
    gint64 until_us = g_get_monotonic_time() + SEARCH_US;
    uint64_t places = scenario_points(overview->scenario);
    while (g_hash_table_size(overview->strays) && overview->searched < places && g_get_monotonic_time() < until_us) {
        uint64_t point = scenario_next_point(overview->scenario, overview->searched);
        overview->searched = point + 1;
        struct run_id common;
        if (point >= places || !run_ids_point(overview->ids, point, &common, NULL))
            continue;
        for (uint32_t r = 0; r < overview->replications; r++) {
            struct run_id id = run_id_of(&common, r);
            const struct stray *run = g_hash_table_lookup(overview->strays, &id);
            if (run) {
                place(overview, point, run);
                g_hash_table_remove(overview->strays, &id);
            }
        }
    }
}

bool overview_refresh(struct overview *overview, GError **error)
{
    if (!journal_index_refresh(overview->index, take, overview, error))
        return false;
    search(overview);
    put_in_order(overview);
    return true;
}

/* Questions. */

uint64_t overview_over(const struct overview *overview)
{
    return overview->over;
}

uint64_t overview_failed(const struct overview *overview)
{
    return overview->failed;
}

uint64_t overview_total(const struct overview *overview)
{
    return overview->asked + (overview->points - overview->begun.count) * overview->first_asked;
}

uint64_t overview_points(const struct overview *overview)
{
    return overview->points;
}

uint64_t overview_points_done(const struct overview *overview)
{
    return overview->done_points;
}

const struct overview_point *overview_begun(const struct overview *overview, size_t *count)
{
    *count = overview->begun.count;
    return overview->begun.at;
}
