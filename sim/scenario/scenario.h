/* SPDX-License-Identifier: MIT */
/*
 * A checked scenario: what scenario_load makes of a YAML file, the presets it extends and the overrides of a command
 * line. It is told the schema as a root table and knows no protocol. The values are a struct of the root table's size,
 * laid out as the tables say; they, and all they point to, belong to the scenario and live until scenario_free.
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

/* The filled struct of the root table. */
const void *scenario_values(const struct scenario *scenario);

/* Absolute paths of every file read or named by the scenario, NULL-terminated, without repetitions. */
const char *const *scenario_inputs(const struct scenario *scenario);

/* The whole scenario as YAML, every key, defaults included, in the order of the tables. It loads to the same values. */
void scenario_write_resolved(const struct scenario *scenario, GString *out);

/* A line for each value: its path, the value, and the file and line that it comes from, or the default's source. */
void scenario_write_origins(const struct scenario *scenario, GString *out);

#endif
