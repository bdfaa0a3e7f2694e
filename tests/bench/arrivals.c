/* SPDX-License-Identifier: MIT */
/*
 * How many arrivals a second the network computes, in bulk and one by one, for each kind of delay, beside a loop that
 * only writes as many times. Each row checks that both ways gave the same sum; exit 1 where they differ.
 */
#include "../unit/network_setup.h"
#include "line.h"

#include <stdio.h>
#include <time.h>

enum { NODES = 1000, MESSAGES = 4000, ROUNDS = 5 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t sum_of(const time_ns *arrival_ns)
{
    uint64_t sum = 0;
    for (int node = 0; node < NODES; node++)
        sum += (uint64_t)arrival_ns[node];
    return sum;
}

static struct network_message message_of(uint32_t number)
{
    return (struct network_message){
        .id = (number + 1) * UINT64_C(0x9e3779b97f4a7c15), .size_bytes = 200, .sent_ns = (time_ns)number * MICROSECOND};
}

typedef void arrivals_function(const struct network *network, const struct network_message *message, node_id from,
                               time_ns *arrival_ns);

static void only_write(const struct network *network, const struct network_message *message, node_id from,
                       time_ns *arrival_ns)
{
    (void)network;
    for (node_id node = 0; node < NODES; node++)
        arrival_ns[node] = message->sent_ns + from;
    __asm__ volatile("" : : "r"(arrival_ns) : "memory"); /* every message is written out */
}

static void one_by_one(const struct network *network, const struct network_message *message, node_id from,
                       time_ns *arrival_ns)
{
    for (node_id node = 0; node < NODES; node++)
        arrival_ns[node] = network_arrival(network, message, from, node);
}

/* The median rate of some rounds, in millions a second; *sum of all arrivals. */
static double rate(arrivals_function *function, const struct network *network, uint64_t *sum)
{
    static time_ns arrival_ns[NODES];
    double rates[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) { /* the first warms up */
        double start = seconds_now();
        *sum = 0;
        for (uint32_t number = 0; number < MESSAGES; number++) {
            struct network_message message = message_of(number);
            function(network, &message, number % NODES, arrival_ns);
            *sum += sum_of(arrival_ns);
        }
        if (round >= 0)
            rates[round] = (double)NODES * MESSAGES / (seconds_now() - start) / 1e6;
    }
    qsort(rates, ROUNDS, sizeof *rates, compare_doubles);
    return rates[ROUNDS / 2];
}

static double limit; /* millions of times written a second */

static bool print_row(const char *name, struct network *network)
{
    uint64_t in_bulk, alone;
    double bulk_rate = rate(network_arrivals, network, &in_bulk);
    double alone_rate = rate(one_by_one, network, &alone);
    printf("%-28s %8.0f %8.0f %s\n", name, bulk_rate, alone_rate, in_bulk == alone ? "" : "DIFFER");
    fflush(stdout);
    bench_line(name, bulk_rate, limit);
    network_free(network);
    return in_bulk == alone;
}

static struct network *geographic(void)
{
    return setup_network(NODES, SETTINGS("latency", "geographic"));
}

/* Half of the nodes on either side while the messages are sent. */
static struct network *parted(bool while_sent)
{
    static uint8_t side[NODES];
    for (int node = 0; node < NODES; node++)
        side[node] = (uint8_t)(1 + node % 2);
    struct network *network = geographic();
    network_partition(network, while_sent ? 0 : HOUR, 2 * HOUR, side, false);
    return network;
}

/* Every tenth node goes down and comes up ten times. */
static struct network *churning(void)
{
    struct network *network = geographic();
    for (node_id node = 0; node < NODES; node += 10)
        for (int i = 0; i < 10; i++)
            network_outage(network, node, i * 2 * MILLISECOND, (i * 2 + 1) * MILLISECOND, false);
    return network;
}

int main(void)
{
    uint64_t sum;
    printf("%-28s %8s %8s\n", "arrivals, M/s", "in bulk", "alone");
    limit = rate(only_write, NULL, &sum);
    printf("%-28s %8.0f\n", "only writing the times", limit);
    bool agree = print_row("constant", setup_network(NODES, SETTINGS("latency", "constant")));
    agree &= print_row("uniform", setup_network(NODES, SETTINGS("latency", "uniform")));
    agree &= print_row("lognormal", setup_network(NODES, SETTINGS("latency", "lognormal")));
    agree &= print_row("geographic, no jitter",
                       setup_network(NODES, SETTINGS("latency", "geographic", "latency.jitter", "0 %")));
    agree &= print_row("geographic", geographic());
    agree &= print_row("geographic, partition later", parted(false));
    agree &= print_row("geographic, partition now", parted(true));
    agree &= print_row("geographic, outages", churning());
    return agree ? 0 : 1;
}
