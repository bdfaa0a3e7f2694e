/* SPDX-License-Identifier: MIT */
/* The kinds of fault that a scenario's timetable can hold, each with its table. */
#include "base/quantity.h"
#include "world/settings.h"

static const struct param text_element = {.key = "name", .type = PARAM_TEXT, .meaning = "a name"};
static const struct param share_element = {
    .key = "share", .type = PARAM_SHARE, .minimum = "0 %", .maximum = "100 %", .meaning = "a share"};

static const char *const group_measures[] = {"nodes", "stake", NULL};

#define FAULT_PARAMS(struct_type)                                                                                      \
    {.key = "name",                                                                                                    \
     .type = PARAM_TEXT,                                                                                               \
     .offset = offsetof(struct_type, common.name),                                                                     \
     .optional = true,                                                                                                 \
     .meaning = "what traces and --set call this fault"},                                                              \
        {.key = "at",                                                                                                  \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.at_ns),                                                                \
         .minimum = "0 s",                                                                                             \
         .meaning = "when it begins"},                                                                                 \
        {.key = "for",                                                                                                 \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.for_ns),                                                               \
         .optional = true,                                                                                             \
         .minimum = "0 s",                                                                                             \
         .meaning = "how long it lasts; absent: it never ends"},                                                       \
        {.key = "every",                                                                                               \
         .type = PARAM_DURATION,                                                                                       \
         .offset = offsetof(struct_type, common.every_ns),                                                             \
         .optional = true,                                                                                             \
         .minimum = "1 ms",                                                                                            \
         .meaning = "it comes again so long after it began, and so on; absent: it comes once"},                        \
        {.key = "share",                                                                                               \
         .type = PARAM_SHARE,                                                                                          \
         .offset = offsetof(struct_type, common.target.share),                                                         \
         .optional = true,                                                                                             \
         .minimum = "0 %",                                                                                             \
         .maximum = "100 %",                                                                                           \
         .meaning = "share of the nodes that it hits, drawn at random, rounded down"},                                 \
        {.key = "stake",                                                                                               \
         .type = PARAM_SHARE,                                                                                          \
         .offset = offsetof(struct_type, common.target.stake),                                                         \
         .optional = true,                                                                                             \
         .minimum = "0 %",                                                                                             \
         .maximum = "100 %",                                                                                           \
         .meaning = "share of the stake whose nodes it hits: the largest reachable set not above it"},                 \
        {.key = "count",                                                                                               \
         .type = PARAM_INTEGER,                                                                                        \
         .offset = offsetof(struct_type, common.target.count),                                                         \
         .optional = true,                                                                                             \
         .minimum = "0",                                                                                               \
         .meaning = "number of nodes that it hits, drawn at random"},                                                  \
        {.key = "validators",                                                                                          \
         .type = PARAM_LIST,                                                                                           \
         .offset = offsetof(struct_type, common.target.validators),                                                    \
         .optional = true,                                                                                             \
         .element = &text_element,                                                                                     \
         .meaning = "the validators whose nodes it hits, by name or number"},                                          \
    {                                                                                                                  \
        .key = "regions", .type = PARAM_LIST, .offset = offsetof(struct_type, common.target.regions),                  \
        .optional = true, .element = &text_element, .meaning = "the regions whose nodes it hits"                       \
    }

const char *fault_name(const struct param_variant_value *fault)
{
    const struct fault_common *common = fault->value;
    return common->name ? common->name : fault->variant->name;
}

char *fault_print_duration(time_ns duration_ns)
{
    static const struct param param = {.key = "time", .type = PARAM_DURATION};
    return quantity_print(&param, &duration_ns);
}

bool fault_has_target(const struct fault_target *target)
{
    return target->share.denominator || target->stake.denominator || target->count != PARAM_ABSENT ||
           target->validators.count || target->regions.count;
}

/* The keys of faults of links, beside those of all faults. */
#define TOWARD_PARAMS(struct_type)                                                                                     \
    {.key = "toward",                                                                                                  \
     .type = PARAM_LIST,                                                                                               \
     .offset = offsetof(struct_type, toward.regions),                                                                  \
     .optional = true,                                                                                                 \
     .element = &text_element,                                                                                         \
     .meaning = "regions: only what goes between the target and nodes there; absent: wherever it goes"},               \
    {                                                                                                                  \
        .key = "toward_validators", .type = PARAM_LIST, .offset = offsetof(struct_type, toward.validators),            \
        .optional = true, .element = &text_element,                                                                    \
        .meaning = "the same by validators, whose nodes are at the other end"                                          \
    }

static const char *target_check(const void *filled, char **message)
{
    const struct fault_target *target = &((const struct fault_common *)filled)->target;
    int ways = (target->share.denominator != 0) + (target->stake.denominator != 0) + (target->count != PARAM_ABSENT) +
               (target->validators.count > 0) + (target->regions.count > 0);
    if (ways <= 1)
        return NULL;
    *message = g_strdup("give one of `share`, `stake`, `count`, `validators` and `regions`, not several");
    return "share";
}

/* What comes again is over before. */
static const char *windows_check(const void *filled, char **message)
{
    const struct fault_common *common = filled;
    if (common->every_ns == PARAM_ABSENT || common->for_ns == PARAM_ABSENT || common->for_ns <= common->every_ns)
        return target_check(filled, message);
    *message = g_strdup("must be at least `for`: what comes again is over before");
    return "every";
}

static const char *common_check(const void *filled, char **message)
{
    const struct fault_common *common = filled;
    if (common->every_ns == PARAM_ABSENT || common->for_ns != PARAM_ABSENT)
        return windows_check(filled, message);
    *message = g_strdup("needs a `for`: what comes again is over before");
    return "every";
}

/* It ends by itself, but before it comes again; nodes go down only where they are up again before its end. */
static const char *maintenance_check(const void *filled, char **message)
{
    const struct fault_maintenance *maintenance = filled;
    const struct fault_common *common = filled;
    const char *key = windows_check(filled, message);
    bool has_for = common->for_ns != PARAM_ABSENT;
    time_ns lasts_ns = has_for ? common->for_ns : common->every_ns;
    if (key || lasts_ns == PARAM_ABSENT || maintenance->takes_ns <= lasts_ns)
        return key;
    char *lasts = fault_print_duration(lasts_ns);
    *message = g_strdup_printf("is longer than `%s`, within which nodes that go down must be up again, so that none "
                               "would go down: at most %s",
                               has_for ? "for" : "every", lasts);
    g_free(lasts);
    return "takes";
}

static const char *loss_check(const void *filled, char **message)
{
    const char *key = network_retry_check(&((const struct fault_loss *)filled)->retry, message);
    return key ? key : common_check(filled, message);
}

static const struct param bandwidth_params[] = {
    FAULT_PARAMS(struct fault_bandwidth),
    {.key = "rate",
     .type = PARAM_RATE,
     .offset = offsetof(struct fault_bandwidth, bit_per_s),
     .minimum = "1 kbit/s",
     .meaning = "what the nodes send and receive at, where they are not slower anyhow"},
};
static const struct param_table bandwidth_table = PARAM_TABLE_CHECKED(
    "bandwidth", "nodes send and receive at a lower rate", struct fault_bandwidth, bandwidth_params, common_check);

static const struct param congestion_params[] = {
    FAULT_PARAMS(struct fault_congestion),
    {.key = "extra",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_congestion, daily.extra_ns),
     .minimum = "0 s",
     .maximum = "1 h",
     .meaning =
         "added to messages from or to each node of the target at the worst time of the day; (1 - cos) / 2 of it "
         "over the day"},
    {.key = "period",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_congestion, daily.period_ns),
     .by_default = "1 d",
     .minimum = "1 s",
     .meaning = "length of the day"},
    {.key = "peak",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_congestion, daily.peak_ns),
     .by_default = "21 h",
     .minimum = "0 s",
     .meaning = "the worst time of the day, which begins when the run does",
     .source = "the evening hours of home users: Dischinger et al., IMC 2007; Dhamdhere et al., SIGCOMM 2018"},
    {.key = "local_time",
     .type = PARAM_FLAG,
     .offset = offsetof(struct fault_congestion, daily.local_time),
     .by_default = "off",
     .meaning = "the day is later in the west: by a day's part that is the longitude's of the circle"},
};
static const struct param_table congestion_table = PARAM_TABLE_CHECKED(
    "congestion", "links fill up and empty over the day", struct fault_congestion, congestion_params, common_check);

static const struct param crash_params[] = {
    FAULT_PARAMS(struct fault_crash),
    {.key = "drop",
     .type = PARAM_FLAG,
     .offset = offsetof(struct fault_crash, drop),
     .by_default = "off",
     .meaning = "lose what was sent to a node while it was down, instead of peers sending it again"},
};
static const struct param_table crash_table = PARAM_TABLE_CHECKED("crash", "nodes stop, and come back after `for`",
                                                                  struct fault_crash, crash_params, common_check);

static const struct param partition_params[] = {
    FAULT_PARAMS(struct fault_partition),
    {.key = "groups",
     .type = PARAM_LIST,
     .offset = offsetof(struct fault_partition, groups),
     .optional = true,
     .element = &share_element,
     .meaning = "the sides' shares, which add up to 100 %; absent: the target against the rest"},
    {.key = "groups_by",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct fault_partition, groups_by),
     .by_default = "nodes",
     .choices = group_measures,
     .meaning = "what the groups' shares are shares of"},
    {.key = "drop",
     .type = PARAM_FLAG,
     .offset = offsetof(struct fault_partition, drop),
     .by_default = "off",
     .meaning = "lose messages between the sides, instead of holding them until it heals"},
    {.key = "adversary_bridges",
     .type = PARAM_FLAG,
     .offset = offsetof(struct fault_partition, adversary_bridges),
     .by_default = "on",
     .meaning = "nodes of an adversary that runs twins stand on every side"},
};

static const char *partition_check(const void *filled, char **message)
{
    const struct fault_partition *partition = filled;
    const char *key = common_check(filled, message);
    if (!key && (partition->groups.count > 0) == fault_has_target(&partition->common.target)) {
        *message = g_strdup("say who is cut off by `groups`, or by one of `share`, `stake`, `count`, `validators` and "
                            "`regions` against the rest");
        return "groups";
    }
    if (key || !partition->groups.count)
        return key;
    const struct ratio *shares = partition->groups.items;
    uint128 sum = 0, unit = UINT64_C(1000000000000);
    for (size_t i = 0; i < partition->groups.count; i++)
        sum += unit * shares[i].numerator / shares[i].denominator;
    if (partition->groups.count >= 2 && partition->groups.count <= 250 && sum <= unit &&
        sum + partition->groups.count >= unit)
        return NULL;
    *message = g_strdup("must be 2 to 250 groups whose shares add up to 100 %");
    return "groups";
}

static const struct param_table partition_table =
    PARAM_TABLE_CHECKED("partition", "the network falls into sides that cannot hear each other", struct fault_partition,
                        partition_params, partition_check);

static const struct param delay_params[] = {
    FAULT_PARAMS(struct fault_delay),
    TOWARD_PARAMS(struct fault_delay),
    {.key = "extra",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_delay, extra_ns),
     .optional = true,
     .minimum = "0 s",
     .meaning = "added to the delay of every message from or to the target"},
    {.key = "stretch",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fault_delay, stretch),
     .optional = true,
     .minimum = "0 %",
     .maximum = "100000 %",
     .meaning = "share of the pair's own delay that comes on top of it: 50 % makes it half as long again"},
};

static const char *delay_check(const void *filled, char **message)
{
    const struct fault_delay *delay = filled;
    if (delay->extra_ns != PARAM_ABSENT || delay->stretch.denominator)
        return common_check(filled, message);
    *message = g_strdup("say by how much messages are late: `extra`, a time, or `stretch`, a share of the delay");
    return "extra";
}

static const struct param_table delay_table = PARAM_TABLE_CHECKED("delay", "messages from or to the target take longer",
                                                                  struct fault_delay, delay_params, delay_check);

static const struct param loss_params[] = {
    FAULT_PARAMS(struct fault_loss),
    TOWARD_PARAMS(struct fault_loss),
    {.key = "probability",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fault_loss, probability),
     .minimum = "0 %",
     .maximum = "100 %",
     .meaning = "with which each message from or to the target is lost, for each receiver by itself"},
    NETWORK_RETRY_PARAMS(struct fault_loss, retry),
};
static const struct param_table loss_table = PARAM_TABLE_CHECKED(
    "loss", "messages from or to the target are lost at random", struct fault_loss, loss_params, loss_check);

static const char *const churn_units[] = {"nodes", "regions", NULL};

static const struct param churn_params[] = {
    FAULT_PARAMS(struct fault_churn),
    {.key = "mean_up",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_churn, mean_up_ns),
     .minimum = "1 ms",
     .meaning = "mean time between coming up and going down, exponential"},
    {.key = "mean_down",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_churn, mean_down_ns),
     .minimum = "1 ms",
     .meaning = "mean time down, exponential"},
    {.key = "by",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct fault_churn, by),
     .by_default = "nodes",
     .choices = churn_units,
     .meaning = "what goes down at random: each node by itself, or all nodes of a region together"},
    {.key = "hits",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fault_churn, hits),
     .by_default = "100 %",
     .minimum = "0 %",
     .maximum = "100 %",
     .meaning = "with `by: regions`: the probability with which a region that goes down takes a node of it down"},
    {.key = "drop",
     .type = PARAM_FLAG,
     .offset = offsetof(struct fault_churn, drop),
     .by_default = "off",
     .meaning = "lose what was sent to a node while it was down, instead of peers sending it again"},
};
static const struct param_table churn_table = PARAM_TABLE_CHECKED(
    "churn", "nodes of the target go down and up at random", struct fault_churn, churn_params, common_check);

static const struct param maintenance_params[] = {
    FAULT_PARAMS(struct fault_maintenance),
    {.key = "takes",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_maintenance, takes_ns),
     .minimum = "1 ms",
     .meaning = "how long each node is down"},
    {.key = "at_once",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fault_maintenance, at_once),
     .by_default = "10 %",
     .minimum = "0 %",
     .maximum = "100 %",
     .meaning = "share of the target's nodes that are down together, rounded down but for the first node"},
    {.key = "pause",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fault_maintenance, pause_ns),
     .by_default = "0 s",
     .minimum = "0 s",
     .meaning = "after some are up again, and before the next go down"},
    {.key = "drop",
     .type = PARAM_FLAG,
     .offset = offsetof(struct fault_maintenance, drop),
     .by_default = "off",
     .meaning = "lose what was sent to a node while it was down, instead of peers sending it again"},
};
static const struct param_table maintenance_table =
    PARAM_TABLE_CHECKED("maintenance", "nodes of the target go down some at a time, each once a round",
                        struct fault_maintenance, maintenance_params, maintenance_check);

/* A speed of nothing would be a node that is down. */
static const char *processors_check(const void *filled, char **message)
{
    if (((const struct fault_processors *)filled)->speed.numerator > 0)
        return common_check(filled, message);
    *message = g_strdup("must be above 0 %: nodes that do nothing are down (kind: crash)");
    return "speed";
}

static const struct param processors_params[] = {
    FAULT_PARAMS(struct fault_processors),
    {.key = "speed",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fault_processors, speed),
     .minimum = "0 %",
     .maximum = "100 %",
     .meaning = "what is left of the speed at which the nodes validate, of several such faults the least; above 0 %"},
};
static const struct param_table processors_table = PARAM_TABLE_CHECKED(
    "processors", "nodes validate messages more slowly", struct fault_processors, processors_params, processors_check);

#define KIND(kind)                                                                                                     \
    &(const enum fault_kind)                                                                                           \
    {                                                                                                                  \
        kind                                                                                                           \
    }

/* In the order of enum fault_kind. */
static const struct param_variant variants[] = {
    {.name = "bandwidth",
     .meaning = "nodes send and receive at a lower rate",
     .table = &bandwidth_table,
     .plugin = KIND(FAULT_BANDWIDTH)},
    {.name = "churn",
     .meaning = "nodes of the target, or whole regions, go down and up at random",
     .table = &churn_table,
     .plugin = KIND(FAULT_CHURN)},
    {.name = "congestion",
     .meaning = "links fill up and empty over the day",
     .table = &congestion_table,
     .plugin = KIND(FAULT_CONGESTION)},
    {.name = "crash",
     .meaning = "nodes stop, and come back after `for`",
     .table = &crash_table,
     .plugin = KIND(FAULT_CRASH)},
    {.name = "delay",
     .meaning = "messages from or to the target take longer",
     .table = &delay_table,
     .plugin = KIND(FAULT_DELAY)},
    {.name = "loss",
     .meaning = "messages from or to the target are lost at random",
     .table = &loss_table,
     .plugin = KIND(FAULT_LOSS)},
    {.name = "maintenance",
     .meaning = "nodes of the target go down some at a time, each once a round",
     .table = &maintenance_table,
     .plugin = KIND(FAULT_MAINTENANCE)},
    {.name = "partition",
     .meaning = "the network falls into sides that cannot hear each other",
     .table = &partition_table,
     .plugin = KIND(FAULT_PARTITION)},
    {.name = "processors",
     .meaning = "nodes validate messages more slowly",
     .table = &processors_table,
     .plugin = KIND(FAULT_PROCESSORS)},
};
const struct param_variants fault_variants = {variants, G_N_ELEMENTS(variants)};
