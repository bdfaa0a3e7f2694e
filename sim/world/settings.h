/* SPDX-License-Identifier: MIT */
/*
 * What a scenario says of a world: the structs that the scenario's tables fill. The tables are made once from the
 * registry of plug-ins (settings_tables_init), since the variants of `protocol`, `election` and `adversary` are those
 * that the program was built with.
 */
#ifndef POSIM_WORLD_SETTINGS_H
#define POSIM_WORLD_SETTINGS_H

#include "contract/registry.h"
#include "network/network.h"
#include "stake/distribution.h"
#include "stake/ledger.h"
#include "workload/settings.h"

struct time_settings {
    time_ns duration_ns;
    time_ns warmup_ns;   /* what happens before does not count for the metrics */
    int64_t stop_height; /* PARAM_ABSENT: none */
};

struct validator_settings {
    int64_t count; /* PARAM_ABSENT: as many as the source of stakes has */
    int64_t per_node;
    struct param_variant_value stake;
};

enum fault_groups_by { GROUPS_BY_NODES, GROUPS_BY_STAKE };

/* Whom a fault hits: at most one of the ways; none of them: every node. */
struct fault_target {
    struct ratio share;           /* of the nodes, drawn at random; denominator 0: not given */
    struct ratio stake;           /* of the stake: the largest reachable set of nodes not above it */
    int64_t count;                /* nodes, drawn at random; PARAM_ABSENT: not given */
    struct param_list validators; /* const char *: the nodes that host them, by name or number */
    struct param_list regions;    /* const char *: the nodes there */
};

/* The first member of every fault's struct. */
struct fault_common {
    const char *name; /* NULL: the kind and its place in the list */
    time_ns at_ns;
    time_ns for_ns;   /* PARAM_ABSENT: to the end */
    time_ns every_ns; /* it begins anew after so long; PARAM_ABSENT: it does not */
    struct fault_target target;
};

struct fault_crash {
    struct fault_common common;
    bool drop; /* what reaches a node that is down is lost, not sent again when it is up */
};

struct fault_partition {
    struct fault_common common;
    struct param_list groups; /* struct ratio; empty: the target against the rest */
    int groups_by;            /* enum fault_groups_by */
    bool drop;
    bool adversary_bridges; /* nodes of an adversary with twins stand on every side */
};

struct fault_bandwidth {
    struct fault_common common;
    uint64_t bit_per_s;
};

struct fault_congestion {
    struct fault_common common;
    struct network_congestion daily;
};

/* The nodes at the other end of the links that a fault hits; both empty: whatever is there. */
struct fault_toward {
    struct param_list regions, validators; /* const char * */
};

struct fault_delay {
    struct fault_common common;
    struct fault_toward toward;
    time_ns extra_ns;
    struct ratio stretch;
};

struct fault_loss {
    struct fault_common common;
    struct fault_toward toward;
    struct ratio probability;
    struct network_retry retry;
};

enum churn_by { CHURN_BY_NODES, CHURN_BY_REGIONS };

struct fault_churn {
    struct fault_common common;
    time_ns mean_up_ns, mean_down_ns;
    int by;            /* enum churn_by: what goes down together */
    struct ratio hits; /* of a region's nodes, each time drawn anew */
    bool drop;
};

struct fault_maintenance {
    struct fault_common common;
    time_ns takes_ns, pause_ns;
    struct ratio at_once; /* of the nodes that it hits; at least one */
    bool drop;
};

struct fault_processors {
    struct fault_common common;
    struct ratio speed;
};

enum fault_kind {
    FAULT_BANDWIDTH,
    FAULT_CHURN,
    FAULT_CONGESTION,
    FAULT_CRASH,
    FAULT_DELAY,
    FAULT_LOSS,
    FAULT_MAINTENANCE,
    FAULT_PARTITION,
    FAULT_PROCESSORS,
};
/* A fault's variant->plugin points to its enum fault_kind. */
extern const struct param_variants fault_variants;

/* The fault's own name, or its kind. */
const char *fault_name(const struct param_variant_value *fault);
/* "30 s"; g_free it. */
char *fault_print_duration(time_ns duration_ns);
/* Whether it says whom the fault hits; otherwise that is everybody. */
bool fault_has_target(const struct fault_target *target);

enum deliveries { DELIVERIES_AUTO, DELIVERIES_EVENTS, DELIVERIES_LATE };

struct engine_settings {
    int deliveries; /* enum deliveries */
};

enum crypto_mode { CRYPTO_IDEAL, CRYPTO_REAL };

struct check_settings {
    time_ns liveness_gap_ns; /* PARAM_ABSENT: what the protocol states */
};

struct world_settings {
    struct time_settings time;
    struct param_variant_value protocol;
    struct param_variant_value election; /* variant NULL: the protocol's own */
    struct validator_settings validators;
    struct ledger_rules stake_rules;
    struct param_list faults;                /* struct param_variant_value */
    struct param_variant_value adversary;    /* variant NULL: none */
    struct param_list behaviours;            /* struct param_variant_value of adversaries, beside `adversary` */
    struct param_variant_value transactions; /* variant NULL: none */
    int crypto;                              /* enum crypto_mode */
    struct param_variant_value signatures;
    struct engine_settings engine;
    struct check_settings check;
};

/*
 * The parameters of a world, whose offsets are those of struct world_settings; `count` of them. The registry must
 * outlive what is made from it. The network's struct is private to its room, so it is filled behind the others: the
 * offset of `network` is sizeof(struct world_settings), and settings_size() is the size of all.
 */
struct settings_tables {
    struct param *params;
    size_t count;
    size_t size;
};
void settings_tables_init(struct settings_tables *tables, const struct registry *registry);
void settings_tables_release(struct settings_tables *tables);

/* Where the filled network parameters are. */
const void *settings_network(const struct world_settings *settings);

#endif
