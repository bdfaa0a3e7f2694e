/* SPDX-License-Identifier: MIT */
/*
 * Makes figures of results. A figure's data are reduced to small tables in OUTPUT/data, which its script in analysis/
 * draws by gnuplot; the tables stay there, so that a script can be changed and run by hand.
 */
#include "base/suggest.h"
#include "cli/cli.h"
#include "experiment/results.h"
#include "report/plot.h"
#include "report/sweep_table.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Characters across for which figures of text are made. */
#define TERMINAL_LEAST 60
#define TERMINAL_MOST  120

struct plot_options {
    char *output, *formats, *run;
    char **with;
    int columns, chain;
    gint64 height;
};

static char **parse_formats(const char *text)
{
    char **formats = g_strsplit(text ? text : "svg,png", ",", -1);
    for (char **format = formats; *format; format++) {
        g_strstrip(*format);
        if (g_strv_contains(gnuplot_formats, *format))
            continue;
        char *hint = suggest_question(*format, gnuplot_formats);
        fprintf(stderr, "posim plot: --format takes svg, png, pdf, tex and term, not `%s`%s\n", *format, hint);
        g_free(hint);
        g_strfreev(formats);
        return NULL;
    }
    return formats;
}

/* Says that nothing is called so, neither a kind nor one of the scenario's figures. */
static void say_unknown(const struct figure_entries *known, const char *name)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; figures[i]; i++)
        g_ptr_array_add(names, (void *)figures[i]->name);
    for (size_t i = 0; i < known->all.count; i++)
        if (!figure_find(known->all.at[i].name))
            g_ptr_array_add(names, known->all.at[i].name);
    g_ptr_array_add(names, NULL);
    char *hint = suggest_question(name, (const char *const *)names->pdata);
    fprintf(stderr, "posim plot: there is no figure `%s`%s; `posim plot --help` lists them\n", name, hint);
    g_free(hint);
    g_ptr_array_free(names, TRUE);
}

/* Where the validators are recorded, they tell which chains there are. */
static bool check_chain(const struct figure_source *source)
{
    if (source->run_count == 0 || !figure_source_has(source, TABLE_VALIDATORS, false) ||
        figure_source_validators(source))
        return true;
    fprintf(stderr, "posim plot: the results have no chain %u\n", source->chain);
    return false;
}

/* What the scenario says of figures: from when on blocks count, and which it wants. It must outlive `plots`. */
static void ask_scenario(const struct cli *cli, const struct scenario *scenario, struct figure_source *source,
                         struct figure_entries *plots)
{
    const void *values = scenario_values(scenario);
    source->warmup_ns = root_world(values)->time.warmup_ns;
    figure_entries_add_plots(plots, &root_experiment(&cli->root, values)->plots);
}

/* Adds a kind with what --with says of it. */
static bool add_kind(const struct cli *cli, struct figure_entries *wanted, const char *kind, char **with)
{
    GString *errors = g_string_new(NULL);
    bool fine = figure_entries_add(wanted, &cli->figures, kind, (const char *const *)with, errors);
    fputs(errors->str, stderr);
    g_string_free(errors, TRUE);
    return fine;
}

/* What was named: figures of the scenario by their name or kind, or else a kind as it is by default. */
static bool choose_named(const struct cli *cli, const struct plot_options *options, char **names,
                         struct figure_entries *plots, struct figure_entries *wanted)
{
    bool fine = true;
    for (char **name = names; *name; name++) {
        if (!options->with && figure_entries_move(wanted, plots, *name))
            continue;
        bool known = figure_find(*name) != NULL;
        if (!known)
            say_unknown(plots, *name);
        fine = known && add_kind(cli, wanted, *name, options->with) && fine;
    }
    return fine;
}

/* All kinds that results of this sort can have: of points where something was swept, of runs where there are traces. */
static bool choose_all(const struct cli *cli, const struct figure_source *source, struct figure_entries *wanted)
{
    struct sweep_table table;
    bool swept = false, fine = true;
    if (sweep_table_open(&table, source->folder, NULL)) {
        swept = table.keys.count > 0 && table.points.count > 1;
        sweep_table_release(&table);
    }
    for (size_t i = 0; figures[i]; i++)
        if (figures[i]->of_sweep ? swept : source->run_count > 0)
            fine = add_kind(cli, wanted, figures[i]->name, NULL) && fine;
    if (source->run_count == 0) {
        char *why = plot_no_traces(source);
        fprintf(stderr, "posim plot: no figures of single runs: %s\n", why);
        g_free(why);
    }
    return fine;
}

static void note_letters(const struct plot *plot, const struct figure_entry *entry)
{
    char *file = g_strconcat(entry->name, ".tex", NULL),
         *path = g_build_filename(plot->folder, FIGURES_TEX, file, NULL);
    char *tex = NULL;
    if (g_strv_contains((const char *const *)plot->formats, "tex") && g_file_get_contents(path, &tex, NULL, NULL))
        cli_note_numbered_letters("plot", tex);
    g_free(tex);
    g_free(path);
    g_free(file);
}

/* A figure that these results do not allow is an error if it was asked for, else it is left out. */
static int make_figure(struct plot *plot, const struct figure_entry *entry, bool asked)
{
    GString *written = g_string_new(NULL);
    GError *error = NULL;
    bool fine = plot_figure(plot, entry, written, &error);
    fputs(written->str, stdout);
    fflush(stdout);
    g_string_free(written, TRUE);
    if (fine) {
        note_letters(plot, entry);
        return EXIT_FINE;
    }
    bool left_out = error->domain == FIGURE_ERROR && !asked;
    bool wrong = g_error_matches(error, FIGURE_ERROR, FIGURE_ERROR_PARAMETER);
    if (!left_out || !entry->figure->quiet)
        fprintf(stderr, "posim plot: %s%s: %s\n", left_out ? "no " : "cannot draw ", entry->name, error->message);
    g_error_free(error);
    return left_out ? EXIT_FINE : wrong ? EXIT_USAGE : EXIT_RUNS_FAILED;
}

static int make_figures(struct plot *plot, const struct figure_entries *wanted, bool asked)
{
    int code = EXIT_FINE;
    for (size_t i = 0; i < wanted->all.count; i++) {
        int one = make_figure(plot, &wanted->all.at[i], asked);
        code = code == EXIT_FINE ? one : code;
    }
    return code;
}

/* How wide a terminal is, and whether it may have colours; a file gets 80 characters without. */
static void ask_terminal(struct plot *plot)
{
    struct winsize size;
    const char *no_color = g_getenv("NO_COLOR");
    bool is_terminal = isatty(STDOUT_FILENO) != 0;
    plot->characters = is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0
                           ? CLAMP(size.ws_col, TERMINAL_LEAST, TERMINAL_MOST)
                           : 80;
    plot->colours = is_terminal && !(no_color && *no_color);
}

static int draw_wanted(const struct plot_options *options, struct plot *plot, const struct figure_entries *wanted,
                       bool asked)
{
    char *scripts = cli_analysis_folder();
    if (!scripts) {
        fputs("posim plot: the folder analysis/ with the figures' scripts is nowhere near the program\n", stderr);
        return EXIT_RUNS_FAILED;
    }
    char *absolute = g_canonicalize_filename(scripts, NULL),
         *results = g_canonicalize_filename(plot->source.folder, NULL);
    char *folder = options->output ? g_canonicalize_filename(options->output, NULL)
                                   : g_build_filename(results, RESULTS_PLOTS, NULL);
    plot->scripts = absolute;
    plot->results = results;
    plot->folder = folder;
    plot->columns = options->columns;
    ask_terminal(plot);
    int code = make_figures(plot, wanted, asked);
    g_free(folder);
    g_free(results);
    g_free(absolute);
    g_free(scripts);
    return code;
}

static int plot_results(const struct cli *cli, const struct plot_options *options, const struct scenario *scenario,
                        const char *folder, char **names)
{
    struct plot plot = {0};
    GError *error = NULL;
    if (!figure_source_open(&plot.source, folder, options->run, &error)) {
        fprintf(stderr, "posim plot: %s\n", error->message);
        g_error_free(error);
        return EXIT_USAGE;
    }
    struct figure_entries plots, wanted;
    figure_entries_init(&plots);
    figure_entries_init(&wanted);
    ask_scenario(cli, scenario, &plot.source, &plots);
    plot.source.chain = (chain_id)options->chain;
    if (options->height >= 0)
        plot.source.height = (uint64_t)options->height;
    bool named = names && *names, asked = named || plots.all.count > 0;
    bool fine = check_chain(&plot.source);
    if (fine && named)
        fine = choose_named(cli, options, names, &plots, &wanted);
    else if (fine && !asked)
        fine = choose_all(cli, &plot.source, &wanted);
    plot.formats = fine ? parse_formats(options->formats) : NULL;
    int code = plot.formats ? draw_wanted(options, &plot, named || !asked ? &wanted : &plots, asked) : EXIT_USAGE;
    g_strfreev(plot.formats);
    figure_entries_release(&wanted);
    figure_entries_release(&plots);
    figure_source_release(&plot.source);
    return code;
}

static char *help(void)
{
    GString *text = g_string_new("Figures:\n");
    for (size_t i = 0; figures[i]; i++)
        g_string_append_printf(text, "  %-18s %s\n", figures[i]->name, figures[i]->meaning);
    g_string_append(text, "\nExamples:\n  posim plot results/first\n"
                          "  posim plot results/first finality block_tree --format pdf,tex --width 2\n"
                          "  posim plot results/sweep line --with x=protocol.slot --with y=orphan_rate\n"
                          "  posim plot results/sweep heat_map --format term\n\n"
                          "`posim explain line` tells what can be said of a figure, here by --with and in a scenario\n"
                          "under `plots:`. With neither, all figures are made that the results allow. "
                          "The data of each figure are in DIR/plots/data. analysis/README.md tells how to run a\n"
                          "script by hand, and how to put a figure into a paper.");
    return g_string_free(text, FALSE);
}

int command_plot(const struct cli *cli, int argc, char **argv)
{
    struct plot_options options = {.columns = 1, .height = -1};
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_STRING, &options.formats, "svg, png, pdf, tex, term; default svg,png",
         "FORMATS"},
        {"with", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.with, "a parameter of the figure; may be repeated",
         "PARAMETER=VALUE"},
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
    else if (options.with && argc != 3)
        fputs("posim plot: --with goes with one kind, as in `posim plot DIR line --with y=orphan_rate`\n", stderr);
    else if (options.columns != 1 && options.columns != 2)
        fputs("posim plot: --width takes 1 or 2\n", stderr);
    else if (options.chain < 0)
        fputs("posim plot: --chain takes a number from 0\n", stderr);
    else {
        struct scenario *scenario = cli_load_results(cli, "plot", argv[1], &code);
        if (scenario)
            code = plot_results(cli, &options, scenario, argv[1], argv + 2);
        scenario_free(scenario);
    }
done:
    g_free(examples);
    g_free(options.formats);
    g_free(options.run);
    g_free(options.output);
    g_strfreev(options.with);
    return code;
}
