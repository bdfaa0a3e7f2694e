/* SPDX-License-Identifier: MIT */
/*
 * Who secures what, as edges of a graph in layers: where nodes stand, the validators that nodes host, the chains that
 * validators secure. An edge carries stake of one chain, so a validator that secures several has an edge to each, and
 * what goes into a validator or a node is what comes out of it. securing.csv holds the edges at the start, and those
 * that a block of the main chain changed, after that block.
 */
#ifndef POSIM_RECORD_SECURING_H
#define POSIM_RECORD_SECURING_H

/* Each stands left of those below it. */
enum securing_kind { SECURING_REGION, SECURING_NODE, SECURING_VALIDATOR, SECURING_CHAIN, SECURING_KINDS };

extern const char *const securing_kinds[SECURING_KINDS + 1]; /* their names, NULL-terminated */

#endif
