/* SPDX-License-Identifier: MIT */
/*
 * What the commands share. Each command is one file with one function, listed in main.c; it gets its own arguments
 * (argv[0] is its name) and returns an exit code. stdout is for data, stderr for talk.
 */
#ifndef POSIM_CLI_CLI_H
#define POSIM_CLI_CLI_H

#include "experiment/root.h"
#include "scenario/scenario.h"

enum exit_code {
    EXIT_FINE = 0,
    EXIT_RUNS_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_BAD_SCENARIO = 3,
    EXIT_EXPECTATION = 4,
    EXIT_INTERRUPTED = 130,
};

struct cli {
    struct registry registry;
    struct param_variants figures; /* each plugin a struct figure */
    struct root root;
};

struct command {
    const char *name;
    const char *arguments; /* "FILE... [-o DIR]" */
    const char *meaning;   /* one line */
    int (*run)(const struct cli *cli, int argc, char **argv);
};

/* The commands in the order of `posim --help`, the last one's name NULL. */
extern const struct command commands[];

int command_check(const struct cli *cli, int argc, char **argv);
int command_explain(const struct cli *cli, int argc, char **argv);
int command_list(const struct cli *cli, int argc, char **argv);
int command_manual(const struct cli *cli, int argc, char **argv);
int command_new(const struct cli *cli, int argc, char **argv);
int command_plot(const struct cli *cli, int argc, char **argv);
int command_replay(const struct cli *cli, int argc, char **argv);
int command_run(const struct cli *cli, int argc, char **argv);

/*
 * Parses the options of a command; `examples` is shown below its --help, which ends the program. False after having
 * said on stderr what is wrong and how to get help (the command then returns EXIT_USAGE).
 */
bool cli_options(const char *command, const GOptionEntry *entries, const char *arguments, const char *examples,
                 int *argc, char ***argv);

/* Loads a scenario file; on errors prints them all to stderr and returns NULL. `overrides` may be NULL. */
struct scenario *cli_load(const struct cli *cli, const char *path, char **overrides);

/* The folders of what comes with the program, wherever it was built or installed; g_free them. NULL: not found. */
char *cli_presets_folder(void);
char *cli_analysis_folder(void);
char *cli_folder(const char *name);

/* Names near to `written` out of a NULL-terminated list, as "; did you mean `x`?", or "". g_free it. */
char *cli_did_you_mean(const char *written, const char *const *names);

#endif
