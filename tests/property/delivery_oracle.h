/* SPDX-License-Identifier: MIT */
/*
 * A delivery that is too simple to be wrong, for comparison: it keeps every arrival as an event of its own and answers
 * each question, at each instant, by going through the complete list of votes. It shares no code with sim/delivery.
 */
#ifndef POSIM_TESTS_PROPERTY_DELIVERY_ORACLE_H
#define POSIM_TESTS_PROPERTY_DELIVERY_ORACLE_H

#include "delivery/delivery.h"

struct oracle;

struct oracle *oracle_new(const struct delivery_settings *settings);
void oracle_free(struct oracle *oracle);
void oracle_send(struct oracle *oracle, const struct message *message, const struct delivery_options *options);
void oracle_confine(struct oracle *oracle, replica_id replica, const bool *members);
void oracle_watch(struct oracle *oracle, replica_id replica, const struct watch *watch);
void oracle_unwatch(struct oracle *oracle, replica_id replica, uint64_t tag);
void oracle_forget(struct oracle *oracle, replica_id replica, uint64_t height);
void oracle_land(struct oracle *oracle, const struct clock_item *item);
void oracle_settle(struct oracle *oracle);
bool oracle_has_block(const struct oracle *oracle, replica_id replica, block_id block);
stake_amount oracle_weight(const struct oracle *oracle, replica_id replica, const struct vote_query *query);
void oracle_each_vote(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                      void (*visit)(void *user, const struct message *vote), void *user);
bool oracle_best_payload(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                         struct message *best);
block_id oracle_heaviest_subtree(const struct oracle *oracle, replica_id replica, const struct vote_query *query,
                                 block_id root, stake_amount threshold);

#endif
