/* SPDX-License-Identifier: MIT */
#include "network/topology.h"

static const struct param_variant kinds[] = {
    {.name = "direct", .meaning = "every node reaches every other directly"},
};
const struct param_variants topology_kinds = {kinds, G_N_ELEMENTS(kinds)};
