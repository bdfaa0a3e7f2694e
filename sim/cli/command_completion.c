/* SPDX-License-Identifier: MIT */
/*
 * Completion of command lines. `posim completion SHELL` prints the script that a shell reads; that script then asks
 * `posim completion words WORD...` at each tab, where the words are those after `posim`, the last one as far as it is
 * written.
 */
#include "base/suggest.h"
#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

static int answer(const struct cli *cli, char **words)
{
    GString *out = g_string_new(NULL);
    completion_answer(cli, words, out);
    fputs(out->str, stdout);
    g_string_free(out, TRUE);
    return EXIT_FINE;
}

static int print_script(const char *shell)
{
    const char *script = completion_script(shell);
    if (script) {
        fputs(script, stdout);
        return EXIT_FINE;
    }
    char *hint = suggest_question(shell, completion_shells);
    fprintf(stderr, "posim completion: there is none for `%s`%s\n", shell, hint);
    g_free(hint);
    return EXIT_USAGE;
}

int command_completion(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (argc > 1 && strcmp(argv[1], "words") == 0)
        return answer(cli, argv + 2); /* words that are options are not options of this */
    if (!cli_options("completion", entries, "SHELL - print the script that completes command lines: bash, zsh or fish",
                     "Examples:\n  . <(posim completion bash)\n"
                     "  posim completion zsh > ~/.zfunc/_posim\n"
                     "  posim completion fish > ~/.config/fish/completions/posim.fish\n\n"
                     "An installed posim has put them where shells look.",
                     &argc, &argv))
        return EXIT_USAGE;
    if (argc == 2)
        return print_script(argv[1]);
    fputs("posim completion: name a shell: bash, zsh or fish\n", stderr);
    return EXIT_USAGE;
}
