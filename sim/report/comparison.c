/* SPDX-License-Identifier: MIT */
#include "report/comparison.h"

#include "base/table_file.h"
#include "experiment/results.h"

#include <math.h>
#include <string.h>

/* Where the columns of runs.csv are that matter. */
struct columns {
    size_t point, replication, status, seed;
    size_t metrics[METRICS];
    bool has[METRICS];
};

static bool find_columns(struct columns *columns, const struct table_file *table, GError **error)
{
    for (int m = 0; m < METRICS; m++)
        columns->has[m] = table_file_find(table, metrics[m].name, &columns->metrics[m]);
    return table_file_need(table, "point", &columns->point, error) &&
           table_file_need(table, "replication", &columns->replication, error) &&
           table_file_need(table, "status", &columns->status, error) &&
           table_file_need(table, "seed", &columns->seed, error);
}

static double number_of(const char *cell)
{
    char *end;
    double value = g_ascii_strtod(cell, &end);
    return *cell && !*end ? value : NAN;
}

static void add_run(struct compared_runs *runs, const struct table_file *table, const struct columns *columns,
                    size_t row)
{
    uint32_t replication = (uint32_t)g_ascii_strtoull(table_file_cell(table, row, columns->replication), NULL, 10);
    vector_push(&runs->replications, replication);
    for (int m = 0; m < METRICS; m++) {
        double value = columns->has[m] ? number_of(table_file_cell(table, row, columns->metrics[m])) : NAN;
        vector_push(&runs->values[m], value);
    }
}

static void read_rows(struct compared_points *points, const struct table_file *table, const struct columns *columns,
                      const char *folder)
{
    for (size_t row = 0; row < table->row_count; row++) {
        uint64_t number = g_ascii_strtoull(table_file_cell(table, row, columns->point), NULL, 10);
        if (points->numbers.count == 0 || points->numbers.at[points->numbers.count - 1] != number) {
            struct compared_runs runs = {
                .point = number,
                .name = g_strdup_printf("%s:%" G_GUINT64_FORMAT, folder, number),
                .seed = g_strdup(table_file_cell(table, row, columns->seed)),
            };
            vector_push(&points->numbers, number);
            vector_push(&points->list, runs);
        }
        if (strcmp(table_file_cell(table, row, columns->status), "fine") == 0)
            add_run(&points->list.at[points->list.count - 1], table, columns, row);
    }
}

bool compared_points_read(struct compared_points *points, const char *folder, GError **error)
{
    *points = (struct compared_points){0};
    if (!results_need(folder, RESULTS_RUNS, error))
        return false;
    char *path = g_build_filename(folder, results_files[RESULTS_RUNS], NULL);
    struct columns columns;
    struct table_file *table = table_file_read(path, error);
    bool fine = table && find_columns(&columns, table, error);
    if (fine)
        read_rows(points, table, &columns, folder);
    table_file_free(table);
    g_free(path);
    return fine;
}

void compared_points_release(struct compared_points *points)
{
    for (size_t p = 0; p < points->list.count; p++) {
        struct compared_runs *runs = &points->list.at[p];
        g_free(runs->name);
        g_free(runs->seed);
        vector_release(&runs->replications);
        for (int m = 0; m < METRICS; m++)
            vector_release(&runs->values[m]);
    }
    vector_release(&points->list);
    vector_release(&points->numbers);
}

const struct compared_runs *compared_points_find(const struct compared_points *points, uint64_t number)
{
    for (size_t p = 0; p < points->numbers.count; p++)
        if (points->numbers.at[p] == number)
            return &points->list.at[p];
    return NULL;
}

void comparison_make(struct comparison *comparison, const struct compared_runs *first,
                     const struct compared_runs *second, enum metric_id metric)
{
    size_t most = MIN(first->replications.count, second->replications.count), count = 0;
    double *one = g_new(double, MAX(most, 1)), *other = g_new(double, MAX(most, 1));
    for (size_t i = 0, j = 0; i < first->replications.count && j < second->replications.count;) {
        uint32_t left = first->replications.at[i], right = second->replications.at[j];
        double a = first->values[metric].at[i], b = second->values[metric].at[j];
        if (left == right && !isnan(a) && !isnan(b)) {
            one[count] = a;
            other[count++] = b;
        }
        i += left <= right;
        j += right <= left;
    }
    *comparison = (struct comparison){
        .metric = metric,
        .first = first,
        .second = second,
        .difference = paired_difference_of(one, other, count),
        .adjusted_p_value = NAN,
    };
    g_free(one);
    g_free(other);
}

void comparisons_decide(struct comparison *comparisons, size_t count)
{
    double *p_values = g_new(double, MAX(count, 1));
    for (size_t i = 0; i < count; i++)
        p_values[i] = comparisons[i].difference.p_value;
    holm_adjust(p_values, count);
    for (size_t i = 0; i < count; i++) {
        comparisons[i].adjusted_p_value = p_values[i];
        comparisons[i].established = difference_established(p_values[i]);
    }
    g_free(p_values);
}
