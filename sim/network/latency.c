/* SPDX-License-Identifier: MIT */
#include "network/latency.h"

#include "base/suggest.h"

#include <string.h>

G_DEFINE_QUARK(posim - network - error - quark, network_error)

static const struct param_variant models[] = {
    {.name = "constant",
     .meaning = "every message takes the same time",
     .table = &latency_constant_params_table,
     .implied_by = "delay",
     .plugin = &latency_constant},
    {.name = "geographic",
     .meaning = "cloud regions by the coordinates of their cities: cable lengths at the speed of light in fibre",
     .table = &latency_geographic_params_table,
     .plugin = &latency_geographic},
    {.name = "lognormal",
     .meaning = "each message draws its delay from a lognormal distribution, for each receiver",
     .table = &latency_lognormal_params_table,
     .plugin = &latency_lognormal},
    {.name = "regions",
     .meaning = "delays between regions from a CSV file, a matrix or a row a pair",
     .table = &latency_regions_params_table,
     .implied_by = "file",
     .plugin = &latency_regions},
    {.name = "uniform",
     .meaning = "each message draws its delay evenly from a range, for each receiver",
     .table = &latency_uniform_params_table,
     .plugin = &latency_uniform},
};
const struct param_variants latency_models = {models, G_N_ELEMENTS(models)};

void latency_init(struct latency *latency, uint32_t region_count)
{
    size_t pairs = (size_t)region_count * region_count;
    *latency = (struct latency){
        .region_count = region_count,
        .region_names = g_new0(char *, (size_t)region_count + 1),
        .between_ns = g_new(time_ns, pairs),
    };
    for (size_t pair = 0; pair < pairs; pair++)
        latency->between_ns[pair] = LATENCY_ABSENT;
}

void latency_init_single(struct latency *latency, time_ns delay_ns)
{
    latency_init(latency, 1);
    latency->region_names[0] = g_strdup("");
    latency->between_ns[0] = delay_ns;
}

void latency_release(struct latency *latency)
{
    g_strfreev(latency->region_names);
    g_free(latency->between_ns);
    g_free(latency->places);
    quantiles_release(&latency->factor);
    if (latency->filled) {
        g_free(latency->filled->pairs);
        g_free(latency->filled->file);
    }
    g_free(latency->filled);
    *latency = (struct latency){0};
}

uint32_t latency_find_region(const struct latency *latency, const char *name)
{
    for (uint32_t region = 0; region < latency->region_count; region++)
        if (strcmp(latency->region_names[region], name) == 0)
            return region;
    return ID_NONE;
}

bool latency_has_regions(const struct latency *latency)
{
    return latency->region_count > 1 || *latency->region_names[0];
}

void latency_refuse_pair(const struct latency *latency, uint32_t from, uint32_t to, GError **error)
{
    g_set_error(
        error, NETWORK_ERROR, NETWORK_ERROR_REGION,
        "network.latency: there is no delay from %s to %s: add it, place no nodes in one of them, or name a file "
        "of their `places` to fill it by distance",
        latency->region_names[from], latency->region_names[to]);
}

void latency_make_fixed(struct latency *latency)
{
    latency->draw = LATENCY_FIXED;
    latency->span_ns = 0;
    quantiles_release(&latency->factor);
}

void latency_refuse_region(const struct latency *latency, const char *whose, const char *name, GError **error)
{
    if (!latency_has_regions(latency)) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_REGION,
                    "%s: there is no region %s: this latency model has none", whose, name);
        return;
    }
    char *known = g_strjoinv(", ", latency->region_names);
    char *meant = suggest_question(name, (const char *const *)latency->region_names);
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_REGION, "%s: unknown region %s: use one of %s%s", whose, name,
                known, meant);
    g_free(meant);
    g_free(known);
}

void latency_set_jitter(struct latency *latency, struct ratio jitter)
{
    if (jitter.numerator == 0)
        return;
    uint128 whole = (uint128)jitter.numerator + jitter.denominator;
    q64 share = q64_divide((q64)jitter.numerator, (q64)whole); /* jitter / (1 + jitter) */
    latency->draw = LATENCY_FACTOR;
    quantiles_init_lognormal(&latency->factor, Q64_ONE - share, share, q64_from_ratio((struct ratio){4, 5}));
}

time_ns latency_least(const struct latency *latency, time_ns base_ns)
{
    return latency_vary(latency, base_ns, 0);
}

time_ns latency_bound(const struct latency *latency, time_ns base_ns)
{
    if (latency->draw == LATENCY_FACTOR)
        return quantiles_scale(&latency->factor, base_ns, UINT32_MAX / 100 * 99);
    return latency_vary(latency, base_ns, UINT32_MAX);
}
