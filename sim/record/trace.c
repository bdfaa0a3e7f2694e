/* SPDX-License-Identifier: MIT */
#include "record/trace.h"

#include "record/column.h"

#include <glib.h>

static const char *const stake_operations[] = {"evidence", "bond", "unbond", NULL};
static const char *const incidents[] = {
    "fault_begins", "fault_ends", "crash", "recovery", "equivocation", "slashed", NULL,
};
#define MESSAGE_KIND_NAMES "proposal", "vote", "other", "request", "response", "evidence"
static const char *const message_kinds[] = {MESSAGE_KIND_NAMES, NULL};
static const char *const traffic_kinds[] = {MESSAGE_KIND_NAMES, [TRAFFIC_UPKEEP] = "upkeep", NULL};

static const struct column chain_columns[] = {
    U32(trace_chain, chain, "chain", "the chain"),
    TEXT(trace_chain, protocol, "protocol", "name of its protocol"),
    TEXT(trace_chain, election, "election", "name of its election"),
    U32(trace_chain, validators, "validators", "number of validators at the start"),
    STAKE(trace_chain, total_stake, "total_stake", "their stake, in base units"),
    RATIO(trace_chain, quorum_above, "quorum_above", "a decision needs more than this share; NA: no quorum"),
    U32(trace_chain, accountability, "accountability",
        "what a fork must leave behind: 0 nothing, 1 equivocations, 2 equivocations or broken locks"),
    U32(trace_chain, lock_vote, "lock_vote", "the kind of vote that a lock binds"),
    U32(trace_chain, commit_vote, "commit_vote", "the kind of vote that sets a lock"),
    TIME(trace_chain, liveness_bound_ns, "liveness_bound_s",
         "longest time without a newly final block that is allowed; 0: no bound"),
    FLAG(trace_chain, final_by_depth, "final_by_depth", "whether finality is a depth, not a certificate"),
    TEXT(trace_chain, vote_kinds, "vote_kinds", "names of the kinds of vote 0, 1, ..., separated by blanks"),
};

static const struct column node_columns[] = {
    U32(trace_node, node, "node", "the node"),
    TEXT(trace_node, region, "region", "where it stands"),
    FLAG(trace_node, corrupt, "corrupt", "whether the adversary controls it"),
};

static const struct column validator_columns[] = {
    U32(trace_validator, chain, "chain", "the chain"),
    U32(trace_validator, validator, "validator", "the validator"),
    U32(trace_validator, node, "node", "the node that hosts it"),
    TEXT(trace_validator, name, "name", "its name"),
    STAKE(trace_validator, stake, "stake", "its stake at the start, in base units"),
    FLAG(trace_validator, corrupt, "corrupt", "whether the adversary controls it"),
};

static const struct column block_columns[] = {
    U32(trace_block, chain, "chain", "the chain"),
    U32(trace_block, block, "block", "the block; numbered in the order of creation, 0 is genesis"),
    U32(trace_block, parent, "parent", "its parent"),
    HEX64(trace_block, hash, "hash", "hash of its content"),
    U64(trace_block, height, "height", "its parent's height + 1"),
    U64(trace_block, slot, "slot", "its slot; 0 where there are no slots"),
    U32(trace_block, round, "round", "the round in which it was proposed first"),
    U32(trace_block, proposer, "proposer", "the validator that made it"),
    U32(trace_block, variant, "variant", "tells apart several blocks of one proposer for one place"),
    TIME(trace_block, proposed_ns, "proposed_s", "when it was proposed first"),
    BYTES32(trace_block, size_bytes, "size_bytes", "its size"),
    U32(trace_block, transactions, "transactions", "transactions in it"),
    STAKE(trace_block, electorate_stake, "electorate_stake",
          "stake of the validators that vote on it; 0: the chain's total_stake"),
};

static const struct column vote_columns[] = {
    TIME(trace_vote, at_ns, "at_s", "when it was cast"),
    U32(trace_vote, chain, "chain", "the chain"),
    U32(trace_vote, type, "kind", "number of the kind of vote"),
    U64(trace_vote, height, "height", "height voted on"),
    U32(trace_vote, round, "round", "round voted in"),
    U32(trace_vote, validator, "validator", "who voted"),
    U32(trace_vote, replica, "replica", "the protocol instance that cast it"),
    U32(trace_vote, block, "block", "block voted for; NA: nil"),
    STAKE(trace_vote, weight, "weight", "weight of the vote, in base units of stake"),
    HEX64(trace_vote, payload, "payload", "the protocol's own addition"),
    HEX64(trace_vote, message, "message", "the message that carries it"),
};

static const struct column head_columns[] = {
    TIME(trace_head, at_ns, "at_s", "when"),
    U32(trace_head, chain, "chain", "the chain"),
    U32(trace_head, replica, "replica", "the protocol instance"),
    U32(trace_head, node, "node", "the node it runs on"),
    U32(trace_head, before, "before", "its head before"),
    U32(trace_head, after, "after", "its head from now on"),
    U64(trace_head, reorg_depth, "reorg_depth", "blocks of the old head that the new one leaves behind"),
};

static const struct column final_columns[] = {
    TIME(trace_final, at_ns, "at_s", "when"),
    U32(trace_final, chain, "chain", "the chain"),
    U32(trace_final, replica, "replica", "the protocol instance"),
    U32(trace_final, node, "node", "the node it runs on"),
    U32(trace_final, block, "block", "the block that it holds final from now on, with all ancestors"),
    STAKE(trace_final, stake, "stake", "stake of the validators at the node, in base units"),
    FLAG(trace_final, corrupt, "corrupt", "whether the adversary controls the instance"),
};

static const struct column stake_columns[] = {
    TIME(trace_stake, at_ns, "at_s", "when the block was proposed"),
    U32(trace_stake, chain, "chain", "the chain"),
    U32(trace_stake, block, "block", "the block that carries the operation"),
    U32(trace_stake, validator, "validator", "the validator it concerns"),
    NAME(trace_stake, kind, "kind", "the operation: evidence, bond or unbond", stake_operations),
    STAKE(trace_stake, before, "before", "its stake before, on this branch, in base units"),
    STAKE(trace_stake, after, "after", "its stake after"),
    FLAG(trace_stake, jailed, "jailed", "whether it is jailed after"),
    FLAG(trace_stake, applied, "applied", "0: the ledger refused the operation"),
};

static const struct column ledger_columns[] = {
    U32(trace_ledger, chain, "chain", "the chain"),
    U32(trace_ledger, block, "block", "the block after which the totals hold"),
    U32(trace_ledger, parent, "parent", "its parent"),
    STAKE(trace_ledger, genesis, "genesis", "stake at genesis, in base units"),
    STAKE(trace_ledger, bonded, "bonded", "stake bonded"),
    STAKE(trace_ledger, burned, "burned", "stake burned since genesis"),
    STAKE(trace_ledger, minted, "minted", "stake minted since genesis"),
    STAKE(trace_ledger, withdrawn, "withdrawn", "stake withdrawn since genesis"),
    STAKE(trace_ledger, jailed, "jailed", "the part of `bonded` that belongs to jailed validators"),
};

static const struct column evidence_columns[] = {
    TIME(trace_evidence, at_ns, "at_s", "when it was submitted"),
    U32(trace_evidence, chain, "chain", "the chain"),
    U32(trace_evidence, reporter, "reporter", "the validator that submits it"),
    U32(trace_evidence, offender, "offender", "the validator accused"),
    U32(trace_evidence, type, "kind", "number of the kind of vote that was cast twice; NA: a proposal"),
    U64(trace_evidence, height, "height", "height of the offence"),
    U32(trace_evidence, round, "round", "round of the offence"),
};

static const struct column incident_columns[] = {
    TIME(trace_incident, at_ns, "at_s", "when"),
    NAME(trace_incident, kind, "kind",
         "what: fault_begins, fault_ends, crash, recovery, equivocation (seen for the first time) or slashed",
         incidents),
    TEXT(trace_incident, name, "name", "the fault's name in the scenario"),
    TEXT(trace_incident, detail, "detail", "what happened, in words"),
    U32(trace_incident, chain, "chain", "the chain; NA: all"),
    U32(trace_incident, node, "node", "the node; NA: none in particular"),
    U32(trace_incident, validator, "validator", "the validator; NA: none in particular"),
    TIME(trace_incident, until_ns, "until_s",
         "for a fault that begins: when it is to end, which may be after the run; NA: never"),
};

static const struct column message_columns[] = {
    TIME(trace_message, at_ns, "at_s", "when it was sent"),
    U32(trace_message, chain, "chain", "the chain"),
    HEX64(trace_message, message, "message", "the message, by its content"),
    NAME(trace_message, kind, "kind", "proposal, vote, other, request, response or evidence", message_kinds),
    U32(trace_message, type, "type", "the kind of vote, or the protocol's type of message"),
    U64(trace_message, height, "height", "height it is about"),
    U32(trace_message, round, "round", "round it is about"),
    U32(trace_message, block, "block", "block it carries or votes for; NA: none"),
    HEX64(trace_message, payload, "payload", "the protocol's own addition"),
    U32(trace_message, sender, "sender", "the validator that signed it; NA: the node's own"),
    U32(trace_message, origin, "origin", "the protocol instance that sent it"),
    BYTES32(trace_message, size_bytes, "size_bytes", "its size"),
};

static const struct column arrival_columns[] = {
    TIME(trace_arrival, at_ns, "at_s", "when it arrived"),
    U32(trace_arrival, chain, "chain", "the chain"),
    HEX64(trace_arrival, message, "message", "the message"),
    U32(trace_arrival, replica, "replica", "the protocol instance that it reached"),
    TIME(trace_arrival, sent_ns, "sent_s", "when it was sent"),
};

static const struct column draw_columns[] = {
    U32(trace_draw, chain, "chain", "the chain"),
    U32(trace_draw, validator, "validator", "the validator that leads"),
    U64(trace_draw, slot, "slot", "in this slot"),
    HEX64(trace_draw, proof, "proof", "first 64 bits of the lottery's output"),
};

static const struct column end_columns[] = {
    TIME(trace_end, at_ns, "at_s", "when the run ended"),
    TEXT(trace_end, reason, "reason", "why: duration, height, quiescent or stalled"),
};

static const struct column traffic_columns[] = {
    U32(trace_traffic, chain, "chain", "the chain"),
    NAME(trace_traffic, kind, "kind",
         "kind of message; upkeep: what keeps gossipsub's meshes together where nodes go down, told with the first "
         "chain",
         traffic_kinds),
    U64(trace_traffic, messages, "messages", "messages of this kind that were sent; a broadcast is one"),
    U64(trace_traffic, copies, "copies", "copies of them, or pieces, that went from one node to another"),
    BYTES64(trace_traffic, bytes, "bytes", "bytes of those copies, lost ones included"),
    U64(trace_traffic, duplicates, "duplicates",
        "copies that reached a node which had the message, or did not need them"),
    BYTES64(trace_traffic, duplicate_bytes, "duplicate_bytes", "bytes of the duplicates"),
    U64(trace_traffic, lost, "lost", "copies and control messages that a fault dropped"),
    U64(trace_traffic, control_messages, "control_messages", "announcements and requests of them"),
    BYTES64(trace_traffic, control_bytes, "control_bytes", "bytes of the control messages"),
};

static const struct column load_columns[] = {
    U32(trace_load, node, "node", "the node"),
    BYTES64(trace_load, up_bytes, "up_bytes", "bytes that it sent, control messages included"),
    BYTES64(trace_load, down_bytes, "down_bytes", "bytes of the copies that reached it, duplicates included"),
    U64(trace_load, queued, "queued", "copies and control messages that went through its queue upwards"),
    TIME(trace_load, waited_ns, "waited_s",
         "how long they waited there for others, in all; that a line is throttled is no waiting"),
    TIME(trace_load, waited_most_ns, "waited_most_s", "and at most"),
    TIME(trace_load, busy_ns, "busy_s", "time that its processors validated, in all; more where they are slowed down"),
    U32(trace_load, cores, "cores", "its processors; 0: not limited"),
};

static const char *const loss_reasons[] = {"full", "too_large", "expired", NULL};

static const struct column cohort_columns[] = {
    U32(trace_cohort, chain, "chain", "the chain"),
    U32(trace_cohort, cohort, "cohort", "the cohort; numbered in the order in which they reach the mempools"),
    TIME(trace_cohort, first_ns, "first_s", "when the first of its transactions entered"),
    TIME(trace_cohort, last_ns, "last_s", "when the last of them entered"),
    U32(trace_cohort, transactions, "transactions", "how many they are"),
    BYTES64(trace_cohort, bytes, "bytes", "their bytes"),
    U64(trace_cohort, fees, "fees", "what they pay together, in the smallest unit"),
};

static const struct column carried_columns[] = {
    U32(trace_carried, chain, "chain", "the chain"),
    U32(trace_carried, block, "block", "the block"),
    U32(trace_carried, cohort, "cohort", "the cohort that it takes transactions of"),
    U32(trace_carried, first, "first", "transactions of the cohort that blocks before it on its branch took"),
    U32(trace_carried, transactions, "transactions", "transactions of the cohort that it takes: the next ones"),
    BYTES64(trace_carried, bytes, "bytes", "their bytes"),
    U64(trace_carried, fees, "fees", "what they pay together, in the smallest unit"),
};

static const struct column filling_columns[] = {
    U32(trace_filling, chain, "chain", "the chain"),
    U32(trace_filling, block, "block", "the block"),
    U32(trace_filling, transactions, "transactions", "transactions in it"),
    BYTES64(trace_filling, bytes, "bytes", "their bytes"),
    U64(trace_filling, fees, "fees", "what they pay together, in the smallest unit"),
    U32(trace_filling, room_transactions, "room_transactions", "transactions that it may carry"),
    BYTES64(trace_filling, room_bytes, "room_bytes", "bytes that it may carry"),
};

static const struct column loss_columns[] = {
    TIME(trace_loss, at_ns, "at_s", "when"),
    U32(trace_loss, chain, "chain", "the chain"),
    U32(trace_loss, cohort, "cohort", "the cohort they belong to"),
    NAME(trace_loss, reason, "reason",
         "why: full (the mempool's limit), too_large (no block could carry them) or expired", loss_reasons),
    U32(trace_loss, transactions, "transactions",
        "how many of those that waited; where they expired, what an orphan gives back later has expired, too"),
};

static const struct column mempool_columns[] = {
    TIME(trace_mempool, at_ns, "at_s", "when"),
    U32(trace_mempool, chain, "chain", "the chain"),
    U32(trace_mempool, head, "head", "the highest head that an honest node has had: the rest is of its branch"),
    U64(trace_mempool, transactions, "transactions", "transactions that wait"),
    BYTES64(trace_mempool, bytes, "bytes", "their bytes"),
    U64(trace_mempool, entered, "entered", "transactions that have reached the mempools so far"),
    U64(trace_mempool, included, "included", "of those, the ones in blocks"),
    U64(trace_mempool, dropped, "dropped", "the ones that were dropped and are in no block"),
    U64(trace_mempool, expired, "expired", "the ones that expired and are in no block"),
};

#define SCHEMA(table_name, row, table_columns, is_canonical, table_meaning)                                            \
    {                                                                                                                  \
        .name = table_name, .meaning = table_meaning, .row_size = sizeof(struct row), .columns = table_columns,        \
        .column_count = G_N_ELEMENTS(table_columns), .canonical = is_canonical                                         \
    }

/* Not canonical: what a run writes only when asked to. */
const struct trace_schema trace_schemas[TRACE_KINDS] = {
    [TRACE_CHAIN] = SCHEMA("chains", trace_chain, chain_columns, true, "the chains and the rules they are held to"),
    [TRACE_NODE] = SCHEMA("nodes", trace_node, node_columns, true, "the nodes"),
    [TRACE_VALIDATOR] =
        SCHEMA("members", trace_validator, validator_columns, true, "the validators of each chain at the start"),
    [TRACE_BLOCK] = SCHEMA("proposals", trace_block, block_columns, true, "blocks, when proposed for the first time"),
    [TRACE_VOTE] = SCHEMA("votes_cast", trace_vote, vote_columns, true, "votes, as they were cast"),
    [TRACE_HEAD] = SCHEMA("heads", trace_head, head_columns, true, "every change of a node's head"),
    [TRACE_FINAL] = SCHEMA("finals", trace_final, final_columns, true, "every block that a node comes to hold final"),
    [TRACE_STAKE] = SCHEMA("stake", trace_stake, stake_columns, true,
                           "what blocks did to validators' stakes, on the block's own branch"),
    [TRACE_LEDGER] = SCHEMA("ledger", trace_ledger, ledger_columns, true,
                            "totals of the stake ledger after blocks that changed them"),
    [TRACE_EVIDENCE] = SCHEMA("evidence", trace_evidence, evidence_columns, true, "evidence that was submitted"),
    [TRACE_INCIDENT] =
        SCHEMA("incidents", trace_incident, incident_columns, true, "faults, crashes, equivocations, slashings"),
    [TRACE_MESSAGE] = SCHEMA("messages", trace_message, message_columns, false, "every message, once, when sent"),
    [TRACE_ARRIVAL] = SCHEMA("arrivals", trace_arrival, arrival_columns, false, "every arrival of every message"),
    [TRACE_DRAW] = SCHEMA("draws", trace_draw, draw_columns, false, "lotteries that were won"),
    [TRACE_END] = SCHEMA("end", trace_end, end_columns, true, "when and why the run ended"),
    [TRACE_TRAFFIC] = SCHEMA("traffic", trace_traffic, traffic_columns, true,
                             "copies, duplicates and control messages by kind of message, where they are carried"),
    [TRACE_LOAD] = SCHEMA("loads", trace_load, load_columns, true,
                          "what each node sent, received and validated, where messages are carried"),
    [TRACE_COHORT] = SCHEMA("cohorts", trace_cohort, cohort_columns, true,
                            "transactions that have reached the mempools, by cohort; one each in full detail"),
    [TRACE_CARRIED] = SCHEMA("carried", trace_carried, carried_columns, true, "what blocks carry, by cohort"),
    [TRACE_FILLING] =
        SCHEMA("fillings", trace_filling, filling_columns, true, "how full blocks are, where transactions fill them"),
    [TRACE_LOSS] = SCHEMA("losses", trace_loss, loss_columns, true, "transactions that were dropped or expired"),
    [TRACE_MEMPOOL] = SCHEMA("mempool", trace_mempool, mempool_columns, true, "what waits, at regular times"),
};
