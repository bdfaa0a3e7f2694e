/* SPDX-License-Identifier: MIT */
/* One figure of a bench for the table over all benches (table.py), beside what the bench prints for people. */
#ifndef POSIM_TESTS_BENCH_LINE_H
#define POSIM_TESTS_BENCH_LINE_H

#include <stdio.h>
#include <stdlib.h>

/*
 * Adds a line to the file that POSIM_BENCH_LINES names, if it does: what was measured, millions a second, and how many
 * a loop at the machine's limit did in the same run (0: there is no such loop).
 */
static inline void bench_line(const char *what, double millions_per_s, double limit_per_s)
{
    const char *path = getenv("POSIM_BENCH_LINES");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file)
        return;
    fprintf(file, "%s\t%.6g\t%.6g\n", what, millions_per_s, limit_per_s);
    fclose(file);
}

#endif
