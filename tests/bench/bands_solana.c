/* SPDX-License-Identifier: MIT */
/* Two rounds of votes after Rotor, as Alpenglow has them, on Solana's stakes and places. */
#include "../unit/network_setup.h"
#include "bands.h"
#include "base/fixed.h"
#include "base/table_file.h"

#include <stdio.h>
#include <stdlib.h>

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
        qsort(own, RELAYS, sizeof *own, bands_compare_times);
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
    return bands_compare_times(&((const struct vote *)a)->at_ns, &((const struct vote *)b)->at_ns);
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

#define AT_THEIR_PLACES(path)                                                                                          \
    "placement", "file", "placement.file", path, "placement.latitude", "latitude", "placement.longitude", "longitude", \
        "placement.unplaced", "like_others", "bandwidth", "1 Gbit/s"

/* Delays by cable lengths, or those of pings between the cities that are nearest to the validators. */
static struct network *by_distance(const char *validators, uint32_t count)
{
    return setup_network(count, SETTINGS("latency", "geographic", AT_THEIR_PLACES(validators)));
}

static struct network *by_pings(const char *validators, uint32_t count, const char *measures)
{
    const char *source = g_getenv("POSIM_SOURCE");
    const char *places = setup_keep(g_build_filename(source ? source : ".", "scenarios", "places", "cities.csv", NULL));
    return setup_network(count, SETTINGS("latency", "regions", "latency.file",
                                         bands_data_path("latency_city_wonderproxy/matrix_avg_ms.csv"),
                                         "latency.measures", measures, "latency.symmetric", "on", "latency.names.file",
                                         bands_data_path("latency_city_wonderproxy/cities.csv"), "latency.names.id",
                                         "id", "latency.names.name", "city", "latency.places.file", places,
                                         "latency.places.name", "city", AT_THEIR_PLACES(validators)));
}

/* The validator that is nearest to Zurich. */
static node_id nearest_to_zurich(const char *path)
{
    const struct place zurich = {47380000, 8540000};
    struct table_file *table = table_file_read(path, NULL);
    size_t latitude, longitude;
    node_id nearest = 0;
    uint64_t least_m = UINT64_MAX;
    g_assert_true(table_file_need(table, "latitude", &latitude, NULL) &&
                  table_file_need(table, "longitude", &longitude, NULL));
    for (size_t row = 0; row < table->row_count; row++) {
        const char *north = table_file_cell(table, row, latitude), *east = table_file_cell(table, row, longitude);
        struct place place = {(int32_t)(g_ascii_strtod(north, NULL) * 1e6),
                              (int32_t)(g_ascii_strtod(east, NULL) * 1e6)};
        uint64_t distance_m = great_circle_m(place, zurich);
        if (!*north || distance_m >= least_m)
            continue;
        least_m = distance_m;
        nearest = (node_id)row;
    }
    table_file_free(table);
    return nearest;
}

static double stake_within(const struct network *network, const struct stakes *stakes, node_id from, time_ns within_ns)
{
    double sum = 0;
    for (node_id node = 0; node < stakes->count; node++)
        if (node == from || network_least_delay(network, from, node) <= within_ns)
            sum += (double)stakes->of[node];
    return 100 * sum / (double)stakes->total;
}

static void compare_alpenglow(const char *title, const struct network *network, const struct stakes *stakes,
                              node_id zurich)
{
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 1);
    bands_times final = {0}, blocks = {0};
    size_t room = stakes->count * sizeof(time_ns);
    time_ns *block = g_malloc(room), *first_60 = g_malloc(room), *first_80 = g_malloc(room),
            *second_60 = g_malloc(room), *second_80 = g_malloc(room);
    for (uint64_t round = 0; round < LEADERS; round++) {
        rotor(network, stakes, draw_by_stake(stakes, &stream), 2 * round, &stream, block);
        collect(network, stakes, block, 2 * round, first_60, first_80);
        collect(network, stakes, first_60, 2 * round + 1, second_60, second_80);
        for (node_id node = 0; node < stakes->count; node++) {
            vector_push(&final, MIN(first_80[node], second_60[node]));
            vector_push(&blocks, block[node]);
        }
    }
    printf("\n%u validators of Solana, epoch 860, at their places, %s; %d leaders by stake\n", stakes->count, title,
           LEADERS);
    bands_row("per cent of the stake within 50 ms of Zurich", 65,
              stake_within(network, stakes, zurich, 50 * MILLISECOND));
    printf("%-58s %10s %10.3f\n", "Rotor: 32 of 64 shreds, median over nodes", "", bands_quantile_ms(&blocks, .5));
    bands_row("80 % in one round or 60 % in two, median over nodes", 150, bands_quantile_ms(&final, .5));
    vector_release(&final);
    vector_release(&blocks);
    g_free(block);
    g_free(first_60);
    g_free(first_80);
    g_free(second_60);
    g_free(second_80);
}

void bands_of_solana(void)
{
    const char *path = bands_data_path("stake_solana_epoch860/validators.csv");
    struct stakes stakes = read_stakes(path);
    struct network *distance = by_distance(path, stakes.count), *pings = by_pings(path, stakes.count, "round_trip"),
                   *whole_pings = by_pings(path, stakes.count, "one_way");
    node_id zurich = nearest_to_zurich(path);
    compare_alpenglow("cable lengths", distance, &stakes, zurich);
    compare_alpenglow("half a ping between cities", pings, &stakes, zurich);
    compare_alpenglow("a whole ping between cities", whole_pings, &stakes, zurich);
    network_free(distance);
    network_free(pings);
    network_free(whole_pings);
    g_free(stakes.of);
}
