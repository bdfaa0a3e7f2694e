/* SPDX-License-Identifier: MIT */
/*
 * Compares two results, or two points of a sweep: paired differences with intervals, corrected for how many are looked
 * at. It says plainly where a difference is not established, and what the common random numbers achieved.
 */
#include "base/suggest.h"
#include "cli/cli.h"
#include "report/comparison_list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct compare_options {
    char **metrics;
    gboolean csv;
};

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
        char *hint = suggest_question(*name, names);
        fprintf(stderr, "posim compare: there is no metric `%s`%s; `posim list metrics` shows them\n", *name, hint);
        g_free(hint);
        fine = false;
    }
    return fine;
}

/* A name as a field of CSV. */
static void print_text(const char *text)
{
    char **parts = g_strsplit(text, "\"", -1);
    char *doubled = g_strjoinv("\"\"", parts);
    printf(strpbrk(text, ",\"\r\n") ? "\"%s\"" : "%s", doubled);
    g_free(doubled);
    g_strfreev(parts);
}

static void print_number(double value)
{
    if (isnan(value))
        fputs("NA", stdout);
    else
        printf("%.9g", value);
}

static void tell_csv(const struct comparison_list *list)
{
    puts("first,second,metric,unit,n,first_mean,second_mean,difference,ci_lo,ci_hi,ci_method,p_value,p_adjusted,"
         "correlation,variance_reduction,established");
    for (size_t i = 0; i < list->all.count; i++) {
        const struct comparison *one = &list->all.at[i];
        const struct paired_difference *difference = &one->difference;
        const double numbers[] = {difference->first_mean, difference->second_mean, difference->mean,
                                  difference->interval.low, difference->interval.high};
        const double more[] = {difference->p_value, one->adjusted_p_value, difference->correlation,
                               difference->variance_reduction};
        print_text(one->first->name);
        putchar(',');
        print_text(one->second->name);
        printf(",%s,%s,%zu", metrics[one->metric].name, metrics[one->metric].unit, difference->count);
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

static void tell_one(const struct comparison *comparison)
{
    const struct paired_difference *difference = &comparison->difference;
    char interval[64] = "", correlation[16] = "";
    if (!isnan(difference->interval.low))
        g_snprintf(interval, sizeof interval, "%.4g to %.4g", difference->interval.low, difference->interval.high);
    if (!isnan(difference->correlation))
        g_snprintf(correlation, sizeof correlation, "%.2f", difference->correlation);
    printf("  %-28s %11.5g %11.5g %11.4g  %-24s %6s  %s\n", metrics[comparison->metric].name, difference->first_mean,
           difference->second_mean, difference->mean, interval, correlation, comparison_verdict(comparison));
}

/* Runs that have a partner: what the metric with the most pairs has. */
static size_t count_pairs(const struct comparison_list *list, size_t from)
{
    const struct comparison *head = &list->all.at[from];
    size_t most = 0;
    for (size_t i = from; i < list->all.count && list->all.at[i].first == head->first; i++)
        if (list->all.at[i].second == head->second)
            most = MAX(most, list->all.at[i].difference.count);
    return most;
}

/* The comparisons of one pair of points, from `from` on; returns where the next pair begins. */
static size_t tell_pair(const struct comparison_list *list, size_t from, bool all)
{
    const struct comparison *head = &list->all.at[from];
    size_t i = from, hidden = 0, pairs = count_pairs(list, from);
    printf("%s%s against %s, %zu pair%s of runs\n\n", from ? "\n" : "", head->first->name, head->second->name, pairs,
           pairs == 1 ? "" : "s");
    printf("  %-28s %11s %11s %11s  %-24s %6s\n", "metric", "first", "second", "difference", "95 % interval", "corr.");
    for (; i < list->all.count && list->all.at[i].first == head->first && list->all.at[i].second == head->second; i++) {
        if (all || !comparison_is_none(&list->all.at[i]))
            tell_one(&list->all.at[i]);
        else
            hidden++;
    }
    if (hidden)
        printf("  the same in every pair: %zu metric%s (-m NAME shows one)\n", hidden, hidden == 1 ? "" : "s");
    return i;
}

static void tell_people(const struct comparison_list *list, bool all)
{
    for (size_t i = 0; i < list->all.count;)
        i = tell_pair(list, i, all);
    char *outcome = comparison_list_outcome(list), *luck = comparison_list_luck(list);
    printf("\n  %s\n", outcome);
    g_free(outcome);
    if (luck)
        printf("  %s\n", luck);
    g_free(luck);
}

static void tell_failed(const struct comparison_list *list)
{
    char *failed = comparison_list_failed(list);
    if (failed)
        fprintf(stderr, "posim compare: note: %s, so %s in no pair\n", failed,
                list->failed.count == 1 ? "it is" : "they are");
    g_free(failed);
}

static int compare(const struct compare_options *options, const char *one, const char *other)
{
    bool chosen[METRICS];
    if (!choose_metrics(options, chosen))
        return EXIT_USAGE;
    struct comparison_side first = {0}, second = {0};
    struct comparison_list list = {0};
    GError *error = NULL;
    bool fine = comparison_side_read(&first, one, &error) && comparison_side_read(&second, other, &error) &&
                comparison_list_make(&list, &first, &second, chosen, &error);
    if (fine) {
        if (options->csv)
            tell_csv(&list);
        else
            tell_people(&list, options->metrics);
        tell_failed(&list);
    } else {
        fprintf(stderr, "posim compare: %s\n", error->message);
        g_error_free(error);
    }
    comparison_list_release(&list);
    comparison_side_release(&first);
    comparison_side_release(&second);
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
                    "Runs are paired by replication, by the values that runs.csv has. Without points, points of equal "
                    "numbers are compared.",
                    &argc, &argv)) {
        if (argc != 3)
            fputs("posim compare: name two results directories, each with a point if you like\n", stderr);
        else
            code = compare(&options, argv[1], argv[2]);
    }
    g_strfreev(options.metrics);
    return code;
}
