/* SPDX-License-Identifier: MIT */
/*
 * An adversary controls a set of validators, whose nodes are wholly corrupt. Its powers, each optional:
 *   - `filter`: after an honest instance at a corrupt node has stepped, look at its effects and keep, drop, delay,
 *     change or replace them, or add others in the names of validators that the adversary controls. A simple
 *     misbehaviour is just a filter.
 *   - twins: `set_up` may run several instances of the protocol for one corrupt node and say which honest and corrupt
 *     replicas each one hears and speaks to.
 *   - the coordinator: `observe` sees every message in the instant it is sent (rushing), never an arrival of the
 *     future; `timer` comes back when asked for; both may add effects.
 * What it wants beyond its own validators (delay of others' messages up to a bound, partitions, eclipses) it asks the
 * world through adversary_calls; the world grants what the scenario allows and clamps the rest.
 *
 * The adversary's state is `state_size` zeroed bytes, copied when a world is cloned.
 *
 * To add one: sim/adversary/NAME.c, which defines `const struct adversary adversary_NAME` and its parameter table, and
 * one line in the list `adversaries` of sim/meson.build.
 */
#ifndef POSIM_CONTRACT_ADVERSARY_H
#define POSIM_CONTRACT_ADVERSARY_H

#include "base/param.h"
#include "contract/protocol.h"

struct adversary_view;

struct adversary_calls {
    /* Names a set of replicas of a chain as recipients; the group's number. The ids are copied. */
    uint32_t (*group)(struct adversary_view *view, const replica_id *replicas, uint32_t count);
    /* set_up only: runs one more instance of the protocol at a corrupt node; its replica. */
    replica_id (*twin)(struct adversary_view *view, chain_id chain, node_id node);
    /* set_up only: `replica` hears only what replicas of `group` send, and what it sends goes only to them. */
    void (*confine)(struct adversary_view *view, replica_id replica, uint32_t group);
    /* Wakes `timer` at that time. */
    void (*wake)(struct adversary_view *view, time_ns at_ns, uint64_t tag);
    uint64_t (*random)(struct adversary_view *view);
};

/* What the adversary sees: everything but the future and the honest validators' private draws. */
struct adversary_view {
    const struct adversary_calls *calls;
    void *context;
    const void *parameters;
    const struct protocol *protocol; /* of the chain in question */
    const struct block_tree *tree;
    chain_id chain;
    time_ns now_ns;
    uint32_t replica_count;     /* of the chain, twins included */
    const node_id *node_of;     /* by replica */
    const bool *corrupt;        /* by replica */
    const uint8_t *fault_group; /* by node: which side of the scenario's first partition it will be on; 0 if none */
    uint32_t fault_groups;      /* number of sides; 0 without a partition */
    uint32_t validator_count;
    const bool *corrupt_validator; /* by validator */
};

/*
 * Whom an adversary controls and when: the first member, named `common`, of every adversary's parameter struct, and the
 * first lines of its table. Exactly one of stake, count and validators is given (adversary_common_check).
 */
struct adversary_common {
    struct ratio stake;           /* the largest reachable set not above this share; denominator 0: not given */
    int64_t count;                /* PARAM_ABSENT: not given */
    struct param_list validators; /* of const char *: names, or numbers */
    time_ns from_ns, until_ns;    /* when it misbehaves; until_ns PARAM_ABSENT: to the end */
};
extern const struct param adversary_validator_param;
const char *adversary_common_check(const void *filled, char **message);

#define ADVERSARY_COMMON_PARAMS(struct_type)                                                                           \
    {.key = "stake",                                                                                                   \
     .type = PARAM_SHARE,                                                                                              \
     .offset = offsetof(struct_type, common.stake),                                                                    \
     .optional = true,                                                                                                 \
     .minimum = "0 %",                                                                                                 \
     .maximum = "100 %",                                                                                               \
     .meaning = "share of the stake that it controls: the largest reachable set not above it"},                        \
        {.key = "count",                                                                                               \
         .type = PARAM_INTEGER,                                                                                        \
         .offset = offsetof(struct_type, common.count),                                                                \
         .optional = true,                                                                                             \
         .minimum = "0",                                                                                               \
         .meaning = "number of validators that it controls, drawn at random"},                                         \
        {.key = "validators",                                                                                          \
         .type = PARAM_LIST,                                                                                           \
         .offset = offsetof(struct_type, common.validators),                                                           \
         .optional = true,                                                                                             \
         .element = &adversary_validator_param,                                                                        \
         .meaning = "the validators that it controls, by name or number"},                                             \
        {.key = "from",                                                                                                \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.from_ns),                                                              \
         .by_default = "0 s",                                                                                          \
         .minimum = "0 s",                                                                                             \
         .meaning = "when it begins to misbehave"},                                                                    \
    {                                                                                                                  \
        .key = "until", .type = PARAM_DURATION, .offset = offsetof(struct_type, common.until_ns), .optional = true,    \
        .minimum = "0 s", .meaning = "when it stops; absent: never"                                                    \
    }

struct adversary {
    const char *name;                 /* required */
    const char *meaning;              /* required; one line */
    const char *source;               /* optional */
    const struct param_table *params; /* required */
    size_t state_size;

    /* Optional: before the first event. */
    void (*set_up)(void *state, struct adversary_view *view);

    /* Optional: `effects` are those of one step of a corrupt replica, whose own view is `replica`; change in place. */
    void (*filter)(void *state, struct adversary_view *view, const struct view *replica, struct effects *effects);

    /* Optional: a message was sent by anyone, now. */
    void (*observe)(void *state, struct adversary_view *view, const struct message *message, struct effects *effects);

    /* Optional: a wake that was asked for. */
    void (*timer)(void *state, struct adversary_view *view, uint64_t tag, struct effects *effects);
};

#endif
