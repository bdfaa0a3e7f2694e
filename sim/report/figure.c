/* SPDX-License-Identifier: MIT */
#include "report/figure.h"

#include "report/sweep_params.h"

#include <stdarg.h>
#include <string.h>

G_DEFINE_QUARK(posim - figure - error - quark, figure_error)

const struct figure *const figures[] = {
    &figure_block_interval,
    &figure_block_tree,
    &figure_box,
    &figure_coverage,
    &figure_finality,
    &figure_forks_and_finality,
    &figure_heat_map,
    &figure_histogram,
    &figure_leader_share,
    &figure_line,
    &figure_message_cost,
    &figure_metric_cdf,
    &figure_pareto,
    &figure_space_time,
    &figure_stake_concentration,
    &figure_stake_graph,
    &figure_success_curve,
    &figure_time_series,
    &figure_violin,
    NULL,
};

struct figure_alone {
    struct figure_common common;
};
static const struct param alone_params[] = {FIGURE_COMMON_PARAMS(struct figure_alone)};
static const struct param_table alone_table =
    PARAM_TABLE("figure", "a figure that needs nothing to be said", struct figure_alone, alone_params);

void figure_variants_init(struct param_variants *variants)
{
    sweep_names_init();
    size_t count = G_N_ELEMENTS(figures) - 1;
    struct param_variant *list = g_new0(struct param_variant, count);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct param_variant){
            .name = figures[i]->name,
            .meaning = figures[i]->meaning,
            .table = figures[i]->params ? figures[i]->params : &alone_table,
            .plugin = figures[i],
        };
    *variants = (struct param_variants){.list = list, .count = count};
}

void figure_variants_release(struct param_variants *variants)
{
    g_free((void *)variants->list);
    *variants = (struct param_variants){0};
}

const struct figure *figure_find(const char *name)
{
    size_t i = 0;
    while (figures[i] && strcmp(figures[i]->name, name) != 0)
        i++;
    return figures[i];
}

char *figure_lacks(const struct figure *figure, const struct figure_source *source)
{
    GString *lacking = g_string_new(NULL);
    for (enum table table = 0; table < TABLES; table++)
        if ((figure->tables & TABLE_BIT(table)) && !figure_source_has(source, table, figure->pooled))
            g_string_append_printf(lacking, "%s%s", lacking->len ? ", " : "", table_info(table).name);
    return g_string_free(lacking, lacking->len == 0);
}

bool figure_empty(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, FIGURE_ERROR, FIGURE_ERROR_EMPTY, why);
    g_free(why);
    return false;
}

const char *figure_counted(const struct figure_source *source)
{
    return source->warmup_ns ? " after the warm-up" : "";
}

struct figure_unit figure_unit(time_ns largest_ns)
{
    static const struct figure_unit units[] = {
        {"ms", MILLISECOND}, {"s", SECOND}, {"min", MINUTE}, {"h", HOUR}, {"d", DAY},
    };
    /* The largest unit of which there are more than these. */
    static const int least[] = {0, 1, 10, 5, 4};
    size_t unit = G_N_ELEMENTS(units) - 1;
    while (unit > 0 && largest_ns <= least[unit] * units[unit].ns)
        unit--;
    return units[unit];
}
