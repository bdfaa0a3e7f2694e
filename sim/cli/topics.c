/* SPDX-License-Identifier: MIT */
#include "cli/topics.h"

#include "base/assert.h"
#include "check/verdict.h"
#include "crypto/profile.h"
#include "network/network.h"
#include "record/metric.h"
#include "report/figure.h"
#include "stake/distribution.h"

#include <string.h>

static void each_variant(const struct param_variants *variants, topic_take *take, void *user)
{
    for (size_t i = 0; i < variants->count; i++)
        take(user, variants->list[i].name, NULL, variants->list[i].meaning);
}

/* What a key of `network` chooses among. */
static void each_of_network(const char *key, topic_take *take, void *user)
{
    const struct param *param = network_params_table.params;
    while (strcmp(param->key, key) != 0)
        param++;
    REQUIRE(param->variants);
    each_variant(param->variants, take, user);
}

static void each_adversary(const struct cli *cli, topic_take *take, void *user)
{
    each_variant(&cli->registry.adversaries, take, user);
}

static void each_election(const struct cli *cli, topic_take *take, void *user)
{
    each_variant(&cli->registry.elections, take, user);
}

static void each_fault(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    each_variant(&fault_variants, take, user);
}

static void each_figure(const struct cli *cli, topic_take *take, void *user)
{
    each_variant(&cli->figures, take, user);
}

static void each_latency(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    each_of_network("latency", take, user);
}

static void append_needs(const struct figure *figure, GString *out)
{
    if (figure->of_sweep) {
        g_string_append(
            out, "  needs    runs.csv, summary.csv, plan.csv\n  shows    all points, or those that `at` leaves\n");
        return;
    }
    const char *separator = "  needs    tables ";
    for (enum table table = 0; table < TABLES; table++)
        if (figure->tables & TABLE_BIT(table)) {
            g_string_append_printf(out, "%s%s", separator, table_info(table).name);
            separator = ", ";
        }
    g_string_append_printf(out, "\n  shows    %s\n",
                           figure->pooled ? "all runs together" : "the first run, or the one of --run");
}

/* A figure is a kind of `plots:` as well, which says what it shows and what can be set. */
static void explain_figure(const struct cli *cli, const char *name, GString *out)
{
    (void)cli;
    g_string_append_printf(out, "%s: a figure, `posim plot DIR %s`\n", name, name);
    append_needs(figure_find(name), out);
}

static void each_metric(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    for (int m = 0; m < METRICS; m++)
        take(user, metrics[m].name, NULL, metrics[m].definition);
}

static void explain_metric(const struct cli *cli, const char *name, GString *out)
{
    (void)cli;
    static const char *const better[] = {"", "; lower is better", "; higher is better"};
    const struct metric *metric = &metrics[metric_find(name)];
    g_string_append_printf(out, "%s: a metric, unit %s%s\n  %s\n", metric->name, metric->unit, better[metric->better],
                           metric->definition);
    if (metric->applies && metric->applies[0])
        g_string_append_printf(out, "  applies: %s\n", metric->applies);
    if (metric_is_ratio(metric_find(name)))
        g_string_append_printf(out,
                               "  over runs: the sum of %s by the sum of %s (both in runs.csv), interval jackknife95; "
                               "`posim compare` takes each run's own\n",
                               metric_parts[metric->numerator].name, metric_parts[metric->denominator].name);
    if (metric->series != SERIES_NONE)
        g_string_append(out, "  of one run: the mean of 20 batches after the warm-up that MSER-5 finds, interval "
                             "batch95, if the run is steady (steady_state.csv)\n");
}

static void each_part(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    for (int p = PART_NONE + 1; p < METRIC_PARTS; p++)
        take(user, metric_parts[p].name, NULL, metric_parts[p].definition);
}

static void explain_part(const struct cli *cli, const char *name, GString *out)
{
    (void)cli;
    int part = PART_NONE + 1;
    while (strcmp(metric_parts[part].name, name) != 0)
        part++;
    g_string_append_printf(out, "%s: what metrics are quotients of, a column of runs.csv, unit %s\n  %s\n  in:", name,
                           metric_parts[part].unit, metric_parts[part].definition);
    for (int m = 0; m < METRICS; m++)
        if ((int)metrics[m].numerator == part || (int)metrics[m].denominator == part)
            g_string_append_printf(out, " %s", metrics[m].name);
    g_string_append_c(out, '\n');
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The presets that come with the program, in alphabetical order. */
static void each_preset(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    static const char ending[] = ".yaml";
    char *folder = cli_presets_folder();
    GDir *listing = folder ? g_dir_open(folder, 0, NULL) : NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        if (g_str_has_suffix(name, ending))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(ending)));
    qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
    for (guint i = 0; i < names->len; i++)
        take(user, g_ptr_array_index(names, i), NULL, NULL);
    g_ptr_array_free(names, TRUE);
    if (listing)
        g_dir_close(listing);
    g_free(folder);
}

static void explain_preset(const struct cli *cli, const char *name, GString *out)
{
    char *folder = cli_presets_folder(), *file = g_strconcat(name, ".yaml", NULL);
    char *path = g_build_filename(folder, file, NULL);
    struct scenario *scenario = cli_load(cli, path, NULL);
    const char *description =
        scenario ? root_experiment(&cli->root, scenario_values(scenario))->description : "it does not pass posim check";
    g_string_append_printf(out, "%s: a preset, for `extends: %s` or `posim new %s`\n  %s\n  file     %s\n", name, name,
                           name, description ? description : "no description", path);
    scenario_free(scenario);
    g_free(path);
    g_free(file);
    g_free(folder);
}

static void each_protocol(const struct cli *cli, topic_take *take, void *user)
{
    each_variant(&cli->registry.protocols, take, user);
}

static void each_relay(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    each_of_network("relay", take, user);
}

static void each_signature(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    each_variant(&signature_profiles, take, user);
}

static void each_stake(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    each_variant(&stake_distributions, take, user);
}

static void each_table(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    for (enum table table = 0; table < TABLES; table++) {
        struct table_info info = table_info(table);
        take(user, info.name, info.file, info.meaning);
    }
}

static void explain_table(const struct cli *cli, const char *name, GString *out)
{
    (void)cli;
    table_explain(table_find(name), out);
}

static void each_topology(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    each_of_network("topology", take, user);
}

static void each_verdict(const struct cli *cli, topic_take *take, void *user)
{
    (void)cli;
    for (int v = 0; v < VERDICTS; v++)
        take(user, verdict_kinds[v].name, NULL, verdict_kinds[v].meaning);
}

static void explain_verdict(const struct cli *cli, const char *name, GString *out)
{
    (void)cli;
    for (int v = 0; v < VERDICTS; v++)
        if (strcmp(verdict_kinds[v].name, name) == 0)
            g_string_append_printf(out, "%s: a verdict on every run, a column of runs.csv\n  %s\n  applies: %s\n", name,
                                   verdict_kinds[v].meaning, verdict_kinds[v].applies);
}

const struct topic_kind topic_kinds[] = {
    {"adversaries", each_adversary, NULL},
    {"elections", each_election, NULL},
    {"faults", each_fault, NULL},
    {"figures", each_figure, explain_figure},
    {"latencies", each_latency, NULL},
    {"metrics", each_metric, explain_metric},
    {"parts", each_part, explain_part},
    {"presets", each_preset, explain_preset},
    {"protocols", each_protocol, NULL},
    {"relays", each_relay, NULL},
    {"signatures", each_signature, NULL},
    {"stakes", each_stake, NULL},
    {"tables", each_table, explain_table},
    {"topologies", each_topology, NULL},
    {"verdicts", each_verdict, explain_verdict},
    {NULL, NULL, NULL},
};

struct search {
    const char *asked;
    char *found; /* the name of the thing asked for */
};

static void match(void *user, const char *name, const char *second, const char *meaning)
{
    (void)meaning;
    struct search *search = user;
    if (!search->found && (strcmp(name, search->asked) == 0 || g_strcmp0(second, search->asked) == 0))
        search->found = g_strdup(name);
}

bool topics_explain(const struct cli *cli, const char *name, GString *out)
{
    bool any = false;
    for (const struct topic_kind *kind = topic_kinds; kind->name; kind++) {
        struct search search = {.asked = name};
        if (kind->explain)
            kind->each(cli, match, &search);
        if (!search.found)
            continue;
        if (any)
            g_string_append_c(out, '\n');
        kind->explain(cli, search.found, out);
        g_free(search.found);
        any = true;
    }
    return any;
}

const char **topics_family(const char *name)
{
    GPtrArray *family = g_ptr_array_new();
    size_t length = strlen(name);
    for (int m = 0; m < METRICS; m++)
        if (strncmp(metrics[m].name, name, length) == 0 && metrics[m].name[length] == '_')
            g_ptr_array_add(family, (void *)metrics[m].name);
    g_ptr_array_add(family, NULL);
    return (const char **)g_ptr_array_free(family, FALSE);
}

static void collect(void *user, const char *name, const char *second, const char *meaning)
{
    (void)second, (void)meaning;
    g_ptr_array_add(user, g_strdup(name));
}

GPtrArray *topics_names(const struct cli *cli)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const struct topic_kind *kind = topic_kinds; kind->name; kind++)
        if (kind->explain)
            kind->each(cli, collect, names);
    g_ptr_array_add(names, NULL);
    return names;
}
