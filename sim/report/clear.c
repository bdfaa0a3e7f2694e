/* SPDX-License-Identifier: MIT */
/* What `posim plot` leaves in a folder, by the list of figures: removed by name, whatever else lies beside it. */
#include "experiment/results.h"
#include "report/figure.h"
#include "report/gnuplot.h"

#include <string.h>

static void add_files(GPtrArray *files, const char *figure)
{
    for (size_t i = 0; gnuplot_formats[i]; i++)
        if (strcmp(gnuplot_formats[i], "term") != 0)
            g_ptr_array_add(files, g_strconcat(figure, ".", gnuplot_formats[i], NULL));
}

/* Whether the folder holds the facts of a figure, which then has the folder's name. */
static bool holds_figure(const char *folder)
{
    bool holds = false;
    for (size_t f = 0; figures[f] && !holds; f++) {
        char *file = g_strconcat(figures[f]->name, "_facts.csv", NULL), *path = g_build_filename(folder, file, NULL);
        holds = g_file_test(path, G_FILE_TEST_EXISTS);
        g_free(path);
        g_free(file);
    }
    return holds;
}

/* The figures that have names of their own: their data lie in folders of these names. */
static GPtrArray *own_names(const char *folder)
{
    char *data = g_build_filename(folder, FIGURES_DATA, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *listing = g_dir_open(data, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        char *path = g_build_filename(data, name, NULL);
        if (holds_figure(path))
            g_ptr_array_add(names, g_strdup(name));
        g_free(path);
    }
    if (listing)
        g_dir_close(listing);
    g_free(data);
    return names;
}

static GPtrArray *figure_files(const GPtrArray *own)
{
    GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
    for (size_t f = 0; figures[f]; f++)
        add_files(files, figures[f]->name);
    for (guint i = 0; i < own->len; i++)
        add_files(files, own->pdata[i]);
    g_ptr_array_add(files, NULL);
    return files;
}

static GPtrArray *sheet_names(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (size_t f = 0; figures[f]; f++) {
        g_ptr_array_add(names, g_strconcat(figures[f]->name, ".csv", NULL));
        g_ptr_array_add(names, g_strconcat(figures[f]->name, "_facts.csv", NULL));
        for (const char *const *sheet = figures[f]->sheets; sheet && *sheet; sheet++)
            g_ptr_array_add(names, g_strconcat(figures[f]->name, "_", *sheet, ".csv", NULL));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static bool clear_below(const char *folder, const char *below, const GPtrArray *names, GError **error)
{
    char *path = g_build_filename(folder, below, NULL);
    bool fine = results_clear_folder(path, (const char *const *)names->pdata, error);
    g_free(path);
    return fine;
}

/* Folders in which a figure was being drawn when posim was killed. */
static bool clear_drawings(const char *folder, const GPtrArray *names, GError **error)
{
    GDir *listing = g_dir_open(folder, 0, NULL);
    bool fine = true;
    for (const char *name; fine && listing && (name = g_dir_read_name(listing));)
        if (g_str_has_prefix(name, GNUPLOT_DRAWING))
            fine = clear_below(folder, name, names, error);
    if (listing)
        g_dir_close(listing);
    return fine;
}

static bool clear_own_data(const char *folder, const GPtrArray *own, const GPtrArray *sheets, GError **error)
{
    bool fine = true;
    for (guint i = 0; i < own->len && fine; i++) {
        char *below = g_build_filename(FIGURES_DATA, own->pdata[i], NULL);
        fine = clear_below(folder, below, sheets, error);
        g_free(below);
    }
    return fine;
}

bool figures_clear(const char *folder, GError **error)
{
    GPtrArray *own = own_names(folder), *drawn = figure_files(own), *data = sheet_names();
    bool fine = clear_own_data(folder, own, data, error) && clear_below(folder, FIGURES_DATA, data, error) &&
                clear_below(folder, FIGURES_TEX, drawn, error) && clear_drawings(folder, drawn, error) &&
                results_clear_folder(folder, (const char *const *)drawn->pdata, error);
    g_ptr_array_free(drawn, TRUE);
    g_ptr_array_free(data, TRUE);
    g_ptr_array_free(own, TRUE);
    return fine;
}
