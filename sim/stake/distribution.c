/* SPDX-License-Identifier: MIT */
#include "stake/distribution.h"

#include "base/assert.h"
#include "stake/distribution_source.h"

G_DEFINE_QUARK(posim - stake - distribution - error - quark, stake_distribution_error)

static const struct param_variant variants[] = {
    {.name = "equal", .meaning = "all the same", .table = &stake_equal_table, .plugin = &stake_equal_source},
    {.name = "file",
     .meaning = "a column of a CSV file",
     .table = &stake_file_table,
     .implied_by = "file",
     .plugin = &stake_file_source},
    {.name = "fit",
     .meaning = "a made-up vector with a published Gini and Nakamoto coefficient",
     .table = &stake_fit_table,
     .plugin = &stake_fit_source},
    {.name = "list",
     .meaning = "as given, one by one",
     .table = &stake_list_table,
     .implied_by = "values",
     .plugin = &stake_list_source},
    {.name = "lognormal",
     .meaning = "drawn from a lognormal distribution",
     .table = &stake_lognormal_table,
     .plugin = &stake_lognormal_source},
    {.name = "pareto",
     .meaning = "drawn from a Pareto distribution: a heavy tail",
     .table = &stake_pareto_table,
     .plugin = &stake_pareto_source},
    {.name = "zipf",
     .meaning = "by rank: the i-th has the first one's stake over i to the power of an exponent",
     .table = &stake_zipf_table,
     .plugin = &stake_zipf_source},
};
const struct param_variants stake_distributions = {variants, G_N_ELEMENTS(variants)};

/* Names where the source has none: v0, v1, ... */
static void complete_names(struct stake_list *list)
{
    if (!list->names)
        list->names = g_new0(char *, list->count);
    for (uint32_t v = 0; v < list->count; v++) {
        if (list->names[v] && list->names[v][0])
            continue;
        g_free(list->names[v]);
        list->names[v] = g_strdup_printf("v%u", v);
    }
}

bool stake_distribution_make(const struct param_variant_value *chosen, uint32_t count, const struct random_seed *seed,
                             struct stake_list *list, GError **error)
{
    const struct stake_source *source = chosen->variant->plugin;
    *list = (struct stake_list){0};
    if (count == 0 && !source->counts_itself) {
        g_set_error(error, STAKE_DISTRIBUTION_ERROR, 0,
                    "validators.count is needed: stakes of `dist: %s` do not say how many validators there are",
                    chosen->variant->name);
        return false;
    }
    if (!source->make(chosen->value, count, seed, list, error)) {
        stake_list_release(list);
        return false;
    }
    complete_names(list);
    for (uint32_t v = 0; v < list->count; v++)
        CHECK(list->stakes[v] > 0);
    return true;
}

void stake_list_release(struct stake_list *list)
{
    for (uint32_t v = 0; list->names && v < list->count; v++)
        g_free(list->names[v]);
    g_free(list->names);
    g_free(list->stakes);
    *list = (struct stake_list){0};
}
