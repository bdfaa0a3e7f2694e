/* SPDX-License-Identifier: MIT */
/* Validators behind sentries of their own; sentries all linked to each other, or in a random regular graph. */
#include "network/topology.h"

struct topology_hub_and_sentry_params {
    int64_t sentries;
    int64_t degree; /* PARAM_ABSENT: a full mesh */
    int place;
};

enum {
    PLACE_ANYWHERE,
    PLACE_OWN_REGION,
};
static const char *const places[] = {"anywhere", "own_region", NULL};

#define AT(field) .offset = offsetof(struct topology_hub_and_sentry_params, field)

static const struct param params[] = {
    {.key = "sentries",
     .type = PARAM_INTEGER,
     AT(sentries),
     .by_default = "2",
     .minimum = "1",
     .maximum = "20",
     .meaning = "sentries of each of the scenario's nodes; they carry no stake and only pass messages on",
     .source = "a validator behind two sentries: akash-network/cosmos-omnibus, validator-and-public-sentries"},
    {.key = "degree",
     .type = PARAM_INTEGER,
     AT(degree),
     .minimum = "3",
     .maximum = "1000",
     .meaning = "peers of each sentry among the sentries; absent: all others. Below their number, and one of the two "
                "is even",
     .optional = true},
    {.key = "place",
     .type = PARAM_CHOICE,
     AT(place),
     .by_default = "anywhere",
     .meaning = "where sentries are: spread as the validators are, or in the region of their validator",
     .source = "sentries spread over clouds and regions: the sentry node design of the Cosmos Hub",
     .choices = places},
};
const struct param_table topology_hub_and_sentry_params_table =
    PARAM_TABLE("hub and sentry topology", "validators are reached only through sentries of their own",
                struct topology_hub_and_sentry_params, params);

static struct topology_relays relays(const void *parameters)
{
    const struct topology_hub_and_sentry_params *given = parameters;
    return (struct topology_relays){.per_host = (uint32_t)given->sentries, .anywhere = given->place == PLACE_ANYWHERE};
}

static bool wire(const void *parameters, const struct topology_site *site, struct wiring *wiring, GError **error)
{
    const struct topology_hub_and_sentry_params *given = parameters;
    uint32_t per_host = (uint32_t)given->sentries, count = site->host_count * per_host;
    topology_wire_relays(site, per_host, wiring);
    if (given->degree == PARAM_ABSENT)
        return topology_wire_mesh(wiring, site->host_count, count, "sentries", error);
    return topology_wire_regular(site, wiring, site->host_count, count, (uint32_t)given->degree, "sentries", error);
}

const struct topology_model topology_hub_and_sentry = {
    .relays = relays, .wire = wire, .remedy = "raise network.topology.degree"};
