/* SPDX-License-Identifier: MIT */
/*
 * The plan of an experiment: which runs fall to which shard, and that how many there are is known before it is walked:
 * seven points of five replications, and as many points of two batches that fail, which ends a point.
 */
#include "experiment/plan.h"

#include "cli/plug_ins.h"

#include <glib.h>

#define POINTS       7
#define REPLICATIONS 5
#define BATCH        10

static struct root root;

static struct scenario *scenario_with(const char *replicate)
{
    char *text = g_strdup_printf("posim: 1\n"
                                 "protocol: {kind: tendermint}\n"
                                 "validators: {count: 4}\n"
                                 "network: {latency: {model: constant, delay: 100 ms}}\n"
                                 "time: {duration: 10 s}\n"
                                 "sweep: {grid: {network.latency.delay: {from: 10 ms, to: %d0 ms, step: 10 ms}}}\n"
                                 "replicate: %s\n",
                                 POINTS, replicate);
    struct diagnostics diagnostics;
    struct scenario *scenario = NULL;
    diagnostics_init(&diagnostics);
    bool fine = scenario_load(&(struct scenario_source){.text = text}, &root.table, &scenario, &diagnostics);
    GString *errors = g_string_new(NULL);
    diagnostics_print(&diagnostics, errors);
    g_assert_cmpstr(errors->str, ==, "");
    g_assert_true(fine);
    g_string_free(errors, TRUE);
    diagnostics_release(&diagnostics);
    g_free(text);
    return scenario;
}

/* Walks one shard to its end, each run failing as soon as it is given; `given` counts runs by point and replication. */
static uint64_t walk(const struct scenario *scenario, uint32_t shard, uint32_t shards, GHashTable *given)
{
    struct plan *plan =
        plan_new(&(struct plan_options){.root = &root, .scenario = scenario, .shard = shard, .shards = shards});
    uint64_t runs = 0, total = plan_total(plan);
    struct run_record *record = g_new0(struct run_record, 1);
    record->status = RUN_FAILED;
    while (plan_next(plan, &record->job) == JOB_GIVEN) {
        runs++;
        g_assert_cmpuint(plan_total(plan), ==, total);
        gpointer key = GUINT_TO_POINTER((guint)(record->job.point * 1000 + record->job.replication + 1));
        g_assert_true(g_hash_table_add(given, key));
        plan_done(plan, record);
        g_assert_cmpuint(plan_over(plan), ==, runs);
    }
    g_assert_cmpuint(runs, ==, total);
    g_assert_cmpuint(plan_failed(plan), ==, runs);
    g_free(record);
    plan_free(plan);
    return runs;
}

static void every_run_falls_to_one_shard(const char *replicate, uint32_t replications)
{
    struct scenario *scenario = scenario_with(replicate);
    for (uint32_t shards = 1; shards <= POINTS * REPLICATIONS + 5; shards++) {
        GHashTable *given = g_hash_table_new(NULL, NULL);
        uint64_t runs = 0;
        for (uint32_t shard = 0; shard < shards; shard++)
            runs += walk(scenario, shard, shards, given);
        g_assert_cmpuint(runs, ==, POINTS * replications);
        g_assert_cmpuint(g_hash_table_size(given), ==, POINTS * replications);
        g_hash_table_unref(given);
    }
    scenario_free(scenario);
}

static void shards_have_every_nth_run(void)
{
    every_run_falls_to_one_shard("{count: 5}", REPLICATIONS);
}

static void with_a_rule_shards_have_whole_points(void)
{
    every_run_falls_to_one_shard("{until: {metric: orphan_rate, rel_halfwidth: 10 %, min: 10, max: 20}}", BATCH);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    struct registry registry = {0};
    static const struct param_variants no_figures;
    plug_ins_register(&registry);
    root_init(&root, &registry, &no_figures);
    g_test_add_func("/plan/shards_have_every_nth_run", shards_have_every_nth_run);
    g_test_add_func("/plan/with_a_rule_shards_have_whole_points", with_a_rule_shards_have_whole_points);
    int status = g_test_run();
    root_release(&root);
    registry_release(&registry);
    return status;
}
