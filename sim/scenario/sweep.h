/* SPDX-License-Identifier: MIT */
/*
 * What a scenario sweeps over: `grid` (every combination), `zip` (keys in lockstep), `where` (which combinations
 * count). Read once from the merged tree of a scenario; each place of the grid is then a tree of its own that is laid
 * over the rest, made when it is asked for, so that a million points take no memory. Places are numbered as an odometer
 * counts: the last axis fastest. What is left out by `where` keeps its number, so a narrower sweep names the same
 * points.
 *
 * A value may be a scalar, typed by its key, or a whole map: `protocol: [{kind: tendermint}, {kind: praos}]`. The key
 * `extends` takes presets or files. A map may carry a `label:`, which tables show and which is not part of the value.
 */
#ifndef POSIM_SCENARIO_SWEEP_H
#define POSIM_SCENARIO_SWEEP_H

#include "base/param.h"
#include "scenario/condition.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

enum {
    SWEEP_MOST_KEYS = 64,
    SWEEP_MOST_VALUES = 1000000, /* of one key */
};
#define SWEEP_MOST_PLACES (UINT64_C(1) << 48)

/* The parameters of `sweep:`, for the root table. The scenario reads them itself: nobody else needs the struct. */
struct sweep_settings {
    const void *grid, *zip;
    const char *where;
};
extern const struct param_table sweep_table;

/* One value of a key. */
struct sweep_value {
    const struct yaml_node *node; /* laid over the scenario */
    const char *label;            /* as tables show it: a plain number where the key has one, else a text */
    struct typed_value typed;     /* for comparisons */
};

/* One swept key. */
struct sweep_key {
    const char *path; /* "protocol.slot" */
    struct place place;
    const struct param *param; /* what the key means; NULL: a part of the scenario, or known at some points only */
    const char *column;        /* "protocol_slot_s" */
    const char *unit;          /* "s"; "" */
    size_t axis;
    struct sweep_value *values; /* as many as the axis is long */
};

struct sweep {
    struct sweep_key keys[SWEEP_MOST_KEYS];
    size_t key_count;
    uint64_t lengths[SWEEP_MOST_KEYS]; /* of each axis */
    size_t axis_count;
    uint64_t places;
    const struct condition *where;   /* NULL: all */
    const struct condition *only;    /* from the command line; NULL: all */
    const struct yaml_node *written; /* all of it as `sweep:` of a scenario, wherever that is then read */
};

struct sweep_source {
    struct pool *pool;
    const struct param_table *root;
    const struct yaml_node *tree; /* the scenario, `sweep` included */
    const char *const *added;     /* --sweep KEY=VALUES, or NULL */
    const char *only;             /* --only EXPRESSION, or NULL */
    const char *folder;           /* what paths on the command line start from */
    struct diagnostics *diagnostics;
    /* The whole tree with this preset or file beneath it; NULL after an error. */
    const struct yaml_node *(*extend)(void *user, const struct yaml_node *reference);
    void *user;
};

/* NULL where nothing is swept, or after errors. What it makes belongs to the pool. */
struct sweep *sweep_read(const struct sweep_source *source);

/* Whether a place counts: it passes both conditions. */
bool sweep_has(const struct sweep *sweep, uint64_t place);

/* The value that a key has at a place. */
const struct sweep_value *sweep_value_at(const struct sweep *sweep, const struct sweep_key *key, uint64_t place);

/* `tree` with the values of a place laid over it; new nodes come from `pool`. */
const struct yaml_node *sweep_lay(const struct sweep *sweep, uint64_t place, const struct param_table *root,
                                  const struct yaml_node *tree, struct pool *pool, struct diagnostics *diagnostics);

#endif
