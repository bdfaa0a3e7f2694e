/* SPDX-License-Identifier: MIT */
#include "report/comparison_list.h"

#include "base/statistics.h"
#include "experiment/results.h"

#include <math.h>
#include <string.h>

bool comparison_side_is_point(const char *text)
{
    const char *colon = strrchr(text, ':');
    char *folder = colon ? g_strndup(text, (gsize)(colon - text)) : NULL;
    bool found = folder && !g_file_test(text, G_FILE_TEST_IS_DIR) && results_recognise(folder, NULL);
    g_free(folder);
    return found;
}

bool comparison_side_read(struct comparison_side *side, const char *text, GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 number = 0;
    bool is_folder = g_file_test(text, G_FILE_TEST_IS_DIR);
    side->has_point = !is_folder && colon && g_ascii_string_to_unsigned(colon + 1, 10, 0, UINT64_MAX, &number, NULL);
    side->folder = side->has_point ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
    side->point = number;
    if (!side->has_point && comparison_side_is_point(text)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%s names no point of %.*s: write its number, as in %.*s:0; %s there lists the points", text,
                    (int)(colon - text), text, (int)(colon - text), text, results_files[RESULTS_PLAN]);
        return false;
    }
    if (!compared_points_read(&side->points, side->folder, error))
        return false;
    if (!side->has_point || compared_points_find(&side->points, number))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "%s has no point %" G_GUINT64_FORMAT "; %s there lists the points", side->folder, number,
                results_files[RESULTS_PLAN]);
    return false;
}

void comparison_side_release(struct comparison_side *side)
{
    compared_points_release(&side->points);
    g_free(side->folder);
}

static void note_failed(struct comparison_list *list, const struct compared_runs *runs)
{
    for (size_t f = 0; f < list->failed.count; f++)
        if (strcmp(list->failed.at[f]->name, runs->name) == 0)
            return;
    if (runs->replications.count == 0)
        vector_push(&list->failed, runs);
}

static void add_pair(struct comparison_list *list, const struct compared_runs *first,
                     const struct compared_runs *second, const bool chosen[METRICS])
{
    note_failed(list, first);
    note_failed(list, second);
    for (int m = 0; m < METRICS; m++) {
        struct comparison comparison;
        if (!chosen[m])
            continue;
        comparison_make(&comparison, first, second, (enum metric_id)m);
        if (comparison.difference.count)
            vector_push(&list->all, comparison);
    }
}

static void add_pairs(struct comparison_list *list, const struct comparison_side *first,
                      const struct comparison_side *second, const bool chosen[METRICS])
{
    if (first->has_point || second->has_point) {
        uint64_t number = first->has_point ? first->point : second->point;
        const struct compared_runs *one = compared_points_find(&first->points, number);
        const struct compared_runs *other =
            compared_points_find(&second->points, second->has_point ? second->point : number);
        if (one && other)
            add_pair(list, one, other, chosen);
        return;
    }
    for (size_t p = 0; p < first->points.numbers.count; p++) {
        const struct compared_runs *other = compared_points_find(&second->points, first->points.numbers.at[p]);
        if (other)
            add_pair(list, &first->points.list.at[p], other, chosen);
    }
}

bool comparison_list_make(struct comparison_list *list, const struct comparison_side *first,
                          const struct comparison_side *second, const bool chosen[METRICS], GError **error)
{
    *list = (struct comparison_list){0};
    add_pairs(list, first, second, chosen);
    if (list->all.count == 0) {
        char *failed = comparison_list_failed(list);
        if (failed)
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s, so there is nothing to compare", failed);
        else
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s and %s have no runs that could be paired",
                        first->folder, second->folder);
        g_free(failed);
        return false;
    }
    comparisons_decide(list->all.at, list->all.count);
    return true;
}

void comparison_list_release(struct comparison_list *list)
{
    vector_release(&list->all);
    vector_release(&list->failed);
}

char *comparison_list_failed(const struct comparison_list *list)
{
    size_t count = list->failed.count;
    if (count == 0)
        return NULL;
    const char *first = list->failed.at[0]->name;
    if (count == 1)
        return g_strdup_printf("all runs of %s failed", first);
    if (count == 2)
        return g_strdup_printf("all runs of %s and of %s failed", first, list->failed.at[1]->name);
    return g_strdup_printf("all runs of %s and of %zu more points failed", first, count - 1);
}

bool comparison_is_none(const struct comparison *comparison)
{
    return comparison->difference.mean == 0 && isnan(comparison->difference.variance_reduction);
}

const char *comparison_verdict(const struct comparison *comparison)
{
    const struct paired_difference *difference = &comparison->difference;
    if (comparison_is_none(comparison))
        return "the same in every pair";
    if (isnan(difference->p_value))
        return "too few pairs to say";
    if (!comparison->established)
        return "not established";
    return difference->mean > 0 ? "the first is higher" : "the first is lower";
}

size_t comparison_list_established(const struct comparison_list *list, size_t *of)
{
    size_t established = 0;
    *of = 0;
    for (size_t i = 0; i < list->all.count; i++) {
        established += list->all.at[i].established;
        *of += !comparison_is_none(&list->all.at[i]);
    }
    return established;
}

char *comparison_list_outcome(const struct comparison_list *list)
{
    size_t of, established = comparison_list_established(list, &of);
    if (of == 0)
        return g_strdup("Nothing differs: every pair of runs gave the same.");
    if (of == 1)
        return g_strdup_printf("The difference is %sestablished at 5 %%.", established ? "" : "not ");
    return g_strdup_printf(
        "%zu of %zu differences %s established at 5 %%, corrected for looking at all of them (Holm).", established, of,
        established == 1 ? "is" : "are");
}

/* How much narrower the intervals are than with luck of their own, over the metrics that vary: the median. */
static double median_reduction(const struct comparison_list *list)
{
    double *values = g_new(double, list->all.count), found = NAN;
    size_t count = 0;
    for (size_t i = 0; i < list->all.count; i++) {
        const struct paired_difference *difference = &list->all.at[i].difference;
        if (!isnan(difference->variance_reduction) && !isnan(difference->correlation))
            values[count++] = difference->variance_reduction;
    }
    statistics_sort(values, count);
    if (count)
        found = statistics_quantile(values, count, 0.5);
    g_free(values);
    return found;
}

char *comparison_list_luck(const struct comparison_list *list)
{
    double reduction = median_reduction(list);
    if (strcmp(list->all.at[0].first->seed, list->all.at[0].second->seed) != 0)
        return g_strdup("The seeds differ, so the runs of a pair had nothing in common but their number.");
    if (isnan(reduction))
        return NULL;
    if (reduction > 1.1)
        return g_strdup_printf("The runs of a pair have the same luck: worth %.2g times as many replications (median).",
                               reduction);
    return g_strdup("The runs of a pair have the same luck, which made the intervals no narrower here (median).");
}
