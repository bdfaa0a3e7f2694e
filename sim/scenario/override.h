/* SPDX-License-Identifier: MIT */
/*
 * Overrides from the command line: `--set protocol.slot=4 s`. The path before the first `=` goes through maps by key
 * and through lists by an item's `name` or number; what follows is YAML, so a map or a list can be given as
 * `{dist: zipf, s: 1}`. Several overrides make one tree, later ones over earlier ones, which is then laid over the
 * scenario: so the order in which a kind and its parameters are given does not matter.
 */
#ifndef POSIM_SCENARIO_OVERRIDE_H
#define POSIM_SCENARIO_OVERRIDE_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/yaml.h"

/*
 * The tree of all overrides (NULL-terminated), or NULL where there is none or one cannot be read. Errors name the file
 * "--set" and show the override; relative paths in values start from `folder`.
 */
const struct yaml_node *override_parse(struct pool *pool, const struct param_table *root, const char *const *overrides,
                                       const char *folder, struct diagnostics *diagnostics);

/*
 * `value` within one map for each key of a path ("protocol.slot", `length` bytes) that stands at `place`: a tree to be
 * laid over a scenario, which goes through lists by an item's name or number.
 */
const struct yaml_node *override_wrap(struct pool *pool, const char *path, size_t length, struct place place,
                                      const struct yaml_node *value);

#endif
