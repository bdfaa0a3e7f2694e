/* SPDX-License-Identifier: MIT */
#include "contract/registry.h"

#include <string.h>

static void append(struct param_variants *variants, const char *name, const char *meaning,
                   const struct param_table *table, const void *plugin)
{
    struct param_variant *list = g_renew(struct param_variant, (void *)variants->list, variants->count + 1);
    list[variants->count] = (struct param_variant){.name = name, .meaning = meaning, .table = table, .plugin = plugin};
    variants->list = list;
    variants->count++;
}

void registry_init(struct registry *registry, const struct protocol *const *protocols,
                   const struct election *const *elections, const struct adversary *const *adversaries)
{
    *registry = (struct registry){0};
    for (; *protocols; protocols++)
        append(&registry->protocols, (*protocols)->name, (*protocols)->meaning, (*protocols)->params, *protocols);
    for (; *elections; elections++)
        append(&registry->elections, (*elections)->name, (*elections)->meaning, (*elections)->params, *elections);
    for (; *adversaries; adversaries++)
        append(&registry->adversaries, (*adversaries)->name, (*adversaries)->meaning, (*adversaries)->params,
               *adversaries);
}

void registry_release(struct registry *registry)
{
    g_free((void *)registry->protocols.list);
    g_free((void *)registry->elections.list);
    g_free((void *)registry->adversaries.list);
    *registry = (struct registry){0};
}

const struct election *registry_election(const struct registry *registry, const char *name)
{
    for (size_t i = 0; i < registry->elections.count; i++)
        if (strcmp(registry->elections.list[i].name, name) == 0)
            return registry->elections.list[i].plugin;
    return NULL;
}
