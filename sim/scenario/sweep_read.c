/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_read.h"

#include "scenario/schema.h"
#include "scenario/sweep_parts.h"
#include "scenario/sweep_path.h"
#include "scenario/sweep_range.h"
#include "scenario/sweep_value.h"
#include "scenario/text_check.h"

#include <string.h>

/* How many places are tried for one that counts, before the sweep is refused. */
#define TRIES UINT64_C(10000000)

/* What each key means. */

/* The n-th value that a key was given, from the start again after the last; of a range where it begins. */
static const struct yaml_node *given_value(const struct sweep_draft *draft, size_t k, size_t n)
{
    const struct yaml_node *given = draft->given[k];
    if (given && given->kind == YAML_LIST)
        return sweep_value_without_label(draft->source->pool, given->entries[n % given->count].value);
    const struct yaml_entry *from = yaml_find(given, "from");
    return from ? from->value : NULL;
}

/* The scenario with the n-th value of each key. */
static const struct yaml_node *lay_given(const struct sweep_draft *draft, size_t n, struct diagnostics *diagnostics)
{
    const struct sweep_source *source = draft->source;
    const struct yaml_node *tree = source->tree;
    for (size_t i = 0; i < draft->sweep->key_count; i++) {
        size_t k = draft->sweep->laying[i];
        const struct yaml_node *value = given_value(draft, k, n);
        if (value)
            tree = sweep_lay_value(source->root, tree, &draft->sweep->keys[k], value, source->pool, diagnostics);
    }
    return tree;
}

/* The same where nothing is wrong yet: a condition may leave out what does not fit together. */
static const struct yaml_node *try_given(const struct sweep_draft *draft, size_t n)
{
    struct diagnostics nobodys;
    diagnostics_init(&nobodys);
    const struct yaml_node *tree = lay_given(draft, n, &nobodys);
    diagnostics_release(&nobodys);
    return tree;
}

static size_t longest_list(const struct sweep_draft *draft)
{
    size_t longest = 1;
    for (size_t k = 0; k < draft->sweep->key_count; k++)
        if (draft->given[k] && draft->given[k]->kind == YAML_LIST)
            longest = MAX(longest, draft->given[k]->count);
    return longest;
}

/*
 * What a key means: as with the first values, or else with the first ones of the others that know it, since `where` may
 * leave out those that do not. NULL where none is found among the first few.
 */
static const struct param *find_param(const struct sweep_draft *draft, const struct yaml_node *first, const char *path)
{
    enum { MOST_TRIED = 16 };
    const struct param_table *root = draft->source->root;
    const struct param *param = sweep_path_walk(root, first, path).param;
    for (size_t n = 1; !param && n < MIN(longest_list(draft), MOST_TRIED); n++)
        param = sweep_path_walk(root, try_given(draft, n), path).param;
    return param;
}

/* Values. */

static size_t value_count(const struct sweep *sweep)
{
    size_t count = 0;
    for (size_t k = 0; k < sweep->key_count; k++)
        count += sweep->keys[k].count;
    return count;
}

/* The values of a key as a list, or NULL. */
static const struct yaml_node *list_values(struct sweep_draft *draft, size_t k, const struct param *param)
{
    const struct yaml_node *given = draft->given[k];
    const struct sweep_key *key = &draft->sweep->keys[k];
    size_t most = SWEEP_MOST_VALUES - value_count(draft->sweep);
    if (given->kind == YAML_LIST && given->count > most)
        sweep_complain(draft, given->place, "all keys together have more than %d values", SWEEP_MOST_VALUES);
    if (given->kind == YAML_LIST)
        return given->count > most ? NULL : given;
    /* A key that nobody knows is told when the scenario is filled with where the range begins. */
    bool is_told = !param && given_value(draft, k, 0);
    return is_told ? NULL : sweep_range(draft->source->pool, given, key->path, param, most, draft->source->diagnostics);
}

static void complain_alike(struct sweep_draft *draft, const struct sweep_key *key, const struct sweep_value *value,
                           const struct sweep_value *other)
{
    struct diagnostic *diagnostic = sweep_complain(
        draft, value->node->place, "two values of `%s` read \"%s\" in the tables", key->path, value->label);
    diagnostic_note(diagnostic, "the other is at line %d, column %d", other->node->place.line,
                    other->node->place.column);
    if (value->node->kind == YAML_MAP)
        diagnostic_note(diagnostic, "a label tells them apart, as in {label: fast, ...}");
}

/* Tables must tell the values of a key apart. */
static void check_labels(struct sweep_draft *draft, const struct sweep_key *key)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < key->count; i++) {
        const struct sweep_value *other = g_hash_table_lookup(seen, key->values[i].label);
        if (other)
            complain_alike(draft, key, &key->values[i], other);
        else
            g_hash_table_insert(seen, (gpointer)key->values[i].label, &key->values[i]);
    }
    g_hash_table_unref(seen);
}

static bool read_values(struct sweep_draft *draft, const struct param *param, const struct yaml_node *list,
                        struct sweep_key *key)
{
    const struct sweep_source *source = draft->source;
    bool is_fine = true;
    key->values = pool_allocate(source->pool, list->count * sizeof *key->values);
    key->count = list->count;
    for (size_t i = 0; i < list->count; i++)
        is_fine = sweep_value_read(source->pool, key->path, param, list->entries[i].value, &key->values[i],
                                   source->diagnostics) &&
                  is_fine;
    if (is_fine && param && param->type == PARAM_FILE)
        sweep_value_shorten(source->pool, key->values, key->count);
    return is_fine;
}

static void read_key(struct sweep_draft *draft, const struct yaml_node *first, size_t k)
{
    if (!draft->given[k])
        return;
    const struct sweep_source *source = draft->source;
    struct sweep_key *key = &draft->sweep->keys[k];
    const struct param *param = sweep_is_extends(key) ? NULL : find_param(draft, first, key->path);
    const struct yaml_node *list = list_values(draft, k, param);
    draft->params[k] = param;
    if (!list || !read_values(draft, param, list, key)) {
        draft->is_broken = true;
        return;
    }
    key->param = param && param->type <= PARAM_CHOICE ? param : NULL;
    key->unit = sweep_unit(key->param);
    key->column = sweep_column(source->pool, key->path, key->param);
    if (!draft->zipped[k])
        check_labels(draft, key);
}

/* Zipped keys may repeat values, but not all of them at once. */
static void check_zipped_labels(struct sweep_draft *draft, size_t axis, const struct sweep_key *first)
{
    struct sweep *sweep = draft->sweep;
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < first->count; i++) {
        GString *labels = g_string_new(NULL);
        for (size_t k = 0; k < sweep->key_count; k++)
            if (draft->zipped[k] && sweep->keys[k].axis == axis)
                g_string_append_printf(labels, "%s = %s, ", sweep->keys[k].path, sweep->keys[k].values[i].label);
        g_string_truncate(labels, labels->len - strlen(", "));
        if (g_hash_table_contains(seen, labels->str))
            sweep_complain(draft, first->values[i].node->place, "`zip` has this combination twice: %s", labels->str);
        g_hash_table_add(seen, g_string_free(labels, FALSE));
    }
    g_hash_table_unref(seen);
}

static void check_columns(struct sweep_draft *draft)
{
    const struct sweep *sweep = draft->sweep;
    for (size_t k = 0; k < sweep->key_count; k++)
        for (size_t other = 0; other < k; other++)
            if (strcmp(sweep->keys[k].column, sweep->keys[other].column) == 0)
                sweep_complain(draft, sweep->keys[k].place, "`%s` and `%s` would both be the column %s of the tables",
                               sweep->keys[other].path, sweep->keys[k].path, sweep->keys[k].column);
}

/* Axes. */

/* The key that comes first in `zip`, or as many as there are. */
static size_t first_zipped(const struct sweep_draft *draft)
{
    size_t k = 0;
    while (k < draft->sweep->key_count && !draft->zipped[k])
        k++;
    return k;
}

/* One axis a key of the grid, and a last one of all keys that change together. */
static void make_axes(struct sweep_draft *draft)
{
    struct sweep *sweep = draft->sweep;
    size_t together = first_zipped(draft);
    for (size_t k = 0; k < sweep->key_count; k++) {
        struct sweep_key *key = &sweep->keys[k];
        const struct sweep_key *lead = draft->zipped[k] ? &sweep->keys[together] : key;
        if (lead == key)
            sweep->axes[sweep->axis_count++].length = key->count;
        if (lead->count != key->count)
            sweep_complain(draft, key->place, "`%s` has %zu values, but `%s`, which changes with it, has %zu",
                           key->path, key->count, lead->path, lead->count);
        key->axis = sweep->axis_count - 1;
    }
    if (together < sweep->key_count && !draft->is_broken)
        check_zipped_labels(draft, sweep->keys[together].axis, &sweep->keys[together]);
}

static void count_places(struct sweep_draft *draft)
{
    struct sweep *sweep = draft->sweep;
    sweep->places = 1;
    for (size_t axis = sweep->axis_count; axis-- > 0;) {
        uint64_t length = sweep->axes[axis].length;
        if (sweep->places > SWEEP_MOST_PLACES / length) {
            sweep_complain(draft, sweep->keys[0].place, "the sweep has more than 2^48 combinations");
            return;
        }
        sweep->axes[axis].step = sweep->places;
        sweep->places *= length;
    }
}

/* Conditions. */

const struct yaml_node *sweep_where_node(const struct sweep_draft *draft)
{
    const struct yaml_entry *where = yaml_find(draft->node, SWEEP_WHERE_KEY);
    return where && where->value->kind == YAML_SCALAR && *where->value->text ? where->value : NULL;
}

/* All labels of a key that is no number, since a condition can only mean one of them. */
static const char *const *answers_of(struct pool *pool, const struct sweep_key *key)
{
    if (typed_is_ordered(key->param))
        return NULL;
    const char **answers = pool_allocate(pool, (key->count + 1) * sizeof *answers);
    for (size_t i = 0; i < key->count; i++)
        answers[i] = key->values[i].label;
    return answers;
}

static const struct condition *parse(struct sweep_draft *draft, const char *text, struct place place)
{
    const struct sweep *sweep = draft->sweep;
    struct pool *pool = draft->source->pool;
    struct condition_key keys[SWEEP_MOST_KEYS];
    for (size_t k = 0; k < sweep->key_count; k++)
        keys[k] = (struct condition_key){
            .path = sweep->keys[k].path,
            .param = sweep->keys[k].param,
            .answers = answers_of(pool, &sweep->keys[k]),
        };
    const struct condition *condition =
        condition_parse(pool, text, place, keys, sweep->key_count, draft->source->diagnostics);
    draft->is_broken |= !condition;
    return condition;
}

/* --only, alone and then together with `where`, as both are written down; NULL after errors. */
static const struct condition *parse_only(struct sweep_draft *draft, const struct yaml_node *where, struct place place)
{
    draft->only = draft->source->only;
    const struct condition *condition = parse(draft, draft->only, place);
    if (!condition || !where)
        return condition;
    draft->only = pool_take(draft->source->pool, g_strdup_printf("(%s) and (%s)", where->text, draft->only));
    return parse(draft, draft->only, place);
}

static void read_conditions(struct sweep_draft *draft, struct place only)
{
    const struct yaml_node *where = sweep_where_node(draft);
    const struct condition *condition = where ? parse(draft, where->text, where->place) : NULL;
    if (draft->source->only)
        condition = parse_only(draft, where, only);
    draft->sweep->where = condition;
}

static void find_first(struct sweep_draft *draft, struct place only)
{
    struct sweep *sweep = draft->sweep;
    const struct yaml_node *where = sweep_where_node(draft);
    struct place place = draft->source->only ? only : where ? where->place : sweep->keys[0].place;
    sweep->first = sweep_next(sweep, 0, TRIES);
    if (sweep->first == sweep->places) {
        diagnostic_note(sweep_complain(draft, place, "no combination is left to run"),
                        "the condition holds for none of %" G_GUINT64_FORMAT, sweep->places);
    } else if (!sweep_has(sweep, sweep->first)) {
        diagnostic_note(sweep_complain(draft, place,
                                       "none of the first %" G_GUINT64_FORMAT " combinations is left to run, and "
                                       "posim looked no further",
                                       sweep->first),
                        "shorten the lists, or put the keys that the condition compares first in the grid");
    }
}

/* All of it. */

/* Where --only stands; false and an error where it is no text that can be read. */
static bool place_only(struct sweep_draft *draft, struct place *place)
{
    const struct sweep_source *source = draft->source;
    if (!source->only)
        return true;
    struct source *read = source_new(source->pool, "--only", source->folder, NULL, source->only, strlen(source->only));
    *place = (struct place){.source = read, .line = 1, .column = 1, .length = 1};
    place->length = (int)MAX(g_utf8_strlen(source->only, -1), 1);
    return text_check(read, source->diagnostics);
}

static void read_sweep(struct sweep_draft *draft, const struct yaml_node *first)
{
    struct place only = {0};
    for (size_t k = 0; k < draft->sweep->key_count; k++)
        read_key(draft, first, k);
    draft->is_broken |= !place_only(draft, &only);
    if (draft->is_broken)
        return;
    check_columns(draft);
    make_axes(draft);
    read_conditions(draft, only);
    if (draft->is_broken)
        return;
    count_places(draft);
    if (!draft->is_broken)
        find_first(draft, only);
    sweep_write(draft);
}

struct sweep_reading sweep_read(const struct sweep_source *source)
{
    const struct yaml_entry *entry = yaml_find(source->tree, SCHEMA_SWEEP_KEY);
    struct sweep *sweep = pool_allocate(source->pool, sizeof *sweep);
    struct sweep_draft draft = {.source = source, .sweep = sweep};
    if (entry && entry->value->kind != YAML_MAP)
        return (struct sweep_reading){.first = source->tree, .is_broken = true}; /* told on filling */
    draft.node = entry ? entry->value : NULL;
    sweep_take_keys(&draft);
    bool is_swept = sweep->key_count || sweep_where_node(&draft) || source->only;
    if (is_swept)
        read_sweep(&draft, try_given(&draft, 0));
    return (struct sweep_reading){
        .sweep = is_swept && !draft.is_broken ? sweep : NULL,
        .first = draft.is_broken ? lay_given(&draft, 0, source->diagnostics) : source->tree,
        .is_broken = draft.is_broken,
    };
}
