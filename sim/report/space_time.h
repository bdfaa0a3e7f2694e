/* SPDX-License-Identifier: MIT */
/*
 * One height of one run as lines between nodes: who sent what when, and when it arrived. Every proposal is followed to
 * every node; of the votes of each kind and round, and of everything else, only those of a few senders are, so that
 * lines can be told apart. When each node cast its votes and held the block final is kept for all nodes. Needs the
 * tables messages and arrivals; what a second protocol instance of a node (a twin) sends and gets is left out.
 */
#ifndef POSIM_REPORT_SPACE_TIME_H
#define POSIM_REPORT_SPACE_TIME_H

#include "report/block_log.h"

/* What a line or a mark stands for: the proposal, a kind of vote (by number), anything else, finality. */
#define SPACE_TIME_PROPOSAL 0u
#define SPACE_TIME_VOTE     1u /* and the number of the kind */
#define SPACE_TIME_OTHER    98u
#define SPACE_TIME_FINAL    99u

struct space_time_line {
    uint32_t what;
    node_id from, to;
    time_ns sent_ns, arrived_ns;
};

struct space_time_mark {
    uint32_t what;
    node_id node;
    time_ns at_ns;
};

struct space_time {
    uint64_t from_height, to_height;
    time_ns begin_ns, end_ns; /* what is worth showing */
    node_id node_count;
    VECTOR(struct space_time_line) lines;
    VECTOR(struct space_time_mark) marks;
};

/* `heights` beginning at `height`. Of each kind of vote, the messages of at most `senders` are followed. */
bool space_time_read(struct space_time *diagram, const struct figure_source *source, const struct block_log *log,
                     node_id node_count, uint64_t height, uint64_t heights, uint32_t senders, GError **error);
void space_time_release(struct space_time *diagram);

/* The height of the block of the main chain whose finality took the median time; else the middle one of the chain. */
uint64_t space_time_typical_height(const struct block_log *log, const struct figure_source *source);

#endif
