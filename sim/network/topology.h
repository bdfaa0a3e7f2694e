/* SPDX-License-Identifier: MIT */
/* Which nodes are linked. Private to the room. */
#ifndef POSIM_NETWORK_TOPOLOGY_H
#define POSIM_NETWORK_TOPOLOGY_H

#include "base/param.h"

extern const struct param_variants topology_kinds;

#endif
