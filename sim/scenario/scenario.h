/* SPDX-License-Identifier: MIT */
/*
 * A checked scenario: what scenario_load makes of a YAML file, the presets it extends and the overrides of a command
 * line. It is told the schema as a root table and knows no protocol. The values are a struct of the root table's size,
 * laid out as the tables say; they, and all they point to, belong to the scenario and live until scenario_free.
 *
 * A scenario with a sweep is many: one at each point. Its own values are those of the first point; scenario_at makes
 * the others when they are asked for. Points are numbered from 0; where a condition leaves combinations out, numbers
 * are.
 *
 * The keys `posim:` (the version of the format, required in every file) and `extends:` belong to files, not to the root
 * table, which must not have them.
 */
#ifndef POSIM_SCENARIO_SCENARIO_H
#define POSIM_SCENARIO_SCENARIO_H

#include "base/param.h"
#include "scenario/diagnostics.h"

/* What to read. Only `path` or `text` is required. */
struct scenario_source {
    const char *path;             /* a file */
    const char *text;             /* or a text, with the name that errors give it */
    const char *name;             /* of the text; NULL: "scenario" */
    const char *folder;           /* what relative paths in the text start from; NULL: the current folder */
    const char *presets;          /* folder of presets for `extends: NAME`, or NULL */
    const char *const *overrides; /* --set KEY=VALUE, NULL-terminated, or NULL */
    const char *const *sweeps;    /* --sweep KEY=VALUES, NULL-terminated, or NULL */
    const char *only;             /* --only CONDITION on swept values, or NULL */
    /* Where files that the scenario names lie now, by the absolute paths that it means; NULL: all lie there. */
    GHashTable *moved;
};

/* A key that a scenario sweeps over. */
struct scenario_swept {
    const char *path;   /* "protocol.slot" */
    const char *column; /* in tables: "protocol_slot_s" */
    const char *unit;   /* "s"; "" */
    bool is_number;     /* else its values are texts */
};

struct scenario;

/*
 * Reads, merges, types and checks. Returns true and *out (scenario_free it), or false and *out NULL; then every error
 * found is in `diagnostics`, which the caller has initialised.
 */
bool scenario_load(const struct scenario_source *source, const struct param_table *root, struct scenario **out,
                   struct diagnostics *diagnostics);

/* Accepts NULL. */
void scenario_free(struct scenario *scenario);

/* The filled struct of the root table: of this point, or the first one. */
const void *scenario_values(const struct scenario *scenario);

/* One more than the largest number that a point can have; 1 without a sweep. */
uint64_t scenario_points(const struct scenario *scenario);

/* Whether there is a point of that number. */
bool scenario_has_point(const struct scenario *scenario, uint64_t point);

/*
 * The first point from `from` on, or scenario_points where there is none; quicker than asking for each number, since
 * what a condition leaves out is skipped in stretches.
 */
uint64_t scenario_next_point(const struct scenario *scenario, uint64_t from);

/* How many points there are, but not more than `most`: a large sweep is not counted to its end. */
uint64_t scenario_count_points(const struct scenario *scenario, uint64_t most);

/* The swept keys, in the order of the file; returns how many. */
size_t scenario_swept(const struct scenario *scenario, struct scenario_swept *keys, size_t most);

/* What tables show for a swept key at a point: a plain number, or a text. */
const char *scenario_swept_value(const struct scenario *scenario, uint64_t point, size_t key);

/*
 * The scenario of one point, without a sweep of its own; NULL and diagnostics where its values do not fit together.
 * It uses memory of `scenario`, which must outlive it; scenario_free it.
 */
struct scenario *scenario_at(const struct scenario *scenario, uint64_t point, struct diagnostics *diagnostics);

/*
 * Fills points to find errors before anything runs: the first `most` values of each key and, where there are no more
 * than `most` combinations, all of them. False and diagnostics where a point is wrong. The files that they name are
 * added to the inputs.
 */
bool scenario_check_points(struct scenario *scenario, uint64_t most, struct diagnostics *diagnostics);

/* Absolute paths of every file read or named by the scenario, NULL-terminated, without repetitions. */
const char *const *scenario_inputs(const struct scenario *scenario);

/* Where one of these files lies: at that path, unless it was moved. */
const char *scenario_input_place(const struct scenario *scenario, const char *input);

/* The whole scenario as YAML, every key, defaults included, in the order of the tables. It loads to the same values. */
void scenario_write_resolved(const struct scenario *scenario, GString *out);

/* The same without what says something of all runs together: what one run's result depends on, but for its seed. */
void scenario_write_world(const struct scenario *scenario, GString *out);

/* Only what differs from the defaults, as YAML that loads to the same values. */
void scenario_write_changed(const struct scenario *scenario, GString *out);

/* A line for each value: "path = value". */
void scenario_write_values(const struct scenario *scenario, GString *out);

/*
 * "file:line" of the value of a key, or of what holds it where it is a default; items of lists go by their numbers
 * (faults.1.regions). "--set", where that says it. NULL where nothing says it, or there is no such key. g_free it.
 */
char *scenario_place(const struct scenario *scenario, const char *key);

/* A line for each value: its path, the value, and the file and line that it comes from, or the default's source. */
void scenario_write_origins(const struct scenario *scenario, GString *out);

#endif
