/* SPDX-License-Identifier: MIT */
/*
 * The man page: what is written here, then every key of a scenario, verdict and metric from their tables. The build
 * runs this command to make posim.1.
 */
#include "check/verdict.h"
#include "cli/cli.h"
#include "cli/topics.h"
#include "experiment/posim_version.h"
#include "experiment/results.h"
#include "record/metric.h"
#include "scenario/explain.h"

#include <stdio.h>

/* A text within a line of troff. */
static void print_text(const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '\\':
            fputs("\\e", stdout);
            break;
        case '-':
            fputs("\\-", stdout);
            break;
        case '\'':
            fputs("\\(aq", stdout);
            break;
        default:
            putchar(*text);
        }
}

static void print_head(void)
{
    fputs(".TH POSIM 1 \"\" \"posim " POSIM_VERSION "\" \"User Commands\"\n"
          ".SH NAME\nposim \\- simulate proof\\-of\\-stake consensus and shared security\n"
          ".SH SYNOPSIS\n.B posim\n.I COMMAND\n.RI [ OPTION .\\|.\\|.]\n.RI [ ARGUMENT .\\|.\\|.]\n"
          ".SH DESCRIPTION\n"
          "A scenario file says which validators, network, faults and misbehaviour to simulate, under which protocol.\n"
          ".B posim run\ncarries it out and writes tables of traces and metrics with a verdict on safety, liveness,\n"
          "accountability and conservation of stake;\n.B posim plot\nmakes figures of them,\n.B posim report\none "
          "page of it all.\n"
          "The same scenario and seed give the same bytes on any machine and with any number of workers.\n"
          ".PP\nData go to standard output, all else to standard error.\n",
          stdout);
}

static void print_commands(void)
{
    fputs(".SH COMMANDS\n", stdout);
    for (const struct command *command = commands; command->name; command++) {
        fputs(".TP\n.B posim ", stdout);
        print_text(command->name);
        if (command->arguments[0]) {
            fputs("\\fR ", stdout);
            print_text(command->arguments);
        }
        putchar('\n');
        print_text(command->meaning);
        putchar('\n');
    }
    fputs(".PP\n.B posim\n.I COMMAND\n.B \\-\\-help\nshows the options of a command. The kinds of\n.B posim list\n"
          "are ",
          stdout);
    for (const struct topic_kind *kind = topic_kinds; kind->name; kind++)
        printf("%s%s", kind->name, kind[1].name ? ", " : ".\n");
}

static void print_surroundings(void)
{
    static const struct {
        const char *code, *meaning;
    } codes[] = {
        {"0", "all is fine"},
        {"1", "some runs failed, or results could not be written"},
        {"2", "the command line is wrong"},
        {"3", "the scenario is wrong"},
        {"4", "an expectation of the scenario was not met"},
        {"130", "interrupted"},
    };
    fputs(".SH \"EXIT STATUS\"\n", stdout);
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        printf(".TP\n.B %s\n%s\n", codes[i].code, codes[i].meaning);
    fputs(".SH ENVIRONMENT\n"
          ".TP\n.B POSIM_DATA\n"
          "folder that holds\n.I scenarios\nand\n.I analysis\ninstead of the installed ones\n"
          ".TP\n.B SOURCE_DATE_EPOCH\nthe date that descriptions of results bear, in seconds since 1970; without it "
          "they bear none\n"
          ".TP\n.B NO_COLOR\n"
          "if it says something,\n.B posim watch\nand\n.B \\-\\-progress live\nuse no colours; nothing else has any\n"
          ".SH FILES\n",
          stdout);
    for (int file = 0; file < RESULTS_FILES; file++) {
        printf(".TP\n.I DIR/%s\n", results_files[file]);
        print_text(results_about[file].meaning);
        putchar('\n');
    }
    fputs(".TP\n.I DIR/traces/POINT\\-REPLICATION/\nthe recorded tables of a run\n"
          ".TP\n.I DIR/traces/TABLE\\-WRITER\\-NUMBER.csv.zst\nof a sweep, a recorded table of all runs that one "
          "process carried out\n"
          ".TP\n.I DIR/replay/POINT\\-REPLICATION/\nall tables of a run, from\n.B posim replay\n"
          ".TP\n.I DIR/plots/\nfigures, with their data in\n.I data/\n"
          ".PP\nA directory that is not empty is refused.\n.B \\-\\-force\nremoves these files of earlier results from "
          "it,"
          "\nand no file that posim did not write.\n",
          stdout);
}

static void print_verdicts(void)
{
    fputs(".SH VERDICTS\n", stdout);
    for (int v = 0; v < VERDICTS; v++) {
        printf(".TP\n.B %s\n", verdict_kinds[v].name);
        print_text(verdict_kinds[v].meaning);
        fputs("; applies ", stdout);
        print_text(verdict_kinds[v].applies);
        putchar('\n');
    }
}

static void print_metrics(void)
{
    fputs(".SH METRICS\n", stdout);
    for (int m = 0; m < METRICS; m++) {
        fputs(".TP\n.B ", stdout);
        print_text(metrics[m].name);
        fputs("\n(", stdout);
        print_text(metrics[m].unit);
        fputs(") ", stdout);
        print_text(metrics[m].definition);
        putchar('\n');
    }
}

int command_manual(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("manual", entries, "- print the man page", "Example:\n  posim manual | man -l -", &argc, &argv))
        return EXIT_USAGE;
    print_head();
    print_commands();
    print_surroundings();
    GString *keys = g_string_new(NULL);
    manual_troff(&cli->root.table, keys);
    printf(
        ".SH \"KEYS OF A SCENARIO\"\nA kind stands in brackets: faults[crash].share is the key share of each fault of "
        "kind crash.\n%s",
        keys->str);
    g_string_free(keys, TRUE);
    print_verdicts();
    print_metrics();
    return EXIT_FINE;
}
