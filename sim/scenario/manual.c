/* SPDX-License-Identifier: MIT */
#include "scenario/describe.h"
#include "scenario/explain.h"

#include <string.h>

/* A text within a line of troff. */
static void append_text(GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\')
            g_string_append(out, "\\e");
        else if (*text == '-')
            g_string_append(out, "\\-");
        else if (*text == '\n')
            g_string_append_c(out, ' ');
        else
            g_string_append_c(out, *text);
    }
}

/* A text at the start of a line, where a dot or an apostrophe would be a request. */
static void append_line(GString *out, const char *text)
{
    g_string_append(out, *text == '.' || *text == '\'' ? "\\&" : "");
    append_text(out, text);
    g_string_append_c(out, '\n');
}

static void append_variants(const struct param *one_of, GString *out)
{
    for (size_t i = 0; i < one_of->variants->count; i++) {
        const struct param_variant *variant = &one_of->variants->list[i];
        g_string_append(out, ".br\n.B ");
        append_text(out, variant->name);
        g_string_append(out, "\n\\(en ");
        append_text(out, variant->meaning);
        g_string_append_c(out, '\n');
    }
}

static void append_facts(const struct param *param, GString *out)
{
    GString *facts = g_string_new(NULL);
    describe_allowed(param, facts);
    if (param->by_default && *param->by_default)
        g_string_append_printf(facts, "; default %s", param->by_default);
    else if (!param->by_default)
        g_string_append(facts, param->optional ? "; optional" : "; required");
    if (param->source)
        g_string_append_printf(facts, "; source: %s", param->source);
    g_string_append(out, ".br\n");
    append_line(out, facts->str);
    g_string_free(facts, TRUE);
}

static void append_forms(GString *out)
{
    for (const struct described_form *form = describe_values; form->written; form++) {
        g_string_append(out, ".br\n.B ");
        append_text(out, form->written);
        g_string_append(out, "\n\\(en ");
        append_text(out, form->meaning);
        g_string_append_c(out, '\n');
    }
}

static void append_described(const struct described *described, void *context)
{
    GString *out = context;
    const struct param *param = described->param;
    bool is_section = described->depth == 0 && !described->is_discriminator;
    if (is_section) {
        g_string_append(out, ".SS ");
        append_line(out, described->path);
        append_line(out, param->meaning);
    } else {
        g_string_append(out, ".TP\n.B ");
        append_line(out, described->path);
        if (!described->is_discriminator)
            append_line(out, param->meaning);
    }
    if (described->is_discriminator)
        append_variants(param, out);
    else if (param->type != PARAM_STRUCT)
        append_facts(param, out);
    if (param->type == PARAM_VALUES)
        append_forms(out);
}

void manual_troff(const struct param_table *root, GString *out)
{
    describe_walk(root, append_described, out);
}
