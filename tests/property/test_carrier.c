/* SPDX-License-Identifier: MIT */
/*
 * Carriers over random graphs. Without queues and jitter a push reaches every node exactly when the flood's shortest
 * path does, which another part of the network computes. Whatever the way of relaying, the queues and the faults that
 * hold messages, every node has each message in the end, once; a clone made in between ends as the original does; and
 * all comes to the same where everything is an event of the clock and nothing is dealt with ahead or left out, also
 * where delays and sizes are of few values, so that much comes in the same instant. `-m thorough` tries more of them.
 */
#include "../unit/carrier_fixture.h"

#include "../shared.h"

#define MESSAGES 6u

struct draw {
    struct random_stream stream;
    bool tied; /* delays, and what sizes take at 1 Mbit/s, are whole steps */
};

#define STEP_MS    8u
#define STEP_BYTES 1000u

static uint32_t below(struct draw *draw, uint32_t bound)
{
    return (uint32_t)random_below(&draw->stream, bound);
}

static uint32_t delay_ms(struct draw *draw)
{
    return draw->tied ? STEP_MS * (1 + below(draw, 4)) : 1 + below(draw, 60);
}

/* Rotor cuts it into 32 shreds, of a step with their 208 bytes of overhead. */
static uint32_t size_bytes(struct draw *draw, const char *kind)
{
    if (!draw->tied)
        return 100 + below(draw, 8000);
    return strcmp(kind, "rotor") == 0 ? 32 * (STEP_BYTES - 208) : STEP_BYTES * (1 + below(draw, 4));
}

/* A ring and chords. Delays of whole ms make ties, of which the hops have many. */
static char *random_rows(struct draw *draw, uint32_t nodes)
{
    GString *rows = g_string_new(NULL);
    bool *linked = g_new0(bool, (size_t)nodes *nodes);
    uint32_t links = nodes + below(draw, 3 * nodes), finest = below(draw, 2) && !draw->tied ? 1000 : 1;
    for (uint32_t i = 0; i < links; i++) {
        uint32_t from = i < nodes ? i : below(draw, nodes);
        uint32_t to = i < nodes ? (i + 1) % nodes : (from + 1 + below(draw, nodes - 1)) % nodes;
        uint32_t part = below(draw, finest), whole_ms = delay_ms(draw);
        if (carried_add_row(rows, linked, nodes, from, to))
            g_string_append_printf(rows, "%u.%03u", whole_ms, part);
    }
    g_free(linked);
    return g_string_free(rows, FALSE);
}

static uint32_t cases(void)
{
    return g_test_thorough() ? 2000 : 100;
}

static void push_is_the_shortest_path(void)
{
    for (uint32_t number = 0; number < cases(); number++) {
        struct draw draw;
        random_stream_init(&draw.stream, &setup_seed, RANDOM_TEST, number);
        draw.tied = false;
        uint32_t nodes = 3 + below(&draw, 60);
        char *rows = random_rows(&draw, nodes);
        struct carrier_fixture fixture, flood;
        carried_init(&fixture, nodes, rows, SETTINGS("relay", "push"));
        carried_init(&flood, nodes, rows, NULL);
        carried_begin(&fixture);
        time_ns *arrival_ns = g_new(time_ns, nodes);
        for (uint32_t i = 0; i < MESSAGES; i++) {
            node_id from = below(&draw, nodes);
            struct network_message message = {.id = 1000 + i, .size_bytes = 500, .sent_ns = fixture.clock.now.ns};
            network_arrivals(flood.network, &message, from, arrival_ns);
            uint32_t ticket = carried_broadcast(&fixture, from, 500);
            carried_run(&fixture, fixture.clock.now.ns + 30 * MINUTE);
            for (node_id node = 0; node < nodes; node++)
                g_assert_cmpint(carried_had(&fixture, ticket, node), ==, arrival_ns[node]);
        }
        struct carrier_traffic traffic = carried_traffic(&fixture);
        g_assert_cmpuint(traffic.copies - traffic.duplicates, ==, MESSAGES * (nodes - 1));
        g_free(arrival_ns);
        carried_release(&fixture);
        carried_release(&flood);
        g_free(rows);
    }
}

/* Partitions and outages that hold, now and then. */
static void draw_faults(struct draw *draw, struct carrier_fixture *fixture)
{
    for (uint32_t i = 0, count = below(draw, 3); i < count; i++) {
        uint8_t *side = g_new(uint8_t, fixture->nodes);
        for (node_id node = 0; node < fixture->nodes; node++)
            side[node] = (uint8_t)below(draw, 3);
        time_ns from = below(draw, 500) * MILLISECOND;
        network_partition(fixture->network, from, from + (1 + below(draw, 500)) * MILLISECOND, side, false);
        g_free(side);
    }
    for (uint32_t i = 0, count = below(draw, 4); i < count; i++) {
        time_ns from = below(draw, 500) * MILLISECOND;
        network_outage(fixture->network, below(draw, fixture->nodes), from, from + (1 + below(draw, 900)) * MILLISECOND,
                       false);
    }
    if (below(draw, 3) == 0)
        network_slow(fixture->network, 0, SECOND, NULL, below(draw, 50) * MILLISECOND);
    for (uint32_t i = 0, count = below(draw, 3); i < count; i++) {
        time_ns from = below(draw, 500) * MILLISECOND, until = from + (1 + below(draw, 900)) * MILLISECOND;
        network_throttle(fixture->network, from, until, NULL, 100000 + below(draw, 2000000));
        struct ratio speed = {1 + below(draw, 100), 100};
        g_assert_true(network_slow_processors(fixture->network, from, until, NULL, speed, NULL));
    }
}

static const char *const kinds[] = {"push", "gossipsub", "pull", "compact", "per_peer", "rotor"};

/* relay, NULL-terminated, with what else is drawn for it. */
static const char *const *draw_settings(struct draw *draw, const char *kind, const char **settings)
{
    size_t count = 0;
#define SET(key, value) (settings[count++] = (key), settings[count++] = (value))
    SET("relay", kind);
    if (strcmp(kind, "gossipsub") == 0 && below(draw, 2)) { /* a sparse mesh, which is often mended */
        SET("relay.degree", "3");
        SET("relay.degree_low", "2");
        SET("relay.degree_high", "4");
        SET("relay.prune_backoff", below(draw, 2) ? "1 s" : "1 min");
    }
    if (strcmp(kind, "compact") == 0) {
        SET("relay.high_bandwidth", below(draw, 2) ? "2" : "0");
        SET("relay.complete", below(draw, 2) ? "50 %" : "0 %");
    }
    if (below(draw, 2))
        SET("capacity.up", "2 Mbit/s");
    if (below(draw, 2))
        SET("capacity.down", below(draw, 2) ? "1 Mbit/s" : "10 Mbit/s");
    if (below(draw, 2))
        SET("capacity.queue", "fair");
    if (below(draw, 3) == 0)
        SET("capacity.slow_start", "tcp");
    if (below(draw, 2))
        SET("cpu.cores", "2");
    if (below(draw, 2) && !draw->tied)
        SET("topology.jitter", "20 %");
#undef SET
    settings[count] = NULL;
    return settings;
}

/* Goes on where the original is. */
static void clone_fixture(struct carrier_fixture *copy, const struct carrier_fixture *original)
{
    *copy = (struct carrier_fixture){.nodes = original->nodes, .client = original->client};
    clock_clone(&copy->clock, &original->clock);
    copy->network = network_clone(original->network);
    copy->carrier = carrier_clone(original->carrier, copy->network, &copy->clock);
    carrier_rejoin(copy->carrier, copy->client, copy);
    for (size_t i = 0; i < original->had_ns.count; i++) {
        vector_push(&copy->had_ns, g_memdup2(original->had_ns.at[i], original->nodes * sizeof(time_ns)));
        vector_push(&copy->done_ns, original->done_ns.at[i]);
    }
}

static void assert_same(const struct carrier_fixture *a, const struct carrier_fixture *b)
{
    struct carrier_traffic left = carried_traffic(a), right = carried_traffic(b);
    for (size_t i = 0; i < a->had_ns.count; i++)
        for (node_id node = 0; node < a->nodes; node++)
            g_assert_cmpint(a->had_ns.at[i][node], ==, b->had_ns.at[i][node]);
    g_assert_cmpmem(&left, sizeof left, &right, sizeof right);
    for (node_id node = 0; node < a->nodes; node++) {
        struct carrier_load one = carrier_load(a->carrier, node), other = carrier_load(b->carrier, node);
        g_assert_cmpmem(&one, sizeof one, &other, sizeof other);
    }
}

/* Up to the last message that is sent. */
static void begin_one(const char *kind, uint32_t number, bool tied, struct carrier_fixture *fixture, bool by_the_clock)
{
    struct draw draw = {.tied = tied};
    uint32_t step = tied ? STEP_MS : 1;
    random_stream_init(&draw.stream, &setup_seed, RANDOM_TEST, (uint64_t)1 << 32 | number);
    uint32_t nodes = 3 + below(&draw, 40);
    char *rows = random_rows(&draw, nodes);
    const char *settings[32];
    carried_init(fixture, nodes, rows, draw_settings(&draw, kind, settings));
    draw_faults(&draw, fixture);
    carried_begin(fixture);
    if (by_the_clock) {
        fixture->carrier->flow.way_bits = 32 - number % 2; /* no message fits a handle, or two do */
        fixture->carrier->elides = false;                  /* what is late comes in all the same */
    }
    for (uint32_t i = 0; i < MESSAGES; i++) {
        carried_send(fixture, below(&draw, nodes),
                     (struct carrier_message){.size_bytes = size_bytes(&draw, kind),
                                              .verify_ns = below(&draw, 2) * MILLISECOND,
                                              .has_block = below(&draw, 2)});
        carried_run(fixture, fixture->clock.now.ns + below(&draw, 80) / step * step * MILLISECOND);
    }
    g_free(rows);
}

static void assert_everybody_has(const struct carrier_fixture *fixture)
{
    for (uint32_t i = 0; i < MESSAGES; i++) {
        for (node_id node = 0; node < fixture->nodes; node++)
            g_assert_cmpint(carried_had(fixture, i, node), !=, TIME_NEVER);
        g_assert_cmpint(fixture->done_ns.at[i], !=, TIME_NEVER);
    }
}

static void try_one(const char *kind, uint32_t number, bool tied)
{
    struct carrier_fixture fixture, copy, plain;
    begin_one(kind, number, tied, &fixture, false);
    begin_one(kind, number, tied, &plain, true);
    clone_fixture(&copy, &fixture);
    carried_run(&fixture, HOUR);
    carried_run(&copy, HOUR);
    carried_run(&plain, HOUR);
    assert_same(&fixture, &copy);
    for (uint32_t i = 0; i < MESSAGES; i++)
        g_assert_cmpint(fixture.done_ns.at[i], ==, copy.done_ns.at[i]);
    if (!fixture.carrier->queues_down) /* where those of one instant line up as they come */
        assert_same(&fixture, &plain);
    assert_everybody_has(&fixture);
    g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0);
    carried_release(&fixture);
    carried_release(&copy);
    carried_release(&plain);
}

static void every_node_has_each_message_once(gconstpointer kind)
{
    for (uint32_t number = 0; number < cases(); number++)
        try_one(kind, number, false);
}

/* It takes twice as many to meet those in which the order within an instant matters. */
static void ties_change_nothing(gconstpointer kind)
{
    for (uint32_t number = 0; number < 2 * cases(); number++)
        try_one(kind, number, true);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/carrier/push is the shortest path", push_is_the_shortest_path);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        char *path = g_strdup_printf("/carrier/every node has each message once/%s", kinds[i]);
        g_test_add_data_func(path, kinds[i], every_node_has_each_message_once);
        g_free(path);
        path = g_strdup_printf("/carrier/ties change nothing/%s", kinds[i]);
        g_test_add_data_func(path, kinds[i], ties_change_nothing);
        g_free(path);
    }
    return g_test_run();
}
