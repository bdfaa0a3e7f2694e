/* SPDX-License-Identifier: MIT */
#include "crypto/library.h"

#include "base/assert.h"

#include <sodium.h>

void crypto_library_start(void)
{
    int status = sodium_init();
    REQUIRE(status >= 0);
}
