/* SPDX-License-Identifier: MIT */
#include "consensus/message.h"

#include "consensus/digest.h"

enum { DIGEST_MESSAGE = 2 };

/*
 * Left out beside the times: the ids of blocks and electorates, which count in the order of creation, and the weight
 * and size, so that two points of a sweep over stakes or signatures see the same delays.
 */
message_id message_identify(const struct message *message, uint64_t block_hash, uint32_t repetition)
{
    struct digest digest = digest_start(DIGEST_MESSAGE);
    digest_add(&digest, message->height, message->payload, block_hash, digest_pair(message->round, message->sender));
    digest_add(&digest, digest_pair(message->chain, message->origin), digest_pair(message->subject, repetition),
               digest_pair((uint32_t)message->type << 16 | (uint32_t)message->kind << 8 | message->instance, 0), 0);
    return digest_name(&digest);
}
