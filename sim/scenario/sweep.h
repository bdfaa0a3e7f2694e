/* SPDX-License-Identifier: MIT */
/*
 * What a scenario sweeps over: `grid` (every combination), `zip` (keys in lockstep), `where` (which combinations
 * count). Read once from the merged tree of a scenario; each place of the grid is then a tree of its own that is laid
 * over the rest, made when it is asked for, so that a million points take no memory. Places are numbered as an odometer
 * counts: the last axis fastest. What is left out by `where` keeps its number, so a narrower sweep names the same
 * points.
 *
 * A value may be a scalar, typed by its key, or a whole map: `protocol: [{kind: tendermint}, {kind: praos}]`. A map may
 * carry a `label:`, which tables show and which is not part of the value. The values of `extends` are presets, files or
 * maps that the scenario is laid over: each makes a whole scenario, but for what belongs to the experiment.
 *
 * A key that leads further is laid later: `protocol.slot` changes each value of `protocol`, whatever their order.
 */
#ifndef POSIM_SCENARIO_SWEEP_H
#define POSIM_SCENARIO_SWEEP_H

#include "base/param.h"
#include "scenario/condition.h"
#include "scenario/diagnostics.h"
#include "scenario/typed_value.h"
#include "scenario/yaml.h"

enum {
    SWEEP_MOST_KEYS = 64,
    SWEEP_MOST_VALUES = 1000000, /* of all keys together */
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
    struct typed_value typed;     /* as conditions see it */
};

/* One swept key. */
struct sweep_key {
    const char *path; /* "protocol.slot" */
    struct place place;
    const struct param *param; /* what the key means; NULL: all of the scenario, or no scalar */
    const char *column;        /* "protocol_slot_s" */
    const char *unit;          /* "s"; "" */
    size_t axis;
    struct sweep_value *values;
    size_t count;
};

/* One digit of the odometer: its values, and how many places lie between one and the next. */
struct sweep_axis {
    uint64_t length, step;
};

struct sweep {
    struct sweep_key keys[SWEEP_MOST_KEYS];
    size_t key_count;
    size_t laying[SWEEP_MOST_KEYS]; /* the keys in the order in which they are laid */
    struct sweep_axis axes[SWEEP_MOST_KEYS];
    size_t axis_count;
    uint64_t places;
    uint64_t first;                  /* the first place that counts */
    const struct condition *where;   /* NULL: all places count */
    const struct yaml_node *written; /* all of it as `sweep:` of a scenario, wherever that is then read */
    const char *const *as_given;     /* paths where a written scenario has what was given; sweep_write.h */
};

/* Whether a place counts. */
bool sweep_has(const struct sweep *sweep, uint64_t place);

/*
 * The first place from `from` on that counts, or the number of places where there is none. Stretches that the condition
 * leaves out as a whole are skipped. After `tries` places that do not count it stops and returns the next one, of which
 * nothing is known.
 */
uint64_t sweep_next(const struct sweep *sweep, uint64_t from, uint64_t tries);

/* Which value an axis has at a place. */
uint64_t sweep_index(const struct sweep *sweep, size_t axis, uint64_t place);

/* The value that a key has at a place. */
const struct sweep_value *sweep_value_at(const struct sweep *sweep, const struct sweep_key *key, uint64_t place);

/* `tree` with one value laid over it; new nodes come from `pool`. */
const struct yaml_node *sweep_lay_value(const struct param_table *root, const struct yaml_node *tree,
                                        const struct sweep_key *key, const struct yaml_node *value, struct pool *pool,
                                        struct diagnostics *diagnostics);

/* `tree` with the values of a place laid over it. */
const struct yaml_node *sweep_lay(const struct sweep *sweep, uint64_t place, const struct param_table *root,
                                  const struct yaml_node *tree, struct pool *pool, struct diagnostics *diagnostics);

/* Whether a key is `extends`, whose values are whole scenarios. */
bool sweep_is_extends(const struct sweep_key *key);

#endif
