/* SPDX-License-Identifier: MIT */
#include "network/wiring.h"

#include "base/assert.h"

void wiring_init(struct wiring *wiring, uint32_t node_count)
{
    *wiring = (struct wiring){.node_count = node_count, .peers = g_new0(wiring_peers, node_count)};
}

void wiring_release(struct wiring *wiring)
{
    for (node_id node = 0; node < wiring->node_count; node++)
        vector_release(&wiring->peers[node]);
    g_clear_pointer(&wiring->peers, g_free);
    vector_release(&wiring->wires);
}

void wiring_clear(struct wiring *wiring)
{
    for (node_id node = 0; node < wiring->node_count; node++)
        vector_clear(&wiring->peers[node]);
    vector_clear(&wiring->wires);
}

static size_t find_peer(const wiring_peers *peers, node_id node)
{
    size_t place = 0;
    while (place < peers->count && peers->at[place] != node)
        place++;
    return place;
}

bool wiring_joins(const struct wiring *wiring, node_id a, node_id b)
{
    if (wiring->peers[a].count > wiring->peers[b].count)
        return wiring_joins(wiring, b, a);
    return find_peer(&wiring->peers[a], b) < wiring->peers[a].count;
}

static void meet(struct wiring *wiring, node_id a, node_id b)
{
    REQUIRE(a != b && a < wiring->node_count && b < wiring->node_count);
    vector_push(&wiring->peers[a], b);
    vector_push(&wiring->peers[b], a);
}

void wiring_string(struct wiring *wiring, node_id a, node_id b)
{
    meet(wiring, a, b);
    vector_push(&wiring->wires, (struct wire){a, b});
}

static void leave(wiring_peers *peers, node_id node)
{
    size_t place = find_peer(peers, node);
    REQUIRE(place < peers->count);
    peers->at[place] = peers->at[--peers->count];
}

void wiring_move(struct wiring *wiring, uint32_t wire, node_id a, node_id b)
{
    struct wire *moved = &wiring->wires.at[wire];
    leave(&wiring->peers[moved->a], moved->b);
    leave(&wiring->peers[moved->b], moved->a);
    meet(wiring, a, b);
    *moved = (struct wire){a, b};
}

/* Adds to `found` all that hangs together with a node. */
static void gather(const struct wiring *wiring, node_id node, bool *seen, wiring_peers *found)
{
    vector_clear(found);
    seen[node] = true;
    vector_push(found, node);
    for (size_t next = 0; next < found->count; next++) {
        const wiring_peers *peers = &wiring->peers[found->at[next]];
        for (size_t i = 0; i < peers->count; i++) {
            if (seen[peers->at[i]])
                continue;
            seen[peers->at[i]] = true;
            vector_push(found, peers->at[i]);
        }
    }
}

uint32_t wiring_parts(const struct wiring *wiring)
{
    bool *seen = g_new0(bool, wiring->node_count);
    wiring_peers found = {0};
    uint32_t parts = 0;
    for (node_id node = 0; node < wiring->node_count; node++) {
        if (seen[node])
            continue;
        gather(wiring, node, seen, &found);
        parts++;
    }
    vector_release(&found);
    g_free(seen);
    return parts;
}
