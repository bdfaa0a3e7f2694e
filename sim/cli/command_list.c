/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/topics.h"

#include <stdio.h>
#include <string.h>

/* How wide the columns are: the longest of each and a blank. */
struct layout {
    size_t name, second;
};

static void measure(void *user, const char *name, const char *second, const char *meaning)
{
    (void)meaning;
    struct layout *layout = user;
    layout->name = MAX(layout->name, strlen(name) + 1);
    layout->second = second ? MAX(layout->second, strlen(second) + 1) : layout->second;
}

static void print(void *user, const char *name, const char *second, const char *meaning)
{
    const struct layout *layout = user;
    if (!meaning)
        puts(name);
    else if (second)
        printf("%-*s %-*s %s\n", (int)layout->name, name, (int)layout->second, second, meaning);
    else
        printf("%-*s %s\n", (int)layout->name, name, meaning);
}

/* "adversaries, elections, ..."; g_free it. */
static char *kinds_text(void)
{
    GString *text = g_string_new(NULL);
    for (const struct topic_kind *kind = topic_kinds; kind->name; kind++)
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", kind->name);
    return g_string_free(text, FALSE);
}

static int refuse(const char *asked, const char *kinds)
{
    char **names = g_strsplit(kinds, ", ", -1);
    char *hint = suggest_question(asked, (const char *const *)names);
    fprintf(stderr, "posim list: there is no kind `%s`%s\nkinds: %s\n", asked, hint, kinds);
    g_free(hint);
    g_strfreev(names);
    return EXIT_USAGE;
}

static int list(const struct cli *cli, const char *asked, const char *kinds)
{
    const struct topic_kind *kind = topic_kinds;
    while (kind->name && strcmp(kind->name, asked) != 0)
        kind++;
    if (!kind->name)
        return refuse(asked, kinds);
    struct layout layout = {0};
    kind->each(cli, measure, &layout);
    kind->each(cli, print, &layout);
    return EXIT_FINE;
}

int command_list(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    char *kinds = kinds_text();
    char *examples = g_strdup_printf(
        "Example:\n  posim list protocols\n\nKinds: %s.\n`posim explain NAME` says more of one.", kinds);
    int code = EXIT_USAGE;
    if (!cli_options("list", entries, "KIND - list what there is of a kind", examples, &argc, &argv))
        code = EXIT_USAGE;
    else if (argc < 2)
        fprintf(stderr, "posim list: name a kind: %s\n", kinds);
    else
        code = list(cli, argv[1], kinds);
    g_free(examples);
    g_free(kinds);
    return code;
}
