/* SPDX-License-Identifier: MIT */
/*
 * Encloses phi(f, part, whole) = 1 - (1 - f)^(part / whole) between two fixed-point numbers, at a precision that the
 * caller chooses. Own arithmetic on 64-bit words: every operation rounds down, and its error is counted in units of the
 * last place. Private to phi.c and its test; pure.
 */
#ifndef POSIM_BASE_PHI_INTERVAL_H
#define POSIM_BASE_PHI_INTERVAL_H

#include "base/stake.h"

#include <stdint.h>

#define PHI_INTERVAL_WORDS 40

/* low <= phi <= high, as fractions below 1 whose first word is the most significant. */
struct phi_interval {
    uint64_t low[PHI_INTERVAL_WORDS];
    uint64_t high[PHI_INTERVAL_WORDS];
};

/* Fills the first `words` words, 2 to PHI_INTERVAL_WORDS. Needs f < 1 and part < whole. */
void phi_interval_enclose(struct phi_interval *interval, struct ratio f, uint64_t part, uint64_t whole, unsigned words);

#endif
