/* SPDX-License-Identifier: MIT */
#include "base/interval.h"

#include "base/assert.h"

#include <math.h>

const char *interval_method_name(enum interval_method method)
{
    static const char *const names[INTERVAL_METHODS] = {
        [INTERVAL_NONE] = "NA",         [INTERVAL_HALL] = "hall95",   [INTERVAL_ORDER] = "order95",
        [INTERVAL_WILSON] = "wilson95", [INTERVAL_EXACT] = "exact95", [INTERVAL_JACKKNIFE] = "jackknife95",
        [INTERVAL_BATCH] = "batch95",   [INTERVAL_ZERO] = "zero95",
    };
    REQUIRE(method < INTERVAL_METHODS);
    return names[method];
}

struct interval interval_none(void)
{
    return (struct interval){NAN, NAN, INTERVAL_NONE};
}
