/* SPDX-License-Identifier: MIT */
#include "record/survival.h"

#include <stdlib.h>

#define ROUNDING 1e-12 /* the product of n quotients may miss an exact share by some n * 2^-53 */

void survival_add(struct survival *survival, time_ns length_ns, bool ended)
{
    survival_add_many(survival, length_ns, 1, ended);
}

void survival_add_many(struct survival *survival, time_ns length_ns, uint64_t how_many, bool ended)
{
    struct durations durations = {{length_ns, ended}, how_many};
    vector_push(&survival->durations, durations);
    survival->sorted = false;
}

void survival_release(struct survival *survival)
{
    vector_release(&survival->durations);
}

/* By length; at one length those that ended come first. The order of equal ones changes nothing. */
static int compare(const void *first, const void *second)
{
    const struct duration *a = &((const struct durations *)first)->each, *b = &((const struct durations *)second)->each;
    if (a->length_ns != b->length_ns)
        return a->length_ns < b->length_ns ? -1 : 1;
    return (int)b->ended - (int)a->ended;
}

time_ns survival_quantile(struct survival *survival, uint32_t percent)
{
    size_t count = survival->durations.count;
    const struct durations *durations = survival->durations.at;
    if (count && !survival->sorted)
        qsort(survival->durations.at, count, sizeof *durations, compare);
    survival->sorted = true;
    uint64_t left = 0;
    for (size_t i = 0; i < count; i++)
        left += durations[i].count;
    double lasting = 1, wanted = (double)(100 - percent) / 100;
    for (size_t i = 0; i < count; i++) {
        uint64_t before = left;
        left -= durations[i].count;
        if (!durations[i].each.ended)
            continue;
        lasting *= (double)left / (double)before;
        if (lasting <= wanted + ROUNDING)
            return durations[i].each.length_ns;
    }
    return TIME_NEVER;
}
