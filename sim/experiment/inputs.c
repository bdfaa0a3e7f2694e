/* SPDX-License-Identifier: MIT */
#include "experiment/inputs.h"

#include "experiment/results.h"
#include "record/temporary.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

void inputs_release(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->list.count; i++) {
        g_free(inputs->list.at[i].file);
        g_free(inputs->list.at[i].sha256);
        g_free(inputs->list.at[i].copy);
    }
    vector_release(&inputs->list);
    *inputs = (struct inputs){0};
}

static void add(struct inputs *inputs, const char *file, const char *sha256, const char *copy)
{
    struct input input = {g_strdup(file), g_strdup(sha256), g_strdup(copy)};
    vector_push(&inputs->list, input);
}

static char *hash_of(const char *content, gsize length)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content, length);
}

char *inputs_hash_file(const char *path)
{
    char *content = NULL, *hash = NULL;
    gsize length = 0;
    if (g_file_get_contents(path, &content, &length, NULL))
        hash = hash_of(content, length);
    g_free(content);
    return hash;
}

/* Names of copies: letters, digits, dots, lines; so they are the same everywhere, and addresses too. */

static bool is_plain(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!g_ascii_isalnum(*at) && !strchr("._-", *at))
            return false;
    return *name && *name != '.';
}

static char *plain_name(const char *path)
{
    char *name = g_path_get_basename(path);
    for (char *at = name; *at; at++)
        if (!g_ascii_isalnum(*at) && !strchr("._-", *at))
            *at = '-';
    if (*name == '.')
        *name = '-';
    return name;
}

/* Two names may not differ in the size of letters alone: there are systems for which they would be one. */
static bool reserve(GHashTable *taken, const char *name)
{
    return g_hash_table_add(taken, g_ascii_strdown(name, -1));
}

/* Whether something is there already that is neither a copy of results before nor the same as is to be there. */
static bool is_in_the_way(const char *folder, const char *name, const struct inputs *before, const char *place)
{
    char *copy = g_strconcat(RESULTS_INPUTS "/", name, NULL), *path = g_build_filename(folder, copy, NULL);
    bool in_the_way = false;
    if (!inputs_have_copy(before, copy) && g_file_test(path, G_FILE_TEST_EXISTS)) {
        char *there = inputs_hash_file(path), *wanted = inputs_hash_file(place);
        in_the_way = g_strcmp0(there, wanted) != 0;
        g_free(wanted);
        g_free(there);
    }
    g_free(path);
    g_free(copy);
    return in_the_way;
}

/* stakes.csv, or stakes-2.csv where that is taken. */
static char *free_name(GHashTable *taken, const char *folder, const char *path, const struct inputs *before,
                       const char *place)
{
    char *name = plain_name(path);
    const char *dot = strrchr(name, '.'), *ending = dot && dot > name ? dot : name + strlen(name);
    char *chosen = g_strdup(name);
    for (unsigned number = 2; is_in_the_way(folder, chosen, before, place) || !reserve(taken, chosen); number++) {
        g_free(chosen);
        chosen = g_strdup_printf("%.*s-%u%s", (int)(ending - name), name, number, ending);
    }
    g_free(name);
    return chosen;
}

/* The name of a file that is a copy in these results already; g_free it. NULL: it is none. */
static char *own_name(const char *folder, const char *path)
{
    char *results = g_canonicalize_filename(folder, NULL), *whole = g_canonicalize_filename(path, NULL);
    char *copies = g_build_filename(results, RESULTS_INPUTS, NULL), *in = g_path_get_dirname(whole);
    char *name = g_path_get_basename(whole);
    if (strcmp(copies, in) != 0 || !is_plain(name))
        g_clear_pointer(&name, g_free);
    g_free(in);
    g_free(copies);
    g_free(whole);
    g_free(results);
    return name;
}

/* "inputs/stakes.csv" for each input; g_strfreev them. */
static char **name_copies(const char *folder, const struct scenario *scenario, const struct inputs *before)
{
    const char *const *files = scenario_inputs(scenario);
    guint count = g_strv_length((char **)files);
    char **names = g_new0(char *, count + 1);
    GHashTable *taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < count; i++) {
        names[i] = own_name(folder, scenario_input_place(scenario, files[i]));
        if (names[i])
            reserve(taken, names[i]);
    }
    for (guint i = 0; i < count; i++) {
        const char *place = scenario_input_place(scenario, files[i]);
        char *name = names[i] ? names[i] : free_name(taken, folder, files[i], before, place);
        names[i] = g_strconcat(RESULTS_INPUTS "/", name, NULL);
        g_free(name);
    }
    g_hash_table_unref(taken);
    return names;
}

/* Copying. */

static bool make_folder(const char *folder, GError **error)
{
    char *copies = g_build_filename(folder, RESULTS_INPUTS, NULL);
    bool made = g_mkdir_with_parents(copies, 0777) == 0;
    int code = errno;
    if (!made)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot make %s: %s", copies,
                    g_strerror(code));
    g_free(copies);
    return made;
}

/* Copies a file to folder/copy, unless it is the same there. Its hash, g_free it; NULL and an error. */
static char *keep(const char *folder, const char *from, const char *copy, GError **error)
{
    char *content = NULL;
    gsize length = 0;
    if (!g_file_get_contents(from, &content, &length, error))
        return NULL;
    char *path = g_build_filename(folder, copy, NULL);
    char *hash = hash_of(content, length), *there = inputs_hash_file(path);
    if (g_strcmp0(hash, there) != 0 && !temporary_write(path, content, length, error))
        g_clear_pointer(&hash, g_free);
    g_free(there);
    g_free(path);
    g_free(content);
    return hash;
}

bool inputs_keep(struct inputs *inputs, const char *folder, const struct scenario *scenario,
                 const struct inputs *before, GError **error)
{
    const char *const *files = scenario_inputs(scenario);
    char **copies = name_copies(folder, scenario, before);
    bool fine = make_folder(folder, error);
    *inputs = (struct inputs){0};
    for (size_t i = 0; files[i] && fine; i++) {
        char *hash = keep(folder, scenario_input_place(scenario, files[i]), copies[i], error);
        fine = hash != NULL;
        if (fine)
            add(inputs, files[i], hash, copies[i]);
        g_free(hash);
    }
    g_strfreev(copies);
    return fine;
}

bool inputs_carry(struct inputs *inputs, const char *folder, const char *from, GError **error)
{
    inputs_read(inputs, from);
    bool fine = inputs_check(inputs, from, error) && make_folder(folder, error);
    for (size_t i = 0; i < inputs->list.count && fine; i++) {
        const struct input *input = &inputs->list.at[i];
        char *path = input->copy ? g_build_filename(from, input->copy, NULL) : NULL;
        char *hash = path ? keep(folder, path, input->copy, error) : NULL;
        fine = !path || hash;
        g_free(hash);
        g_free(path);
    }
    return fine;
}

bool inputs_have_copy(const struct inputs *inputs, const char *copy)
{
    for (size_t i = 0; i < inputs->list.count; i++)
        if (g_strcmp0(inputs->list.at[i].copy, copy) == 0)
            return true;
    return false;
}

bool inputs_drop(const struct inputs *before, const struct inputs *now, const char *folder, GError **error)
{
    GPtrArray *names = g_ptr_array_new();
    for (size_t i = 0; i < before->list.count; i++) {
        const char *copy = before->list.at[i].copy;
        if (copy && !inputs_have_copy(now, copy))
            g_ptr_array_add(names, (gpointer)(copy + strlen(RESULTS_INPUTS "/")));
    }
    g_ptr_array_add(names, NULL);
    char *copies = g_build_filename(folder, RESULTS_INPUTS, NULL);
    bool fine = results_clear_folder(copies, (const char *const *)names->pdata, error);
    g_free(copies);
    g_ptr_array_free(names, TRUE);
    return fine;
}

/* Reading. */

/* A manifest may have been changed by hand: it must not lead anywhere else. */
static bool is_copy(const char *copy)
{
    return copy && g_str_has_prefix(copy, RESULTS_INPUTS "/") && is_plain(copy + strlen(RESULTS_INPUTS "/"));
}

static void take(void *user, const struct results_input *input)
{
    add(user, input->file, input->sha256, is_copy(input->copy) ? input->copy : NULL);
}

void inputs_read(struct inputs *inputs, const char *folder)
{
    *inputs = (struct inputs){0};
    results_each_input(folder, take, inputs);
}

static bool check(const struct input *input, const char *folder, GError **error)
{
    char *path = g_build_filename(folder, input->copy, NULL), *hash = inputs_hash_file(path);
    bool same = g_strcmp0(hash, input->sha256) == 0;
    if (!hash)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "%s cannot be read, which is the copy of %s that the results were made from", path, input->file);
    else if (!same)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%s was altered: it is no longer what the results were made from (SHA-256 on record %s, now %s)",
                    path, input->sha256, hash);
    g_free(hash);
    g_free(path);
    return same;
}

bool inputs_check(const struct inputs *inputs, const char *folder, GError **error)
{
    bool fine = true;
    for (size_t i = 0; i < inputs->list.count && fine; i++)
        fine = !inputs->list.at[i].copy || check(&inputs->list.at[i], folder, error);
    return fine;
}

GHashTable *inputs_moved(const struct inputs *inputs, const char *folder)
{
    char *results = g_canonicalize_filename(folder, NULL);
    GHashTable *moved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; i < inputs->list.count; i++)
        if (inputs->list.at[i].copy)
            g_hash_table_replace(moved, g_strdup(inputs->list.at[i].file),
                                 g_build_filename(results, inputs->list.at[i].copy, NULL));
    g_free(results);
    return moved;
}

bool input_has_changed(const struct input *input)
{
    char *hash = inputs_hash_file(input->file);
    bool changed = hash && strcmp(hash, input->sha256) != 0;
    g_free(hash);
    return changed;
}
