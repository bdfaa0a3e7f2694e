/* SPDX-License-Identifier: MIT */
/* What the tests of sweeps share: loading one, its points as text, and a folder of presets and files. */
#ifndef POSIM_TESTS_UNIT_SWEEP_FIXTURE_H
#define POSIM_TESTS_UNIT_SWEEP_FIXTURE_H

#include "scenario_fixture.h"

#include <glib/gstdio.h>

#define BASE "posim: 1\nprotocol: {kind: praos}\nvalidators: {count: 4}\n"

/* Loads what must be fine. */
static inline struct scenario *load(const struct scenario_source *source)
{
    struct scenario *scenario;
    char *errors = fixture_load(source, &scenario);
    g_assert_cmpstr(errors, ==, "");
    g_free(errors);
    return scenario;
}

static inline struct scenario *load_text(const char *text)
{
    return load(&(struct scenario_source){.text = text});
}

static inline void refuses_source(const struct scenario_source *source, const char *expected)
{
    struct scenario *scenario;
    char *errors = fixture_load(source, &scenario);
    g_assert_cmpstr(errors, ==, expected);
    g_assert_null(scenario);
    g_free(errors);
}

/* "0: 1, praos; 1: 2, praos": each point with its number and the values that tables show; g_free it. */
static inline char *points_of(const struct scenario *scenario)
{
    struct scenario_swept keys[64];
    size_t count = scenario_swept(scenario, keys, G_N_ELEMENTS(keys));
    GString *text = g_string_new(NULL);
    uint64_t end = scenario_points(scenario), found = 0;
    for (uint64_t point = scenario_next_point(scenario, 0); point < end;
         point = scenario_next_point(scenario, point + 1), found++) {
        g_assert_true(scenario_has_point(scenario, point));
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT ":", text->len ? "; " : "", point);
        for (size_t key = 0; key < count; key++)
            g_string_append_printf(text, "%s %s", key ? "," : "", scenario_swept_value(scenario, point, key));
    }
    g_assert_cmpuint(scenario_count_points(scenario, UINT64_MAX), ==, found);
    g_assert_false(scenario_has_point(scenario, end));
    return g_string_free(text, FALSE);
}

static inline void has_points(const struct scenario *scenario, const char *expected)
{
    char *points = points_of(scenario);
    g_assert_cmpstr(points, ==, expected);
    g_free(points);
}

static inline void gives_points(const char *text, const char *expected)
{
    struct scenario *scenario = load_text(text);
    has_points(scenario, expected);
    scenario_free(scenario);
}

/* A point that must be fine. */
static inline struct scenario *at(const struct scenario *scenario, uint64_t point)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    struct scenario *one = scenario_at(scenario, point, &diagnostics);
    g_assert_cmpuint(diagnostics_count(&diagnostics), ==, 0);
    g_assert_nonnull(one);
    diagnostics_release(&diagnostics);
    return one;
}

static inline const struct fixture_root *values_of(const struct scenario *scenario)
{
    return scenario_values(scenario);
}

static inline const struct fixture_praos *praos_of(const struct scenario *scenario)
{
    g_assert_cmpstr(values_of(scenario)->protocol.variant->name, ==, "praos");
    return values_of(scenario)->protocol.value;
}

struct folder {
    char *path;
    GPtrArray *files;
};

static inline void folder_init(struct folder *folder)
{
    folder->path = g_dir_make_tmp("posim-XXXXXX", NULL);
    folder->files = g_ptr_array_new_with_free_func(g_free);
}

static inline void folder_write(struct folder *folder, const char *name, const char *text)
{
    char *path = g_build_filename(folder->path, name, NULL), *around = g_path_get_dirname(path);
    g_mkdir_with_parents(around, 0700);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_ptr_array_add(folder->files, path);
    g_ptr_array_add(folder->files, around);
}

static inline void folder_release(struct folder *folder)
{
    for (guint i = 0; i < folder->files->len; i++)
        g_remove(folder->files->pdata[i]);
    g_remove(folder->path);
    g_ptr_array_unref(folder->files);
    g_free(folder->path);
}

/* Presets a and b, which themselves build on c, and two files of stakes. */
static inline void folder_fill(struct folder *folder)
{
    folder_init(folder);
    folder_write(folder, "a.yaml",
                 "posim: 1\nname: a\nprotocol: {kind: praos, slot: 5 s}\nvalidators: {count: 7}\n"
                 "expect: [{metric: x, max: 1}]\n");
    folder_write(folder, "b.yaml", "posim: 1\nextends: c\nvalidators: {count: 8}\n");
    folder_write(folder, "c.yaml",
                 "posim: 1\nprotocol: {kind: tendermint, block_size: 3 kB}\n"
                 "validators: {count: 9, stake: {file: in/one.csv}}\nrelay: on\n");
    folder_write(folder, "in/one.csv", "stake\n1\n");
    folder_write(folder, "in/two.csv", "stake\n2\n");
    folder_write(folder, "other/two.csv", "stake\n3\n");
}

static inline struct scenario_source in(const struct folder *folder, const char *text)
{
    return (struct scenario_source){.text = text, .folder = folder->path, .presets = folder->path};
}

#endif
