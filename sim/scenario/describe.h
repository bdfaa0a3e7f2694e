/* SPDX-License-Identifier: MIT */
/*
 * Words for parameters: what errors, `posim explain`, the man page, the schema and the templates say about a type, its
 * range and its default, so that all say the same; and a walk over all parameters of nested tables. Pure functions of
 * the tables; texts are appended to the caller's.
 */
#ifndef POSIM_SCENARIO_DESCRIBE_H
#define POSIM_SCENARIO_DESCRIBE_H

#include "base/param.h"

/* The short name of a type: "duration", "list of shares". */
void describe_type(const struct param *param, GString *out);

/* What may be written: "a duration such as 12 s, from 1 ms to 1 h". */
void describe_allowed(const struct param *param, GString *out);

/* The same, and the default where there is one. */
void describe_allowed_with_default(const struct param *param, GString *out);

/* Only the range: "from 1 ms to 1 h", "at least 1"; nothing where there is none. */
void describe_range(const struct param *param, GString *out);

/* A value that the parameter accepts: its minimum or an example of its type; for scalars other than files. */
const char *describe_example(const struct param *param);

/* How a key of a PARAM_VALUES may be written, and what that means; the list ends where `written` is NULL. */
struct described_form {
    const char *written, *meaning;
};
extern const struct described_form describe_values[];

/* One parameter, or one discriminator, with the way to it. */
struct described {
    const char *path;          /* "faults[crash].at": a variant stands in brackets, an item of a list has no part */
    const char *key;           /* its last part */
    const struct param *param; /* the parameter; of a discriminator the PARAM_ONE_OF that it chooses for */
    bool is_discriminator;
    const struct param_table *table;     /* that holds it */
    const struct param_variant *variant; /* innermost one around it, or NULL */
    int depth;                           /* 0 at the root */
};

/*
 * Calls `visit` for every parameter in the order of the tables, parents first, the discriminator of a PARAM_ONE_OF
 * before its variants. A table inside itself is not entered again, and the name that a map gives its items is left out.
 */
void describe_walk(const struct param_table *root, void (*visit)(const struct described *described, void *context),
                   void *context);

/* The table of an item, a struct or a variant that the value of a parameter has, or NULL; not for PARAM_ONE_OF. */
const struct param_table *describe_table(const struct param *param);

#endif
