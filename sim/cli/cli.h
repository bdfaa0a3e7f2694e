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
    EXIT_BAD_RESULTS = 3, /* in use, or damaged */
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
int command_completion(const struct cli *cli, int argc, char **argv);
int command_compare(const struct cli *cli, int argc, char **argv);
int command_explain(const struct cli *cli, int argc, char **argv);
int command_list(const struct cli *cli, int argc, char **argv);
int command_manual(const struct cli *cli, int argc, char **argv);
int command_merge(const struct cli *cli, int argc, char **argv);
int command_new(const struct cli *cli, int argc, char **argv);
int command_plan(const struct cli *cli, int argc, char **argv);
int command_plot(const struct cli *cli, int argc, char **argv);
int command_replay(const struct cli *cli, int argc, char **argv);
int command_report(const struct cli *cli, int argc, char **argv);
int command_run(const struct cli *cli, int argc, char **argv);
int command_verify(const struct cli *cli, int argc, char **argv);
int command_watch(const struct cli *cli, int argc, char **argv);

/*
 * Parses the options of a command; `examples` is shown below its --help, which ends the program. False after having
 * said on stderr what is wrong and how to get help (the command then returns EXIT_USAGE).
 */
bool cli_options(const char *command, const GOptionEntry *entries, const char *arguments, const char *examples,
                 int *argc, char ***argv);

/* Shows each option of a command, from the entries by which it parses them; it does nothing else then. */
void cli_each_option(const struct cli *cli, const struct command *command,
                     void (*take)(void *user, const GOptionEntry *entry), void *user);

/* What the command line says of a scenario beside its file; zeroed: nothing. */
struct cli_changes {
    char **overrides; /* --set, NULL-terminated */
    char **sweeps;    /* --sweep */
    char *only;       /* --only */
    char *seed;       /* --seed, the same as --set replicate.seed */
};

/* The options that fill them, for a command's GOptionEntry list: CLI_CHANGES(options.changes) */
#define CLI_CHANGES(changes)                                                                                           \
    {"set",      0, 0, G_OPTION_ARG_STRING_ARRAY, &(changes).overrides, "override a value, as in protocol.slot=2s",    \
     "KEY=VALUE"},                                                                                                     \
        {"sweep",                                                                                                      \
         0,                                                                                                            \
         0,                                                                                                            \
         G_OPTION_ARG_STRING_ARRAY,                                                                                    \
         &(changes).sweeps,                                                                                            \
         "try each of several values, as in protocol.slot=4s,8s",                                                      \
         "KEY=VALUES"},                                                                                                \
        {"only", 0, 0, G_OPTION_ARG_STRING, &(changes).only, "the points of a sweep that count", "CONDITION"},         \
    {                                                                                                                  \
        "seed", 0, 0, G_OPTION_ARG_STRING, &(changes).seed, "the same as --set replicate.seed=N", "N"                  \
    }
void cli_changes_release(struct cli_changes *changes);

/* Points of a sweep that are checked before anything runs; of larger ones, each value of each key. */
#define CLI_POINTS_CHECKED 1000

/*
 * Loads a scenario file and checks the points of its sweep; on errors prints them all to stderr and returns NULL. That
 * of results is read with their copies of the files that it names (experiment/inputs.h), which must be as they were.
 * `changes` may be NULL.
 */
struct scenario *cli_load(const struct cli *cli, const char *path, const struct cli_changes *changes);

/*
 * The scenario of a results directory. NULL after having said on stderr that there are no results, or what is wrong
 * with their scenario; *code is then what the command returns.
 */
struct scenario *cli_load_results(const struct cli *cli, const char *command, const char *folder, int *code);

/* Says on stderr which files that the scenario of results was read from are there and hold something else now. */
void cli_note_changed_inputs(const char *command, const char *folder);

/* Says on stderr for which letters of what was written for LaTeX a number stands. */
void cli_note_numbered_letters(const char *command, const char *tex);

/* The folders of what comes with the program, wherever it was built or installed; g_free them. NULL: not found. */
char *cli_presets_folder(void);
char *cli_analysis_folder(void);
char *cli_folder(const char *name);

/* The module by which ranks of mpirun speak, in the build tree or where it was installed; g_free it. NULL: none. */
char *cli_transport(void);

/* Warns on stderr where traces are not there that the scenario says to keep. */
void cli_warn_of_missing_traces(const struct cli *cli, const char *command, const struct scenario *scenario,
                                const char *folder);

/* Says on stderr why no world can be made of a scenario: a line each, with the line of the key that it begins with. */
void cli_tell_refusal(const struct scenario *scenario, const char *path, const char *message);

/*
 * The exit code for an error of results: EXIT_BAD_RESULTS where they cannot be used now, EXIT_USAGE where they are of
 * something else than what was named with them, else `otherwise`.
 */
int cli_results_code(const GError *error, int otherwise);

/* "point 3 (protocol.slot 4, adversary.stake 0.1): "; "" where nothing is swept. g_free it. */
char *cli_name_point(const struct scenario *scenario, uint64_t point);

#endif
