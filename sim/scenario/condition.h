/* SPDX-License-Identifier: MIT */
/*
 * Conditions on swept values, such as `adversary.stake < 1/3 and (protocol.slot >= 4 s or not validators.count = 10)`.
 * Comparisons are exact: literals are typed as the key is. Keys without a type are texts, and texts are only equal or
 * not.
 *
 *     condition  = term { "or" term }
 *     term       = factor { "and" factor }
 *     factor     = "not" factor | "(" condition ")" | key ( < <= > >= = == != ) ( key | literal )
 */
#ifndef POSIM_SCENARIO_CONDITION_H
#define POSIM_SCENARIO_CONDITION_H

#include "base/param.h"
#include "scenario/diagnostics.h"
#include "scenario/pool.h"

/* A value that can be compared. */
struct typed_value {
    const struct param *param; /* NULL: a text */
    const char *text;
    union {
        int64_t integer;
        uint64_t natural;
        struct ratio ratio;
    };
};

/* Whether values of this parameter have an order; its type is then that of the union's member. */
bool typed_is_ordered(const struct param *param);

/* Types a text as the parameter (its range aside); false and an error where it is none. */
bool typed_parse(const struct param *param, const char *text, struct typed_value *value, GError **error);

/* -1, 0, 1; of texts and choices 0 where they are equal, else 1. */
int typed_compare(const struct typed_value *a, const struct typed_value *b);

struct condition;

/* The names that a condition may use. */
struct condition_keys {
    const char *const *paths; /* NULL-terminated */
    const struct param *const *params;
};

/* Parses a text that stands at `place`; NULL after errors. */
const struct condition *condition_parse(struct pool *pool, const char *text, struct place place,
                                        const struct condition_keys *keys, struct diagnostics *diagnostics);

/* Whether it holds; `value` gives the value of the key with that number in `keys`. */
bool condition_holds(const struct condition *condition, const struct typed_value *(*value)(void *user, size_t key),
                     void *user);

#endif
