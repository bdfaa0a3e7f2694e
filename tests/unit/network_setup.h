/* SPDX-License-Identifier: MIT */
/*
 * Builds a network's parameters as a scenario would: all defaults, then "latency" = "uniform", "latency.min" = "10 ms"
 * and so on. A key is a path through the tables; setting a discriminated key chooses the variant. Memory is kept until
 * the program ends.
 */
#ifndef POSIM_TESTS_UNIT_NETWORK_SETUP_H
#define POSIM_TESTS_UNIT_NETWORK_SETUP_H

#include "base/quantity.h"
#include "network/network.h"
#include "network/params.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static inline void *setup_keep(void *memory)
{
    static GPtrArray *kept;
    if (!kept)
        kept = g_ptr_array_new();
    g_ptr_array_add(kept, memory);
    return memory;
}

/* The path of a temporary file with that text, kept until the program ends; who made it unlinks it. */
static inline char *setup_file_of(const char *text)
{
    GError *error = NULL;
    char *path = NULL;
    int handle = g_file_open_tmp("posim-network-XXXXXX", &path, &error);
    g_assert_no_error(error);
    g_close(handle, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return setup_keep(path);
}

static inline void setup_variant(const struct param *param, const char *name, struct param_variant_value *value)
{
    for (size_t i = 0; i < param->variants->count; i++) {
        const struct param_variant *variant = &param->variants->list[i];
        if (strcmp(variant->name, name) != 0)
            continue;
        setup_keep(value->value); /* the one that param_table_defaults made */
        value->variant = variant;
        value->value = variant->table ? setup_keep(g_malloc0(variant->table->size)) : NULL;
        if (variant->table)
            param_table_defaults(variant->table, value->value);
        return;
    }
    g_error("no variant %s", name);
}

static inline void setup_set(const struct param_table *table, void *filled, const char *path, const char *text)
{
    char **keys = g_strsplit(path, ".", 2);
    const struct param *param = param_table_find(table, keys[0]);
    g_assert_nonnull(param);
    void *field = (char *)filled + param->offset;
    if (keys[1] && param->type == PARAM_ONE_OF) {
        struct param_variant_value *value = field;
        setup_set(value->variant->table, value->value, keys[1], text);
    } else if (keys[1]) {
        setup_set(param->table, field, keys[1], text);
    } else if (param->type == PARAM_ONE_OF) {
        setup_variant(param, text, field);
    } else if (param->type == PARAM_TEXT || param->type == PARAM_FILE) {
        *(const char **)field = text;
    } else {
        GError *error = NULL;
        quantity_parse(param, text, field, &error);
        g_assert_no_error(error);
    }
    g_strfreev(keys);
}

/* `settings`: path, text, path, text, ..., NULL. */
static inline struct network_params *setup_params(const char *const *settings)
{
    struct network_params *params = setup_keep(g_new0(struct network_params, 1));
    param_table_defaults(&network_params_table, params);
    for (; settings && settings[0]; settings += 2)
        setup_set(&network_params_table, params, settings[0], settings[1]);
    return params;
}

static const struct random_seed setup_seed = {.seed = 11, .replication = 2};

static inline struct network *setup_network(uint32_t nodes, const char *const *settings)
{
    GError *error = NULL;
    struct network *network = network_new(setup_params(settings), nodes, NULL, &setup_seed, &error);
    g_assert_no_error(error);
    return network;
}

/* The message of the refusal; fails where the network is made after all. */
static inline char *setup_refusal(uint32_t nodes, const char *const *settings)
{
    GError *error = NULL;
    struct network *network = network_new(setup_params(settings), nodes, NULL, &setup_seed, &error);
    g_assert_null(network);
    g_assert_nonnull(error);
    char *message = g_strdup(error->message);
    g_error_free(error);
    return message;
}

#define SETTINGS(...)                                                                                                  \
    (const char *const[])                                                                                              \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

#endif
