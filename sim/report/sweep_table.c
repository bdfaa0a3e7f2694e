/* SPDX-License-Identifier: MIT */
#include "report/sweep_table.h"

#include "experiment/results.h"
#include "report/rows.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

static const char *text_of(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    bool is_text = node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
    return is_text ? json_node_get_string(node) : "";
}

static void add_key(struct sweep_table *table, JsonNode *node)
{
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return;
    JsonObject *key = json_node_get_object(node);
    vector_push(&table->keys, (struct swept_key){
                                  .key = g_strdup(text_of(key, "key")),
                                  .column = g_strdup(text_of(key, "column")),
                                  .unit = g_strdup(text_of(key, "unit")),
                                  .numeric = strcmp(text_of(key, "kind"), "number") == 0,
                              });
}

/* What was swept; a manifest of an older version, or none, says nothing. */
static bool read_manifest(struct sweep_table *table, GError **error)
{
    char *path = g_build_filename(table->folder, results_files[RESULTS_MANIFEST], NULL);
    JsonParser *parser = json_parser_new();
    bool there = g_file_test(path, G_FILE_TEST_EXISTS),
         fine = !there || json_parser_load_from_file(parser, path, error);
    JsonNode *root = there && fine ? json_parser_get_root(parser) : NULL;
    JsonNode *swept =
        root && JSON_NODE_HOLDS_OBJECT(root) ? json_object_get_member(json_node_get_object(root), "swept") : NULL;
    JsonArray *keys = swept && JSON_NODE_HOLDS_ARRAY(swept) ? json_node_get_array(swept) : NULL;
    for (guint i = 0; keys && i < json_array_get_length(keys); i++)
        add_key(table, json_array_get_element(keys, i));
    g_object_unref(parser);
    g_free(path);
    return fine;
}

static struct rows *open_table(const struct sweep_table *table, enum results_file file, const char *const *columns,
                               GError **error)
{
    char *path = g_build_filename(table->folder, results_files[file], NULL);
    struct rows *rows = rows_open(path, columns, error);
    g_free(path);
    return rows;
}

static bool read_plan(struct sweep_table *table, GError **error)
{
    const char **columns = g_new0(const char *, table->keys.count + 2);
    columns[0] = "point";
    for (size_t i = 0; i < table->keys.count; i++)
        columns[i + 1] = table->keys.at[i].column;
    VECTOR(struct swept_value) values = {0};
    struct rows *rows = open_table(table, RESULTS_PLAN, columns, error);
    bool fine = rows != NULL;
    while (rows && fine && rows_next(rows)) {
        uint64_t point = rows_number(rows, 0);
        fine = table->points.count == 0 || point > table->points.at[table->points.count - 1];
        if (!fine) {
            g_set_error(error, ROWS_ERROR, ROWS_ERROR_CELL,
                        "%s/plan.csv: point %" G_GUINT64_FORMAT " stands behind a greater one", table->folder, point);
            break;
        }
        vector_push(&table->points, point);
        for (size_t i = 0; i < table->keys.count; i++) {
            const char *text = g_string_chunk_insert_const(table->texts, rows_text(rows, i + 1));
            double number = table->keys.at[i].numeric ? rows_real(rows, i + 1) : NAN;
            vector_push(&values, (struct swept_value){.text = text, .number = number});
        }
    }
    if (rows)
        fine = rows_close(rows, fine ? error : NULL) && fine;
    table->values = values.at;
    g_free(columns);
    return fine;
}

bool sweep_table_open(struct sweep_table *table, const char *folder, GError **error)
{
    *table = (struct sweep_table){.folder = g_strdup(folder), .texts = g_string_chunk_new(4096)};
    if (read_manifest(table, error) && read_plan(table, error))
        return true;
    sweep_table_release(table);
    return false;
}

void sweep_table_release(struct sweep_table *table)
{
    for (size_t i = 0; i < table->keys.count; i++) {
        g_free(table->keys.at[i].key);
        g_free(table->keys.at[i].column);
        g_free(table->keys.at[i].unit);
    }
    vector_release(&table->keys);
    vector_release(&table->points);
    g_free(table->values);
    g_clear_pointer(&table->texts, g_string_chunk_free);
    g_free(table->folder);
    *table = (struct sweep_table){0};
}

const struct swept_value *sweep_table_value(const struct sweep_table *table, size_t point, size_t key)
{
    return &table->values[point * table->keys.count + key];
}

size_t sweep_table_find(const struct sweep_table *table, const char *name)
{
    size_t key = 0;
    while (key < table->keys.count && strcmp(table->keys.at[key].key, name) != 0 &&
           strcmp(table->keys.at[key].column, name) != 0)
        key++;
    return key;
}

/* The place of the point of that number, points.count where the plan has none; tables go in plan order. */
static size_t place_of(const struct sweep_table *table, uint64_t point, size_t near)
{
    if (near < table->points.count && table->points.at[near] == point)
        return near;
    size_t from = 0, to = table->points.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (table->points.at[middle] < point)
            from = middle + 1;
        else
            to = middle;
    }
    return from < table->points.count && table->points.at[from] == point ? from : table->points.count;
}

struct estimate *sweep_table_estimates(const struct sweep_table *table, const char *metric, GError **error)
{
    static const char *const columns[] = {"point",     "metric", "n",   "mean", "ci_lo", "ci_hi",
                                          "ci_method", "p05",    "p50", "p95",  NULL};
    enum { POINT, METRIC, N, MEAN, LOW, HIGH, METHOD, P05, P50, P95 };
    struct rows *rows = open_table(table, RESULTS_SUMMARY, columns, error);
    if (!rows)
        return NULL;
    struct estimate *estimates = g_new(struct estimate, table->points.count + 1);
    for (size_t i = 0; i < table->points.count; i++)
        estimates[i] = (struct estimate){0, NAN, NAN, NAN, NAN, NAN, NAN, ""};
    size_t place = 0;
    while (rows_next(rows)) {
        if (!rows_equal(rows, METRIC, metric))
            continue;
        place = place_of(table, rows_number(rows, POINT), place);
        if (place == table->points.count)
            continue;
        struct estimate *estimate = &estimates[place];
        *estimate =
            (struct estimate){rows_number(rows, N), rows_real(rows, MEAN), rows_real(rows, LOW), rows_real(rows, HIGH),
                              rows_real(rows, P05), rows_real(rows, P50),  rows_real(rows, P95), ""};
        if (!rows_missing(rows, METHOD) && !isnan(estimate->low))
            g_strlcpy(estimate->method, rows_text(rows, METHOD), sizeof estimate->method);
        place++;
    }
    if (rows_close(rows, error))
        return estimates;
    g_free(estimates);
    return NULL;
}

size_t sweep_table_varying(const struct sweep_table *table, const char *const *names)
{
    static const char *const columns[] = {"metric", "mean", NULL};
    size_t count = g_strv_length((char **)names), varying = 0;
    double *least = g_new(double, count + 1), *most = g_new(double, count + 1);
    for (size_t i = 0; i < count; i++) {
        least[i] = INFINITY;
        most[i] = -INFINITY;
    }
    struct rows *rows = open_table(table, RESULTS_SUMMARY, columns, NULL);
    while (rows && rows_next(rows)) {
        double mean = rows_real(rows, 1);
        for (size_t i = 0; i < count && !isnan(mean); i++)
            if (rows_equal(rows, 0, names[i])) {
                least[i] = MIN(least[i], mean);
                most[i] = MAX(most[i], mean);
            }
    }
    if (rows)
        rows_close(rows, NULL);
    while (varying < count && !(least[varying] < most[varying]))
        varying++;
    g_free(least);
    g_free(most);
    return varying;
}

static void add_run(struct run_values *values, struct rows *rows, size_t column)
{
    double value = rows_equal(rows, column, "pass")             ? 0
                   : rows_equal(rows, column, "fail")           ? 1
                   : rows_equal(rows, column, "not applicable") ? NAN
                                                                : rows_real(rows, column);
    if (isnan(value))
        values->missing++;
    else
        vector_push(&values->all, value);
}

struct run_values *sweep_table_runs(const struct sweep_table *table, const char *column, GError **error)
{
    const char *const columns[] = {"point", column, NULL};
    struct rows *rows = open_table(table, RESULTS_RUNS, columns, error);
    if (!rows)
        return NULL;
    struct run_values *values = g_new0(struct run_values, table->points.count + 1);
    size_t place = 0;
    while (rows_next(rows)) {
        place = place_of(table, rows_number(rows, 0), place);
        if (place < table->points.count)
            add_run(&values[place], rows, 1);
    }
    if (rows_close(rows, error))
        return values;
    sweep_table_runs_free(table, values);
    return NULL;
}

void sweep_table_runs_free(const struct sweep_table *table, struct run_values *runs)
{
    for (size_t i = 0; runs && i < table->points.count; i++)
        vector_release(&runs[i].all);
    g_free(runs);
}

bool sweep_table_has_fine(const struct sweep_table *table, const bool *shown)
{
    static const char *const columns[] = {"point", "status", NULL};
    struct rows *rows = open_table(table, RESULTS_RUNS, columns, NULL);
    if (!rows)
        return true;
    bool has = false;
    size_t place = 0;
    while (!has && rows_next(rows)) {
        place = place_of(table, rows_number(rows, 0), place);
        has = place < table->points.count && shown[place] && rows_equal(rows, 1, "fine");
    }
    return !rows_close(rows, NULL) || has;
}
