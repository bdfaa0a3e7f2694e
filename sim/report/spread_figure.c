/* SPDX-License-Identifier: MIT */
#include "report/spread_figure.h"

#define GROUPS_MOST 60 /* boxes side by side */
#define LABELS_MOST 9

const char *const spread_sheets[] = {"styles", "ticks", NULL};

static bool read_spread(struct spread_figure *figure, GError **error)
{
    if (!spread_read(&figure->spread, &figure->keys, figure->metric, error))
        return false;
    const struct spread *spread = &figure->spread;
    if (spread->most_replications < 2)
        return figure_empty(error, "each point has a single run: `replicate: {count: 20}` gives a distribution");
    if (spread->groups.count > GROUPS_MOST)
        return sweep_refuse(error, "%zu distributions are more than can be told apart: choose some with at",
                            spread->groups.count);
    figure->axis = spread_figure_axis(figure, (enum axis_choice)figure->params->axis);
    return true;
}

struct axis spread_figure_axis(const struct spread_figure *figure, enum axis_choice choice)
{
    const struct spread *spread = &figure->spread;
    double factor = spread->scale.factor;
    return axis_of(spread->least / factor, spread->most / factor, spread->positive / factor, choice);
}

bool spread_figure_open(struct spread_figure *figure, const struct figure_source *source, enum sweep_x across,
                        size_t styles, GError **error)
{
    const struct spread_params *params = source->params;
    *figure = (struct spread_figure){.params = params, .upwards = across != SWEEP_X_NONE};
    if (!sweep_view_open(&figure->view, source, &params->sweep, error))
        return false;
    figure->metric = sweep_view_metric(&figure->view, params->metric, error);
    bool fine = figure->metric &&
                sweep_keys_find(&figure->keys, &figure->view, across, params->key, params->by, styles, error) &&
                read_spread(figure, error);
    if (!fine)
        spread_figure_release(figure);
    return fine;
}

void spread_figure_release(struct spread_figure *figure)
{
    spread_release(&figure->spread);
    sweep_keys_release(&figure->keys);
    sweep_view_release(&figure->view);
}

static char *key_title(const struct spread_figure *figure)
{
    const char *given = figure->params->sweep.x_label;
    return figure->keys.x.key == NO_KEY ? g_strdup(given ? given : "")
                                        : levels_title(&figure->keys.x, &figure->view, given);
}

static bool save_facts(const struct spread_figure *figure, const char *what, size_t ticks, const char *folder,
                       const char *name, GError **error)
{
    const struct sweep_choices *choices = &figure->params->sweep;
    char *note = sweep_note(&figure->view, &figure->spread.basis, what, &figure->keys, "pooled: ");
    char *title = sweep_metric_title(figure->metric, &figure->spread.scale,
                                     figure->upwards ? choices->y_label : choices->x_label);
    char *other = figure->upwards ? key_title(figure) : g_strdup(choices->y_label ? choices->y_label : "Runs (%)");
    char *by_title = sweep_keys_by_title(&figure->keys), *file = g_strconcat(name, "_facts", NULL);
    struct sheet facts;
    sheet_init(&facts, "note,title,from,to,log,other_title,places,by_title,styles,ticks,groups");
    sheet_text(&facts, note);
    sheet_text(&facts, title);
    sheet_axis(&facts, &figure->axis);
    sheet_text(&facts, other);
    sheet_number(&facts, figure->keys.x_count);
    sheet_text(&facts, by_title);
    sheet_number(&facts, figure->keys.by.all.count);
    sheet_number(&facts, ticks);
    sheet_number(&facts, figure->spread.groups.count);
    sheet_end(&facts);
    bool saved = sheet_save(&facts, folder, file, error);
    g_free(file);
    g_free(by_title);
    g_free(other);
    g_free(title);
    g_free(note);
    return saved;
}

bool spread_figure_save_boxes(const struct spread_figure *figure, const char *folder, const char *file, GError **error)
{
    const struct spread *spread = &figure->spread;
    struct sheet sheet;
    sheet_init(&sheet, "x,style,n,p05,p25,p50,p75,p95,least,most,mean,low,high");
    for (size_t i = 0; i < spread->groups.count; i++) {
        const struct spread_group *group = &spread->groups.at[i];
        const double values[] = {spread_quantile(group, .05),
                                 spread_quantile(group, .25),
                                 spread_quantile(group, .5),
                                 spread_quantile(group, .75),
                                 spread_quantile(group, .95),
                                 group->values[0],
                                 group->values[group->count - 1],
                                 group->mean,
                                 group->low,
                                 group->high};
        sheet_number(&sheet, group->x);
        sheet_number(&sheet, group->style);
        sheet_number(&sheet, group->count);
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
            sheet_real(&sheet, values[v] / spread->scale.factor);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, file, error);
}

bool spread_figure_save(const struct spread_figure *figure, const char *what, const char *folder, const char *name,
                        GError **error)
{
    size_t ticks = 0;
    char *file = g_strconcat(name, "_ticks", NULL);
    bool fine = sweep_keys_save_styles(&figure->keys, folder, name, error) &&
                levels_save_places(&figure->keys.x, LABELS_MOST, folder, file, &ticks, error) &&
                save_facts(figure, what, ticks, folder, name, error);
    g_free(file);
    return fine;
}
