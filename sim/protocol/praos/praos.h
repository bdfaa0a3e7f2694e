/* SPDX-License-Identifier: MIT */
/*
 * The parts that the files of this folder share: parameters and the state of one replica.
 *
 *   praos.c   the plug-in: parameters, events, leading, settlement, what checkers and adversaries are told
 *   chain.c   which of two chains is better
 */
#ifndef POSIM_PROTOCOL_PRAOS_PRAOS_H
#define POSIM_PROTOCOL_PRAOS_PRAOS_H

#include "base/vector.h"
#include "contract/protocol.h"

struct praos_parameters {
    time_ns slot_ns;
    struct ratio active_slot_coefficient;
    int64_t security_parameter;         /* k */
    int64_t settlement_depth;           /* PARAM_ABSENT: k */
    int64_t epoch_slots;                /* PARAM_ABSENT: 10 k / f */
    int64_t randomness_stability_slots; /* PARAM_ABSENT: 4/10 of the epoch */
    int64_t tie_break_distance;         /* slots; PARAM_ABSENT: however far apart */
    uint64_t block_size_bytes;
    int64_t block_transactions;
};

/* The next slot in which one of the node's validators leads. */
struct praos_lead {
    validator_id validator;
    bool waiting; /* false: no more in this epoch */
    struct lead lead;
};

struct praos_state {
    bool begun;
    block_id head;
    block_id settled;   /* the head's ancestor settlement_depth below it, or BLOCK_NONE */
    uint64_t epoch;     /* for which leads were looked up ... */
    block_id boundary;  /* ... with the randomness of the chain whose last block before the epoch is this */
    uint64_t next_slot; /* slots before it are over: nobody of this node leads in them (again) */
    VECTOR(struct praos_lead) leads; /* by index in the view's validators */
};

/*
 * chain.c: whether to leave the chain that ends in `head` for the one that ends in `candidate`. A block whose proof is
 * compared is that of the tip.
 */
bool praos_prefers(const struct praos_parameters *parameters, const struct block_tree *tree, block_id head,
                   block_id candidate);

#endif
