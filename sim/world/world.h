/* SPDX-License-Identifier: MIT */
/*
 * A world: one or more chains, their nodes, the network, faults and adversaries on one clock. Make it from checked
 * settings, run it, free it. What happens goes to the trace sink and nowhere else; a world has no thread, holds no lock
 * and touches no file. Run k alone gives the same rows as run k after others in one process.
 */
#ifndef POSIM_WORLD_WORLD_H
#define POSIM_WORLD_WORLD_H

#include "base/random.h"
#include "delivery/delivery.h"
#include "network/network.h"
#include "record/trace.h"
#include "world/settings.h"

struct world;

struct world_options {
    const struct registry *registry;
    struct random_seed seed;
    struct trace_sink *sink;
    bool opt_in[TRACE_KINDS];  /* which of the opt-in kinds of row to write: messages, arrivals, draws */
    enum delivery_plant plant; /* tests only */
};

/*
 * The world at time 0. Settings, registry and sink must outlive it. NULL and a GError where the settings do not fit
 * each other (a file of stakes with too few rows, an election of the wrong form for the protocol, a fault that names
 * somebody who is not there).
 */
struct world *world_new(const struct world_settings *settings, const struct world_options *options, GError **error);
void world_free(struct world *world);

enum world_stop {
    WORLD_RUNNING,
    WORLD_DURATION,  /* its time is over */
    WORLD_HEIGHT,    /* stop_height is final at every honest node that is up */
    WORLD_QUIESCENT, /* nothing is left that could happen */
    WORLD_STALLED,   /* time stands still: delays and timeouts of zero chase each other within one instant */
};

/* Runs until the world stops or its clock would pass `until`; may be called again to go on. */
enum world_stop world_run(struct world *world, time_ns until);

/*
 * A copy that goes on by itself with that branch number in its random streams, writing to another sink; with the
 * original's own number it goes on as the original does. Only between calls of world_run. The original must outlive it.
 */
struct world *world_clone(const struct world *world, uint32_t branch, struct trace_sink *sink);

/* Why it stopped: "running", "duration", "height", "quiescent", "stalled". */
const char *world_stop_name(const struct world *world);
/* Of a world that has become quiescent: the last instant in which something happened. */
time_ns world_now(const struct world *world);
uint64_t world_events(const struct world *world); /* steps taken and items landed, so far */
uint32_t world_chains(const struct world *world);
/* What the graph of links looks like (network_shape); takes time. */
void world_network_shape(const struct world *world, struct network_shape *shape);
/* Whether messages are carried from node to node, an event each hop, and not by formula. */
bool world_is_carried(const struct world *world);
/* What its files left open and how that was filled (network_warnings), and what does nothing; g_strfreev it. */
char **world_warnings(const struct world *world);
struct delivery_counts world_deliveries(const struct world *world, chain_id chain);

/* What a share has come to. Of an adversary units are validators, of a fault nodes. */
struct realised_share {
    uint32_t units, units_total; /* had or hit; of those that could be: whom no other adversary has, all nodes */
    stake_amount stake, stake_total;
    struct ratio least; /* what would have had to be asked for to get one; denominator 0: not known */
};

/* A set that the scenario chooses: whom an adversary controls, whom a fault hits, or one side of a partition. */
struct world_share {
    const char *name;   /* the adversary's kind; the fault's name, or its kind where it has none */
    uint32_t fault;     /* its place in the list of faults; ID_NONE: an adversary */
    uint32_t side;      /* of a partition into groups, from 1; 0: the fault's target */
    bool of_stake;      /* what is asked for is a share of the stake, not of the nodes */
    struct ratio asked; /* denominator 0: chosen by count, names or regions */
    struct realised_share realised;
};

/*
 * The sets that a scenario chooses: the adversary first, then behaviours, then faults that do not hit everybody, in
 * order. Nothing is realised yet; `count` of them, g_free the array.
 */
struct world_share *world_shares_asked(const struct world_settings *settings, uint32_t *count);
/* The same in the same order with what has come of them in this world, whose array it is. */
uint32_t world_shares(const struct world *world, const struct world_share **shares);

#endif
