/* SPDX-License-Identifier: MIT */
/* What a scenario says of its network: the struct behind network_params_table. Private to the room. */
#ifndef POSIM_NETWORK_PARAMS_H
#define POSIM_NETWORK_PARAMS_H

#include "base/param.h"
#include "network/relay.h"

struct network_params {
    struct param_variant_value latency;
    struct param_variant_value topology;
    struct param_variant_value placement;
    uint64_t bandwidth_bit_per_s;     /* (uint64_t)PARAM_ABSENT: none */
    struct param_variant_value rates; /* variant NULL: none */
    struct param_variant_value relay;
    struct capacity_params capacity;
    struct cpu_params cpu;
};

#endif
