/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/topics.h"
#include "scenario/explain.h"

#include <stdio.h>

int command_explain(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("explain", entries, "KEY... - what a key, a plug-in or a metric means",
                     "Examples:\n  posim explain timeout_propose\n  posim explain praos\n"
                     "  posim explain finality_s",
                     &argc, &argv))
        return EXIT_USAGE;
    if (argc < 2) {
        fputs("posim explain: name a key of a scenario, a plug-in or a metric\n", stderr);
        return EXIT_USAGE;
    }
    int code = EXIT_FINE;
    for (int i = 1; i < argc; i++) {
        GString *text = g_string_new(NULL);
        GError *error = NULL;
        if (topics_explain_metric(argv[i], text) || explain_key(&cli->root.table, argv[i], text, &error)) {
            fputs(text->str, stdout);
        } else {
            fprintf(stderr, "posim explain: %s\n", error->message);
            g_error_free(error);
            code = EXIT_USAGE;
        }
        g_string_free(text, TRUE);
    }
    return code;
}
