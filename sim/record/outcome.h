/* SPDX-License-Identifier: MIT */
/*
 * What became of each block of a chain, known when the run is over. The main chain is the branch of the head that most
 * honest nodes hold, or of the highest final block where that is higher. A block is final if an honest node holds it
 * final; an orphan if it is not, lies off the main chain and the main chain is at least as high; else pending.
 */
#ifndef POSIM_RECORD_OUTCOME_H
#define POSIM_RECORD_OUTCOME_H

#include "record/finality.h"
#include "record/heads.h"

enum block_status { BLOCK_FINAL, BLOCK_ORPHAN, BLOCK_PENDING };

struct outcome {
    block_id head;    /* of the main chain */
    bool *on_main;    /* by block_id, genesis included */
    uint32_t *status; /* enum block_status, by block_id */
};

void outcome_init(struct outcome *outcome, const struct history *history, const struct finality *finality,
                  const struct heads *heads, chain_id chain);
void outcome_release(struct outcome *outcome);

#endif
