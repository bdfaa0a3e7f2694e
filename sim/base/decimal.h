/* SPDX-License-Identifier: MIT */
/*
 * Numbers as text in tables: locale-free, the same everywhere. Each function writes at most DECIMAL_SIZE bytes, with
 * the final zero, to the caller's buffer, and returns that buffer.
 */
#ifndef POSIM_BASE_DECIMAL_H
#define POSIM_BASE_DECIMAL_H

#include "base/time.h"

#define DECIMAL_SIZE 40

/* 1 to 17 significant digits, without trailing zeros; NA for what is not finite, 0 for -0. */
char *decimal_print(char buffer[DECIMAL_SIZE], double value, int significant_digits);

/* Nanoseconds as seconds, exactly, by integers: 1500000000 is 1.5; NA for TIME_NEVER. */
char *decimal_from_ns(char buffer[DECIMAL_SIZE], time_ns time);

#endif
