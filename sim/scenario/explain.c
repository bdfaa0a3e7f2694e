/* SPDX-License-Identifier: MIT */
#include "scenario/explain.h"

#include "base/suggest.h"
#include "scenario/describe.h"
#include "scenario/schema.h"

#include <string.h>

G_DEFINE_QUARK(posim - explain - error - quark, explain_error)

/* The room for a name, and for an example, before its meaning. */
enum { COLUMN = 24, WIDE_COLUMN = 52 };

/* Something that a user can ask about: a key, a discriminator, or a variant. */
struct topic {
    char *path;  /* "protocol[praos].slot" */
    char *plain; /* without variants: "protocol.slot" */
    char **parts;
    const struct param *param;           /* NULL for a variant */
    const struct param_variant *variant; /* the variant, where param is NULL */
    bool is_discriminator;
};

static void topic_free(void *data)
{
    struct topic *topic = data;
    g_free(topic->path);
    g_free(topic->plain);
    g_strfreev(topic->parts);
    g_free(topic);
}

char *explain_plain_path(const char *path)
{
    GString *plain = g_string_new(NULL);
    int depth = 0;
    for (; *path; path++) {
        depth += *path == '[';
        if (depth == 0)
            g_string_append_c(plain, *path);
        depth -= *path == ']';
    }
    return g_string_free(plain, FALSE);
}

/* The parts of a path, variants among them: protocol[praos].slot is protocol, praos, slot. */
static char **split_path(const char *path)
{
    char *dotted = g_strdup(path);
    g_strdelimit(dotted, "[", '.');
    GString *clean = g_string_new(dotted);
    g_string_replace(clean, "]", "", 0);
    char **parts = g_strsplit(clean->str, ".", -1);
    g_string_free(clean, TRUE);
    g_free(dotted);
    return parts;
}

static struct topic *add_topic(GPtrArray *topics, char *path)
{
    struct topic *topic = g_new0(struct topic, 1);
    topic->path = path;
    topic->plain = explain_plain_path(path);
    topic->parts = split_path(path);
    g_ptr_array_add(topics, topic);
    return topic;
}

static void collect(const struct described *described, void *context)
{
    GPtrArray *topics = context;
    struct topic *topic = add_topic(topics, g_strdup(described->path));
    topic->param = described->param;
    topic->is_discriminator = described->is_discriminator;
    if (!described->is_discriminator)
        return;
    size_t outer = strlen(described->path) - strlen(described->key) - 1;
    for (size_t i = 0; i < described->param->variants->count; i++) {
        const struct param_variant *variant = &described->param->variants->list[i];
        char *path = g_strdup_printf("%.*s[%s]", (int)outer, described->path, variant->name);
        add_topic(topics, path)->variant = variant;
    }
}

/* Whether the asked parts stand in this order in the topic's, the last ones being the same. */
static bool answers(const struct topic *topic, char **asked)
{
    guint count = g_strv_length(topic->parts);
    guint asked_count = g_strv_length(asked);
    if (asked_count == 0 || asked_count > count || strcmp(topic->parts[count - 1], asked[asked_count - 1]) != 0)
        return false;
    guint found = 0;
    for (guint i = 0; i < count && found < asked_count; i++)
        found += strcmp(topic->parts[i], asked[found]) == 0;
    return found == asked_count;
}

static bool is_whole(const struct topic *topic, const char *asked)
{
    return strcmp(topic->path, asked) == 0 || (topic->param && strcmp(topic->plain, asked) == 0);
}

static void line(GString *out, const char *label, const char *text)
{
    if (text && *text)
        g_string_append_printf(out, "  %-8s %s\n", label, text);
}

static void list_variants(const struct param *one_of, GString *out)
{
    for (size_t i = 0; i < one_of->variants->count; i++) {
        const struct param_variant *variant = &one_of->variants->list[i];
        g_string_append_printf(out, "    %-*s %s", COLUMN, variant->name, variant->meaning);
        if (variant->implied_by)
            g_string_append_printf(out, " (also meant by the key `%s`)", variant->implied_by);
        g_string_append_c(out, '\n');
    }
}

static void list_keys(const struct param_table *table, GString *out)
{
    for (size_t i = 0; table && i < table->count; i++)
        g_string_append_printf(out, "    %-*s %s\n", COLUMN, table->params[i].key, table->params[i].meaning);
}

static void list_forms(GString *out)
{
    for (const struct described_form *form = describe_values; form->written; form++)
        g_string_append_printf(out, "    %-*s %s\n", WIDE_COLUMN, form->written, form->meaning);
}

/* What a value is made of, where it has parts. */
static void explain_parts(const struct param *param, GString *out)
{
    while (param->type == PARAM_LIST || param->type == PARAM_MAP)
        param = param->element;
    const struct param_table *table = describe_table(param);
    if (param->type == PARAM_ONE_OF) {
        g_string_append_printf(out, "  %s\n", param->discriminator);
        list_variants(param, out);
    } else if (table) {
        g_string_append(out, "  keys\n");
        list_keys(table, out);
    } else if (param->type == PARAM_VALUES) {
        g_string_append(out, "  forms\n");
        list_forms(out);
    }
}

static void explain_default(const struct param *param, GString *out)
{
    if (!param->by_default)
        line(out, "default", param->optional ? "none; may be left out" : "none; required");
    else if (*param->by_default)
        line(out, "default", param->by_default);
    else if (param->type == PARAM_LIST || param->type == PARAM_MAP || param->type == PARAM_TEXT)
        line(out, "default", "empty");
}

static void explain_param(const struct param *param, GString *out)
{
    GString *text = g_string_new(NULL);
    describe_type(param, text);
    line(out, "type", text->str);
    if (param->type != PARAM_ONE_OF && param->type != PARAM_STRUCT) {
        g_string_truncate(text, 0);
        describe_allowed(param, text);
        line(out, "allowed", text->str);
    }
    g_string_free(text, TRUE);
    explain_default(param, out);
    line(out, "source", param->source);
}

static bool same_text(const char *a, const char *b)
{
    return g_strcmp0(a, b) == 0;
}

/* Whether two topics are one key that several variants share. */
static bool is_shared(const struct topic *a, const struct topic *b)
{
    if (!a->param && !b->param)
        return same_text(a->variant->name, b->variant->name) && a->variant->table == b->variant->table;
    if (!a->param || !b->param || !same_text(a->plain, b->plain))
        return false;
    const struct param *x = a->param;
    const struct param *y = b->param;
    return x->type == y->type && same_text(x->meaning, y->meaning) && same_text(x->by_default, y->by_default) &&
           same_text(x->minimum, y->minimum) && same_text(x->maximum, y->maximum) && same_text(x->source, y->source) &&
           x->choices == y->choices && x->variants == y->variants && x->table == y->table;
}

/* The paths of a topic and of the later ones that are the same; those are taken out (set to NULL). */
static char *take_shared(GPtrArray *found, guint index)
{
    const struct topic *topic = found->pdata[index];
    GString *places = g_string_new(topic->path);
    for (guint i = index + 1; i < found->len; i++) {
        const struct topic *other = found->pdata[i];
        if (other && is_shared(topic, other)) {
            g_string_append_printf(places, ", %s", other->path);
            found->pdata[i] = NULL;
        }
    }
    return g_string_free(places, FALSE);
}

static void explain_variant(const struct param_variant *variant, const char *places, GString *out)
{
    g_string_append_printf(out, "%s\n  %s\n", variant->name, variant->meaning);
    line(out, "in", places);
    if (variant->table && variant->table->count) {
        g_string_append(out, "  keys\n");
        list_keys(variant->table, out);
    }
}

static void explain_discriminator(const struct topic *topic, GString *out)
{
    g_string_append_printf(out, "%s\n  chooses: %s\n", topic->plain, topic->param->meaning);
    explain_default(topic->param, out);
    line(out, "source", topic->param->source);
    list_variants(topic->param, out);
}

static void explain_topic(const struct topic *topic, const char *places, GString *out)
{
    if (out->len)
        g_string_append_c(out, '\n');
    if (!topic->param) {
        explain_variant(topic->variant, places, out);
    } else if (topic->is_discriminator) {
        explain_discriminator(topic, out);
    } else {
        g_string_append_printf(out, "%s\n  %s\n", topic->plain, topic->param->meaning);
        explain_param(topic->param, out);
        if (strcmp(places, topic->plain) != 0)
            line(out, "in", places);
        explain_parts(topic->param, out);
    }
}

static void explain_found(GPtrArray *found, GString *out)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        if (!found->pdata[i])
            continue;
        char *places = take_shared(found, i);
        explain_topic(found->pdata[i], places, text);
        g_free(places);
    }
    g_string_append_len(out, text->str, (gssize)text->len);
    g_string_free(text, TRUE);
}

/* Names the keys that end like one that was explained. */
static void name_others(GPtrArray *others, GString *out)
{
    GHashTable *told = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < others->len; i++) {
        const struct topic *topic = others->pdata[i];
        if (g_hash_table_add(told, topic->plain))
            g_string_append_printf(out, "%s%s", i ? ", " : "\nsee also ", topic->plain);
    }
    if (others->len)
        g_string_append_c(out, '\n');
    g_hash_table_unref(told);
}

static void refuse(GPtrArray *topics, const char *key, GError **error)
{
    GPtrArray *words = g_ptr_array_new();
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    bool is_path = strpbrk(key, ".[");
    for (guint i = 0; i < topics->len; i++) {
        const struct topic *topic = topics->pdata[i];
        char *last = topic->parts[g_strv_length(topic->parts) - 1];
        char *word = is_path && topic->param ? topic->plain : last;
        if (g_hash_table_add(known, word))
            g_ptr_array_add(words, word);
    }
    g_ptr_array_add(words, NULL);
    const char **near = suggest(key, (const char *const *)words->pdata);
    char *joined = suggest_join(near, "or");
    g_set_error(error, EXPLAIN_ERROR, 0, "there is no key or kind `%s`%s%s%s", key, near[0] ? ": did you mean " : "",
                joined, near[0] ? "?" : "");
    g_free(joined);
    g_free(near);
    g_hash_table_unref(known);
    g_ptr_array_unref(words);
}

bool explain_key(const struct param_table *root, const char *key, GString *out, GError **error)
{
    GPtrArray *topics = g_ptr_array_new_with_free_func(topic_free);
    describe_walk(root, collect, topics);
    GPtrArray *whole = g_ptr_array_new();
    GPtrArray *ends = g_ptr_array_new();
    char **asked = split_path(key);
    for (guint i = 0; i < topics->len; i++) {
        struct topic *topic = topics->pdata[i];
        if (is_whole(topic, key))
            g_ptr_array_add(whole, topic);
        else if (answers(topic, asked))
            g_ptr_array_add(ends, topic);
    }
    bool is_found = whole->len || ends->len;
    if (!is_found)
        refuse(topics, key, error);
    explain_found(whole->len ? whole : ends, out);
    if (whole->len)
        name_others(ends, out);
    g_strfreev(asked);
    g_ptr_array_unref(ends);
    g_ptr_array_unref(whole);
    g_ptr_array_unref(topics);
    return is_found;
}
