/* SPDX-License-Identifier: MIT */
/* Small things that writing JSON with JSON-GLib wants again and again. */
#ifndef POSIM_EXPERIMENT_JSON_H
#define POSIM_EXPERIMENT_JSON_H

#include <json-glib/json-glib.h>

/* A member of the object that is being built. */
void json_add_text(JsonBuilder *builder, const char *name, const char *text);
void json_add_texts(JsonBuilder *builder, const char *name, const char *const *texts); /* NULL-terminated, or NULL */

/* What was built, as indented text, and frees the builder; g_free the text. */
char *json_finish(JsonBuilder *builder);

#endif
