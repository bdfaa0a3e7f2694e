/* SPDX-License-Identifier: MIT */
#include "experiment/root.h"

#include <string.h>

static const struct param energy_params[] = {
    {.key = "node_power_w",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct energy_settings, node_power_w),
     .optional = true,
     .maximum = "1_000_000",
     .meaning = "electric power of a node in watts, an assumption; with it energy_j_per_block is told"},
};
static const struct param_table energy_table =
    PARAM_TABLE("energy", "what is assumed of the energy that nodes take", struct energy_settings, energy_params);

/* The choices of the first are the metrics' names, which root_init collects. */
static struct param until_params[] = {
    {.key = "metric",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct until_settings, metric),
     .optional = true,
     .meaning = "the metric whose mean is to be known well"},
    {.key = "rel_halfwidth",
     .type = PARAM_SHARE,
     .offset = offsetof(struct until_settings, relative_halfwidth),
     .optional = true,
     .minimum = "0.01 %",
     .meaning = "how well: the half width of the mean's interval, beside the mean"},
    {.key = "ci",
     .type = PARAM_SHARE,
     .offset = offsetof(struct until_settings, confidence),
     .by_default = "95 %",
     .minimum = "51 %",
     .maximum = "99.9 %",
     .meaning = "confidence of that interval"},
    {.key = "min",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct until_settings, minimum),
     .by_default = "10",
     .minimum = "2",
     .maximum = "1_000_000",
     .meaning = "replications that each point has in any case"},
    {.key = "max",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct until_settings, maximum),
     .by_default = "1000",
     .minimum = "2",
     .maximum = "1_000_000",
     .meaning = "replications after which a point is left as it is"},
};

static const char *until_check(const void *filled, char **message)
{
    const struct until_settings *until = filled;
    bool has_metric = until->metric >= 0, has_width = until->relative_halfwidth.denominator != 0;
    if (has_metric != has_width)
        *message = g_strdup("a rule for stopping needs `metric` and `rel_halfwidth`");
    else if (until->minimum > until->maximum)
        *message = g_strdup("must not be more than `max`");
    return has_metric != has_width ? (has_metric ? "rel_halfwidth" : "metric") : *message ? "min" : NULL;
}

static const struct param_table until_table = PARAM_TABLE_CHECKED("until", "when there are enough replications",
                                                                  struct until_settings, until_params, until_check);

static const struct param replicate_params[] = {
    {.key = "count",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct replicate_settings, count),
     .by_default = "1",
     .minimum = "1",
     .maximum = "100_000_000",
     .meaning = "number of replications, each with luck of its own"},
    {.key = "seed",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct replicate_settings, seed),
     .by_default = "1",
     .minimum = "0",
     .meaning = "what all luck derives from: the same scenario and seed give the same bytes"},
    {.key = "until",
     .type = PARAM_STRUCT,
     .offset = offsetof(struct replicate_settings, until),
     .by_default = "",
     .table = &until_table,
     .meaning = "go on until a metric is known well, instead of `count` times"},
};
static const char *replicate_check(const void *filled, char **message)
{
    const struct replicate_settings *replicate = filled;
    if (replicate->until.metric < 0 || replicate->count == 1)
        return NULL;
    *message = g_strdup("says nothing beside `until`, whose `min` and `max` are the numbers that count");
    return "count";
}

static const struct param_table replicate_table = PARAM_TABLE_CHECKED(
    "replicate", "how often, and with which luck", struct replicate_settings, replicate_params, replicate_check);

/* The choices of the first are the metrics' names, which root_init collects. */
static struct param expectation_params[] = {
    {.key = "metric",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct expectation, metric),
     .meaning = "a metric's name; `posim list metrics` shows them"},
    {.key = "min",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct expectation, minimum),
     .optional = true,
     .meaning = "the smallest mean over the replications that is accepted"},
    {.key = "max",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct expectation, maximum),
     .optional = true,
     .meaning = "the largest mean over the replications that is accepted"},
    {.key = "source",
     .type = PARAM_TEXT,
     .offset = offsetof(struct expectation, source),
     .optional = true,
     .meaning = "where the expectation comes from"},
};

static const char *expectation_check(const void *filled, char **message)
{
    const struct expectation *expectation = filled;
    if (expectation->minimum.denominator || expectation->maximum.denominator)
        return NULL;
    *message = g_strdup("an expectation needs `min`, `max` or both");
    return "min";
}

static const struct param_table expectation_table = PARAM_TABLE_CHECKED(
    "expectation", "what a metric must come to", struct expectation, expectation_params, expectation_check);

static const struct param expectation_element = {
    .key = "expectation",
    .type = PARAM_STRUCT,
    .table = &expectation_table,
    .meaning = "what a metric must come to",
};
/* Its choices are the tables' names, which root_init collects. */
static struct param record_element = {
    .key = "table",
    .type = PARAM_CHOICE,
    .meaning = "a table of the trace",
};
/* Its variants are the figures, which root_init gets. */
static struct param plot_element = {
    .key = "figure",
    .type = PARAM_ONE_OF,
    .discriminator = "kind",
    .meaning = "a figure, and what it shows",
};

static const char *const keep_choices[] = {"auto", "none", "sample", "failed", "all", NULL};

#define IN_EXPERIMENT(field) offsetof(struct experiment_settings, field)

static const struct param experiment_params[] = {
    {.key = "energy",
     .type = PARAM_STRUCT,
     .offset = IN_EXPERIMENT(energy),
     .by_default = "",
     .table = &energy_table,
     .meaning = "what is assumed of the energy that nodes take"},
    {.key = "sweep",
     .type = PARAM_STRUCT,
     .offset = IN_EXPERIMENT(sweep),
     .by_default = "",
     .of_experiment = true,
     .table = &sweep_table,
     .meaning = "the values that are tried, in all combinations"},
    {.key = "replicate",
     .type = PARAM_STRUCT,
     .offset = IN_EXPERIMENT(replicate),
     .by_default = "",
     .table = &replicate_table,
     .of_experiment = true,
     .meaning = "how often, and with which luck"},
    {.key = "expect",
     .type = PARAM_LIST,
     .offset = IN_EXPERIMENT(expect),
     .optional = true,
     .element = &expectation_element,
     .of_experiment = true,
     .meaning = "what metrics must come to; otherwise `posim run` exits with 4"},
    {.key = "record",
     .type = PARAM_LIST,
     .offset = IN_EXPERIMENT(record),
     .by_default = "", /* root_init: the tables that are written by default */
     .element = &record_element,
     .of_experiment = true,
     .meaning = "the tables of the trace to write for each run"},
    {.key = "keep",
     .type = PARAM_CHOICE,
     .offset = IN_EXPERIMENT(keep),
     .by_default = "auto",
     .of_experiment = true,
     .choices = keep_choices,
     .meaning = "whose traces stay: none, the first replication of each point, those of runs that break a verdict, "
                "all; auto: all of at most eight runs, of more the first one, none of a sweep; a sweep, and more than "
                "eight, share compressed tables"},
    {.key = "plots",
     .type = PARAM_LIST,
     .offset = IN_EXPERIMENT(plots),
     .optional = true,
     .element = &plot_element,
     .of_experiment = true,
     .meaning = "the figures that `posim plot` makes when it is given none; absent: all that the results allow"},
};

static const struct param title_params[] = {
    {.key = "name",
     .type = PARAM_TEXT,
     .offset = IN_EXPERIMENT(name),
     .optional = true,
     .of_experiment = true,
     .meaning = "a short name for the results; absent: the file's"},
    {.key = "description",
     .type = PARAM_TEXT,
     .offset = IN_EXPERIMENT(description),
     .optional = true,
     .of_experiment = true,
     .meaning = "the question that the scenario answers"},
};

static struct param *append(struct param *at, const struct param *params, size_t count, size_t shift)
{
    memcpy(at, params, count * sizeof *params);
    for (size_t i = 0; i < count; i++)
        at[i].offset += shift;
    return at + count;
}

static void name_tables(struct root *root)
{
    GString *written = g_string_new("[");
    for (int table = 0; table < TABLES; table++) {
        root->table_names[table] = table_info((enum table)table).name;
        if (table_defaults() & TABLE_BIT(table))
            g_string_append_printf(written, "%s%s", written->len > 1 ? ", " : "", root->table_names[table]);
    }
    root->default_record = g_string_free(g_string_append_c(written, ']'), FALSE);
    record_element.choices = root->table_names;
}

static void name_metrics(struct root *root)
{
    for (int metric = 0; metric < METRICS; metric++)
        root->metric_names[metric] = metrics[metric].name;
    expectation_params[0].choices = root->metric_names;
    until_params[0].choices = root->metric_names;
}

void root_init(struct root *root, const struct registry *registry, const struct param_variants *figures)
{
    *root = (struct root){.registry = registry};
    name_tables(root);
    name_metrics(root);
    plot_element.variants = figures;
    settings_tables_init(&root->world, registry);
    size_t count = G_N_ELEMENTS(title_params) + root->world.count + G_N_ELEMENTS(experiment_params);
    struct param *params = g_new0(struct param, count), *at = params;
    at = append(at, title_params, G_N_ELEMENTS(title_params), root->world.size);
    at = append(at, root->world.params, root->world.count, 0);
    append(at, experiment_params, G_N_ELEMENTS(experiment_params), root->world.size);
    root->table = (struct param_table){
        .name = "scenario",
        .meaning = "what a scenario file holds",
        .size = root->world.size + sizeof(struct experiment_settings),
        .params = params,
        .count = count,
    };
    ((struct param *)param_table_find(&root->table, "record"))->by_default = root->default_record;
}

void root_release(struct root *root)
{
    g_free((void *)root->table.params);
    g_free(root->default_record);
    settings_tables_release(&root->world);
    *root = (struct root){0};
}

const struct world_settings *root_world(const void *values)
{
    return values;
}

const struct experiment_settings *root_experiment(const struct root *root, const void *values)
{
    return (const void *)((const char *)values + root->world.size);
}

uint32_t root_recorded(const struct experiment_settings *settings)
{
    uint32_t tables = 0;
    for (size_t i = 0; i < settings->record.count; i++)
        tables |= TABLE_BIT(((const int *)settings->record.items)[i]);
    return tables;
}
