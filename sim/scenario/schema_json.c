/* SPDX-License-Identifier: MIT */
#include "base/quantity_dimension.h"
#include "scenario/describe.h"
#include "scenario/explain.h"
#include "scenario/schema.h"

#include <string.h>

/* The tables around a place, so that one inside itself is not entered again. */
struct frame {
    const struct frame *outer;
    const struct param_table *table;
};

static void append_value(const struct param *param, const struct frame *frame, bool is_named, GString *out);

static void append_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_printf(out, "\\%c", *at);
        else if (*at < 0x20)
            g_string_append_printf(out, "\\u%04x", *at);
        else
            g_string_append_c(out, (char)*at);
    }
    g_string_append_c(out, '"');
}

/* `"name":`, after a comma unless it is the first of an object. */
static void append_name(GString *out, const char *name)
{
    char last = out->str[out->len - 1];
    if (last != '{' && last != '[')
        g_string_append_c(out, ',');
    append_text(out, name);
    g_string_append_c(out, ':');
}

static void append_description(const struct param *param, GString *out)
{
    GString *text = g_string_new(param->meaning);
    g_string_append(text, text->len ? ": " : "");
    describe_allowed(param, text);
    if (param->by_default && *param->by_default)
        g_string_append_printf(text, "; default %s", param->by_default);
    else if (!param->by_default && !param->optional)
        g_string_append(text, "; required");
    append_name(out, "description");
    append_text(out, text->str);
    g_string_free(text, TRUE);
}

static void append_pattern(GString *out, const char *types, const char *pattern)
{
    append_name(out, "type");
    g_string_append(out, types);
    append_name(out, "pattern");
    append_text(out, pattern);
}

/* A number with a unit, or 0. */
static void append_dimension(const struct dimension *dimension, GString *out)
{
    GString *pattern = g_string_new("^(0|[0-9][0-9_]*([.][0-9_]+)? *(");
    for (const struct unit *unit = dimension->unit; unit->name; unit++)
        g_string_append_printf(pattern, "%s%s", unit == dimension->unit ? "" : "|", unit->name);
    g_string_append(pattern, "))$");
    append_pattern(out, "[\"string\",\"integer\"]", pattern->str);
    append_name(out, "minimum");
    g_string_append_c(out, '0');
    append_name(out, "maximum");
    g_string_append_c(out, '0');
    g_string_free(pattern, TRUE);
}

/* A bound as a JSON number: digits of the table without their `_`. */
static void append_bound(GString *out, const char *name, const char *bound)
{
    if (!bound)
        return;
    append_name(out, name);
    for (; *bound; bound++) {
        if (g_ascii_isdigit(*bound) || *bound == '-')
            g_string_append_c(out, *bound);
    }
}

static void append_choices(const struct param *param, GString *out)
{
    append_name(out, "enum");
    g_string_append_c(out, '[');
    for (size_t i = 0; param->choices[i]; i++) {
        g_string_append(out, i ? "," : "");
        append_text(out, param->choices[i]);
    }
    g_string_append_c(out, ']');
}

static void append_scalar(const struct param *param, GString *out)
{
    switch (param->type) {
    case PARAM_FLAG:
        append_name(out, "enum");
        g_string_append(out, "[\"on\",\"off\",true,false]");
        break;
    case PARAM_INTEGER:
    case PARAM_STAKE:
        append_pattern(out, "[\"integer\",\"string\"]", "^-?[0-9]+(_[0-9]+)*$");
        append_bound(out, "minimum", param->type == PARAM_STAKE && !param->minimum ? "0" : param->minimum);
        append_bound(out, "maximum", param->maximum);
        break;
    case PARAM_DECIMAL:
        append_pattern(out, "[\"number\",\"string\"]", "^[0-9][0-9_]*([.][0-9_]+)?( */ *[0-9][0-9_]*)?$");
        break;
    case PARAM_SHARE:
        append_pattern(out, "[\"string\",\"integer\"]",
                       "^(0|[0-9][0-9_]*([.][0-9_]+)? *%|[0-9][0-9_]* */ *[0-9][0-9_]*)$");
        append_bound(out, "minimum", "0");
        append_bound(out, "maximum", "0");
        break;
    case PARAM_DURATION:
        append_dimension(&dimension_duration, out);
        break;
    case PARAM_SIZE:
        append_dimension(&dimension_size, out);
        break;
    case PARAM_RATE:
        append_dimension(&dimension_rate, out);
        break;
    case PARAM_TX_RATE:
        append_dimension(&dimension_tx_rate, out);
        break;
    case PARAM_CHOICE:
        append_choices(param, out);
        break;
    default:
        append_name(out, "type");
        g_string_append(out, param->type == PARAM_FILE ? "\"string\"" : "[\"string\",\"number\",\"boolean\"]");
    }
}

/* The properties of a table; `is_named` leaves out the name that a map gives. */
static void append_properties(const struct param_table *table, const struct frame *outer, bool is_named, GString *out)
{
    struct frame frame = {outer, table};
    for (size_t i = 0; table && i < table->count; i++) {
        const struct param *param = &table->params[i];
        if (is_named && strcmp(param->key, SCHEMA_NAME_KEY) == 0)
            continue;
        append_name(out, param->key);
        append_value(param, &frame, false, out);
    }
}

static void append_closed(GString *out)
{
    append_name(out, "additionalProperties");
    g_string_append(out, "false");
}

static void append_variants(const struct param *one_of, const struct frame *frame, bool is_named, GString *out)
{
    append_name(out, "anyOf");
    g_string_append_c(out, '[');
    for (size_t i = 0; i < one_of->variants->count; i++) {
        const struct param_variant *variant = &one_of->variants->list[i];
        g_string_append(out, i ? ",{" : "{");
        append_name(out, "description");
        append_text(out, variant->meaning);
        append_name(out, "properties");
        g_string_append_c(out, '{');
        append_name(out, one_of->discriminator);
        g_string_append(out, "{\"const\":");
        append_text(out, variant->name);
        g_string_append_c(out, '}');
        append_properties(variant->table, frame, is_named, out);
        g_string_append_c(out, '}');
        append_closed(out);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void append_object(GString *out)
{
    append_name(out, "type");
    g_string_append(out, "\"object\"");
}

static void append_items(const struct param *param, const struct frame *frame, GString *out)
{
    bool is_list = param->type == PARAM_LIST;
    append_name(out, "type");
    g_string_append(out, is_list ? "\"array\"" : "\"object\"");
    append_name(out, is_list ? "items" : "additionalProperties");
    append_value(param->element, frame, !is_list, out);
    append_bound(out, is_list ? "minItems" : "minProperties", param->minimum);
    append_bound(out, is_list ? "maxItems" : "maxProperties", param->maximum);
}

/* Any key, with a list that is not empty or with a range. */
static void append_values(GString *out)
{
    append_object(out);
    append_name(out, "additionalProperties");
    g_string_append(
        out, "{\"anyOf\":[{\"type\":\"array\",\"minItems\":1},{\"type\":\"object\",\"properties\":{\"from\":{},"
             "\"to\":{},\"step\":{},\"factor\":{}},\"required\":[\"from\",\"to\"],\"additionalProperties\":false,"
             "\"oneOf\":[{\"required\":[\"step\"]},{\"required\":[\"factor\"]}]}]}");
}

static bool is_open(const struct frame *frame, const struct param *param)
{
    for (; frame; frame = frame->outer) {
        if (param->type == PARAM_STRUCT && frame->table == param->table)
            return true;
        for (size_t i = 0; param->type == PARAM_ONE_OF && i < param->variants->count; i++) {
            if (frame->table && frame->table == param->variants->list[i].table)
                return true;
        }
    }
    return false;
}

static void append_value(const struct param *param, const struct frame *frame, bool is_named, GString *out)
{
    g_string_append_c(out, '{');
    append_description(param, out);
    if (is_open(frame, param)) {
        append_object(out);
    } else if (param->type == PARAM_STRUCT) {
        append_object(out);
        append_name(out, "properties");
        g_string_append_c(out, '{');
        append_properties(param->table, frame, is_named, out);
        g_string_append_c(out, '}');
        append_closed(out);
    } else if (param->type == PARAM_ONE_OF) {
        append_object(out);
        append_variants(param, frame, is_named, out);
    } else if (param->type == PARAM_LIST || param->type == PARAM_MAP) {
        append_items(param, frame, out);
    } else if (param->type == PARAM_VALUES) {
        append_values(out);
    } else {
        append_scalar(param, out);
    }
    g_string_append_c(out, '}');
}

void schema_json(const struct param_table *root, GString *out)
{
    g_string_append_c(out, '{');
    append_name(out, "$schema");
    append_text(out, "https://json-schema.org/draft/2020-12/schema");
    append_name(out, "title");
    append_text(out, "posim scenario");
    append_name(out, "description");
    append_text(out, root->meaning);
    append_object(out);
    append_name(out, "properties");
    g_string_append(out, "{\"" SCHEMA_VERSION_KEY "\":{\"description\":\"version of the scenario format; "
                         "required\",\"const\":" SCHEMA_VERSION "}");
    g_string_append(out, ",\"" SCHEMA_EXTENDS_KEY "\":{\"description\":\"preset or file that this scenario builds "
                         "on\",\"type\":\"string\"}");
    append_properties(root, NULL, false, out);
    g_string_append_c(out, '}');
    append_closed(out);
    g_string_append(out, ",\"required\":[\"" SCHEMA_VERSION_KEY "\"]}\n");
}
