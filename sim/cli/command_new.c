/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"
#include "cli/cli.h"
#include "scenario/explain.h"

#include <stdio.h>
#include <string.h>

enum { WIDEST_LINE = 100 };

static const struct param_variant *find_protocol(const struct cli *cli, const char *name)
{
    for (size_t i = 0; i < cli->registry.protocols.count; i++)
        if (strcmp(cli->registry.protocols.list[i].name, name) == 0)
            return &cli->registry.protocols.list[i];
    return NULL;
}

/* Every key there is, at its default. */
static void print_all(const struct cli *cli, const char *protocol)
{
    char *choice = g_strdup_printf("protocol=%s", protocol);
    const char *const choices[] = {choice, "validators.count=100", NULL};
    GString *text = g_string_new(NULL);
    template_yaml(&cli->root.table, choices, text);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    g_free(choice);
}

/* "a, b or c" */
static void print_names(const struct param_variants *variants)
{
    for (size_t i = 0; i < variants->count; i++)
        printf("%s%s", !i ? "" : i + 1 < variants->count ? ", " : " or ", variants->list[i].name);
}

/* The keys of a protocol that have a default, each with its meaning behind it, or before it where it is long. */
static void print_keys(const struct param_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct param *param = &table->params[i];
        if (!param->by_default || !param->by_default[0])
            continue;
        char *key = g_strdup_printf("  %s: %s", param->key, param->by_default);
        bool is_long = strlen(param->meaning) + 40 > WIDEST_LINE;
        if (is_long)
            printf("  # %s\n%s\n", param->meaning, key);
        else
            printf("%-38s # %s\n", key, param->meaning);
        g_free(key);
    }
}

/* What the discriminator of root.section.key chooses from. */
static const struct param_variants *variants_of(const struct param_table *root, const char *section, const char *key)
{
    const struct param_table *table = param_table_find(root, section)->table;
    return param_table_find(table, key)->variants;
}

/* What most scenarios say, with the protocol's own keys; the rest is a comment, to be uncommented. */
static void print_short(const struct param_table *root, const struct param_variant *protocol)
{
    printf(
        "# A scenario of posim. `posim check FILE` validates it, `posim run FILE` runs it, `posim explain KEY` says\n"
        "# more about a key, and `posim new --all %s` prints every key that there is.\n"
        "posim: 1\nname: my-%s\n\n"
        "# how long a run lasts; what happens before `warmup` does not count for the metrics\n"
        "time: {duration: 10 min, warmup: 0 s}\n\n"
        "# %s\nprotocol:\n  kind: %s\n",
        protocol->name, protocol->name, protocol->meaning, protocol->name);
    print_keys(protocol->table);
    fputs("\n# who takes part; dist: ", stdout);
    print_names(variants_of(root, "validators", "stake"));
    fputs("\nvalidators:\n  count: 100\n  stake: {dist: equal}\n\n# where nodes are and how far apart; model: ",
          stdout);
    print_names(variants_of(root, "network", "latency"));
    fputs("\nnetwork:\n  latency: {model: geographic}\n\n# what goes wrong, and when; kind: ", stdout);
    print_names(&fault_variants);
}

static void print_short_end(const struct registry *registry)
{
    fputs("\n# faults:\n#   - {kind: partition, at: 4 min, for: 1 min, groups: [60 %, 40 %]}\n\n"
          "# who misbehaves; kind: ",
          stdout);
    print_names(&registry->adversaries);
    fputs("\n# adversary: {kind: silent, stake: 20 %}\n\n"
          "# how often it is run, and with which luck\nreplicate: {count: 1, seed: 1}\n\n"
          "# what metrics must come to; otherwise `posim run` exits with 4\n"
          "expect:\n  - {metric: safety_violations, max: 0}\n",
          stdout);
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

/* What the name may have been meant for, among protocols and the presets of the folder; g_free it. */
static char *hint_for(const struct cli *cli, const char *name, const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < cli->registry.protocols.count; i++)
        g_ptr_array_add(names, g_strdup(cli->registry.protocols.list[i].name));
    GDir *listing = folder ? g_dir_open(folder, 0, NULL) : NULL;
    for (const char *file; listing && (file = g_dir_read_name(listing));)
        if (g_str_has_suffix(file, ".yaml"))
            g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".yaml")));
    g_ptr_array_add(names, NULL);
    char *hint = suggest_question(name, (const char *const *)names->pdata);
    if (listing)
        g_dir_close(listing);
    g_ptr_array_free(names, TRUE);
    return hint;
}

static int new_from_preset(const struct cli *cli, const char *name)
{
    char *folder = cli_presets_folder();
    char *file = g_strdup_printf("%s.yaml", name);
    char *path = folder ? g_build_filename(folder, file, NULL) : NULL;
    char *content = NULL;
    int code = EXIT_FINE;
    if (path && !strchr(name, '/') && g_file_get_contents(path, &content, NULL, NULL)) {
        print_preset(name, content);
    } else {
        char *hint = hint_for(cli, name, folder);
        fprintf(
            stderr,
            "posim new: there is no preset or protocol `%s`; see `posim list presets` and `posim list protocols`%s\n",
            name, hint);
        g_free(hint);
        code = EXIT_USAGE;
    }
    g_free(content);
    g_free(path);
    g_free(file);
    g_free(folder);
    return code;
}

int command_new(const struct cli *cli, int argc, char **argv)
{
    gboolean all = FALSE;
    const GOptionEntry entries[] = {
        {"all", 'a', 0, G_OPTION_ARG_NONE, &all, "every key of a protocol's scenario, at its default", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("new", entries, "[PRESET | PROTOCOL] - print a commented scenario to start from",
                     "Examples:\n  posim new > first.yaml\n  posim new praos > pools.yaml\n"
                     "  posim new --all praos > everything.yaml\n  posim new cosmos-hub > hub.yaml\n\n`posim list "
                     "presets` and `posim list protocols` show what "
                     "there is.",
                     &argc, &argv))
        return EXIT_USAGE;
    const char *name = argc > 1 ? argv[1] : "tendermint";
    const struct param_variant *protocol = find_protocol(cli, name);
    if (!protocol)
        return new_from_preset(cli, name);
    if (all) {
        print_all(cli, name);
    } else {
        print_short(&cli->root.table, protocol);
        print_short_end(&cli->registry);
    }
    return EXIT_FINE;
}
