/* SPDX-License-Identifier: MIT */
/* The event queue against an oracle that keeps a sorted array, under loads that are hard on a queue. */
#include "base/vector.h"
#include "engine/queue.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* ---- the oracle: an array in the total order, latest first, so that the earliest is popped from the end ---- */

struct oracle {
    VECTOR(struct queue_entry) sorted;
    uint32_t sequence;
};

static void oracle_push(struct oracle *oracle, time_ns at_ns, uint32_t handle)
{
    struct queue_entry entry = {at_ns, oracle->sequence++, handle};
    size_t low = 0;
    size_t high = oracle->sorted.count; /* entries before `low` are later, those from `high` on earlier or equal */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (oracle->sorted.at[middle].at_ns > at_ns)
            low = middle + 1;
        else
            high = middle;
    }
    vector_push(&oracle->sorted, entry);
    memmove(oracle->sorted.at + low + 1, oracle->sorted.at + low,
            (oracle->sorted.count - 1 - low) * sizeof *oracle->sorted.at);
    oracle->sorted.at[low] = entry;
}

static time_ns oracle_peek_ns(const struct oracle *oracle)
{
    return oracle->sorted.count ? oracle->sorted.at[oracle->sorted.count - 1].at_ns : TIME_NEVER;
}

static struct queue_entry oracle_pop(struct oracle *oracle)
{
    g_assert_cmpuint(oracle->sorted.count, >, 0);
    return oracle->sorted.at[--oracle->sorted.count];
}

static void oracle_filter(struct oracle *oracle, bool (*keep)(void *context, uint32_t handle), void *context)
{
    size_t kept = 0;
    for (size_t i = 0; i < oracle->sorted.count; i++)
        if (keep(context, oracle->sorted.at[i].handle))
            oracle->sorted.at[kept++] = oracle->sorted.at[i];
    oracle->sorted.count = kept;
}

/* ---- the two side by side ---- */

struct pair {
    struct queue queue;
    struct oracle oracle;
    struct queue_batch batch;
    uint64_t random;
    time_ns now_ns;
};

static void pair_init(struct pair *pair, uint64_t seed)
{
    memset(pair, 0, sizeof *pair);
    queue_init(&pair->queue);
    pair->random = seed;
}

static void pair_release(struct pair *pair)
{
    queue_release(&pair->queue);
    vector_release(&pair->oracle.sorted);
    vector_release(&pair->batch);
}

static uint64_t draw(struct pair *pair, uint64_t below)
{
    uint64_t z = pair->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void pair_push(struct pair *pair, time_ns at_ns)
{
    uint32_t handle = (uint32_t)draw(pair, UINT32_MAX);
    queue_push(&pair->queue, at_ns, handle);
    oracle_push(&pair->oracle, at_ns, handle);
}

static void pair_agree(struct pair *pair)
{
    g_assert_cmpuint(queue_count(&pair->queue), ==, pair->oracle.sorted.count);
    g_assert_cmpint(queue_peek_ns(&pair->queue), ==, oracle_peek_ns(&pair->oracle));
}

static void assert_same(struct queue_entry got, struct queue_entry wanted)
{
    g_assert_cmpint(got.at_ns, ==, wanted.at_ns);
    g_assert_cmpuint(got.sequence, ==, wanted.sequence);
    g_assert_cmpuint(got.handle, ==, wanted.handle);
}

static void pair_pop(struct pair *pair)
{
    struct queue_entry got = {-1, 0, 0};
    g_assert_true(queue_pop(&pair->queue, &got));
    assert_same(got, oracle_pop(&pair->oracle));
    pair->now_ns = got.at_ns;
}

static void pair_pop_instant(struct pair *pair)
{
    time_ns at_ns = queue_pop_instant(&pair->queue, &pair->batch);
    g_assert_cmpint(at_ns, ==, oracle_peek_ns(&pair->oracle));
    g_assert_cmpuint(pair->batch.count, >, 0);
    for (size_t i = 0; i < pair->batch.count; i++)
        assert_same(pair->batch.at[i], oracle_pop(&pair->oracle));
    g_assert_cmpint(oracle_peek_ns(&pair->oracle), !=, at_ns);
    pair->now_ns = at_ns;
}

static void pair_drain(struct pair *pair)
{
    while (pair->oracle.sorted.count) {
        if (draw(pair, 2))
            pair_pop(pair);
        else
            pair_pop_instant(pair);
        if (draw(pair, 8) == 0)
            pair_agree(pair);
    }
    pair_agree(pair);
}

/* A time from now on, of every magnitude: at once, near, far, up to the last time there is. */
static time_ns draw_time(struct pair *pair, unsigned most_bits)
{
    uint64_t ahead = draw(pair, UINT64_MAX) >> (64 - draw(pair, most_bits + 1)) % 64;
    if (draw(pair, 4) == 0)
        ahead = ahead >> 20 << 20; /* ties and round times */
    uint64_t left = (uint64_t)(TIME_NEVER - 1 - pair->now_ns);
    return pair->now_ns + (time_ns)(ahead < left ? ahead : left);
}

/* ---- tests ---- */

/* Random pushes, pops, peeks and whole instants, while the size wanders between empty and thousands. */
static void random_operations(void)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct pair pair;
        pair_init(&pair, seed);
        unsigned most_bits = 8 + (unsigned)(seed % 50);
        for (unsigned phase = 0; phase < 12; phase++) {
            uint64_t push_share = draw(&pair, 90) + 5;
            unsigned steps = 1u << draw(&pair, 12);
            for (unsigned i = 0; i < steps; i++) {
                if (draw(&pair, 100) < push_share)
                    pair_push(&pair, draw_time(&pair, most_bits));
                else if (pair.oracle.sorted.count && draw(&pair, 3))
                    pair_pop(&pair);
                else if (pair.oracle.sorted.count)
                    pair_pop_instant(&pair);
                if (draw(&pair, 4) == 0)
                    pair_agree(&pair);
            }
        }
        pair_drain(&pair);
        pair_release(&pair);
    }
}

/* The hold model around the sizes at which the queue changes its representation, and above. */
static void hold_at_sizes(void)
{
    static const unsigned sizes[] = {1, 2, 7, 23, 24, 25, 31, 63, 64, 65, 66, 100, 300, 1000, 5000};
    for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
        struct pair pair;
        pair_init(&pair, 1000 + k);
        for (unsigned i = 0; i < sizes[k]; i++)
            pair_push(&pair, (time_ns)draw(&pair, 1000000));
        for (unsigned i = 0; i < 20000; i++) {
            pair_pop(&pair);
            pair_push(&pair, pair.now_ns + (time_ns)draw(&pair, 1000000));
        }
        pair_drain(&pair);
        pair_release(&pair);
    }
}

/* Slots: every entry falls on a multiple of 12 s, thousands at an instant, each pushing one for the next slots. */
static void bursts_at_one_instant(void)
{
    struct pair pair;
    pair_init(&pair, 3);
    for (unsigned i = 0; i < 3000; i++)
        pair_push(&pair, (time_ns)draw(&pair, 4) * 12 * SECOND);
    for (unsigned slot = 0; slot < 30; slot++) {
        pair_pop_instant(&pair);
        size_t taken = pair.batch.count;
        for (size_t i = 0; i < taken; i++)
            pair_push(&pair, pair.now_ns + (time_ns)(1 + draw(&pair, 3)) * 12 * SECOND);
        pair_agree(&pair);
    }
    pair_drain(&pair);
    pair_release(&pair);
}

/* While an instant is taken one entry at a time, more entries arrive at that same instant: they come last. */
static void pushes_at_the_popped_instant(void)
{
    struct pair pair;
    pair_init(&pair, 4);
    for (unsigned i = 0; i < 500; i++)
        pair_push(&pair, 1000);
    for (unsigned i = 0; i < 50; i++)
        pair_push(&pair, 1000 + (time_ns)draw(&pair, 50));
    for (unsigned i = 0; i < 2000; i++) {
        pair_pop(&pair);
        pair_push(&pair, pair.now_ns + (draw(&pair, 50) == 0));
    }
    pair_drain(&pair);
    pair_release(&pair);
}

/* A peek at a far time must not stop a push before it. */
static void push_after_a_peek(void)
{
    struct pair pair;
    pair_init(&pair, 5);
    for (unsigned i = 0; i < 400; i++)
        pair_push(&pair, HOUR + (time_ns)draw(&pair, SECOND));
    pair_agree(&pair);
    pair_push(&pair, 7);
    pair_agree(&pair);
    pair_pop(&pair);
    pair_agree(&pair);
    for (unsigned i = 0; i < 400; i++)
        pair_push(&pair, MINUTE + (time_ns)draw(&pair, HOUR));
    pair_agree(&pair);
    pair_drain(&pair);
    pair_release(&pair);
}

/* What is foreseen is popped, and it is given often. */
static void what_is_foreseen_is_popped(void)
{
    struct queue queue;
    struct queue_entry entry;
    uint32_t seen = 0;
    queue_init(&queue);
    g_assert_null(queue_foresee(&queue, 0));
    for (uint32_t i = 0; i < 100000; i++)
        queue_push(&queue, (time_ns)((uint64_t)i * 7919 % 100003), i);
    for (uint32_t popped = 0; popped < 100000; popped++) {
        queue_peek_ns(&queue);
        const struct queue_entry *first = queue_foresee(&queue, 0), *third = queue_foresee(&queue, 2);
        struct queue_entry next = first ? *first : (struct queue_entry){0};
        struct queue_entry after_two = third && popped % 3 == 0 ? *third : (struct queue_entry){0};
        g_assert_true(queue_pop(&queue, &entry));
        g_assert_true(!first || (entry.handle == next.handle && entry.at_ns == next.at_ns));
        for (int more = 0; third && popped % 3 == 0 && more < 2; more++)
            g_assert_true(queue_pop(&queue, &entry));
        if (third && popped % 3 == 0) {
            g_assert_cmpuint(entry.handle, ==, after_two.handle);
            popped += 2;
        }
        seen += first != NULL;
    }
    g_assert_cmpuint(seen, >, 10000);
    queue_release(&queue);
}

/*
 * Who goes to the next time sees all that happens then, and what is pushed for it afterwards comes last. Who does not
 * reach it, since it is not before the bound, has gone nowhere.
 */
static void the_next_time_is_foreseen_whole(void)
{
    struct pair pair;
    pair_init(&pair, 11);
    for (unsigned i = 0; i < 6000; i++)
        pair_push(&pair, (time_ns)draw(&pair, i % 2 ? 1000 : 1000000));
    while (queue_count(&pair.queue)) {
        time_ns next_ns = oracle_peek_ns(&pair.oracle);
        g_assert_false(queue_reach_before(&pair.queue, next_ns));
        if (draw(&pair, 4) == 0) {
            next_ns = pair.now_ns + (time_ns)draw(&pair, (uint64_t)(next_ns - pair.now_ns) + 1);
            pair_push(&pair, next_ns);
        }
        g_assert_true(queue_reach_before(&pair.queue, next_ns + 1 + (time_ns)draw(&pair, 100000)));
        pair_agree(&pair);
        size_t count = 0;
        const struct queue_entry *entry;
        while ((entry = queue_foresee(&pair.queue, count)) && entry->at_ns == next_ns)
            count++;
        if (draw(&pair, 3) == 0) {
            pair_push(&pair, next_ns);
            pair_push(&pair, next_ns + 1 + (time_ns)draw(&pair, 1000));
            count++;
        }
        pair_pop_instant(&pair);
        g_assert_cmpuint(pair.batch.count, ==, count);
    }
    g_assert_false(queue_reach_before(&pair.queue, TIME_NEVER));
    pair_release(&pair);
}

/* Ten busy entries in front of many far timers, then timers at the end of time. */
static void sparse_front_and_far_timers(void)
{
    struct pair pair;
    pair_init(&pair, 6);
    for (unsigned i = 0; i < 5000; i++)
        pair_push(&pair, DAY + (time_ns)draw(&pair, 365 * DAY));
    for (unsigned i = 0; i < 10; i++)
        pair_push(&pair, (time_ns)draw(&pair, 100));
    for (unsigned i = 0; i < 50000; i++) {
        pair_pop(&pair);
        pair_push(&pair, pair.now_ns + (time_ns)draw(&pair, 100));
    }
    for (unsigned i = 0; i < 300; i++)
        pair_push(&pair, TIME_NEVER - 1 - (time_ns)draw(&pair, 200));
    pair_push(&pair, TIME_NEVER - 1);
    pair_drain(&pair);
    g_assert_cmpint(pair.now_ns, ==, TIME_NEVER - 1);
    pair_release(&pair);
}

static bool keep_odd(void *context, uint32_t handle)
{
    ++*(size_t *)context;
    return handle % 2;
}

/* Half of the entries are withdrawn, again and again, at all sizes; each entry is asked about once. */
static void filtering(void)
{
    for (unsigned size = 1; size <= 20000; size *= 3) {
        struct pair pair;
        pair_init(&pair, 7 + size);
        for (unsigned round = 0; round < 6; round++) {
            for (unsigned i = 0; i < size; i++)
                pair_push(&pair, draw_time(&pair, 40));
            for (unsigned i = 0; i < size / 8; i++)
                pair_pop(&pair);
            size_t asked = 0, asked_oracle = 0;
            size_t count = queue_count(&pair.queue);
            queue_filter(&pair.queue, keep_odd, &asked);
            oracle_filter(&pair.oracle, keep_odd, &asked_oracle);
            g_assert_cmpuint(asked, ==, count);
            pair_agree(&pair);
        }
        pair_drain(&pair);
        pair_release(&pair);
    }
}

/* A clone and its original are driven apart; neither sees the other's entries. */
static void clones_are_independent(void)
{
    for (unsigned size = 1; size < 100000; size *= 10) {
        struct pair pair, other;
        pair_init(&pair, 9 + size);
        for (unsigned i = 0; i < size; i++)
            pair_push(&pair, draw_time(&pair, 36));
        for (unsigned i = 0; i < size / 3; i++)
            pair_pop(&pair);

        pair_init(&other, 99 + size);
        queue_release(&other.queue);
        queue_clone(&other.queue, &pair.queue);
        for (size_t i = 0; i < pair.oracle.sorted.count; i++)
            vector_push(&other.oracle.sorted, pair.oracle.sorted.at[i]);
        other.oracle.sequence = pair.oracle.sequence;
        other.now_ns = pair.now_ns;

        for (unsigned i = 0; i < 1000; i++) {
            pair_push(&pair, draw_time(&pair, 36));
            pair_pop(&pair);
            pair_push(&other, draw_time(&other, 30));
            pair_push(&other, draw_time(&other, 30));
            pair_pop(&other);
        }
        pair_drain(&pair);
        pair_release(&pair);
        pair_drain(&other);
        pair_release(&other);
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct queue_entry *x = a, *y = b;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* A million pending at once, pushed in bulk, a quarter of them tied: they leave in exactly the sorted order. */
static void a_million_pending(void)
{
    enum { COUNT = 1000000 };
    struct pair pair;
    pair_init(&pair, 10);
    struct queue_entry *entries = g_new(struct queue_entry, COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        time_ns at_ns = (time_ns)draw(&pair, 100 * SECOND);
        entries[i] = (struct queue_entry){draw(&pair, 4) ? at_ns : at_ns / SECOND * SECOND, i, i};
    }
    queue_push_many(&pair.queue, entries, COUNT);
    g_assert_cmpuint(queue_count(&pair.queue), ==, COUNT);
    g_assert_cmpuint(queue_bytes(&pair.queue), <, 64u * COUNT);
    qsort(entries, COUNT, sizeof *entries, compare_entries);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct queue_entry got;
        g_assert_true(queue_pop(&pair.queue, &got));
        if (memcmp(&got, &entries[i], sizeof got))
            assert_same(got, entries[i]);
    }
    struct queue_entry got;
    g_assert_false(queue_pop(&pair.queue, &got));
    g_assert_cmpint(queue_pop_instant(&pair.queue, &pair.batch), ==, TIME_NEVER);
    g_free(entries);
    pair_release(&pair);
}

/* The sequence wraps after 2^32 pushes; entries of one time still leave in the order of pushing. */
static void sequence_wraps(void)
{
    struct queue queue;
    queue_init(&queue);
    queue.sequence = UINT32_MAX - 100;
    for (uint32_t i = 0; i < 300; i++)
        queue_push(&queue, i % 3, i);
    for (uint32_t i = 0; i < 300; i++) {
        struct queue_entry entry;
        g_assert_true(queue_pop(&queue, &entry));
        g_assert_cmpuint(entry.handle, ==, i / 100 + i % 100 * 3);
    }
    queue_release(&queue);
}

/* A push before the time last popped is a programmer's error. */
static void the_past_is_refused(void)
{
    if (g_test_subprocess()) {
        struct queue queue;
        struct queue_entry entry;
        queue_init(&queue);
        queue_push(&queue, 10, 1);
        queue_pop(&queue, &entry);
        queue_push(&queue, 10, 2);
        queue_push(&queue, 9, 3);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*requirement failed: at_ns >= queue->floor_ns*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/queue/random operations", random_operations);
    g_test_add_func("/queue/hold at sizes", hold_at_sizes);
    g_test_add_func("/queue/bursts at one instant", bursts_at_one_instant);
    g_test_add_func("/queue/pushes at the popped instant", pushes_at_the_popped_instant);
    g_test_add_func("/queue/push after a peek", push_after_a_peek);
    g_test_add_func("/queue/what is foreseen is popped", what_is_foreseen_is_popped);
    g_test_add_func("/queue/the next time is foreseen whole", the_next_time_is_foreseen_whole);
    g_test_add_func("/queue/sparse front and far timers", sparse_front_and_far_timers);
    g_test_add_func("/queue/filtering", filtering);
    g_test_add_func("/queue/clones are independent", clones_are_independent);
    g_test_add_func("/queue/a million pending", a_million_pending);
    g_test_add_func("/queue/sequence wraps", sequence_wraps);
    g_test_add_func("/queue/the past is refused", the_past_is_refused);
    return g_test_run();
}
