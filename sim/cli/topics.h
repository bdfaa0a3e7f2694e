/* SPDX-License-Identifier: MIT */
/*
 * The kinds of thing that posim has names for: `posim list KIND` lists one, `posim explain NAME` looks a name up in
 * all. Each goes through the table that its room declares it in; there is no other list.
 */
#ifndef POSIM_CLI_TOPICS_H
#define POSIM_CLI_TOPICS_H

#include "cli/cli.h"

/* Gets a name, a second name (a table's file) or NULL, and one line of meaning or NULL. */
typedef void topic_take(void *user, const char *name, const char *second, const char *meaning);

struct topic_kind {
    const char *name; /* "metrics" */
    void (*each)(const struct cli *cli, topic_take *take, void *user);
    /*
     * Appends what one of those is, as whole lines. NULL where explain_key() does it: those are values of a key. Some
     * are both; this then says only what the key does not.
     */
    void (*explain)(const struct cli *cli, const char *name, GString *out);
};

/* In alphabetical order; the last one's name is NULL. */
extern const struct topic_kind topic_kinds[];

/* Appends what every thing is that bears the name, or the second name, but keys; false where there is none. */
bool topics_explain(const struct cli *cli, const char *name, GString *out);

/* The metrics of a family: those whose names go on with `_` after this one. NULL-terminated, g_free the array. */
const char **topics_family(const char *name);

/* Every name that topics_explain() knows; g_ptr_array_free it with what it holds. */
GPtrArray *topics_names(const struct cli *cli);

#endif
