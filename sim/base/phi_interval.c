/* SPDX-License-Identifier: MIT */
#include "base/phi_interval.h"

#include "base/assert.h"

#include <stdbool.h>
#include <string.h>

/*
 * A number below 2^64 with `words` words of fraction: word[0 .. words-1] are the fraction, least significant first, and
 * word[words] is the whole part. One unit of the last place, 2^(-64 words), is called an ulp.
 */
struct wide {
    uint64_t word[PHI_INTERVAL_WORDS + 1];
};

static bool wide_is_zero(const struct wide *a, unsigned words)
{
    for (unsigned i = 0; i <= words; i++)
        if (a->word[i])
            return false;
    return true;
}

static void wide_add(struct wide *a, const struct wide *b, unsigned words)
{
    uint64_t carry = 0;
    for (unsigned i = 0; i <= words; i++) {
        uint128 sum = (uint128)a->word[i] + b->word[i] + carry;
        a->word[i] = (uint64_t)sum;
        carry = (uint64_t)(sum >> 64);
    }
}

/* Adds ulps. */
static void wide_add_small(struct wide *a, uint64_t ulps, unsigned words)
{
    for (unsigned i = 0; i <= words && ulps; i++) {
        a->word[i] += ulps;
        ulps = a->word[i] < ulps;
    }
}

/* a -= b, modulo 2^64. */
static void wide_subtract(struct wide *a, const struct wide *b, unsigned words)
{
    uint64_t borrow = 0;
    for (unsigned i = 0; i <= words; i++) {
        uint128 difference = (uint128)a->word[i] - b->word[i] - borrow;
        a->word[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
}

/* a -= ulps, or 0 where that would be negative. */
static void wide_subtract_small(struct wide *a, uint64_t ulps, unsigned words)
{
    for (unsigned i = 0; i <= words && ulps; i++) {
        uint64_t before = a->word[i];
        a->word[i] -= ulps;
        ulps = before < ulps;
    }
    if (ulps)
        memset(a, 0, sizeof *a);
}

/* a = a * factor / divisor, where factor <= divisor or the product stays below 2^64. Less than 1 ulp too low. */
static void wide_scale(struct wide *a, uint64_t factor, uint64_t divisor, unsigned words)
{
    uint64_t rest = 0;
    for (unsigned i = 0; i <= words; i++) {
        uint128 product = (uint128)a->word[i] * factor + rest;
        a->word[i] = (uint64_t)product;
        rest = (uint64_t)(product >> 64);
    }
    if (divisor == 1)
        return;
    for (unsigned i = words + 1; i-- > 0;) {
        uint128 dividend = (uint128)rest << 64 | a->word[i];
        a->word[i] = (uint64_t)(dividend / divisor);
        rest = (uint64_t)(dividend % divisor);
    }
}

/* a = a * b. Less than 1 ulp too low. */
static void wide_multiply(struct wide *a, const struct wide *b, unsigned words)
{
    uint64_t product[2 * PHI_INTERVAL_WORDS + 2] = {0};
    for (unsigned i = 0; i <= words; i++) {
        uint64_t carry = 0;
        for (unsigned j = 0; j <= words; j++) {
            uint128 sum = (uint128)a->word[i] * b->word[j] + product[i + j] + carry;
            product[i + j] = (uint64_t)sum;
            carry = (uint64_t)(sum >> 64);
        }
        product[i + words + 1] = carry;
    }
    memcpy(a->word, product + words, (words + 1) * sizeof a->word[0]);
}

/* numerator / denominator below 1, bit by bit since the denominator may have 65 bits. Less than 1 ulp too low. */
static void wide_divide(struct wide *quotient, uint128 numerator, uint128 denominator, unsigned words)
{
    memset(quotient, 0, sizeof *quotient);
    for (unsigned i = words; i-- > 0;)
        for (unsigned bit = 64; bit-- > 0;) {
            numerator <<= 1;
            if (numerator >= denominator) {
                numerator -= denominator;
                quotient->word[i] |= (uint64_t)1 << bit;
            }
        }
}

/*
 * atanh(z) = z + z^3/3 + z^5/5 + ... for z = numerator / denominator <= 1/3. Returns by how many ulps it may be too
 * low. z is less than 1 ulp low, so z^2 is less than 2; a power less than 2 (2/9 + 2/3 + 1); a term less than 3; and
 * the terms left out, once a power is less than 2 ulps, sum to less than 3.
 */
static uint64_t wide_atanh(struct wide *sum, uint128 numerator, uint128 denominator, unsigned words)
{
    struct wide power, square;
    wide_divide(&power, numerator, denominator, words);
    square = power;
    wide_multiply(&square, &power, words);
    memset(sum, 0, sizeof *sum);
    uint64_t n = 1;
    for (; !wide_is_zero(&power, words); n += 2) {
        struct wide term = power;
        wide_scale(&term, 1, n, words);
        wide_add(sum, &term, words);
        wide_multiply(&power, &square, words);
    }
    return 3 * (n / 2) + 3;
}

/* ln(above / below) for above >= below > 0, as k ln 2 + 2 atanh((m - 1) / (m + 1)) with m in [1, 2). */
static uint64_t wide_ln(struct wide *result, uint64_t above, uint64_t below, unsigned words)
{
    unsigned k = 0;
    while ((uint128)below << (k + 1) <= above)
        k++;
    uint128 unit = (uint128)below << k;
    uint64_t error = wide_atanh(result, above - unit, above + unit, words);
    if (k > 0) {
        struct wide half_ln2;
        error += k * wide_atanh(&half_ln2, 1, 3, words);
        wide_scale(&half_ln2, k, 1, words);
        wide_add(result, &half_ln2, words);
    }
    wide_add(result, result, words);
    return 2 * error;
}

/* Takes k ln 2 from y, with k the most that is safe; returns k, and adds to *error what that may be off. */
static unsigned remove_ln2(struct wide *y, uint64_t *error, unsigned words)
{
    const uint64_t ln2_above = 0xb17217f8; /* in 2^-32, rounded up */
    unsigned k = (unsigned)((y->word[words] << 32 | y->word[words - 1] >> 32) / ln2_above);
    if (k == 0)
        return 0;
    struct wide ln2;
    *error += k * wide_ln(&ln2, 2, 1, words);
    wide_scale(&ln2, k, 1, words);
    wide_subtract(y, &ln2, words);
    return k;
}

static void wide_shift_right(struct wide *a, unsigned bits, unsigned words)
{
    while (bits > 0) {
        unsigned step = bits < 63 ? bits : 63;
        for (unsigned i = 0; i < words; i++)
            a->word[i] = a->word[i] >> step | a->word[i + 1] << (64 - step);
        a->word[words] >>= step;
        bits -= step;
    }
}

/*
 * e^-y, for y that is at most *error ulps too low; *error becomes by how many ulps the result may be off either way.
 * After ln 2 is taken out as often as it goes y is below 1, and each term y^n/n! of the alternating series is less than
 * 3 ulps low (twice: (2.5 + 1)/n + 1), as is what is left out once a term is 0. The slope of e^-y is at most 1, so an
 * error of y is no larger in the result.
 */
static void wide_exp_minus(struct wide *y, uint64_t *error, unsigned words)
{
    unsigned halvings = remove_ln2(y, error, words);
    struct wide sum = {{0}}, term = {{0}};
    term.word[words] = 1;
    uint64_t n = 0;
    while (!wide_is_zero(&term, words)) {
        if (n % 2 == 0)
            wide_add(&sum, &term, words);
        else
            wide_subtract(&sum, &term, words);
        n++;
        wide_multiply(&term, y, words);
        wide_scale(&term, 1, n, words);
    }
    *error += 3 * n + 3;
    wide_shift_right(&sum, halvings, words);
    *error += halvings > 0;
    *y = sum;
}

static void most_significant_first(uint64_t *to, const struct wide *from, unsigned words)
{
    for (unsigned i = 0; i < words; i++)
        to[i] = from->word[words - 1 - i];
}

void phi_interval_enclose(struct phi_interval *interval, struct ratio f, uint64_t part, uint64_t whole, unsigned words)
{
    REQUIRE(words >= 2 && words <= PHI_INTERVAL_WORDS && f.numerator < f.denominator && part < whole);
    struct wide power, low = {{0}}, high;
    uint64_t error = wide_ln(&power, f.denominator, f.denominator - f.numerator, words);
    wide_scale(&power, part, whole, words);
    error += 1;
    wide_exp_minus(&power, &error, words);
    low.word[words] = 1;
    wide_subtract(&low, &power, words);
    high = low;
    wide_subtract_small(&low, error, words);
    wide_add_small(&high, error, words);
    most_significant_first(interval->low, &low, words);
    most_significant_first(interval->high, &high, words);
}
