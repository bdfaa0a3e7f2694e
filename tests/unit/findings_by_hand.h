/* SPDX-License-Identifier: MIT */
/*
 * Results written by hand for reports: slots of 2 and 4 s, of which point 2 was left out, and four replications at
 * point 0, three at point 1 and one at point 3. Run 0-3 failed; safety was violated in runs 1-0 and 1-2; liveness was
 * judged in half of the time of 3-0; accountability nowhere.
 */
#ifndef POSIM_TESTS_UNIT_FINDINGS_BY_HAND_H
#define POSIM_TESTS_UNIT_FINDINGS_BY_HAND_H

#include "report/findings.h"
#include "results_by_hand.h"

#define FINDINGS_MANIFEST                                                                                              \
    "{\"posim\": \"0.1.0\", \"commit\": \"0a1b2c3\", \"compiler\": \"cc 1\", "                                         \
    "\"libraries\": {\"glib\": \"2.74\", \"zstd\": \"1.5\"}, \"name\": \"slots\", "                                    \
    "\"arguments\": [\"run\", \"a b.yaml\", \"-o\", \"out\"], \"seed\": \"0x2a\", \"replications\": 4, "               \
    "\"inputs\": [{\"file\": \"/x/a b.yaml\", \"sha256\": \"00ff\"}], "                                                \
    "\"swept\": [{\"key\": \"protocol.slot\", \"column\": \"protocol_slot_s\", \"unit\": \"s\", \"kind\": "            \
    "\"number\"}]}\n"
#define FINDINGS_PLAN "point,protocol_slot_s\n0,2\n1,4\n3,0.5\n"
#define FINDINGS_SUMMARY                                                                                               \
    "point,protocol_slot_s,metric,unit,n,mean,sd,ci_lo,ci_hi,ci_method,p05,p05_lo,p05_hi,p50,p50_lo,p50_hi,p95,"       \
    "p95_lo,p95_hi\n"                                                                                                  \
    "0,2,block_interval_s,s,3,2.5,0.1,2.4,2.6,hall95,2.3,NA,NA,2.5,NA,NA,2.7,NA,NA\n"                                  \
    "0,2,orphan_rate,1,3,0,0,NA,NA,NA,0,NA,NA,0,NA,NA,0,NA,NA\n"                                                       \
    "0,2,finality_s_last_p50,s,0,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA\n"                                          \
    "0,2,safety_holds,1,3,1,NA,0,1,zero95,NA,NA,NA,NA,NA,NA,NA,NA,NA\n"                                                \
    "1,4,block_interval_s,s,3,4.5,0.1,4.4,4.6,hall95,4.3,NA,NA,4.5,NA,NA,4.7,NA,NA\n"                                  \
    "1,4,orphan_rate,1,3,0,0,NA,NA,NA,0,NA,NA,0,NA,NA,0,NA,NA\n"                                                       \
    "3,0.5,block_interval_s,s,1,0.75,NA,NA,NA,NA,0.75,NA,NA,0.75,NA,NA,0.75,NA,NA\n"                                   \
    "3,0.5,orphan_rate,1,1,0,NA,NA,NA,NA,0,NA,NA,0,NA,NA,0,NA,NA\n"                                                    \
    "3,0.5,a_metric_of_tomorrow,1,1,7,NA,NA,NA,NA,7,NA,NA,7,NA,NA,7,NA,NA\n"
#define FINDINGS_RUNS                                                                                                  \
    "point,protocol_slot_s,replication,seed,status,stopped,events,simulated_s,trace_hash,safety,liveness,"             \
    "accountability,conservation,liveness_judged_share,block_interval_s,orphan_rate\n"                                 \
    "0,2,0,0x2a,fine,duration,9,100,aa,pass,pass,not applicable,pass,1,2.4,0\n"                                        \
    "0,2,1,0x2a,fine,duration,9,100,ab,pass,pass,not applicable,pass,1,2.5,0\n"                                        \
    "0,2,2,0x2a,fine,duration,9,100,ac,pass,pass,not applicable,pass,1,2.6,0\n"                                        \
    "0,2,3,0x2a,failed,NA,0,NA,NA,NA,NA,NA,NA,NA,NA,NA\n"                                                              \
    "1,4,0,0x2a,fine,duration,9,100,ba,fail,pass,not applicable,pass,1,4.4,0\n"                                        \
    "1,4,1,0x2a,fine,duration,9,100,bb,pass,pass,not applicable,pass,1,4.5,0\n"                                        \
    "1,4,2,0x2a,fine,duration,9,100,bc,fail,pass,not applicable,pass,1,4.6,0\n"                                        \
    "3,0.5,0,0x2a,fine,duration,9,200,ca,pass,pass,not applicable,pass,0.5,0.75,0\n"

/* A new directory, with any of its files left out by NULL; by_hand_remove it. */
static inline char *findings_directory(const char *manifest, const char *plan, const char *summary, const char *runs)
{
    char *folder = g_dir_make_tmp("posim-findings-XXXXXX", NULL);
    const char *const files[][2] = {
        {"manifest.json", manifest}, {"plan.csv", plan}, {"summary.csv", summary}, {"runs.csv", runs}};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        if (files[i][1])
            by_hand_write(folder, files[i][0], files[i][1]);
    return folder;
}

/* Their findings, without a scenario. */
static inline struct findings *findings_by_hand(void)
{
    char *folder = findings_directory(FINDINGS_MANIFEST, FINDINGS_PLAN, FINDINGS_SUMMARY, FINDINGS_RUNS);
    GError *error = NULL;
    struct findings *findings = findings_read(folder, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(findings);
    by_hand_remove(folder);
    return findings;
}

#endif
