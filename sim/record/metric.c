/* SPDX-License-Identifier: MIT */
#include "record/metric.h"

#include <string.h>

#define MAIN_CHAIN "main chain: the branch of the head that most honest nodes hold when the run ends"
#define CENSORED   "; blocks that are not final when the run ends count as censored (Kaplan-Meier)"

#define BLOCKS   "where two blocks of the main chain were proposed after the warm-up"
#define FINALITY "where enough blocks became final for the data to say"
#define ALWAYS   "always"

#define HEADS "where an honest node's head changed after the warm-up"

#define DEPTH_METRIC(part)                                                                                             \
    "blocks that " part                                                                                                \
    " of the changes of honest nodes' heads after the warm-up leave behind at most; a change that "                    \
    "only adds blocks leaves none"
#define FINALITY_METRIC(who, percent)                                                                                  \
    "time within which " percent " % of the main chain's blocks became final " who ", from proposal" CENSORED
#define FINALITY_MEAN(who)                                                                                             \
    "mean time until the main chain's blocks became final " who                                                        \
    ", from proposal, over those that did; censored_blocks counts the others"
#define FINAL_BLOCKS "where a block of the main chain that was proposed after the warm-up became final so"

#define LOAD "where the scenario has `transactions`"
#define WAITING                                                                                                        \
    "; transactions that wait when the run ends count as censored (Kaplan-Meier), lost ones not at all; "              \
    "NA where fewer were served"
#define INCLUSION(percent)                                                                                             \
    "time within which " percent " % of the transactions that entered after the warm-up were in a proposed block of "  \
    "the main chain, from when they entered" WAITING
#define CONFIRMATION(percent)                                                                                          \
    "time within which " percent " % of the transactions that entered after the warm-up were in a block of the main "  \
    "chain that was final at nodes with two thirds of the honest stake, from when they entered" WAITING
#define SERVED "where the scenario has `transactions`, and some of them were served"
#define ENOUGH "where the scenario has `transactions`, and at least that share of them was served"

#define RATIO(part, whole) .numerator = (part), .denominator = (whole)
#define MEAN_OF(what)      .series = (what)

#define MEASURED "after the warm-up"

const struct part metric_parts[METRIC_PARTS] = {
    [PART_MAIN_CHAIN_BLOCKS] = {"main_chain_blocks", "blocks", "blocks of the main chain proposed " MEASURED},
    [PART_HONEST_BLOCKS] = {"honest_blocks", "blocks", "of those, the blocks that honest validators made"},
    [PART_TRANSACTIONS] = {"transactions", "transactions", "transactions in main_chain_blocks"},
    [PART_MEASURED_S] = {"measured_s", "s", "time from the end of the warm-up to the end of the run"},
    [PART_KNOWN_BLOCKS] = {"known_blocks", "blocks", "blocks proposed " MEASURED " whose fate is known"},
    [PART_ORPHANED_BLOCKS] = {"orphaned_blocks", "blocks",
                              "of those, the blocks that are neither final nor on the main chain"},
    [PART_VOTED_HEIGHTS] = {"voted_heights", "heights",
                            "heights of final blocks of the main chain proposed " MEASURED
                            " at which an honest validator voted"},
    [PART_VOTED_ROUNDS] = {"voted_rounds", "rounds",
                           "rounds at those heights: the highest in which an honest validator voted + 1, summed"},
    [PART_ENTERED_TRANSACTIONS] = {"entered_transactions", "transactions",
                                   "transactions that entered " MEASURED " and reached the mempools"},
    [PART_LOST_TRANSACTIONS] = {"lost_transactions", "transactions",
                                "of those, the ones that were dropped or expired and are not on the main chain"},
};

#define NODE_METRIC(what, which) "bytes that a node " what " in the whole run: " which " over nodes"
#define CARRIED                  "where messages are carried, by network.relay, network.capacity or network.cpu"
#define QUEUES                   "where network.capacity.up is set"
#define CORES                    "where network.cpu.cores is set"

const struct metric metrics[METRICS] = {
    [METRIC_BLOCK_INTERVAL] = {"block_interval_s", "s",
                               "mean time between the proposals of a block and of its parent on the main chain "
                               "(" MAIN_CHAIN ")",
                               BLOCKS, .better = BETTER_NONE, MEAN_OF(SERIES_BLOCK_INTERVAL)},
    [METRIC_BLOCK_INTERVAL_P50] = {"block_interval_s_p50", "s", "median of the block intervals", BLOCKS,
                                   .better = BETTER_NONE},
    [METRIC_BLOCK_INTERVAL_P95] = {"block_interval_s_p95", "s", "95 % quantile of the block intervals", BLOCKS,
                                   .better = BETTER_LOWER},
    [METRIC_BLOCK_INTERVAL_P99] = {"block_interval_s_p99", "s", "99 % quantile of the block intervals", BLOCKS,
                                   .better = BETTER_LOWER},
    [METRIC_CHAIN_GROWTH] = {"chain_growth_per_s", "blocks/s",
                             "blocks of the main chain proposed after the warm-up, by the time from then to the end",
                             "where the run is longer than the warm-up", .better = BETTER_HIGHER,
                             RATIO(PART_MAIN_CHAIN_BLOCKS, PART_MEASURED_S)},
    [METRIC_CHAIN_GROWTH_MIN] = {"chain_growth_per_s_min", "blocks/s",
                                 "least chain growth over any window of a tenth of the time measured",
                                 "where the run is longer than the warm-up", .better = BETTER_HIGHER},
    [METRIC_CHAIN_QUALITY] = {"chain_quality", "1",
                              "share of the main chain's blocks after the warm-up that honest validators made",
                              "where the main chain has blocks after the warm-up", .better = BETTER_HIGHER,
                              RATIO(PART_HONEST_BLOCKS, PART_MAIN_CHAIN_BLOCKS)},
    [METRIC_CHAIN_QUALITY_MIN] = {"chain_quality_min", "1",
                                  "least chain quality over any run of consecutive blocks, as long as a tenth of those "
                                  "measured",
                                  "where the main chain has ten blocks after the warm-up", .better = BETTER_HIGHER},
    [METRIC_COMMON_PREFIX_DEPTH_P50] = {"common_prefix_depth_p50", "blocks", DEPTH_METRIC("half"), HEADS,
                                        .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_COMMON_PREFIX_DEPTH_P95] = {"common_prefix_depth_p95", "blocks", DEPTH_METRIC("95 %"), HEADS,
                                        .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_COMMON_PREFIX_DEPTH_P99] = {"common_prefix_depth_p99", "blocks", DEPTH_METRIC("99 %"), HEADS,
                                        .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_COMMON_PREFIX_DEPTH_MAX] = {"common_prefix_depth_max", "blocks",
                                        "deepest disagreement of honest nodes: the deepest reorg, or the deepest fork "
                                        "that stands between two heads at the end, on its shorter branch",
                                        ALWAYS, .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_ORPHAN_RATE] = {"orphan_rate", "1",
                            "of the blocks proposed after the warm-up whose fate is known, the share that is neither "
                            "final nor on the main chain",
                            "where a block was proposed after the warm-up", .better = BETTER_LOWER, .may_be_zero = true,
                            RATIO(PART_ORPHANED_BLOCKS, PART_KNOWN_BLOCKS)},
    [METRIC_REORG_DEPTH_MAX] = {"reorg_depth_max", "blocks",
                                "most blocks that an honest node's head left behind at once, after the warm-up", ALWAYS,
                                .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_REORGS] = {"reorgs", "1", "changes of honest nodes' heads that left blocks behind, after the warm-up",
                       ALWAYS, .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_FINALITY_FIRST_P50] = {"finality_s_first_p50", "s", FINALITY_METRIC("at the first honest node", "50"),
                                   FINALITY, .better = BETTER_LOWER},
    [METRIC_FINALITY_FIRST_P95] = {"finality_s_first_p95", "s", FINALITY_METRIC("at the first honest node", "95"),
                                   FINALITY, .better = BETTER_LOWER},
    [METRIC_FINALITY_FIRST_P99] = {"finality_s_first_p99", "s", FINALITY_METRIC("at the first honest node", "99"),
                                   FINALITY, .better = BETTER_LOWER},
    [METRIC_FINALITY_FIRST_MEAN] = {"finality_s_first_mean", "s", FINALITY_MEAN("at the first honest node"),
                                    FINAL_BLOCKS, .better = BETTER_LOWER, MEAN_OF(SERIES_FINALITY_FIRST)},
    [METRIC_FINALITY_TWO_THIRDS_P50] = {"finality_s_two_thirds_p50", "s",
                                        FINALITY_METRIC("at nodes with two thirds of the honest stake that was up "
                                                        "at the proposal",
                                                        "50"),
                                        FINALITY, .better = BETTER_LOWER},
    [METRIC_FINALITY_TWO_THIRDS_P95] = {"finality_s_two_thirds_p95", "s",
                                        FINALITY_METRIC("at nodes with two thirds of the honest stake that was up "
                                                        "at the proposal",
                                                        "95"),
                                        FINALITY, .better = BETTER_LOWER},
    [METRIC_FINALITY_TWO_THIRDS_P99] = {"finality_s_two_thirds_p99", "s",
                                        FINALITY_METRIC("at nodes with two thirds of the honest stake that was up "
                                                        "at the proposal",
                                                        "99"),
                                        FINALITY, .better = BETTER_LOWER},
    [METRIC_FINALITY_TWO_THIRDS_MEAN] = {"finality_s_two_thirds_mean", "s",
                                         FINALITY_MEAN("at nodes with two thirds of the honest stake that was up "
                                                       "at the proposal"),
                                         FINAL_BLOCKS, .better = BETTER_LOWER, MEAN_OF(SERIES_FINALITY_TWO_THIRDS)},
    [METRIC_FINALITY_LAST_P50] = {"finality_s_last_p50", "s",
                                  FINALITY_METRIC("at every honest node that was up at the proposal", "50"), FINALITY,
                                  .better = BETTER_LOWER},
    [METRIC_FINALITY_LAST_P95] = {"finality_s_last_p95", "s",
                                  FINALITY_METRIC("at every honest node that was up at the proposal", "95"), FINALITY,
                                  .better = BETTER_LOWER},
    [METRIC_FINALITY_LAST_P99] = {"finality_s_last_p99", "s",
                                  FINALITY_METRIC("at every honest node that was up at the proposal", "99"), FINALITY,
                                  .better = BETTER_LOWER},
    [METRIC_FINALITY_LAST_MEAN] = {"finality_s_last_mean", "s",
                                   FINALITY_MEAN("at every honest node that was up at the proposal"), FINAL_BLOCKS,
                                   .better = BETTER_LOWER, MEAN_OF(SERIES_FINALITY_LAST)},
    [METRIC_BLOCKS_PROPOSED] = {"blocks_proposed", "blocks", "blocks proposed after the warm-up", ALWAYS,
                                .better = BETTER_NONE},
    [METRIC_BLOCKS_FINAL] = {"blocks_final", "blocks", "of those, the blocks that an honest node holds final", ALWAYS,
                             .better = BETTER_HIGHER},
    [METRIC_CENSORED_BLOCKS] = {"censored_blocks", "blocks",
                                "of those, the blocks of the main chain that no honest node holds final when the run "
                                "ends",
                                ALWAYS, .better = BETTER_NONE, .may_be_zero = true},
    [METRIC_THROUGHPUT] =
        {"throughput_tx_s", "transactions/s",
         "transactions in the main chain's blocks after the warm-up, by the time from then to the end",
         "where the run is longer than the warm-up", .better = BETTER_HIGHER, .may_be_zero = true,
         RATIO(PART_TRANSACTIONS, PART_MEASURED_S)},
    [METRIC_ROUNDS_MEAN] = {"rounds_mean", "rounds",
                            "rounds in which an honest validator voted, by height: the highest number + 1, mean over "
                            "the heights of final blocks proposed after the warm-up",
                            "where honest validators voted at such a height", .better = BETTER_LOWER,
                            RATIO(PART_VOTED_ROUNDS, PART_VOTED_HEIGHTS)},
    [METRIC_MESSAGES] = {"messages", "messages", "messages sent in the whole run; a broadcast is one",
                         "where the network was counted", .better = BETTER_LOWER},
    [METRIC_BYTES] =
        {"bytes", "bytes",
         "bytes of all copies of those messages: one a receiver but the sender itself, lost ones included; "
         "where messages are carried one a hop, and control messages",
         "where the network was counted", .better = BETTER_LOWER},
    [METRIC_DELIVERIES] = {"deliveries", "arrivals",
                           "arrivals that they make at nodes, whether simulated one by one or not",
                           "where the network was counted", .better = BETTER_LOWER},
    [METRIC_DUPLICATE_SHARE] = {"duplicate_share", "1",
                                "share of the bytes of copies between nodes that reached a node which had the message",
                                CARRIED, .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_NODE_UP_BYTES_P50] = {"node_up_bytes_p50", "bytes", NODE_METRIC("sent", "median"), CARRIED,
                                  .better = BETTER_LOWER},
    [METRIC_NODE_UP_BYTES_MAX] = {"node_up_bytes_max", "bytes", NODE_METRIC("sent", "most"), CARRIED,
                                  .better = BETTER_LOWER},
    [METRIC_NODE_DOWN_BYTES_P50] = {"node_down_bytes_p50", "bytes", NODE_METRIC("received", "median"), CARRIED,
                                    .better = BETTER_LOWER},
    [METRIC_NODE_DOWN_BYTES_MAX] = {"node_down_bytes_max", "bytes", NODE_METRIC("received", "most"), CARRIED,
                                    .better = BETTER_LOWER},
    [METRIC_QUEUE_DELAY_MEAN] = {"queue_delay_s_mean", "s",
                                 "how long a copy or control message waited for others at its sender, on average over "
                                 "all of them",
                                 QUEUES, .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_QUEUE_DELAY_MAX] = {"queue_delay_s_max", "s", "the same at most", QUEUES, .better = BETTER_LOWER,
                                .may_be_zero = true},
    [METRIC_CPU_UTILISATION_MEAN] = {"cpu_utilisation_mean", "1",
                                     "share of the whole run that nodes' processors spent validating messages, mean "
                                     "over processors; above 1 where work was left at the end",
                                     CORES, .better = BETTER_NONE},
    [METRIC_CPU_UTILISATION_MAX] = {"cpu_utilisation_max", "1", "the same at the busiest node", CORES,
                                    .better = BETTER_NONE},
    [METRIC_SAFETY_VIOLATIONS] = {"safety_violations", "blocks",
                                  "blocks that became final at an honest node against the rules of safety (verdict)",
                                  "where the run was judged", .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_LIVENESS_GAP] = {"liveness_gap_s", "s",
                             "longest time without a newly final block at any honest node, from the end of the warm-up "
                             "to the end of the run, disturbances included",
                             ALWAYS, .better = BETTER_LOWER},
    [METRIC_EVIDENCE_STAKE_SHARE] = {"evidence_stake_share", "1",
                                     "share of the chain's stake at the start whose holders the trace's votes convict "
                                     "of equivocation or of breaking a lock",
                                     "where the run was judged", .better = BETTER_NONE, .may_be_zero = true},
    [METRIC_HONEST_CONVICTED] = {"honest_convicted", "validators", "honest validators that evidence or votes convict",
                                 "where the run was judged", .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_SLASHED_STAKE] = {"slashed_stake", "base units", "stake that evidence burned on the main chain", ALWAYS,
                              .better = BETTER_NONE, .may_be_zero = true},
    [METRIC_GINI] = {"gini", "1", "Gini coefficient of validators' stakes after the main chain's last block",
                     "where there is stake", .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_NAKAMOTO_COEFFICIENT] = {"nakamoto_coefficient", "validators",
                                     "fewest validators with more than 1/3 of the stake after the main chain's last "
                                     "block",
                                     "where there is stake", .better = BETTER_HIGHER},
    [METRIC_LEADER_SHARE_ERROR] = {"leader_share_error", "1",
                                   "total variation distance between validators' shares of the blocks made after the "
                                   "warm-up (one for each place) and their shares of the stake at the start",
                                   "where a block was proposed after the warm-up", .better = BETTER_LOWER},
    [METRIC_ENERGY_PER_BLOCK] = {"energy_j_per_block", "J",
                                 "power of all nodes, as `energy.node_power_w` assumes it, times the time after the "
                                 "warm-up, by the main chain's blocks proposed then; a cost model, not a measurement",
                                 "where `energy.node_power_w` is given and the main chain has blocks after the warm-up",
                                 .better = BETTER_LOWER},
    [METRIC_INCLUSION_DELAY_MEAN] = {"inclusion_delay_s_mean", "s",
                                     "mean time from when transactions entered until the block of the main chain that "
                                     "carries them was proposed, over those that entered after the warm-up and are in "
                                     "one; waiting_transactions counts the others",
                                     SERVED, .better = BETTER_LOWER},
    [METRIC_INCLUSION_DELAY_P50] = {"inclusion_delay_s_p50", "s", INCLUSION("50"), ENOUGH, .better = BETTER_LOWER},
    [METRIC_INCLUSION_DELAY_P95] = {"inclusion_delay_s_p95", "s", INCLUSION("95"), ENOUGH, .better = BETTER_LOWER},
    [METRIC_INCLUSION_DELAY_P99] = {"inclusion_delay_s_p99", "s", INCLUSION("99"), ENOUGH, .better = BETTER_LOWER},
    [METRIC_CONFIRMATION_DELAY_MEAN] = {"confirmation_delay_s_mean", "s",
                                        "mean time from when transactions entered until the block of the main chain "
                                        "that carries them was final at nodes with two thirds of the honest stake, "
                                        "over those that entered after the warm-up and are in such a one",
                                        SERVED, .better = BETTER_LOWER},
    [METRIC_CONFIRMATION_DELAY_P50] = {"confirmation_delay_s_p50", "s", CONFIRMATION("50"), ENOUGH,
                                       .better = BETTER_LOWER},
    [METRIC_CONFIRMATION_DELAY_P95] = {"confirmation_delay_s_p95", "s", CONFIRMATION("95"), ENOUGH,
                                       .better = BETTER_LOWER},
    [METRIC_CONFIRMATION_DELAY_P99] = {"confirmation_delay_s_p99", "s", CONFIRMATION("99"), ENOUGH,
                                       .better = BETTER_LOWER},
    [METRIC_WAITING_TRANSACTIONS] = {"waiting_transactions", "transactions",
                                     "transactions that entered after the warm-up and wait when the run ends: censored "
                                     "in inclusion_delay_s",
                                     LOAD, .better = BETTER_LOWER, .may_be_zero = true},
    [METRIC_DROPPED_SHARE] = {"dropped_share", "1",
                              "of the transactions that entered after the warm-up, the share that was dropped or "
                              "expired and is not on the main chain",
                              "where the scenario has `transactions` and some entered after the warm-up",
                              .better = BETTER_LOWER, .may_be_zero = true,
                              RATIO(PART_LOST_TRANSACTIONS, PART_ENTERED_TRANSACTIONS)},
    [METRIC_MEMPOOL_BYTES_P95] = {"mempool_bytes_p95", "bytes",
                                  "95 % quantile of the bytes that wait, over the looks after the warm-up that "
                                  "`transactions.sample` sets",
                                  LOAD, .better = BETTER_LOWER},
    [METRIC_MEMPOOL_BYTES_MAX] = {"mempool_bytes_max", "bytes", "most bytes that wait at any of those looks", LOAD,
                                  .better = BETTER_LOWER},
    [METRIC_BLOCK_FULLNESS] = {"block_fullness", "1",
                               "mean over the main chain's blocks proposed after the warm-up of how full they are, by "
                               "bytes or by number, whichever is more",
                               "where the scenario has `transactions` and the main chain has blocks after the warm-up",
                               .better = BETTER_NONE},
    [METRIC_FEES_PAID] = {"fees_paid", "smallest units",
                          "what the transactions in the main chain's blocks proposed after the warm-up pay", LOAD,
                          .better = BETTER_NONE, .may_be_zero = true},
};

enum metric_id metric_find(const char *name)
{
    enum metric_id id = 0;
    while (id < METRICS && strcmp(metrics[id].name, name) != 0)
        id++;
    return id;
}

enum metric_id metric_of_series(enum metric_series series)
{
    enum metric_id id = 0;
    while (id < METRICS && metrics[id].series != series)
        id++;
    return id;
}
