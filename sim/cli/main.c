/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/plug_ins.h"
#include "experiment/cluster.h"
#include "experiment/posim_version.h"
#include "report/figure.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command commands[] = {
    {"new", "[PRESET]", "print a commented scenario to start from", command_new},
    {"check", "FILE...", "validate scenarios; --show-origin says where each value comes from", command_check},
    {"list", "KIND", "list protocols, adversaries, faults, metrics, tables, figures, presets, ...", command_list},
    {"explain", "NAME...", "what a key, a metric, a table, a figure, a preset, ... is and means", command_explain},
    {"plan", "FILE", "the points of an experiment, its runs, and about what they cost", command_plan},
    {"run", "FILE...", "run scenarios and write results", command_run},
    {"watch", "DIR", "look on while an experiment runs, here or elsewhere", command_watch},
    {"merge", "DIR...", "make the tables of an experiment that was run in parts", command_merge},
    {"plot", "DIR [FIGURE...]", "make figures of results: svg, png, pdf, tex", command_plot},
    {"report", "DIR [DIR...]", "one page of results, or of a comparison: html, tex", command_report},
    {"replay", "DIR RUN", "run one run of results again, with full traces", command_replay},
    {"compare", "DIR DIR", "paired differences of two results or points, with intervals", command_compare},
    {"verify", "DIR", "run a sample of results again and compare the hashes", command_verify},
    {"completion", "SHELL", "print the script that completes command lines", command_completion},
    {"manual", "", "print the man page", command_manual},
    {NULL, NULL, NULL, NULL},
};

static void print_help(FILE *out)
{
    fputs("posim simulates proof-of-stake consensus and shared security.\n\n"
          "  posim new > first.yaml              a scenario to start from\n"
          "  posim run first.yaml -o results     run it: traces, metrics and a verdict\n"
          "  posim plot results                  figures of the results\n"
          "  posim report results                one page of it all\n\n"
          "commands:\n",
          out);
    for (const struct command *command = commands; command->name; command++)
        fprintf(out, "  %-10s %-15s %s\n", command->name, command->arguments, command->meaning);
    fputs("\n`posim COMMAND --help` shows a command's options. Exit codes: 0 fine, 1 some runs failed, 2 usage,\n"
          "3 bad scenario, or results that are in use or damaged, 4 an expectation was not met, 130 interrupted.\n",
          out);
}

static int unknown_command(const char *name)
{
    const char *names[G_N_ELEMENTS(commands)];
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        names[i] = commands[i].name;
    char *hint = suggest_question(name, names);
    fprintf(stderr, "posim: there is no command `%s`; `posim --help` lists them%s\n", name, hint);
    g_free(hint);
    return EXIT_USAGE;
}

/* What was printed must have got to where it was to go. */
static int flush_output(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_FINE;
    fprintf(stderr, "posim: cannot write to standard output: %s\n", g_strerror(errno));
    return EXIT_RUNS_FAILED;
}

/* Of the ranks that mpirun starts only the first does what they cannot share, as if it were alone. */
static bool is_left_to_another(const struct command *command)
{
    if (!cluster_is_wanted() || strcmp(command->name, "run") == 0)
        return false;
    bool is_first = cluster_rank_wanted() == 0;
    cluster_forget();
    return !is_first;
}

static int run_command(int argc, char **argv)
{
    const struct command *command = commands;
    while (command->name && strcmp(command->name, argv[1]) != 0)
        command++;
    if (!command->name)
        return unknown_command(argv[1]);
    if (is_left_to_another(command))
        return EXIT_FINE;
    struct cli cli;
    plug_ins_register(&cli.registry);
    figure_variants_init(&cli.figures);
    root_init(&cli.root, &cli.registry, &cli.figures);
    int code = command->run(&cli, argc - 1, argv + 1);
    if (code == EXIT_FINE)
        code = flush_output();
    root_release(&cli.root);
    figure_variants_release(&cli.figures);
    registry_release(&cli.registry);
    return code;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error that is told, not the end */
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_FINE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("posim " POSIM_VERSION);
        return EXIT_FINE;
    }
    return run_command(argc, argv);
}
