/* SPDX-License-Identifier: MIT */
/*
 * What the figures of distributions over replications have in common: box and violin, in which the metric goes upwards
 * and a swept key across, and metric_cdf and histogram, in which the metric goes across and there is no such key.
 */
#ifndef POSIM_REPORT_SPREAD_FIGURE_H
#define POSIM_REPORT_SPREAD_FIGURE_H

#include "report/spread.h"

struct spread_params {
    struct figure_common common;
    struct sweep_choices sweep;
    const char *key, *by;
    int metric, axis;
};

#define SPREAD_UPWARDS_PARAMS                                                                                          \
    SWEEP_PARAMS(struct spread_params), SWEEP_ACROSS_PARAM(struct spread_params, key),                                 \
        SWEEP_CHOICE_PARAM("y", struct spread_params, metric, sweep_metrics,                                           \
                           "the metric upwards; absent: one that differs"),                                            \
        SWEEP_BY_PARAMS(struct spread_params), SWEEP_Y_AXIS_PARAM(struct spread_params, axis)

#define SPREAD_ACROSS_PARAMS                                                                                           \
    SWEEP_PARAMS(struct spread_params),                                                                                \
        SWEEP_CHOICE_PARAM("x", struct spread_params, metric, sweep_metrics,                                           \
                           "the metric across; absent: one that differs"),                                             \
        SWEEP_BY_PARAMS(struct spread_params)

struct spread_figure {
    const struct spread_params *params;
    struct sweep_view view;
    struct sweep_keys keys;
    struct spread spread;
    const char *metric;
    struct axis axis; /* of the metric */
    bool upwards;     /* the metric goes upwards, a key across */
};

/*
 * Reads what the figure's parameters name; false and an error, FIGURE_ERROR_EMPTY where no point has two runs. `styles`
 * is how many values by may have.
 */
bool spread_figure_open(struct spread_figure *figure, const struct figure_source *source, enum sweep_x across,
                        size_t styles, GError **error);
void spread_figure_release(struct spread_figure *figure);

/* The axis of the metric as it is chosen, or linear. */
struct axis spread_figure_axis(const struct spread_figure *figure, enum axis_choice choice);

/* Writes FILE.csv: for each group its number of runs, quantiles, and mean with its interval. */
bool spread_figure_save_boxes(const struct spread_figure *figure, const char *folder, const char *file, GError **error);

/*
 * Writes NAME_styles.csv, NAME_ticks.csv where a key goes across, and NAME_facts.csv; `what` is said of the drawing.
 */
bool spread_figure_save(const struct spread_figure *figure, const char *what, const char *folder, const char *name,
                        GError **error);

extern const char *const spread_sheets[]; /* what spread_figure_save writes beside the facts */

#endif
