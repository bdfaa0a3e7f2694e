/* SPDX-License-Identifier: MIT */
/* Single stories of a delivery; tests/property/test_delivery_backends.c compares it whole with a naive one. */
#include "delivery_fixture.h"

#include <malloc.h>

#define MS MILLISECOND

/*
 * 200 replicas, jitter: a broadcast lands once at each, in the order of time, when the network says; so do two votes
 * that are under way together.
 */
static void arrivals_in_order(gconstpointer longest)
{
    struct network *network =
        setup_network(200, SETTINGS("latency", "uniform", "latency.min", "1 ms", "latency.max", longest));
    struct fixture *fixture = fixture_new(DELIVERY_EVENTS, 200, network);
    for (validator_id voter = 0; voter < 2; voter++)
        fixture_vote(fixture, voter, 1, 0, 1, 0, BLOCK_NONE);
    fixture_run(fixture, MINUTE);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_DELIVERED, ID_NONE, NULL), ==, 400);
    bool landed[2][200] = {{false}};
    for (size_t i = 0; i < fixture->told.count; i++) {
        const struct fixture_told *told = &fixture->told.at[i];
        struct message vote = {
            .kind = MESSAGE_VOTE, .height = 1, .sender = told->voter, .origin = told->voter, .subject = ID_NONE};
        struct network_message sent = {.id = message_identify(&vote, 0, 0)};
        g_assert_cmpint(told->at.ns, ==, network_arrival(network, &sent, told->voter, told->replica));
        g_assert_true(i == 0 || told[-1].at.ns <= told->at.ns);
        g_assert_false(landed[told->voter][told->replica]);
        landed[told->voter][told->replica] = true;
    }
    fixture_free(fixture);
}

/*
 * 20,000 arrivals within 2 us, at 1 ms, because the first half of it everything is slow; and while they land, votes
 * whose ways are as short as 0 to 2 us and end among them. Each lands once, in order, when the network says.
 */
static void short_ways_among_long(void)
{
    struct network *network =
        setup_network(200, SETTINGS("latency", "uniform", "latency.min", "0 ns", "latency.max", "2 us"));
    network_slow(network, 0, MS / 2, NULL, MS);
    struct fixture *fixture = fixture_new(DELIVERY_EVENTS, 200, network);
    for (validator_id voter = 0; voter < 100; voter++)
        fixture_vote(fixture, voter, 1, 0, 1, 0, BLOCK_NONE);
    for (validator_id voter = 100; voter < 200; voter++) {
        fixture_run(fixture, MS + (time_ns)(voter - 100) * 20);
        fixture_vote(fixture, voter, 1, 0, 1, 0, BLOCK_NONE);
    }
    fixture_run(fixture, MINUTE);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_DELIVERED, ID_NONE, NULL), ==, 40000);
    static bool landed[200][200];
    for (size_t i = 0; i < fixture->told.count; i++) {
        const struct fixture_told *told = &fixture->told.at[i];
        struct message vote = {
            .kind = MESSAGE_VOTE, .height = 1, .sender = told->voter, .origin = told->voter, .subject = ID_NONE};
        struct network_message sent = {.id = message_identify(&vote, 0, 0)};
        sent.sent_ns = told->voter < 100 ? 0 : MS + (time_ns)(told->voter - 100) * 20;
        g_assert_cmpint(told->at.ns, ==, network_arrival(network, &sent, told->voter, told->replica));
        g_assert_true(i == 0 || told[-1].at.ns <= told->at.ns);
        g_assert_false(landed[told->voter][told->replica]);
        landed[told->voter][told->replica] = true;
    }
    fixture_free(fixture);
}

/* A chain of three comes youngest first: nothing is available until the oldest is here, then all are, each once. */
static void orphans_wait(void)
{
    struct fixture *fixture = fixture_new(DELIVERY_LATE, 2, NULL);
    block_id first = fixture_block(fixture, BLOCK_GENESIS), second = fixture_block(fixture, first),
             third = fixture_block(fixture, second);
    fixture_propose(fixture, 0, 3, 0, third);
    fixture_run(fixture, 1 * MS);
    fixture_propose(fixture, 0, 2, 0, second);
    fixture_run(fixture, 20 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_BLOCK, 1, NULL), ==, 0);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_MESSAGE, 1, NULL), ==, 0);
    fixture_propose(fixture, 0, 1, 0, first);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_BLOCK, 1, &told), ==, 3);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_MESSAGE, 1, NULL), ==, 3);
    g_assert_cmpint(told.at.ns, ==, 30 * MS);
    g_assert_true(delivery_has_block(fixture->delivery, 1, third));
    fixture_free(fixture);
}

/* A block that is proposed again for another round is another message, and not another block. */
static void proposed_again(void)
{
    struct fixture *fixture = fixture_new(DELIVERY_EVENTS, 2, NULL);
    block_id block = fixture_block(fixture, BLOCK_GENESIS);
    fixture_propose(fixture, 0, 1, 0, block);
    fixture_run(fixture, 20 * MS);
    fixture_propose(fixture, 1, 1, 1, block);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_BLOCK, 0, NULL), ==, 1);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_MESSAGE, 0, &told), ==, 2);
    g_assert_cmpuint(told.round, ==, 1);
    fixture_free(fixture);
}

/*
 * A response to replica 2, which was cut off: the block with its missing parent, and the two votes that the sender
 * holds. In the instant of its arrival the watch for two votes is met.
 */
static void catching_up(gconstpointer data)
{
    struct fixture *fixture = fixture_new((enum delivery_backend)GPOINTER_TO_UINT(data), 3, NULL);
    const uint8_t side[] = {1, 1, 2};
    network_partition(fixture->network, 0, SECOND, side, true);
    block_id parent = fixture_block(fixture, BLOCK_GENESIS), block = fixture_block(fixture, parent);
    struct vote_query query = votes_of(0, 1, 0);
    query.value = WATCH_BLOCK;
    query.block = block;
    query.join_block = true;
    fixture_watch(fixture, 2, 1, query, 2);
    fixture_propose(fixture, 0, 1, 0, parent);
    fixture_propose(fixture, 0, 2, 0, block);
    fixture_vote(fixture, 0, 1, 0, 1, 0, block);
    fixture_vote(fixture, 1, 1, 0, 1, 0, block);
    fixture_run(fixture, 2 * SECOND);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, ID_NONE, NULL), ==, 0);
    replica_id to = 2;
    fixture_send(fixture, (struct message){.kind = MESSAGE_RESPONSE, .origin = 1, .sender = ID_NONE, .block = block},
                 (struct delivery_options){.target = {&to, 1}, .with_ancestors = true, .certificate = query});
    fixture_run(fixture, 3 * SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 2, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 2 * SECOND + 10 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_BLOCK, 2, NULL), ==, 2);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_MESSAGE, 2, NULL), ==, 1);
    fixture_free(fixture);
}

/*
 * Where an equivocator counts everywhere by its heaviest vote, a light vote can give away a heavy voter: voter 1 votes
 * for A with 5, then for B with 1, and the watch for C (threshold 6, one vote of 1 so far) is met.
 */
static void light_vote_heavy_voter(gconstpointer data)
{
    struct fixture *fixture = fixture_new((enum delivery_backend)GPOINTER_TO_UINT(data), 4, NULL);
    block_id blocks[3];
    for (int i = 0; i < 3; i++)
        blocks[i] = fixture_block(fixture, BLOCK_GENESIS);
    struct vote_query query = votes_of(0, 1, 0);
    query.value = WATCH_BLOCK;
    query.block = blocks[2];
    query.duplicates = DUPLICATES_EVERYWHERE;
    fixture_watch(fixture, 0, 1, query, 6);
    fixture_vote(fixture, 3, 1, 0, 1, 0, blocks[0]);
    fixture_vote(fixture, 1, 5, 0, 1, 0, blocks[0]);
    fixture_vote(fixture, 1, 1, 0, 1, 0, blocks[1]);
    fixture_vote(fixture, 2, 1, 0, 1, 0, blocks[2]);
    fixture_run(fixture, 20 * MS);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 10 * MS);

    /* The same with the light vote last, where voter 3 has been uneven before: its landing alone must be enough. */
    query.height_first = query.height_last = 2;
    fixture_watch(fixture, 0, 2, query, 8);
    fixture_vote(fixture, 1, 5, 0, 2, 0, blocks[0]);
    fixture_vote(fixture, 2, 1, 0, 2, 0, blocks[2]);
    fixture_vote(fixture, 3, 1, 0, 2, 0, blocks[0]);
    fixture_vote(fixture, 3, 2, 0, 2, 0, blocks[1]);
    fixture_run(fixture, 40 * MS);
    fixture_vote(fixture, 1, 1, 0, 2, 0, blocks[1]);
    fixture_run(fixture, SECOND);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 2);
    g_assert_cmpint(told.at.ns, ==, 50 * MS);
    fixture_free(fixture);
}

/*
 * An equivocator counts nowhere: what it did at height 1 spoils its vote at height 2, until height 1 is forgotten. Then
 * the watch over both is met, and fires in the next microstep.
 */
static void forgetting_forgives(gconstpointer data)
{
    struct fixture *fixture = fixture_new((enum delivery_backend)GPOINTER_TO_UINT(data), 3, NULL);
    struct vote_query query = votes_of(0, 1, 0);
    query.height_last = 2;
    query.duplicates = DUPLICATES_NOWHERE;
    fixture_watch(fixture, 0, 1, query, 2);
    fixture_vote(fixture, 1, 1, 0, 1, 0, BLOCK_NONE);
    fixture_vote(fixture, 1, 1, 0, 1, 0, BLOCK_GENESIS);
    fixture_vote(fixture, 1, 1, 0, 2, 0, BLOCK_GENESIS);
    fixture_vote(fixture, 2, 1, 0, 2, 0, BLOCK_GENESIS);
    fixture_run(fixture, 20 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, NULL), ==, 0);
    delivery_forget(fixture->delivery, 0, 2);
    fixture_run(fixture, 20 * MS);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 20 * MS);
    g_assert_cmpuint(told.at.microstep, ==, 1);
    fixture_free(fixture);
}

/* A replica confined to {0, 1} neither hears replica 2 nor is heard by it. */
static void confined(void)
{
    struct fixture *fixture = fixture_new(DELIVERY_LATE, 3, NULL);
    const bool members[] = {true, true, false};
    delivery_confine(fixture->delivery, 0, members);
    for (validator_id voter = 0; voter < 3; voter++)
        fixture_vote(fixture, voter, 1, 0, 1, 0, BLOCK_NONE);
    fixture_run(fixture, 20 * MS);
    struct vote_query query = votes_of(0, 1, 0);
    g_assert_cmpuint(delivery_weight(fixture->delivery, 0, &query), ==, 2);
    g_assert_cmpuint(delivery_weight(fixture->delivery, 1, &query), ==, 3);
    g_assert_cmpuint(delivery_weight(fixture->delivery, 2, &query), ==, 2);
    struct delivery_counts counts = delivery_counts(fixture->delivery);
    g_assert_cmpuint(counts.messages, ==, 3);
    g_assert_cmpuint(counts.arrivals, ==, 7);
    fixture_free(fixture);
}

/* Each vote that comes after the watch was set is told, duplicates too, until it is cancelled. */
static void each_vote(gconstpointer data)
{
    struct fixture *fixture = fixture_new((enum delivery_backend)GPOINTER_TO_UINT(data), 3, NULL);
    fixture_vote(fixture, 1, 1, 0, 1, 0, BLOCK_NONE);
    fixture_run(fixture, 15 * MS);
    struct watch watch = {.votes = votes_of(0, 1, 0), .each_vote = true, .tag = 4};
    delivery_watch(fixture->delivery, 0, &watch);
    fixture_vote(fixture, 2, 1, 0, 1, 0, BLOCK_NONE);
    fixture_vote(fixture, 2, 1, 0, 1, 0, BLOCK_GENESIS);
    fixture_run(fixture, 30 * MS);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 2);
    g_assert_cmpuint(told.voter, ==, 2);
    delivery_unwatch(fixture->delivery, 0, 4);
    fixture_vote(fixture, 1, 1, 0, 1, 0, BLOCK_GENESIS);
    fixture_run(fixture, SECOND);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, NULL), ==, 2);
    fixture_free(fixture);
}

static size_t bytes_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* 50 replicas vote once at each of so many heights, and forget what is behind them; replica 0 is down from the start.
 */
static size_t memory_after(enum delivery_backend backend, uint64_t heights)
{
    struct fixture *fixture = fixture_new(backend, 50, NULL);
    network_outage(fixture->network, 0, 0, TIME_NEVER, true);
    fixture_run(fixture, 1);
    size_t before = bytes_in_use();
    for (uint64_t height = 1; height <= heights; height++) {
        for (validator_id voter = 1; voter < 50; voter++) {
            fixture_watch(fixture, voter, 1, votes_of(0, height, 0), 40);
            fixture_vote(fixture, voter, 1, 0, height, 0, BLOCK_NONE);
        }
        fixture_run(fixture, (time_ns)height * 100 * MS);
        for (validator_id voter = 1; voter < 50; voter++)
            delivery_forget(fixture->delivery, voter, height + 1);
        g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, ID_NONE, NULL), ==, 49);
        vector_clear(&fixture->told);
    }
    size_t after = bytes_in_use();
    fixture_free(fixture);
    return after > before ? after - before : 0;
}

/*
 * What 1,000 heights leave behind is what 10 leave: memory does not grow with history, though one replica is dead. (A
 * sanitizer's allocator tells no figures: there the test only runs.)
 */
static void memory_is_bounded(gconstpointer data)
{
    enum delivery_backend backend = (enum delivery_backend)GPOINTER_TO_UINT(data);
    size_t few = memory_after(backend, 10), many = memory_after(backend, 1000);
    g_test_message("%zu bytes after 10 heights, %zu after 1000", few, many);
    g_assert_cmpuint(many, <=, few + few / 4 + 4096);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gpointer events = GUINT_TO_POINTER(DELIVERY_EVENTS), late = GUINT_TO_POINTER(DELIVERY_LATE);
    g_test_add_data_func("/delivery/arrivals-in-order/9-s", "9 s", arrivals_in_order);
    g_test_add_data_func("/delivery/arrivals-in-order/10-ms", "10 ms", arrivals_in_order);
    g_test_add_func("/delivery/short-ways-among-long", short_ways_among_long);
    g_test_add_func("/delivery/orphans-wait", orphans_wait);
    g_test_add_func("/delivery/proposed-again", proposed_again);
    g_test_add_data_func("/delivery/events/catching-up", events, catching_up);
    g_test_add_data_func("/delivery/late/catching-up", late, catching_up);
    g_test_add_data_func("/delivery/events/light-vote-heavy-voter", events, light_vote_heavy_voter);
    g_test_add_data_func("/delivery/late/light-vote-heavy-voter", late, light_vote_heavy_voter);
    g_test_add_data_func("/delivery/events/forgetting-forgives", events, forgetting_forgives);
    g_test_add_data_func("/delivery/late/forgetting-forgives", late, forgetting_forgives);
    g_test_add_func("/delivery/confined", confined);
    g_test_add_data_func("/delivery/events/each-vote", events, each_vote);
    g_test_add_data_func("/delivery/late/each-vote", late, each_vote);
    g_test_add_data_func("/delivery/events/memory-is-bounded", events, memory_is_bounded);
    g_test_add_data_func("/delivery/late/memory-is-bounded", late, memory_is_bounded);
    return g_test_run();
}
