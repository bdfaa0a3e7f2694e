/* SPDX-License-Identifier: MIT */
#include "scenario/sweep.h"

#include "base/quantity.h"
#include "scenario/merge.h"
#include "scenario/override.h"
#include "scenario/schema.h"
#include "scenario/sweep_range.h"
#include "scenario/sweep_value.h"
#include "scenario/text_check.h"

#include <string.h>

#define SWEEP_EXAMPLE "grid: {protocol.slot: [4 s, 8 s], adversary.stake: {from: 0 %, to: 30 %, step: 10 %}}"

static const struct param sweep_params[] = {
    {.key = "grid",
     .type = PARAM_VALUES,
     .offset = offsetof(struct sweep_settings, grid),
     .optional = true,
     .meaning = "keys and the values of each; every combination is a point"},
    {.key = "zip",
     .type = PARAM_VALUES,
     .offset = offsetof(struct sweep_settings, zip),
     .optional = true,
     .meaning = "keys whose values change together, the first with the first; lists of one length"},
    {.key = "where",
     .type = PARAM_TEXT,
     .offset = offsetof(struct sweep_settings, where),
     .optional = true,
     .meaning = "which combinations count, such as `adversary.stake < 1/3 and protocol.slot >= 4 s`"},
};
const struct param_table sweep_table =
    PARAM_TABLE("sweep", "the values that are tried, in all combinations", struct sweep_settings, sweep_params);

/* A key as it is being read. */
struct reading {
    const struct sweep_source *source;
    struct sweep *sweep;
    const struct yaml_node *given[SWEEP_MOST_KEYS]; /* a list, or a range */
    bool zipped[SWEEP_MOST_KEYS];
    bool fine;
};

static struct diagnostic *complain(struct reading *reading, struct place place, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static struct diagnostic *complain(struct reading *reading, struct place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    struct diagnostic *diagnostic = diagnostics_add(reading->source->diagnostics, place, "%s", message);
    g_free(message);
    reading->fine = false;
    return diagnostic;
}

/* Which keys. */

static bool is_extends(const struct sweep_key *key)
{
    return strcmp(key->path, SCHEMA_EXTENDS_KEY) == 0;
}

/* Whether the path can be swept at all. Whether there is such a key shows when a point is filled. */
static bool check_path(struct reading *reading, const char *path, struct place place)
{
    size_t length = strcspn(path, ".");
    char *first = g_strndup(path, length);
    const struct param *param = param_table_find(reading->source->root, first);
    bool has_hole = !*path || strstr(path, "..") || path[0] == '.' || path[strlen(path) - 1] == '.';
    bool is_version = strcmp(first, SCHEMA_VERSION_KEY) == 0;
    bool is_below_extends = strcmp(first, SCHEMA_EXTENDS_KEY) == 0 && path[length];
    if (has_hole)
        complain(reading, place, "a key is missing in `%s`", path);
    else if (is_version || is_below_extends || (param && param->of_experiment))
        complain(reading, place, "`%s` is the same for all points: it cannot be swept", path);
    g_free(first);
    return reading->fine;
}

static size_t find_key(const struct sweep *sweep, const char *path)
{
    size_t k = 0;
    while (k < sweep->key_count && strcmp(sweep->keys[k].path, path) != 0)
        k++;
    return k;
}

static void add_key(struct reading *reading, const char *path, struct place place, const struct yaml_node *given,
                    bool zipped)
{
    struct sweep *sweep = reading->sweep;
    if (given->kind == YAML_BROKEN || !check_path(reading, path, place)) {
        reading->fine = false;
        return;
    }
    if (given->kind != YAML_LIST && !sweep_is_range(given)) {
        struct diagnostic *diagnostic =
            complain(reading, given->place, "`%s` needs a list of values, or a range", path);
        diagnostic_note(diagnostic, "such as [4 s, 8 s], or {from: 4 s, to: 12 s, step: 4 s}");
        return;
    }
    size_t k = find_key(sweep, path);
    if (k < sweep->key_count && (zipped || reading->zipped[k])) {
        complain(reading, place, "`%s` is swept twice, in `grid` and in `zip`", path);
        return;
    }
    if (k == SWEEP_MOST_KEYS) {
        complain(reading, place, "more than %d keys are swept", SWEEP_MOST_KEYS);
        return;
    }
    sweep->key_count = MAX(sweep->key_count, k + 1);
    sweep->keys[k] = (struct sweep_key){.path = path, .place = place};
    reading->given[k] = given;
    reading->zipped[k] = zipped;
}

static void add_keys(struct reading *reading, const struct yaml_node *sweep, const char *part, bool zipped)
{
    const struct yaml_entry *entry = yaml_find(sweep, part);
    if (!entry)
        return;
    if (entry->value->kind != YAML_MAP) {
        struct diagnostic *diagnostic =
            complain(reading, entry->key_place, "`sweep.%s` must be a map from keys to values", part);
        diagnostic_note(diagnostic, "such as %s", SWEEP_EXAMPLE);
        return;
    }
    for (size_t i = 0; i < entry->value->count; i++) {
        const struct yaml_entry *key = &entry->value->entries[i];
        add_key(reading, key->key, key->key_place, key->value, zipped);
    }
}

/* --sweep KEY=V1,V2 or KEY={from: ...}: as a list in YAML, unless it is one. */
static void add_from_command_line(struct reading *reading, const char *text)
{
    const struct sweep_source *source = reading->source;
    const char *equals = strchr(text, '=');
    size_t key_length = equals ? (size_t)(equals - text) : strlen(text);
    bool is_list = equals && equals[1] == '[';
    char *list = !equals || is_list ? g_strdup(text) : g_strdup_printf("%.*s=[%s]", (int)key_length, text, equals + 1);
    struct source *read = source_new(source->pool, "--sweep", source->folder, NULL, list, strlen(list));
    g_free(list);
    struct place place = {.source = read, .line = 1, .column = 1, .length = (int)MAX(key_length, 1)};
    if (!text_check(read, source->diagnostics)) {
        reading->fine = false;
        return;
    }
    if (!equals) {
        diagnostic_note(complain(reading, place, "a sweep needs a key and values"),
                        "write KEY=VALUE,VALUE, such as protocol.slot=4s,8s");
        return;
    }
    const struct yaml_node *given = yaml_parse(source->pool, read, key_length + 1, source->diagnostics);
    if (!given) {
        reading->fine = false;
        return;
    }
    if (given->kind == YAML_LIST && given->count == 1 && sweep_is_range(given->entries[0].value))
        given = given->entries[0].value;
    add_key(reading, pool_bytes(source->pool, text, key_length), place, given, false);
}

/* What each key means. */

/* The first values of all lists, which say of what kind things are. */
static const struct yaml_node *lay_first(struct reading *reading)
{
    const struct sweep_source *source = reading->source;
    const struct yaml_node *tree = source->tree;
    struct merge merge = {.pool = source->pool, .diagnostics = source->diagnostics};
    struct param root = schema_root(source->root);
    for (int extends = 1; extends >= 0; extends--)
        for (size_t k = 0; k < reading->sweep->key_count; k++) {
            const struct sweep_key *key = &reading->sweep->keys[k];
            if (is_extends(key) != (extends == 1) || reading->given[k]->kind != YAML_LIST)
                continue;
            const struct yaml_node *value = reading->given[k]->entries[0].value;
            value = sweep_value_without_label(source->pool, value);
            if (!extends)
                value = override_wrap(source->pool, key->path, strlen(key->path), key->place, value);
            tree = merge_trees(&merge, &root, tree, value);
        }
    return tree;
}

/* Presets become the trees that they make of the scenario. */
static void load_extended(struct reading *reading, size_t k)
{
    const struct sweep_source *source = reading->source;
    struct yaml_node *list = yaml_node_new(source->pool, YAML_LIST, reading->given[k]->place);
    for (size_t i = 0; i < reading->given[k]->count; i++) {
        const struct yaml_node *value = reading->given[k]->entries[i].value;
        if (value->kind == YAML_SCALAR) {
            const struct yaml_node *extended = source->extend(source->user, value);
            value = extended ? sweep_value_labelled(source->pool, extended, value->text) : NULL;
        }
        if (!value) {
            reading->fine = false;
            return;
        }
        yaml_append(source->pool, list, (struct yaml_entry){.value = value});
    }
    reading->given[k] = list;
}

static void check_lists(struct reading *reading)
{
    for (size_t k = 0; k < reading->sweep->key_count; k++) {
        const struct sweep_key *key = &reading->sweep->keys[k];
        const struct yaml_node *given = reading->given[k];
        if (given->kind == YAML_LIST && given->count == 0)
            complain(reading, given->place, "`%s` has no value", key->path);
        else if (given->kind == YAML_LIST && given->count > SWEEP_MOST_VALUES)
            complain(reading, given->place, "`%s` has more than %d values", key->path, SWEEP_MOST_VALUES);
        for (size_t i = 0; given->kind == YAML_LIST && i < given->count; i++)
            if (given->entries[i].value->kind == YAML_BROKEN)
                reading->fine = false;
        if (reading->fine && is_extends(key) && given->kind == YAML_LIST)
            load_extended(reading, k);
        else if (is_extends(key) && given->kind != YAML_LIST)
            complain(reading, given->place, "`%s` needs a list of presets", key->path);
    }
}

static void complain_twice(struct reading *reading, const struct sweep_key *key, const struct sweep_value *value)
{
    struct diagnostic *diagnostic = complain(reading, value->node->place.source ? value->node->place : key->place,
                                             "`%s`: two values read `%s` in the tables", key->path, value->label);
    if (value->node->kind == YAML_MAP)
        diagnostic_note(diagnostic, "give each a label of its own: {label: fast, ...}");
}

static void check_labels(struct reading *reading, const struct sweep_key *key, size_t count)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < count && reading->fine; i++)
        if (!g_hash_table_add(seen, (gpointer)key->values[i].label))
            complain_twice(reading, key, &key->values[i]);
    g_hash_table_unref(seen);
}

static const struct yaml_node *absolute_list(struct pool *pool, const struct param *param, const struct yaml_node *list)
{
    struct yaml_node *absolute = yaml_node_new(pool, YAML_LIST, list->place);
    for (size_t i = 0; i < list->count; i++)
        yaml_append(pool, absolute,
                    (struct yaml_entry){.value = sweep_value_absolute(pool, param, list->entries[i].value)});
    return absolute;
}

static void read_values(struct reading *reading, const struct yaml_node *first, size_t k)
{
    const struct sweep_source *source = reading->source;
    struct sweep_key *key = &reading->sweep->keys[k];
    struct param all = schema_root(source->root);
    const struct param *param = is_extends(key) ? &all : sweep_param_at(source->root, first, key->path);
    const struct yaml_node *list = reading->given[k];
    if (list->kind == YAML_LIST)
        list = reading->given[k] = absolute_list(source->pool, param, list);
    else
        list = sweep_range(source->pool, list, key->path, param, SWEEP_MOST_VALUES, source->diagnostics);
    if (!list) {
        reading->fine = false;
        return;
    }
    key->param = typed_is_ordered(param) ? param : NULL;
    key->unit = sweep_unit(key->param);
    key->column = sweep_column(source->pool, key->path, key->param);
    key->values = pool_allocate(source->pool, list->count * sizeof *key->values);
    for (size_t i = 0; i < list->count; i++)
        if (!sweep_value_read(source->pool, key->path, param, list->entries[i].value, &key->values[i],
                              source->diagnostics))
            reading->fine = false;
    reading->sweep->lengths[k] = list->count; /* of the key, until there are axes */
    if (reading->fine && !reading->zipped[k])
        check_labels(reading, key, list->count);
}

/* The axes: one a key of the grid, and one of all zipped keys where the first of them stands. */
static void make_axes(struct reading *reading)
{
    struct sweep *sweep = reading->sweep;
    size_t zip_axis = SIZE_MAX, zip_first = 0;
    sweep->places = 1;
    for (size_t k = 0; k < sweep->key_count; k++) {
        struct sweep_key *key = &sweep->keys[k];
        uint64_t length = sweep->lengths[k]; /* not yet that of an axis, since there are no more axes than keys */
        if (reading->zipped[k] && zip_axis != SIZE_MAX) {
            key->axis = zip_axis;
            if (sweep->lengths[zip_axis] != length)
                complain(reading, key->place, "`%s` has %zu values, but `%s`, which changes with it, has %zu",
                         key->path, (size_t)length, sweep->keys[zip_first].path, (size_t)sweep->lengths[zip_axis]);
            continue;
        }
        if (reading->zipped[k]) {
            zip_axis = sweep->axis_count;
            zip_first = k;
        }
        key->axis = sweep->axis_count;
        sweep->lengths[sweep->axis_count++] = length;
        sweep->places = sweep->places > SWEEP_MOST_PLACES / length ? SWEEP_MOST_PLACES + 1 : sweep->places * length;
    }
    if (sweep->places > SWEEP_MOST_PLACES)
        complain(reading, sweep->keys[0].place, "the sweep has more than 2^48 combinations");
}

static void check_columns(struct reading *reading)
{
    const struct sweep *sweep = reading->sweep;
    for (size_t k = 0; k < sweep->key_count; k++)
        for (size_t other = 0; other < k; other++)
            if (strcmp(sweep->keys[k].column, sweep->keys[other].column) == 0)
                complain(reading, sweep->keys[k].place, "`%s` and `%s` would both be the column %s",
                         sweep->keys[other].path, sweep->keys[k].path, sweep->keys[k].column);
}

static const struct condition *read_condition(struct reading *reading, const char *text, struct place place)
{
    const struct sweep *sweep = reading->sweep;
    struct condition_key keys[SWEEP_MOST_KEYS];
    for (size_t k = 0; k < sweep->key_count; k++)
        keys[k] = (struct condition_key){.path = sweep->keys[k].path, .param = sweep->keys[k].param};
    const struct condition *condition =
        condition_parse(reading->source->pool, text, place, keys, sweep->key_count, reading->source->diagnostics);
    reading->fine = reading->fine && condition;
    return condition;
}

static void read_conditions(struct reading *reading, const struct yaml_node *node)
{
    const struct sweep_source *source = reading->source;
    const struct yaml_entry *where = yaml_find(node, "where");
    if (where && where->value->kind == YAML_SCALAR)
        reading->sweep->where = read_condition(reading, where->value->text, where->value->place);
    if (!source->only)
        return;
    struct source *read = source_new(source->pool, "--only", source->folder, NULL, source->only, strlen(source->only));
    struct place place = {.source = read, .line = 1, .column = 1, .length = 1};
    if (text_check(read, source->diagnostics))
        reading->sweep->only = read_condition(reading, read->text, place);
    else
        reading->fine = false;
}

/* One part of `sweep:`, with the keys that belong there. */
static void write_keys(const struct reading *reading, struct yaml_node *all, const char *part, bool zipped)
{
    struct pool *pool = reading->source->pool;
    struct yaml_node *map = yaml_node_new(pool, YAML_MAP, all->place);
    for (size_t k = 0; k < reading->sweep->key_count; k++)
        if (reading->zipped[k] == zipped)
            yaml_append(pool, map,
                        (struct yaml_entry){.key = reading->sweep->keys[k].path,
                                            .key_place = reading->sweep->keys[k].place,
                                            .value = reading->given[k]});
    if (map->count)
        yaml_append(pool, all, (struct yaml_entry){.key = part, .key_place = all->place, .value = map});
}

static void write_condition(const struct reading *reading, struct yaml_node *all, const char *where)
{
    struct pool *pool = reading->source->pool;
    const char *only = reading->source->only;
    if (!where && !only)
        return;
    struct yaml_node *text = yaml_node_new(pool, YAML_SCALAR, all->place);
    text->text = where && only ? pool_take(pool, g_strdup_printf("(%s) and (%s)", where, only))
                               : pool_text(pool, where ? where : only);
    yaml_append(pool, all, (struct yaml_entry){.key = "where", .key_place = all->place, .value = text});
}

static const struct yaml_node *write_sweep(const struct reading *reading, const struct yaml_node *node)
{
    struct yaml_node *all =
        yaml_node_new(reading->source->pool, YAML_MAP, node ? node->place : reading->source->tree->place);
    const struct yaml_entry *where = yaml_find(node, "where");
    write_keys(reading, all, "grid", false);
    write_keys(reading, all, "zip", true);
    write_condition(reading, all, where && where->value->kind == YAML_SCALAR ? where->value->text : NULL);
    return all;
}

static void check_some_are_left(struct reading *reading, const struct yaml_node *node)
{
    enum { TRIED = 10000000 };
    const struct sweep *sweep = reading->sweep;
    uint64_t place = 0, tried = MIN(sweep->places, TRIED);
    while (place < tried && !sweep_has(sweep, place))
        place++;
    if (place < tried)
        return;
    const struct yaml_entry *where = yaml_find(node, "where");
    complain(reading, where ? where->value->place : sweep->keys[0].place, "no combination is left to run");
}

struct sweep *sweep_read(const struct sweep_source *source)
{
    const struct yaml_entry *entry = yaml_find(source->tree, SCHEMA_SWEEP_KEY);
    const struct yaml_node *node = entry && entry->value->kind == YAML_MAP ? entry->value : NULL;
    struct sweep *sweep = pool_allocate(source->pool, sizeof *sweep);
    struct reading reading = {.source = source, .sweep = sweep, .fine = true};
    add_keys(&reading, node, "grid", false);
    add_keys(&reading, node, "zip", true);
    for (const char *const *added = source->added; added && *added; added++)
        add_from_command_line(&reading, *added);
    if (sweep->key_count == 0 && !source->only)
        return NULL;
    if (reading.fine)
        check_lists(&reading);
    const struct yaml_node *first = reading.fine && sweep->key_count ? lay_first(&reading) : source->tree;
    for (size_t k = 0; k < sweep->key_count && reading.fine; k++)
        read_values(&reading, first, k);
    if (reading.fine)
        make_axes(&reading);
    if (reading.fine)
        check_columns(&reading);
    if (reading.fine)
        read_conditions(&reading, node);
    if (reading.fine)
        check_some_are_left(&reading, node);
    sweep->written = write_sweep(&reading, node);
    return reading.fine ? sweep : NULL;
}

/* Places. */

static uint64_t index_at(const struct sweep *sweep, size_t axis, uint64_t place)
{
    for (size_t later = sweep->axis_count - 1; later > axis; later--)
        place /= sweep->lengths[later];
    return place % sweep->lengths[axis];
}

const struct sweep_value *sweep_value_at(const struct sweep *sweep, const struct sweep_key *key, uint64_t place)
{
    return &key->values[index_at(sweep, key->axis, place)];
}

struct asked {
    const struct sweep *sweep;
    uint64_t place;
};

static const struct typed_value *typed_at(void *user, size_t key)
{
    const struct asked *asked = user;
    return &sweep_value_at(asked->sweep, &asked->sweep->keys[key], asked->place)->typed;
}

bool sweep_has(const struct sweep *sweep, uint64_t place)
{
    struct asked asked = {.sweep = sweep, .place = place};
    return (!sweep->where || condition_decide(sweep->where, typed_at, &asked) == TRUTH_YES) &&
           (!sweep->only || condition_decide(sweep->only, typed_at, &asked) == TRUTH_YES);
}

/* A preset is laid first, since the other values are to change what it makes. */
const struct yaml_node *sweep_lay(const struct sweep *sweep, uint64_t place, const struct param_table *root,
                                  const struct yaml_node *tree, struct pool *pool, struct diagnostics *diagnostics)
{
    struct merge merge = {.pool = pool, .diagnostics = diagnostics};
    struct param all = schema_root(root);
    for (int extends = 1; extends >= 0; extends--)
        for (size_t k = 0; k < sweep->key_count; k++) {
            const struct sweep_key *key = &sweep->keys[k];
            if (is_extends(key) != (extends == 1))
                continue;
            const struct yaml_node *value = sweep_value_at(sweep, key, place)->node;
            tree = merge_trees(&merge, &all, tree,
                               extends ? value : override_wrap(pool, key->path, strlen(key->path), key->place, value));
        }
    return tree;
}
