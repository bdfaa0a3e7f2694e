/* SPDX-License-Identifier: MIT */
#include "scenario/describe.h"

#include "scenario/schema.h"

#include <string.h>

struct type_words {
    const char *name;    /* "duration" */
    const char *plural;  /* "durations" */
    const char *allowed; /* "a duration such as 12 s" */
    const char *example; /* "1 s" */
};

static const struct type_words words[] = {
    [PARAM_FLAG] = {"switch", "switches", "on or off", "on"},
    [PARAM_INTEGER] = {"whole number", "whole numbers", "a whole number", "1"},
    [PARAM_DECIMAL] = {"number", "numbers", "a number such as 1.16 or 1/3", "1"},
    [PARAM_SHARE] = {"share", "shares", "a share such as 33 % or 1/3", "10 %"},
    [PARAM_DURATION] = {"duration", "durations", "a duration such as 12 s", "1 s"},
    [PARAM_SIZE] = {"size", "sizes", "a size such as 1 MiB", "1 kB"},
    [PARAM_RATE] = {"rate", "rates", "a rate such as 1 Gbit/s", "1 Gbit/s"},
    [PARAM_TX_RATE] = {"rate of transactions", "rates of transactions", "a rate of transactions such as 100 tx/s",
                       "100 tx/s"},
    [PARAM_STAKE] = {"stake", "stakes", "a stake in base units, digits only", "1"},
    [PARAM_TEXT] = {"text", "texts", "a text", "text"},
    [PARAM_FILE] = {"file", "files", "the path of a file", "FILE"},
    [PARAM_CHOICE] = {"choice", "choices", NULL, NULL},
    [PARAM_STRUCT] = {"map", "maps", "a map", NULL},
    [PARAM_LIST] = {"list", "lists", NULL, NULL},
    [PARAM_MAP] = {"map by name", "maps by name", NULL, NULL},
    [PARAM_ONE_OF] = {"map", "maps", NULL, NULL},
    [PARAM_VALUES] = {"map from keys to values", "maps from keys to values",
                      "a map from keys, as --set names them, to lists or ranges of values", "{}"},
};

const struct described_form describe_values[] = {
    {"protocol.slot: [4 s, 8 s]", "each value of a list"},
    {"adversary.stake: {from: 0 %, to: 30 %, step: 10 %}", "a range; `to` is in it where a step lands on it"},
    {"validators.count: {from: 10, to: 1000, factor: 10}", "a range that grows by a factor"},
    {"protocol: [{kind: praos}, {label: fast, slot: 1 s}]", "parts of the scenario; tables show the label or the kind"},
    {"extends: [cosmos-hub, ./mine.yaml]", "presets and files"},
    {NULL, NULL},
};

static void append_choices(const struct param *param, GString *out)
{
    for (size_t i = 0; param->choices[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", param->choices[i]);
}

static void append_variants(const struct param *param, GString *out)
{
    for (size_t i = 0; i < param->variants->count; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", param->variants->list[i].name);
}

void describe_type(const struct param *param, GString *out)
{
    g_string_append(out, words[param->type].name);
    if (param->type == PARAM_LIST || param->type == PARAM_MAP)
        g_string_append_printf(out, " of %s", words[param->element->type].plural);
    if (param->type == PARAM_ONE_OF)
        g_string_append_printf(out, " by `%s`", param->discriminator);
}

void describe_range(const struct param *param, GString *out)
{
    const char *items = param->type == PARAM_LIST || param->type == PARAM_MAP ? " items" : "";
    if (param->minimum && param->maximum)
        g_string_append_printf(out, "from %s to %s%s", param->minimum, param->maximum, items);
    else if (param->minimum)
        g_string_append_printf(out, "at least %s%s", param->minimum, items);
    else if (param->maximum)
        g_string_append_printf(out, "at most %s%s", param->maximum, items);
}

/* What a list or map by name may hold: "shares, each at most 50 %". */
static void append_elements(const struct param *element, GString *out)
{
    if (element->type == PARAM_CHOICE) {
        g_string_append(out, "any of ");
        append_choices(element, out);
        return;
    }
    g_string_append(out, words[element->type].plural);
    if (element->type == PARAM_ONE_OF) {
        g_string_append_printf(out, " with `%s`: ", element->discriminator);
        append_variants(element, out);
    } else if (element->minimum || element->maximum) {
        g_string_append(out, ", each ");
        describe_range(element, out);
    }
}

void describe_allowed(const struct param *param, GString *out)
{
    switch (param->type) {
    case PARAM_CHOICE:
        append_choices(param, out);
        break;
    case PARAM_ONE_OF:
        g_string_append_printf(out, "a map with `%s`: ", param->discriminator);
        append_variants(param, out);
        break;
    case PARAM_LIST:
        g_string_append(out, "a list of ");
        append_elements(param->element, out);
        break;
    case PARAM_MAP:
        g_string_append(out, "a map from names to ");
        append_elements(param->element, out);
        break;
    default:
        g_string_append(out, words[param->type].allowed);
    }
    if (param->minimum || param->maximum) {
        g_string_append(out, ", ");
        describe_range(param, out);
    }
}

void describe_allowed_with_default(const struct param *param, GString *out)
{
    describe_allowed(param, out);
    if (param->by_default)
        g_string_append_printf(out, "; default %s", param->by_default);
}

const char *describe_example(const struct param *param)
{
    if (param->minimum)
        return param->minimum;
    if (param->type == PARAM_CHOICE)
        return param->choices[0];
    return param->maximum ? param->maximum : words[param->type].example;
}

/* The walk so far: the tables that are open, so that none is entered twice. */
struct walk {
    void (*visit)(const struct described *described, void *context);
    void *context;
};

struct walk_frame {
    const struct walk_frame *outer;
    const struct param_table *table;
    const struct param_variant *variant;
    const char *path; /* "" at the root */
    int depth;
    bool is_named; /* an item of a map, whose key is its name */
};

static void walk_table(const struct walk *walk, const struct walk_frame *frame);

static bool is_open(const struct walk_frame *frame, const struct param_table *table)
{
    for (; frame; frame = frame->outer) {
        if (frame->table == table)
            return true;
    }
    return false;
}

static void enter(const struct walk *walk, const struct walk_frame *outer, const struct param_table *table,
                  const struct param_variant *variant, const char *path, bool is_named)
{
    if (!table || is_open(outer, table))
        return;
    walk_table(walk, &(struct walk_frame){
                         .outer = outer,
                         .table = table,
                         .variant = variant,
                         .path = path,
                         .depth = outer ? outer->depth + 1 : 0,
                         .is_named = is_named,
                     });
}

static void walk_variants(const struct walk *walk, const struct walk_frame *frame, const struct param *one_of,
                          const char *path, bool is_named)
{
    char *chosen = g_strconcat(path, ".", one_of->discriminator, NULL);
    walk->visit(
        &(struct described){
            .path = chosen,
            .key = one_of->discriminator,
            .param = one_of,
            .is_discriminator = true,
            .table = frame->table,
            .variant = frame->variant,
            .depth = frame->depth + 1,
        },
        walk->context);
    g_free(chosen);
    for (size_t i = 0; i < one_of->variants->count; i++) {
        const struct param_variant *variant = &one_of->variants->list[i];
        char *inside = g_strdup_printf("%s[%s]", path, variant->name);
        enter(walk, frame, variant->table, variant, inside, is_named);
        g_free(inside);
    }
}

/* Goes into what a value is made of: a struct, a variant, or the items of a list or map. */
static void walk_inside(const struct walk *walk, const struct walk_frame *frame, const struct param *param,
                        const char *path)
{
    bool is_named = false;
    for (; param->type == PARAM_LIST || param->type == PARAM_MAP; param = param->element)
        is_named = param->type == PARAM_MAP;
    if (param->type == PARAM_ONE_OF)
        walk_variants(walk, frame, param, path, is_named);
    else if (param->type == PARAM_STRUCT)
        enter(walk, frame, param->table, frame->variant, path, is_named);
}

static void walk_table(const struct walk *walk, const struct walk_frame *frame)
{
    for (size_t i = 0; i < frame->table->count; i++) {
        const struct param *param = &frame->table->params[i];
        if (frame->is_named && strcmp(param->key, SCHEMA_NAME_KEY) == 0)
            continue;
        char *path = g_strconcat(frame->path, *frame->path ? "." : "", param->key, NULL);
        walk->visit(
            &(struct described){
                .path = path,
                .key = param->key,
                .param = param,
                .table = frame->table,
                .variant = frame->variant,
                .depth = frame->depth,
            },
            walk->context);
        walk_inside(walk, frame, param, path);
        g_free(path);
    }
}

void describe_walk(const struct param_table *root, void (*visit)(const struct described *described, void *context),
                   void *context)
{
    enter(&(struct walk){visit, context}, NULL, root, NULL, "", false);
}

const struct param_table *describe_table(const struct param *param)
{
    while (param->type == PARAM_LIST || param->type == PARAM_MAP)
        param = param->element;
    return param->type == PARAM_STRUCT ? param->table : NULL;
}
