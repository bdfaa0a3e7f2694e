/* SPDX-License-Identifier: MIT */
/*
 * The network beside measurements of the world: each row is a figure that somebody published, the simulated one, their
 * ratio, and whether it lies within 30 %. Needs the outside data of POSIM_SHARED (tests/README.md); exit 77 without.
 */
#include "bands.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

const char *bands_data_path(const char *relative)
{
    const char *given = g_getenv("POSIM_SHARED");
    char *path = g_build_filename(given ? given : "../shared", "data", relative, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        fprintf(stderr, "bands: %s is missing: set POSIM_SHARED\n", path);
        exit(77);
    }
    const char *kept = g_intern_string(path);
    g_free(path);
    return kept;
}

void bands_row(const char *what, double published, double simulated)
{
    double ratio = simulated / published;
    printf("%-58s %10.3f %10.3f %7.2f  %s\n", what, published, simulated, ratio,
           ratio >= .7 && ratio <= 1.3 ? "within" : "outside");
}

int bands_compare_times(const void *a, const void *b)
{
    time_ns x = *(const time_ns *)a, y = *(const time_ns *)b;
    return (x > y) - (x < y);
}

double bands_quantile_ms(bands_times *list, double share)
{
    qsort(list->at, list->count, sizeof *list->at, bands_compare_times);
    return (double)list->at[MIN(list->count - 1, (size_t)((double)list->count * share))] / MILLISECOND;
}

int main(void)
{
    printf("%-58s %10s %10s %7s  within 30 %%\n", "ms, if nothing else is said", "published", "simulated", "ratio");
    bands_of_cluster();
    bands_of_solana();
    bands_of_ethereum();
    return 0;
}
