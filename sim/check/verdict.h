/* SPDX-License-Identifier: MIT */
/*
 * Judges a run from its trace alone: safety, liveness, accountability, conservation of stake. The checkers know no
 * protocol and share no code with what they judge; they read rows (record/trace.h) and the rules that a chain's first
 * row states. Life: checks_new, every row of the run through checks_sink, checks_finish once, questions, checks_free.
 */
#ifndef POSIM_CHECK_VERDICT_H
#define POSIM_CHECK_VERDICT_H

#include "record/trace.h"

enum verdict_id {
    VERDICT_SAFETY,
    VERDICT_LIVENESS,
    VERDICT_ACCOUNTABILITY,
    VERDICT_CONSERVATION,
    VERDICTS,
};

enum verdict_status {
    VERDICT_PASS,
    VERDICT_FAIL,
    /* No chain states a rule to judge by, no row that it speaks of came, or faults cover the whole run. */
    VERDICT_NOT_APPLICABLE,
};

/* What a verdict judges, for users. */
struct verdict_kind {
    const char *name; /* "safety", ... */
    const char *meaning;
    const char *applies; /* when it is not "not applicable" */
};
/* By enum verdict_id. */
extern const struct verdict_kind verdict_kinds[VERDICTS];

struct verdict {
    const char *name; /* "safety", ... */
    enum verdict_status status;
    uint64_t count;      /* violations */
    struct ratio judged; /* how much of the time was judged; denominator 0: not a question of time */
    char detail[400];    /* the first violation: what, where, when; else a word on what was looked at */
};

/* "pass", "fail", "not applicable". */
const char *verdict_status_name(enum verdict_status status);

struct checks;

struct checks *checks_new(void);
void checks_free(struct checks *checks);

struct trace_sink *checks_sink(struct checks *checks);

/* By enum verdict_id. */
void checks_finish(struct checks *checks, struct verdict verdicts[VERDICTS]);

/* After checks_finish(): what metrics want to know, over all chains. */
uint64_t checks_honest_convicted(const struct checks *checks);
stake_amount checks_evidence_stake(const struct checks *checks); /* of validators that the votes convict ... */
stake_amount checks_total_stake(const struct checks *checks);    /* ... of this much, at the start */

/* For the checkers: a verdict that passes, and one more violation, whose text is kept if it is the first. */
void verdict_init(struct verdict *verdict, enum verdict_id id);
void verdict_violation(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was looked at; kept where there is no violation. */
void verdict_remark(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A time for a detail: "12.345678901 s". */
struct verdict_time {
    char text[32];
};
struct verdict_time verdict_time(time_ns at_ns);

#endif
