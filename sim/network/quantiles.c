/* SPDX-License-Identifier: MIT */
#include "network/quantiles.h"

#include "base/assert.h"

#include <glib.h>

/* fixed + median * e^(sigma z) at the quantile draw / 2^64, in units of 1 / QUANTILES_ONE. */
static uint64_t lognormal_at(uint64_t draw, q64 fixed, q64 median, q64 sigma)
{
    q64 power = q64_exp(q64_multiply(sigma, q64_normal_quantile(draw)));
    q64 factor = fixed + q64_multiply(median, power);
    CHECK(factor >= 0 && factor >> 95 == 0);
    return (uint64_t)(factor >> 32);
}

/* Knots rise, so the last one before the last cell tells whether all fit. */
static uint64_t *pack(const uint64_t *body)
{
    if (body[QUANTILES_CELLS - 1] - body[0] > UINT32_MAX)
        return NULL;
    uint64_t *packed = g_new(uint64_t, QUANTILES_CELLS - 1);
    for (unsigned cell = 0; cell < QUANTILES_CELLS - 1; cell++)
        packed[cell] = (body[cell + 1] - body[cell]) << 32 | (body[cell] - body[0]);
    return packed;
}

void quantiles_init_lognormal(struct quantiles *quantiles, q64 fixed, q64 median, q64 sigma)
{
    REQUIRE(fixed >= 0 && median >= 0 && sigma >= 0 && sigma <= 2 * Q64_ONE);
    const unsigned body_shift = 64 - QUANTILES_BITS, tail_shift = 64 - 2 * QUANTILES_BITS;
    quantiles->body = g_new(uint64_t, QUANTILES_CELLS + 1);
    quantiles->tail = g_new(uint64_t, QUANTILES_CELLS + 1);
    uint64_t tail_start = (uint64_t)(QUANTILES_CELLS - 1) << body_shift;
    for (uint64_t knot = 0; knot < QUANTILES_CELLS; knot++) {
        uint64_t body = knot ? knot << body_shift : (uint64_t)1 << (body_shift - 1); /* 0 would be minus infinity */
        quantiles->body[knot] = lognormal_at(body, fixed, median, sigma);
        quantiles->tail[knot] = lognormal_at(tail_start + (knot << tail_shift), fixed, median, sigma);
    }
    uint64_t last = lognormal_at((uint64_t)0 - ((uint64_t)1 << (tail_shift - 1)), fixed, median, sigma);
    quantiles->body[QUANTILES_CELLS] = quantiles->tail[QUANTILES_CELLS] = last;
    quantiles->packed = pack(quantiles->body);
}

void quantiles_release(struct quantiles *quantiles)
{
    g_free(quantiles->body);
    g_free(quantiles->tail);
    g_free(quantiles->packed);
    *quantiles = (struct quantiles){0};
}
