/* SPDX-License-Identifier: MIT */
#include "report/plot.h"

#include "report/sweep_table.h"

#include <errno.h>
#include <string.h>

static char *replay_command(const struct figure_source *source)
{
    uint64_t point = 0;
    uint32_t replication = 0;
    struct sweep_table table;
    if (source->run_count) {
        point = source->runs[0].point;
        replication = source->runs[0].replication;
    } else if (sweep_table_open(&table, source->folder, NULL)) {
        point = table.points.count ? table.points.at[0] : 0;
        sweep_table_release(&table);
    }
    return g_strdup_printf("posim replay %s %" G_GUINT64_FORMAT "-%u", source->folder, point, replication);
}

char *plot_no_traces(const struct figure_source *source)
{
    char *replay = replay_command(source);
    char *text = g_strdup_printf("these results keep no traces of single runs; say `keep: sample` in the scenario, or\n"
                                 "  %s",
                                 replay);
    g_free(replay);
    return text;
}

/* Whether the tables are there that a figure of a run needs. */
static bool has_tables(const struct figure *figure, const struct figure_source *source, GError **error)
{
    if (figure->of_sweep)
        return true;
    char *lacking = source->run_count ? figure_lacks(figure, source) : NULL;
    if (source->run_count && !lacking)
        return true;
    char *replay = replay_command(source), *no_traces = plot_no_traces(source);
    if (lacking)
        g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_LACKS,
                    "it needs the tables %s; name them under `record:` in the scenario, or\n  %s", lacking, replay);
    else
        g_set_error_literal(error, FIGURE_ERROR, FIGURE_ERROR_LACKS, no_traces);
    g_free(no_traces);
    g_free(replay);
    g_free(lacking);
    return false;
}

static bool make_folder(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) == 0)
        return true;
    int code = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot make %s: %s", folder,
                g_strerror(code));
    return false;
}

static bool draw(const struct plot *plot, const struct figure_entry *entry, const char *data, const char *format,
                 GString *written, GError **error)
{
    bool is_tex = strcmp(format, "tex") == 0, is_text = strcmp(format, "term") == 0;
    /* LaTeX figures are a text and a PDF of the same name: apart from the others, which have a PDF as well. */
    char *folder = g_build_filename(plot->folder, is_tex ? FIGURES_TEX : NULL, NULL);
    struct gnuplot_order order = {.scripts = plot->scripts,
                                  .script = entry->figure->name,
                                  .name = entry->name,
                                  .results = plot->results,
                                  .data = data,
                                  .output = folder,
                                  .format = format,
                                  .columns = is_text ? plot->characters : plot->columns,
                                  .colours = plot->colours};
    bool fine = make_folder(folder, error) && gnuplot_draw(&order, written, error);
    g_free(folder);
    return fine;
}

bool plot_figure(struct plot *plot, const struct figure_entry *entry, GString *written, GError **error)
{
    if (!has_tables(entry->figure, &plot->source, error))
        return false;
    bool own = strcmp(entry->name, entry->figure->name) != 0;
    char *data = g_build_filename(plot->folder, FIGURES_DATA, own ? entry->name : NULL, NULL);
    plot->source.params = entry->params;
    bool fine = make_folder(data, error) && entry->figure->reduce(&plot->source, data, error);
    for (char **format = plot->formats; *format && fine; format++)
        fine = draw(plot, entry, data, *format, written, error);
    g_free(data);
    return fine;
}
