/* SPDX-License-Identifier: MIT */
/*
 * What travels: one struct for every kind of message, since most share the same few fields. A broadcast is one message
 * with many arrivals; the message is stored once, by the delivery room, for as long as anybody can still ask for it.
 *
 * A vote is a message of kind MESSAGE_VOTE: (electorate, type, height, round, sender, weight, block, payload). Its
 * weight is its own (a sortition weight, say), its block is what it votes for, BLOCK_NONE for nil.
 */
#ifndef POSIM_CONSENSUS_MESSAGE_H
#define POSIM_CONSENSUS_MESSAGE_H

#include "base/ids.h"
#include "base/stake.h"
#include "base/time.h"

enum message_kind {
    MESSAGE_PROPOSAL, /* a block, new or proposed again, for (height, round); payload is the protocol's */
    MESSAGE_VOTE,
    MESSAGE_OTHER,    /* the protocol's own: timeouts, certificates by reference; type says which */
    MESSAGE_REQUEST,  /* asks a peer for something by height, round or block; type says what */
    MESSAGE_RESPONSE, /* answers; can carry a block with its ancestors and the votes of a certificate */
    MESSAGE_EVIDENCE, /* proof that `subject` equivocated */
    MESSAGE_KINDS,
};

struct message {
    message_id id; /* message_identify() */
    time_ns sent_ns;
    uint64_t height;
    uint64_t payload;
    stake_amount weight;
    uint32_t round;
    block_id block;
    chain_id chain;
    validator_id sender;  /* who signed it */
    replica_id origin;    /* which protocol instance sent it */
    validator_id subject; /* EVIDENCE: the offender; else ID_NONE */
    electorate_id electorate;
    uint32_t size_bytes;
    uint16_t type;    /* kind of vote, or the protocol's type of message */
    uint8_t kind;     /* enum message_kind */
    uint8_t instance; /* which twin of the sender's protocol instances cast it */
};

/*
 * The message's id: a hash of its content with the block's hash in place of its id (`block_hash`, 0 for nil); neither
 * the time, nor the order in which messages were made, nor how deliveries are computed changes it. `repetition` counts
 * the messages of the same content that one replica sends on purpose (a request sent again).
 */
message_id message_identify(const struct message *message, uint64_t block_hash, uint32_t repetition);

#endif
