/* SPDX-License-Identifier: MIT */
#include "experiment/plan.h"

#include "base/assert.h"

#include <string.h>

enum { POINTS_COUNTED = 10000000 };

/* A point that has been reached. */
struct planned {
    uint64_t number;
    uint32_t asked;  /* runs, so far */
    uint32_t looked; /* of these, given away or found done or another's; replications below are */
    uint32_t over;
    bool closed; /* `asked` is final */
    bool mine;
    bool known;   /* `common` is */
    uint8_t stop; /* enum stop_decision */
    struct run_id common;
    struct deciding *deciding; /* with a rule, until it is closed */
};

/* What the rule needs to know of a point. */
struct deciding {
    struct metric_sample *values; /* the metric by replication */
    uint32_t decided;             /* how many of them the state has */
    struct stop_state state;      /* what they say */
};

struct plan {
    struct plan_options options;
    const struct experiment_settings *settings;
    VECTOR(struct planned) points;
    uint64_t next;       /* number of the point to reach next */
    VECTOR(size_t) open; /* indices of the points that are not both closed and given away, in order */
    uint64_t count;      /* of points, as far as it was counted */
    uint64_t over, failed, open_runs;
    struct run_ids *ids;
    bool has_rule;
    struct stop_rule rule;
    uint32_t first_asked;
};

uint64_t plan_count_points(const struct scenario *scenario, uint64_t most)
{
    uint64_t places = scenario_points(scenario), count = 0;
    if (places > most)
        return UINT64_MAX;
    for (uint64_t place = 0; place < places; place++)
        count += scenario_has_point(scenario, place);
    return count;
}

struct plan *plan_new(const struct plan_options *options)
{
    REQUIRE(options->shard < options->shards);
    struct plan *plan = g_new0(struct plan, 1);
    plan->options = *options;
    plan->settings = root_experiment(options->root, scenario_values(options->scenario));
    plan->count = plan_count_points(options->scenario, POINTS_COUNTED);
    if (plan->count == UINT64_MAX)
        plan->count = scenario_points(options->scenario);
    plan->ids = run_ids_new(options->root, options->scenario);
    plan->has_rule = plan_stop_rule(plan->settings, &plan->rule, &plan->first_asked);
    return plan;
}

static void forget(struct planned *planned)
{
    if (!planned->deciding)
        return;
    running_mean_release(&planned->deciding->state.estimate);
    g_free(planned->deciding->values);
    g_clear_pointer(&planned->deciding, g_free);
}

void plan_free(struct plan *plan)
{
    if (!plan)
        return;
    for (size_t p = 0; p < plan->points.count; p++)
        forget(&plan->points.at[p]);
    vector_release(&plan->points);
    vector_release(&plan->open);
    run_ids_free(plan->ids);
    g_free(plan);
}

/* Ids. */

static bool know_common(struct plan *plan, struct planned *planned, GError **error)
{
    planned->known = planned->known || run_ids_point(plan->ids, planned->number, &planned->common, error);
    return planned->known;
}

static struct planned *find(struct plan *plan, uint64_t number)
{
    size_t low = 0, high = plan->points.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (plan->points.at[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    REQUIRE(low < plan->points.count && plan->points.at[low].number == number);
    return &plan->points.at[low];
}

bool plan_id(struct plan *plan, struct job job, struct run_id *id, GError **error)
{
    struct planned *planned = find(plan, job.point);
    if (!know_common(plan, planned, error))
        return false;
    *id = run_id_of(&planned->common, job.replication);
    return true;
}

/* When a point has enough runs. */

static double value_of(struct ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

bool plan_stop_rule(const struct experiment_settings *settings, struct stop_rule *rule, uint32_t *first_asked)
{
    const struct until_settings *until = &settings->replicate.until;
    *first_asked = (uint32_t)settings->replicate.count;
    if (!until->relative_halfwidth.denominator)
        return false;
    *rule = (struct stop_rule){
        .relative_half_width = value_of(until->relative_halfwidth),
        .confidence = value_of(until->confidence),
        .fewest = (uint64_t)until->minimum,
        .most = (uint64_t)until->maximum,
    };
    *first_asked = (uint32_t)stop_rule_next(rule, 0);
    return true;
}

/* Asks for more runs, up to the next decision. */
static void ask_for(struct plan *plan, struct planned *planned, uint32_t asked)
{
    struct deciding *deciding = planned->deciding;
    deciding->values = g_renew(struct metric_sample, deciding->values, asked);
    for (uint32_t r = planned->asked; r < asked; r++)
        deciding->values[r] = metric_sample_none();
    plan->open_runs += asked - planned->asked;
    planned->asked = asked;
}

/* All runs asked for are over: closes the point, or asks for another batch. Values count in order of replications. */
static void decide(struct plan *plan, struct planned *planned)
{
    if (planned->closed || planned->over < planned->asked)
        return;
    struct deciding *deciding = planned->deciding;
    for (; deciding->decided < planned->asked; deciding->decided++)
        metric_sample_add(&deciding->values[deciding->decided], &deciding->state.estimate);
    planned->stop = (uint8_t)stop_state_decide(&deciding->state, &plan->rule, planned->asked);
    planned->closed = planned->stop != STOP_NOT_YET;
    if (planned->closed)
        forget(planned);
    else
        ask_for(plan, planned, (uint32_t)stop_rule_next(&plan->rule, planned->asked));
}

static void count_over(struct plan *plan, struct planned *planned, const struct run_record *record,
                       uint32_t replication)
{
    planned->over++;
    plan->over++;
    if (!plan->has_rule || planned->closed)
        return;
    if (record && record->status == RUN_FINE)
        planned->deciding->values[replication] =
            metric_sample_of(&record->values, (enum metric_id)plan->settings->replicate.until.metric);
    else
        planned->deciding->state.failed++;
    decide(plan, planned);
}

/* Walking. */

/* How many of the numbers below `end` fall to this shard, which has every `shards`-th. */
static uint64_t mine_below(const struct plan *plan, uint64_t end)
{
    return end / plan->options.shards + (end % plan->options.shards > plan->options.shard);
}

/* Of points [first, end), each with the runs that are asked for at first, the runs that fall to this shard: with a rule
 * it has whole points, else every `shards`-th run. */
static uint64_t my_runs(const struct plan *plan, uint64_t first, uint64_t end)
{
    uint64_t asked = plan->first_asked;
    if (plan->has_rule)
        return (mine_below(plan, end) - mine_below(plan, first)) * asked;
    return mine_below(plan, end * asked) - mine_below(plan, first * asked);
}

/* Reaches the next point of the scenario; false where there is none. */
static bool reach_next(struct plan *plan)
{
    uint64_t places = scenario_points(plan->options.scenario);
    while (plan->next < places && !scenario_has_point(plan->options.scenario, plan->next))
        plan->next++;
    if (plan->next == places)
        return false;
    bool by_point = plan->has_rule;
    struct planned planned = {
        .number = plan->next++,
        .closed = !by_point,
        .mine = !by_point || plan->points.count % plan->options.shards == plan->options.shard,
    };
    vector_push(&plan->open, plan->points.count);
    vector_push(&plan->points, planned);
    struct planned *added = &plan->points.at[plan->points.count - 1];
    if (by_point && added->mine) {
        added->deciding = g_new0(struct deciding, 1);
        ask_for(plan, added, plan->first_asked);
    } else if (added->mine) {
        added->asked = plan->first_asked;
        plan->open_runs += my_runs(plan, plan->points.count - 1, plan->points.count);
    } else {
        added->closed = true;
    }
    return true;
}

/* With a rule a shard has whole points, else every `shards`-th run. */
static bool is_mine(const struct plan *plan, size_t index, uint32_t replication)
{
    if (plan->has_rule)
        return plan->points.at[index].mine;
    return (index * plan->points.at[index].asked + replication) % plan->options.shards == plan->options.shard;
}

/* Whether a run was done before; its record then counts. A point that cannot be made is run, and says why. */
static bool was_done(struct plan *plan, struct planned *planned, uint32_t replication)
{
    bool fine = false;
    if (!plan->options.done || !know_common(plan, planned, NULL))
        return false;
    struct run_id id = run_id_of(&planned->common, replication);
    if (!journal_index_has(plan->options.done, &id, &fine) || !fine)
        return false;
    struct run_record *record = plan->has_rule ? g_new(struct run_record, 1) : NULL;
    bool read = !record || journal_index_fetch(plan->options.done, &id, record, NULL);
    if (read)
        count_over(plan, planned, record, replication);
    g_free(record);
    return read;
}

/* The next run of a point that has to be carried out here. */
static bool next_of(struct plan *plan, size_t index, struct job *job)
{
    while (plan->points.at[index].looked < plan->points.at[index].asked) {
        struct planned *planned = &plan->points.at[index];
        uint32_t replication = planned->looked++;
        if (!is_mine(plan, index, replication)) {
            planned->over++;
            continue;
        }
        if (was_done(plan, planned, replication))
            continue;
        *job = (struct job){.point = planned->number, .replication = replication};
        return true;
    }
    return false;
}

/* Whether nothing more can come of a point. */
static bool is_given(const struct planned *planned)
{
    return planned->closed && planned->looked == planned->asked;
}

enum job_supply plan_next(struct plan *plan, struct job *job)
{
    size_t looked = 0, left = 0; /* of the open points, and of these those that stay open */
    bool given = false;
    while (!given && (looked < plan->open.count || reach_next(plan))) {
        size_t index = plan->open.at[looked++];
        given = next_of(plan, index, job);
        if (!is_given(&plan->points.at[index]))
            plan->open.at[left++] = index;
    }
    if (looked > left && plan->open.count > looked)
        memmove(plan->open.at + left, plan->open.at + looked, (plan->open.count - looked) * sizeof *plan->open.at);
    plan->open.count -= looked - left;
    return given ? JOB_GIVEN : left ? JOB_LATER : JOB_NONE;
}

void plan_done(struct plan *plan, const struct run_record *record)
{
    plan->failed += record->status != RUN_FINE;
    count_over(plan, find(plan, record->job.point), record, record->job.replication);
}

uint64_t plan_total(const struct plan *plan)
{
    return plan->open_runs + my_runs(plan, MIN(plan->count, plan->points.count), plan->count);
}

uint64_t plan_over(const struct plan *plan)
{
    return plan->over;
}

uint64_t plan_failed(const struct plan *plan)
{
    return plan->failed;
}

uint64_t plan_points(const struct plan *plan)
{
    return plan->points.count;
}

struct job plan_point(const struct plan *plan, uint64_t index)
{
    return (struct job){plan->points.at[index].number, plan->points.at[index].asked};
}

enum stop_decision plan_stop(const struct plan *plan, uint64_t index)
{
    return (enum stop_decision)plan->points.at[index].stop;
}
