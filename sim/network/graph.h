/* SPDX-License-Identifier: MIT */
/*
 * A directed graph of links, and the shortest paths through it: how a flood spreads where links have no queues. Paths
 * are found for one source at a time, when first asked for, and kept; the answer never depends on when that was. Both
 * own what they hold; paths borrow their graph. Private to the room.
 */
#ifndef POSIM_NETWORK_GRAPH_H
#define POSIM_NETWORK_GRAPH_H

#include "base/ids.h"
#include "base/stake.h"
#include "base/time.h"

#include <stdbool.h>

struct graph_link {
    node_id from, to;
    time_ns delay_ns;
    uint64_t byte_ps; /* what each byte adds, in picoseconds */
};

struct graph {
    uint32_t node_count;
    uint32_t end_count; /* paths are kept to the nodes below it; graph_new sets node_count */
    uint32_t link_count;
    uint32_t *first; /* by node: its links out are first[node] .. first[node + 1] - 1 */
    struct graph_link *links;
    node_id *to;    /* by link: where it leads, close together for who looks for a peer */
    bool has_rates; /* some link's byte_ps is not 0 */
};

/* Copies the links, of which both ends must be below node_count. */
struct graph *graph_new(uint32_t node_count, const struct graph_link *links, uint32_t link_count);
void graph_free(struct graph *graph);

/* The parts of a graph: greatest sets of nodes in which each reaches each. */
struct graph_split {
    uint32_t parts;
    uint32_t largest; /* nodes of the largest */
    node_id from, to; /* where there are several: a pair without a path */
};
struct graph_split graph_split(const struct graph *graph);

/* From one source, by node. Where several paths take the least delay, byte_ps is the least among them. */
struct graph_row {
    time_ns *delay_ns; /* TIME_NEVER where there is no path */
    uint64_t *byte_ps; /* in rows that are kept NULL where no link has a rate: all are 0 */
};

struct graph_paths {
    const struct graph *graph;
    uint8_t **sides; /* of each cut, by node */
    uint32_t cut_count;
    struct graph_row *rows; /* by source; delay_ns NULL until asked for */
};

/* Whether a cut parts two nodes: different sides, neither of them 0. */
static inline bool graph_parts(uint8_t side, uint8_t other_side)
{
    return side != other_side && side && other_side;
}

/* Paths along the links that none of the cuts parts; sides[cut][node] are copied. */
struct graph_paths *graph_paths_new(const struct graph *graph, const uint8_t *const *sides, uint32_t cut_count);
void graph_paths_free(struct graph_paths *paths);
const struct graph_row *graph_paths_from(struct graph_paths *paths, node_id source);

/* The same without keeping it: fills both arrays of the row, of node_count each. `paths` may be shared and const. */
void graph_search_from(const struct graph_paths *paths, node_id source, const struct graph_row *row);

/* What the links of a path to that node add for a message of that size. */
static inline time_ns graph_row_size_ns(const struct graph_row *row, node_id to, uint32_t size_bytes)
{
    return row->byte_ps ? (time_ns)((uint128)row->byte_ps[to] * size_bytes / 1000) : 0;
}

#endif
