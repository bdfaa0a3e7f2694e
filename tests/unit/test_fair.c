/* SPDX-License-Identifier: MIT */
/*
 * Fair queues against the plainest way of sharing a rate: a list, of which the next to be through is looked for. Copies
 * that join together, duplicates that are alone and those that are not all come to the same times, also where the
 * timetable changes the rate.
 */
#include "carrier_fixture.h"

#define PARTS 1024u /* of a ns: what both reckon in */
#define NODE  1u
#define RATE  8000000u

struct plain_entry {
    uint64_t finish;
    uint32_t ticket; /* SLOT_NONE: a duplicate */
};

/* The rate is this from then on. */
struct plain_rate {
    time_ns from_ns;
    uint64_t bit_per_s;
};

struct plain_queue {
    VECTOR(struct plain_rate) rates; /* by from_ns, beginning at 0 */
    uint64_t virtual;
    time_ns since_ns;
    VECTOR(struct plain_entry) entries;
    VECTOR(time_ns) through_ns; /* by ticket */
};

static uint64_t least_finish(const struct plain_queue *queue)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < queue->entries.count; i++)
        least = MIN(least, queue->entries.at[i].finish);
    return least;
}

/* What is done from since_ns on, in parts of a ns at the full rate; each stretch of one rate is rounded down. */
static uint128 plain_work(const struct plain_queue *queue, time_ns until_ns)
{
    uint128 work = 0;
    for (size_t i = 0; i < queue->rates.count; i++) {
        time_ns end_ns = i + 1 < queue->rates.count ? queue->rates.at[i + 1].from_ns : TIME_NEVER;
        time_ns from_ns = MAX(queue->since_ns, queue->rates.at[i].from_ns), to_ns = MIN(until_ns, end_ns);
        if (from_ns < to_ns)
            work += (uint128)(uint64_t)(to_ns - from_ns) * PARTS * queue->rates.at[i].bit_per_s / RATE;
    }
    return work;
}

static void plain_advance(struct plain_queue *queue, time_ns now_ns)
{
    size_t count = queue->entries.count;
    queue->virtual = count ? queue->virtual + (uint64_t)(plain_work(queue, now_ns) / count) : 0;
    queue->since_ns = now_ns;
}

/* The first ns at which so much is done, by halving. */
static time_ns plain_done_ns(const struct plain_queue *queue, uint128 work)
{
    time_ns low = queue->since_ns, high = queue->since_ns + HOUR;
    while (low < high) {
        time_ns middle = low + (high - low) / 2;
        if (plain_work(queue, middle) >= work)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Everybody who is through by then leaves. */
static void plain_run(struct plain_queue *queue, time_ns until_ns)
{
    while (queue->entries.count) {
        uint64_t finish = least_finish(queue), rest = finish > queue->virtual ? finish - queue->virtual : 0;
        time_ns through_ns = plain_done_ns(queue, (uint128)rest * queue->entries.count);
        if (through_ns > until_ns)
            return;
        plain_advance(queue, through_ns);
        size_t kept = 0;
        for (size_t i = 0; i < queue->entries.count; i++) {
            struct plain_entry entry = queue->entries.at[i];
            if (entry.finish > queue->virtual)
                queue->entries.at[kept++] = entry;
            else if (entry.ticket != SLOT_NONE)
                queue->through_ns.at[entry.ticket] = through_ns;
        }
        queue->entries.count = kept;
    }
}

static void plain_add(struct plain_queue *queue, time_ns now_ns, time_ns work_ns, uint32_t ticket)
{
    plain_run(queue, now_ns);
    plain_advance(queue, now_ns);
    vector_push(&queue->entries, (struct plain_entry){queue->virtual + (uint64_t)work_ns * PARTS, ticket});
}

/* A message whose first copy comes in at the node, as far as its queue is told; its sender never gets to send it. */
static uint32_t join(struct carrier_fixture *fixture, time_ns work_ns)
{
    uint32_t ticket = carried_send(fixture, 0, (struct carrier_message){.size_bytes = 1, .delay_ns = DAY});
    uint32_t slot = (uint32_t)fixture->carrier->messages.count - 1;
    struct transfer transfer = {.item = CARRIER_COPY, .slot = slot, .to = NODE, .link = LINK_NONE};
    fair_add(fixture->carrier, FAIR_DOWN, NODE, &transfer, work_ns);
    return ticket;
}

/* Some stretches at a lower rate, for both. */
static void throttle(struct carrier_fixture *fixture, struct plain_queue *plain, struct random_stream *stream,
                     uint64_t stretches)
{
    static const bool in[] = {false, true};
    vector_push(&plain->rates, (struct plain_rate){0, RATE});
    time_ns at_ns = 0;
    for (; stretches > 0; stretches--) {
        time_ns from_ns = at_ns + 1 + (time_ns)random_below(stream, 300000);
        at_ns = from_ns + 1 + (time_ns)random_below(stream, 200000);
        uint64_t bit_per_s = 1000 + random_below(stream, RATE - 1000);
        network_throttle(fixture->network, from_ns, at_ns, in, bit_per_s);
        vector_push(&plain->rates, (struct plain_rate){from_ns, bit_per_s});
        vector_push(&plain->rates, (struct plain_rate){at_ns, RATE});
    }
}

static void try_one(uint64_t number)
{
    static const time_ns works_ns[] = {0, 1, 700, 700, 700, 1000, 4321, 50000};
    struct random_stream stream;
    struct carrier_fixture fixture;
    struct plain_queue plain = {0};
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, number);
    carried_init(&fixture, 2, NULL, SETTINGS("capacity.down", "8 Mbit/s", "capacity.queue", "fair"));
    throttle(&fixture, &plain, &stream, number % 2 ? 1 + random_below(&stream, 4) : 0);
    carried_begin(&fixture);
    uint64_t gap_ns = 1 + random_below(&stream, 5000), duplicates = 1 + random_below(&stream, 8);
    for (unsigned i = 0; i < 200; i++) {
        time_ns now_ns = fixture.clock.now.ns, work_ns = works_ns[random_below(&stream, G_N_ELEMENTS(works_ns))];
        for (uint64_t more = random_below(&stream, 3); more > 0; more--) {
            vector_push(&plain.through_ns, TIME_NEVER);
            plain_add(&plain, now_ns, work_ns, join(&fixture, work_ns));
        }
        for (uint64_t more = random_below(&stream, duplicates); more > 0; more--) {
            plain_add(&plain, now_ns, work_ns, SLOT_NONE);
            fair_add_duplicate(fixture.carrier, NODE, 1, work_ns);
        }
        fair_arm_joined(fixture.carrier);
        carrier_end_instant(fixture.carrier, now_ns);
        carried_run(&fixture, now_ns + 1 + (time_ns)random_below(&stream, gap_ns));
    }
    carried_run(&fixture, HOUR);
    plain_run(&plain, HOUR);
    for (uint32_t ticket = 0; ticket < plain.through_ns.count; ticket++)
        g_assert_cmpint(carried_had(&fixture, ticket, NODE), ==, plain.through_ns.at[ticket]);
    vector_release(&plain.rates);
    vector_release(&plain.entries);
    vector_release(&plain.through_ns);
    carried_release(&fixture);
}

static void shares_are_those_of_a_list(void)
{
    for (uint64_t number = 0; number < 200; number++)
        try_one(number);
}

/*
 * A line of 1 Gbit/s at a thousandth of its rate does a ns of work in 1 us. Something of 1 ns comes in each 1.5 us, so
 * a third of the work is left for a copy of 1,000 ns: it is through after 3 ms, but for what is rounded at each
 * arrival.
 */
static void little_is_lost_on_a_slow_line(void)
{
    static const bool in[] = {false, true};
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, NULL, SETTINGS("capacity.down", "1 Gbit/s", "capacity.queue", "fair"));
    network_throttle(fixture.network, 0, HOUR, in, 1000000);
    carried_begin(&fixture);
    uint32_t ticket = join(&fixture, 1000);
    for (unsigned i = 0; i < 2500; i++) {
        time_ns now_ns = fixture.clock.now.ns;
        fair_add_duplicate(fixture.carrier, NODE, 1, 1);
        fair_arm_joined(fixture.carrier);
        carrier_end_instant(fixture.carrier, now_ns);
        carried_run(&fixture, now_ns + 1500);
    }
    time_ns had_ns = carried_had(&fixture, ticket, NODE);
    g_assert_cmpint(had_ns, >=, 2970 * MICROSECOND);
    g_assert_cmpint(had_ns, <=, 3030 * MICROSECOND);
    carried_release(&fixture);
}

/* Copies of 1 ms to twenty peers share the line, so all have left after 20 ms; the same when each is sent by itself. */
static void copies_to_many_share_the_line(void)
{
    GString *links = g_string_new(NULL);
    for (node_id peer = 1; peer <= 20; peer++)
        g_string_append_printf(links, "%s0,%u,%u", peer > 1 ? " " : "", peer, 9 + peer);
    /* Copies are plain only without jitter and with queues downwards, which here are fast. */
    for (int kind = 0; kind < 4; kind++) {
        struct carrier_fixture fixture;
        bool jitter = kind % 2;
        carried_init(&fixture, 21, links->str,
                     SETTINGS("relay", "push", "capacity.up", "8 Mbit/s", "capacity.queue", "fair",
                              jitter ? "topology.jitter" : "relay", jitter ? "1 %" : "push",
                              kind / 2 ? "capacity.down" : NULL, "80 Gbit/s"));
        carried_begin(&fixture);
        uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
        carried_run(&fixture, SECOND);
        for (node_id peer = 1; peer <= 20; peer++) {
            time_ns way_ns = (time_ns)(9 + peer) * MILLISECOND, had_ns = carried_had(&fixture, ticket, peer);
            g_assert_cmpint(had_ns, >=, 20 * MILLISECOND + way_ns * (jitter ? 9 : 10) / 10);
            g_assert_cmpint(had_ns, <=, 20 * MILLISECOND + way_ns * (jitter ? 11 : 10) / 10);
        }
        g_assert_cmpuint(carrier_load(fixture.carrier, 0).queued, ==, 20);
        g_assert_cmpint(carrier_load(fixture.carrier, 0).waited_ns, ==, 20 * 19 * MILLISECOND);
        carried_release(&fixture);
    }
    g_string_free(links, TRUE);
}

/* A copy that is alone on a line that is throttled has nobody to wait for. */
static void a_slow_line_is_no_wait(void)
{
    static const bool in[] = {true, false};
    static const char *const kinds[] = {"fifo", "fair"};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, 2, NULL, SETTINGS("capacity.up", "8 Mbit/s", "capacity.queue", kinds[i]));
        network_throttle(fixture.network, 0, 5 * MILLISECOND, in, 800000);
        carried_begin(&fixture);
        uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
        carried_run(&fixture, SECOND);
        g_assert_cmpint(carried_had(&fixture, ticket, 1), ==, 15500 * MICROSECOND);
        g_assert_cmpuint(carrier_load(fixture.carrier, 0).queued, ==, 1);
        g_assert_cmpint(carrier_load(fixture.carrier, 0).waited_ns, ==, 0);
        carried_release(&fixture);
    }
}

/* Who is sent something at the rate that it can take in is not charged for it again. */
static void two_slow_ends_take_as_long_as_one(void)
{
    static const char *const kinds[] = {"fifo", "fair"};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        struct carrier_fixture fixture;
        carried_init(&fixture, 2, NULL, SETTINGS("capacity.up", "8 Mbit/s", "capacity.queue", kinds[i]));
        network_throttle(fixture.network, 0, HOUR, NULL, 800000);
        carried_begin(&fixture);
        uint32_t ticket = carried_broadcast(&fixture, 0, 1000);
        carried_run(&fixture, SECOND);
        g_assert_cmpint(carried_had(&fixture, ticket, 1), ==, 20 * MILLISECOND);
        carried_release(&fixture);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fair/shares are those of a list", shares_are_those_of_a_list);
    g_test_add_func("/fair/little is lost on a slow line", little_is_lost_on_a_slow_line);
    g_test_add_func("/fair/copies to many share the line", copies_to_many_share_the_line);
    g_test_add_func("/fair/a slow line is no wait", a_slow_line_is_no_wait);
    g_test_add_func("/fair/two slow ends take as long as one", two_slow_ends_take_as_long_as_one);
    return g_test_run();
}
