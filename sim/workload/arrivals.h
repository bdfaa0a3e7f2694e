/* SPDX-License-Identifier: MIT */
/*
 * Transactions one after another, in the order in which they enter. Each draw is keyed by the transaction's number, so
 * that another distribution of fees moves no arrival, and a summary of them sees the transactions that are kept in
 * full. Private to the room.
 */
#ifndef POSIM_WORKLOAD_ARRIVALS_H
#define POSIM_WORKLOAD_ARRIVALS_H

#include "base/ids.h"
#include "base/sample.h"
#include "base/table_file.h"
#include "base/time.h"
#include "workload/settings.h"
#include "workload/workload.h"

struct transaction {
    time_ns entered_ns;
    uint64_t bytes, fee;
    node_id node; /* who has it at once; ID_NONE: nobody before the others */
};

/* A distribution of sizes or fees, made from its settings. */
struct amounts {
    enum { AMOUNT_BY_SIZE, AMOUNT_CONSTANT, AMOUNT_LOGNORMAL, AMOUNT_CHOICE } kind;
    int64_t value;
    struct lognormal lognormal;
    const struct amount_share *choices;
    struct alias_table table;
};

struct arrivals {
    enum workload_kind kind;
    const struct workload_drawn *drawn; /* NULL: of a file */
    struct random_seed seed;
    chain_id chain;
    uint64_t number;  /* of the next candidate */
    time_ns at_ns;    /* of the last candidate ... */
    uint32_t rest;    /* ... and thousandths of a nanosecond beyond */
    int64_t mean_gap; /* thousandths of a nanosecond */
    time_ns on_left_ns;
    struct random_stream periods; /* bursts */
    struct amounts size, fee;
    uint32_t nodes; /* 0: they enter everywhere */
    bool by_region;
    struct alias_table node_table;
    struct table_file *file;
    bool is_clone; /* the file is the original's */
    size_t columns[3];
};

bool arrivals_init(struct arrivals *arrivals, enum workload_kind kind, const void *settings, chain_id chain,
                   const struct random_seed *seed, const struct workload_nodes *nodes, GError **error);
void arrivals_release(struct arrivals *arrivals);
/* Goes on by itself under that seed; a file is shared, so the original must outlive the copy. */
void arrivals_clone(struct arrivals *copy, const struct arrivals *arrivals, const struct random_seed *seed);

/* False where there are no more. */
bool arrivals_next(struct arrivals *arrivals, struct transaction *transaction);

#endif
