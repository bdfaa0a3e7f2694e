/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "crypto/profile.h"
#include "record/metric.h"
#include "record/table.h"
#include "report/figure.h"
#include "stake/distribution.h"

#include <stdio.h>
#include <string.h>

static void list_variants(const struct param_variants *variants)
{
    for (size_t i = 0; i < variants->count; i++)
        printf("%-24s %s\n", variants->list[i].name, variants->list[i].meaning);
}

static void list_protocols(const struct cli *cli)
{
    list_variants(&cli->registry.protocols);
}

static void list_elections(const struct cli *cli)
{
    list_variants(&cli->registry.elections);
}

static void list_adversaries(const struct cli *cli)
{
    list_variants(&cli->registry.adversaries);
}

static void list_faults(const struct cli *cli)
{
    (void)cli;
    list_variants(&fault_variants);
}

static void list_stakes(const struct cli *cli)
{
    (void)cli;
    list_variants(&stake_distributions);
}

static void list_signatures(const struct cli *cli)
{
    (void)cli;
    list_variants(&signature_profiles);
}

static void list_metrics(const struct cli *cli)
{
    (void)cli;
    for (int m = 0; m < METRICS; m++)
        printf("%-32s %s\n", metrics[m].name, metrics[m].definition);
}

static void list_tables(const struct cli *cli)
{
    (void)cli;
    for (int table = 0; table < TABLES; table++) {
        struct table_info info = table_info((enum table)table);
        printf("%-16s %-20s %s\n", info.name, info.file, info.meaning);
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Prints the files of a folder that end so, without the ending, in alphabetical order. */
static void list_folder(char *folder, const char *ending)
{
    GDir *listing = folder ? g_dir_open(folder, 0, NULL) : NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; listing && (name = g_dir_read_name(listing));)
        if (g_str_has_suffix(name, ending))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(ending)));
    qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
    for (guint i = 0; i < names->len; i++)
        puts(g_ptr_array_index(names, i));
    g_ptr_array_free(names, TRUE);
    if (listing)
        g_dir_close(listing);
    g_free(folder);
}

static void list_presets(const struct cli *cli)
{
    (void)cli;
    list_folder(cli_presets_folder(), ".yaml");
}

static void list_figures(const struct cli *cli)
{
    (void)cli;
    for (size_t i = 0; figures[i]; i++)
        printf("%-24s %s\n", figures[i]->name, figures[i]->meaning);
}

static const struct {
    const char *name;
    void (*list)(const struct cli *cli);
} kinds[] = {
    {"adversaries", list_adversaries}, {"elections", list_elections},   {"faults", list_faults},
    {"figures", list_figures},         {"metrics", list_metrics},       {"presets", list_presets},
    {"protocols", list_protocols},     {"signatures", list_signatures}, {"stakes", list_stakes},
    {"tables", list_tables},
};

static void print_kinds(FILE *out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        fprintf(out, "%s%s", i ? ", " : "", kinds[i].name);
    fputc('\n', out);
}

int command_list(const struct cli *cli, int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!cli_options("list", entries, "KIND - list what there is of a kind",
                     "Example:\n  posim list protocols\n\nKinds: adversaries, elections, faults, figures, metrics,\n"
                     "presets, protocols, signatures, stakes, tables.",
                     &argc, &argv))
        return EXIT_USAGE;
    if (argc < 2) {
        fputs("posim list: name a kind: ", stderr);
        print_kinds(stderr);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].name, argv[1]) == 0) {
            kinds[i].list(cli);
            return EXIT_FINE;
        }
    const char *names[G_N_ELEMENTS(kinds) + 1] = {NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        names[i] = kinds[i].name;
    char *hint = cli_did_you_mean(argv[1], names);
    fprintf(stderr, "posim list: there is no kind `%s`%s\nkinds: ", argv[1], hint);
    print_kinds(stderr);
    g_free(hint);
    return EXIT_USAGE;
}
