/* SPDX-License-Identifier: MIT */
/* What a name means: keys and kinds from the parameter tables, all else from topics.h; where it is several things, all.
 */
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/topics.h"
#include "scenario/explain.h"

#include <stdio.h>
#include <string.h>

/* What may have been meant, unless a key has already been proposed; g_free it. */
static char *hint_for(const struct cli *cli, const char *asked, const char *message)
{
    GPtrArray *names = topics_names(cli);
    char *hint =
        strstr(message, "did you mean") ? g_strdup("") : suggest_question(asked, (const char *const *)names->pdata);
    g_ptr_array_free(names, TRUE);
    return hint;
}

/* The metrics whose names go on: named where something else was explained, else explained themselves. */
static bool append_family(const struct cli *cli, const char *name, GString *out)
{
    const char **family = topics_family(name);
    bool only_named = out->len > 0, any = *family;
    for (size_t i = 0; family[i]; i++)
        if (only_named)
            g_string_append_printf(out, "%s%s", i ? ", " : "\nsee also ", family[i]);
        else
            topics_explain(cli, family[i], out);
    if (only_named && any)
        g_string_append_c(out, '\n');
    g_free(family);
    return any;
}

static bool explain(const struct cli *cli, const char *name)
{
    GString *text = g_string_new(NULL), *keys = g_string_new(NULL);
    GError *error = NULL;
    bool found = topics_explain(cli, name, text);
    if (explain_key(&cli->root.table, name, keys, &error)) {
        g_string_append_printf(text, "%s%s", found ? "\n" : "", keys->str);
        found = true;
    }
    found |= append_family(cli, name, text);
    fputs(text->str, stdout);
    if (!found) {
        char *hint = hint_for(cli, name, error->message);
        fprintf(stderr, "posim explain: %s%s\n", error->message, hint);
        g_free(hint);
    }
    g_clear_error(&error);
    g_string_free(keys, TRUE);
    g_string_free(text, TRUE);
    return found;
}

int command_explain(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options(
            "explain", entries, "NAME... - what a key, a kind, a metric, a table, a figure, a preset or a verdict is",
            "Examples:\n  posim explain timeout_propose\n  posim explain praos\n  posim explain finality_s\n"
            "  posim explain blocks\n  posim explain cosmos-hub\n\n`posim list KIND` shows the names of a kind.",
            &argc, &argv))
        return EXIT_USAGE;
    if (argc < 2) {
        fputs("posim explain: name a key of a scenario, or what `posim list` shows\n", stderr);
        return EXIT_USAGE;
    }
    bool all = true;
    for (int i = 1; i < argc; i++)
        all = explain(cli, argv[i]) && all;
    return all ? EXIT_FINE : EXIT_USAGE;
}
