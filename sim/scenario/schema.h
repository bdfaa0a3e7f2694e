/* SPDX-License-Identifier: MIT */
/*
 * Finding one's way through nested parameter tables beside a tree of nodes: which variant a map means, and which
 * parameter describes a key. Pure functions; merging and filling share them, so that both read a map alike.
 */
#ifndef POSIM_SCENARIO_SCHEMA_H
#define POSIM_SCENARIO_SCHEMA_H

#include "base/param.h"
#include "scenario/yaml.h"

/* The keys that every scenario file may have beside those of the root table. */
#define SCHEMA_VERSION_KEY "posim"
#define SCHEMA_EXTENDS_KEY "extends"
#define SCHEMA_SWEEP_KEY   "sweep"
#define SCHEMA_VERSION     "1"

/* The key by which items of lists are addressed, and which a map by name fills. */
#define SCHEMA_NAME_KEY "name"

/* A whole scenario as one parameter: a struct of the root table. */
struct param schema_root(const struct param_table *root);

/* The variant of that name, or NULL. */
const struct param_variant *schema_variant_named(const struct param *one_of, const char *name);

/*
 * The variant that a map means: the one its discriminator names, or else one that a key of it implies; NULL where it
 * names an unknown one or says nothing. Keys imply nothing where the `inherited` variant (may be NULL) has them.
 */
const struct param_variant *schema_variant(const struct param *one_of, const struct yaml_node *map,
                                           const struct param_variant *inherited);

/* The parameter that describes `key` of a map that `param` describes, or NULL; `variant` is that of a PARAM_ONE_OF. */
const struct param *schema_child(const struct param *param, const struct param_variant *variant, const char *key);

/* The parameter of that key in a variant's table, or NULL; a variant may be NULL or have no table. */
const struct param *schema_variant_param(const struct param_variant *variant, const char *key);

#endif
