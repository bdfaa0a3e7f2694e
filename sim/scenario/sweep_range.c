/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_range.h"

#include "base/quantity.h"
#include "base/stake.h"
#include "scenario/typed_value.h"

#include <string.h>

static const char *const keys[] = {"from", "to", "step", "factor", NULL};

/* An exact number in lowest terms: what typed values of every kind are while a range is walked. */
struct exact {
    uint64_t numerator, denominator;
};

enum advance { ADVANCED, PAST_ALL, INEXACT };

struct range {
    struct pool *pool;
    const struct yaml_node *node;
    const char *path;
    const struct param *param;
    struct diagnostics *diagnostics;
    struct exact from, to, by;
    bool multiplies;
};

bool sweep_is_range(const struct yaml_node *node)
{
    for (size_t i = 0; keys[i]; i++)
        if (yaml_find(node, keys[i]))
            return true;
    return false;
}

static void complain(const struct range *range, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* An error at one of the range's keys, or (NULL) at the range. */
static void complain(const struct range *range, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    const struct yaml_entry *entry = key ? yaml_find(range->node, key) : NULL;
    struct place place = entry ? entry->value->place : range->node->place;
    struct diagnostic *diagnostic = diagnostics_add(range->diagnostics, place, "`%s`: %s", range->path, message);
    g_free(message);
    diagnostic_note(diagnostic, "a range is {from: 0, to: 10, step: 2} or {from: 1, to: 1000, factor: 10}, with the "
                                "units of its key");
}

/* Arithmetic. */

/* Brings a fraction into lowest terms; false where they are still too large. */
static bool reduce(uint128 numerator, uint128 denominator, struct exact *exact)
{
    uint128 divisor = numerator, rest = denominator;
    while (rest) {
        uint128 next = divisor % rest;
        divisor = rest;
        rest = next;
    }
    numerator /= divisor;
    denominator /= divisor;
    *exact = (struct exact){(uint64_t)numerator, (uint64_t)denominator};
    return numerator <= UINT64_MAX && denominator <= UINT64_MAX;
}

static bool exceeds(struct exact a, struct exact b)
{
    return ratio_compare((struct ratio){a.numerator, a.denominator}, (struct ratio){b.numerator, b.denominator}) > 0;
}

/* Moves *at on by a step or a factor. */
static enum advance advance(const struct range *range, struct exact *at)
{
    struct exact by = range->by;
    uint128 denominator = (uint128)at->denominator * by.denominator, numerator;
    if (range->multiplies)
        numerator = (uint128)at->numerator * by.numerator;
    else if (__builtin_add_overflow((uint128)at->numerator * by.denominator, (uint128)by.numerator * at->denominator,
                                    &numerator))
        return INEXACT;
    if (numerator / denominator > UINT64_MAX)
        return PAST_ALL;
    return reduce(numerator, denominator, at) ? ADVANCED : INEXACT;
}

/* Reading. */

static bool is_ratio(const struct param *param)
{
    return param->type == PARAM_DECIMAL || param->type == PARAM_SHARE;
}

static bool is_signed(const struct param *param)
{
    return param->type == PARAM_INTEGER || param->type == PARAM_DURATION;
}

/* One of the range's quantities; false after an error. */
static bool read_part(const struct range *range, const struct param *param, const char *key, struct exact *exact)
{
    const struct yaml_entry *entry = yaml_find(range->node, key);
    if (!entry || entry->value->kind != YAML_SCALAR || !*entry->value->text) {
        complain(range, entry ? key : NULL, "a range needs `%s`", key);
        return false;
    }
    struct typed_value value;
    GError *error = NULL;
    if (!typed_parse(param, entry->value->text, &value, &error)) {
        diagnostics_add(range->diagnostics, entry->value->place, "`%s`: %s", range->path, error->message);
        g_error_free(error);
        return false;
    }
    if (is_signed(param) && value.integer < 0) {
        complain(range, key, "a range does not go below 0");
        return false;
    }
    return is_ratio(param) ? reduce(value.ratio.numerator, value.ratio.denominator, exact)
                           : reduce(value.natural, 1, exact);
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
        diagnostic_note(diagnostic, "allowed: from, to, step, factor");
        fine = false;
    }
    if (fine && !yaml_find(range->node, "step") == !yaml_find(range->node, "factor")) {
        complain(range, NULL, "a range needs `step` or `factor`, one of them");
        return false;
    }
    return fine;
}

static bool read_all(struct range *range)
{
    static const struct param factor = {.key = "factor", .type = PARAM_DECIMAL};
    range->multiplies = yaml_find(range->node, "factor");
    bool has_from = read_part(range, range->param, "from", &range->from);
    bool has_to = read_part(range, range->param, "to", &range->to);
    bool has_by =
        read_part(range, range->multiplies ? &factor : range->param, range->multiplies ? "factor" : "step", &range->by);
    return has_from && has_to && has_by;
}

/* Whether the values grow, and so come to an end. */
static bool check_growth(const struct range *range)
{
    const struct exact one = {1, 1};
    if (exceeds(range->from, range->to)) {
        complain(range, "from", "`from` is above `to`");
        return false;
    }
    if (!range->multiplies && range->by.numerator == 0) {
        complain(range, "step", "`step` must be above 0");
        return false;
    }
    if (range->multiplies && !exceeds(range->by, one)) {
        complain(range, "factor", "`factor` must be above 1");
        return false;
    }
    if (range->multiplies && range->from.numerator == 0) {
        complain(range, "from", "`from` must be above 0 where a factor goes on from it");
        return false;
    }
    return true;
}

/* Walking. */

/* The value as the scenario would write it, or NULL where the key's type cannot hold it. */
static char *print(const struct param *param, struct exact value)
{
    struct typed_value typed = {.param = param};
    if (is_ratio(param))
        typed.ratio = (struct ratio){value.numerator, value.denominator};
    else if (value.denominator == 1 && (!is_signed(param) || value.numerator <= INT64_MAX))
        typed.natural = value.numerator;
    else
        return NULL;
    return quantity_print(param, &typed.natural);
}

/* Only a factor leads to a value that is not whole. */
static void complain_broken(const struct range *range, struct exact value)
{
    enum param_type type = range->param->type;
    const char *unit = type == PARAM_DURATION  ? " ns"
                       : type == PARAM_SIZE    ? " B"
                       : type == PARAM_RATE    ? " bit/s"
                       : type == PARAM_TX_RATE ? " millionths of tx/s"
                                               : "";
    complain(range, "factor", "the range comes to %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT "%s, which is not whole",
             value.numerator, value.denominator, unit);
}

static const struct yaml_node *walk(const struct range *range, size_t most)
{
    struct yaml_node *list = yaml_node_new(range->pool, YAML_LIST, range->node->place);
    enum advance advanced = ADVANCED;
    for (struct exact at = range->from; advanced == ADVANCED && !exceeds(at, range->to);) {
        if (list->count == most) {
            complain(range, NULL, "the range has more than %zu values", most);
            return NULL;
        }
        char *text = print(range->param, at);
        if (!text) {
            complain_broken(range, at);
            return NULL;
        }
        struct yaml_node *item = yaml_node_new(range->pool, YAML_SCALAR, range->node->place);
        item->text = pool_take(range->pool, text);
        item->is_plain = true;
        yaml_append(range->pool, list, (struct yaml_entry){.value = item});
        advanced = advance(range, &at);
    }
    if (advanced != INEXACT)
        return list;
    complain(range, "factor", "the range leaves what can be computed exactly: give a list");
    return NULL;
}

const struct yaml_node *sweep_range(struct pool *pool, const struct yaml_node *node, const char *path,
                                    const struct param *param, size_t most, struct diagnostics *diagnostics)
{
    struct range range = {.pool = pool, .node = node, .path = path, .param = param, .diagnostics = diagnostics};
    if (!check_keys(&range))
        return NULL;
    if (!typed_is_ordered(param)) {
        complain(&range, NULL, "only numbers and quantities have ranges: give a list");
        return NULL;
    }
    return read_all(&range) && check_growth(&range) ? walk(&range, most) : NULL;
}
