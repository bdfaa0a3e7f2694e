/* SPDX-License-Identifier: MIT */
/*
 * The tables of a sweep written by hand, small enough to know every figure's data: slots of 2 and 4 s, adversary's
 * shares of 0, .1 and .3, of which the pair 4 s and .1 (point 4) was left out; five replications a point. Replication r
 * of a point has
 *
 *   block_interval_s  slot * (1 + r / 10)       orphan_rate  share + r / 100       messages  3000 / slot
 *   safety            fails where r < 10 * share (of 5: none, 1, 3)
 */
#ifndef POSIM_TESTS_UNIT_SWEEP_BY_HAND_H
#define POSIM_TESTS_UNIT_SWEEP_BY_HAND_H

#include "report/figure_entry.h"
#include "results_by_hand.h"

#define SWEEP_BY_HAND_MANIFEST                                                                                         \
    "{\"posim\": \"0.1.0\", \"swept\": ["                                                                              \
    "{\"key\": \"protocol.slot\", \"column\": \"protocol_slot_s\", \"unit\": \"s\", \"kind\": \"number\"},"            \
    "{\"key\": \"adversary.stake\", \"column\": \"adversary_stake\", \"unit\": \"\", \"kind\": \"number\"}]}\n"
#define SWEEP_BY_HAND_PLAN "point,protocol_slot_s,adversary_stake\n0,2,0\n1,2,0.1\n2,2,0.3\n3,4,0\n5,4,0.3\n"

static const struct {
    int point, slot;
    double share;
    int failures;
} sweep_points[] = {{0, 2, 0, 0}, {1, 2, .1, 1}, {2, 2, .3, 3}, {3, 4, 0, 0}, {5, 4, .3, 3}};

static inline void sweep_append_estimate(GString *text, size_t p, const char *metric, const char *unit, double mean,
                                         double reach, double spread, const char *method)
{
    g_string_append_printf(text, "%d,%d,%g,%s,%s,5,%g,%g,", sweep_points[p].point, sweep_points[p].slot,
                           sweep_points[p].share, metric, unit, mean, spread);
    if (reach > 0)
        g_string_append_printf(text, "%g,%g,%s,", mean - reach, mean + reach, method);
    else
        g_string_append(text, "NA,NA,NA,");
    g_string_append_printf(text, "%g,NA,NA,%g,NA,NA,%g,NA,NA\n", mean - 2 * spread, mean, mean + 2 * spread);
}

static inline char *sweep_summary(void)
{
    GString *text = g_string_new("point,protocol_slot_s,adversary_stake,metric,unit,n,mean,sd,ci_lo,ci_hi,ci_method,"
                                 "p05,p05_lo,p05_hi,p50,p50_lo,p50_hi,p95,p95_lo,p95_hi\n");
    for (size_t p = 0; p < G_N_ELEMENTS(sweep_points); p++) {
        double slot = sweep_points[p].slot, held = 1 - sweep_points[p].failures / 5.0;
        sweep_append_estimate(text, p, "block_interval_s", "s", 1.2 * slot, slot / 10, slot / 10, "hall95");
        sweep_append_estimate(text, p, "orphan_rate", "1", sweep_points[p].share + .02, .01, .01, "hall95");
        sweep_append_estimate(text, p, "messages", "messages", 3000 / slot, 0, 0, "");
        sweep_append_estimate(text, p, "safety_holds", "1", held, .2, 0, "wilson95");
    }
    return g_string_free(text, FALSE);
}

static inline char *sweep_runs(void)
{
    GString *text = g_string_new("point,protocol_slot_s,adversary_stake,replication,seed,status,stopped,events,"
                                 "simulated_s,trace_hash,safety,block_interval_s,orphan_rate,messages\n");
    for (size_t p = 0; p < G_N_ELEMENTS(sweep_points); p++)
        for (int r = 0; r < 5; r++)
            g_string_append_printf(text, "%d,%d,%g,%d,0x000000000000002a,fine,duration,100,12,NA,%s,%g,%g,%g\n",
                                   sweep_points[p].point, sweep_points[p].slot, sweep_points[p].share, r,
                                   r < sweep_points[p].failures ? "fail" : "pass", sweep_points[p].slot * (1 + r / 10.),
                                   sweep_points[p].share + r / 100., 3000. / sweep_points[p].slot);
    return g_string_free(text, FALSE);
}

/* A new directory with the tables and no traces; by_hand_remove it. */
static inline char *sweep_by_hand(void)
{
    char *results = g_dir_make_tmp("posim-sweep-XXXXXX", NULL), *summary = sweep_summary(), *runs = sweep_runs();
    by_hand_write(results, "manifest.json", SWEEP_BY_HAND_MANIFEST);
    by_hand_write(results, "plan.csv", SWEEP_BY_HAND_PLAN);
    by_hand_write(results, "summary.csv", summary);
    by_hand_write(results, "runs.csv", runs);
    g_free(summary);
    g_free(runs);
    return results;
}

/* Typed parameters of a figure, as `posim plot DIR KIND --with ...` makes them; they live as long as the test. */
static inline const void *by_hand_params(const char *kind, const char *const *with)
{
    static struct figure_entries entries;
    static struct param_variants kinds;
    if (!kinds.count) {
        figure_variants_init(&kinds);
        figure_entries_init(&entries);
    }
    GString *errors = g_string_new(NULL);
    if (!figure_entries_add(&entries, &kinds, kind, with, errors))
        g_error("%s", errors->str);
    g_string_free(errors, TRUE);
    return entries.all.at[entries.all.count - 1].params;
}

#endif
