/* SPDX-License-Identifier: MIT */
/*
 * Texts made from the parameter tables: what `posim explain` answers, the JSON schema for editors, the commented
 * template of `posim new`, and the parameters of the man page. Pure functions of the root table; texts are appended to
 * the caller's.
 */
#ifndef POSIM_SCENARIO_EXPLAIN_H
#define POSIM_SCENARIO_EXPLAIN_H

#include "base/param.h"

#define EXPLAIN_ERROR (explain_error_quark())
GQuark explain_error_quark(void);

/*
 * Explains every key that the text can mean: a whole path (`validators.stake.alpha`), the end of one (`alpha`), with or
 * without variants (`protocol[praos].slot`, `praos.slot`, `protocol.kind`), or a variant itself (`praos`). Where the
 * text is the whole path of a key, other keys that end alike are only named. False and an error with what may have been
 * meant where there is none.
 */
bool explain_key(const struct param_table *root, const char *key, GString *out, GError **error);

/* The path of a key as it is written: `protocol.slot` of `protocol[praos].slot`; g_free it. */
char *explain_plain_path(const char *path);

/* The tables as JSON Schema, draft 2020-12. Nothing but `posim` is required, as a file may inherit all else. */
void schema_json(const struct param_table *root, GString *out);

/*
 * A scenario with every key at its default, each with its meaning as a comment; what is optional stands as a comment.
 * `choices` (NULL-terminated, may be NULL) are variants and values by path: "protocol=praos", "validators.count=100".
 */
void template_yaml(const struct param_table *root, const char *const *choices, GString *out);

/* The parameters section of the man page, in troff's man macros. */
void manual_troff(const struct param_table *root, GString *out);

#endif
