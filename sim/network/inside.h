/* SPDX-License-Identifier: MIT */
/* What a network is made of, for the files of this room that share the work behind network.h. */
#ifndef POSIM_NETWORK_INSIDE_H
#define POSIM_NETWORK_INSIDE_H

#include "network/fabric.h"
#include "network/faults.h"
#include "network/network.h"

/* Shortest paths that avoid the links a partition cuts, by segment of the timetable; made when first asked for. */
struct cuts {
    struct graph_paths **by_segment;
    uint32_t count;
};

struct network {
    struct fabric *fabric;
    struct faults faults;
    struct cuts *cuts;
};

/* The same network without any faults, its own losses included. */
struct network *network_calm(const struct network *network);

/* The delay of one message on one way: its base delay, varied by the draw of (message, from, to). */
time_ns network_draw_delay(const struct fabric *fabric, uint64_t message, node_id from, node_id to, time_ns base_ns);

static inline time_ns network_vary(const struct fabric *fabric, uint64_t message, node_id from, node_id to,
                                   time_ns base_ns)
{
    return fabric->latency.draw == LATENCY_FIXED ? base_ns : network_draw_delay(fabric, message, from, to, base_ns);
}

#endif
