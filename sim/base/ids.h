/* SPDX-License-Identifier: MIT */
/*
 * Small integers that name the things of a world. Each is an index into a dense table, so id order is the order of
 * creation and never an order of memory. A message_id is different: it is a hash of the message's content, the same
 * however deliveries are computed, and keys the random draws of the message's delays.
 */
#ifndef POSIM_BASE_IDS_H
#define POSIM_BASE_IDS_H

#include <stdint.h>

typedef uint32_t chain_id;
typedef uint32_t node_id;      /* a network endpoint */
typedef uint32_t validator_id; /* one stake and key; hosted by one node */
typedef uint32_t replica_id;   /* one protocol instance: a (chain, node), or a twin of one */
typedef uint32_t block_id;     /* index into the block tree of its chain; 0 is genesis */
typedef uint32_t electorate_id; /* a version of the validator set with its weights */
typedef uint64_t message_id;

#define ID_NONE      UINT32_MAX
#define BLOCK_NONE   UINT32_MAX /* also the value of a vote for nil */
#define BLOCK_GENESIS 0u

#endif
