/* SPDX-License-Identifier: MIT */
/* Each tier of assertions fires when its condition is false, and names the place and the condition. */
#include "base/assert.h"

#include <glib.h>

static void require_aborts(void)
{
    if (g_test_subprocess()) {
        REQUIRE(1 + 1 == 3);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*test_assert.c:*requirement failed: 1 + 1 == 3*");
}

static void check_aborts_unless_measured(void)
{
    if (g_test_subprocess()) {
        CHECK(1 + 1 == 3);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
#ifdef NDEBUG
    g_test_trap_assert_passed();
#else
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*check failed: 1 + 1 == 3*");
#endif
}

static void true_conditions_pass(void)
{
    REQUIRE(1 + 1 == 2);
    CHECK(1 + 1 == 2);
    AUDIT(1 + 1 == 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/assert/require aborts", require_aborts);
    g_test_add_func("/assert/check aborts unless measured", check_aborts_unless_measured);
    g_test_add_func("/assert/true conditions pass", true_conditions_pass);
    return g_test_run();
}
