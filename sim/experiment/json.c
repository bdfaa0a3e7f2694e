/* SPDX-License-Identifier: MIT */
#include "experiment/json.h"

void json_add_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_string_value(builder, text);
}

void json_add_texts(JsonBuilder *builder, const char *name, const char *const *texts)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
    for (; texts && *texts; texts++)
        json_builder_add_string_value(builder, *texts);
    json_builder_end_array(builder);
}

char *json_finish(JsonBuilder *builder)
{
    JsonGenerator *generator = json_generator_new();
    JsonNode *node = json_builder_get_root(builder);
    json_generator_set_root(generator, node);
    json_generator_set_pretty(generator, TRUE);
    char *text = json_generator_to_data(generator, NULL);
    json_node_free(node);
    g_object_unref(generator);
    g_object_unref(builder);
    return text;
}
