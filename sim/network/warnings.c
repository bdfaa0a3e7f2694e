/* SPDX-License-Identifier: MIT */
/* What users should know of their files: what these did not say, and what it was made to be; and of empty groups. */
#include "base/vector.h"
#include "network/inside.h"

/* Fixed-point decimals, whatever the locale. */
static void print_ms(GString *text, time_ns duration_ns)
{
    int64_t hundredths = (duration_ns < 0 ? -duration_ns : duration_ns) / (MILLISECOND / 100);
    g_string_append_printf(text, "%s%" G_GINT64_FORMAT ".%02d ms", duration_ns < 0 ? "-" : "", hundredths / 100,
                           (int)(hundredths % 100));
}

static char *tell_filled(const struct fabric *fabric)
{
    const struct latency *latency = &fabric->latency;
    const struct latency_filled *filled = latency->filled;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "network.latency: %s has no figure for %u pairs of regions", filled->file,
                           filled->missing);
    if (filled->count) {
        g_string_append_printf(
            text, ", the first from %s to %s; %u are filled by distance: ", latency->region_names[filled->first_from],
            latency->region_names[filled->first_to], filled->count);
        print_ms(text, filled->base_ns);
        g_string_append(text, " and ");
        print_ms(text, filled->slope_ns * 1000 / 1024);
        g_string_append_printf(text, " for each 1000 km, from which half of the %u known pairs lie within %u.%u %%",
                               filled->fitted, filled->error_thousandths / 10, filled->error_thousandths % 10);
        g_string_append_printf(text, "; nodes are in the regions of %" G_GUINT64_FORMAT " of them",
                               fabric_pairs_filled(fabric));
    }
    if (filled->count < filled->missing)
        g_string_append_printf(text, "; %u have none, as `places` lacks a region of theirs",
                               filled->missing - filled->count);
    return g_string_free(text, FALSE);
}

static char *tell_drawn(const struct fabric *fabric)
{
    const struct placement *placement = &fabric->placement;
    return g_strdup_printf("network.placement: %s has no place for %u of %u nodes, the first in line %u; each is where "
                           "another node is, drawn at random",
                           placement->file, placement->drawn, fabric->node_count, placement->first_line);
}

static char *tell_beyond(const struct fabric *fabric)
{
    const struct placement *placement = &fabric->placement;
    return g_strdup_printf("network.placement: %s has %u nodes, but the network has %u: those from line %u on are not "
                           "there",
                           placement->file, placement->row_count, placement->asked, placement->lines[placement->asked]);
}

char **network_warnings(const struct network *network)
{
    const struct fabric *fabric = network->fabric;
    VECTOR(char *) texts = {0};
    if (fabric->latency.filled)
        vector_push(&texts, tell_filled(fabric));
    if (fabric->placement.drawn)
        vector_push(&texts, tell_drawn(fabric));
    if (fabric->placement.row_count > fabric->placement.asked)
        vector_push(&texts, tell_beyond(fabric));
    for (char **empty = fabric->empty_groups; empty && *empty; empty++)
        vector_push(&texts, g_strdup(*empty));
    vector_push(&texts, NULL);
    return texts.at;
}
