/* SPDX-License-Identifier: MIT */
/*
 * Compares two results, or two points of a sweep: paired differences with intervals, corrected for how many are looked
 * at. It says plainly where a difference is not established, and what the common random numbers achieved.
 */
#include "base/statistics.h"
#include "cli/cli.h"
#include "experiment/results.h"
#include "report/comparison.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct compare_options {
    char **metrics;
    gboolean csv;
};

/* One side as the user named it: DIR, or DIR:POINT. */
struct side {
    char *folder;
    bool has_point;
    uint64_t point;
    struct compared_points points;
};

static bool read_side(struct side *side, const char *text, GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 number = 0;
    side->has_point = colon && g_ascii_string_to_unsigned(colon + 1, 10, 0, UINT64_MAX, &number, NULL);
    side->folder = side->has_point ? g_strndup(text, (gsize)(colon - text)) : g_strdup(text);
    side->point = number;
    if (!compared_points_read(&side->points, side->folder, error))
        return false;
    if (!side->has_point || compared_points_find(&side->points, number))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                "%s has no point %" G_GUINT64_FORMAT "; plan.csv there lists the points", side->folder, number);
    return false;
}

static void release_side(struct side *side)
{
    compared_points_release(&side->points);
    g_free(side->folder);
}

/* The metrics that are looked at; false after having said what is wrong. */
static bool choose_metrics(const struct compare_options *options, bool chosen[METRICS])
{
    const char *names[METRICS + 1] = {NULL};
    bool fine = true;
    for (int m = 0; m < METRICS; m++) {
        names[m] = metrics[m].name;
        chosen[m] = options->metrics == NULL;
    }
    for (char **name = options->metrics; name && *name; name++) {
        enum metric_id id = metric_find(*name);
        if (id != METRICS) {
            chosen[id] = true;
            continue;
        }
        char *hint = cli_did_you_mean(*name, names);
        fprintf(stderr, "posim compare: there is no metric `%s`%s; `posim list metrics` shows them\n", *name, hint);
        g_free(hint);
        fine = false;
    }
    return fine;
}

typedef VECTOR(struct comparison) comparison_list;

static void add_pair(comparison_list *list, const struct compared_runs *first, const struct compared_runs *second,
                     const bool chosen[METRICS])
{
    for (int m = 0; m < METRICS; m++) {
        struct comparison comparison;
        if (!chosen[m])
            continue;
        comparison_make(&comparison, first, second, (enum metric_id)m);
        if (comparison.difference.count)
            vector_push(list, comparison);
    }
}

/* Which points are compared with which: those that were named, or those of equal numbers. */
static bool add_pairs(comparison_list *list, const struct side *first, const struct side *second,
                      const bool chosen[METRICS], GError **error)
{
    if (first->has_point || second->has_point) {
        uint64_t number = first->has_point ? first->point : second->point;
        const struct compared_runs *one = compared_points_find(&first->points, number);
        const struct compared_runs *other =
            compared_points_find(&second->points, second->has_point ? second->point : number);
        if (one && other)
            add_pair(list, one, other, chosen);
    } else {
        for (size_t p = 0; p < first->points.numbers.count; p++) {
            const struct compared_runs *other = compared_points_find(&second->points, first->points.numbers.at[p]);
            if (other)
                add_pair(list, &first->points.list.at[p], other, chosen);
        }
    }
    if (list->count == 0)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s and %s have no runs that could be paired",
                    first->folder, second->folder);
    return list->count > 0;
}

static void print_number(double value)
{
    if (isnan(value))
        fputs("NA", stdout);
    else
        printf("%.9g", value);
}

static void tell_csv(const comparison_list *list)
{
    puts("first,second,metric,unit,n,first_mean,second_mean,difference,ci_lo,ci_hi,ci_method,p_value,p_adjusted,"
         "correlation,variance_reduction,established");
    for (size_t i = 0; i < list->count; i++) {
        const struct comparison *one = &list->at[i];
        const struct paired_difference *difference = &one->difference;
        const double numbers[] = {one->first_mean, one->second_mean, difference->mean, difference->interval.low,
                                  difference->interval.high};
        const double more[] = {difference->p_value, one->adjusted_p_value, difference->correlation,
                               difference->variance_reduction};
        printf("%s,%s,%s,%s,%zu", one->first->name, one->second->name, metrics[one->metric].name,
               metrics[one->metric].unit, difference->count);
        for (size_t n = 0; n < G_N_ELEMENTS(numbers); n++) {
            putchar(',');
            print_number(numbers[n]);
        }
        printf(",%s", interval_method_name(difference->interval.method));
        for (size_t n = 0; n < G_N_ELEMENTS(more); n++) {
            putchar(',');
            print_number(more[n]);
        }
        printf(",%s\n", one->established ? "yes" : "no");
    }
}

static bool is_none(const struct comparison *comparison)
{
    return comparison->difference.mean == 0 && isnan(comparison->difference.variance_reduction);
}

/* What a difference amounts to, in words. */
static const char *verdict_on(const struct comparison *comparison)
{
    const struct paired_difference *difference = &comparison->difference;
    if (is_none(comparison))
        return "the same in every pair";
    if (isnan(difference->p_value))
        return "too few pairs to say";
    if (!comparison->established)
        return "not established";
    return difference->mean > 0 ? "the first is higher" : "the first is lower";
}

static void tell_one(const struct comparison *comparison)
{
    const struct paired_difference *difference = &comparison->difference;
    char interval[64] = "", correlation[16] = "";
    if (!isnan(difference->interval.low))
        g_snprintf(interval, sizeof interval, "%.4g to %.4g", difference->interval.low, difference->interval.high);
    if (!isnan(difference->correlation))
        g_snprintf(correlation, sizeof correlation, "%.2f", difference->correlation);
    printf("  %-28s %11.5g %11.5g %11.4g  %-24s %6s  %s\n", metrics[comparison->metric].name, comparison->first_mean,
           comparison->second_mean, difference->mean, interval, correlation, verdict_on(comparison));
}

/* How much narrower the intervals are than with luck of their own, over the metrics that vary: the median. */
static double median_reduction(const comparison_list *list)
{
    double *values = g_new(double, list->count), found = NAN;
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!isnan(list->at[i].difference.variance_reduction) && !isnan(list->at[i].difference.correlation))
            values[count++] = list->at[i].difference.variance_reduction;
    statistics_sort(values, count);
    if (count)
        found = statistics_quantile(values, count, 0.5);
    g_free(values);
    return found;
}

/* The comparisons of one pair of points, from `from` on; returns where the next pair begins. */
static size_t tell_pair(const comparison_list *list, size_t from, bool all)
{
    const struct comparison *head = &list->at[from];
    size_t i = from, hidden = 0;
    printf("%s%s against %s, %zu pairs of runs\n\n", from ? "\n" : "", head->first->name, head->second->name,
           MIN(head->first->replications.count, head->second->replications.count));
    printf("  %-28s %11s %11s %11s  %-24s %6s\n", "metric", "first", "second", "difference", "95 % interval", "corr.");
    for (; i < list->count && list->at[i].first == head->first && list->at[i].second == head->second; i++) {
        if (all || !is_none(&list->at[i]))
            tell_one(&list->at[i]);
        else
            hidden++;
    }
    if (hidden)
        printf("  the same in every pair: %zu metrics (-m NAME shows one)\n", hidden);
    return i;
}

static void tell_people(const comparison_list *list, bool same_seed, bool all)
{
    size_t established = 0, none = 0;
    for (size_t i = 0; i < list->count;)
        i = tell_pair(list, i, all);
    for (size_t i = 0; i < list->count; i++) {
        established += list->at[i].established;
        none += is_none(&list->at[i]);
    }
    printf("\n  %zu of %zu differences are established at 5 %%, corrected for looking at all of them (Holm).\n",
           established, list->count - none);
    double reduction = median_reduction(list);
    if (!same_seed)
        puts("  The seeds differ, so the runs of a pair had nothing in common but their number.");
    else if (!isnan(reduction) && reduction > 1.1)
        printf("  The runs of a pair have the same luck: worth %.2g times as many replications (median).\n", reduction);
    else if (!isnan(reduction))
        puts("  The runs of a pair have the same luck, which made the intervals no narrower here (median).");
}

static int compare(const struct compare_options *options, const char *one, const char *other)
{
    bool chosen[METRICS];
    if (!choose_metrics(options, chosen))
        return EXIT_USAGE;
    struct side first = {0}, second = {0};
    comparison_list list = {0};
    GError *error = NULL;
    bool fine = read_side(&first, one, &error) && read_side(&second, other, &error) &&
                add_pairs(&list, &first, &second, chosen, &error);
    if (fine) {
        comparisons_decide(list.at, list.count);
        if (options->csv)
            tell_csv(&list);
        else
            tell_people(&list, strcmp(list.at[0].first->seed, list.at[0].second->seed) == 0, options->metrics);
    } else {
        fprintf(stderr, "posim compare: %s\n", error->message);
        g_error_free(error);
    }
    vector_release(&list);
    release_side(&first);
    release_side(&second);
    return fine ? EXIT_FINE : EXIT_USAGE;
}

int command_compare(const struct cli *cli, int argc, char **argv)
{
    (void)cli;
    struct compare_options options = {0};
    const GOptionEntry entries[] = {{"metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics,
                                     "look at this metric alone; may be repeated", "NAME"},
                                    {"csv", 0, 0, G_OPTION_ARG_NONE, &options.csv, "print a table for programs", NULL},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int code = EXIT_USAGE;
    if (cli_options("compare", entries, "DIR[:POINT] DIR[:POINT] - paired differences with intervals",
                    "Examples:\n  posim compare results/before results/after\n"
                    "  posim compare results/sizes:0 results/sizes:2 -m finality_s_last_p50\n\n"
                    "Runs are paired by replication. Without points, points of equal numbers are compared.",
                    &argc, &argv)) {
        if (argc != 3)
            fputs("posim compare: name two results directories, each with a point if you like\n", stderr);
        else
            code = compare(&options, argv[1], argv[2]);
    }
    g_strfreev(options.metrics);
    return code;
}
