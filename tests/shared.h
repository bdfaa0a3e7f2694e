/* SPDX-License-Identifier: MIT */
/*
 * Finds the outside data that some tests read in place: under $POSIM_SHARED, else in ../shared beside the source tree.
 * Where it is absent a test skips with a message; where POSIM_SHARED is set, a missing file is a failure.
 */
#ifndef POSIM_TESTS_SHARED_H
#define POSIM_TESTS_SHARED_H

#include <glib.h>

/* The path of a shared file (g_free it), or NULL after having marked the test as skipped (or failed). */
static inline char *shared_path(const char *relative)
{
    const char *given = g_getenv("POSIM_SHARED");
    const char *source = g_getenv("POSIM_SOURCE");
    char *root = given ? g_strdup(given) : g_build_filename(source ? source : ".", "..", "shared", NULL);
    char *path = g_build_filename(root, relative, NULL);
    g_free(root);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    if (given)
        g_test_fail_printf("POSIM_SHARED is set but %s is missing", path);
    else
        g_test_skip("outside data is not here; set POSIM_SHARED to the folder that holds vectors/ and data/");
    g_free(path);
    return NULL;
}

#endif
