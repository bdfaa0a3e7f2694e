/* SPDX-License-Identifier: MIT */
/*
 * The network beside measurements of the world: each row is a figure that somebody published, the simulated one, their
 * ratio, and whether it lies within 30 %. Needs the outside data of POSIM_SHARED (tests/README.md); exit 77 without.
 */
#include "../unit/network_setup.h"
#include "base/table_file.h"
#include "base/vector.h"

#include <stdio.h>
#include <stdlib.h>

static const char *data_path(const char *relative)
{
    const char *given = g_getenv("POSIM_SHARED");
    char *path = setup_keep(g_build_filename(given ? given : "../shared", "data", relative, NULL));
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    fprintf(stderr, "bands: %s is missing: set POSIM_SHARED\n", path);
    exit(77);
}

static void print_row(const char *what, double published_ms, double simulated_ms)
{
    double ratio = simulated_ms / published_ms;
    printf("%-58s %10.3f %10.3f %7.2f  %s\n", what, published_ms, simulated_ms, ratio,
           ratio >= .7 && ratio <= 1.3 ? "within" : "outside");
}

static int compare_times(const void *a, const void *b)
{
    time_ns x = *(const time_ns *)a, y = *(const time_ns *)b;
    return (x > y) - (x < y);
}

typedef VECTOR(time_ns) times;

static double median_ms(times *list)
{
    qsort(list->at, list->count, sizeof *list->at, compare_times);
    return (double)list->at[list->count / 2] / MILLISECOND;
}

/* ---- the 52 nodes of Cardano's benchmarking cluster ---- */

/* The areas of region_size_ms.csv, by the regions of nodes.csv. */
static const char *area_of(const char *region)
{
    return g_str_has_prefix(region, "eu-") ? "EU" : g_str_has_prefix(region, "us-") ? "US" : "AP";
}

/* A message of that size there and a ping of 24 bytes back, between linked nodes of two areas. */
static double round_trip_ms(const struct network *network, const struct table_file *edges, const char *from,
                            const char *to, uint32_t size_bytes)
{
    times list = {0};
    for (size_t row = 0; row < edges->row_count; row++) {
        node_id a = (node_id)atoi(table_file_cell(edges, row, 1)), b = (node_id)atoi(table_file_cell(edges, row, 0));
        if (strcmp(area_of(network_region(network, a)), from) != 0 ||
            strcmp(area_of(network_region(network, b)), to) != 0)
            continue;
        struct network_message there = {.id = row, .size_bytes = size_bytes},
                               back = {.id = row + 7777, .size_bytes = 24};
        vector_push(&list, network_arrival(network, &there, a, b) + network_arrival(network, &back, b, a));
    }
    double median = list.count ? median_ms(&list) : 0;
    vector_release(&list);
    return median;
}

static void compare_sizes(const char *title, const struct network *network, const struct table_file *edges,
                          const struct table_file *measured)
{
    printf("\n%s\n", title);
    for (size_t row = 0; row < measured->row_count; row++) {
        const char *from = table_file_cell(measured, row, 0), *to = table_file_cell(measured, row, 1);
        const char *bytes = table_file_cell(measured, row, 2);
        char *what = g_strdup_printf("%s - %s, %s bytes, round trip, median", from, to, bytes);
        double simulated = round_trip_ms(network, edges, from, to, (uint32_t)atoi(bytes));
        if (simulated > 0)
            print_row(what, g_ascii_strtod(table_file_cell(measured, row, 6), NULL), simulated);
        g_free(what);
    }
}

static void compare_benchmark(void)
{
    const char *edges_path = data_path("latency_aws_leios_bench/edges.csv");
    const char *nodes_path = data_path("latency_aws_leios_bench/nodes.csv");
    struct table_file *edges = table_file_read(edges_path, NULL);
    struct table_file *measured = table_file_read(data_path("latency_aws_leios_bench/region_size_ms.csv"), NULL);
    struct network *by_file = setup_network(52, SETTINGS("topology", "file", "topology.file", edges_path,
                                                         "topology.nodes", nodes_path, "bandwidth", "1 Gbit/s"));
    compare_sizes("the cluster's links as its topology file gives them, 1 Gbit/s", by_file, edges, measured);
    struct network *by_model =
        setup_network(52, SETTINGS("latency", "geographic", "placement", "file", "placement.file", nodes_path,
                                   "placement.region", "region", "bandwidth", "1 Gbit/s"));
    compare_sizes("the geographic model at its regions, nothing fitted to it, 1 Gbit/s", by_model, edges, measured);
    network_free(by_file);
    network_free(by_model);
    table_file_free(edges);
    table_file_free(measured);
}

/* ---- two rounds of votes on Solana's stakes and places ---- */

enum { LEADERS = 40, RELAYS = 64, SHREDS = 32 };

struct stakes {
    stake_amount *of;
    uint32_t count;
    stake_amount total;
};

static struct stakes read_stakes(const char *path)
{
    struct table_file *table = table_file_read(path, NULL);
    size_t column;
    g_assert_true(table_file_need(table, "active_stake_lamports", &column, NULL));
    struct stakes stakes = {g_new(stake_amount, table->row_count), (uint32_t)table->row_count, 0};
    for (uint32_t node = 0; node < stakes.count; node++) {
        stakes.of[node] = g_ascii_strtoull(table_file_cell(table, node, column), NULL, 10);
        stakes.total += stakes.of[node];
    }
    table_file_free(table);
    return stakes;
}

static node_id draw_by_stake(const struct stakes *stakes, struct random_stream *stream)
{
    stake_amount at = random_below(stream, stakes->total);
    node_id node = 0;
    for (; at >= stakes->of[node]; node++)
        at -= stakes->of[node];
    return node;
}

/* When each node has enough shreds: each goes from the leader to a relay drawn by stake, and from there to all. */
static void rotor(const struct network *network, const struct stakes *stakes, node_id leader, uint64_t round,
                  struct random_stream *stream, time_ns *has_block)
{
    time_ns *shreds = g_new(time_ns, (size_t)stakes->count * RELAYS);
    time_ns *arrivals = g_new(time_ns, stakes->count);
    for (int relay = 0; relay < RELAYS; relay++) {
        node_id by = draw_by_stake(stakes, stream);
        struct network_message shred = {.id = round << 32 | (uint64_t)relay << 1};
        struct network_message on = {.id = shred.id | 1, .sent_ns = network_arrival(network, &shred, leader, by)};
        network_arrivals(network, &on, by, arrivals);
        for (node_id node = 0; node < stakes->count; node++)
            shreds[(size_t)node * RELAYS + (size_t)relay] = arrivals[node];
    }
    for (node_id node = 0; node < stakes->count; node++) {
        time_ns *own = &shreds[(size_t)node * RELAYS];
        qsort(own, RELAYS, sizeof *own, compare_times);
        has_block[node] = node == leader ? 0 : own[SHREDS - 1];
    }
    g_free(shreds);
    g_free(arrivals);
}

struct vote {
    time_ns at_ns;
    stake_amount stake;
};

static int compare_votes(const void *a, const void *b)
{
    return compare_times(&((const struct vote *)a)->at_ns, &((const struct vote *)b)->at_ns);
}

/* When each node has votes of 60 % and of 80 % of the stake, which nodes send to all at `sent`. */
static void collect(const struct network *network, const struct stakes *stakes, const time_ns *sent, uint64_t round,
                    time_ns *at_60, time_ns *at_80)
{
    uint32_t count = stakes->count;
    struct vote *votes = g_new(struct vote, (size_t)count * count);
    time_ns *arrivals = g_new(time_ns, count);
    for (node_id from = 0; from < count; from++) {
        struct network_message vote = {.id = round << 32 | 1u << 31 | from, .size_bytes = 100, .sent_ns = sent[from]};
        network_arrivals(network, &vote, from, arrivals);
        for (node_id to = 0; to < count; to++)
            votes[(size_t)to * count + from] = (struct vote){arrivals[to], stakes->of[from]};
    }
    for (node_id to = 0; to < count; to++) {
        struct vote *own = &votes[(size_t)to * count];
        qsort(own, count, sizeof *own, compare_votes);
        stake_amount sum = 0;
        at_60[to] = at_80[to] = TIME_NEVER;
        for (uint32_t i = 0; i < count; i++) {
            sum += own[i].stake;
            if (at_60[to] == TIME_NEVER && (uint128)sum * 100 >= (uint128)stakes->total * 60)
                at_60[to] = own[i].at_ns;
            if (at_80[to] == TIME_NEVER && (uint128)sum * 100 >= (uint128)stakes->total * 80)
                at_80[to] = own[i].at_ns;
        }
    }
    g_free(votes);
    g_free(arrivals);
}

static void compare_alpenglow(void)
{
    const char *path = data_path("stake_solana_epoch860/validators.csv");
    struct stakes stakes = read_stakes(path);
    struct network *network = setup_network(
        stakes.count, SETTINGS("latency", "geographic", "placement", "file", "placement.file", path,
                               "placement.latitude", "latitude", "placement.longitude", "longitude", "placement.region",
                               "data_center", "placement.unplaced", "like_others", "bandwidth", "1 Gbit/s"));
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 1);
    times final = {0}, blocks = {0};
    size_t room = stakes.count * sizeof(time_ns);
    time_ns *block = g_malloc(room), *first_60 = g_malloc(room), *first_80 = g_malloc(room),
            *second_60 = g_malloc(room), *second_80 = g_malloc(room);
    for (uint64_t round = 0; round < LEADERS; round++) {
        rotor(network, &stakes, draw_by_stake(&stakes, &stream), 2 * round, &stream, block);
        collect(network, &stakes, block, 2 * round, first_60, first_80);
        collect(network, &stakes, first_60, 2 * round + 1, second_60, second_80);
        for (node_id node = 0; node < stakes.count; node++) {
            vector_push(&final, MIN(first_80[node], second_60[node]));
            vector_push(&blocks, block[node]);
        }
    }
    printf("\n962 validators of Solana, epoch 860, at their places, geographic model; %d leaders by stake\n", LEADERS);
    printf("%-58s %10s %10.3f\n", "Rotor: 32 of 64 shreds, median over nodes", "", median_ms(&blocks));
    print_row("80 % in one round or 60 % in two, median over nodes", 150, median_ms(&final));
    vector_release(&final);
    vector_release(&blocks);
    g_free(block);
    g_free(first_60);
    g_free(first_80);
    g_free(second_60);
    g_free(second_80);
    g_free(stakes.of);
    network_free(network);
}

int main(void)
{
    printf("%-58s %10s %10s %7s  within 30 %%\n", "", "published", "simulated", "ratio");
    compare_benchmark();
    compare_alpenglow();
    return 0;
}
