/* SPDX-License-Identifier: MIT */
/*
 * Assertions in three tiers, for errors of a programmer (a user's error is a GError). REQUIRE guards what a caller
 * promises and is always on; CHECK guards what we promise ourselves and is on in every build that is not measured
 * (b_ndebug=false); AUDIT walks whole structures and is on where POSIM_AUDIT is defined (the sanitizer builds).
 */
#ifndef POSIM_BASE_ASSERT_H
#define POSIM_BASE_ASSERT_H

/* Prints file, line and the condition to stderr and aborts. */
_Noreturn void assert_failed(const char *file, int line, const char *tier, const char *condition);

#define REQUIRE(condition) ((condition) ? (void)0 : assert_failed(__FILE__, __LINE__, "requirement", #condition))

#ifdef NDEBUG
#define CHECK(condition) ((void)sizeof(!(condition)))
#else
#define CHECK(condition) ((condition) ? (void)0 : assert_failed(__FILE__, __LINE__, "check", #condition))
#endif

#ifdef POSIM_AUDIT
#define AUDIT(condition) ((condition) ? (void)0 : assert_failed(__FILE__, __LINE__, "audit", #condition))
#else
#define AUDIT(condition) ((void)sizeof(!(condition)))
#endif

#endif
