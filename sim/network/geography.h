/* SPDX-License-Identifier: MIT */
/*
 * Where the cloud regions of the geographic model are, and how far cables run between them. Constants and pure
 * functions. Private to the room.
 */
#ifndef POSIM_NETWORK_GEOGRAPHY_H
#define POSIM_NETWORK_GEOGRAPHY_H

#include "base/fixed.h"

/* Parts of the world that submarine and overland trunk cables connect. */
enum area {
    AREA_AFRICA,
    AREA_EAST_ASIA,
    AREA_EUROPE,
    AREA_MIDDLE_EAST,
    AREA_NORTH_AMERICA,
    AREA_OCEANIA,
    AREA_SOUTH_AMERICA,
    AREA_SOUTH_ASIA,
    AREA_SOUTH_EAST_ASIA,
};

struct cloud_region {
    const char *name; /* as the provider calls it */
    const char *city; /* the one it is in or near */
    enum area area;
    struct place place;
};

extern const struct cloud_region cloud_regions[]; /* by name */
extern const uint32_t cloud_region_count;

/*
 * distance_m[from * cloud_region_count + to]: great circles within an area and between areas that trunk cables join,
 * summed along the shortest way where they do not; so that Seoul to London goes through South Asia or North America,
 * and not across Siberia. The caller gives room for all pairs.
 */
void geography_distances(uint64_t *distance_m);

/*
 * The same between places of one's own: distance_m[from * count + to], room for all pairs. A place belongs to the part
 * of the world of the cloud region that is nearest to it; between parts that no trunk joins, cables go by way of cloud
 * regions.
 */
void geography_distances_at(const struct place *places, uint32_t count, uint64_t *distance_m);

#endif
