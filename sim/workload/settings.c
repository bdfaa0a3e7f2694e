/* SPDX-License-Identifier: MIT */
#include "workload/settings.h"

static const char *const orders[] = {"arrival", "fee", NULL};
static const char *const details[] = {"full", "summary", NULL};
static const char *const when_full[] = {"drop_lowest_fee", "refuse", NULL};

/* Sizes and fees. */

#define AMOUNT_MOST "1_000_000_000_000"

static const struct param constant_params[] = {
    {.key = "value",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct amount_constant, value),
     .minimum = "1",
     .maximum = AMOUNT_MOST,
     .meaning = "of every transaction: bytes, or fee in the smallest unit"},
};
static const struct param_table constant_table =
    PARAM_TABLE("constant amount", "the same for all transactions", struct amount_constant, constant_params);

static const struct param lognormal_params[] = {
    {.key = "median",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct amount_lognormal, median),
     .minimum = "1",
     .maximum = AMOUNT_MOST,
     .meaning = "half of the transactions have less: bytes, or fee in the smallest unit"},
    {.key = "sigma",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct amount_lognormal, sigma),
     .by_default = "1",
     .minimum = "0",
     .maximum = "3",
     .meaning = "standard deviation of the logarithm",
     .source = "an assumption"},
};
static const struct param_table lognormal_table =
    PARAM_TABLE("lognormal amount", "drawn, rounded, at least 1", struct amount_lognormal, lognormal_params);

static const struct param share_params[] = {
    {.key = "value",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct amount_share, value),
     .minimum = "1",
     .maximum = AMOUNT_MOST,
     .meaning = "bytes, or fee in the smallest unit"},
    {.key = "share",
     .type = PARAM_SHARE,
     .offset = offsetof(struct amount_share, share),
     .minimum = "0.0001 %",
     .maximum = "100 %",
     .meaning = "share of the transactions that have it, relative to the other shares"},
};
static const struct param_table share_table =
    PARAM_TABLE("choice", "an amount and its share", struct amount_share, share_params);
static const struct param one_share = {.key = "choice", .type = PARAM_STRUCT, .table = &share_table};

static const struct param choice_params[] = {
    {.key = "values",
     .type = PARAM_LIST,
     .offset = offsetof(struct amount_choice, values),
     .minimum = "1",
     .maximum = "1000",
     .element = &one_share,
     .meaning = "the amounts that occur, each with its share"},
};
static const struct param_table choice_table =
    PARAM_TABLE("choice of amounts", "one of several amounts", struct amount_choice, choice_params);

static const struct param_variant amount_list[] = {
    {.name = "choice", .meaning = "one of several amounts", .table = &choice_table, .implied_by = "values"},
    {.name = "constant", .meaning = "the same for all transactions", .table = &constant_table, .implied_by = "value"},
    {.name = "lognormal", .meaning = "drawn, rounded, at least 1", .table = &lognormal_table, .implied_by = "median"},
};
static const struct param_variants workload_amounts = {amount_list, G_N_ELEMENTS(amount_list)};

/* Where they enter. */

static const struct param region_params[] = {
    {.key = "name",
     .type = PARAM_TEXT,
     .offset = offsetof(struct entrance_region, name),
     .meaning = "a region of the latency model"},
    {.key = "share",
     .type = PARAM_SHARE,
     .offset = offsetof(struct entrance_region, share),
     .minimum = "0.0001 %",
     .maximum = "100 %",
     .meaning = "share of the transactions that enter at its nodes, relative to the other shares"},
};
static const struct param_table region_table =
    PARAM_TABLE("entrance region", "a region and its share of the transactions", struct entrance_region, region_params);
static const struct param one_region = {.key = "region", .type = PARAM_STRUCT, .table = &region_table};

static const struct param regions_params[] = {
    {.key = "regions",
     .type = PARAM_MAP,
     .offset = offsetof(struct entrance_regions, regions),
     .minimum = "1",
     .element = &one_region,
     .meaning = "share of the transactions by region"},
};
static const struct param_table regions_table =
    PARAM_TABLE("entrance by regions", "at a node of a region drawn by share", struct entrance_regions, regions_params);

static const struct param_variant entrance_list[] = {
    {.name = "everywhere", .meaning = "no node has a transaction before the others: all of them after `spread`"},
    {.name = "nodes", .meaning = "at a node, all as likely, which has it at once; the others after `spread`"},
    {.name = "regions",
     .meaning = "at a node of a region drawn by share, which has it at once; the others after `spread`",
     .table = &regions_table,
     .implied_by = "regions"},
};
static const struct param_variants workload_entrances = {entrance_list, G_N_ELEMENTS(entrance_list)};

/* Mempools. */

static const struct param mempool_params[] = {
    {.key = "transactions",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct mempool_settings, transactions),
     .optional = true,
     .minimum = "1",
     .meaning = "most transactions that wait; absent: no limit"},
    {.key = "bytes",
     .type = PARAM_SIZE,
     .offset = offsetof(struct mempool_settings, bytes),
     .optional = true,
     .minimum = "1 B",
     .meaning = "most bytes of transactions that wait; absent: no limit"},
    {.key = "expiry",
     .type = PARAM_DURATION,
     .offset = offsetof(struct mempool_settings, expiry_ns),
     .optional = true,
     .minimum = "1 ms",
     .meaning = "how long after it entered a transaction is given up; absent: never"},
    {.key = "when_full",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct mempool_settings, when_full),
     .by_default = "drop_lowest_fee",
     .choices = when_full,
     .meaning = "what gives way where a limit is reached: those that pay least for a byte, or those that come last",
     .source = "Bitcoin Core and CometBFT's priority mempool drop the lowest; CometBFT's list mempool refuses"},
};
static const struct param_table mempool_table =
    PARAM_TABLE("mempool", "how much waits, and how long", struct mempool_settings, mempool_params);

/* Kinds. */

#define COMMON_PARAMS(struct_type)                                                                                     \
    {.key = "order",                                                                                                   \
     .type = PARAM_CHOICE,                                                                                             \
     .offset = offsetof(struct_type, common.order),                                                                    \
     .by_default = "fee",                                                                                              \
     .choices = orders,                                                                                                \
     .meaning = "what a block takes first: what pays most for a byte, or what came first"},                            \
        {.key = "detail",                                                                                              \
         .type = PARAM_CHOICE,                                                                                         \
         .offset = offsetof(struct_type, common.detail),                                                               \
         .by_default = "summary",                                                                                      \
         .choices = details,                                                                                           \
         .meaning = "whether each transaction is kept, or only how many of a cohort and fee class there are"},         \
        {.key = "cohort",                                                                                              \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.cohort_ns),                                                            \
         .by_default = "1 s",                                                                                          \
         .minimum = "1 us",                                                                                            \
         .maximum = "1 d",                                                                                             \
         .meaning = "detail summary: transactions that enter within this time are kept together",                      \
         .source = "a choice: delays are interpolated within a cohort"},                                               \
        {.key = "spread",                                                                                              \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.spread_ns),                                                            \
         .by_default = "500 ms",                                                                                       \
         .minimum = "0 s",                                                                                             \
         .maximum = "1 h",                                                                                             \
         .meaning = "time until a transaction is in the mempool of every node",                                        \
         .source = "an assumption: transactions are not sent over the network"},                                       \
        {.key = "sample",                                                                                              \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.sample_ns),                                                            \
         .by_default = "1 s",                                                                                          \
         .minimum = "1 ms",                                                                                            \
         .maximum = "1 d",                                                                                             \
         .meaning = "how often the mempool is looked at for mempool.csv and the metrics"},                             \
        {.key = "enter",                                                                                               \
         .type = PARAM_ONE_OF,                                                                                         \
         .offset = offsetof(struct_type, common.enter),                                                                \
         .by_default = "everywhere",                                                                                   \
         .discriminator = "kind",                                                                                      \
         .variants = &workload_entrances,                                                                              \
         .meaning = "who has a transaction before it has spread"},                                                     \
    {                                                                                                                  \
        .key = "mempool", .type = PARAM_STRUCT, .offset = offsetof(struct_type, common.mempool), .by_default = "",     \
        .table = &mempool_table, .meaning = "how much waits, and how long"                                             \
    }

#define DRAWN_PARAMS                                                                                                   \
    {.key = "rate",                                                                                                    \
     .type = PARAM_TX_RATE,                                                                                            \
     .offset = offsetof(struct workload_drawn, rate),                                                                  \
     .minimum = "0.001 tx/s",                                                                                          \
     .maximum = "1 Mtx/s",                                                                                             \
     .meaning = "transactions a second, in the mean over the run"},                                                    \
        {.key = "size",                                                                                                \
         .type = PARAM_ONE_OF,                                                                                         \
         .offset = offsetof(struct workload_drawn, size),                                                              \
         .discriminator = "dist",                                                                                      \
         .variants = &workload_amounts,                                                                                \
         .meaning = "bytes of a transaction"},                                                                         \
        {.key = "fee",                                                                                                 \
         .type = PARAM_ONE_OF,                                                                                         \
         .offset = offsetof(struct workload_drawn, fee),                                                               \
         .optional = true,                                                                                             \
         .discriminator = "dist",                                                                                      \
         .variants = &workload_amounts,                                                                                \
         .meaning = "what a transaction pays, in the smallest unit; absent: 1 for each of its bytes"},                 \
        COMMON_PARAMS(struct workload_drawn)

static const struct param constant_kind_params[] = {DRAWN_PARAMS};
static const struct param_table constant_kind_table = PARAM_TABLE(
    "constant transactions", "one after another at equal distances", struct workload_drawn, constant_kind_params);

static const struct param poisson_params[] = {
    DRAWN_PARAMS,
    {.key = "diurnal",
     .type = PARAM_SHARE,
     .offset = offsetof(struct workload_drawn, diurnal),
     .by_default = "0 %",
     .minimum = "0 %",
     .maximum = "100 %",
     .meaning = "how far the rate swings around its mean, as a sine that begins at the mean and rises"},
    {.key = "period",
     .type = PARAM_DURATION,
     .offset = offsetof(struct workload_drawn, period_ns),
     .by_default = "1 d",
     .minimum = "1 s",
     .maximum = "366 d",
     .meaning = "length of one swing"},
};
static const struct param_table poisson_table = PARAM_TABLE(
    "poisson transactions", "independent arrivals, a Poisson process", struct workload_drawn, poisson_params);

static const struct param bursts_params[] = {
    DRAWN_PARAMS,
    {.key = "on",
     .type = PARAM_DURATION,
     .offset = offsetof(struct workload_drawn, on_ns),
     .by_default = "10 s",
     .minimum = "1 ms",
     .maximum = "366 d",
     .meaning = "mean length of a burst, exponentially distributed"},
    {.key = "off",
     .type = PARAM_DURATION,
     .offset = offsetof(struct workload_drawn, off_ns),
     .by_default = "50 s",
     .minimum = "1 ms",
     .maximum = "366 d",
     .meaning = "mean time between bursts, exponentially distributed; nothing enters then"},
};
static const struct param_table bursts_table =
    PARAM_TABLE("bursts of transactions",
                "a Poisson process that is on and off; within a burst the rate is (on + off) / on times the mean",
                struct workload_drawn, bursts_params);

static const struct param trace_params[] = {
    {.key = "file",
     .type = PARAM_FILE,
     .offset = offsetof(struct workload_trace, file),
     .meaning = "a CSV file with the columns entered_s, size_bytes and fee, in the order of time"},
    COMMON_PARAMS(struct workload_trace),
};
static const struct param_table trace_table =
    PARAM_TABLE("transactions of a file", "transactions as a file gives them", struct workload_trace, trace_params);

static const enum workload_kind bursts = WORKLOAD_BURSTS, constant = WORKLOAD_CONSTANT, none = WORKLOAD_NONE,
                                poisson = WORKLOAD_POISSON, trace = WORKLOAD_TRACE;

static const struct param_variant kinds[] = {
    {.name = "bursts", .meaning = "a Poisson process that is on and off", .table = &bursts_table, .plugin = &bursts},
    {.name = "constant",
     .meaning = "one after another at equal distances",
     .table = &constant_kind_table,
     .plugin = &constant},
    {.name = "none",
     .meaning = "none: every block has the size and the number of transactions that the protocol says",
     .plugin = &none},
    {.name = "poisson",
     .meaning = "independent arrivals, a Poisson process",
     .table = &poisson_table,
     .implied_by = "rate",
     .plugin = &poisson},
    {.name = "trace",
     .meaning = "transactions as a file gives them",
     .table = &trace_table,
     .implied_by = "file",
     .plugin = &trace},
};
const struct param_variants workload_kinds = {kinds, G_N_ELEMENTS(kinds)};
