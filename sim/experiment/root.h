/* SPDX-License-Identifier: MIT */
/*
 * The root of a scenario: the world's parameters and, behind them, those of the experiment around it (replications,
 * expectations, what to record). Made once from the registry; the table is what sim/scenario fills.
 */
#ifndef POSIM_EXPERIMENT_ROOT_H
#define POSIM_EXPERIMENT_ROOT_H

#include "world/settings.h"

struct replicate_settings {
    int64_t count;
    int64_t seed;
};

struct expectation {
    const char *metric;
    struct ratio minimum, maximum; /* denominator 0: no bound */
    const char *source;            /* NULL: none given */
};

/* What can be recorded, in the order of `record_names`. */
enum record_file {
    RECORD_ARRIVALS,
    RECORD_BLOCKS,
    RECORD_DRAWS,
    RECORD_FINALITY,
    RECORD_FINALS,
    RECORD_HEADS,
    RECORD_INCIDENTS,
    RECORD_MESSAGES,
    RECORD_NETWORK,
    RECORD_STAKE,
    RECORD_VALIDATORS,
    RECORD_VOTES,
    RECORD_VOTES_CAST,
    RECORD_FILES,
};
extern const char *const record_names[RECORD_FILES + 1];

struct experiment_settings {
    const char *name;
    const char *description;
    struct replicate_settings replicate;
    struct param_list expect; /* of struct expectation */
    struct param_list record; /* of int, enum record_file */
    struct param_list plots;  /* of const char *: kinds of figure */
};

struct root {
    struct param_table table;
    struct settings_tables world;
    const struct registry *registry;
};

/* The registry must outlive the root. */
void root_init(struct root *root, const struct registry *registry);
void root_release(struct root *root);

/* The parts of a filled root struct. */
const struct world_settings *root_world(const void *values);
const struct experiment_settings *root_experiment(const struct root *root, const void *values);

#endif
