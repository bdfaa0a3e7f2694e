/* SPDX-License-Identifier: MIT */
#include "scenario/schema.h"
#include "scenario/sweep_parts.h"
#include "scenario/sweep_path.h"
#include "scenario/sweep_range.h"
#include "scenario/sweep_value.h"
#include "scenario/text_check.h"

#include <string.h>

#define EXAMPLE "{protocol.slot: [4 s, 8 s], adversary.stake: {from: 0 %, to: 30 %, step: 10 %}}"

struct diagnostic *sweep_complain(struct sweep_draft *draft, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    struct diagnostic *diagnostic = diagnostics_add(draft->source->diagnostics, place, "%s", message);
    g_free(message);
    draft->is_broken = true;
    return diagnostic;
}

/* One key with its values. */

/* Whether the path can be swept at all. Whether there is such a key shows when a point is filled. */
static bool check_path(struct sweep_draft *draft, const char *path, struct place place)
{
    bool has_hole = !*path || path[0] == '.' || strstr(path, "..") || g_str_has_suffix(path, ".");
    if (has_hole) {
        sweep_complain(draft, place, "a key is missing in `%s`", path);
        return false;
    }
    char *first = g_strndup(path, strcspn(path, "."));
    const struct param *param = param_table_find(draft->source->root, first);
    bool is_of_file = strcmp(first, SCHEMA_VERSION_KEY) == 0 || strcmp(first, SCHEMA_EXTENDS_KEY) == 0;
    bool is_same = (is_of_file && strcmp(path, SCHEMA_EXTENDS_KEY) != 0) || (param && param->of_experiment);
    g_free(first);
    if (is_same)
        sweep_complain(draft, place, "`%s` is the same for all points: it cannot be swept", path);
    return !is_same;
}

static bool is_nothing(const struct yaml_node *node)
{
    return node->kind == YAML_SCALAR && node->is_plain && !*node->text;
}

/* One value of a list, whatever its key. */
static bool check_item(struct sweep_draft *draft, const char *path, const struct yaml_node *item)
{
    const struct yaml_entry *label = yaml_find(item, SWEEP_LABEL_KEY);
    bool is_labelled = label && label->value->kind == YAML_SCALAR && *label->value->text;
    if (is_nothing(item))
        sweep_complain(draft, item->place, "`%s`: a value is missing here", path);
    else if (label && !is_labelled && label->value->kind != YAML_BROKEN)
        sweep_complain(draft, label->key_place, "`" SWEEP_LABEL_KEY "` must be a text: tables show it");
    return item->kind != YAML_BROKEN && !is_nothing(item) && (!label || is_labelled);
}

static bool check_list(struct sweep_draft *draft, const char *path, const struct yaml_node *list)
{
    if (list->count == 0)
        sweep_complain(draft, list->place, "`%s` has no value", path);
    bool is_fine = list->count > 0;
    for (size_t i = 0; i < list->count; i++)
        is_fine = check_item(draft, path, list->entries[i].value) && is_fine;
    draft->is_broken |= !is_fine;
    return is_fine;
}

static bool check_given(struct sweep_draft *draft, const char *path, struct place place, const struct yaml_node *given)
{
    if (given->kind == YAML_LIST)
        return check_list(draft, path, given);
    if (sweep_is_range(given))
        return true;
    draft->is_broken = true;
    if (given->kind == YAML_BROKEN)
        return false;
    struct diagnostic *diagnostic = sweep_complain(draft, is_nothing(given) ? place : given->place,
                                                   "`%s` needs a list of values, or a range", path);
    diagnostic_note(diagnostic, "such as [4 s, 8 s], or {from: 4 s, to: 12 s, step: 4 s}");
    if (strcmp(given->place.source->name, "--set") == 0)
        diagnostic_note(diagnostic, "--sweep KEY=VALUE,VALUE changes what is swept");
    return false;
}

static size_t find_key(const struct sweep *sweep, const char *path)
{
    size_t k = 0;
    while (k < sweep->key_count && strcmp(sweep->keys[k].path, path) != 0)
        k++;
    return k;
}

/* Where the text of a key stands, without its quotes. */
static struct place without_quotes(struct place place, const char *path)
{
    bool is_quoted = place.length == (int)g_utf8_strlen(path, -1) + 2;
    place.column += is_quoted;
    place.length -= is_quoted ? 2 : 0;
    return place;
}

static void add_key(struct sweep_draft *draft, const char *path, struct place place, const struct yaml_node *given,
                    bool zipped)
{
    struct sweep *sweep = draft->sweep;
    place = without_quotes(place, path);
    size_t k = find_key(sweep, path);
    bool is_fine = check_path(draft, path, place) && check_given(draft, path, place, given);
    if (k < sweep->key_count && zipped) {
        sweep_complain(draft, place, "`%s` is swept twice, in `grid` and in `zip`", path);
        return;
    }
    if (k == SWEEP_MOST_KEYS) {
        sweep_complain(draft, place, "more than %d keys are swept", SWEEP_MOST_KEYS);
        return;
    }
    sweep->key_count = MAX(sweep->key_count, k + 1);
    sweep->keys[k] = (struct sweep_key){.path = path, .place = place};
    draft->given[k] = is_fine ? given : NULL;
    draft->zipped[k] = zipped;
}

static void add_keys(struct sweep_draft *draft, const char *part)
{
    const struct yaml_entry *entry = yaml_find(draft->node, part);
    if (!entry)
        return;
    if (entry->value->kind != YAML_MAP) {
        draft->is_broken = true; /* what it should be is told when the scenario is filled */
        return;
    }
    for (size_t i = 0; i < entry->value->count; i++) {
        const struct yaml_entry *key = &entry->value->entries[i];
        add_key(draft, key->key, key->key_place, key->value, strcmp(part, SWEEP_ZIP_KEY) == 0);
    }
}

/* The command line. */

/* KEY=V1,V2 or KEY={from: ...} is read as a list in YAML; what is one by itself needs no further brackets. */
static const struct yaml_node *read_values(struct sweep_draft *draft, const struct source *read, size_t offset)
{
    const struct yaml_node *list = yaml_parse(draft->source->pool, read, offset, draft->source->diagnostics);
    draft->is_broken |= !list;
    if (!list || list->kind != YAML_LIST || list->count != 1)
        return list;
    const struct yaml_node *only = list->entries[0].value;
    return only->kind == YAML_LIST || sweep_is_range(only) ? only : list;
}

static bool is_zipped(const struct sweep_draft *draft, const char *path)
{
    const struct yaml_entry *zip = yaml_find(draft->node, SWEEP_ZIP_KEY);
    return zip && yaml_find(zip->value, path);
}

static void add_from_command_line(struct sweep_draft *draft, const char *text)
{
    const struct sweep_source *source = draft->source;
    const char *equals = strchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    char *list = equals ? g_strdup_printf("%.*s=[%s]", (int)length, text, equals + 1) : g_strdup(text);
    struct source *read = source_new(source->pool, "--sweep", source->folder, NULL, list, strlen(list));
    g_free(list);
    if (!text_check(read, source->diagnostics)) {
        draft->is_broken = true;
        return;
    }
    const char *path = pool_bytes(source->pool, text, length);
    struct place place = {.source = read, .line = 1, .column = 1, .length = (int)MAX(g_utf8_strlen(path, -1), 1)};
    if (!equals) {
        diagnostic_note(sweep_complain(draft, place, "a sweep needs a key and values"),
                        "write KEY=VALUE,VALUE, such as protocol.slot=4s,8s");
        return;
    }
    if (is_zipped(draft, path)) {
        diagnostic_note(sweep_complain(draft, place, "`%s` changes with other keys: --sweep cannot change it", path),
                        "it stands in `zip`; --only chooses among its values");
        return;
    }
    const struct yaml_node *given = read_values(draft, read, length + 1);
    if (given)
        add_key(draft, path, place, given, false);
}

/* Presets. */

static bool check_preset(struct sweep_draft *draft, const struct yaml_node *value)
{
    if (value->kind == YAML_SCALAR)
        return true;
    if (value->kind != YAML_MAP) {
        sweep_complain(draft, value->place, "`" SCHEMA_EXTENDS_KEY "` takes presets and files, not a list");
        return false;
    }
    if (!yaml_find(value, SWEEP_LABEL_KEY))
        diagnostic_note(sweep_complain(draft, value->place, "a map to extend needs a label"),
                        "such as {label: fast, protocol: ...}");
    bool is_fine = yaml_find(value, SWEEP_LABEL_KEY);
    for (size_t i = 0; i < value->count; i++)
        is_fine = check_path(draft, value->entries[i].key, value->entries[i].key_place) && is_fine;
    return is_fine;
}

/* A whole scenario, but for what belongs to the experiment; labelled. */
static const struct yaml_node *extend(struct sweep_draft *draft, const struct yaml_node *value)
{
    const struct sweep_source *source = draft->source;
    const struct yaml_node *plain = sweep_value_without_label(source->pool, value);
    const struct yaml_node *whole = check_preset(draft, value) ? source->extend(source->user, plain) : NULL;
    draft->is_broken |= !whole;
    if (!whole)
        return NULL;
    struct yaml_node *rest = yaml_node_new(source->pool, YAML_MAP, value->place);
    for (size_t i = 0; i < whole->count; i++) {
        const struct param *param = param_table_find(source->root, whole->entries[i].key);
        if (!param || !param->of_experiment)
            yaml_append(source->pool, rest, whole->entries[i]);
    }
    const struct yaml_entry *label = yaml_find(value, SWEEP_LABEL_KEY);
    return sweep_value_labelled(source->pool, rest, label ? label->value->text : value->text);
}

/* Presets become the scenarios that they make. */
static void extend_all(struct sweep_draft *draft, size_t k)
{
    const struct yaml_node *given = draft->given[k];
    if (given && given->kind != YAML_LIST)
        sweep_complain(draft, given->place, "`%s` needs a list of presets or files", draft->sweep->keys[k].path);
    draft->given[k] = NULL;
    if (!given || given->kind != YAML_LIST)
        return;
    struct yaml_node *list = yaml_node_new(draft->source->pool, YAML_LIST, given->place);
    bool is_whole = true;
    for (size_t i = 0; i < given->count; i++) {
        const struct yaml_node *value = extend(draft, given->entries[i].value);
        is_whole = is_whole && value;
        yaml_append(draft->source->pool, list, (struct yaml_entry){.value = value});
    }
    draft->given[k] = is_whole ? list : NULL;
}

/* All keys. */

static size_t depth_of(const struct sweep_key *key)
{
    return sweep_is_extends(key) ? 0 : sweep_path_depth(key->path);
}

/* A key that leads further comes later, since it changes what the others make; else in the order given. */
static void order_keys(struct sweep *sweep)
{
    for (size_t k = 0; k < sweep->key_count; k++) {
        size_t at = k;
        for (; at > 0 && depth_of(&sweep->keys[sweep->laying[at - 1]]) > depth_of(&sweep->keys[k]); at--)
            sweep->laying[at] = sweep->laying[at - 1];
        sweep->laying[at] = k;
    }
}

/* The command line's keys come before those of `zip`, as they do where the sweep is written down. */
void sweep_take_keys(struct sweep_draft *draft)
{
    add_keys(draft, SWEEP_GRID_KEY);
    for (const char *const *added = draft->source->added; added && *added; added++)
        add_from_command_line(draft, *added);
    add_keys(draft, SWEEP_ZIP_KEY);
    for (size_t k = 0; k < draft->sweep->key_count; k++) {
        sweep_override(draft, k);
        if (sweep_is_extends(&draft->sweep->keys[k]))
            extend_all(draft, k);
    }
    order_keys(draft->sweep);
}
