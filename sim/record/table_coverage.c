/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

struct coverage_row {
    chain_id chain;
    uint32_t kind;
    struct ratio share;
    uint64_t messages, reached, stake_reached;
    time_ns nodes_p10_ns, nodes_p50_ns, nodes_p90_ns;
    time_ns stake_p10_ns, stake_p50_ns, stake_p90_ns;
};

static const char *const kinds[] = {"proposal", "vote", "other", "request", "response", "evidence", NULL};

#define OF_NODES(part) "time from sending within which " part " of those messages had reached this share of the nodes"
#define OF_STAKE(part) "the same for nodes with this share of the stake at the start: " part

static const struct column columns[] = {
    U32(coverage_row, chain, "chain", "the chain"),
    NAME(coverage_row, kind, "kind", "kind of message", kinds),
    RATIO(coverage_row, share, "share", "share of the nodes, or of the stake"),
    U64(coverage_row, messages, "messages", "messages of this kind that were sent after the warm-up"),
    U64(coverage_row, reached, "reached", "messages that reached this share of the nodes before the run ended"),
    U64(coverage_row, stake_reached, "stake_reached", "messages that reached nodes with this share of the stake"),
    TIME(coverage_row, nodes_p10_ns, "nodes_p10_s", OF_NODES("a tenth")),
    TIME(coverage_row, nodes_p50_ns, "nodes_p50_s", OF_NODES("half")),
    TIME(coverage_row, nodes_p90_ns, "nodes_p90_s", OF_NODES("nine tenths")),
    TIME(coverage_row, stake_p10_ns, "stake_p10_s", OF_STAKE("a tenth of them")),
    TIME(coverage_row, stake_p50_ns, "stake_p50_s", OF_STAKE("half")),
    TIME(coverage_row, stake_p90_ns, "stake_p90_s", OF_STAKE("nine tenths")),
};

static time_ns quantile(const struct sketch *sketch, uint64_t percent)
{
    return sketch->count ? sketch_quantile(sketch, (struct ratio){percent, 100}) : TIME_NEVER;
}

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (size_t i = 0; i < all->coverage.series.count; i++) {
        const struct coverage_series *series = all->coverage.series.at[i];
        for (uint32_t step = 0; step < COVERAGE_STEPS; step++) {
            const struct sketch *nodes = &series->nodes[step], *stake = &series->stake[step];
            struct coverage_row row = {.chain = series->chain,
                                       .kind = series->kind,
                                       .share = {step + 1, COVERAGE_STEPS},
                                       .messages = series->messages,
                                       .reached = nodes->count,
                                       .stake_reached = stake->count,
                                       .nodes_p10_ns = quantile(nodes, 10),
                                       .nodes_p50_ns = quantile(nodes, 50),
                                       .nodes_p90_ns = quantile(nodes, 90),
                                       .stake_p10_ns = quantile(stake, 10),
                                       .stake_p50_ns = quantile(stake, 50),
                                       .stake_p90_ns = quantile(stake, 90)};
            write(user, &row);
        }
    }
}

const struct table_info coverage_table = {.name = "coverage",
                                          .file = "coverage.csv",
                                          .meaning = "how fast messages reach nodes, and stake, by kind of message",
                                          .columns = columns,
                                          .column_count = G_N_ELEMENTS(columns),
                                          .key = {"chain", "kind", "share"},
                                          .rows = COVERAGE_ROWS,
                                          .each_row = each_row};
