/* SPDX-License-Identifier: MIT */
/*
 * The kinds of figure. Each is a reduction here, which turns tables of results into a few small ones, and a gnuplot
 * script of the same name in analysis/, which draws those. Figures of a run read its traces; figures of a sweep read
 * runs.csv and summary.csv, and take parameters. A figure is added by a file figure_NAME.c, a line in figure.c and a
 * script.
 */
#ifndef POSIM_REPORT_FIGURE_H
#define POSIM_REPORT_FIGURE_H

#include "base/param.h"
#include "report/figure_source.h"
#include "report/sheet.h"

#define FIGURE_ERROR (figure_error_quark())
GQuark figure_error_quark(void);

enum figure_error {
    FIGURE_ERROR_EMPTY,     /* the results hold nothing to draw, such as no block */
    FIGURE_ERROR_LACKS,     /* the results do not have the tables that it needs */
    FIGURE_ERROR_PARAMETER, /* what the figure was told does not fit the results */
};

struct figure {
    const char *name;
    const char *meaning;              /* one line */
    bool of_sweep;                    /* of points and runs, not of the traces of one run or point */
    uint32_t tables;                  /* of a run: TABLE_BIT of those that it needs */
    bool pooled;                      /* all runs go into it, not the first alone */
    bool quiet;                       /* where nobody asked for it, it is left out without a word */
    const struct param_table *params; /* of a struct that begins with struct figure_common; NULL: that alone */
    const char *const *sheets;        /* "rows" for NAME_rows.csv, beside NAME.csv and NAME_facts.csv; NULL: no other */
    /* Writes folder/NAME.csv, NAME_facts.csv and its other sheets; source->params is what `params` filled. */
    bool (*reduce)(const struct figure_source *source, const char *folder, GError **error);
};

/* What a scenario can say of every figure. */
struct figure_common {
    const char *name; /* of its files; NULL: the kind */
};
#define FIGURE_COMMON_PARAMS(struct_type)                                                                              \
    {                                                                                                                  \
        .key = "name", .type = PARAM_TEXT, .offset = offsetof(struct_type, common.name), .optional = true,             \
        .meaning = "what the figure's files are called; absent: its kind"                                              \
    }

/* In a folder of figures: their data, and those that LaTeX includes. */
#define FIGURES_DATA "data"
#define FIGURES_TEX  "tex"

/* Removes the figures in a folder that were drawn there, and their data, and the folders that are empty then. */
bool figures_clear(const char *folder, GError **error);

/* In alphabetical order; NULL ends the list. */
extern const struct figure *const figures[];

/*
 * The same as what the `plots:` of a scenario choose from; each variant's plugin is its figure. Completes the lists of
 * names that parameters choose from.
 */
void figure_variants_init(struct param_variants *variants);
void figure_variants_release(struct param_variants *variants);

/* NULL where there is none of that name. */
const struct figure *figure_find(const char *name);

/* The tables that a figure needs and these results lack, as "messages, arrivals"; NULL: it has them all. g_free it. */
char *figure_lacks(const struct figure *figure, const struct figure_source *source);

/* Sets FIGURE_ERROR_EMPTY with the reason in words; returns false. */
bool figure_empty(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* " after the warm-up", or "" where there is none: for reasons that speak of blocks that count for distributions. */
const char *figure_counted(const struct figure_source *source);

/* A unit in which times up to `largest_ns` read well: ms, s, min, h or d. */
struct figure_unit {
    const char *name;
    time_ns ns;
};
struct figure_unit figure_unit(time_ns largest_ns);

extern const struct figure figure_block_interval, figure_block_tree, figure_box, figure_coverage, figure_finality,
    figure_forks_and_finality, figure_heat_map, figure_histogram, figure_leader_share, figure_line, figure_message_cost,
    figure_metric_cdf, figure_pareto, figure_space_time, figure_stake_concentration, figure_stake_graph,
    figure_success_curve, figure_time_series, figure_violin;

#endif
