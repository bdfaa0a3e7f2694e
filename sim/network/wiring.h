/* SPDX-License-Identifier: MIT */
/*
 * A graph in the making: wires, which join two different nodes both ways, at most one a pair. Generators of topologies
 * string and move them; afterwards they become links with delays. Owns what it holds. Private to the room.
 */
#ifndef POSIM_NETWORK_WIRING_H
#define POSIM_NETWORK_WIRING_H

#include "base/ids.h"
#include "base/vector.h"

#include <stdbool.h>

struct wire {
    node_id a, b;
};

typedef VECTOR(node_id) wiring_peers;

struct wiring {
    uint32_t node_count;
    VECTOR(struct wire) wires; /* in the order in which they were strung */
    wiring_peers *peers;       /* by node */
};

void wiring_init(struct wiring *wiring, uint32_t node_count);
void wiring_release(struct wiring *wiring);

/* Takes all wires away. */
void wiring_clear(struct wiring *wiring);

bool wiring_joins(const struct wiring *wiring, node_id a, node_id b);

/* The two must differ and not be joined yet. */
void wiring_string(struct wiring *wiring, node_id a, node_id b);

/* Puts a wire elsewhere, under its number. */
void wiring_move(struct wiring *wiring, uint32_t wire, node_id a, node_id b);

/* How many parts there are between which nothing leads. */
uint32_t wiring_parts(const struct wiring *wiring);

#endif
