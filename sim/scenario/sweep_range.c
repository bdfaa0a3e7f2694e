/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_range.h"

#include "base/quantity.h"
#include "base/stake.h"
#include "scenario/typed_value.h"

#include <string.h>

static const char *const keys[] = {"from", "to", "step", "factor", NULL};

/* An exact number: what typed values of every kind are while a range is walked. */
struct exact {
    uint128 numerator;
    uint64_t denominator;
};

struct range {
    struct pool *pool;
    const struct yaml_node *node;
    const char *path;
    const struct param *param;
    struct diagnostics *diagnostics;
};

bool sweep_is_range(const struct yaml_node *node)
{
    return node->kind == YAML_MAP && (yaml_find(node, "from") || yaml_find(node, "to"));
}

static bool is_ratio(const struct param *param)
{
    return param->type == PARAM_DECIMAL || param->type == PARAM_SHARE;
}

static void complain(const struct range *range, const char *message)
{
    struct diagnostic *diagnostic =
        diagnostics_add(range->diagnostics, range->node->place, "`%s`: %s", range->path, message);
    diagnostic_note(diagnostic, "a range is {from: 0, to: 10, step: 2} or {from: 1, to: 1000, factor: 10}, with the "
                                "units of its key");
}

/* One of the range's quantities; false after an error. */
static bool read_part(const struct range *range, const struct param *param, const char *key, struct exact *exact)
{
    const struct yaml_entry *entry = yaml_find(range->node, key);
    if (!entry || entry->value->kind != YAML_SCALAR) {
        char *message = g_strdup_printf("a range needs `%s`", key);
        complain(range, message);
        g_free(message);
        return false;
    }
    struct typed_value value;
    GError *error = NULL;
    if (!typed_parse(param, entry->value->text, &value, &error)) {
        diagnostics_add(range->diagnostics, entry->value->place, "`%s`, %s: %s", range->path, key, error->message);
        g_error_free(error);
        return false;
    }
    if (!is_ratio(param) && value.integer < 0) {
        complain(range, "a range does not go below 0");
        return false;
    }
    *exact = is_ratio(param) ? (struct exact){value.ratio.numerator, value.ratio.denominator}
                             : (struct exact){(uint128)value.integer, 1};
    return true;
}

static bool check_keys(const struct range *range)
{
    bool fine = true;
    for (size_t i = 0; i < range->node->count; i++) {
        const struct yaml_entry *entry = &range->node->entries[i];
        if (g_strv_contains(keys, entry->key))
            continue;
        struct diagnostic *diagnostic =
            diagnostics_add(range->diagnostics, entry->key_place, "unknown key `%s` in a range", entry->key);
        diagnostic_suggest(diagnostic, entry->key, keys);
        fine = false;
    }
    if (fine && !yaml_find(range->node, "step") == !yaml_find(range->node, "factor")) {
        complain(range, "a range needs `step` or `factor`, one of them");
        return false;
    }
    return fine;
}

static struct exact reduced(struct exact a)
{
    uint128 x = a.numerator, y = a.denominator;
    while (y) {
        uint128 rest = x % y;
        x = y;
        y = rest;
    }
    return x > 1 ? (struct exact){a.numerator / x, (uint64_t)(a.denominator / x)} : a;
}

/* The value after `at`; false where it cannot be held exactly. */
static bool advance(struct exact at, struct exact by, bool multiplies, struct exact *next)
{
    uint128 denominator = (uint128)at.denominator * by.denominator;
    if (multiplies) {
        if (at.numerator > UINT64_MAX || by.numerator > UINT64_MAX)
            return false;
    } else if (at.numerator > UINT64_MAX || by.numerator > UINT64_MAX || denominator > UINT64_MAX) {
        return false;
    }
    uint128 numerator =
        multiplies ? at.numerator * by.numerator : at.numerator * by.denominator + by.numerator * at.denominator;
    uint128 x = numerator, y = denominator;
    while (y) {
        uint128 rest = x % y;
        x = y;
        y = rest;
    }
    numerator /= MAX(x, 1);
    denominator /= MAX(x, 1);
    *next = (struct exact){numerator, (uint64_t)denominator};
    return numerator <= UINT64_MAX && denominator <= UINT64_MAX;
}

static bool exceeds(struct exact a, struct exact b)
{
    return ratio_compare((struct ratio){(uint64_t)a.numerator, a.denominator},
                         (struct ratio){(uint64_t)b.numerator, b.denominator}) > 0;
}

/* The value as the scenario would write it, or NULL where the key's type cannot hold it. */
static char *print(const struct param *param, struct exact value)
{
    struct typed_value typed = {.param = param};
    if (is_ratio(param))
        typed.ratio = (struct ratio){(uint64_t)value.numerator, value.denominator};
    else if (value.denominator == 1 && value.numerator <= INT64_MAX)
        typed.natural = (uint64_t)value.numerator;
    else
        return NULL;
    return quantity_print(param, &typed.natural);
}

static const struct yaml_node *walk(const struct range *range, struct exact from, struct exact to, struct exact by,
                                    bool multiplies, uint64_t most)
{
    struct yaml_node *list = yaml_node_new(range->pool, YAML_LIST, range->node->place);
    for (struct exact at = reduced(from); !exceeds(at, to);) {
        char *text = print(range->param, at);
        if (!text || list->count == most) {
            complain(range, text ? "the range has too many values" : "the range leaves what its key can hold exactly");
            g_free(text);
            return NULL;
        }
        struct yaml_node *item = yaml_node_new(range->pool, YAML_SCALAR, range->node->place);
        item->text = pool_take(range->pool, text);
        item->is_plain = true;
        yaml_append(range->pool, list, (struct yaml_entry){.value = item});
        if (!advance(at, by, multiplies, &at)) {
            complain(range, "the range leaves what can be computed exactly");
            return NULL;
        }
    }
    return list;
}

const struct yaml_node *sweep_range(struct pool *pool, const struct yaml_node *node, const char *path,
                                    const struct param *param, uint64_t most, struct diagnostics *diagnostics)
{
    static const struct param factor_param = {.key = "factor", .type = PARAM_DECIMAL};
    struct range range = {.pool = pool, .node = node, .path = path, .param = param, .diagnostics = diagnostics};
    if (!typed_is_ordered(param)) {
        complain(&range, "only numbers and quantities have ranges: give a list");
        return NULL;
    }
    struct exact from, to, by;
    bool multiplies = yaml_find(node, "factor");
    if (!check_keys(&range) || !read_part(&range, param, "from", &from) || !read_part(&range, param, "to", &to) ||
        !read_part(&range, multiplies ? &factor_param : param, multiplies ? "factor" : "step", &by))
        return NULL;
    if (exceeds(from, to)) {
        complain(&range, "`from` is above `to`");
        return NULL;
    }
    const struct exact one = {1, 1};
    if (multiplies ? !exceeds(by, one) || from.numerator == 0 : by.numerator == 0) {
        complain(&range, multiplies ? "`factor` must be above 1, and `from` above 0" : "`step` must be above 0");
        return NULL;
    }
    return walk(&range, from, to, by, multiplies, most);
}
