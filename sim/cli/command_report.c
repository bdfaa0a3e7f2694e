/* SPDX-License-Identifier: MIT */
/*
 * Makes a report of results: one HTML page that holds all it needs, or a fragment for LaTeX. One directory is told by
 * itself, two are compared, and of more it is told what each was expected to show.
 */
#include "cli/cli.h"
#include "experiment/results.h"
#include "record/temporary.h"
#include "report/fragment.h"
#include "report/gnuplot.h"
#include "report/page.h"

#include <stdio.h>
#include <string.h>

struct report_options {
    char *output;
    gboolean tex, suite;
};

enum report_kind { REPORT_SINGLE, REPORT_COMPARISON, REPORT_SUITE };

/* One directory, as far as it is read. */
struct reported {
    char *folder;
    struct scenario *scenario;
    struct findings *findings;
    struct drawings drawings;
    char *address;
    char *no_drawings;
};

struct report {
    const struct cli *cli;
    const struct report_options *options;
    enum report_kind kind;
    char **names; /* as they were given: DIR or DIR:POINT */
    size_t count; /* of them */
    struct reported *reported;
    struct comparison_side sides[2];
    struct comparison_list list;
    char *scripts, *output;
    int code;
};

static bool refuse(struct report *report, GError *error)
{
    fprintf(stderr, "posim report: %s\n", error->message);
    g_error_free(error);
    report->code = EXIT_USAGE;
    return false;
}

/* Reading. */

static struct scenario *load_scenario(const struct report *report, const char *folder)
{
    char *path = g_build_filename(folder, results_files[RESULTS_SCENARIO], NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    struct scenario *scenario = there ? cli_load(report->cli, path, NULL) : NULL;
    if (!scenario)
        fprintf(stderr,
                "posim report: without its scenario the report of %s cannot tell what was asked, expected or changed\n",
                folder);
    g_free(path);
    return scenario;
}

static bool read_findings(struct report *report, struct reported *reported)
{
    GError *error = NULL;
    if (report->kind != REPORT_COMPARISON && comparison_side_is_point(reported->folder)) {
        fprintf(stderr, "posim report: %s is a point, which is told of beside one other; name two, or a directory\n",
                reported->folder);
        report->code = EXIT_USAGE;
        return false;
    }
    if (!results_recognise(reported->folder, &error))
        return refuse(report, error);
    reported->scenario = load_scenario(report, reported->folder);
    if (reported->scenario)
        cli_warn_of_missing_traces(report->cli, "report", reported->scenario, reported->folder);
    reported->findings = findings_read(reported->folder, &report->cli->root, reported->scenario, &error);
    return reported->findings || refuse(report, error);
}

static bool read_sides(struct report *report)
{
    bool chosen[METRICS];
    GError *error = NULL;
    for (int m = 0; m < METRICS; m++)
        chosen[m] = true;
    for (size_t i = 0; i < 2; i++) {
        if (!comparison_side_read(&report->sides[i], report->names[i], &error))
            return refuse(report, error);
        report->reported[i].folder = g_strdup(report->sides[i].folder);
    }
    return comparison_list_make(&report->list, &report->sides[0], &report->sides[1], chosen, &error) ||
           refuse(report, error);
}

/* Where the report goes: into the first directory, unless somebody says where. */
static void choose_output(struct report *report)
{
    static const enum results_file pages[] = {RESULTS_REPORT, RESULTS_COMPARISON, RESULTS_SUITE};
    static const enum results_file fragments[] = {RESULTS_REPORT_TEX, RESULTS_COMPARISON_TEX, RESULTS_SUITE_TEX};
    enum results_file file = (report->options->tex ? fragments : pages)[report->kind];
    report->output = report->options->output ? g_strdup(report->options->output)
                                             : g_build_filename(report->reported[0].folder, results_files[file], NULL);
}

static bool read_all(struct report *report)
{
    if (report->kind == REPORT_COMPARISON) {
        if (!read_sides(report))
            return false;
    } else {
        for (size_t i = 0; i < report->count; i++)
            report->reported[i].folder = g_strdup(report->names[i]);
    }
    choose_output(report);
    char *folder = g_path_get_dirname(report->output);
    bool fine = true;
    for (size_t i = 0; i < report->count && fine; i++) {
        fine = read_findings(report, &report->reported[i]);
        report->reported[i].address = page_address(folder, report->reported[i].folder);
    }
    g_free(folder);
    return fine;
}

/* Drawing. */

/* What cannot be drawn is told, in the report too; it is made all the same. */
static void draw(struct report *report, struct reported *reported)
{
    if (!reported->scenario) {
        reported->no_drawings = g_strdup("No figures are there: the scenario says from when on blocks count.");
        return;
    }
    struct drawings_order order = {
        .findings = reported->findings,
        .kinds = &report->cli->figures,
        .scripts = report->scripts,
        .format = report->options->tex ? "tex" : "svg",
    };
    GError *error = NULL;
    if (drawings_make(&reported->drawings, &order, &error))
        return;
    fprintf(stderr, "posim report: not all figures are there: %s\n", error->message);
    reported->no_drawings = g_strdup_printf("Not all figures are there: %s.", error->message);
    report->code = g_error_matches(error, GNUPLOT_ERROR, GNUPLOT_ERROR_MISSING) ? EXIT_FINE : EXIT_RUNS_FAILED;
    g_error_free(error);
}

/* Writing. */

static char *make_fragment(const struct report *report, const struct page_results *results)
{
    switch (report->kind) {
    case REPORT_COMPARISON:
        return fragment_of_comparison(results, &report->list);
    case REPORT_SUITE:
        return fragment_of_suite(results, report->count);
    default:
        return fragment_of_results(results);
    }
}

static char *make_page(const struct report *report, const struct page_results *results, GError **error)
{
    switch (report->kind) {
    case REPORT_COMPARISON:
        return page_of_comparison(results, &report->list, report->scripts, error);
    case REPORT_SUITE:
        return page_of_suite(results, report->count, report->scripts, error);
    default:
        return page_of_results(results, report->scripts, error);
    }
}

/* Of the fragment and the figures in it. */
static void note_letters(const struct report *report, const char *fragment)
{
    GString *all = g_string_new(fragment);
    for (size_t i = 0; i < report->count; i++)
        for (size_t d = 0; d < report->reported[i].drawings.list.count; d++) {
            const struct drawing *drawing = &report->reported[i].drawings.list.at[d];
            char *path = g_build_filename(report->reported[i].folder, drawing->file ? drawing->file : "", NULL);
            char *tex = NULL;
            if (drawing->file && g_file_get_contents(path, &tex, NULL, NULL))
                g_string_append(all, tex);
            g_free(tex);
            g_free(path);
        }
    cli_note_numbered_letters("report", all->str);
    g_string_free(all, TRUE);
}

static bool write_report(struct report *report)
{
    struct page_results *results = g_new0(struct page_results, report->count);
    for (size_t i = 0; i < report->count; i++) {
        const struct reported *one = &report->reported[i];
        results[i] = (struct page_results){
            .findings = one->findings,
            .drawings = report->kind == REPORT_SUITE ? NULL : &one->drawings,
            .no_drawings = one->no_drawings,
            .address = one->address,
        };
    }
    bool same = report->kind == REPORT_COMPARISON && strcmp(report->sides[0].folder, report->sides[1].folder) == 0;
    if (same)
        results[1] = results[0];
    GError *error = NULL;
    char *text = report->options->tex ? make_fragment(report, results) : make_page(report, results, &error);
    bool fine = text && temporary_write_text(report->output, text, &error);
    if (!fine) {
        fprintf(stderr, "posim report: %s\n", error->message);
        g_error_free(error);
        report->code = EXIT_RUNS_FAILED;
    }
    if (fine && report->options->tex)
        note_letters(report, text);
    g_free(text);
    g_free(results);
    return fine;
}

static int make_report(struct report *report)
{
    report->scripts = cli_analysis_folder();
    if (!report->scripts) {
        fputs("posim report: the folder analysis/ with the page's files is nowhere near the program\n", stderr);
        return EXIT_RUNS_FAILED;
    }
    if (!read_all(report))
        return report->code;
    for (size_t i = 0; i < report->count && report->kind != REPORT_SUITE; i++)
        draw(report, &report->reported[i]);
    if (write_report(report))
        puts(report->output);
    return report->code;
}

static void release(struct report *report)
{
    comparison_list_release(&report->list);
    for (size_t i = 0; i < report->count; i++) {
        struct reported *one = &report->reported[i];
        drawings_release(&one->drawings);
        findings_free(one->findings);
        scenario_free(one->scenario);
        g_free(one->folder);
        g_free(one->address);
        g_free(one->no_drawings);
    }
    comparison_side_release(&report->sides[0]);
    comparison_side_release(&report->sides[1]);
    g_free(report->reported);
    g_free(report->scripts);
    g_free(report->output);
}

int command_report(const struct cli *cli, int argc, char **argv)
{
    struct report_options options = {0};
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
         "where it goes; default DIR/report.html, of two directories comparison.html in the first, of more suite.html",
         "FILE"},
        {"tex", 0, 0, G_OPTION_ARG_NONE, &options.tex, "a fragment for LaTeX instead, to \\input", NULL},
        {"suite", 0, 0, G_OPTION_ARG_NONE, &options.suite, "tell of one or two directories as of more", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    int code = EXIT_USAGE;
    if (cli_options("report", entries, "DIR [DIR...] - one page of results",
                    "Examples:\n  posim report results/first\n"
                    "  posim report results/before results/after -o difference.html\n"
                    "  posim report results/sweep:0 results/sweep:4 -o difference.html\n"
                    "  posim report results/reproductions/* -o literature.html\n"
                    "  posim report results/sweep --tex\n\n"
                    "The page holds all it needs, figures included, and loads nothing from anywhere. Two directories,\n"
                    "or points (DIR:POINT), are compared; of more it is told what each was expected to show.",
                    &argc, &argv)) {
        struct report report = {.cli = cli, .options = &options, .names = argv + 1, .count = (size_t)argc - 1};
        report.kind = options.suite || argc > 3 ? REPORT_SUITE : argc == 3 ? REPORT_COMPARISON : REPORT_SINGLE;
        report.reported = g_new0(struct reported, MAX(report.count, 1));
        if (argc < 2)
            fputs("posim report: name a results directory\n", stderr);
        else
            code = make_report(&report);
        release(&report);
    }
    g_free(options.output);
    return code;
}
