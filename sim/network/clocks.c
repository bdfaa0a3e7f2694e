/* SPDX-License-Identifier: MIT */
/*
 * What nodes' own clocks show: ahead by a part of the skew, and too fast or too slow by a part of the drift, both drawn
 * once for the node. Clocks are never behind at the start, so that what they show is never negative.
 */
#include "base/assert.h"
#include "network/inside.h"

#define BILLION 1000000000

struct clock_error {
    time_ns ahead_ns;
    int64_t drift_ppb;
};

bool network_clocks_differ(const struct network *network)
{
    return network->fabric->skew_ns > 0 || network->fabric->drift_ppb > 0;
}

/* A part of 0 .. most, evenly. */
static uint64_t part(uint64_t drawn, uint64_t most)
{
    return (uint64_t)((uint128)drawn * (most + 1) >> 64);
}

static struct clock_error error_of(const struct fabric *fabric, node_id node)
{
    struct random_block drawn = random_at256(&fabric->seed, RANDOM_CLOCK, node, 0);
    return (struct clock_error){(time_ns)part(drawn.word[0], (uint64_t)fabric->skew_ns),
                                (int64_t)part(drawn.word[1], 2 * fabric->drift_ppb) - (int64_t)fabric->drift_ppb};
}

static time_ns shows(struct clock_error error, time_ns at)
{
    int128 gained = (int128)at * error.drift_ppb;
    int128 whole = gained / BILLION - (gained % BILLION < 0); /* rounded down, so that the clock never goes back */
    int128 shown = (int128)at + error.ahead_ns + whole;
    return shown >= TIME_NEVER ? TIME_NEVER : (time_ns)shown;
}

time_ns network_clock_shows(const struct network *network, node_id node, time_ns at)
{
    REQUIRE(node < network->fabric->node_count && at >= 0);
    return network_clocks_differ(network) && at != TIME_NEVER ? shows(error_of(network->fabric, node), at) : at;
}

/* The first time at which such a clock shows that, or more. */
static time_ns reaches(struct clock_error error, time_ns shown)
{
    if (shown <= error.ahead_ns)
        return 0;
    int128 at = (int128)(shown - error.ahead_ns) * BILLION / (BILLION + error.drift_ppb);
    if (at >= TIME_NEVER)
        return TIME_NEVER;
    time_ns reached = (time_ns)at;
    while (reached > 0 && shows(error, reached - 1) >= shown)
        reached--;
    while (shows(error, reached) < shown)
        reached++;
    return reached;
}

time_ns network_clock_reaches(const struct network *network, node_id node, time_ns shown)
{
    REQUIRE(node < network->fabric->node_count);
    if (!network_clocks_differ(network) || shown == TIME_NEVER)
        return shown;
    return reaches(error_of(network->fabric, node), shown);
}

time_ns network_clocks_reach(const struct network *network, time_ns shown)
{
    const struct clock_error slowest = {0, -(int64_t)network->fabric->drift_ppb};
    return shown == TIME_NEVER ? TIME_NEVER : reaches(slowest, shown);
}
