/* SPDX-License-Identifier: MIT */
/*
 * Which nodes are linked: all with all, as a model generates it, or as a file says. A generated topology draws wires
 * between the scenario's nodes, and relays beside them that only pass messages on; its links have the latency model's
 * delays. A file's links carry their own. Private to the room.
 */
#ifndef POSIM_NETWORK_TOPOLOGY_H
#define POSIM_NETWORK_TOPOLOGY_H

#include "base/param.h"
#include "base/random.h"
#include "network/graph.h"
#include "network/latency.h"
#include "network/wiring.h"

extern const struct param_variants topology_kinds;

struct fabric;

/* What a generator builds on. */
struct topology_site {
    const struct random_seed *seed;
    uint32_t draw;       /* counts up where one draw leaves the graph in parts */
    uint32_t host_count; /* the scenario's nodes, the first of the graph's; relays follow, those of node 0 first */
    const struct latency *latency;
    const uint32_t *region_of; /* by node, relays included */
};

/* Relays that a topology gives each of the scenario's nodes. */
struct topology_relays {
    uint32_t per_host;
    bool anywhere; /* in regions as the scenario's nodes are spread, else in that of their node */
};

/* A generated topology: the plugin of a variant of topology_kinds. */
struct topology_model {
    struct topology_relays (*relays)(const void *parameters); /* optional */
    /* Strings the wires of one draw; false and a GError where the parameters do not suit the number of nodes. */
    bool (*wire)(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error);
    const char *remedy; /* what to change where no draw connects the nodes; NULL: it always does */
};

/* Purposes of the draws of a topology, so that none moves another. */
enum topology_luck {
    TOPOLOGY_LUCK_WIRES,
    TOPOLOGY_LUCK_PLACES, /* regions of relays */
    TOPOLOGY_LUCK_DELAYS, /* of links, where the latency model draws them: by both ends, draw 0 */
};

/* The entity of RANDOM_TOPOLOGY for a node or wire of a draw; indices are below 2^40, those of draw 0 below 2^56. */
static inline uint64_t topology_entity(enum topology_luck luck, uint32_t draw, uint64_t index)
{
    return (uint64_t)luck << 56 | (uint64_t)draw << 40 | index;
}

/* The stream of one node or wire, and, as that of number TOPOLOGY_ALL, of all together. */
#define TOPOLOGY_ALL ((UINT64_C(1) << 40) - 1)
void topology_stream(const struct topology_site *site, uint64_t index, struct random_stream *stream);

/* All of the numbers below count in a drawn order; g_free it. */
uint32_t *topology_shuffled(const struct topology_site *site, uint32_t count);

/* Sets an error that begins with the topology's key. */
void topology_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/*
 * Sets the delay of a link by the regions of its ends (region_of NULL: there are none); of a model without regions,
 * each pair of nodes draws its own once, the same both ways. False and a GError where the model has no figure.
 */
bool topology_link_delay(const struct latency *latency, const struct random_seed *seed, const uint32_t *region_of,
                         struct graph_link *link, GError **error);

/*
 * Makes the graph of a generated topology for a fabric whose nodes are placed: sets its graph and adds relays to its
 * regions and keepers. Does nothing for other topologies.
 */
bool topology_generate(const struct param_variant_value *topology, struct fabric *fabric, GError **error);

/*
 * Wires that several generators share. Each node of `first` .. first + count - 1 gets `degree` peers among them, any
 * such graph about as likely; `what` names the nodes in errors ("relays"). A full mesh joins all of them.
 */
bool topology_wire_regular(const struct topology_site *site, struct wiring *wiring, node_id first, uint32_t count,
                           uint32_t degree, const char *what, GError **error);
bool topology_wire_mesh(struct wiring *wiring, node_id first, uint32_t count, const char *what, GError **error);
/* Each of the scenario's nodes with its relays. */
void topology_wire_relays(const struct topology_site *site, uint32_t per_host, struct wiring *wiring);

extern const struct param_table topology_geographic_params_table;
extern const struct topology_model topology_geographic;
extern const struct param_table topology_hub_and_sentry_params_table;
extern const struct topology_model topology_hub_and_sentry;
extern const struct param_table topology_random_regular_params_table;
extern const struct topology_model topology_random_regular;
extern const struct param_table topology_relays_params_table;
extern const struct topology_model topology_relays;
extern const struct param_table topology_scale_free_params_table;
extern const struct topology_model topology_scale_free;
extern const struct param_table topology_small_world_params_table;
extern const struct topology_model topology_small_world;

#endif
