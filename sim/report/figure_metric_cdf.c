/* SPDX-License-Identifier: MIT */
/* The distribution of a metric over the replications: the share of runs within a value, a curve for each swept value.
 */
#include "report/spread_figure.h"

#define LEAST_STEP (1.0 / 1000)

static const struct param params[] = {
    SPREAD_ACROSS_PARAMS,
    SWEEP_AXIS_PARAM("x_axis", struct spread_params, axis, "the axis across: log from a ratio of 100"),
};
static const struct param_table table =
    PARAM_TABLE("metric_cdf", "the distribution of a metric over the replications", struct spread_params, params);

static void add_step(struct sheet *sheet, const struct spread_group *group, double value, double share)
{
    sheet_number(sheet, group->style);
    sheet_real(sheet, value);
    sheet_real(sheet, share);
    sheet_end(sheet);
}

/* From a share of 0 at the least value on; no step left out is higher than 1/1000. */
static void add_curve(struct sheet *sheet, const struct spread_group *group, double factor)
{
    double said = 0;
    add_step(sheet, group, group->values[0] / factor, 0);
    for (size_t i = 0; i < group->count; i++) {
        bool last = i + 1 == group->count;
        double share = (double)(i + 1) / (double)group->count;
        if (!last && (group->values[i + 1] <= group->values[i] || share - said < LEAST_STEP))
            continue;
        add_step(sheet, group, group->values[i] / factor, share);
        said = share;
    }
}

static bool save_curves(const struct spread_figure *figure, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "style,value,share");
    for (size_t i = 0; i < figure->spread.groups.count; i++)
        add_curve(&sheet, &figure->spread.groups.at[i], figure->spread.scale.factor);
    return sheet_save(&sheet, folder, "metric_cdf", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct spread_figure figure;
    if (!spread_figure_open(&figure, source, SWEEP_X_NONE, STYLES_MOST, error))
        return false;
    bool fine = save_curves(&figure, folder, error) &&
                spread_figure_save_boxes(&figure, folder, "metric_cdf_means", error) &&
                spread_figure_save(&figure, "mark: mean", folder, "metric_cdf", error);
    spread_figure_release(&figure);
    return fine;
}

static const char *const sheets[] = {"means", "styles", "ticks", NULL};

const struct figure figure_metric_cdf = {
    .name = "metric_cdf",
    .meaning = "how a metric spreads over the replications: the share of runs within a value",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
