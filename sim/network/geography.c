/* SPDX-License-Identifier: MIT */
/*
 * Regions and cities: the providers' public lists of regions (Amazon's names). Coordinates: the city's, to a hundredth
 * of a degree. Trunk cables: the main systems of the TeleGeography submarine cable map, taken together by area.
 */
#include "network/geography.h"

#include <glib.h>
#include <stdbool.h>

/* In hundredths of a degree. */
#define AT(latitude, longitude)                                                                                        \
    {                                                                                                                  \
        (latitude) * 10000, (longitude)*10000                                                                          \
    }

const struct cloud_region cloud_regions[] = {
    {"af-south-1", "Cape Town", AREA_AFRICA, AT(-3392, 1842)},
    {"ap-east-1", "Hong Kong", AREA_EAST_ASIA, AT(2232, 11417)},
    {"ap-northeast-1", "Tokyo", AREA_EAST_ASIA, AT(3568, 13965)},
    {"ap-northeast-2", "Seoul", AREA_EAST_ASIA, AT(3757, 12698)},
    {"ap-northeast-3", "Osaka", AREA_EAST_ASIA, AT(3469, 13550)},
    {"ap-south-1", "Mumbai", AREA_SOUTH_ASIA, AT(1908, 7288)},
    {"ap-southeast-1", "Singapore", AREA_SOUTH_EAST_ASIA, AT(135, 10382)},
    {"ap-southeast-2", "Sydney", AREA_OCEANIA, AT(-3387, 15121)},
    {"ap-southeast-3", "Jakarta", AREA_SOUTH_EAST_ASIA, AT(-621, 10685)},
    {"ca-central-1", "Montreal", AREA_NORTH_AMERICA, AT(4550, -7357)},
    {"eu-central-1", "Frankfurt", AREA_EUROPE, AT(5011, 868)},
    {"eu-north-1", "Stockholm", AREA_EUROPE, AT(5933, 1807)},
    {"eu-south-1", "Milan", AREA_EUROPE, AT(4546, 919)},
    {"eu-west-1", "Dublin", AREA_EUROPE, AT(5335, -626)},
    {"eu-west-2", "London", AREA_EUROPE, AT(5151, -13)},
    {"eu-west-3", "Paris", AREA_EUROPE, AT(4886, 235)},
    {"me-south-1", "Manama", AREA_MIDDLE_EAST, AT(2623, 5059)},
    {"sa-east-1", "Sao Paulo", AREA_SOUTH_AMERICA, AT(-2355, -4663)},
    {"us-east-1", "Ashburn", AREA_NORTH_AMERICA, AT(3904, -7749)},
    {"us-east-2", "Columbus", AREA_NORTH_AMERICA, AT(3996, -8300)},
    {"us-west-1", "San Jose", AREA_NORTH_AMERICA, AT(3734, -12189)},
    {"us-west-2", "Boardman", AREA_NORTH_AMERICA, AT(4584, -11970)},
};
const uint32_t cloud_region_count = G_N_ELEMENTS(cloud_regions);

/* Areas that trunk cables join without passing through a third. */
static const enum area trunks[][2] = {
    {AREA_AFRICA, AREA_EUROPE},
    {AREA_AFRICA, AREA_SOUTH_ASIA},
    {AREA_EAST_ASIA, AREA_NORTH_AMERICA},
    {AREA_EAST_ASIA, AREA_OCEANIA},
    {AREA_EAST_ASIA, AREA_SOUTH_EAST_ASIA},
    {AREA_EUROPE, AREA_MIDDLE_EAST},
    {AREA_EUROPE, AREA_NORTH_AMERICA},
    {AREA_EUROPE, AREA_SOUTH_ASIA},
    {AREA_MIDDLE_EAST, AREA_SOUTH_ASIA},
    {AREA_NORTH_AMERICA, AREA_OCEANIA},
    {AREA_NORTH_AMERICA, AREA_SOUTH_AMERICA},
    {AREA_OCEANIA, AREA_SOUTH_EAST_ASIA},
    {AREA_SOUTH_ASIA, AREA_SOUTH_EAST_ASIA},
};

static bool joined(enum area a, enum area b)
{
    if (a == b)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(trunks); i++)
        if ((trunks[i][0] == a && trunks[i][1] == b) || (trunks[i][0] == b && trunks[i][1] == a))
            return true;
    return false;
}

void geography_distances(uint64_t *distance_m)
{
    const uint64_t far = UINT64_MAX / 2;
    uint32_t count = cloud_region_count;
    for (uint32_t from = 0; from < count; from++)
        for (uint32_t to = 0; to < count; to++)
            distance_m[from * count + to] = joined(cloud_regions[from].area, cloud_regions[to].area)
                                                ? great_circle_m(cloud_regions[from].place, cloud_regions[to].place)
                                                : far;
    /* Floyd and Warshall: by way of every region in turn. */
    for (uint32_t via = 0; via < count; via++)
        for (uint32_t from = 0; from < count; from++)
            for (uint32_t to = 0; to < count; to++)
                distance_m[from * count + to] =
                    MIN(distance_m[from * count + to], distance_m[from * count + via] + distance_m[via * count + to]);
}

static enum area area_of(struct place place)
{
    uint32_t nearest = 0;
    uint64_t least = UINT64_MAX;
    for (uint32_t region = 0; region < cloud_region_count; region++) {
        uint64_t distance = great_circle_m(place, cloud_regions[region].place);
        if (distance < least) {
            least = distance;
            nearest = region;
        }
    }
    return cloud_regions[nearest].area;
}

/* last[region * count + to]: from a cloud region to a place, over others where no trunk joins them. */
static uint64_t *last_legs(const struct place *places, const enum area *areas, uint32_t count)
{
    uint32_t regions = cloud_region_count;
    uint64_t *between = g_new(uint64_t, (size_t)regions * regions);
    uint64_t *last = g_new(uint64_t, (size_t)regions * count);
    geography_distances(between);
    for (uint32_t to = 0; to < count; to++)
        for (uint32_t from = 0; from < regions; from++) {
            uint64_t least = UINT64_MAX / 4;
            for (uint32_t via = 0; via < regions; via++)
                if (joined(cloud_regions[via].area, areas[to]))
                    least = MIN(least,
                                between[from * regions + via] + great_circle_m(cloud_regions[via].place, places[to]));
            last[(size_t)from * count + to] = least;
        }
    g_free(between);
    return last;
}

static uint64_t by_way_of_regions(const struct place *places, const enum area *areas, const uint64_t *last,
                                  uint32_t count, uint32_t from, uint32_t to)
{
    uint64_t least = UINT64_MAX / 4;
    for (uint32_t via = 0; via < cloud_region_count; via++)
        if (joined(cloud_regions[via].area, areas[from]))
            least = MIN(least, great_circle_m(places[from], cloud_regions[via].place) + last[(size_t)via * count + to]);
    return least;
}

void geography_distances_at(const struct place *places, uint32_t count, uint64_t *distance_m)
{
    enum area *areas = g_new(enum area, count);
    for (uint32_t i = 0; i < count; i++)
        areas[i] = area_of(places[i]);
    uint64_t *last = last_legs(places, areas, count);
    for (uint32_t from = 0; from < count; from++)
        for (uint32_t to = 0; to <= from; to++) {
            uint64_t distance = joined(areas[from], areas[to])
                                    ? great_circle_m(places[from], places[to])
                                    : by_way_of_regions(places, areas, last, count, from, to);
            distance_m[(size_t)from * count + to] = distance_m[(size_t)to * count + from] = distance;
        }
    g_free(last);
    g_free(areas);
}
