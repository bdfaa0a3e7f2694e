/* SPDX-License-Identifier: MIT */
/* Producers behind relays of their own, and relays in a random regular graph among themselves. */
#include "network/topology.h"

struct topology_relays_params {
    int64_t per_producer;
    int64_t degree;
    int place;
};

enum {
    PLACE_OWN_REGION,
    PLACE_ANYWHERE,
};
static const char *const places[] = {"own_region", "anywhere", NULL};

#define AT(field) .offset = offsetof(struct topology_relays_params, field)

static const struct param params[] = {
    {.key = "per_producer",
     .type = PARAM_INTEGER,
     AT(per_producer),
     .by_default = "2",
     .minimum = "1",
     .maximum = "20",
     .meaning = "relays of each of the scenario's nodes; they carry no stake and only pass messages on",
     .source = "two relays for each producer: ouroboros-leios, data/simulation/pseudo-mainnet"},
    {.key = "degree",
     .type = PARAM_INTEGER,
     AT(degree),
     .by_default = "20",
     .minimum = "3",
     .maximum = "1000",
     .meaning = "peers of each relay among the relays; below their number, and one of the two is even",
     .source = "TargetNumberOfActivePeers is 20 in cardano-node's mainnet configuration"},
    {.key = "place",
     .type = PARAM_CHOICE,
     AT(place),
     .by_default = "own_region",
     .meaning = "where relays are: in the region of their producer, or spread as the producers are",
     .choices = places},
};
const struct param_table topology_relays_params_table =
    PARAM_TABLE("relays topology", "producers are linked to relays of their own, and relays among themselves",
                struct topology_relays_params, params);

static struct topology_relays relays(const void *parameters)
{
    const struct topology_relays_params *given = parameters;
    return (struct topology_relays){.per_host = (uint32_t)given->per_producer,
                                    .anywhere = given->place == PLACE_ANYWHERE};
}

static bool wire(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error)
{
    const struct topology_relays_params *given = parameters;
    uint32_t per_host = (uint32_t)given->per_producer;
    topology_wire_relays(site, per_host, wiring);
    return topology_wire_regular(site, wiring, site->host_count, site->host_count * per_host, (uint32_t)given->degree,
                                 "relays", error);
}

const struct topology_model topology_relays = {
    .relays = relays, .wire = wire, .remedy = "raise network.topology.degree"};
