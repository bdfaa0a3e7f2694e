/* SPDX-License-Identifier: MIT */
#include "scenario/typed_value.h"

#include "base/assert.h"
#include "base/quantity.h"

#include <string.h>

bool typed_is_ordered(const struct param *param)
{
    if (!param)
        return false;
    switch (param->type) {
    case PARAM_INTEGER:
    case PARAM_DECIMAL:
    case PARAM_SHARE:
    case PARAM_DURATION:
    case PARAM_SIZE:
    case PARAM_RATE:
    case PARAM_TX_RATE:
    case PARAM_STAKE:
        return true;
    default:
        return false;
    }
}

static bool is_ratio(const struct param *param)
{
    return param->type == PARAM_DECIMAL || param->type == PARAM_SHARE;
}

bool typed_are_alike(const struct param *a, const struct param *b)
{
    if (!typed_is_ordered(a) || !typed_is_ordered(b))
        return typed_is_ordered(a) == typed_is_ordered(b);
    return a->type == b->type || (is_ratio(a) && is_ratio(b));
}

bool typed_parse(const struct param *param, const char *text, struct typed_value *value, GError **error)
{
    *value = (struct typed_value){.param = param, .text = text};
    if (!typed_is_ordered(param))
        return true;
    struct param boundless = *param;
    boundless.minimum = NULL;
    boundless.maximum = param->type == PARAM_SHARE ? "1_000_000_000 %" : NULL; /* else a share ends at 100 % */
    return quantity_parse(&boundless, text, &value->integer, error);
}

int typed_compare(const struct typed_value *a, const struct typed_value *b)
{
    REQUIRE(typed_are_alike(a->param, b->param));
    if (!typed_is_ordered(a->param))
        return strcmp(a->text, b->text) != 0;
    if (is_ratio(a->param))
        return ratio_compare(a->ratio, b->ratio);
    bool is_signed = a->param->type == PARAM_INTEGER || a->param->type == PARAM_DURATION;
    return is_signed ? (a->integer > b->integer) - (a->integer < b->integer)
                     : (a->natural > b->natural) - (a->natural < b->natural);
}
