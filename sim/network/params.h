/* SPDX-License-Identifier: MIT */
/* What a scenario says of its network: the struct behind network_params_table. Private to the room. */
#ifndef POSIM_NETWORK_PARAMS_H
#define POSIM_NETWORK_PARAMS_H

#include "base/param.h"
#include "network/network.h"
#include "network/relay.h"

struct loss_params {
    struct ratio probability;
    struct network_retry retry;
};

enum gst_choice { GST_RANDOM, GST_WORST };

struct gst_params {
    time_ns at_ns;           /* 0: from the start */
    time_ns delay_before_ns; /* PARAM_ABSENT: until then */
    int choice;              /* enum gst_choice */
};

struct clock_params {
    time_ns skew_ns;
    struct ratio drift;
};

struct network_params {
    struct param_variant_value latency;
    struct param_variant_value topology;
    struct param_variant_value placement;
    uint64_t bandwidth_bit_per_s;     /* (uint64_t)PARAM_ABSENT: none */
    struct param_variant_value rates; /* variant NULL: none */
    struct loss_params loss;
    struct gst_params gst;
    struct clock_params clocks;
    struct param_variant_value relay;
    struct capacity_params capacity;
    struct cpu_params cpu;
};

#endif
