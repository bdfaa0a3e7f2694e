/* SPDX-License-Identifier: MIT */
/*
 * A replica driven by a transcript: a text of things that happen to it, each followed by the effects that it answers
 * with. There is no engine, no network and no election behind the view: whatever the replica can see, the transcript
 * has said. README.md explains the statements. A replica belongs to its owner between replica_new and replica_free.
 */
#ifndef POSIM_TESTS_PROTOCOL_TRANSCRIPT_H
#define POSIM_TESTS_PROTOCOL_TRANSCRIPT_H

#include "base/vector.h"
#include "contract/protocol.h"

/* A block with the name that the transcript gives it. */
struct named_block {
    char *name;
    bool arrived;
};

struct set_timer {
    uint64_t tag;
    time_ns at_ns;
};

/* validator leads at (height, round), or wins `slot` with `proof` on chains that hold block `after`. */
struct said_leader {
    uint64_t height;
    uint32_t round;
    validator_id validator;
};

struct said_win {
    validator_id validator;
    uint64_t slot, proof;
    block_id after;
};

struct replica {
    const struct protocol *protocol;
    void *state, *parameters;
    struct view view;
    struct block_tree tree;
    struct electorate electorate;
    struct effects effects;
    time_ns now_ns;
    int own_blocks;
    VECTOR(struct named_block) blocks; /* by block */
    VECTOR(struct electorate_member) members;
    VECTOR(validator_id) hosted;
    VECTOR(struct watch) watches;
    VECTOR(struct set_timer) timers;
    VECTOR(struct message) votes;
    VECTOR(struct said_leader) leaders;
    VECTOR(struct said_win) wins;
};

/* transcript.c. Runs the text; the same text with the effects that came, to be g_freed, or NULL and `*failure`. */
char *transcript_run(const char *text, char **failure);

/* describe.c. One line for an effect; names for tags. */
void describe_effect(const struct replica *replica, const struct effect *effect, GString *text);
char *describe_timer(const struct replica *replica, uint64_t tag);
char *describe_watch(const struct replica *replica, uint64_t tag);

static inline bool is_tendermint(const struct replica *replica)
{
    return g_str_equal(replica->protocol->name, "tendermint");
}

#endif
