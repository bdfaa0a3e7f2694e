/* SPDX-License-Identifier: MIT */
#include "base/param.h"

#include "base/assert.h"
#include "base/quantity.h"
#include "base/stake.h"

#include <string.h>

size_t param_value_size(const struct param *param)
{
    switch (param->type) {
    case PARAM_FLAG:
        return sizeof(bool);
    case PARAM_INTEGER:
        return sizeof(int64_t);
    case PARAM_DECIMAL:
    case PARAM_SHARE:
        return sizeof(struct ratio);
    case PARAM_DURATION:
        return sizeof(time_ns);
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_TX_RATE:
        return sizeof(uint64_t);
    case PARAM_STAKE:
        return sizeof(stake_amount);
    case PARAM_TEXT:
    case PARAM_FILE:
        return sizeof(const char *);
    case PARAM_CHOICE:
        return sizeof(int);
    case PARAM_STRUCT:
        return param->table->size;
    case PARAM_LIST:
    case PARAM_MAP:
        return sizeof(struct param_list);
    case PARAM_ONE_OF:
        return sizeof(struct param_variant_value);
    case PARAM_VALUES:
        return sizeof(const void *);
    }
    assert_failed(__FILE__, __LINE__, "requirement", "a parameter has a known type");
}

const struct param *param_table_find(const struct param_table *table, const char *key)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->params[i].key, key) == 0)
            return &table->params[i];
    return NULL;
}

void param_set_absent(const struct param *param, void *value)
{
    memset(value, 0, param_value_size(param));
    switch (param->type) {
    case PARAM_INTEGER:
    case PARAM_DURATION:
        *(int64_t *)value = PARAM_ABSENT;
        break;
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_TX_RATE:
    case PARAM_STAKE:
        *(uint64_t *)value = (uint64_t)PARAM_ABSENT;
        break;
    case PARAM_CHOICE:
        *(int *)value = -1;
        break;
    default: /* zero: pointers are NULL and denominators 0 */
        break;
    }
}

bool param_is_absent(const struct param *param, const void *value)
{
    switch (param->type) {
    case PARAM_INTEGER:
    case PARAM_DURATION:
        return *(const int64_t *)value == PARAM_ABSENT;
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_TX_RATE:
    case PARAM_STAKE:
        return *(const uint64_t *)value == (uint64_t)PARAM_ABSENT;
    case PARAM_DECIMAL:
    case PARAM_SHARE:
        return ((const struct ratio *)value)->denominator == 0;
    case PARAM_CHOICE:
        return *(const int *)value == -1;
    case PARAM_TEXT:
    case PARAM_FILE:
        return !*(const char *const *)value;
    case PARAM_VALUES:
        return !*(const void *const *)value;
    case PARAM_ONE_OF:
        return !((const struct param_variant_value *)value)->variant;
    case PARAM_FLAG:
    case PARAM_STRUCT:
    case PARAM_LIST:
    case PARAM_MAP:
        break;
    }
    return false;
}

static void default_scalar(const struct param *param, const char *text, void *value)
{
    if (param->type == PARAM_TEXT || param->type == PARAM_FILE) {
        *(const char **)value = text;
        return;
    }
    bool parsed = quantity_parse(param, text, value, NULL);
    REQUIRE(parsed);
}

/* A list's default: nothing, or scalars in brackets. */
static void default_list(const struct param *param, struct param_list *list)
{
    const char *text = param->by_default;
    size_t length = strlen(text);
    *list = (struct param_list){0};
    if (length == 0)
        return;
    REQUIRE(param->type == PARAM_LIST && length > 2 && text[0] == '[' && text[length - 1] == ']');
    char *inside = g_strndup(text + 1, length - 2);
    char **parts = g_strsplit(inside, ",", -1);
    size_t item_size = param_value_size(param->element);
    list->count = g_strv_length(parts);
    list->items = g_malloc0_n(list->count, item_size);
    for (size_t i = 0; i < list->count; i++)
        default_scalar(param->element, g_strstrip(parts[i]), (char *)list->items + i * item_size);
    if (param->element->type == PARAM_TEXT || param->element->type == PARAM_FILE)
        g_free(parts); /* the items point to its strings */
    else
        g_strfreev(parts);
    g_free(inside);
}

static void default_variant(const struct param *param, struct param_variant_value *value)
{
    const struct param_variants *variants = param->variants;
    for (size_t i = 0; i < variants->count; i++) {
        const struct param_variant *variant = &variants->list[i];
        if (strcmp(variant->name, param->by_default) != 0)
            continue;
        value->variant = variant;
        value->value = variant->table ? g_malloc0(variant->table->size) : NULL;
        if (variant->table)
            param_table_defaults(variant->table, value->value);
        return;
    }
    assert_failed(__FILE__, __LINE__, "requirement", "a default names one of its variants");
}

static void default_param(const struct param *param, void *value)
{
    if (param->type == PARAM_STRUCT)
        param_table_defaults(param->table, value);
    else if (!param->by_default && param->optional)
        param_set_absent(param, value);
    else if (!param->by_default)
        memset(value, 0, param_value_size(param));
    else if (param->type == PARAM_LIST || param->type == PARAM_MAP)
        default_list(param, value);
    else if (param->type == PARAM_ONE_OF)
        default_variant(param, value);
    else
        default_scalar(param, param->by_default, value);
}

void param_table_defaults(const struct param_table *table, void *filled)
{
    memset(filled, 0, table->size);
    for (size_t i = 0; i < table->count; i++)
        default_param(&table->params[i], (char *)filled + table->params[i].offset);
}
