/* SPDX-License-Identifier: MIT */
#include "base/phi.h"

#include "base/assert.h"
#include "base/phi_interval.h"

#include <string.h>

/* Precisions to try, in words of fraction; an irrational phi would have to look rational to 2,500 bits to pass all. */
static const unsigned precision[] = {2, 5, 9, 17, PHI_INTERVAL_WORDS};
#define PRECISIONS (sizeof precision / sizeof precision[0])

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* base^exponent, or 0 where that exceeds 64 bits. */
static uint64_t whole_power(uint64_t base, uint64_t exponent)
{
    uint128 power = 1;
    for (; exponent > 0 && base > 1; exponent--) {
        power *= base;
        if (power > UINT64_MAX)
            return 0;
    }
    return base == 0 && exponent > 0 ? 0 : (uint64_t)power;
}

/* Whether value is root^degree; degree is at least 1. */
static bool whole_root(uint64_t value, uint64_t degree, uint64_t *root)
{
    if (degree > 63) { /* 2^64 does not fit */
        *root = value;
        return value <= 1;
    }
    uint64_t low = 0, high = value; /* low^degree <= value */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2 + 1;
        uint64_t power = whole_power(middle, degree);
        if (power != 0 && power <= value)
            low = middle;
        else
            high = middle - 1;
    }
    *root = low;
    return whole_power(low, degree) == value;
}

/*
 * Whether phi is rational, and which. With part/whole in lowest terms p/w and 1-f in lowest terms c/b, (c/b)^(p/w) is
 * rational if and only if c and b are both perfect w-th powers.
 */
static bool rational_phi(const struct phi *phi, struct ratio *value)
{
    uint64_t common_f = common_divisor(phi->f.numerator, phi->f.denominator);
    uint64_t b = phi->f.denominator / common_f, c = b - phi->f.numerator / common_f;
    uint64_t common_stake = common_divisor(phi->part, phi->whole);
    uint64_t p = phi->part / common_stake, w = phi->whole / common_stake;
    uint64_t root_b, root_c;
    if (!whole_root(b, w, &root_b) || !whole_root(c, w, &root_c))
        return false;
    uint64_t power_b = whole_power(root_b, p);
    *value = (struct ratio){power_b - whole_power(root_c, p), power_b};
    return true;
}

/* floor(2^(64 words) * ratio) for a ratio below 1, by long division. */
static void divide_ratio(struct ratio ratio, uint64_t *quotient, size_t words)
{
    uint64_t rest = ratio.numerator;
    for (size_t i = 0; i < words; i++) {
        uint128 dividend = (uint128)rest << 64;
        quotient[i] = (uint64_t)(dividend / ratio.denominator);
        rest = (uint64_t)(dividend % ratio.denominator);
    }
}

/* value * denominator < numerator * 2^(64 words): the product's word above the value's decides. */
static bool below_ratio(const uint64_t *value, size_t words, struct ratio ratio)
{
    uint64_t carry = 0;
    for (size_t i = words; i-- > 0;)
        carry = (uint64_t)(((uint128)value[i] * ratio.denominator + carry) >> 64);
    return carry < ratio.numerator;
}

/* -1, 0, 1 as the first `words` words of a are below, equal to, above those of b; a has `given` words, then zeros. */
static int compare_words(const uint64_t *a, size_t given, const uint64_t *b, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t word = i < given ? a[i] : 0;
        if (word != b[i])
            return word < b[i] ? -1 : 1;
    }
    return 0;
}

void phi_init(struct phi *phi, struct ratio f, uint64_t part, uint64_t whole)
{
    REQUIRE(f.denominator > 0 && f.numerator <= f.denominator);
    REQUIRE(whole > 0 && part <= whole);
    *phi = (struct phi){.f = f, .part = part, .whole = whole};
    struct ratio value;
    if (rational_phi(phi, &value)) {
        phi_threshold(phi, &phi->low, 1);
        phi->high = phi->low;
        return;
    }
    struct phi_interval interval;
    phi_interval_enclose(&interval, f, part, whole, precision[0]);
    phi->low = interval.low[0];
    phi->high = interval.high[0];
}

void phi_threshold(const struct phi *phi, uint64_t *threshold, size_t words)
{
    REQUIRE(words >= 1 && words <= PHI_WORDS_MAXIMUM);
    struct ratio value;
    if (rational_phi(phi, &value)) {
        if (value.numerator == value.denominator)
            memset(threshold, 0xff, words * sizeof *threshold);
        else
            divide_ratio(value, threshold, words);
        return;
    }
    for (size_t i = 0; i < PRECISIONS; i++) {
        struct phi_interval interval;
        if (precision[i] <= words)
            continue;
        phi_interval_enclose(&interval, phi->f, phi->part, phi->whole, precision[i]);
        memcpy(threshold, interval.low, words * sizeof *threshold);
        if (compare_words(interval.low, words, interval.high, words) == 0)
            return;
    }
    assert_failed(__FILE__, __LINE__, "check", "an irrational phi is told from every integer");
}

bool phi_exceeds(const struct phi *phi, const uint64_t *value, size_t words)
{
    REQUIRE(words >= 1 && words <= PHI_WORDS_MAXIMUM);
    struct ratio exact;
    if (rational_phi(phi, &exact))
        return below_ratio(value, words, exact);
    for (size_t i = 0; i < PRECISIONS; i++) {
        struct phi_interval interval;
        phi_interval_enclose(&interval, phi->f, phi->part, phi->whole, precision[i]);
        if (compare_words(value, words, interval.low, precision[i]) < 0)
            return true;
        if (compare_words(value, words, interval.high, precision[i]) >= 0)
            return false;
    }
    assert_failed(__FILE__, __LINE__, "check", "an irrational phi is told from every value");
}

bool phi_exceeds_bytes(const struct phi *phi, const uint8_t *value, size_t length)
{
    REQUIRE(length % 8 == 0 && length / 8 <= PHI_WORDS_MAXIMUM);
    uint64_t words[PHI_WORDS_MAXIMUM] = {0};
    for (size_t i = 0; i < length; i++)
        words[i / 8] = words[i / 8] << 8 | value[i];
    return phi_exceeds(phi, words, length / 8);
}
