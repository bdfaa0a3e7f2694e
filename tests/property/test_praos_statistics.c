/* SPDX-License-Identifier: MIT */
/*
 * The lottery of Praos as it shows in the blocks of whole runs (David, Gazi, Kiayias, Russell 2018). Blocks reach
 * everybody within their slot, so every lead makes a block of the tree. Proportions are "reproduced" where their exact
 * 99 % interval lies within 5 % of the published value. And real cryptography against ideal: the same distributions.
 */
#include "base/statistics.h"
#include "worlds.h"

#include <math.h>

/* Which pools led which slots. */
struct leads {
    struct trace_sink sink;
    uint64_t slots;        /* with a leader */
    uint64_t with_several; /* of these, with several */
    uint64_t first;        /* led by pool 0 */
    uint64_t others;       /* led by another pool */
    uint64_t last_slot;
    bool last_several, last_first, last_others;
    VECTOR(uint64_t) gaps;  /* from one slot with a leader to the next */
    uint64_t blocks_of[16]; /* by pool */
};

static void close_slot(struct leads *leads)
{
    leads->with_several += leads->last_several;
    leads->first += leads->last_first;
    leads->others += leads->last_others;
    leads->last_several = leads->last_first = leads->last_others = false;
}

static void leads_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct leads *leads = (struct leads *)sink;
    if (kind == TRACE_END)
        close_slot(leads);
    if (kind != TRACE_BLOCK)
        return;
    const struct trace_block *block = row;
    if (block->slot == leads->last_slot) {
        leads->last_several = true;
    } else {
        close_slot(leads);
        vector_push(&leads->gaps, block->slot - leads->last_slot);
        leads->slots++;
        leads->last_slot = block->slot;
    }
    leads->last_first |= block->proposer == 0;
    leads->last_others |= block->proposer != 0;
    if (block->proposer < G_N_ELEMENTS(leads->blocks_of))
        leads->blocks_of[block->proposer]++;
}

static void run_leads(struct leads *leads, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void run_leads(struct leads *leads, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    struct scenario *scenario = worlds_load(text);
    struct world_result result;
    *leads = (struct leads){.sink.row = leads_row};
    worlds_run(scenario, 0, &leads->sink, &result);
    scenario_free(scenario);
    g_free(text);
}

static void must_reproduce(const char *what, uint64_t successes, uint64_t trials, double published)
{
    struct confidence_interval found = proportion_exact(successes, trials, 0.99);
    bool within = found.low >= 0.95 * published && found.high <= 1.05 * published;
    bool excluded = published < found.low || published > found.high;
    g_test_message("%s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT ", 99 %% from %.6f to %.6f, published %.6f: %s",
                   what, successes, trials, found.low, found.high, published,
                   excluded ? "refuted"
                   : within ? "reproduced"
                            : "inconclusive");
    if (excluded || !within)
        g_test_fail();
}

/* Upper 0.1 % point of chi-square (Wilson and Hilferty 1931). */
static double chi_square_limit(double degrees)
{
    double a = 2 / (9 * degrees), root = 1 - a + normal_distribution_quantile(0.999) * sqrt(a);
    return degrees * root * root * root;
}

/* Slots with a leader come at random: their distances are geometric with mean 20. */
static void test_gaps(void)
{
    enum { BINS = 20 };
    struct leads leads;
    run_leads(&leads, "posim: 1\nprotocol: {kind: praos}\nvalidators: {count: 100, per_node: 50}\n"
                      "network: {latency: {model: constant, delay: 1 ms}}\ntime: {duration: 1_000_000 s}\n");
    double count = (double)leads.gaps.count, seen[BINS] = {0}, chi_square = 0;
    for (size_t i = 1; i < leads.gaps.count; i++) { /* bins of 4 slots, the last one open */
        uint64_t bin = (leads.gaps.at[i] - 1) / 4;
        seen[MIN(bin, BINS - 1)]++;
    }
    for (int bin = 0; bin < BINS; bin++) {
        double from = pow(0.95, 4 * bin), until = bin == BINS - 1 ? 0 : pow(0.95, 4 * bin + 4);
        double expected = (count - 1) * (from - until);
        chi_square += (seen[bin] - expected) * (seen[bin] - expected) / expected;
    }
    g_test_message("chi-square of %.0f gaps: %.1f of at most %.1f", count, chi_square, chi_square_limit(BINS - 1));
    g_assert_cmpfloat(chi_square, <, chi_square_limit(BINS - 1));
    must_reproduce("slots with a leader, f", leads.slots, 999999, 0.05);
    vector_release(&leads.gaps);
}

/* P(several leaders | a leader) for pools that are next to infinitesimal: .02543. */
static void test_several_leaders(void)
{
    struct leads leads;
    run_leads(&leads,
              "posim: 1\nprotocol: {kind: praos}\nvalidators: {count: 500, per_node: 250}\n"
              "network: {latency: {model: constant, delay: 1 ms}}\ntime: {duration: %s s}\n",
              worlds_full() ? "20_000_000" : "8_000_000");
    must_reproduce("slots with several leaders, of those with any", leads.with_several, leads.slots, 0.02543);
    vector_release(&leads.gaps);
}

/* phi(.5) = .0253206 for one pool with half of the stake, and for fifty pools that share the other half. */
static void test_splitting(void)
{
    struct leads leads;
    GString *stakes = g_string_new("50");
    for (int pool = 1; pool <= 50; pool++)
        g_string_append(stakes, ", 1");
    run_leads(&leads,
              "posim: 1\nprotocol: {kind: praos}\nvalidators: {stake: {values: [%s]}, per_node: 26}\n"
              "network: {latency: {model: constant, delay: 1 ms}}\ntime: {duration: 1_000_000 s}\n",
              stakes->str);
    must_reproduce("slots led by the pool with half of the stake", leads.first, 999999, 0.0253206);
    must_reproduce("slots led by any of fifty with the other half", leads.others, 999999, 0.0253206);
    g_string_free(stakes, TRUE);
    vector_release(&leads.gaps);
}

/* Two samples of gaps: the chi-square of the table of 2 by 12 bins. */
static double compare_gaps(const struct leads *a, const struct leads *b)
{
    enum { BINS = 12 };
    double seen[2][BINS] = {{0}}, chi_square = 0;
    const struct leads *both[2] = {a, b};
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < both[side]->gaps.count; i++) {
            uint64_t bin = both[side]->gaps.at[i] - 1;
            seen[side][MIN(bin, BINS - 1)]++;
        }
    double total = (double)(a->gaps.count + b->gaps.count);
    for (int side = 0; side < 2; side++)
        for (int bin = 0; bin < BINS; bin++) {
            double expected = (double)both[side]->gaps.count * (seen[0][bin] + seen[1][bin]) / total;
            chi_square += (seen[side][bin] - expected) * (seen[side][bin] - expected) / expected;
        }
    return chi_square / chi_square_limit(BINS - 1);
}

/* Whether two counts of as many trials can come from one chance: a normal score within three deviations. */
static void same_rate(const char *what, uint64_t a, uint64_t b, uint64_t trials)
{
    double rate = (double)(a + b) / (2 * (double)trials);
    double score = ((double)a - (double)b) / sqrt(2 * (double)trials * rate * (1 - rate));
    g_test_message("%s: real %" G_GUINT64_FORMAT ", ideal %" G_GUINT64_FORMAT ", score %.2f", what, a, b, score);
    g_assert_cmpfloat(fabs(score), <, 3);
}

/* Real proofs, made and verified, against ideal draws: as many leads, by pool too, and the same gaps. */
static void test_real_and_ideal(void)
{
    static const char format[] =
        "posim: 1\ncrypto: %s\nprotocol: {kind: praos, active_slot_coefficient: 20 %%, security_parameter: 20, epoch: "
        "1000}\nvalidators: {stake: {values: [5, 3, 2]}}\nnetwork: {latency: {model: constant, delay: 1 ms}}\n"
        "time: {duration: %u s}\nreplicate: {seed: 4}\n";
    const unsigned slots = worlds_full() ? 100000 : 10000;
    struct leads real, ideal;
    run_leads(&real, format, "real", slots);
    run_leads(&ideal, format, "ideal", slots);
    same_rate("slots with a leader", real.slots, ideal.slots, slots - 1);
    for (int pool = 0; pool < 3; pool++) {
        char *what = g_strdup_printf("slots led by pool %d", pool);
        same_rate(what, real.blocks_of[pool], ideal.blocks_of[pool], slots - 1);
        g_free(what);
    }
    double gaps = compare_gaps(&real, &ideal);
    g_test_message("gaps: %.2f of the 0.1 %% point of chi-square", gaps);
    g_assert_cmpfloat(gaps, <, 1);
    vector_release(&real.gaps);
    vector_release(&ideal.gaps);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/praos-statistics/gaps", test_gaps);
    g_test_add_func("/praos-statistics/several-leaders", test_several_leaders);
    g_test_add_func("/praos-statistics/splitting-stake", test_splitting);
    g_test_add_func("/praos-statistics/real-and-ideal", test_real_and_ideal);
    return g_test_run();
}
