/* SPDX-License-Identifier: MIT */
/*
 * The parts that the files of this folder share: parameters, the state of one replica, and the step. Line numbers are
 * those of algorithm 1 in Buchman, Kwon, Milosevic, "The latest gossip on BFT consensus" (arXiv 1807.04938).
 *
 *   tendermint.c   the plug-in: parameters, events, what checkers and adversaries are told
 *   algorithm.c    algorithm 1
 *   catch_up.c     how a replica that was left behind gets what it lacks
 *
 * The rules stand apart from the code so that tests can run the same code with a rule broken; the plug-in has only the
 * paper's. Everything here is called in a step only; the state owns the two lists in it.
 */
#ifndef POSIM_PROTOCOL_TENDERMINT_TENDERMINT_H
#define POSIM_PROTOCOL_TENDERMINT_TENDERMINT_H

#include "base/vector.h"
#include "contract/protocol.h"

enum tendermint_vote {
    TENDERMINT_PREVOTE,
    TENDERMINT_PRECOMMIT,
};

struct timeout {
    time_ns base_ns, delta_ns; /* the timeout of round r is base + r * delta */
};

struct tendermint_parameters {
    struct timeout propose, prevote, precommit;
    time_ns commit_ns;
    bool skip_timeout_commit;
    time_ns catch_up_after_ns; /* after signs of a later height; and between one question and the next */
    time_ns help_after_ns;     /* after the height began */
    uint64_t block_size_bytes;
    int64_t block_transactions;
};
extern const struct param_table tendermint_table;

struct tendermint_rules {
    struct ratio quorum_above; /* 2f+1: more than this share */
    struct ratio skip_above;   /* f+1: more than this share */
    bool locks;                /* whether a lock keeps one from prevoting for another value */
};
extern const struct tendermint_rules tendermint_paper_rules;

enum tendermint_step {
    STEP_NEW_HEIGHT, /* the last height is decided, timeout_commit runs; not a step of the paper */
    STEP_PROPOSE,
    STEP_PREVOTE,
    STEP_PRECOMMIT,
};

enum tendermint_timer {
    TIMER_PROPOSE,
    TIMER_PREVOTE,
    TIMER_PRECOMMIT,
    TIMER_COMMIT, /* timeout_commit */
    TIMER_HELP,   /* ask a peer for what is lacking */
    TIMER_KINDS,
};

/*
 * Watches by the line that they serve. Those that fire in one instant come in this order: a decision first, and a
 * quorum for one value before a quorum for any, so that no timeout starts that is not needed.
 */
enum tendermint_watch {
    WATCH_LINE_49,          /* 2f+1 precommits for one value, of any round */
    WATCH_LINE_55,          /* f+1 votes of a later round */
    WATCH_LINE_28,          /* 2f+1 prevotes for the proposal, of its valid round */
    WATCH_LINE_36,          /* 2f+1 prevotes for one value */
    WATCH_LINE_44,          /* 2f+1 prevotes for nil */
    WATCH_LINE_34,          /* 2f+1 prevotes */
    WATCH_LINE_47,          /* 2f+1 precommits */
    WATCH_BEHIND,           /* f+1 votes of a later height */
    WATCH_CAUGHT,           /* 2f+1 precommits for a block that a peer sent, of a later height */
    WATCH_COMMITTED_BY_ALL, /* every precommit of the last height, for skip_timeout_commit */
};

/* A proposal that has come, with its block. */
struct tendermint_proposal {
    uint64_t height;
    uint32_t round;
    int64_t valid_round; /* -1: none */
    block_id block;
    validator_id sender;
};

struct tendermint_state {
    uint64_t height; /* h_p */
    uint32_t round;  /* round_p */
    enum tendermint_step step;
    block_id locked_value, valid_value; /* BLOCK_NONE: nil */
    int64_t locked_round, valid_round;  /* -1: none */

    block_id last;       /* decision_p[h_p - 1]; genesis at height 1 */
    uint32_t last_round; /* in which it was decided */
    electorate_id electorate;
    stake_amount total, quorum, skip; /* of the height's electorate: all, 2f+1, f+1 */
    validator_id proposer;            /* of the round */

    /* What the round's watches have told; nothing of it is undone within the round. */
    bool quorum_of_prevotes, quorum_of_nil, quorum_of_precommits;
    block_id quorum_value; /* of prevotes; BLOCK_NONE: none yet */
    block_id proof_value;  /* line 28: for which prevotes of valid_round are watched; BLOCK_NONE: none */
    uint32_t proof_round;  /* that valid round */
    bool proof_seen;       /* and they are there */
    bool did_line_34, did_line_36, did_line_47;

    bool behind;                                  /* f+1 voted at a later height */
    time_ns due_ns[TIMER_KINDS];                  /* TIME_NEVER: not set */
    VECTOR(struct tendermint_proposal) proposals; /* of this height and later ones, as they came */
    VECTOR(validator_id) accused;                 /* of whom evidence was given */
};

/* What a step works with. */
struct tendermint {
    const struct tendermint_rules *rules;
    const struct tendermint_parameters *parameters;
    struct tendermint_state *state;
    const struct view *view;
    struct effects *effects;
};

/* tendermint.c. The step by given rules; a plug-in's step is this with its own. */
void tendermint_step_by(const struct tendermint_rules *rules, struct tendermint_state *state, const struct view *view,
                        const struct event *event, struct effects *effects);
void tendermint_set_timer(struct tendermint *run, enum tendermint_timer timer, time_ns after_ns);

/* algorithm.c */
void tendermint_begin(struct tendermint *run);
void tendermint_start_round(struct tendermint *run, uint32_t round);
void tendermint_take_proposal(struct tendermint *run, const struct message *message);
void tendermint_apply_rules(struct tendermint *run);
void tendermint_decide(struct tendermint *run, block_id block, uint32_t round);
void tendermint_timeout(struct tendermint *run, enum tendermint_timer timer);
bool tendermint_watch_round(struct tendermint *run, const struct event *event);
bool tendermint_hosts(const struct view *view, validator_id validator);

/* catch_up.c */
void tendermint_watch_later_heights(struct tendermint *run);
void tendermint_fall_behind(struct tendermint *run);
void tendermint_ask(struct tendermint *run);
void tendermint_answer(struct tendermint *run, const struct message *request);
void tendermint_take_answer(struct tendermint *run, const struct message *response);

#endif
