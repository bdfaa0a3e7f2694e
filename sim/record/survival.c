/* SPDX-License-Identifier: MIT */
#include "record/survival.h"

#include <stdlib.h>

#define ROUNDING 1e-12 /* the product of n quotients may miss an exact share by some n * 2^-53 */

void survival_add(struct survival *survival, time_ns length_ns, bool ended)
{
    struct duration duration = {length_ns, ended};
    vector_push(&survival->durations, duration);
    survival->sorted = false;
}

void survival_release(struct survival *survival)
{
    vector_release(&survival->durations);
}

/* By length; at one length those that ended come first. Equal ones cannot be told apart, so their order is nothing. */
static int compare(const void *first, const void *second)
{
    const struct duration *a = first, *b = second;
    if (a->length_ns != b->length_ns)
        return a->length_ns < b->length_ns ? -1 : 1;
    return (int)b->ended - (int)a->ended;
}

time_ns survival_quantile(struct survival *survival, uint32_t percent)
{
    size_t count = survival->durations.count;
    const struct duration *durations = survival->durations.at;
    if (count && !survival->sorted)
        qsort(survival->durations.at, count, sizeof *durations, compare);
    survival->sorted = true;
    double lasting = 1, wanted = (double)(100 - percent) / 100;
    for (size_t i = 0; i < count; i++) {
        if (!durations[i].ended)
            continue;
        lasting *= (double)(count - i - 1) / (double)(count - i);
        if (lasting <= wanted + ROUNDING)
            return durations[i].length_ns;
    }
    return TIME_NEVER;
}
