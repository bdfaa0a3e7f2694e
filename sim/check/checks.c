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

#include <glib.h>

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

/*
 * Ancestry and forks come first: the others look things up in them. Of rows about a replica's head, which are as many
 * as there are arrivals of blocks, only safety judges.
 */
static void checks_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct checks *checks = (struct checks *)sink;
    REQUIRE(!checks->finished);
    if (kind == TRACE_HEAD) {
        safety_row(&checks->safety, kind, row);
        return;
    }
    ancestry_row(&checks->ancestry, kind, row);
    forks_row(&checks->forks, kind, row);
    safety_row(&checks->safety, kind, row);
    liveness_row(&checks->liveness, kind, row);
    accountability_row(&checks->accountability, kind, row);
    conservation_row(&checks->conservation, kind, row);
    transactions_check_row(&checks->transactions, kind, row);
}

struct checks *checks_new(void)
{
    struct checks *checks = g_new0(struct checks, 1);
    checks->sink.row = checks_row;
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
