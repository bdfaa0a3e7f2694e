/* SPDX-License-Identifier: MIT */
/*
 * What a scenario says of transactions: the variants of its key `transactions`. Every kind begins with the same struct,
 * so what is common is read without knowing the kind.
 */
#ifndef POSIM_WORKLOAD_SETTINGS_H
#define POSIM_WORKLOAD_SETTINGS_H

#include "base/param.h"

enum workload_kind { WORKLOAD_BURSTS, WORKLOAD_CONSTANT, WORKLOAD_NONE, WORKLOAD_POISSON, WORKLOAD_TRACE };
enum workload_order { ORDER_ARRIVAL, ORDER_FEE };
enum workload_detail { DETAIL_FULL, DETAIL_SUMMARY };
enum workload_when_full { FULL_DROP_LOWEST_FEE, FULL_REFUSE };

struct mempool_settings {
    int64_t transactions; /* PARAM_ABSENT: no limit */
    uint64_t bytes;       /* (uint64_t)PARAM_ABSENT: no limit */
    time_ns expiry_ns;    /* PARAM_ABSENT: never */
    int when_full;        /* enum workload_when_full */
};

struct workload_common {
    int order;  /* enum workload_order */
    int detail; /* enum workload_detail */
    time_ns spread_ns, cohort_ns, sample_ns;
    struct param_variant_value enter; /* of `workload_entrances` */
    struct mempool_settings mempool;
};

/* The kinds that draw their transactions. */
struct workload_drawn {
    struct workload_common common;
    struct param_variant_value size, fee; /* of `workload_amounts` */
    uint64_t rate;                        /* in units of TX_RATE_ONE */
    struct ratio diurnal;                 /* poisson: how far the rate swings around its mean */
    time_ns period_ns;
    time_ns on_ns, off_ns; /* bursts: mean lengths */
};

struct workload_trace {
    struct workload_common common;
    const char *file;
};

/* A variant's plugin points to its enum workload_kind. */
extern const struct param_variants workload_kinds;

/* Where transactions enter: `everywhere` (no table), `nodes` (no table), `regions`. */
struct entrance_region {
    const char *name;
    struct ratio share;
};
struct entrance_regions {
    struct param_list regions; /* struct entrance_region */
};

/* Sizes in bytes, fees in the smallest unit. */
struct amount_constant {
    int64_t value;
};
struct amount_lognormal {
    int64_t median;
    struct ratio sigma;
};
struct amount_share {
    int64_t value;
    struct ratio share;
};
struct amount_choice {
    struct param_list values; /* struct amount_share */
};

#endif
