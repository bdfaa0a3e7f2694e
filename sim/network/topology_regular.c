/* SPDX-License-Identifier: MIT */
/*
 * Graphs in which every node has the same number of peers. Ends are paired at random (Bollobas, "A probabilistic proof
 * of an asymptotic formula for the number of labelled regular graphs", European Journal of Combinatorics 1, 1980); a
 * pair that would join a node to itself, or two nodes twice, exchanges an end with a wire drawn at random. So graphs
 * are not exactly all as likely, but nearly so where degrees are far below the number of nodes. Where nodes have most
 * of the others as peers, those whom they lack are drawn instead.
 */
#include "base/assert.h"
#include "base/sample.h"
#include "network/topology.h"

#define EXCHANGES_MOST 10000u /* for one pair, before all is drawn again */
#define ATTEMPTS_MOST  1000u

/* Hangs a pair of free ends on to a wire: (a, b) and (x, y) become (a, x) and (b, y). */
static bool exchange(struct wiring *wiring, node_id a, node_id b, struct random_stream *stream)
{
    for (uint32_t i = 0; wiring->wires.count && i < EXCHANGES_MOST; i++) {
        uint64_t drawn = random_below(stream, 2 * wiring->wires.count);
        struct wire wire = wiring->wires.at[drawn / 2];
        node_id x = drawn % 2 ? wire.b : wire.a, y = drawn % 2 ? wire.a : wire.b;
        if (a == x || b == y || wiring_joins(wiring, a, x) || wiring_joins(wiring, b, y))
            continue;
        wiring_move(wiring, (uint32_t)(drawn / 2), a, x);
        wiring_string(wiring, b, y);
        return true;
    }
    return false;
}

/* One attempt at a graph over nodes 0 .. count - 1. */
static bool pair_ends(struct wiring *wiring, uint32_t degree, struct random_stream *stream)
{
    uint32_t count = wiring->node_count;
    size_t ends_count = (size_t)count * degree;
    node_id *ends = g_new(node_id, ends_count + 1);
    VECTOR(struct wire) left = {0};
    for (size_t i = 0; i < ends_count; i++)
        ends[i] = (node_id)(i / degree);
    sample_shuffle(stream, ends, ends_count, sizeof *ends);
    for (size_t i = 0; i + 1 < ends_count; i += 2)
        if (ends[i] == ends[i + 1] || wiring_joins(wiring, ends[i], ends[i + 1]))
            vector_push(&left, (struct wire){ends[i], ends[i + 1]});
        else
            wiring_string(wiring, ends[i], ends[i + 1]);
    bool fine = true;
    for (size_t i = 0; fine && i < left.count; i++)
        fine = exchange(wiring, left.at[i].a, left.at[i].b, stream);
    vector_release(&left);
    g_free(ends);
    return fine;
}

/* All that `drawn` joins, or all that it does not, among the nodes from `first` on. */
static void copy_wires(const struct wiring *drawn, bool joined, node_id first, struct wiring *wiring)
{
    if (joined) {
        for (size_t i = 0; i < drawn->wires.count; i++)
            wiring_string(wiring, first + drawn->wires.at[i].a, first + drawn->wires.at[i].b);
        return;
    }
    for (node_id a = 0; a < drawn->node_count; a++)
        for (node_id b = a + 1; b < drawn->node_count; b++)
            if (!wiring_joins(drawn, a, b))
                wiring_string(wiring, first + a, first + b);
}

bool topology_wire_regular(const struct topology_site *site, struct wiring *wiring, node_id first, uint32_t count,
                           uint32_t degree, const char *what, GError **error)
{
    if (degree >= count) {
        topology_refuse(error, "a degree of %u needs at least %u %s, there are %u", degree, degree + 1, what, count);
        return false;
    }
    if ((uint64_t)degree * count % 2) {
        topology_refuse(error, "%u %s cannot have %u peers each: make one of the two numbers even", count, what,
                        degree);
        return false;
    }
    bool direct = degree <= (count - 1) / 2;
    struct random_stream stream;
    topology_stream(site, TOPOLOGY_ALL, &stream);
    struct wiring drawn;
    wiring_init(&drawn, count);
    uint32_t attempts = 0;
    while (!pair_ends(&drawn, direct ? degree : count - 1 - degree, &stream)) {
        CHECK(++attempts < ATTEMPTS_MOST);
        wiring_clear(&drawn);
    }
    copy_wires(&drawn, direct, first, wiring);
    wiring_release(&drawn);
    return true;
}
