/* SPDX-License-Identifier: MIT */
#include "report/figure_entry.h"

#include "base/suggest.h"
#include "report/sweep_params.h"

#include <string.h>

static void free_scenario(gpointer scenario)
{
    scenario_free(scenario);
}

void figure_entries_init(struct figure_entries *entries)
{
    *entries = (struct figure_entries){.owned = g_ptr_array_new_with_free_func(free_scenario)};
}

void figure_entries_release(struct figure_entries *entries)
{
    for (size_t i = 0; i < entries->all.count; i++)
        g_free(entries->all.at[i].name);
    vector_release(&entries->all);
    g_clear_pointer(&entries->owned, g_ptr_array_unref);
}

static bool is_taken(const struct figure_entries *entries, const char *name)
{
    bool taken = false;
    for (size_t i = 0; i < entries->all.count && !taken; i++)
        taken = strcmp(entries->all.at[i].name, name) == 0;
    return taken;
}

/* A file's name, which may not lead anywhere else. */
static char *plain_name(const char *name)
{
    char *plain = g_strdelimit(g_strdup(name), "/", '-');
    if (plain[0] == '.')
        plain[0] = '-';
    return plain;
}

/* The name wanted, or else with the first number behind it that is free. */
static char *free_name(const struct figure_entries *entries, const char *wanted)
{
    char *plain = plain_name(wanted), *name = g_strdup(plain);
    for (int number = 2; is_taken(entries, name); number++) {
        g_free(name);
        name = g_strdup_printf("%s_%d", plain, number);
    }
    g_free(plain);
    return name;
}

static void add_value(struct figure_entries *entries, const struct param_variant_value *value)
{
    const struct figure_common *common = value->value;
    const struct figure *figure = value->variant->plugin;
    struct figure_entry entry = {.figure = figure,
                                 .params = value->value,
                                 .name = free_name(entries, common->name ? common->name : figure->name)};
    vector_push(&entries->all, entry);
}

void figure_entries_add_plots(struct figure_entries *entries, const struct param_list *plots)
{
    for (size_t i = 0; i < plots->count; i++)
        add_value(entries, &((const struct param_variant_value *)plots->items)[i]);
}

/* The figure as a scenario would have it, a line for each parameter, so that an error can show it. */
static char *as_scenario(const char *kind, const char *const *with, GString *errors)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "posim: 1\nfigure:\n  kind: %s\n", kind);
    for (; with && *with; with++) {
        const char *equals = strchr(*with, '=');
        if (!equals || strchr(*with, '\n')) {
            g_string_append_printf(errors, "--with takes KEY=VALUE, such as y=orphan_rate, not `%s`\n", *with);
            g_string_free(text, TRUE);
            return NULL;
        }
        g_string_append_printf(text, "  %.*s: %s\n", (int)(equals - *with), *with, equals + 1);
    }
    return g_string_free(text, FALSE);
}

bool figure_entries_add(struct figure_entries *entries, const struct param_variants *kinds, const char *kind,
                        const char *const *with, GString *errors)
{
    const struct param param = {
        .key = "figure", .type = PARAM_ONE_OF, .discriminator = "kind", .variants = kinds, .meaning = "a figure"};
    const struct param_table table = {
        .name = "figures", .meaning = "", .size = sizeof(struct param_variant_value), .params = &param, .count = 1};
    char *text = as_scenario(kind, with, errors);
    if (!text)
        return false;
    struct scenario_source source = {.text = text, .name = "--with"};
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *scenario = NULL;
    bool fine = scenario_load(&source, &table, &scenario, &diagnostics);
    if (fine) {
        g_ptr_array_add(entries->owned, scenario);
        add_value(entries, scenario_values(scenario));
    } else {
        diagnostics_print(&diagnostics, errors);
    }
    diagnostics_release(&diagnostics);
    g_free(text);
    return fine;
}

size_t figure_entries_move(struct figure_entries *to, struct figure_entries *entries, const char *name)
{
    size_t kept = 0, moved = 0;
    for (size_t i = 0; i < entries->all.count; i++) {
        struct figure_entry *entry = &entries->all.at[i];
        if (strcmp(entry->name, name) == 0 || strcmp(entry->figure->name, name) == 0) {
            vector_push(&to->all, *entry);
            moved++;
        } else {
            entries->all.at[kept++] = *entry;
        }
    }
    entries->all.count = kept;
    return moved;
}

#define SWEPT_MOST 64

/* `length` characters of `key`, which a parameter names. */
static bool is_swept(const char *parameter, const char *key, size_t length, const struct scenario *scenario,
                     GError **error)
{
    struct scenario_swept swept[SWEPT_MOST];
    size_t count = MIN(scenario_swept(scenario, swept, SWEPT_MOST), SWEPT_MOST);
    const char *paths[SWEPT_MOST + 1] = {NULL};
    char *name = g_strstrip(g_strndup(key, length));
    bool known = false;
    for (size_t i = 0; i < count; i++) {
        paths[i] = swept[i].path;
        known |= strcmp(swept[i].path, name) == 0 || strcmp(swept[i].column, name) == 0;
    }
    if (!known)
        sweep_refuse_key(error, parameter, name, paths);
    g_free(name);
    return known;
}

static bool are_fixed(const struct param_list *at, const struct scenario *scenario, GError **error)
{
    bool fine = true;
    for (size_t i = 0; i < at->count && fine; i++) {
        const char *written = ((const char *const *)at->items)[i];
        fine = is_swept("at", written, strcspn(written, "="), scenario, error);
    }
    return fine;
}

bool figure_entry_fits(const struct figure_entry *entry, const struct scenario *scenario, GError **error)
{
    const struct param_table *table = entry->figure->params;
    bool fine = true;
    for (size_t i = 0; entry->figure->of_sweep && i < table->count && fine; i++) {
        const struct param *param = &table->params[i];
        const void *value = (const char *)entry->params + param->offset;
        bool names_key = param->type == PARAM_TEXT && g_strv_contains(sweep_key_params, param->key);
        const char *key = names_key ? *(const char *const *)value : NULL;
        if (param->element == &sweep_at_element)
            fine = are_fixed(value, scenario, error);
        else if (key && strcmp(key, "none") != 0)
            fine = is_swept(param->key, key, strlen(key), scenario, error);
    }
    return fine;
}
