/* SPDX-License-Identifier: MIT */
/*
 * Stakes as a scenario asks for them: a small root table with the keys `count` and `stake`, the text that fills it, and
 * the stakes that come of it.
 */
#ifndef POSIM_TESTS_UNIT_STAKES_FIXTURE_H
#define POSIM_TESTS_UNIT_STAKES_FIXTURE_H

#include "scenario/scenario.h"
#include "stake/distribution.h"

#include <glib.h>

struct stakes_root {
    int64_t count;
    struct param_variant_value stake;
};

static const struct param stakes_params[] = {
    {.key = "count",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct stakes_root, count),
     .by_default = "0",
     .meaning = "validators"},
    {.key = "stake",
     .type = PARAM_ONE_OF,
     .offset = offsetof(struct stakes_root, stake),
     .by_default = "equal",
     .discriminator = "dist",
     .variants = &stake_distributions,
     .meaning = "stakes"},
};
static const struct param_table stakes_table = PARAM_TABLE("stakes", "stakes", struct stakes_root, stakes_params);

/* The stakes of `stake: {...}` (`text` is what stands in the braces); false and an error where there are none. */
static inline bool stakes_make(const char *text, uint32_t count, uint64_t seed_number, struct stake_list *list,
                               GError **error)
{
    char *yaml = g_strdup_printf("posim: 1\ncount: %u\nstake: {%s}\n", count, text);
    struct diagnostics diagnostics;
    struct scenario *scenario;
    diagnostics_init(&diagnostics);
    if (!scenario_load(&(struct scenario_source){.text = yaml}, &stakes_table, &scenario, &diagnostics)) {
        GString *printed = g_string_new(NULL);
        diagnostics_print(&diagnostics, printed);
        g_error("%s", printed->str);
    }
    const struct stakes_root *root = scenario_values(scenario);
    struct random_seed seed = {.seed = seed_number};
    bool made = stake_distribution_make(&root->stake, (uint32_t)root->count, &seed, list, error);
    scenario_free(scenario);
    diagnostics_release(&diagnostics);
    g_free(yaml);
    return made;
}

static inline struct stake_list stakes_must_make(const char *text, uint32_t count, uint64_t seed)
{
    struct stake_list list;
    GError *error = NULL;
    stakes_make(text, count, seed, &list, &error);
    g_assert_no_error(error);
    return list;
}

/* The stakes must be refused with this message, and nothing be left in the list. */
static inline void stakes_must_fail(const char *text, uint32_t count, const char *message)
{
    struct stake_list list;
    GError *error = NULL;
    g_assert_false(stakes_make(text, count, 1, &list, &error));
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, message);
    g_assert_null(list.stakes);
    g_assert_null(list.names);
    g_error_free(error);
}

#endif
