/* SPDX-License-Identifier: MIT */
/*
 * The rows that a world writes while it runs, and the sink that takes them. A row is a C struct described by a table of
 * columns, so one function serialises any of them and the documentation of the traces comes from the same place. The
 * rows below are what happened, one by one; the files that users read (blocks.csv, finality.csv, ...) are made from
 * them by sim/record, the verdicts by sim/check, which know nothing else of a run.
 *
 * The canonical stream is every row of the kinds marked canonical, in the order written, whatever is recorded; its hash
 * is the run's trace_hash. Rows of heads and of final blocks count for it in any order. Canonical are all kinds but
 * those that a run writes only when asked to; no canonical row holds anything that depends on how deliveries are
 * computed.
 */
#ifndef POSIM_RECORD_TRACE_H
#define POSIM_RECORD_TRACE_H

#include "base/ids.h"
#include "base/stake.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>

enum column_type {
    COLUMN_U8,
    COLUMN_U32, /* ID_NONE prints NA */
    COLUMN_U64,
    COLUMN_HEX64, /* 0x and 16 digits */
    COLUMN_TIME,  /* time_ns, printed in seconds with nine digits; TIME_NEVER prints NA */
    COLUMN_FLAG,  /* bool, 0 or 1 */
    COLUMN_RATIO, /* struct ratio, printed with six digits, halves up; denominator 0 prints NA */
    COLUMN_TEXT,  /* const char *, quoted where RFC 4180 needs it; NULL prints NA */
    COLUMN_NAME,  /* uint32_t index into `names` */
};

struct column {
    const char *name; /* snake_case, unit at the end */
    enum column_type type;
    size_t offset;
    const char *unit; /* "s", "bytes", "base units", "1" for shares; NULL: what is numbered or counted, and texts */
    const char *meaning;
    const char *const *names; /* COLUMN_NAME: NULL-terminated */
};

enum trace_kind {
    TRACE_CHAIN,     /* at start, one a chain: rules that the checkers hold it to */
    TRACE_NODE,      /* at start, one a node */
    TRACE_VALIDATOR, /* at start, one a validator and chain */
    TRACE_BLOCK,     /* a block was proposed for the first time */
    TRACE_VOTE,      /* a vote was cast */
    TRACE_HEAD,      /* a replica has another head */
    TRACE_FINAL,     /* a replica holds a block, and so its ancestors, final */
    TRACE_STAKE,     /* a block changed a validator's stake on its branch */
    TRACE_LEDGER,    /* the ledger's totals after a block, where they changed and at the end */
    TRACE_EVIDENCE,  /* a validator submitted evidence */
    TRACE_INCIDENT,  /* a fault began or ended, a node crashed or recovered, an equivocation was seen */
    TRACE_MESSAGE,   /* a message was sent; opt-in */
    TRACE_ARRIVAL,   /* a message reached a replica; opt-in */
    TRACE_DRAW,      /* a lottery was won; opt-in */
    TRACE_END,       /* once, the last row: the run is over */
    TRACE_TRAFFIC,   /* at the end, where messages are carried, one a chain and kind of message */
    TRACE_LOAD,      /* at the end, where messages are carried, one a node */
    TRACE_COHORT,    /* transactions have reached the mempools */
    TRACE_CARRIED,   /* what a block carries of a cohort */
    TRACE_FILLING,   /* how full a block is; after its rows of what it carries */
    TRACE_LOSS,      /* transactions were dropped, or given up */
    TRACE_MEMPOOL,   /* what waits; at regular times and at the end */
    TRACE_KINDS,
};

enum incident_kind {
    INCIDENT_FAULT_BEGINS,
    INCIDENT_FAULT_ENDS,
    INCIDENT_CRASH,
    INCIDENT_RECOVERY,
    INCIDENT_EQUIVOCATION, /* the first replica to hold both messages */
    INCIDENT_SLASHED,
};

struct trace_chain {
    chain_id chain;
    const char *protocol;
    const char *election;
    uint32_t validators;
    stake_amount total_stake;
    struct ratio quorum_above;       /* denominator 0: no quorum */
    uint32_t accountability;         /* 0 none, 1 equivocation, 2 equivocation and locks */
    uint32_t lock_vote, commit_vote; /* kinds of vote, for 2 */
    time_ns liveness_bound_ns;       /* 0: none */
    bool final_by_depth;
    const char *vote_kinds; /* names of the kinds of vote, in order, separated by blanks; NULL: none */
};

struct trace_node {
    node_id node;
    const char *region;
    bool corrupt;
};

struct trace_validator {
    chain_id chain;
    validator_id validator;
    node_id node;
    const char *name;
    stake_amount stake;
    bool corrupt;
};

struct trace_block {
    chain_id chain;
    block_id block;
    block_id parent;
    uint64_t hash;
    uint64_t height;
    uint64_t slot;
    uint32_t round;
    validator_id proposer;
    uint32_t variant;
    time_ns proposed_ns;
    uint32_t size_bytes;
    uint32_t transactions;
    stake_amount electorate_stake; /* total of the validators that vote on it; 0: the chain's total_stake */
};

struct trace_vote {
    time_ns at_ns;
    chain_id chain;
    uint32_t type; /* kind of vote */
    uint64_t height;
    uint32_t round;
    validator_id validator;
    replica_id replica;
    block_id block; /* ID_NONE: nil */
    stake_amount weight;
    uint64_t payload;
    message_id message;
};

struct trace_head {
    time_ns at_ns;
    chain_id chain;
    replica_id replica;
    node_id node;
    block_id before, after;
    uint64_t reorg_depth; /* blocks of the old head that the new one leaves behind; 0: it extends the old */
};

struct trace_final {
    time_ns at_ns;
    chain_id chain;
    replica_id replica;
    node_id node;
    block_id block;
    stake_amount stake; /* of the validators at the node */
    bool corrupt;
};

struct trace_stake {
    time_ns at_ns; /* when the block was proposed */
    chain_id chain;
    block_id block;
    validator_id validator;
    uint32_t kind; /* enum stake_operation_kind */
    stake_amount before, after;
    bool jailed;
    bool applied;
};

struct trace_ledger {
    chain_id chain;
    block_id block;
    block_id parent;
    stake_amount genesis, bonded, burned, minted, withdrawn, jailed;
};

struct trace_evidence {
    time_ns at_ns;
    chain_id chain;
    validator_id reporter;
    validator_id offender;
    uint32_t type; /* kind of vote; UINT32_MAX: a proposal */
    uint64_t height;
    uint32_t round;
};

/*
 * A fault that never ends has a beginning alone, whose row says so: what it disturbs is the change, and afterwards it
 * is how the world is.
 */
struct trace_incident {
    time_ns at_ns;
    uint32_t kind;      /* enum incident_kind */
    const char *name;   /* the fault's, or NULL */
    const char *detail; /* free text without line breaks */
    chain_id chain;
    node_id node;
    validator_id validator;
    time_ns until_ns; /* FAULT_BEGINS: when it will end, the run lasting; TIME_NEVER: it stays, or is no such row */
};

struct trace_message {
    time_ns at_ns;
    chain_id chain;
    message_id message;
    uint32_t kind; /* enum message_kind */
    uint32_t type;
    uint64_t height;
    uint32_t round;
    block_id block;
    uint64_t payload;
    validator_id sender;
    replica_id origin;
    uint32_t size_bytes;
};

struct trace_arrival {
    time_ns at_ns;
    chain_id chain;
    message_id message;
    replica_id replica;
    time_ns sent_ns;
};

struct trace_draw {
    chain_id chain;
    validator_id validator;
    uint64_t slot;
    uint64_t proof;
};

struct trace_end {
    time_ns at_ns;
    const char *reason; /* "duration", "height", "quiescent", "stalled" */
};

/* What hops, queues and processors made of the messages of a kind. */
#define TRAFFIC_UPKEEP 6 /* the kind of what belongs to no message; after those of messages */
struct trace_traffic {
    chain_id chain;
    uint32_t kind; /* enum message_kind, or TRAFFIC_UPKEEP */
    uint64_t messages;
    uint64_t copies, bytes;
    uint64_t duplicates, duplicate_bytes;
    uint64_t lost;
    uint64_t control_messages, control_bytes;
};

struct trace_load {
    node_id node;
    uint64_t up_bytes, down_bytes;
    uint64_t queued;
    time_ns waited_ns, waited_most_ns;
    time_ns busy_ns;
    uint32_t cores; /* 0: not limited */
};

/* Transactions that entered one after another and are told apart no further; one where each is kept. */
struct trace_cohort {
    chain_id chain;
    uint32_t cohort;
    time_ns first_ns, last_ns; /* when the first and the last of them entered */
    uint32_t transactions;
    uint64_t bytes, fees;
};

/* Of a cohort's n transactions, those numbered first .. first + transactions - 1. */
struct trace_carried {
    chain_id chain;
    block_id block;
    uint32_t cohort;
    uint32_t first, transactions;
    uint64_t bytes, fees;
};

struct trace_filling {
    chain_id chain;
    block_id block;
    uint32_t transactions;
    uint64_t bytes, fees;
    uint32_t room_transactions;
    uint64_t room_bytes;
};

enum loss_reason { LOSS_FULL, LOSS_TOO_LARGE, LOSS_EXPIRED };

/* The last ones of a cohort that waited; expired: all that wait, or come back later. */
struct trace_loss {
    time_ns at_ns;
    chain_id chain;
    uint32_t cohort;
    uint32_t reason; /* enum loss_reason */
    uint32_t transactions;
};

/* On the branch of `head`, which is the highest that an honest node has had. */
struct trace_mempool {
    time_ns at_ns;
    chain_id chain;
    block_id head;
    uint64_t transactions, bytes;                 /* that wait */
    uint64_t entered, included, dropped, expired; /* transactions so far */
};

struct trace_schema {
    const char *name;
    const char *meaning;
    size_t row_size;
    const struct column *columns;
    size_t column_count;
    bool canonical; /* counts for trace_hash */
};

/* By trace_kind. */
extern const struct trace_schema trace_schemas[TRACE_KINDS];

#define TRACE_BIT(kind) (1u << (kind)) /* for sets of kinds */

/*
 * Replicas that went over, one after the other, from the head `before` to its child `after`, none of them corrupt, and
 * came to hold `final` final with it: one row of TRACE_HEAD and, but where `final` is BLOCK_NONE, one of TRACE_FINAL
 * for each of them, in the order of time, those of one time by replica.
 */
struct trace_spread {
    chain_id chain;
    block_id before, after, final;
    uint32_t count;               /* of the chain's replicas */
    uint32_t reached;             /* of those that the rows are of; at least one */
    const time_ns *at_ns;         /* by replica; TIME_NEVER: there is no row of it */
    const node_id *node_of;       /* by replica */
    const stake_amount *stake_of; /* by replica, its node's */
    time_ns first_ns, last_ns;    /* not more than 2^32 ns apart */
};

/* Takes rows as they come; `row` points to the struct of the kind and is valid during the call. */
struct trace_sink {
    void (*row)(struct trace_sink *sink, enum trace_kind kind, const void *row);
    /* Takes the rows of a spread at once; NULL: it gets them one by one. */
    void (*spread)(struct trace_sink *sink, const struct trace_spread *spread);
};

static inline void trace_write(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    sink->row(sink, kind, row);
}

#endif
