/* SPDX-License-Identifier: MIT */
/* What tests of statistics share: closeness to values known from elsewhere, and results that are the same everywhere.
 */
#ifndef POSIM_TESTS_UNIT_PINNED_H
#define POSIM_TESTS_UNIT_PINNED_H

#include <glib.h>
#include <math.h>

static inline void close_to(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        g_error("%.17g instead of %.17g: relative error %.3g", value, expected, fabs(value / expected - 1));
}

/* Each result to the last bit, as %a prints it. */
static inline void are_pinned(const double *results, const char *const *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *given = g_strdup_printf("%a", results[i]);
        g_assert_cmpstr(given, ==, expected[i]);
        g_free(given);
    }
}

#endif
