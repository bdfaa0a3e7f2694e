/* SPDX-License-Identifier: MIT */
#include "check/liveness.h"

#include <glib.h>
#include <string.h>

void liveness_release(struct liveness *liveness)
{
    vector_release(&liveness->chains);
}

/* The wait ends now, for whatever reason. */
static void judge(struct liveness_chain *chain, time_ns at_ns)
{
    time_ns waited = at_ns - chain->since_ns;
    if (chain->disturbances)
        return;
    chain->judged_ns += waited;
    chain->longest_ns = time_max(chain->longest_ns, waited);
    if (chain->bound_ns && waited > chain->bound_ns && !chain->too_long++) {
        chain->first_from_ns = chain->since_ns;
        chain->first_until_ns = at_ns;
    }
}

static void add_final(struct liveness *liveness, const struct trace_final *row)
{
    struct liveness_chain *chain = &liveness->chains.at[row->chain];
    uint64_t height = ancestry_block(liveness->ancestry, row->chain, row->block)->height;
    if (row->corrupt || height <= chain->height)
        return;
    judge(chain, row->at_ns);
    chain->height = height;
    chain->since_ns = row->at_ns;
}

/* Whoever comes first ends the wait. */
void liveness_spread(struct liveness *liveness, const struct trace_spread *spread)
{
    struct trace_final row = {.at_ns = spread->first_ns, .chain = spread->chain, .block = spread->final};
    if (spread->final != BLOCK_NONE)
        add_final(liveness, &row);
}

static void disturb(struct liveness_chain *chain, const struct trace_incident *row)
{
    if (row->kind == INCIDENT_FAULT_BEGINS) {
        judge(chain, row->at_ns);
        chain->since_ns = row->at_ns;
        chain->disturbances += row->until_ns != TIME_NEVER;
    } else if (row->kind == INCIDENT_FAULT_ENDS && chain->disturbances) {
        chain->disturbances--;
        chain->since_ns = row->at_ns;
    }
}

static void add_incident(struct liveness *liveness, const struct trace_incident *row)
{
    for (chain_id id = 0; id < liveness->chains.count; id++)
        if (row->chain == ID_NONE || row->chain == id)
            disturb(&liveness->chains.at[id], row);
}

static void end(struct liveness *liveness, const struct trace_end *row)
{
    bool quiescent = row->reason && strcmp(row->reason, "quiescent") == 0;
    for (chain_id id = 0; id < liveness->chains.count; id++) {
        struct liveness_chain *chain = &liveness->chains.at[id];
        judge(chain, row->at_ns);
        chain->stuck = quiescent && chain->bound_ns && !chain->disturbances;
        chain->ended_ns = row->at_ns;
    }
}

void liveness_row(struct liveness *liveness, enum trace_kind kind, const void *row)
{
    if (kind == TRACE_CHAIN) {
        struct liveness_chain chain = {.bound_ns = ((const struct trace_chain *)row)->liveness_bound_ns};
        vector_push(&liveness->chains, chain);
    } else if (kind == TRACE_FINAL) {
        add_final(liveness, row);
    } else if (kind == TRACE_INCIDENT) {
        add_incident(liveness, row);
    } else if (kind == TRACE_END) {
        end(liveness, row);
    }
}

/* How much of the run was judged; g_free it. */
static char *judged_text(const struct liveness_chain *chain)
{
    struct verdict_time judged = verdict_time(chain->judged_ns), whole = verdict_time(chain->ended_ns);
    if (chain->judged_ns == chain->ended_ns)
        return g_strdup_printf("%s judged", judged.text);
    return g_strdup_printf("%s of %s judged, faults cover the rest", judged.text, whole.text);
}

static void report(chain_id id, const struct liveness_chain *chain, struct verdict *verdict)
{
    char *judged = judged_text(chain);
    bool partly = chain->judged_ns != chain->ended_ns;
    if (chain->too_long) {
        verdict_violation(verdict,
                          "chain %u: nothing became final from %s to %s, beyond the bound of %s (longest wait %s%s%s)",
                          id, verdict_time(chain->first_from_ns).text, verdict_time(chain->first_until_ns).text,
                          verdict_time(chain->bound_ns).text, verdict_time(chain->longest_ns).text, partly ? "; " : "",
                          partly ? judged : "");
        verdict->count += chain->too_long - 1;
    }
    if (chain->stuck)
        verdict_violation(verdict, "chain %u: at %s nothing was left that could happen%s%s", id,
                          verdict_time(chain->ended_ns).text, partly ? "; " : "", partly ? judged : "");
    if (!verdict->detail[0])
        verdict_remark(verdict, "chain %u: longest wait %s of a bound of %s, %s", id,
                       verdict_time(chain->longest_ns).text, verdict_time(chain->bound_ns).text, judged);
    g_free(judged);
}

/* The share of the time that was judged, over all chains that state a bound; denominator 0: none does. */
static struct ratio judged_share(const struct liveness *liveness)
{
    struct ratio judged = {0, 0};
    for (chain_id id = 0; id < liveness->chains.count; id++) {
        const struct liveness_chain *chain = &liveness->chains.at[id];
        if (!chain->bound_ns)
            continue;
        judged.numerator += (uint64_t)chain->judged_ns;
        judged.denominator += (uint64_t)chain->ended_ns;
    }
    return judged;
}

void liveness_finish(const struct liveness *liveness, struct verdict *verdict)
{
    bool bounded = false;
    verdict_init(verdict, VERDICT_LIVENESS);
    for (chain_id id = 0; id < liveness->chains.count; id++) {
        const struct liveness_chain *chain = &liveness->chains.at[id];
        if (!chain->bound_ns)
            continue;
        bounded = true;
        report(id, chain, verdict);
    }
    if (!bounded) {
        verdict->status = VERDICT_NOT_APPLICABLE;
        verdict_remark(verdict, "no chain states a bound");
    }
    verdict->judged = judged_share(liveness);
    if (verdict->judged.denominator && !verdict->judged.numerator && verdict->status == VERDICT_PASS)
        verdict->status = VERDICT_NOT_APPLICABLE;
}
