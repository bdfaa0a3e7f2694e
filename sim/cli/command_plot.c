/* SPDX-License-Identifier: MIT */
/*
 * Makes figures of results. A figure's data are reduced to small tables in OUTPUT/data, which its script in analysis/
 * draws by gnuplot; the tables stay there, so that a script can be changed and run by hand.
 */
#include "cli/cli.h"
#include "experiment/results.h"
#include "report/figure.h"
#include "report/gnuplot.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

struct plot_options {
    char *output, *formats, *run;
    int columns, chain;
    gint64 height;
};

struct plot {
    const struct plot_options *options;
    struct figure_source source;
    char **formats;
    char *scripts; /* absolute, as the others are */
    char *output;
    char *data;
    char *results;
};

static char **parse_formats(const char *text)
{
    char **formats = g_strsplit(text ? text : "svg,png", ",", -1);
    for (char **format = formats; *format; format++) {
        g_strstrip(*format);
        if (g_strv_contains(gnuplot_formats, *format))
            continue;
        char *hint = cli_did_you_mean(*format, gnuplot_formats);
        fprintf(stderr, "posim plot: --format takes svg, png, pdf and tex, not `%s`%s\n", *format, hint);
        g_free(hint);
        g_strfreev(formats);
        return NULL;
    }
    return formats;
}

static bool check_kind(const char *kind)
{
    if (figure_find(kind))
        return true;
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; figures[i]; i++)
        g_ptr_array_add(names, (void *)figures[i]->name);
    g_ptr_array_add(names, NULL);
    char *hint = cli_did_you_mean(kind, (const char *const *)names->pdata);
    fprintf(stderr, "posim plot: there is no figure `%s`%s; `posim plot --help` lists them\n", kind, hint);
    g_free(hint);
    g_ptr_array_free(names, TRUE);
    return false;
}

/* Where the validators are recorded, they tell which chains there are. */
static bool check_chain(const struct figure_source *source)
{
    if (!figure_source_has(source, TABLE_VALIDATORS, false) || figure_source_validators(source))
        return true;
    fprintf(stderr, "posim plot: the results have no chain %u\n", source->chain);
    return false;
}

/*
 * What the scenario that made the results says: from when on blocks count, and, where no kind was named, which figures
 * to make. Results without it are taken whole.
 */
static char **ask_scenario(const struct cli *cli, struct figure_source *source)
{
    char *path = g_build_filename(source->folder, results_files[RESULTS_SCENARIO], NULL);
    struct scenario *scenario = g_file_test(path, G_FILE_TEST_EXISTS) ? cli_load(cli, path, NULL) : NULL;
    if (!scenario && g_file_test(path, G_FILE_TEST_EXISTS))
        fputs("posim plot: without its scenario the results are taken whole, warm-up included\n", stderr);
    g_free(path);
    if (!scenario)
        return NULL;
    const void *values = scenario_values(scenario);
    source->warmup_ns = root_world(values)->time.warmup_ns;
    const struct param_list *plots = &root_experiment(&cli->root, values)->plots;
    GPtrArray *kinds = g_ptr_array_new();
    for (size_t i = 0; i < plots->count; i++)
        g_ptr_array_add(kinds, g_strdup(((const struct param_variant_value *)plots->items)[i].variant->name));
    g_ptr_array_add(kinds, NULL);
    bool none = plots->count == 0;
    scenario_free(scenario);
    return (char **)g_ptr_array_free(kinds, none);
}

/* LaTeX figures consist of a text and a PDF of the same name: apart from the others, since those have a PDF as well. */
static char *folder_for(const struct plot *plot, const char *format)
{
    char *folder = g_build_filename(plot->output, strcmp(format, "tex") == 0 ? FIGURES_TEX : NULL, NULL);
    g_mkdir_with_parents(folder, 0777); /* if it fails, gnuplot_draw says why */
    return folder;
}

static bool draw(const struct plot *plot, const struct figure *figure)
{
    for (char **format = plot->formats; *format; format++) {
        char *folder = folder_for(plot, *format);
        struct gnuplot_order order = {.scripts = plot->scripts,
                                      .name = figure->name,
                                      .results = plot->results,
                                      .data = plot->data,
                                      .output = folder,
                                      .format = *format,
                                      .columns = plot->options->columns};
        GString *written = g_string_new(NULL);
        GError *error = NULL;
        bool fine = gnuplot_draw(&order, written, &error);
        fputs(written->str, stdout);
        fflush(stdout);
        g_string_free(written, TRUE);
        g_free(folder);
        if (!fine) {
            fprintf(stderr, "posim plot: %s\n", error->message);
            g_error_free(error);
            return false;
        }
    }
    return true;
}

/* A figure that these results do not allow is an error if it was asked for, else it is left out. */
static bool make_figure(const struct plot *plot, const struct figure *figure, bool asked)
{
    char *lacking = figure_lacks(figure, &plot->source);
    if (lacking) {
        const struct figure_run *first = &plot->source.runs[0];
        fprintf(stderr,
                "posim plot: %s%s: it needs the tables %s; name them under `record:` in the scenario, or\n"
                "  posim replay %s %" G_GUINT64_FORMAT "-%u\n",
                asked ? "cannot draw " : "no ", figure->name, lacking, plot->source.folder, first->point,
                first->replication);
        g_free(lacking);
        return !asked;
    }
    GError *error = NULL;
    if (figure->reduce(&plot->source, plot->data, &error))
        return draw(plot, figure);
    bool empty = g_error_matches(error, FIGURE_ERROR, FIGURE_ERROR_EMPTY);
    fprintf(stderr, "posim plot: %s%s: %s\n", empty && !asked ? "no " : "cannot draw ", figure->name, error->message);
    g_error_free(error);
    return empty && !asked;
}

static int make_figures(const struct plot *plot, char **kinds)
{
    if (g_mkdir_with_parents(plot->data, 0777) != 0) {
        fprintf(stderr, "posim plot: cannot make %s: %s\n", plot->data, g_strerror(errno));
        return EXIT_RUNS_FAILED;
    }
    bool fine = true;
    for (char **kind = kinds; kind && *kind; kind++)
        fine = make_figure(plot, figure_find(*kind), true) && fine;
    for (size_t i = 0; !kinds && figures[i]; i++)
        fine = make_figure(plot, figures[i], false) && fine;
    return fine ? EXIT_FINE : EXIT_RUNS_FAILED;
}

static int plot_results(const struct cli *cli, const struct plot_options *options, const char *folder, char **kinds)
{
    struct plot plot = {.options = options};
    GError *error = NULL;
    if (!figure_source_open(&plot.source, folder, options->run, &error)) {
        fprintf(stderr, "posim plot: %s\n", error->message);
        g_error_free(error);
        return EXIT_USAGE;
    }
    int code = EXIT_USAGE;
    char **by_scenario = ask_scenario(cli, &plot.source), **wanted = kinds && *kinds ? kinds : by_scenario;
    plot.source.chain = (chain_id)options->chain;
    if (options->height >= 0)
        plot.source.height = (uint64_t)options->height;
    bool fine = check_chain(&plot.source);
    for (char **kind = wanted; kind && *kind; kind++)
        fine = check_kind(*kind) && fine;
    plot.formats = fine ? parse_formats(options->formats) : NULL;
    char *scripts = cli_analysis_folder();
    if (fine && !scripts) {
        fputs("posim plot: the folder analysis/ with the figures' scripts is nowhere near the program\n", stderr);
        code = EXIT_RUNS_FAILED;
    } else if (plot.formats) {
        plot.scripts = g_canonicalize_filename(scripts, NULL);
        plot.results = g_canonicalize_filename(folder, NULL);
        plot.output = options->output ? g_canonicalize_filename(options->output, NULL)
                                      : g_build_filename(plot.results, RESULTS_PLOTS, NULL);
        plot.data = g_build_filename(plot.output, FIGURES_DATA, NULL);
        code = make_figures(&plot, wanted);
    }
    g_free(scripts);
    g_free(plot.scripts);
    g_free(plot.results);
    g_free(plot.output);
    g_free(plot.data);
    g_strfreev(plot.formats);
    g_strfreev(by_scenario);
    figure_source_release(&plot.source);
    return code;
}

static char *help(void)
{
    GString *text = g_string_new("Figures:\n");
    for (size_t i = 0; figures[i]; i++)
        g_string_append_printf(text, "  %-18s %s\n", figures[i]->name, figures[i]->meaning);
    g_string_append(text, "\nExamples:\n  posim plot results/first\n"
                          "  posim plot results/first finality block_tree --format pdf,tex --width 2\n\n"
                          "The data of each figure are in DIR/plots/data. analysis/README.md tells how to run a\n"
                          "script by hand, and how to put a figure into a paper.");
    return g_string_free(text, FALSE);
}

int command_plot(const struct cli *cli, int argc, char **argv)
{
    struct plot_options options = {.columns = 1, .height = -1};
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.formats, "svg, png, pdf, tex; default svg,png", "FORMATS"},
        {"width", 'w', 0, G_OPTION_ARG_INT, &options.columns, "columns of a page: 1 (8.5 cm) or 2 (17.6 cm)", "N"},
        {"run", 'r', 0, G_OPTION_ARG_STRING, &options.run, "one run alone, as 0-0; default all of the first point",
         "P-R"},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, "where figures go; default DIR/plots", "FOLDER"},
        {"height", 0, 0, G_OPTION_ARG_INT64, &options.height, "of the space-time diagram; default a typical one", "H"},
        {"chain", 0, 0, G_OPTION_ARG_INT, &options.chain, "the chain to draw; default 0", "N"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    char *examples = help();
    int code = EXIT_USAGE;
    if (!cli_options("plot", entries, "DIR [KIND...] - make figures of results", examples, &argc, &argv))
        goto done;
    if (argc < 2)
        fputs("posim plot: name a results directory\n", stderr);
    else if (options.columns != 1 && options.columns != 2)
        fputs("posim plot: --width takes 1 or 2\n", stderr);
    else if (options.chain < 0)
        fputs("posim plot: --chain takes a number from 0\n", stderr);
    else
        code = plot_results(cli, &options, argv[1], argv + 2);
done:
    g_free(examples);
    g_free(options.formats);
    g_free(options.run);
    g_free(options.output);
    return code;
}
