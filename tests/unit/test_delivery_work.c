/* SPDX-License-Identifier: MIT */
/*
 * How much a delivery does where votes of many rounds and heights are kept: so much for each, not so much for each and
 * each of the others. What is told does not depend on it; tests/property/test_delivery_backends.c compares that.
 */
#include "delivery_fixture.h"

#define MS       MILLISECOND
#define REPLICAS 8u
#define BEHIND   (REPLICAS - 1) /* cut off, and gets everything when the partition ends */

static struct vote_query votes_from(uint64_t height)
{
    struct vote_query query = votes_of(0, height, 0);
    query.kinds = 1u << 0 | 1u << 1;
    query.height_last = UINT64_MAX;
    query.round_last = UINT32_MAX;
    return query;
}

/* Votes of the first so many replicas, of both types. */
static void send_votes(struct fixture *fixture, uint32_t voters, uint64_t height, uint32_t round)
{
    for (uint16_t type = 0; type < 2; type++)
        for (validator_id voter = 0; voter < voters; voter++)
            fixture_vote(fixture, voter, 1, type, height, round, BLOCK_NONE);
}

/*
 * A replica that was cut off for so many heights waits for five voters of one of them. Four voted twice at each, which
 * seems to suffice until they are counted, and a fifth at the last height. Returns the forecasts of places that it
 * took.
 */
static uint64_t forecasts_of(uint64_t heights)
{
    struct network *network =
        setup_network(REPLICAS, SETTINGS("latency", "uniform", "latency.min", "10 ms", "latency.max", "90 ms"));
    const uint8_t side[REPLICAS] = {1, 1, 1, 1, 1, 1, 1, 2};
    time_ns heal_ns = (time_ns)(heights + 1) * SECOND;
    network_partition(network, 0, heal_ns, side, false);
    struct fixture *fixture = fixture_new(DELIVERY_LATE, REPLICAS, network);
    struct watch watch = {.votes = votes_from(1), .threshold = 5, .within_one_round = true, .tag = 1};
    delivery_watch(fixture->delivery, BEHIND, &watch);
    for (uint64_t height = 1; height <= heights; height++) {
        fixture_run(fixture, (time_ns)height * SECOND);
        send_votes(fixture, 4, height, 0);
    }
    fixture_vote(fixture, 4, 1, 0, heights, 0, BLOCK_NONE);
    fixture_run(fixture, heal_ns);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, BEHIND, NULL), ==, 0);
    fixture_run(fixture, heal_ns + SECOND);
    struct fixture_told told = {.height = 0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, BEHIND, &told), ==, 1);
    g_assert_cmpuint(told.height, ==, heights);
    uint64_t forecasts = delivery_work(fixture->delivery).forecasts;
    fixture_free(fixture);
    return forecasts;
}

/* The watch is looked at as votes arrive, often in vain: so much for each height, however many there are. */
static void what_was_held_is_reckoned_once(void)
{
    const uint64_t heights[] = {50, 200};
    for (int i = 0; i < 2; i++) {
        uint64_t forecasts = forecasts_of(heights[i]);
        g_test_message("%u forecasts", (unsigned)forecasts);
        g_assert_cmpuint(forecasts, >=, heights[i]);
        g_assert_cmpuint(forecasts, <=, 12 * heights[i]);
    }
}

/* Replica 0 tells another all that it has. */
static void answer(struct fixture *fixture, replica_id to)
{
    fixture_send(fixture,
                 (struct message){.kind = MESSAGE_RESPONSE, .origin = 0, .sender = ID_NONE, .block = BLOCK_NONE},
                 (struct delivery_options){.target = {&to, 1}, .certificate = votes_from(1)});
}

/*
 * A height of 50 rounds without a decision, and an answer after each to somebody who has all votes but, every fifth
 * round, those of the last one; then one to who has none, and one more to it.
 */
static void answers_carry_what_is_lacking(gconstpointer data)
{
    struct network *network = setup_network(REPLICAS, SETTINGS("latency", "constant", "latency.delay", "10 ms"));
    const uint8_t side[REPLICAS] = {1, 1, 1, 1, 1, 1, 1, 2};
    network_partition(network, 0, MINUTE, side, true);
    struct fixture *fixture = fixture_new((enum delivery_backend)GPOINTER_TO_UINT(data), REPLICAS, network);
    for (uint32_t round = 0; round < 50; round++) {
        time_ns start_ns = (time_ns)round * SECOND;
        fixture_run(fixture, start_ns);
        send_votes(fixture, BEHIND, 1, round);
        fixture_run(fixture, start_ns + (round % 5 == 0 ? 10 * MS - 1 : 20 * MS));
        answer(fixture, 1);
    }
    fixture_run(fixture, MINUTE);
    /* Of a round whose votes are under way to it the sender has its own. */
    g_assert_cmpuint(delivery_work(fixture->delivery).packed, ==, 2 * 10);
    struct vote_query query = votes_from(1);
    g_assert_cmpuint(delivery_weight(fixture->delivery, BEHIND, &query), ==, 0);
    answer(fixture, BEHIND);
    fixture_run(fixture, 2 * MINUTE);
    g_assert_cmpuint(delivery_work(fixture->delivery).packed, ==, 2 * 10 + 2 * 50);
    for (uint32_t round = 0; round < 50; round++) {
        query = votes_of(1, 1, round);
        g_assert_cmpuint(delivery_weight(fixture->delivery, BEHIND, &query), ==, BEHIND);
    }
    answer(fixture, BEHIND);
    g_assert_cmpuint(delivery_work(fixture->delivery).packed, ==, 2 * 10 + 2 * 50);
    fixture_free(fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gconstpointer events = GUINT_TO_POINTER(DELIVERY_EVENTS), late = GUINT_TO_POINTER(DELIVERY_LATE);
    g_test_add_func("/delivery-work/held", what_was_held_is_reckoned_once);
    g_test_add_data_func("/delivery-work/events/answers", events, answers_carry_what_is_lacking);
    g_test_add_data_func("/delivery-work/late/answers", late, answers_carry_what_is_lacking);
    return g_test_run();
}
