/* SPDX-License-Identifier: MIT */
#include "record/metrics.h"

#include "base/assert.h"
#include "base/concentration.h"
#include "record/metrics_transactions.h"
#include "record/survival.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#define WINDOWS 10 /* a window is this part of what is measured */

/* What most of them read. */
struct measured {
    const struct reductions *all;
    chain_id chain;
    const struct history_chain *facts;
    const struct outcome *outcome;
    VECTOR(block_id) main; /* the main chain's blocks since the warm-up, in order */
    time_ns from_ns, until_ns;
};

static const double not_applicable = (double)NAN;

static double seconds(time_ns length_ns)
{
    return length_ns == TIME_NEVER ? not_applicable : (double)length_ns / (double)SECOND;
}

static double quotient(double part, double whole)
{
    return whole > 0 ? part / whole : not_applicable;
}

static const struct history_block *block_of(const struct measured *run, block_id id)
{
    return history_block(run->facts, id);
}

static bool counts(const struct measured *run, block_id id)
{
    return block_of(run, id)->proposed_ns >= run->from_ns;
}

static void measured_init(struct measured *run, const struct reductions *all, chain_id chain)
{
    *run = (struct measured){.all = all,
                             .chain = chain,
                             .facts = history_chain(&all->history, chain),
                             .outcome = &all->outcomes.at[chain],
                             .from_ns = all->counted_from_ns,
                             .until_ns = all->history.end_ns};
    for (block_id id = 1; id < run->facts->blocks.count; id++)
        if (run->outcome->on_main[id] && counts(run, id))
            vector_push(&run->main, id);
}

static void intervals(const struct measured *run, struct metric_values *values)
{
    struct survival gaps = {0};
    struct series series = {0};
    time_ns sum = 0;
    for (size_t i = 1; i < run->main.count; i++) {
        time_ns gap = block_of(run, run->main.at[i])->proposed_ns - block_of(run, run->main.at[i - 1])->proposed_ns;
        survival_add(&gaps, gap, true);
        series_add(&series, seconds(gap), block_of(run, run->main.at[i])->proposed_ns);
        sum += gap;
    }
    values->metrics[METRIC_BLOCK_INTERVAL] = quotient((double)sum / (double)SECOND, (double)gaps.durations.count);
    values->metrics[METRIC_BLOCK_INTERVAL_P50] = seconds(survival_quantile(&gaps, 50));
    values->metrics[METRIC_BLOCK_INTERVAL_P95] = seconds(survival_quantile(&gaps, 95));
    values->metrics[METRIC_BLOCK_INTERVAL_P99] = seconds(survival_quantile(&gaps, 99));
    values->series[SERIES_BLOCK_INTERVAL] = series_mean_of(&series);
    series_release(&series);
    survival_release(&gaps);
}

/*
 * The fewest blocks in any half-open window (t, t + length] with t >= from and t + length <= until. The count falls
 * only where the window's start passes a block, so those starts, and the first, are all there is to look at.
 */
static size_t fewest_in_window(const struct measured *run, time_ns length_ns)
{
    size_t fewest = run->main.count, next = 0;
    for (size_t i = 0; i <= run->main.count; i++) {
        time_ns start = i ? block_of(run, run->main.at[i - 1])->proposed_ns : run->from_ns;
        if (start + length_ns > run->until_ns)
            break;
        while (next < run->main.count && block_of(run, run->main.at[next])->proposed_ns <= start + length_ns)
            next++;
        fewest = MIN(fewest, next - MIN(next, i));
    }
    return fewest;
}

static void growth(const struct measured *run, struct metric_values *values)
{
    time_ns length_ns = run->until_ns - run->from_ns;
    uint64_t transactions = 0;
    if (length_ns <= 0)
        return;
    for (size_t i = 0; i < run->main.count; i++)
        transactions += block_of(run, run->main.at[i])->transactions;
    values->parts[PART_TRANSACTIONS] = (double)transactions;
    values->parts[PART_MEASURED_S] = seconds(length_ns);
    if (length_ns >= WINDOWS)
        values->metrics[METRIC_CHAIN_GROWTH_MIN] =
            (double)fewest_in_window(run, length_ns / WINDOWS) / seconds(length_ns / WINDOWS);
}

static bool is_honest(const struct measured *run, block_id id)
{
    uint32_t index = history_validator_index(run->facts, block_of(run, id)->proposer);
    return index != ID_NONE && !run->facts->validators.at[index].corrupt;
}

static void quality(const struct measured *run, struct metric_values *values)
{
    size_t window = run->main.count / WINDOWS, honest = 0, inside = 0, fewest = window;
    for (size_t i = 0; i < run->main.count; i++) {
        honest += is_honest(run, run->main.at[i]);
        inside += is_honest(run, run->main.at[i]);
        if (i >= window)
            inside -= is_honest(run, run->main.at[i - window]);
        if (i + 1 >= window)
            fewest = MIN(fewest, inside);
    }
    values->parts[PART_HONEST_BLOCKS] = (double)honest;
    values->parts[PART_MAIN_CHAIN_BLOCKS] = (double)run->main.count;
    values->metrics[METRIC_CHAIN_QUALITY_MIN] = quotient((double)fewest, (double)window);
}

static double depth_quantile(const struct measured *run, unsigned percent)
{
    uint64_t depth;
    bool known = heads_depth_quantile(&run->all->heads, run->chain, percent, &depth);
    return known ? (double)depth : not_applicable;
}

static void forks(const struct measured *run, struct metric_values *values)
{
    const struct chain_heads *heads = &run->all->heads.chains.at[run->chain];
    uint64_t standing = heads_deepest_fork(&run->all->heads, run->chain);
    values->metrics[METRIC_COMMON_PREFIX_DEPTH_P50] = depth_quantile(run, 50);
    values->metrics[METRIC_COMMON_PREFIX_DEPTH_P95] = depth_quantile(run, 95);
    values->metrics[METRIC_COMMON_PREFIX_DEPTH_P99] = depth_quantile(run, 99);
    values->metrics[METRIC_COMMON_PREFIX_DEPTH_MAX] = (double)MAX(heads->deepest_reorg, standing);
    values->metrics[METRIC_REORG_DEPTH_MAX] = (double)heads->deepest_reorg;
    values->metrics[METRIC_REORGS] = (double)heads->reorgs;
}

static void blocks(const struct measured *run, struct metric_values *values)
{
    uint64_t proposed = 0, final = 0, orphans = 0, kept = 0, censored = 0;
    for (block_id id = 1; id < run->facts->blocks.count; id++) {
        if (!counts(run, id))
            continue;
        uint32_t status = run->outcome->status[id];
        bool on_main = run->outcome->on_main[id];
        proposed++;
        final += status == BLOCK_FINAL;
        orphans += status == BLOCK_ORPHAN;
        kept += status == BLOCK_FINAL || on_main;
        censored += status != BLOCK_FINAL && on_main;
    }
    values->metrics[METRIC_BLOCKS_PROPOSED] = (double)proposed;
    values->metrics[METRIC_BLOCKS_FINAL] = (double) final;
    values->metrics[METRIC_CENSORED_BLOCKS] = (double)censored;
    values->parts[PART_ORPHANED_BLOCKS] = (double)orphans;
    values->parts[PART_KNOWN_BLOCKS] = (double)(orphans + kept);
}

/*
 * Three quantiles and the mean of the time from proposal until the moment at `offset` in struct block_finality. What
 * has not come is in the quantiles, as it has lasted that long at least; the mean leaves it out.
 */
static void finality_times(const struct measured *run, size_t offset, enum metric_id p50, struct metric_values *values)
{
    struct survival times = {0};
    struct series series = {0};
    double sum = 0;
    for (size_t i = 0; i < run->main.count; i++) {
        block_id id = run->main.at[i];
        const struct block_finality *final = &run->all->finality.chains.at[run->chain].blocks.at[id];
        time_ns at_ns = *(const time_ns *)(const void *)((const char *) final + offset);
        time_ns proposed_ns = block_of(run, id)->proposed_ns;
        bool reached = at_ns != TIME_NEVER;
        survival_add(&times, (reached ? at_ns : run->until_ns) - proposed_ns, reached);
        if (!reached)
            continue;
        series_add(&series, seconds(at_ns - proposed_ns), proposed_ns);
        sum += seconds(at_ns - proposed_ns);
    }
    values->metrics[p50] = seconds(survival_quantile(&times, 50));
    values->metrics[p50 + 1] = seconds(survival_quantile(&times, 95));
    values->metrics[p50 + 2] = seconds(survival_quantile(&times, 99));
    values->metrics[p50 + 3] = quotient(sum, (double)series.observations);
    values->series[metrics[p50 + 3].series] = series_mean_of(&series);
    series_release(&series);
    survival_release(&times);
}

static void finality(const struct measured *run, struct metric_values *values)
{
    finality_times(run, offsetof(struct block_finality, first_ns), METRIC_FINALITY_FIRST_P50, values);
    finality_times(run, offsetof(struct block_finality, two_thirds_ns), METRIC_FINALITY_TWO_THIRDS_P50, values);
    finality_times(run, offsetof(struct block_finality, last_ns), METRIC_FINALITY_LAST_P50, values);
    values->metrics[METRIC_LIVENESS_GAP] = seconds(run->all->finality.chains.at[run->chain].longest_gap_ns);
}

/* The main chain's heights and the ballots are both in rising order. */
static void rounds(const struct measured *run, struct metric_values *values)
{
    const struct chain_ballots *ballots = &run->all->ballots.chains.at[run->chain];
    uint64_t sum = 0, heights = 0;
    size_t next = 0;
    for (size_t i = 0; i < run->main.count; i++) {
        uint64_t height = block_of(run, run->main.at[i])->height;
        uint32_t most = 0;
        if (run->outcome->status[run->main.at[i]] != BLOCK_FINAL)
            continue;
        while (next < ballots->ballots.count && ballots->ballots.at[next].height < height)
            next++;
        for (; next < ballots->ballots.count && ballots->ballots.at[next].height == height; next++)
            if (ballots->ballots.at[next].honest)
                most = ballots->ballots.at[next].round + 1;
        sum += most;
        heights += most > 0;
    }
    values->parts[PART_VOTED_ROUNDS] = (double)sum;
    values->parts[PART_VOTED_HEIGHTS] = (double)heights;
}

static void network(const struct measured *run, struct metric_values *values)
{
    uint64_t messages = 0, bytes = 0, deliveries = 0;
    for (size_t i = 0; i < run->all->network.count; i++) {
        const struct network_row *row = &run->all->network.at[i];
        if (row->chain != run->chain)
            continue;
        messages += row->messages;
        bytes += row->bytes;
        deliveries += row->deliveries;
    }
    if (!run->all->network.count)
        return;
    values->metrics[METRIC_MESSAGES] = (double)messages;
    values->metrics[METRIC_BYTES] = (double)bytes;
    values->metrics[METRIC_DELIVERIES] = (double)deliveries;
}

static int compare_bytes(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* Median (nearest rank) and most of what each node sent or received. */
static void bytes_of_nodes(const struct traffic *traffic, bool up, double *median, double *most)
{
    size_t count = traffic->nodes.count;
    uint64_t *bytes = g_new(uint64_t, count);
    for (size_t i = 0; i < count; i++)
        bytes[i] = up ? traffic->nodes.at[i].up_bytes : traffic->nodes.at[i].down_bytes;
    qsort(bytes, count, sizeof *bytes, compare_bytes); /* equal ones do not differ */
    *median = (double)bytes[(count - 1) / 2];
    *most = (double)bytes[count - 1];
    g_free(bytes);
}

static void waits(const struct traffic *traffic, struct metric_values *values)
{
    uint64_t queued = 0;
    uint128 waited_ns = 0;
    time_ns most_ns = 0;
    for (size_t i = 0; i < traffic->nodes.count; i++) {
        queued += traffic->nodes.at[i].queued;
        waited_ns += (uint64_t)traffic->nodes.at[i].waited_ns;
        most_ns = time_max(most_ns, traffic->nodes.at[i].waited_most_ns);
    }
    if (!queued)
        return;
    values->metrics[METRIC_QUEUE_DELAY_MEAN] = (double)waited_ns / (double)queued / (double)SECOND;
    values->metrics[METRIC_QUEUE_DELAY_MAX] = seconds(most_ns);
}

/* Of the nodes whose processors are limited, each by its own number of them. */
static void processors(const struct measured *run, struct metric_values *values)
{
    const struct traffic *traffic = &run->all->traffic;
    double until_ns = (double)run->until_ns, cores = 0, busiest = 0, count = 0;
    uint128 busy_ns = 0;
    for (size_t i = 0; i < traffic->nodes.count; i++) {
        const struct trace_load *node = &traffic->nodes.at[i];
        if (!node->cores)
            continue;
        count++;
        cores += node->cores;
        busy_ns += (uint64_t)node->busy_ns;
        busiest = fmax(busiest, quotient((double)node->busy_ns, (double)node->cores * until_ns));
    }
    if (count == 0 || until_ns <= 0)
        return;
    values->metrics[METRIC_CPU_UTILISATION_MEAN] = quotient((double)busy_ns / count, cores / count * until_ns);
    values->metrics[METRIC_CPU_UTILISATION_MAX] = busiest;
}

static void carried(const struct measured *run, struct metric_values *values)
{
    const struct traffic *traffic = &run->all->traffic;
    uint64_t bytes = 0, duplicate_bytes = 0;
    if (!traffic->nodes.count)
        return;
    for (size_t i = 0; i < traffic->kinds.count; i++) {
        if (traffic->kinds.at[i].chain != run->chain)
            continue;
        bytes += traffic->kinds.at[i].bytes;
        duplicate_bytes += traffic->kinds.at[i].duplicate_bytes;
    }
    values->metrics[METRIC_DUPLICATE_SHARE] = quotient((double)duplicate_bytes, (double)bytes);
    bytes_of_nodes(traffic, true, &values->metrics[METRIC_NODE_UP_BYTES_P50],
                   &values->metrics[METRIC_NODE_UP_BYTES_MAX]);
    bytes_of_nodes(traffic, false, &values->metrics[METRIC_NODE_DOWN_BYTES_P50],
                   &values->metrics[METRIC_NODE_DOWN_BYTES_MAX]);
    waits(traffic, values);
    processors(run, values);
}

static void stake(const struct measured *run, struct metric_values *values)
{
    static const struct ratio third = {1, 3};
    uint32_t count = (uint32_t)run->facts->validators.count;
    stake_amount slashed;
    struct holding *after = holdings_after(&run->all->holdings, run->chain, run->outcome->on_main, &slashed);
    stake_amount *stakes = g_new0(stake_amount, count + 1);
    for (size_t i = 0; i < count; i++)
        stakes[i] = after[i].jailed ? 0 : after[i].stake;
    values->metrics[METRIC_SLASHED_STAKE] = (double)slashed;
    uint32_t coefficient = nakamoto_coefficient(stakes, count, third);
    if (coefficient) {
        values->metrics[METRIC_GINI] = (double)gini_coefficient(stakes, count) / (double)GINI_ONE;
        values->metrics[METRIC_NAKAMOTO_COEFFICIENT] = coefficient;
    }
    g_free(stakes);
    g_free(after);
}

/* Half the sum of |blocks_v / blocks - stake_v / stake|, with the differences as integers over blocks * stake. */
static void leaders(const struct measured *run, struct metric_values *values)
{
    size_t count = run->facts->validators.count;
    uint64_t *made = g_new0(uint64_t, count + 1), all_made = 0;
    uint128 total = 0;
    double sum = 0;
    for (block_id id = 1; id < run->facts->blocks.count; id++) {
        uint32_t index = history_validator_index(run->facts, block_of(run, id)->proposer);
        if (index == ID_NONE || !counts(run, id) || block_of(run, id)->variant != 0)
            continue;
        made[index]++;
        all_made++;
    }
    for (size_t i = 0; i < count; i++)
        total += run->facts->validators.at[i].stake;
    for (size_t i = 0; i < count; i++) {
        uint128 got = made[i] * total, due = (uint128)run->facts->validators.at[i].stake * all_made;
        sum += (double)(got > due ? got - due : due - got);
    }
    values->metrics[METRIC_LEADER_SHARE_ERROR] = quotient(sum / 2, (double)all_made * (double)total);
    g_free(made);
}

static void judged(const struct metric_verdicts *verdicts, struct metric_values *values)
{
    if (!verdicts)
        return;
    values->metrics[METRIC_SAFETY_VIOLATIONS] = (double)verdicts->safety_violations;
    values->metrics[METRIC_HONEST_CONVICTED] = (double)verdicts->honest_convicted;
    values->metrics[METRIC_EVIDENCE_STAKE_SHARE] =
        quotient((double)verdicts->evidence_stake, (double)verdicts->total_stake);
}

static void energy(const struct measured *run, const struct metric_assumptions *assumptions,
                   struct metric_values *values)
{
    double length_s = seconds(run->until_ns - run->from_ns);
    if (assumptions && !isnan(assumptions->node_power_w))
        values->metrics[METRIC_ENERGY_PER_BLOCK] = quotient(
            assumptions->node_power_w * (double)run->all->history.nodes.count * length_s, (double)run->main.count);
}

/* The metrics that are quotients of what was counted. */
static void quotients(struct metric_values *values)
{
    for (enum metric_id id = 0; id < METRICS; id++)
        if (metric_is_ratio(id))
            values->metrics[id] =
                quotient(values->parts[metrics[id].numerator], values->parts[metrics[id].denominator]);
}

struct metric_sample metric_sample_none(void)
{
    return (struct metric_sample){not_applicable, not_applicable, not_applicable};
}

struct metric_sample metric_sample_of(const struct metric_values *values, enum metric_id metric)
{
    struct metric_sample sample = metric_sample_none();
    sample.value = values->metrics[metric];
    if (metric_is_ratio(metric)) {
        sample.numerator = values->parts[metrics[metric].numerator];
        sample.denominator = values->parts[metrics[metric].denominator];
    }
    return sample;
}

void metric_sample_add(const struct metric_sample *sample, struct running_mean *estimate)
{
    if (isnan(sample->value))
        return;
    if (isnan(sample->denominator))
        running_mean_add(estimate, sample->value);
    else
        running_mean_add_ratio(estimate, sample->numerator, sample->denominator);
}

void metric_values_clear(struct metric_values *values)
{
    for (enum metric_id id = 0; id < METRICS; id++)
        values->metrics[id] = not_applicable;
    for (enum metric_part part = 0; part < METRIC_PARTS; part++)
        values->parts[part] = not_applicable;
    for (enum metric_series series = 0; series < METRIC_SERIES; series++)
        values->series[series] = series_mean_none();
}

void metrics_collect(const struct reductions *reductions, chain_id chain, const struct metric_verdicts *verdicts,
                     const struct metric_assumptions *assumptions, struct metric_values *values)
{
    REQUIRE(chain < reductions->outcomes.count);
    struct measured run;
    measured_init(&run, reductions, chain);
    metric_values_clear(values);
    intervals(&run, values);
    growth(&run, values);
    quality(&run, values);
    forks(&run, values);
    blocks(&run, values);
    finality(&run, values);
    rounds(&run, values);
    network(&run, values);
    carried(&run, values);
    stake(&run, values);
    leaders(&run, values);
    metrics_of_transactions(reductions, chain, values);
    judged(verdicts, values);
    energy(&run, assumptions, values);
    quotients(values);
    vector_release(&run.main);
}
