/* SPDX-License-Identifier: MIT */
/* Spreads: their rows, first replicas and quantiles, against a plain sort; and the sort of packed numbers itself. */
#include "record/spread.h"

#include "base/packed_sort.h"
#include "base/random.h"

#include <glib.h>
#include <string.h>

enum { MOST = 3000 };

struct sample {
    struct trace_spread spread;
    time_ns at_ns[MOST];
    node_id nodes[MOST];
    stake_amount stakes[MOST];
    uint32_t order[MOST]; /* replicas that are there, by time and number */
};

static int compare_arrivals(const void *left, const void *right, void *user)
{
    const uint32_t *a = left, *b = right;
    const time_ns *at_ns = user;
    if (at_ns[*a] != at_ns[*b])
        return at_ns[*a] < at_ns[*b] ? -1 : 1;
    return *a < *b ? -1 : *a > *b;
}

/* Times within `span`, some shared, some replicas left out. */
static void draw(struct sample *sample, struct random_stream *stream, uint32_t count, uint64_t span)
{
    memset(sample, 0, sizeof *sample);
    struct trace_spread *spread = &sample->spread;
    *spread = (struct trace_spread){.chain = 3,
                                    .before = 10,
                                    .after = 11,
                                    .final = 5,
                                    .count = count,
                                    .at_ns = sample->at_ns,
                                    .node_of = sample->nodes,
                                    .stake_of = sample->stakes,
                                    .first_ns = TIME_NEVER};
    for (uint32_t r = 0; r < count; r++) {
        sample->nodes[r] = count - r;
        sample->stakes[r] = random_below(stream, 1000);
        sample->at_ns[r] = TIME_NEVER;
        if (r && random_below(stream, 5) == 0)
            continue;
        sample->at_ns[r] = 1000000 + (time_ns)random_below(stream, span);
        spread->first_ns = MIN(spread->first_ns, sample->at_ns[r]);
        spread->last_ns = MAX(spread->last_ns, sample->at_ns[r]);
        sample->order[spread->reached++] = r;
    }
    g_qsort_with_data(sample->order, (int)spread->reached, sizeof *sample->order, compare_arrivals, sample->at_ns);
}

struct walk {
    const struct sample *sample;
    uint32_t rows;
};

static void check_row(void *user, enum trace_kind kind, const void *row)
{
    struct walk *walk = user;
    const struct sample *sample = walk->sample;
    uint32_t r = sample->order[walk->rows / 2];
    if (walk->rows++ % 2 == 0) {
        const struct trace_head *head = row;
        g_assert_cmpint(kind, ==, TRACE_HEAD);
        g_assert_true(head->replica == r && head->node == sample->nodes[r] && head->at_ns == sample->at_ns[r]);
        g_assert_true(head->chain == 3 && head->before == 10 && head->after == 11 && head->reorg_depth == 0);
        return;
    }
    const struct trace_final *final = row;
    g_assert_cmpint(kind, ==, TRACE_FINAL);
    g_assert_true(final->replica == r && final->node == sample->nodes[r] && final->at_ns == sample->at_ns[r]);
    g_assert_true(final->chain == 3 && final->block == 5 && final->stake == sample->stakes[r] && !final->corrupt);
}

static void check_quantiles(const struct sample *sample)
{
    const struct trace_spread *spread = &sample->spread;
    static const struct ratio share = {2, 3};
    stake_amount total = 0, sum = 0;
    for (uint32_t i = 0; i < spread->reached; i++)
        total += sample->stakes[sample->order[i]];
    uint32_t enough = 0;
    while (!stake_reaches(sum += sample->stakes[sample->order[enough]], total, share))
        enough++;
    struct spread_slices slices;
    spread_slice(spread, &slices);
    g_assert_cmpint(spread_stake(&slices, total, share), ==, sample->at_ns[sample->order[enough]]);
    g_assert_cmpint(spread_stake(&slices, 2 * total + 2, share), ==, TIME_NEVER);
    g_assert_cmpuint(spread_first(spread), ==, sample->order[0]);
    for (uint32_t rank = 1; rank <= spread->reached; rank += 1 + rank / 7)
        g_assert_cmpint(spread_rank(&slices, rank), ==, sample->at_ns[sample->order[rank - 1]]);
}

static void quantiles_and_rows(void)
{
    static const uint64_t spans[] = {1, 2, 1000, 1024, 1025, 300000000, UINT64_C(1) << 32};
    struct random_stream stream;
    struct sample *sample = g_new(struct sample, 1);
    random_stream_init(&stream, &(struct random_seed){.seed = 5}, RANDOM_TEST, 0);
    for (int i = 0; i < 200; i++) {
        draw(sample, &stream, 1 + (uint32_t)random_below(&stream, i % 2 ? MOST : 5), spans[i % G_N_ELEMENTS(spans)]);
        check_quantiles(sample);
        struct walk walk = {sample, 0};
        spread_each(&sample->spread, check_row, &walk);
        g_assert_cmpuint(walk.rows, ==, 2 * sample->spread.reached);
    }
    g_free(sample);
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Short and long lists, keys of one to four bytes; sorted by the whole number, since names rise. */
static void packed_numbers(void)
{
    struct random_stream stream;
    random_stream_init(&stream, &(struct random_seed){.seed = 6}, RANDOM_TEST, 0);
    for (int i = 0; i < 300; i++) {
        size_t count = (size_t)random_below(&stream, i % 3 ? MOST : 60);
        uint64_t *list = g_new(uint64_t, 3 * count + 1), *expected = list + 2 * count;
        for (size_t n = 0; n < count; n++)
            expected[n] = list[n] = (random_u64(&stream) >> 32 >> i % 32) << 32 | n;
        qsort(expected, count, sizeof *expected, compare_numbers);
        packed_sort(list, list + count, count);
        g_assert_true(memcmp(list, expected, count * sizeof *list) == 0);
        g_free(list);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spread/packed_numbers", packed_numbers);
    g_test_add_func("/spread/quantiles_and_rows", quantiles_and_rows);
    return g_test_run();
}
