/* SPDX-License-Identifier: MIT */
/*
 * The strict subset of YAML that scenarios are written in, read by libyaml into a tree of maps, lists and scalars that
 * knows the place of every key and value. Scalars stay texts until a table types them. Refused: anchors, aliases, tags,
 * duplicate keys, merge keys, keys that are not scalars, second documents, tabs, control characters, and what is not
 * UTF-8. Errors are collected and reading goes on, except where libyaml cannot parse at all; what was refused is a
 * broken node, about which nobody needs to complain again.
 *
 * Nodes belong to the pool handed in, and never change once parsed: what merges makes new ones.
 */
#ifndef POSIM_SCENARIO_YAML_H
#define POSIM_SCENARIO_YAML_H

#include "scenario/diagnostics.h"
#include "scenario/pool.h"
#include "scenario/source.h"

enum {
    YAML_DEEPEST = 32,              /* maps and lists within each other */
    YAML_LARGEST = 8 * 1024 * 1024, /* bytes of one text */
    YAML_MOST_NODES = 1000000,      /* of one text */
    YAML_MOST_KEYS = 10000,         /* of one map: keys are looked up one by one */
};

enum yaml_kind {
    YAML_SCALAR,
    YAML_MAP,
    YAML_LIST,
    YAML_BROKEN, /* an error was reported here */
};

/* A key with its value, or an item of a list (no key). */
struct yaml_entry {
    const char *key;
    struct place key_place;
    const struct yaml_node *value;
};

struct yaml_node {
    enum yaml_kind kind;
    struct place place;
    const char *text;           /* YAML_SCALAR */
    bool is_plain;              /* YAML_SCALAR: written without quotes; an empty plain one is no value at all */
    bool addresses;             /* YAML_MAP of a --set path: its keys may name items of a list */
    bool is_apart;              /* one of several values: an error about it is shown at it, not at its key */
    struct yaml_entry *entries; /* YAML_MAP, YAML_LIST: in the order of the text */
    size_t count;
};

/*
 * Parses a source from byte `offset` on (0 for a file; a --set has its path before the value). Returns the root, or
 * NULL after a syntax error, or where there is nothing; each error is in `diagnostics`.
 */
const struct yaml_node *yaml_parse(struct pool *pool, const struct source *source, size_t offset,
                                   struct diagnostics *diagnostics);

/* The entry of that key in a map, or NULL; NULL also where node is NULL or no map. */
const struct yaml_entry *yaml_find(const struct yaml_node *node, const char *key);

/* A new node, and a new entry at the end of a map or list (key NULL). For merging and for the resolved tree. */
struct yaml_node *yaml_node_new(struct pool *pool, enum yaml_kind kind, struct place place);
void yaml_append(struct pool *pool, struct yaml_node *node, struct yaml_entry entry);

#endif
