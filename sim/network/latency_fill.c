/* SPDX-License-Identifier: MIT */
#include "network/latency_fill.h"

#include <stdlib.h>

#define FIBRE_NS_PER_KM 4905 /* light at 68 % of c: geographic latency, fibre_speed */
#define SLOPE_KM        1024 /* the slope is kept by so many km */

void latency_fill_symmetric(struct latency *latency)
{
    uint32_t count = latency->region_count;
    for (uint32_t from = 0; from < count; from++)
        for (uint32_t to = from + 1; to < count; to++) {
            time_ns *forth = &latency->between_ns[(size_t)from * count + to];
            time_ns *back = &latency->between_ns[(size_t)to * count + from];
            if (*forth == LATENCY_ABSENT)
                *forth = *back;
            else if (*back == LATENCY_ABSENT)
                *back = *forth;
        }
}

/* What a line through points is made of: x in km, y in ns; below 2^26 points, x below 2^15, y below 2^47. */
struct sums {
    int128 n, x, y, xx, xy;
};

/* A pair of different regions that both have a place. */
struct pair {
    size_t index;
    int64_t km;
    bool known;
};

static bool is_pair(const struct latency *latency, const struct place *places, const bool *placed, uint32_t from,
                    uint32_t to, struct pair *pair)
{
    if (from == to || !placed[from] || !placed[to])
        return false;
    pair->index = (size_t)from * latency->region_count + to;
    pair->km = (int64_t)((great_circle_m(places[from], places[to]) + 500) / 1000);
    pair->known = latency->between_ns[pair->index] != LATENCY_ABSENT;
    return true;
}

static bool fit_line(struct sums sums, struct latency_filled *filled)
{
    int128 spread = sums.n * sums.xx - sums.x * sums.x, rise = sums.n * sums.xy - sums.x * sums.y;
    if (sums.n < 2 || spread <= 0 || rise <= 0)
        return false;
    filled->slope_ns = (int64_t)(rise * SLOPE_KM / spread);
    filled->base_ns = (int64_t)((sums.y - filled->slope_ns * sums.x / SLOPE_KM) / sums.n);
    return filled->slope_ns > 0;
}

static time_ns on_line(const struct latency_filled *filled, int64_t km)
{
    time_ns delay = filled->base_ns + filled->slope_ns * km / SLOPE_KM;
    return time_max(delay, km * FIBRE_NS_PER_KM);
}

static int compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* How far the line is from the known figures, in thousandths of them: the median. */
static uint32_t median_error(const struct latency *latency, const struct place *places, const bool *placed,
                             const struct latency_filled *filled)
{
    uint32_t *errors = g_new(uint32_t, filled->fitted), count = 0;
    struct pair pair;
    for (uint32_t from = 0; from < latency->region_count; from++)
        for (uint32_t to = 0; to < latency->region_count; to++) {
            if (!is_pair(latency, places, placed, from, to, &pair) || !pair.known)
                continue;
            time_ns known = latency->between_ns[pair.index], off = on_line(filled, pair.km) - known;
            uint128 thousandths = (uint128)(uint64_t)(off < 0 ? -off : off) * 1000 / (uint64_t)time_max(known, 1);
            errors[count++] = (uint32_t)MIN(thousandths, UINT32_MAX);
        }
    qsort(errors, count, sizeof *errors, compare); /* equal errors are one value: ties do not matter */
    uint32_t median = errors[count / 2];
    g_free(errors);
    return median;
}

static void fill(struct latency *latency, const struct place *places, const bool *placed, struct latency_filled *filled)
{
    uint32_t count = latency->region_count;
    struct pair pair;
    filled->pairs = g_new0(uint8_t, (size_t)count * count);
    for (uint32_t from = 0; from < count; from++)
        for (uint32_t to = 0; to < count; to++) {
            if (!is_pair(latency, places, placed, from, to, &pair) || pair.known)
                continue;
            if (filled->count++ == 0) {
                filled->first_from = from;
                filled->first_to = to;
            }
            latency->between_ns[pair.index] = on_line(filled, pair.km);
            filled->pairs[pair.index] = 1;
        }
}

bool latency_fill_by_distance(struct latency *latency, const struct place *places, const bool *placed,
                              const char *about, GError **error)
{
    struct sums sums = {0};
    struct latency_filled filled = {0};
    uint32_t missing = 0;
    struct pair pair;
    for (uint32_t from = 0; from < latency->region_count; from++)
        for (uint32_t to = 0; to < latency->region_count; to++) {
            if (!is_pair(latency, places, placed, from, to, &pair) || !pair.known) {
                missing += from != to && latency->between_ns[(size_t)from * latency->region_count + to] < 0;
                continue;
            }
            int128 x = pair.km, y = latency->between_ns[pair.index];
            sums = (struct sums){sums.n + 1, sums.x + x, sums.y + y, sums.xx + x * x, sums.xy + x * y};
        }
    if (missing == 0)
        return true;
    filled.fitted = (uint32_t)sums.n;
    if (!fit_line(sums, &filled)) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE,
                    "%s: %u pairs of regions have no figure, and the %u known ones whose places are known make no line "
                    "that rises with distance, by which to fill them",
                    about, missing, filled.fitted);
        return false;
    }
    filled.error_thousandths = median_error(latency, places, placed, &filled);
    fill(latency, places, placed, &filled);
    filled.missing = missing;
    filled.file = g_strdup(about);
    latency->filled = g_memdup2(&filled, sizeof filled);
    return true;
}
