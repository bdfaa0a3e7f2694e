/* SPDX-License-Identifier: MIT */
/*
 * Ranks that mpirun starts read the same options and the same scenario before they join each other, and would all say
 * what is wrong with them. All but the first keep it to themselves for a while: mpirun ends them when the first gives
 * up. One that fails alone, say because its machine does not have the file, is heard afterwards.
 *
 * Life: hush_begin, hush_end once it is known how that went; a second hush_end does nothing. In the first rank, and
 * without mpirun, neither does anything.
 */
#ifndef POSIM_CLI_HUSH_H
#define POSIM_CLI_HUSH_H

#include <stdbool.h>

struct hush {
    int kept, stderr_copy; /* descriptors; -1: nothing is kept back */
};

void hush_begin(struct hush *hush);
void hush_end(struct hush *hush, bool went_well);

#endif
