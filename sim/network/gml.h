/* SPDX-License-Identifier: MIT */
/*
 * GML as a tree: keys, each with a scalar or a list of further keys. What the keys mean is for others to say. The tree
 * owns its texts and never changes once read. Private to the room.
 */
#ifndef POSIM_NETWORK_GML_H
#define POSIM_NETWORK_GML_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct gml_entry {
    const char *key;
    const char *text; /* of a number or string, without its quotes; NULL: a list */
    struct gml_entry *entries;
    size_t count;
    size_t line; /* of the key, from 1 */
};

struct gml;

/* NULL and an error, with the line, for what cannot be read or is not GML. */
struct gml *gml_read(const char *path, GError **error);
void gml_free(struct gml *gml);

/* The whole file, as a list. */
const struct gml_entry *gml_root(const struct gml *gml);

/* Whether an entry has that key; underscores do not count. */
bool gml_is(const struct gml_entry *entry, const char *key);

/* The first entry of that key in a list, or NULL. */
const struct gml_entry *gml_find(const struct gml_entry *list, const char *key);

#endif
