/* SPDX-License-Identifier: MIT */
#include "report/findings.h"

#include "experiment/results.h"
#include "report/findings_parts.h"
#include "report/label.h"
#include "report/rows.h"

#include <math.h>
#include <string.h>

struct rows *findings_open_table(const struct findings *findings, enum results_file name, const char *const *columns,
                                 GError **error)
{
    if (!results_need(findings->folder, name, error))
        return NULL;
    char *path = g_build_filename(findings->folder, results_files[name], NULL);
    struct rows *rows = rows_open(path, columns, error);
    g_free(path);
    return rows;
}

size_t findings_place(const struct findings *findings, uint64_t point, size_t near)
{
    size_t count = findings->table.points.count, from = 0, to = count;
    const uint64_t *points = findings->table.points.at;
    if (near < count && points[near] == point)
        return near;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (points[middle] < point)
            from = middle + 1;
        else
            to = middle;
    }
    return from < count && points[from] == point ? from : count;
}

static void begin_points(struct findings *findings)
{
    size_t count = MIN(findings->table.points.count, FINDINGS_POINTS_MOST);
    for (size_t place = 0; place < count; place++) {
        vector_push(&findings->points,
                    (struct findings_point){.number = findings->table.points.at[place], .place = place});
        for (int m = 0; m < METRICS; m++)
            findings->points.at[place].metrics[m] = (struct finding){.mean = NAN, .low = NAN, .high = NAN};
    }
}

static char *own_name(const char *folder)
{
    char *path = g_canonicalize_filename(folder, NULL), *name = g_path_get_basename(path);
    g_free(path);
    return name;
}

struct findings *findings_read(const char *folder, const struct root *root, const struct scenario *scenario,
                               GError **error)
{
    if (!results_recognise(folder, error))
        return NULL;
    struct findings *findings = g_new0(struct findings, 1);
    findings->folder = g_strdup(folder);
    findings->label = own_name(folder);
    findings->scenario = scenario;
    findings->settings = scenario ? root_experiment(root, scenario_values(scenario)) : NULL;
    bool fine = findings_read_manifest(findings, error) && sweep_table_open(&findings->table, folder, error);
    if (fine) {
        begin_points(findings);
        findings_add_claims(findings);
        fine = findings_read_summary(findings, error) && findings_read_runs(findings, error);
    }
    if (!fine) {
        findings_free(findings);
        return NULL;
    }
    findings_read_journal(findings, root);
    return findings;
}

void findings_free(struct findings *findings)
{
    if (!findings)
        return;
    sweep_table_release(&findings->table);
    char *texts[] = {findings->folder,   findings->label,     findings->name, findings->version, findings->commit,
                     findings->compiler, findings->libraries, findings->seed, findings->failure};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(findings->arguments);
    for (size_t i = 0; i < findings->inputs.count; i++) {
        g_free(findings->inputs.at[i].file);
        g_free(findings->inputs.at[i].sha256);
    }
    for (size_t i = 0; i < findings->shares.count; i++)
        g_free(findings->shares.at[i].column);
    for (int v = 0; v < VERDICTS; v++)
        g_free(findings->verdicts[v].first);
    vector_release(&findings->inputs);
    vector_release(&findings->shares);
    for (size_t c = 0; c < findings->claims.count; c++)
        running_mean_release(&findings->claims.at[c].mean);
    vector_release(&findings->claims);
    vector_release(&findings->points);
    g_free(findings);
}

const char *findings_question(const struct findings *findings)
{
    return findings->settings ? findings->settings->description : NULL;
}

bool findings_is_swept(const struct findings *findings)
{
    return findings->table.keys.count > 0;
}

char *findings_point_values(const struct findings *findings, size_t place)
{
    GString *text = g_string_new(NULL);
    for (size_t k = 0; k < findings->table.keys.count; k++) {
        const struct swept_key *key = &findings->table.keys.at[k];
        const struct swept_value *value = sweep_table_value(&findings->table, place, k);
        struct scale scale = scale_exact(key->unit, value->number);
        char *said = isnan(value->number) ? g_strdup(value->text) : label_quantity(value->number, &scale, 9);
        g_string_append_printf(text, "%s%s %s", k ? ", " : "", key->key, said);
        g_free(said);
    }
    return g_string_free(text, FALSE);
}

static bool is_among(enum metric_id metric, const enum metric_id *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == metric)
            return true;
    return false;
}

/* Whether the metric says something, and in a sweep not the same at every point. */
static bool says_something(const struct findings *findings, enum metric_id metric)
{
    const struct findings_range *range = &findings->ranges[metric];
    return range->points && (findings->table.points.count == 1 || range->least.mean < range->most.mean);
}

size_t findings_key_metrics(const struct findings *findings, enum metric_id *chosen, size_t most)
{
    static const enum metric_id usual[] = {METRIC_FINALITY_LAST_P50, METRIC_BLOCK_INTERVAL,   METRIC_ORPHAN_RATE,
                                           METRIC_THROUGHPUT,        METRIC_MESSAGES,         METRIC_LIVENESS_GAP,
                                           METRIC_REORG_DEPTH_MAX,   METRIC_SAFETY_VIOLATIONS};
    size_t count = 0;
    for (size_t i = 0; i < findings->claims.count && count < most; i++) {
        enum metric_id metric = (enum metric_id)findings->claims.at[i].expectation->metric;
        if (!is_among(metric, chosen, count))
            chosen[count++] = metric;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(usual) && count < most; i++)
        if (!is_among(usual[i], chosen, count) && says_something(findings, usual[i]))
            chosen[count++] = usual[i];
    return count;
}

size_t findings_varying_metrics(const struct findings *findings, enum metric_id *chosen, size_t most)
{
    enum metric_id keys[METRICS];
    size_t keys_count = findings_key_metrics(findings, keys, METRICS), count = 0;
    for (size_t k = 0; k < keys_count && count < most; k++)
        if (findings->ranges[keys[k]].least.mean < findings->ranges[keys[k]].most.mean)
            chosen[count++] = keys[k];
    return count;
}
