/* SPDX-License-Identifier: MIT */
/*
 * The root of a scenario: the world's parameters and, behind them, those of the experiment around it (replications,
 * expectations, what to record). Made once from the registry; the table is what sim/scenario fills.
 */
#ifndef POSIM_EXPERIMENT_ROOT_H
#define POSIM_EXPERIMENT_ROOT_H

#include "record/metric.h"
#include "record/table.h"
#include "scenario/sweep.h"
#include "world/settings.h"

/* What is assumed of the world outside of the simulation. */
struct energy_settings {
    struct ratio node_power_w; /* denominator 0: not given */
};

/* When there are enough replications. */
struct until_settings {
    int metric;                      /* enum metric_id; -1: no rule */
    struct ratio relative_halfwidth; /* of the interval, beside the mean; denominator 0: no rule */
    struct ratio confidence;
    int64_t minimum, maximum;
};

struct replicate_settings {
    int64_t count; /* without a rule */
    int64_t seed;
    struct until_settings until;
};

enum keep { KEEP_AUTO, KEEP_NONE, KEEP_SAMPLE, KEEP_FAILED, KEEP_ALL };

struct expectation {
    int metric;                    /* enum metric_id */
    struct ratio minimum, maximum; /* denominator 0: no bound */
    const char *source;            /* NULL: none given */
};

struct experiment_settings {
    const char *name;
    const char *description;
    struct energy_settings energy;
    struct sweep_settings sweep;
    struct replicate_settings replicate;
    struct param_list expect; /* of struct expectation */
    struct param_list record; /* of int, enum table */
    int keep;                 /* enum keep */
    struct param_list plots;  /* of struct param_variant_value: figures */
};

struct root {
    struct param_table table;
    struct settings_tables world;
    const struct registry *registry;
    const char *table_names[TABLES + 1];   /* the choices of `record` */
    const char *metric_names[METRICS + 1]; /* the choices of an expectation's `metric` */
    char *default_record;
};

/*
 * The registry and the kinds of figure, which a higher room knows, must outlive the root. One root at a time: the lists
 * of what the program was built with are completed in place.
 */
void root_init(struct root *root, const struct registry *registry, const struct param_variants *figures);
void root_release(struct root *root);

/* TABLE_BIT of the tables that the scenario records. */
uint32_t root_recorded(const struct experiment_settings *settings);

/* The parts of a filled root struct. */
const struct world_settings *root_world(const void *values);
const struct experiment_settings *root_experiment(const struct root *root, const void *values);

#endif
