/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "cli/topics.h"
#include "scenario/explain.h"

#include <stdio.h>
#include <string.h>

static bool is_protocol(const struct cli *cli, const char *name)
{
    for (size_t i = 0; i < cli->registry.protocols.count; i++)
        if (strcmp(cli->registry.protocols.list[i].name, name) == 0)
            return true;
    return false;
}

static void print_template(const struct cli *cli, const char *protocol)
{
    char *choice = g_strdup_printf("protocol=%s", protocol);
    const char *const choices[] = {choice, NULL};
    GString *text = g_string_new(NULL);
    template_yaml(&cli->root.table, choices, text);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    g_free(choice);
}

/* A preset: a scenario that extends it, with the preset's own text as comments below, to be changed line by line. */
static void print_preset(const char *name, const char *content)
{
    printf("posim: 1\nname: my-%s\nextends: %s\n\n"
           "# What the preset says; write a key here with another value to change it.\n",
           name, name);
    char **lines = g_strsplit(content, "\n", -1);
    for (size_t i = 0; lines[i] && (lines[i][0] || lines[i + 1]); i++)
        if (strncmp(lines[i], "posim:", 6) != 0 && strncmp(lines[i], "name:", 5) != 0)
            printf("#%s%s\n", lines[i][0] && lines[i][0] != '#' ? " " : "", lines[i]);
    g_strfreev(lines);
}

int command_new(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("new", entries, "[PRESET | PROTOCOL] - print a commented scenario to start from",
                     "Examples:\n  posim new > first.yaml\n  posim new praos > pools.yaml\n"
                     "  posim new cosmos-hub > hub.yaml\n\n`posim list presets` and `posim list protocols` show what "
                     "there is.",
                     &argc, &argv))
        return EXIT_USAGE;
    const char *name = argc > 1 ? argv[1] : "tendermint";
    if (is_protocol(cli, name)) {
        print_template(cli, name);
        return EXIT_FINE;
    }
    char *folder = cli_presets_folder();
    char *file = g_strdup_printf("%s.yaml", name);
    char *path = folder ? g_build_filename(folder, file, NULL) : NULL;
    char *content = NULL;
    int code = EXIT_FINE;
    if (path && !strchr(name, '/') && g_file_get_contents(path, &content, NULL, NULL)) {
        print_preset(name, content);
    } else {
        fprintf(stderr,
                "posim new: there is no preset or protocol `%s`; `posim list presets` and `posim list "
                "protocols` show what there is\n",
                name);
        code = EXIT_USAGE;
    }
    g_free(content);
    g_free(path);
    g_free(file);
    g_free(folder);
    return code;
}
