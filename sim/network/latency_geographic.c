/* SPDX-License-Identifier: MIT */
/* Delays from first principles: cable length between cities, the speed of light in fibre, and access at both ends. */
#include "network/geography.h"
#include "network/latency.h"

#define LIGHT_M_PER_S 299792458

struct latency_geographic_params {
    struct ratio fibre_speed;
    struct ratio stretch;
    time_ns access_ns;
    time_ns intra_region_ns;
    struct ratio jitter;
};

#define AT(field) .offset = offsetof(struct latency_geographic_params, field)

static const struct param params[] = {
    {.key = "fibre_speed",
     .type = PARAM_SHARE,
     AT(fibre_speed),
     .by_default = "68 %",
     .minimum = "1 %",
     .meaning = "speed of light in fibre, as a share of that in vacuum",
     .source = "group index 1.468 of single-mode fibre at 1550 nm (Corning SMF-28 data sheet)"},
    {.key = "stretch",
     .type = PARAM_DECIMAL,
     AT(stretch),
     .by_default = "1.4",
     .minimum = "1",
     .maximum = "10",
     .meaning = "length of the path over the great circles between its ends",
     .source = "fitted to CometBFT's AWS latencies; 1.3 to 2.1 in Bozkurt et al. 2018, arXiv 1811.10737"},
    {.key = "access",
     .type = PARAM_DURATION,
     AT(access_ns),
     .by_default = "1.5 ms",
     .maximum = "1 s",
     .meaning = "delay between a node and the trunk, at each end of a path between regions",
     .source = "fitted to CometBFT's AWS latencies"},
    LATENCY_INTRA_REGION_PARAM(struct latency_geographic_params),
    LATENCY_JITTER_PARAM(struct latency_geographic_params),
};
const struct param_table latency_geographic_params_table =
    PARAM_TABLE("geographic latency", "cable lengths between the cities of cloud regions",
                struct latency_geographic_params, params);

/* What a metre of the way between two places takes. */
static q64 ns_per_m(const struct latency_geographic_params *given)
{
    q64 light_m_per_ns = q64_divide(q64_from_integer(LIGHT_M_PER_S), q64_from_integer(SECOND));
    return q64_divide(q64_from_ratio(given->stretch), q64_multiply(light_m_per_ns, q64_from_ratio(given->fibre_speed)));
}

/* Delays from distances, which are as many as pairs; places of one region, or at one place, are a region's own apart.
 */
static void set_delays(const struct latency_geographic_params *given, const uint64_t *distance_m,
                       struct latency *latency)
{
    size_t pairs = (size_t)latency->region_count * latency->region_count;
    q64 slowness = ns_per_m(given);
    for (size_t pair = 0; pair < pairs; pair++) {
        q64 path_m = q64_from_integer((int64_t)distance_m[pair]);
        latency->between_ns[pair] = distance_m[pair] == 0
                                        ? given->intra_region_ns
                                        : q64_round(q64_multiply(path_m, slowness)) + 2 * given->access_ns;
    }
    latency_set_jitter(latency, given->jitter);
}

static bool describe(const void *parameters, struct latency *latency, GError **error)
{
    (void)error;
    uint64_t *distance_m = g_new(uint64_t, (size_t)cloud_region_count * cloud_region_count);
    geography_distances(distance_m);
    latency_init(latency, cloud_region_count);
    latency->places = g_new(struct place, cloud_region_count);
    for (uint32_t region = 0; region < cloud_region_count; region++) {
        latency->region_names[region] = g_strdup(cloud_regions[region].name);
        latency->places[region] = cloud_regions[region].place;
    }
    set_delays(parameters, distance_m, latency);
    g_free(distance_m);
    return true;
}

static bool describe_at(const void *parameters, const struct place *places, char *const *names, uint32_t count,
                        struct latency *latency, GError **error)
{
    (void)error;
    uint64_t *distance_m = g_new(uint64_t, (size_t)count * count);
    geography_distances_at(places, count, distance_m);
    latency_init(latency, count);
    latency->places = g_memdup2(places, count * sizeof *places);
    for (uint32_t place = 0; place < count; place++)
        latency->region_names[place] = g_strdup(names[place]);
    set_delays(parameters, distance_m, latency);
    g_free(distance_m);
    return true;
}

const struct latency_model latency_geographic = {.describe = describe, .describe_at = describe_at};
