/* SPDX-License-Identifier: MIT */
#include "network/topology.h"

#include "network/topology_file.h"

static const struct param_variant kinds[] = {
    {.name = "direct", .meaning = "every node reaches every other directly"},
    {.name = "file",
     .meaning = "links and their delays from a CSV, YAML or GML file; messages flood along them",
     .table = &topology_file_params_table,
     .implied_by = "file"},
    {.name = "geographic",
     .meaning = "every node is linked to the nearest, and to some anywhere",
     .table = &topology_geographic_params_table,
     .plugin = &topology_geographic},
    {.name = "hub_and_sentry",
     .meaning = "validators are reached only through sentries of their own, which are linked among themselves",
     .table = &topology_hub_and_sentry_params_table,
     .plugin = &topology_hub_and_sentry},
    {.name = "random_regular",
     .meaning = "every node has the same number of peers, drawn among all",
     .table = &topology_random_regular_params_table,
     .plugin = &topology_random_regular},
    {.name = "relays",
     .meaning = "producers are linked to relays of their own, and relays among themselves, as Cardano's pools are",
     .table = &topology_relays_params_table,
     .plugin = &topology_relays},
    {.name = "scale_free",
     .meaning = "a few nodes have very many peers: each new one prefers those that have many (Barabasi and Albert)",
     .table = &topology_scale_free_params_table,
     .plugin = &topology_scale_free},
    {.name = "small_world",
     .meaning = "a ring of neighbours, some of whose links lead anywhere (Watts and Strogatz)",
     .table = &topology_small_world_params_table,
     .plugin = &topology_small_world},
};
const struct param_variants topology_kinds = {kinds, G_N_ELEMENTS(kinds)};

const struct topology_file_params *topology_file_of(const struct param_variant_value *topology)
{
    return topology->variant && topology->variant->table == &topology_file_params_table ? topology->value : NULL;
}
