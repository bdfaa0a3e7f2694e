/* SPDX-License-Identifier: MIT */
#include "record/metrics_transactions.h"

#include "record/survival.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

/* Waits of transactions that entered after the warm-up. */
struct waits {
    time_ns from_ns, until_ns; /* the warm-up's end; when those that are visited were served, or last seen */
    bool ended;
    struct survival survival;
    uint64_t transactions, served; /* visited; and of those, that were served */
    double sum_s;                  /* of their waits */
};

static void add_wait(void *user, time_ns entered_ns, uint32_t transactions)
{
    struct waits *waits = user;
    if (entered_ns < waits->from_ns)
        return;
    waits->transactions += transactions;
    survival_add_many(&waits->survival, waits->until_ns - entered_ns, transactions, waits->ended);
    if (!waits->ended)
        return;
    waits->served += transactions;
    waits->sum_s += (double)(waits->until_ns - entered_ns) / (double)SECOND * transactions;
}

struct counting {
    time_ns from_ns;
    uint64_t transactions;
};

static void count(void *user, time_ns entered_ns, uint32_t transactions)
{
    struct counting *counting = user;
    counting->transactions += entered_ns >= counting->from_ns ? transactions : 0;
}

static double seconds(time_ns length_ns)
{
    return length_ns == TIME_NEVER ? (double)NAN : (double)length_ns / (double)SECOND;
}

/*
 * The product limit takes those that still wait to have a wait like the others'. Where a queue grows they are those who
 * wait longest: so what the share that was served does not reach is not known.
 */
static double quantile_s(struct waits *waits, uint32_t percent)
{
    if ((uint128)waits->served * 100 < (uint128)waits->transactions * percent)
        return (double)NAN;
    return seconds(survival_quantile(&waits->survival, percent));
}

static void delays(const struct reductions *all, chain_id chain, const uint32_t *taken, bool to_finality,
                   struct metric_values *values)
{
    const struct chain_transactions *loads = &all->transactions.chains.at[chain];
    struct waits waits = {.from_ns = all->counted_from_ns};
    enum metric_id mean = to_finality ? METRIC_CONFIRMATION_DELAY_MEAN : METRIC_INCLUSION_DELAY_MEAN;
    for (size_t i = 0; i < loads->carried.count; i++) {
        const struct trace_carried *row = &loads->carried.at[i];
        time_ns served_ns = to_finality ? all->finality.chains.at[chain].blocks.at[row->block].two_thirds_ns
                                        : history_block(history_chain(&all->history, chain), row->block)->proposed_ns;
        if (!all->outcomes.at[chain].on_main[row->block])
            continue;
        waits.ended = served_ns != TIME_NEVER;
        waits.until_ns = waits.ended ? served_ns : all->history.end_ns;
        cohort_each(&loads->cohorts.at[row->cohort], row->first, row->transactions, add_wait, &waits);
    }
    waits.ended = false;
    waits.until_ns = all->history.end_ns;
    for (size_t c = 0; c < loads->cohorts.count; c++)
        cohort_each(&loads->cohorts.at[c], taken[c], cohort_waiting(&loads->cohorts.at[c], taken[c]), add_wait, &waits);
    if (waits.served)
        values->metrics[mean] = waits.sum_s / (double)waits.served;
    values->metrics[mean + 1] = quantile_s(&waits, 50);
    values->metrics[mean + 2] = quantile_s(&waits, 95);
    values->metrics[mean + 3] = quantile_s(&waits, 99);
    if (!to_finality)
        values->metrics[METRIC_WAITING_TRANSACTIONS] = (double)(waits.transactions - waits.served);
    survival_release(&waits.survival);
}

static void losses(const struct reductions *all, const struct chain_transactions *loads, const uint32_t *taken,
                   struct metric_values *values)
{
    struct counting entered = {.from_ns = all->counted_from_ns}, lost = entered;
    for (size_t c = 0; c < loads->cohorts.count; c++) {
        const struct cohort *cohort = &loads->cohorts.at[c];
        uint32_t kept = taken[c] + cohort_waiting(cohort, taken[c]);
        cohort_each(cohort, 0, cohort->row.transactions, count, &entered);
        cohort_each(cohort, kept, cohort->row.transactions - kept, count, &lost);
    }
    values->parts[PART_ENTERED_TRANSACTIONS] = (double)entered.transactions;
    values->parts[PART_LOST_TRANSACTIONS] = (double)lost.transactions;
}

/* The fuller of bytes and number; a block without room for anything is full. */
static double fullness(const struct trace_filling *row)
{
    double bytes = row->room_bytes ? (double)row->bytes / (double)row->room_bytes : 1;
    double number = row->room_transactions ? (double)row->transactions / (double)row->room_transactions : 1;
    return MAX(bytes, number);
}

static void fillings(const struct reductions *all, chain_id chain, struct metric_values *values)
{
    const struct chain_transactions *loads = &all->transactions.chains.at[chain];
    double sum = 0;
    uint64_t blocks = 0, fees = 0;
    for (size_t i = 0; i < loads->fillings.count; i++) {
        const struct trace_filling *row = &loads->fillings.at[i];
        if (!all->outcomes.at[chain].on_main[row->block] ||
            history_block(history_chain(&all->history, chain), row->block)->proposed_ns < all->counted_from_ns)
            continue;
        sum += fullness(row);
        fees += row->fees;
        blocks++;
    }
    if (blocks)
        values->metrics[METRIC_BLOCK_FULLNESS] = sum / (double)blocks;
    values->metrics[METRIC_FEES_PAID] = (double)fees;
}

static int by_size(const void *first, const void *second)
{
    uint64_t a = *(const uint64_t *)first, b = *(const uint64_t *)second;
    return a < b ? -1 : a > b;
}

static void mempool(const struct reductions *all, const struct chain_transactions *loads, struct metric_values *values)
{
    uint64_t *sizes = g_new(uint64_t, loads->samples.count);
    size_t samples = 0;
    for (size_t i = 0; i < loads->samples.count; i++)
        if (loads->samples.at[i].at_ns >= all->counted_from_ns)
            sizes[samples++] = loads->samples.at[i].bytes;
    if (samples) {
        qsort(sizes, samples, sizeof *sizes, by_size);
        values->metrics[METRIC_MEMPOOL_BYTES_P95] = (double)sizes[(samples * 95 + 99) / 100 - 1];
        values->metrics[METRIC_MEMPOOL_BYTES_MAX] = (double)sizes[samples - 1];
    }
    g_free(sizes);
}

void metrics_of_transactions(const struct reductions *all, chain_id chain, struct metric_values *values)
{
    const struct chain_transactions *loads = &all->transactions.chains.at[chain];
    values->parts[PART_ENTERED_TRANSACTIONS] = 0;
    values->parts[PART_LOST_TRANSACTIONS] = 0;
    if (!transactions_are_there(loads))
        return;
    uint32_t *taken = transactions_taken(loads, &all->outcomes.at[chain]);
    delays(all, chain, taken, false, values);
    delays(all, chain, taken, true, values);
    losses(all, loads, taken, values);
    fillings(all, chain, values);
    mempool(all, loads, values);
    g_free(taken);
}
