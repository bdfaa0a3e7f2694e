/* SPDX-License-Identifier: MIT */
#include "base/assert.h"
#include "check/accountability.h"
#include "check/ancestry.h"
#include "check/conservation.h"
#include "check/forks.h"
#include "check/liveness.h"
#include "check/safety.h"
#include "check/transactions.h"
#include "check/verdict.h"
#include "record/spread.h"

#include <glib.h>

_Static_assert(((ANCESTRY_ROWS | CONSERVATION_ROWS | TRANSACTIONS_CHECK_ROWS) &
                (TRACE_BIT(TRACE_HEAD) | TRACE_BIT(TRACE_FINAL))) == 0,
               "who reads rows of heads or final blocks must take spreads");

struct checks {
    struct trace_sink sink;
    struct ancestry ancestry;
    struct forks forks;
    struct safety safety;
    struct liveness liveness;
    struct accountability accountability;
    struct conservation conservation;
    struct transactions_check transactions;
    bool finished;
};

/* Ancestry and forks come first: the others look things up in them. */
static void checks_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct checks *checks = (struct checks *)sink;
    REQUIRE(!checks->finished);
    uint32_t bit = TRACE_BIT(kind);
    if (bit & ANCESTRY_ROWS)
        ancestry_row(&checks->ancestry, kind, row);
    if (bit & FORKS_ROWS)
        forks_row(&checks->forks, kind, row);
    if (bit & SAFETY_ROWS)
        safety_row(&checks->safety, kind, row);
    if (bit & LIVENESS_ROWS)
        liveness_row(&checks->liveness, kind, row);
    if (bit & ACCOUNTABILITY_ROWS)
        accountability_row(&checks->accountability, kind, row);
    if (bit & CONSERVATION_ROWS)
        conservation_row(&checks->conservation, kind, row);
    if (bit & TRANSACTIONS_CHECK_ROWS)
        transactions_check_row(&checks->transactions, kind, row);
}

static void each_row(void *checks, enum trace_kind kind, const void *row)
{
    if (TRACE_BIT(kind) & ACCOUNTABILITY_ROWS)
        accountability_row(&((struct checks *)checks)->accountability, kind, row);
}

static void checks_spread(struct trace_sink *sink, const struct trace_spread *spread)
{
    struct checks *checks = (struct checks *)sink;
    REQUIRE(!checks->finished);
    forks_spread(&checks->forks, spread);
    safety_spread(&checks->safety, spread);
    liveness_spread(&checks->liveness, spread);
    if (accountability_reads_finals(&checks->accountability, spread->chain))
        spread_each(spread, each_row, checks);
}

struct checks *checks_new(void)
{
    struct checks *checks = g_new0(struct checks, 1);
    checks->sink = (struct trace_sink){checks_row, checks_spread};
    checks->forks.ancestry = &checks->ancestry;
    checks->safety = (struct safety){.ancestry = &checks->ancestry, .forks = &checks->forks};
    checks->liveness.ancestry = &checks->ancestry;
    checks->accountability = (struct accountability){.ancestry = &checks->ancestry, .forks = &checks->forks};
    conservation_init(&checks->conservation, &checks->ancestry);
    transactions_check_init(&checks->transactions, &checks->ancestry);
    return checks;
}

void checks_free(struct checks *checks)
{
    if (!checks)
        return;
    transactions_check_release(&checks->transactions);
    conservation_release(&checks->conservation);
    accountability_release(&checks->accountability);
    liveness_release(&checks->liveness);
    safety_release(&checks->safety);
    forks_release(&checks->forks);
    ancestry_release(&checks->ancestry);
    g_free(checks);
}

struct trace_sink *checks_sink(struct checks *checks)
{
    return &checks->sink;
}

void checks_finish(struct checks *checks, struct verdict verdicts[VERDICTS])
{
    REQUIRE(!checks->finished);
    checks->finished = true;
    safety_finish(&checks->safety, &verdicts[VERDICT_SAFETY]);
    liveness_finish(&checks->liveness, &verdicts[VERDICT_LIVENESS]);
    accountability_finish(&checks->accountability, &verdicts[VERDICT_ACCOUNTABILITY]);
    conservation_finish(&checks->conservation, &verdicts[VERDICT_CONSERVATION]);
    transactions_check_finish(&checks->transactions, &verdicts[VERDICT_CONSERVATION]);
}

uint64_t checks_honest_convicted(const struct checks *checks)
{
    REQUIRE(checks->finished);
    return checks->accountability.honest_convicted;
}

stake_amount checks_evidence_stake(const struct checks *checks)
{
    REQUIRE(checks->finished);
    return checks->accountability.convicted_stake;
}

stake_amount checks_total_stake(const struct checks *checks)
{
    REQUIRE(checks->finished);
    return checks->accountability.total_stake;
}
