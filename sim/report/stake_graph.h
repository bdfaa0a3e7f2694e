/* SPDX-License-Identifier: MIT */
/*
 * Who secures what as a graph in columns: regions or nodes (where there are any to show), validators, chains. The
 * largest of a column stand by themselves, the others in two groups, the honest and the corrupt; posts and ribbons are
 * placed by layers.h.
 */
#ifndef POSIM_REPORT_STAKE_GRAPH_H
#define POSIM_REPORT_STAKE_GRAPH_H

#include "report/layers.h"
#include "report/securing.h"

#define STAKE_GRAPH_COLUMNS 3

enum left_choice { LEFT_AUTO, LEFT_REGION, LEFT_NODE, LEFT_NONE };

/* One item, or several that are shown together. */
struct stake_group {
    uint32_t item; /* of a single one */
    uint64_t items;
    uint128 stake;
    bool corrupt;
};

struct stake_column {
    enum securing_kind kind;
    VECTOR(struct stake_group) groups;
    struct layer layer;
};

struct stake_graph {
    struct securing securing;
    uint32_t *holder; /* by item: of a validator, what stands left of it */
    uint128 *stake;   /* by item */
    uint32_t *group;  /* by item: its number in its column */
    uint128 total;    /* over all chains */
    struct stake_column columns[STAKE_GRAPH_COLUMNS];
    size_t column_count;
    VECTOR(struct ribbon) ribbons[STAKE_GRAPH_COLUMNS - 1]; /* from a column to the next */
    double tall;
};

/* The kind of the item with that index. */
static inline uint32_t stake_graph_kind(const struct stake_graph *graph, uint32_t item)
{
    return graph->securing.items.at[item].kind;
}

/*
 * Builds it from graph->securing, which has been read, with `show` of each column by themselves. False and an error
 * where nobody has stake, or what is to stand on the left is not there. stake_graph_release it in any case.
 */
bool stake_graph_build(struct stake_graph *graph, enum left_choice left, size_t show, GError **error);
void stake_graph_release(struct stake_graph *graph);

#endif
