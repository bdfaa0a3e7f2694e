/* SPDX-License-Identifier: MIT */
/*
 * How a metric spreads over the replications, for each value of a swept key: the density of the runs, each as wide as
 * the others at its widest, with the middle half of the runs and the mean with its interval. The density is a kernel
 * estimate by Epanechnikov's kernel, with the bandwidth of Silverman, "Density estimation", 1986, equation 3.31,
 * times 2.214 for the kernel, and is cut at the least and the greatest value.
 */
#include "report/spread_figure.h"

#include "base/statistics.h"

#include <math.h>

#define GRID          48 /* points of each side */
#define FEWEST_RUNS   5
#define KERNEL_FACTOR 2.214

static const struct param params[] = {SPREAD_UPWARDS_PARAMS};
static const struct param_table table =
    PARAM_TABLE("violin", "how a metric spreads over the replications", struct spread_params, params);

/* By Newton's method, which needs no libm. */
static double fifth_root(double value)
{
    double root = value > 1 ? value : 1;
    for (int i = 0; i < 200; i++)
        root = (4 * root + value / (root * root * root * root)) / 5;
    return root;
}

static double bandwidth(const struct spread_group *group, double range)
{
    double deviation = statistics_deviation(group->values, group->count);
    double quarters = (spread_quantile(group, .75) - spread_quantile(group, .25)) / 1.34;
    double spread = quarters > 0 ? MIN(deviation, quarters) : deviation;
    double width = .9 * KERNEL_FACTOR * spread / fifth_root((double)group->count);
    return width > 0 ? width : range / 100;
}

/* Not normalised. */
static double density(const struct spread_group *group, double at, double width)
{
    double sum = 0;
    for (size_t i = 0; i < group->count; i++) {
        double distance = (group->values[i] - at) / width;
        sum += distance * distance < 1 ? 1 - distance * distance : 0;
    }
    return sum;
}

/* The outline, up the right side and down the left. */
static void add_outline(struct sheet *sheet, const struct spread_figure *figure, size_t index)
{
    const struct spread_group *group = &figure->spread.groups.at[index];
    double least = group->values[0], most = group->values[group->count - 1], widest = 0, widths[GRID], at[GRID];
    double width = bandwidth(group, figure->spread.most - figure->spread.least);
    if (!(most > least)) {
        least -= width / 2;
        most += width / 2;
    }
    for (int i = 0; i < GRID; i++) {
        at[i] = least + (most - least) * i / (GRID - 1);
        widths[i] = density(group, at[i], width);
        widest = MAX(widest, widths[i]);
    }
    for (int i = 0; i < 2 * GRID; i++) {
        int place = i < GRID ? i : 2 * GRID - 1 - i;
        sheet_number(sheet, index);
        sheet_number(sheet, group->x);
        sheet_number(sheet, group->style);
        sheet_real(sheet, at[place] / figure->spread.scale.factor);
        sheet_real(sheet, (i < GRID ? 1 : -1) * (widest > 0 ? widths[place] / widest : 0));
        sheet_end(sheet);
    }
}

static bool save_outlines(const struct spread_figure *figure, const char *folder, GError **error)
{
    if (figure->spread.basis.least < FEWEST_RUNS)
        return figure_empty(error, "a point has fewer than 5 runs, too few for a density; `box` shows them");
    struct sheet sheet;
    sheet_init(&sheet, "group,x,style,at,width");
    for (size_t i = 0; i < figure->spread.groups.count; i++)
        add_outline(&sheet, figure, i);
    return sheet_save(&sheet, folder, "violin", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct spread_figure figure;
    if (!spread_figure_open(&figure, source, SWEEP_X_OPTIONAL, STYLES_MOST, error))
        return false;
    bool fine = save_outlines(&figure, folder, error) &&
                spread_figure_save_boxes(&figure, folder, "violin_boxes", error) &&
                spread_figure_save(&figure, "bar: middle half; diamond: mean", folder, "violin", error);
    spread_figure_release(&figure);
    return fine;
}

static const char *const sheets[] = {"boxes", "styles", "ticks", NULL};

const struct figure figure_violin = {
    .name = "violin",
    .meaning = "how a metric spreads over the replications, by a swept key: densities",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
