/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/topics.h"
#include "record/metric.h"
#include "scenario/explain.h"

#include <stdio.h>
#include <string.h>

/* Names of metrics like the one asked for, unless a key has already been proposed; g_free it. */
static char *metric_hint(const char *asked, const char *message)
{
    const char *names[METRICS + 1] = {NULL};
    for (int m = 0; m < METRICS; m++)
        names[m] = metrics[m].name;
    return strstr(message, "did you mean") ? g_strdup("") : cli_did_you_mean(asked, names);
}

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
            char *hint = metric_hint(argv[i], error->message);
            fprintf(stderr, "posim explain: %s%s\n", error->message, hint);
            g_free(hint);
            g_error_free(error);
            code = EXIT_USAGE;
        }
        g_string_free(text, TRUE);
    }
    return code;
}
