/* SPDX-License-Identifier: MIT */
/*
 * What can stand next on a command line, for shells. The scripts of the shells (completion_scripts.c) hand over the
 * words so far and show the answer; all that there is to know comes from the tables of commands, their options, topics
 * and parameters.
 */
#ifndef POSIM_CLI_COMPLETION_H
#define POSIM_CLI_COMPLETION_H

#include "cli/cli.h"

/*
 * Appends what can stand in place of the last word, which may be "", after the others; the first is the command. A line
 * each: the whole word, then a tab and what it means, where that is known. A word that ends in = . or , is to be gone
 * on with. Files are the shell's matter: a line says which, `:scenarios`, `:results` (directories) or `:folders`.
 */
void completion_answer(const struct cli *cli, char **words, GString *out);

/* The script of a shell, or NULL; and the shells that there are, NULL-terminated. */
const char *completion_script(const char *shell);
extern const char *const completion_shells[];

#endif
