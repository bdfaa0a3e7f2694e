/* SPDX-License-Identifier: MIT */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void assert_failed(const char *file, int line, const char *tier, const char *condition)
{
    fprintf(stderr, "%s:%d: %s failed: %s\n", file, line, tier, condition);
    abort();
}
