/* SPDX-License-Identifier: MIT */
/*
 * What the parts of filling share: fill.c walks structs, variants, lists and maps, fill_scalar.c types scalars, texts
 * and files, fill_error.c words the errors. Private to these three.
 */
#ifndef POSIM_SCENARIO_FILL_PARTS_H
#define POSIM_SCENARIO_FILL_PARTS_H

#include "scenario/fill.h"

/* The way to a value, for error texts, and the nearest thing to it that is written somewhere. */
struct where {
    const struct where *outer;
    const char *key; /* NULL: item `index` of a list; at the root "" */
    size_t index;
    struct place place;
};

/* A table as it is used at one place. */
struct table_use {
    const struct param_table *table;
    const struct param *one_of;          /* the parameter whose variant this is, or NULL */
    const struct param_variant *variant; /* of one_of */
    const char *given_name;              /* the name that a PARAM_MAP gives to this item, or NULL */
};

/* "validators.stake", "faults.heal", "faults.0"; "" at the root; g_free it. */
char *where_path(const struct where *where);

/* Where an error about a value is shown: at the value if it starts on its key's line or has none, else at the key. */
struct place entry_place(const struct yaml_entry *entry);

/* A new part of `parent`. */
struct filled *filled_add(struct pool *pool, struct filled *parent, const char *key, const struct param *param,
                          enum yaml_kind kind, struct place place);

/* Types one scalar (FLAG to CHOICE, TEXT, FILE) into `value`; `key` is NULL for an item. False after an error. */
bool fill_scalar(const struct filler *filler, const struct param *param, const char *key, const struct yaml_node *node,
                 const struct where *where, void *value, struct filled *parent);

/* The default of a scalar: its text is the table's. */
bool fill_scalar_default(const struct filler *filler, const struct param *param, const struct where *where, void *value,
                         struct filled *parent);

void report_unknown_key(const struct filler *filler, const struct table_use *use, const struct yaml_entry *entry,
                        const struct where *where);
void report_missing_key(const struct filler *filler, const struct param *param, const struct where *where);
void report_nothing(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                    const struct where *where);
void report_shape(const struct filler *filler, const struct param *param, const struct yaml_entry *entry,
                  const struct where *where);
void report_unknown_variant(const struct filler *filler, const struct param *one_of, const struct yaml_entry *chosen,
                            const struct where *where);
void report_missing_variant(const struct filler *filler, const struct param *one_of, const struct yaml_node *node,
                            const struct where *where);
void report_given_name(const struct filler *filler, const struct yaml_entry *entry, const char *given);
void report_same_name(const struct filler *filler, const struct yaml_entry *name, const struct where *where);
void report_item_count(const struct filler *filler, const struct param *param, size_t count, const struct where *where);
void report_check(const struct filler *filler, const char *key, const char *message, const struct yaml_node *node,
                  const struct where *where);

#endif
