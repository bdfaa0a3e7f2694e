/* SPDX-License-Identifier: MIT */
#include "network/params.h"

#include "network/latency.h"
#include "network/network.h"
#include "network/placement.h"
#include "network/rates.h"
#include "network/topology.h"

#define AT(field) .offset = offsetof(struct network_params, field)

static const struct param params[] = {
    {.key = "latency",
     .type = PARAM_ONE_OF,
     AT(latency),
     .by_default = "geographic",
     .meaning = "how long a message takes from one node to another; the links of a topology's file replace it",
     .discriminator = "model",
     .variants = &latency_models},
    {.key = "topology",
     .type = PARAM_ONE_OF,
     AT(topology),
     .by_default = "direct",
     .meaning = "which nodes are linked",
     .discriminator = "kind",
     .variants = &topology_kinds},
    {.key = "placement",
     .type = PARAM_ONE_OF,
     AT(placement),
     .by_default = "equal",
     .meaning = "which regions of the latency model the nodes are in, where nothing else places them",
     .discriminator = "kind",
     .variants = &placement_kinds},
    {.key = "bandwidth",
     .type = PARAM_RATE,
     AT(bandwidth_bit_per_s),
     .minimum = "1 kbit/s",
     .meaning = "rate at which each node sends, without a queue; absent: sending takes no time",
     .optional = true},
    {.key = "rates",
     .type = PARAM_ONE_OF,
     AT(rates),
     .meaning =
         "rates at which each node sends and receives, from a file, without a queue: a message takes its size by "
         "the lesser of the sender's and the receiver's; absent: `bandwidth`",
     .discriminator = "kind",
     .variants = &rates_kinds,
     .optional = true},
    {.key = "relay",
     .type = PARAM_ONE_OF,
     AT(relay),
     .by_default = "flood",
     .meaning = "how a message spreads from node to node",
     .discriminator = "kind",
     .variants = &relay_kinds},
    {.key = "capacity",
     .type = PARAM_STRUCT,
     AT(capacity),
     .by_default = "",
     .table = &capacity_params_table,
     .meaning = "rates of nodes at which messages queue; without them nothing waits"},
    {.key = "cpu",
     .type = PARAM_STRUCT,
     AT(cpu),
     .by_default = "",
     .table = &cpu_params_table,
     .meaning = "what it takes to validate messages before they count and are passed on"},
};

const struct param_table network_params_table =
    PARAM_TABLE("network", "where nodes are and how long messages take", struct network_params, params);
