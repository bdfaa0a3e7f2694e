/* SPDX-License-Identifier: MIT */
/*
 * How often a metric takes which value over the replications: a row of bars for each value of a swept key, all over the
 * same bins, whose number is that of Rice's rule, 2 n^(1/3), with widths that are easily said. Whole numbers have bins
 * around them.
 */
#include "report/spread_figure.h"

#include <math.h>

#define ROWS_MOST  6
#define BINS_LEAST 5
#define BINS_MOST  50

static const struct param params[] = {SPREAD_ACROSS_PARAMS};
static const struct param_table table =
    PARAM_TABLE("histogram", "how often a metric takes which value", struct spread_params, params);

struct bins {
    double from, width; /* in the metric's own unit */
    size_t count;
};

static bool all_whole(const struct spread *spread)
{
    bool whole = true;
    for (size_t g = 0; g < spread->groups.count; g++)
        for (size_t i = 0; i < spread->groups.at[g].count && whole; i++) {
            double value = spread->groups.at[g].values[i];
            whole = !(value > floor(value)) && fabs(value) < 1e15;
        }
    return whole;
}

static double most_value(const struct spread *spread, double *least)
{
    double most = -INFINITY;
    *least = INFINITY;
    for (size_t g = 0; g < spread->groups.count; g++) {
        const struct spread_group *group = &spread->groups.at[g];
        *least = MIN(*least, group->values[0]);
        most = MAX(most, group->values[group->count - 1]);
    }
    return most;
}

/* What lies on an edge belongs above it, whatever rounding makes of it. */
static size_t bin_of(const struct bins *bins, double value)
{
    double place = (value - bins->from) / bins->width + 1e-9;
    return place > 0 ? (size_t)place : 0;
}

static struct bins choose_bins(const struct spread *spread)
{
    double least, most = most_value(spread, &least), wanted = BINS_LEAST;
    while (wanted < BINS_MOST && wanted * wanted * wanted < 8 * (double)spread->basis.most)
        wanted++;
    bool whole = all_whole(spread);
    double range = most > least ? most - least : MAX(fabs(most), 1);
    struct bins bins = {.width = label_step(3 * range / wanted)};
    if (whole)
        bins.width = MAX(bins.width, 1);
    double shift = whole ? .5 : 0;
    bins.from = floor((least + shift) / bins.width) * bins.width - shift;
    bins.count = bin_of(&bins, most) + 1;
    return bins;
}

/* Sets the highest bar, in %. */
static bool save_bars(const struct spread_figure *figure, const struct bins *bins, double *highest, const char *folder,
                      GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "style,from,to,runs,share");
    double factor = figure->spread.scale.factor;
    for (size_t g = 0; g < figure->spread.groups.count; g++) {
        const struct spread_group *group = &figure->spread.groups.at[g];
        size_t next = 0;
        for (size_t bin = 0; bin < bins->count; bin++) {
            double to = bins->from + (double)(bin + 1) * bins->width;
            size_t before = next;
            while (next < group->count && bin_of(bins, group->values[next]) <= bin)
                next++;
            if (next == before)
                continue;
            double share = 100 * (double)(next - before) / (double)group->count;
            *highest = MAX(*highest, share);
            sheet_number(&sheet, group->style);
            sheet_real(&sheet, (to - bins->width) / factor);
            sheet_real(&sheet, to / factor);
            sheet_number(&sheet, next - before);
            sheet_real(&sheet, share);
            sheet_end(&sheet);
        }
    }
    return sheet_save(&sheet, folder, "histogram", error);
}

static bool save_heights(double highest, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "highest");
    sheet_real(&sheet, highest);
    sheet_end(&sheet);
    return sheet_save(&sheet, folder, "histogram_heights", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct spread_figure figure;
    double highest = 0;
    if (!spread_figure_open(&figure, source, SWEEP_X_NONE, ROWS_MOST, error))
        return false;
    struct bins bins = choose_bins(&figure.spread);
    double factor = figure.spread.scale.factor;
    figure.axis =
        (struct axis){.from = bins.from / factor, .to = (bins.from + (double)bins.count * bins.width) / factor};
    bool fine = save_bars(&figure, &bins, &highest, folder, error) && save_heights(highest, folder, error) &&
                spread_figure_save_boxes(&figure, folder, "histogram_means", error) &&
                spread_figure_save(&figure, "diamond: mean", folder, "histogram", error);
    spread_figure_release(&figure);
    return fine;
}

static const char *const sheets[] = {"heights", "means", "styles", "ticks", NULL};

const struct figure figure_histogram = {
    .name = "histogram",
    .meaning = "how often a metric takes which value over the replications, by a swept key",
    .of_sweep = true,
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
