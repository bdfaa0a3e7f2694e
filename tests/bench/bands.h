/* SPDX-License-Identifier: MIT */
/* What the comparisons of bands.c share: where the outside data is, rows of the table, and lists of times. */
#ifndef POSIM_TESTS_BENCH_BANDS_H
#define POSIM_TESTS_BENCH_BANDS_H

#include "base/time.h"
#include "base/vector.h"

#include <stddef.h>

/* The path of a file of outside data; the program ends with 77 where it is missing. Kept until the end. */
const char *bands_data_path(const char *relative);

/* A published figure, the simulated one, their ratio, and whether that lies within 30 %. */
void bands_row(const char *what, double published, double simulated);

int bands_compare_times(const void *a, const void *b);

typedef VECTOR(time_ns) bands_times;

/* That quantile of a list (0 to 1), which it sorts; in milliseconds. */
double bands_quantile_ms(bands_times *list, double share);

/* bands_cluster.c, bands_ethereum.c, bands_solana.c */
void bands_of_cluster(void);
void bands_of_ethereum(void);
void bands_of_solana(void);

#endif
