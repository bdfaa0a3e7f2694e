/* SPDX-License-Identifier: MIT */
#include "experiment/run_limits.h"

#include <glib.h>

bool run_limits_any(const struct run_limits *limits)
{
    return limits->timeout_s > 0 || limits->memory_bytes;
}

char *run_limits_broken(const struct run_limits *limits, double took_s, uint64_t held_bytes)
{
    if (limits->timeout_s > 0 && took_s > limits->timeout_s)
        return g_strdup_printf("it took longer than the limit of %g s", limits->timeout_s);
    if (limits->memory_bytes && held_bytes > limits->memory_bytes)
        return g_strdup_printf("it took more memory than the limit of %" G_GUINT64_FORMAT " bytes",
                               limits->memory_bytes);
    return NULL;
}
