/* SPDX-License-Identifier: MIT */
/*
 * Gossip at 10,000 nodes of degree 8: how many copies a second the carrier handles, of which most are duplicates, for
 * each way of relaying, without queues and with them; for Rotor at 10,000 nodes that are linked directly. A copy is
 * counted when it is sent from node to node, whether it became an event or was found to be late at once; events are
 * items of the clock. The sum is of when each node had each message, of traffic and of the nodes' loads: a change that
 * is only about speed leaves it as it is.
 */
#include "../unit/carrier_fixture.h"
#include "line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#define NODES  10000u
#define DEGREE 8u

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A ring, and further links at random; delays of 5 to 105 ms. */
static char *links(void)
{
    GString *rows = g_string_new(NULL);
    bool *linked = g_new0(bool, (size_t)(NODES)*NODES);
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 1);
    for (uint32_t i = 0; i < NODES * DEGREE / 2; i++) {
        uint32_t from = i < NODES ? i : (uint32_t)random_below(&stream, NODES);
        uint32_t to = i < NODES ? (i + 1) % NODES : (from + 2 + (uint32_t)random_below(&stream, NODES - 3)) % NODES;
        uint32_t whole_ms = 5 + (uint32_t)random_below(&stream, 100), part = (uint32_t)random_below(&stream, 1000000);
        if (carried_add_row(rows, linked, NODES, from, to))
            g_string_append_printf(rows, "%u.%06u", whole_ms, part);
    }
    g_free(linked);
    return g_string_free(rows, FALSE);
}

/* The event queue alone with as many entries as copies are on their way: what a hop could not be faster than. */
static double queue_rate(void)
{
    enum { PENDING = 200000, POPS = 4000000 };
    struct queue queue;
    struct queue_entry entry;
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 2);
    queue_init(&queue);
    for (uint32_t i = 0; i < PENDING; i++)
        queue_push(&queue, (time_ns)random_below(&stream, 100 * MILLISECOND), i);
    double before = seconds();
    for (uint32_t i = 0; i < POPS && queue_pop(&queue, &entry); i++)
        queue_push(&queue, entry.at_ns + 5 * MILLISECOND + (entry.handle * 7919 + i) % (100 * MILLISECOND),
                   entry.handle);
    double rate = POPS / (seconds() - before) / 1e6;
    queue_release(&queue);
    return rate;
}

struct scene {
    const char *name;
    uint32_t messages; /* sent, one each 10 ms, by nodes all over */
    uint32_t size_bytes;
    const char *settings[16];
};

/* A client that counts: what tests write down would be most of the time. */
struct counted {
    const struct clock *clock;
    uint64_t arrived, done;
    uint64_t sum;
};

/* In whatever order. */
static void add_to_sum(uint64_t *sum, uint64_t what, uint64_t value)
{
    uint64_t mixed = (what + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ value;
    *sum += (mixed ^ mixed >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
}

static void on_arrived(void *user, uint32_t ticket, node_id node)
{
    struct counted *counted = user;
    counted->arrived++;
    add_to_sum(&counted->sum, (uint64_t)ticket << 32 | node, (uint64_t)counted->clock->now.ns);
}

static void on_done(void *user, uint32_t ticket)
{
    (void)ticket;
    ((struct counted *)user)->done++;
}

static uint64_t sum_of(const struct carrier *carrier, const struct counted *counted, struct carrier_traffic traffic)
{
    const uint64_t totals[] = {traffic.copies,          traffic.bytes, traffic.duplicates,
                               traffic.duplicate_bytes, traffic.lost,  traffic.control_messages,
                               traffic.control_bytes};
    uint64_t sum = counted->sum;
    for (size_t i = 0; i < G_N_ELEMENTS(totals); i++)
        add_to_sum(&sum, UINT64_MAX - 1 - i, totals[i]);
    for (node_id node = 0; node < NODES; node++) {
        struct carrier_load load = carrier_load(carrier, node);
        const uint64_t parts[] = {load.up_bytes,
                                  load.down_bytes,
                                  load.queued,
                                  (uint64_t)load.waited_ns,
                                  (uint64_t)load.waited_most_ns,
                                  (uint64_t)load.busy_ns};
        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
            add_to_sum(&sum, (uint64_t)1 << 63 | i << 32 | node, parts[i]);
    }
    return sum;
}

static void measure(const char *rows, const struct scene *scene, double limit)
{
    struct carrier_fixture fixture;
    bool direct = strcmp(scene->settings[1], "rotor") == 0; /* its relays reach every node without others between */
    carried_init(&fixture, NODES, direct ? NULL : rows, scene->settings);
    carried_begin(&fixture);
    struct counted counted = {.clock = &fixture.clock};
    uint32_t client = carrier_join(fixture.carrier,
                                   (struct carrier_client){.arrived = on_arrived, .done = on_done, .user = &counted});
    double before = seconds();
    for (uint32_t i = 0; i < scene->messages; i++) {
        struct carrier_message message = {.id = i + 1, .size_bytes = scene->size_bytes, .has_block = true};
        carrier_send(fixture.carrier, client, i, &message, (node_id)((uint64_t)i * 7919 % NODES));
        carried_run(&fixture, (time_ns)(i + 1) * 10 * MILLISECOND);
    }
    carried_run(&fixture, TIME_NEVER - 1);
    double took = seconds() - before, had = (double)counted.arrived;
    struct carrier_traffic traffic = carrier_traffic(fixture.carrier, client, 0);
    double copies = (double)traffic.copies + (double)traffic.control_messages;
    printf("%-30s %8u %10.1f %10.1f %10.1f %9.1f %9.1f %9.2f %9.1f %016" PRIx64 "\n", scene->name, scene->messages,
           copies / took / 1e6, (double)fixture.events / took / 1e6, had / took / 1e6,
           100 * (double)traffic.duplicates / (double)traffic.copies, 100 * had / NODES / scene->messages,
           (double)traffic.bytes / had / scene->size_bytes,
           (double)(carrier_bytes(fixture.carrier) + clock_bytes(&fixture.clock)) / 1048576,
           sum_of(fixture.carrier, &counted, traffic));
    bench_line(scene->name, copies / took / 1e6, limit);
    carried_release(&fixture);
}

int main(int argc, char **argv)
{
    static const struct scene scenes[] = {
        {"push", 200, 1000, {"relay", "push"}},
        {"push, fifo queues up", 200, 1000, {"relay", "push", "capacity.up", "100 Mbit/s"}},
        {"push, fifo queues", 200, 1000, {"relay", "push", "capacity.up", "100 Mbit/s", "capacity.down", "1 Gbit/s"}},
        {"push, fifo queues and cores",
         200,
         1000,
         {"relay", "push", "capacity.up", "100 Mbit/s", "capacity.down", "1 Gbit/s", "cpu.cores", "4"}},
        {"push, fair queues",
         100,
         1000,
         {"relay", "push", "capacity.up", "100 Mbit/s", "capacity.down", "1 Gbit/s", "capacity.queue", "fair"}},
        {"gossipsub", 200, 1000, {"relay", "gossipsub"}},
        {"pull", 200, 100000, {"relay", "pull"}},
        {"per_peer", 100, 1000, {"relay", "per_peer"}},
        {"compact", 200, 100000, {"relay", "compact"}},
        {"rotor", 20, 100000, {"relay", "rotor", "latency", "uniform", "latency.min", "5 ms", "latency.max", "105 ms"}},
    };
    char *rows = links();
    double limit = queue_rate();
    printf("%u nodes of degree %u; a message each 10 ms; the queue alone makes %.1f M/s\n", NODES, DEGREE, limit);
    printf("%-30s %8s %10s %10s %10s %9s %9s %9s %9s %16s\n", "relay", "messages", "M copies/s", "M events/s",
           "M firsts/s", "% double", "% reached", "sizes/node", "MiB", "sum");
    for (size_t i = 0; i < G_N_ELEMENTS(scenes); i++)
        if (argc < 2 || i == (size_t)atoi(argv[1]))
            measure(rows, &scenes[i], limit);
    g_free(rows);
    return 0;
}
