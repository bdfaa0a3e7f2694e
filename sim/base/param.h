/* SPDX-License-Identifier: MIT */
/*
 * Descriptor tables of parameters. Whatever a scenario can set is described once, in a static const table beside the
 * struct that receives it: key, type, range, default, meaning, source, and the offset of the field. Parsing, checking,
 * `posim explain`, the man page, the JSON schema and the documentation read these tables; there is no second list.
 *
 * Tables nest: a struct in place, a list, a map by name, and one of several variants that the scenario chooses by a
 * discriminator key (`kind:`, `model:`, `dist:`). Defaults and bounds are written as a user would write them and are
 * parsed by the same code as a scenario, so a table cannot disagree with the parser. A parameter without a default is
 * required. Filling a struct from a scenario is the work of sim/scenario; the memory of texts, lists and variants
 * belongs to the arena of the scenario that filled it, and lives as long.
 */
#ifndef POSIM_BASE_PARAM_H
#define POSIM_BASE_PARAM_H

#include "base/stake.h"
#include "base/time.h"

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param_type {
    PARAM_FLAG,     /* bool           on, off */
    PARAM_INTEGER,  /* int64_t        digits, `_` between them allowed */
    PARAM_DECIMAL,  /* struct ratio   a plain number, exactly: 1.16 or 1/3; also negative-free */
    PARAM_SHARE,    /* struct ratio   33 % or 1/3, at most 1 unless the range says otherwise; a bare 0.33 is refused */
    PARAM_DURATION, /* time_ns        12 s, 80 ms, 6 h; the unit is needed, but for 0 */
    PARAM_SIZE,     /* uint64_t       bytes: 512 B, 1 kB, 1 MiB */
    PARAM_RATE,     /* uint64_t       bits a second: 1 Gbit/s */
    PARAM_TX_RATE,  /* uint64_t       millionths of a transaction a second: 100 tx/s */
    PARAM_STAKE,    /* stake_amount   digits, base units */
    PARAM_TEXT,     /* const char *   any scalar */
    PARAM_FILE,     /* const char *   a path; relative to the scenario file that names it, absolute once parsed */
    PARAM_CHOICE,   /* int            index into `choices` */
    PARAM_STRUCT,   /* a struct in place, described by `table` */
    PARAM_LIST,     /* struct param_list of `element` */
    PARAM_MAP,      /* struct param_list of `element`; each item's name is stored through its `name` parameter */
    PARAM_ONE_OF,   /* struct param_variant_value, by `discriminator` among `variants` */
    PARAM_VALUES,   /* const void *   keys of the scenario, each with the values that it takes; sim/scenario reads it */
};

/* The value of a PARAM_LIST or PARAM_MAP: `count` items of the element table's struct size (or scalar size). */
struct param_list {
    void *items;
    size_t count;
};

/* The value of a PARAM_ONE_OF: which variant, and its filled struct (of variant->table->size bytes). */
struct param_variant_value {
    const struct param_variant *variant; /* NULL where an optional one is absent */
    void *value;
};

struct param_table;

/* One of the things that a discriminator chooses from. Registries of plug-ins are arrays of these. */
struct param_variant {
    const char *name;
    const char *meaning; /* one line, lower case, no full stop */
    const struct param_table *table;
    const char *implied_by; /* optional: the variant is meant when this key is present and the discriminator is not */
    const void *plugin;     /* optional: what the variant names, a struct protocol for example */
};

/* Variants by name, in alphabetical order; `list` may be filled at start (plug-ins) or static (latency models). */
struct param_variants {
    const struct param_variant *list;
    size_t count;
};

struct param {
    const char *key;
    enum param_type type;
    size_t offset;          /* of the field in the table's struct */
    const char *by_default; /* as a scenario would write it; NULL: required; "" on a nested one: all its defaults */
    const char *minimum;    /* optional, inclusive, as a scenario would write it */
    const char *maximum;    /* optional, inclusive */
    const char *meaning;    /* one line, lower case, no full stop */
    const char *source;     /* optional: where the default or the rule comes from */
    bool optional;          /* may be absent though it has no default: pointers are NULL, numbers `absent` below */
    bool of_experiment;     /* says something of all runs together, so that no sweep can change it */

    const char *const *choices;            /* PARAM_CHOICE: NULL-terminated */
    const struct param_table *table;       /* PARAM_STRUCT */
    const struct param *element;           /* PARAM_LIST, PARAM_MAP: describes one item; its offset is 0 */
    const char *discriminator;             /* PARAM_ONE_OF: "kind", "model", "dist" */
    const struct param_variants *variants; /* PARAM_ONE_OF */
};

/*
 * Absent numbers (see `optional`), in unsigned fields too: (uint64_t)PARAM_ABSENT. An absent ratio has denominator 0,
 * an absent choice is -1, an absent flag is off.
 */
#define PARAM_ABSENT INT64_MIN

struct param_table {
    const char *name;    /* what errors call it: "tendermint", "network" */
    const char *meaning; /* one line */
    size_t size;         /* sizeof the struct */
    const struct param *params;
    size_t count;
    /*
     * Optional check over the filled struct, after every parameter passed its own: returns NULL, or the key that is
     * wrong with *message (g_malloc'ed, lower case, no full stop) saying what is allowed.
     */
    const char *(*check)(const void *filled, char **message);
};

#define PARAM_TABLE(table_name, table_meaning, type, array)                                                            \
    PARAM_TABLE_CHECKED(table_name, table_meaning, type, array, NULL)

#define PARAM_TABLE_CHECKED(table_name, table_meaning, type, array, check_function)                                    \
    {                                                                                                                  \
        .name = (table_name), .meaning = (table_meaning), .size = sizeof(type), .params = (array),                     \
        .count = G_N_ELEMENTS(array), .check = (check_function)                                                        \
    }

/* The bytes that one value of this type takes in its struct. */
size_t param_value_size(const struct param *param);

/* The parameter of that key, or NULL. */
const struct param *param_table_find(const struct param_table *table, const char *key);

/* Writes what an optional parameter without a value holds. Flags, structs, lists and maps become zero. */
void param_set_absent(const struct param *param, void *value);

/* Whether the value is what param_set_absent writes; never for flags, structs, lists and maps. */
bool param_is_absent(const struct param *param, const void *value);

/*
 * Fills `filled` (table->size bytes) with every default of the table, nested ones included. For tests and for presets
 * without a scenario; required parameters stay zero. The default of a PARAM_ONE_OF is a variant's name, that of a list
 * "" or scalars in brackets ("[60 %, 40 %]"), that of a map "". Memory of variants and lists is g_malloc'ed and never
 * freed.
 */
void param_table_defaults(const struct param_table *table, void *filled);

#endif
