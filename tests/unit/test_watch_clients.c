/* SPDX-License-Identifier: MIT */
/*
 * What protocols ask of votes, written as they would ask it, on both backends: does the watch interface say it all?
 */
#include "delivery_fixture.h"

#define MS MILLISECOND

enum { PREVOTE, PRECOMMIT, SOFT, TIMEOUT };

static enum delivery_backend backend_of(gconstpointer data)
{
    return (enum delivery_backend)GPOINTER_TO_UINT(data);
}

/* ---- Tendermint (Buchman, Kwon, Milosevic 2018, algorithm 1), four validators of weight 1: 2f+1 is 3, f+1 is 2 ----
 */

/*
 * Line 34: 2f+1 prevotes of any value. Two for the block, one for nil make it; all are cast at 0, so replica 0, which
 * has its own at once, sees the third after 10 ms.
 */
static void tendermint_line_34(gconstpointer data)
{
    struct fixture *fixture = fixture_new(backend_of(data), 4, NULL);
    block_id block = fixture_block(fixture, BLOCK_GENESIS);
    fixture_watch(fixture, 0, 34, votes_of(PREVOTE, 1, 0), 3);
    fixture_vote(fixture, 0, 1, PREVOTE, 1, 0, block);
    fixture_vote(fixture, 1, 1, PREVOTE, 1, 0, BLOCK_NONE);
    fixture_run(fixture, 5 * MS);
    fixture_vote(fixture, 2, 1, PREVOTE, 1, 0, block);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 15 * MS);
    g_assert_cmpuint(told.tag, ==, 34);
    fixture_free(fixture);
}

/*
 * Line 36: a proposal and 2f+1 prevotes for its value. The prevotes are here at 10 ms, the proposal, sent later, at
 * 30 ms: then it fires, and names the block. For nil (line 44) it does not.
 */
static void tendermint_line_36(gconstpointer data)
{
    struct fixture *fixture = fixture_new(backend_of(data), 4, NULL);
    block_id block = fixture_block(fixture, BLOCK_GENESIS);
    struct vote_query for_block = votes_of(PREVOTE, 1, 0), for_nil = for_block;
    for_block.value = WATCH_SOME_BLOCK;
    for_block.join_block = true;
    for_nil.value = WATCH_NIL;
    fixture_watch(fixture, 0, 36, for_block, 3);
    fixture_watch(fixture, 0, 44, for_nil, 3);
    for (validator_id voter = 1; voter < 4; voter++)
        fixture_vote(fixture, voter, 1, PREVOTE, 1, 0, block);
    fixture_run(fixture, 20 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, NULL), ==, 0);
    fixture_propose(fixture, 3, 1, 0, block);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 30 * MS);
    g_assert_cmpuint(told.tag, ==, 36);
    g_assert_cmpuint(told.block, ==, block);
    fixture_free(fixture);
}

/*
 * Lines 47 and 49: 2f+1 precommits of any value start the timeout, for one block they decide. A validator that
 * precommits for both blocks counts once for line 47, and for each block on line 49 (3 of 4 for the second).
 */
static void tendermint_lines_47_and_49(gconstpointer data)
{
    struct fixture *fixture = fixture_new(backend_of(data), 4, NULL);
    block_id first = fixture_block(fixture, BLOCK_GENESIS), second = fixture_block(fixture, BLOCK_GENESIS);
    struct vote_query any = votes_of(PRECOMMIT, 1, 0), one = any;
    one.value = WATCH_SOME_BLOCK;
    fixture_watch(fixture, 0, 47, any, 3);
    fixture_watch(fixture, 0, 49, one, 3);
    fixture_vote(fixture, 1, 1, PRECOMMIT, 1, 0, first);
    fixture_vote(fixture, 1, 1, PRECOMMIT, 1, 0, second);
    fixture_vote(fixture, 2, 1, PRECOMMIT, 1, 0, second);
    fixture_run(fixture, 20 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, NULL), ==, 0);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_EQUIVOCATION, 0, NULL), ==, 1);
    fixture_vote(fixture, 3, 1, PRECOMMIT, 1, 0, second);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 2);
    g_assert_cmpint(told.at.ns, ==, 30 * MS);
    one.value = WATCH_BLOCK;
    one.block = second;
    g_assert_cmpuint(delivery_weight(fixture->delivery, 0, &one), ==, 3);
    g_assert_cmpuint(delivery_weight(fixture->delivery, 0, &any), ==, 3);
    fixture_free(fixture);
}

/*
 * Line 55: f+1 validators at work in one later round, by votes of either kind. A prevote and a precommit of the same
 * validator in round 2, and another's in round 3, are not two in one round; its precommit in round 2 is.
 */
static void tendermint_line_55(gconstpointer data)
{
    struct fixture *fixture = fixture_new(backend_of(data), 4, NULL);
    struct vote_query later = votes_of(PREVOTE, 1, 1);
    later.kinds |= 1u << PRECOMMIT;
    later.round_last = UINT32_MAX;
    delivery_watch(fixture->delivery, 0,
                   &(struct watch){.votes = later, .threshold = 2, .within_one_round = true, .tag = 55});
    fixture_vote(fixture, 1, 1, PREVOTE, 1, 2, BLOCK_NONE);
    fixture_vote(fixture, 1, 1, PRECOMMIT, 1, 2, BLOCK_NONE);
    fixture_vote(fixture, 2, 1, PREVOTE, 1, 3, BLOCK_NONE);
    fixture_vote(fixture, 3, 1, PREVOTE, 1, 0, BLOCK_NONE);
    fixture_run(fixture, 20 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, NULL), ==, 0);
    fixture_vote(fixture, 2, 1, PRECOMMIT, 1, 2, BLOCK_NONE);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 30 * MS);
    g_assert_cmpuint(told.round, ==, 2);
    fixture_free(fixture);
}

/* ---- Algorand: a vote's weight is its voter's luck in this step ---- */

/* Weights 3, 0, 9 and 4 by sortition; the committee's threshold is 13, which 9 + 4 meet and 3 + 9 do not. */
static void sortition_weights(gconstpointer data)
{
    struct fixture *fixture = fixture_new(backend_of(data), 4, NULL);
    block_id block = fixture_block(fixture, BLOCK_GENESIS);
    struct vote_query query = votes_of(SOFT, 1, 0);
    query.value = WATCH_SOME_BLOCK;
    fixture_watch(fixture, 0, 1, query, 13);
    fixture_vote(fixture, 1, 0, SOFT, 1, 0, block);
    fixture_vote(fixture, 2, 9, SOFT, 1, 0, block);
    fixture_vote(fixture, 0, 3, SOFT, 1, 0, BLOCK_NONE);
    fixture_run(fixture, 20 * MS);
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, NULL), ==, 0);
    fixture_vote(fixture, 3, 4, SOFT, 1, 0, block);
    fixture_run(fixture, SECOND);
    struct fixture_told told = {0};
    g_assert_cmpuint(fixture_count(fixture, FIXTURE_WATCH, 0, &told), ==, 1);
    g_assert_cmpint(told.at.ns, ==, 30 * MS);
    g_assert_cmpuint(told.block, ==, block);
    fixture_free(fixture);
}

/* ---- Jolteon: a timeout carries the round of the highest QC that its sender knows ---- */

/* Of three timeouts of round 5 the one with QC round 4 is found; that with 9 belongs to round 6. */
static void highest_certificate(gconstpointer data)
{
    struct fixture *fixture = fixture_new(backend_of(data), 4, NULL);
    static const uint64_t reported[] = {2, 4, 3};
    for (validator_id voter = 0; voter < 3; voter++)
        fixture_send(fixture,
                     (struct message){.kind = MESSAGE_VOTE,
                                      .type = TIMEOUT,
                                      .origin = voter,
                                      .sender = voter,
                                      .weight = 1,
                                      .round = 5,
                                      .block = BLOCK_NONE,
                                      .payload = reported[voter]},
                     (struct delivery_options){0});
    fixture_send(fixture,
                 (struct message){.kind = MESSAGE_VOTE,
                                  .type = TIMEOUT,
                                  .origin = 3,
                                  .sender = 3,
                                  .round = 6,
                                  .block = BLOCK_NONE,
                                  .payload = 9},
                 (struct delivery_options){0});
    struct vote_query query = votes_of(TIMEOUT, 0, 5);
    struct message best;
    g_assert_false(delivery_best_payload(fixture->delivery, 0, &query, &best));
    fixture_run(fixture, 5 * MS);
    g_assert_true(delivery_best_payload(fixture->delivery, 0, &query, &best));
    g_assert_cmpuint(best.payload, ==, 2); /* its own */
    fixture_run(fixture, 20 * MS);
    g_assert_true(delivery_best_payload(fixture->delivery, 0, &query, &best));
    g_assert_cmpuint(best.payload, ==, 4);
    g_assert_cmpuint(best.sender, ==, 1);
    fixture_free(fixture);
}

static void add(const char *name, GTestDataFunc test)
{
    char *events = g_strdup_printf("/watch-clients/events/%s", name);
    char *late = g_strdup_printf("/watch-clients/late/%s", name);
    g_test_add_data_func(events, GUINT_TO_POINTER(DELIVERY_EVENTS), test);
    g_test_add_data_func(late, GUINT_TO_POINTER(DELIVERY_LATE), test);
    g_free(events);
    g_free(late);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("tendermint-line-34", tendermint_line_34);
    add("tendermint-line-36", tendermint_line_36);
    add("tendermint-lines-47-and-49", tendermint_lines_47_and_49);
    add("tendermint-line-55", tendermint_line_55);
    add("sortition-weights", sortition_weights);
    add("highest-certificate", highest_certificate);
    return g_test_run();
}
