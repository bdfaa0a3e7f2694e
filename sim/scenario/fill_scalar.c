/* SPDX-License-Identifier: MIT */
#include "base/assert.h"
#include "base/quantity.h"
#include "scenario/describe.h"
#include "scenario/fill_parts.h"
#include "scenario/folder.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* "`faults.heal.at`": how an error begins. */
static struct diagnostic *report_value(const struct filler *filler, const struct yaml_node *node,
                                       const struct where *where, const char *message)
{
    char *path = where_path(where);
    struct place place = node->place.source ? node->place : where->place;
    struct diagnostic *diagnostic = diagnostics_add(filler->diagnostics, place, "`%s`: %s", path, message);
    g_free(path);
    return diagnostic;
}

static void note_allowed(struct diagnostic *diagnostic, const struct param *param)
{
    GString *allowed = g_string_new(NULL);
    describe_allowed_with_default(param, allowed);
    diagnostic_note(diagnostic, "allowed: %s", allowed->str);
    g_string_free(allowed, TRUE);
}

static bool fill_quantity(const struct filler *filler, const struct param *param, const struct yaml_node *node,
                          const struct where *where, void *value)
{
    GError *error = NULL;
    if (quantity_parse(param, node->text, value, &error))
        return true;
    struct diagnostic *diagnostic = report_value(filler, node, where, error->message);
    if (param->type == PARAM_CHOICE)
        diagnostic_suggest(diagnostic, node->text, param->choices);
    else
        note_allowed(diagnostic, param);
    g_error_free(error);
    return false;
}

/* Why a path is no file that can be read, or NULL. */
static const char *file_trouble(const char *path)
{
    if (access(path, R_OK) != 0)
        return g_strerror(errno);
    return g_file_test(path, G_FILE_TEST_IS_DIR) ? "it is a folder" : NULL;
}

static void report_file(const struct filler *filler, const struct yaml_node *node, const struct where *where,
                        const char *path, const char *trouble)
{
    char *quoted = diagnostic_quote(node->text);
    char *reason = g_ascii_strdown(trouble, 1);
    char *message = g_strdup_printf("cannot read the file %s: %s%s", quoted, reason, trouble + 1);
    struct diagnostic *diagnostic = report_value(filler, node, where, message);
    g_free(message);
    g_free(reason);
    g_free(quoted);

    diagnostic_note(diagnostic, "tried %s", path);
    char *folder = g_path_get_dirname(path);
    char *name = g_path_get_basename(path);
    GPtrArray *names = folder_names(g_file_test(path, G_FILE_TEST_EXISTS) ? NULL : folder, "");
    diagnostic_suggest(diagnostic, name, (const char *const *)names->pdata);
    g_ptr_array_unref(names);
    g_free(name);
    g_free(folder);
}

/* The absolute path of a file, and where it lies; NULL after an error. */
static const char *fill_file(const struct filler *filler, const struct yaml_node *node, const struct where *where,
                             const char **place)
{
    const char *folder = node->place.source ? node->place.source->folder : filler->presets;
    char *start = g_canonicalize_filename(folder ? folder : ".", NULL);
    const char *path = pool_take(filler->pool, g_canonicalize_filename(node->text, start));
    g_free(start);
    const char *moved = filler->moved ? g_hash_table_lookup(filler->moved, path) : NULL;
    *place = moved ? pool_text(filler->pool, moved) : path;
    const char *trouble = file_trouble(*place);
    if (trouble) {
        report_file(filler, node, where, *place, trouble);
        return NULL;
    }
    g_ptr_array_add(filler->inputs, (gpointer)path);
    return path;
}

/* Types the text into `value`. Returns it as a scenario would write it, or NULL after an error. */
static const char *fill_text(const struct filler *filler, const struct param *param, const struct yaml_node *node,
                             const struct where *where, void *value)
{
    if (param->type == PARAM_TEXT)
        return *(const char **)value = node->text;
    if (param->type == PARAM_FILE)
        return fill_file(filler, node, where, value);
    if (!fill_quantity(filler, param, node, where, value))
        return NULL;
    return pool_take(filler->pool, quantity_print(param, value));
}

bool fill_scalar(const struct filler *filler, const struct param *param, const char *key, const struct yaml_node *node,
                 const struct where *where, void *value, struct filled *parent)
{
    const char *text = fill_text(filler, param, node, where, value);
    if (text)
        filled_add(filler->pool, parent, key, param, YAML_SCALAR, node->place)->text = text;
    return text;
}

bool fill_scalar_default(const struct filler *filler, const struct param *param, const struct where *where, void *value,
                         struct filled *parent)
{
    struct yaml_node node = {.kind = YAML_SCALAR, .text = param->by_default};
    return fill_scalar(filler, param, param->key, &node, where, value, parent);
}
