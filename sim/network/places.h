/* SPDX-License-Identifier: MIT */
/*
 * Places on Earth as tables of users give them: two columns of decimal degrees, north and east positive. Private to the
 * room.
 */
#ifndef POSIM_NETWORK_PLACES_H
#define POSIM_NETWORK_PLACES_H

#include "base/fixed.h"
#include "base/table_file.h"

struct place_columns {
    size_t latitude, longitude;
};

/*
 * One row's place; *given is false where either cell is empty. False and an error where a cell is no number of degrees
 * in its range.
 */
bool place_read(const struct table_file *table, size_t row, const struct place_columns *columns, struct place *place,
                bool *given, GError **error);

/* The place to the nearest multiple of a step, so that places nearer than that become one; a step of 0 keeps it. */
struct place place_round(struct place place, uint32_t step_microdegree);

#endif
