/* SPDX-License-Identifier: MIT */
/* What `posim plot` leaves in a folder, by the list of figures: removed by name, whatever else lies beside it. */
#include "experiment/results.h"
#include "report/figure.h"
#include "report/gnuplot.h"

static GPtrArray *figure_names(void)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (size_t f = 0; figures[f]; f++)
        for (size_t i = 0; gnuplot_formats[i]; i++)
            g_ptr_array_add(names, g_strconcat(figures[f]->name, ".", gnuplot_formats[i], NULL));
    g_ptr_array_add(names, NULL);
    return names;
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

bool figures_clear(const char *folder, GError **error)
{
    GPtrArray *drawn = figure_names(), *data = sheet_names();
    bool fine = clear_below(folder, FIGURES_DATA, data, error) && clear_below(folder, FIGURES_TEX, drawn, error) &&
                clear_drawings(folder, drawn, error) &&
                results_clear_folder(folder, (const char *const *)drawn->pdata, error);
    g_ptr_array_free(drawn, TRUE);
    g_ptr_array_free(data, TRUE);
    return fine;
}
