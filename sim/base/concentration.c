/* SPDX-License-Identifier: MIT */
#include "base/concentration.h"

#include "base/assert.h"

#include <glib.h>
#include <stdlib.h>

/* Equal amounts cannot be told apart, so the order is total. */
static int larger_first(const void *left, const void *right)
{
    stake_amount a = *(const stake_amount *)left, b = *(const stake_amount *)right;
    return (a < b) - (a > b);
}

/* A copy, largest first; g_free it. */
static stake_amount *sorted(const stake_amount *amounts, uint32_t count)
{
    stake_amount *copy = g_memdup2(amounts, count * sizeof *amounts);
    if (count > 1)
        qsort(copy, count, sizeof *copy, larger_first);
    return copy;
}

static uint128 sum_of(const stake_amount *amounts, uint32_t count)
{
    uint128 sum = 0;
    for (uint32_t i = 0; i < count; i++)
        sum += amounts[i];
    return sum;
}

uint64_t gini_coefficient(const stake_amount *amounts, uint32_t count)
{
    uint128 sum = sum_of(amounts, count);
    REQUIRE(sum <= UINT64_MAX);
    if (sum == 0)
        return 0;
    stake_amount *ranked = sorted(amounts, count);
    int128 spread = 0; /* the sum over unordered pairs of their difference */
    for (uint32_t i = 0; i < count; i++)
        spread += ((int128)count - 1 - 2 * (int128)i) * (int128)ranked[i];
    g_free(ranked);
    uint128 whole = sum * count;
    return (uint64_t)(((uint128)spread * GINI_ONE + whole / 2) / whole);
}

uint32_t nakamoto_coefficient(const stake_amount *amounts, uint32_t count, struct ratio above)
{
    uint128 sum = sum_of(amounts, count), held = 0;
    REQUIRE(sum <= UINT64_MAX);
    stake_amount *ranked = sorted(amounts, count);
    uint32_t holders = 0;
    while (holders < count && !stake_exceeds((stake_amount)held, (stake_amount)sum, above))
        held += ranked[holders++];
    g_free(ranked);
    return stake_exceeds((stake_amount)held, (stake_amount)sum, above) ? holders : 0;
}
