/* SPDX-License-Identifier: MIT */
/*
 * How a metric spreads over the replications, for each value of a swept key: boxes of the middle half of the runs with
 * their median, whiskers to 5 and 95 % of them, and the mean with its interval.
 */
#include "report/spread_figure.h"

static const struct param params[] = {SPREAD_UPWARDS_PARAMS};
static const struct param_table table =
    PARAM_TABLE("box", "how a metric spreads over the replications", struct spread_params, params);

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct spread_figure figure;
    if (!spread_figure_open(&figure, source, SWEEP_X_OPTIONAL, STYLES_MOST, error))
        return false;
    bool fine =
        spread_figure_save_boxes(&figure, folder, "box", error) &&
        spread_figure_save(&figure, "box: middle half; whiskers: 5 to 95 %; diamond: mean", folder, "box", error);
    spread_figure_release(&figure);
    return fine;
}

const struct figure figure_box = {
    .name = "box",
    .meaning = "how a metric spreads over the replications, by a swept key: boxes",
    .of_sweep = true,
    .params = &table,
    .sheets = spread_sheets,
    .reduce = reduce,
};
