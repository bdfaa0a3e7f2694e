/* SPDX-License-Identifier: MIT */
#include "network/topology.h"

#include "network/topology_file.h"

static const struct param_variant kinds[] = {
    {.name = "direct", .meaning = "every node reaches every other directly"},
    {.name = "file",
     .meaning = "links and their delays from a CSV, YAML or GML file; messages flood along them",
     .table = &topology_file_params_table,
     .implied_by = "file"},
};
const struct param_variants topology_kinds = {kinds, G_N_ELEMENTS(kinds)};

const struct topology_file_params *topology_file_of(const struct param_variant_value *topology)
{
    return topology->variant && topology->variant->table == &topology_file_params_table ? topology->value : NULL;
}
