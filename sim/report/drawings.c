/* SPDX-License-Identifier: MIT */
#include "report/drawings.h"

#include "base/table_file.h"
#include "experiment/results.h"
#include "report/label.h"
#include "report/plot.h"

#include <string.h>

/* Where nobody says which figures of a sweep to make: one of each question, not every way of showing an answer. */
static const char *const of_sweeps[] = {"line", "heat_map", "pareto", "violin", NULL};

static void release(struct drawing *drawing)
{
    char *texts[] = {drawing->name, drawing->title, drawing->caption, drawing->words,
                     drawing->file, drawing->data,  drawing->svg,     drawing->why};
    for (size_t t = 0; t < G_N_ELEMENTS(texts); t++)
        g_free(texts[t]);
}

static void add_kind(struct figure_entries *entries, const struct param_variants *kinds, const char *kind,
                     const char *with)
{
    const char *const parameters[] = {with, NULL};
    GString *errors = g_string_new(NULL);
    figure_entries_add(entries, kinds, kind, with ? parameters : NULL, errors);
    g_string_free(errors, TRUE);
}

/* How often verdicts were violated over what was swept: those that were at all. */
static void add_violations(struct figure_entries *entries, const struct drawings_order *order)
{
    for (int v = 0; v < VERDICTS; v++) {
        if (order->findings->verdicts[v].runs.violated == 0)
            continue;
        char *with = g_strdup_printf("y=%s_fails", verdict_kinds[v].name);
        add_kind(entries, order->kinds, "success_curve", with);
        g_free(with);
    }
}

static void choose(struct figure_entries *entries, const struct drawings_order *order, bool has_traces)
{
    const struct findings *findings = order->findings;
    if (findings->settings && findings->settings->plots.count) {
        figure_entries_add_plots(entries, &findings->settings->plots);
        return;
    }
    if (findings_is_swept(findings) && findings->table.points.count > 1) {
        for (size_t i = 0; of_sweeps[i]; i++)
            add_kind(entries, order->kinds, of_sweeps[i], NULL);
        add_violations(entries, order);
    }
    for (size_t i = 0; figures[i] && has_traces; i++)
        if (!figures[i]->of_sweep)
            add_kind(entries, order->kinds, figures[i]->name, NULL);
}

/* "How blocks become final." */
static char *sentence(const char *meaning)
{
    char *text = g_strconcat(meaning, ".", NULL);
    text[0] = g_ascii_toupper(text[0]);
    return text;
}

/* A cell of a figure's facts, "" where it has none. */
static const char *fact(const struct table_file *facts, const char *name)
{
    size_t column;
    return facts && facts->row_count && table_file_find(facts, name, &column) ? table_file_cell(facts, 0, column) : "";
}

/* What stands on the axes, in words; of a figure that does not say, its kind. */
static char *title_of(const struct table_file *facts, const char *kind)
{
    const char *colour = fact(facts, "z_title"), *upwards = fact(facts, "y_title"), *alone = fact(facts, "title");
    const char *across = fact(facts, "x_title"), *other = fact(facts, "other_title"), *by = fact(facts, "by_title");
    const char *shown = *colour ? colour : *upwards ? upwards : alone;
    if (!*shown)
        return label_key(kind);
    GString *text = g_string_new(shown);
    if (*across)
        g_string_append_printf(text, " over %s", across);
    if (*colour && *upwards)
        g_string_append_printf(text, " and %s", upwards);
    if (*other)
        g_string_append_printf(text, " over %s", other);
    if (*by)
        g_string_append_printf(text, ", by %s", by);
    return g_string_free(text, FALSE);
}

static void describe(struct drawing *drawing, const struct plot *plot, const struct figure_entry *entry)
{
    bool own = strcmp(entry->name, entry->figure->name) != 0;
    char *below = own ? g_strconcat(FIGURES_DATA, "/", entry->name, NULL) : g_strdup(FIGURES_DATA);
    char *file = g_strconcat(entry->figure->name, "_facts.csv", NULL),
         *path = g_build_filename(plot->folder, below, file, NULL);
    struct table_file *facts = table_file_read(path, NULL);
    const char *note = fact(facts, "note");
    drawing->title = title_of(facts, entry->figure->name);
    drawing->words =
        g_strdup_printf("%s. %s%s%s%s", drawing->title, drawing->caption, *note ? " (" : "", note, *note ? ")" : "");
    drawing->data = g_strdup_printf(RESULTS_PLOTS "/%s/%s.csv", below, entry->figure->name);
    table_file_free(facts);
    g_free(path);
    g_free(file);
    g_free(below);
}

static bool take(struct drawing *drawing, const struct plot *plot, const struct figure_entry *entry, GError **error)
{
    const char *format = plot->formats[0];
    bool is_svg = strcmp(format, "svg") == 0, is_tex = strcmp(format, "tex") == 0;
    drawing->file = is_tex ? g_strdup_printf(RESULTS_PLOTS "/" FIGURES_TEX "/%s.%s", entry->name, format)
                           : g_strdup_printf(RESULTS_PLOTS "/%s.%s", entry->name, format);
    describe(drawing, plot, entry);
    char *path = g_build_filename(plot->results, drawing->file, NULL);
    bool fine = !is_svg || g_file_get_contents(path, &drawing->svg, NULL, error);
    g_free(path);
    return fine;
}

/* What an error says of the directory, by its own name: how it was reached is no business of the results. */
static char *without_path(const char *message, const struct findings *findings)
{
    GString *text = g_string_new(message);
    if (strcmp(findings->folder, findings->label) != 0)
        g_string_replace(text, findings->folder, findings->label, 0);
    g_strdelimit(text->str, "\n", ' ');
    return g_string_free(text, FALSE);
}

/* Makes one figure. What the results do not allow is no error: the drawing then says why, or nobody asked for it. */
static bool make(struct drawings *drawings, const struct findings *findings, struct plot *plot,
                 const struct figure_entry *entry, GError **error)
{
    struct drawing drawing = {.name = g_strdup(entry->name), .caption = sentence(entry->figure->meaning)};
    GString *written = g_string_new(NULL);
    GError *why = NULL;
    bool made = plot_figure(plot, entry, written, &why) && take(&drawing, plot, entry, &why);
    g_string_free(written, TRUE);
    bool not_allowed = !made && why->domain == FIGURE_ERROR;
    if (not_allowed)
        drawing.why = without_path(why->message, findings);
    if (made || (not_allowed && !entry->figure->quiet))
        vector_push(&drawings->list, drawing);
    else
        release(&drawing);
    if (!made && !not_allowed)
        g_propagate_error(error, why);
    else
        g_clear_error(&why);
    return made || not_allowed;
}

bool drawings_make(struct drawings *drawings, const struct drawings_order *order, GError **error)
{
    *drawings = (struct drawings){0};
    struct plot plot = {0};
    if (!figure_source_open(&plot.source, order->findings->folder, NULL, error))
        return false;
    if (order->findings->scenario)
        plot.source.warmup_ns = root_world(scenario_values(order->findings->scenario))->time.warmup_ns;
    char *formats[] = {(char *)order->format, NULL};
    char *scripts = g_canonicalize_filename(order->scripts, NULL),
         *results = g_canonicalize_filename(order->findings->folder, NULL),
         *folder = g_build_filename(results, RESULTS_PLOTS, NULL);
    plot.scripts = scripts;
    plot.results = results;
    plot.folder = folder;
    plot.formats = formats;
    plot.columns = 1;
    struct figure_entries entries;
    figure_entries_init(&entries);
    choose(&entries, order, plot.source.run_count > 0);
    bool fine = true;
    for (size_t i = 0; i < entries.all.count && fine; i++)
        fine = make(drawings, order->findings, &plot, &entries.all.at[i], error);
    figure_entries_release(&entries);
    figure_source_release(&plot.source);
    g_free(folder);
    g_free(results);
    g_free(scripts);
    return fine;
}

void drawings_release(struct drawings *drawings)
{
    for (size_t i = 0; i < drawings->list.count; i++)
        release(&drawings->list.at[i]);
    vector_release(&drawings->list);
}
