/* SPDX-License-Identifier: MIT */
/*
 * Conditions on swept values, such as `adversary.stake < 1/3 and (protocol.slot >= 4 s or not validators.count = 10)`.
 * Comparisons are exact: a value is read as its key reads it. Values of keys that are no numbers are texts, equal or
 * not; a text with a bracket or the word `and` in it stands in quotes.
 *
 *     condition  = term { "or" term }
 *     term       = factor { "and" factor }
 *     factor     = "not" factor | "(" condition ")" | key ( < <= > >= = == != ) ( key | value )
 *
 * A condition and what it points to belong to the pool.
 */
#ifndef POSIM_SCENARIO_CONDITION_H
#define POSIM_SCENARIO_CONDITION_H

#include "scenario/diagnostics.h"
#include "scenario/pool.h"
#include "scenario/typed_value.h"

enum {
    CONDITION_LONGEST = 4000, /* bytes of its text */
    CONDITION_DEEPEST = 64,   /* brackets and `not` within each other */
};

struct condition;

/* A key that a condition may name. */
struct condition_key {
    const char *path;
    const struct param *param;  /* NULL: a text */
    const char *const *answers; /* all texts that it can be, NULL-terminated; NULL: any */
};

/* Parses a text that stands at `place`; NULL after errors. */
const struct condition *condition_parse(struct pool *pool, const char *text, struct place place,
                                        const struct condition_key *keys, size_t count,
                                        struct diagnostics *diagnostics);

/* In order, so that `and` is the least of two and `or` the greatest. */
enum truth { TRUTH_NO, TRUTH_OPEN, TRUTH_YES };

/*
 * Whether it holds. `value` gives the value of the key with that number, or NULL where it is not chosen yet: the answer
 * may then be open, and what is not open stays the answer whatever is chosen.
 */
enum truth condition_decide(const struct condition *condition,
                            const struct typed_value *(*value)(void *user, size_t key), void *user);

#endif
