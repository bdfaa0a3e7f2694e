/* SPDX-License-Identifier: MIT */
#include "scenario/describe.h"
#include "scenario/explain.h"
#include "scenario/resolved.h"
#include "scenario/schema.h"

#include <string.h>

enum { WIDEST_LINE = 100 };

/* Where the template is: how deep, and the path for the choices. */
struct spot {
    const char *const *choices;
    const char *path; /* "" at the root */
    int depth;
};

static void append_table(const struct param_table *table, const struct spot *spot, GString *out);

static void append_indent(const struct spot *spot, GString *out)
{
    g_string_append_printf(out, "%*s", 2 * spot->depth, "");
}

/* A comment, broken between words where it is long. */
static void append_words(const char *text, const struct spot *spot, GString *out)
{
    char **words = g_strsplit(text, " ", -1);
    gsize line = 0;
    for (char **word = words; *word; word++) {
        bool is_full = word != words && line + 1 + strlen(*word) > WIDEST_LINE;
        if (is_full)
            g_string_append_c(out, '\n');
        if (is_full || word == words) {
            append_indent(spot, out);
            g_string_append_c(out, '#');
            line = (gsize)(2 * spot->depth) + 1;
        }
        g_string_append_printf(out, " %s", *word);
        line += 1 + strlen(*word);
    }
    g_string_append_c(out, '\n');
    g_strfreev(words);
}

static void append_comment(const struct param *param, const struct spot *spot, GString *out)
{
    GString *text = g_string_new(param->meaning);
    if (param->type != PARAM_STRUCT) {
        g_string_append(text, " (");
        describe_allowed(param, text);
        g_string_append_c(text, ')');
        if (!param->by_default && !param->optional)
            g_string_append(text, "; required");
    }
    append_words(text->str, spot, out);
    g_string_free(text, TRUE);
}

/* The variant to show: the one chosen, the default, or the first. */
static const struct param_variant *shown_variant(const struct param *one_of, const struct spot *spot, const char *path)
{
    size_t length = strlen(path);
    for (const char *const *choice = spot->choices; choice && *choice; choice++) {
        bool is_here = strncmp(*choice, path, length) == 0 && (*choice)[length] == '=';
        const struct param_variant *chosen = is_here ? schema_variant_named(one_of, *choice + length + 1) : NULL;
        if (chosen)
            return chosen;
    }
    if (one_of->by_default)
        return schema_variant_named(one_of, one_of->by_default);
    return one_of->variants->count ? &one_of->variants->list[0] : NULL;
}

/* The value that a choice gives to a plain parameter, or NULL. */
static const char *chosen_value(const struct spot *spot, const char *path)
{
    size_t length = strlen(path);
    for (const char *const *choice = spot->choices; choice && *choice; choice++) {
        if (strncmp(*choice, path, length) == 0 && (*choice)[length] == '=')
            return *choice + length + 1;
    }
    return NULL;
}

static bool is_chosen(const struct spot *spot, const char *path)
{
    size_t length = strlen(path);
    for (const char *const *choice = spot->choices; choice && *choice; choice++) {
        if (strncmp(*choice, path, length) == 0 && ((*choice)[length] == '=' || (*choice)[length] == '.'))
            return true;
    }
    return false;
}

static void append_key(const struct param *param, const struct spot *spot, GString *out)
{
    append_indent(spot, out);
    g_string_append_printf(out, "%s:", param->key);
}

static void append_variant(const struct param *param, const struct spot *spot, const char *path, GString *out)
{
    const struct param_variant *variant = shown_variant(param, spot, path);
    struct spot inside = {.choices = spot->choices, .path = path, .depth = spot->depth + 1};
    append_key(param, spot, out);
    g_string_append_c(out, '\n');
    if (!variant)
        return;
    append_indent(&inside, out);
    g_string_append_printf(out, "%s: %s # %s\n", param->discriminator, variant->name, variant->meaning);
    if (variant->table)
        append_table(variant->table, &inside, out);
}

/* What is left out stands as a comment, so that it can be uncommented. */
static void append_optional(const struct param *param, const struct spot *spot, GString *out)
{
    append_indent(spot, out);
    g_string_append_printf(out, "# %s: ", param->key);
    const struct param_variant *variant = param->type == PARAM_ONE_OF ? shown_variant(param, spot, "") : NULL;
    if (variant)
        g_string_append_printf(out, "{%s: %s}", param->discriminator, variant->name);
    else if (param->type == PARAM_LIST)
        g_string_append(out, "[]");
    else if (param->type == PARAM_MAP || param->type == PARAM_STRUCT || param->type == PARAM_VALUES)
        g_string_append(out, "{}");
    else
        g_string_append(out, describe_example(param));
    g_string_append_c(out, '\n');
}

static void append_plain_value(const struct param *param, const struct spot *spot, const char *path, GString *out)
{
    append_key(param, spot, out);
    g_string_append_c(out, ' ');
    const char *chosen = chosen_value(spot, path);
    const char *value = chosen ? chosen : param->by_default;
    if (param->type == PARAM_LIST)
        g_string_append(out, value && *value ? value : "[]");
    else if (param->type == PARAM_MAP)
        g_string_append(out, "{}");
    else
        resolved_append_scalar(value ? value : describe_example(param),
                               param->type == PARAM_TEXT || param->type == PARAM_FILE, out);
    g_string_append_c(out, '\n');
}

/* Whether any key of the table is written, not only commented. */
static bool has_written_key(const struct param_table *table, const struct spot *spot, const char *path)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct param *param = &table->params[i];
        char *inside = g_strconcat(path, ".", param->key, NULL);
        bool is_written = !param->optional || param->by_default || is_chosen(spot, inside);
        g_free(inside);
        if (is_written)
            return true;
    }
    return false;
}

static void append_struct(const struct param *param, const struct spot *spot, const char *path, GString *out)
{
    append_indent(spot, out);
    g_string_append_printf(out, "%s%s:\n", has_written_key(param->table, spot, path) ? "" : "# ", param->key);
    append_table(param->table, &(struct spot){spot->choices, path, spot->depth + 1}, out);
}

static void append_param(const struct param *param, const struct spot *spot, GString *out)
{
    char *path = g_strconcat(spot->path, *spot->path ? "." : "", param->key, NULL);
    append_comment(param, spot, out);
    if (param->optional && !param->by_default && !is_chosen(spot, path)) {
        append_optional(param, spot, out);
    } else if (param->type == PARAM_STRUCT) {
        append_struct(param, spot, path, out);
    } else if (param->type == PARAM_ONE_OF) {
        append_variant(param, spot, path, out);
    } else {
        append_plain_value(param, spot, path, out);
    }
    g_free(path);
}

static void append_table(const struct param_table *table, const struct spot *spot, GString *out)
{
    for (size_t i = 0; i < table->count; i++) {
        if (spot->depth == 0)
            g_string_append_c(out, '\n');
        append_param(&table->params[i], spot, out);
    }
}

void template_yaml(const struct param_table *root, const char *const *choices, GString *out)
{
    g_string_append(out,
                    "# A scenario of posim. `posim explain KEY` says more about a key, `posim check FILE` checks the "
                    "file.\n" SCHEMA_VERSION_KEY ": " SCHEMA_VERSION "\n");
    append_table(root, &(struct spot){.choices = choices, .path = ""}, out);
}
