/* SPDX-License-Identifier: MIT */
/*
 * A small root table that has every form a real one has, and what the tests of sim/scenario do with it: load a text,
 * and compare the errors or the values.
 */
#ifndef POSIM_TESTS_UNIT_SCENARIO_FIXTURE_H
#define POSIM_TESTS_UNIT_SCENARIO_FIXTURE_H

#include "scenario/scenario.h"
#include "scenario/sweep.h"

#include <glib.h>
#include <string.h>

struct fixture_time {
    time_ns duration_ns;
    time_ns warmup_ns;
    int64_t stop_height;
};

struct fixture_tendermint {
    time_ns timeout_propose_ns;
    uint64_t block_size_bytes;
};

struct fixture_praos {
    time_ns slot_ns;
    struct ratio active_slot_coefficient;
};

struct fixture_alpha {
    struct ratio alpha;
};

struct fixture_file {
    const char *file;
    const char *column;
    const char *names;
};

struct fixture_values {
    struct param_list values; /* stake_amount */
};

struct fixture_validators {
    int64_t count;
    struct param_variant_value stake;
};

struct fixture_region {
    const char *name;
    struct ratio share;
    uint64_t bandwidth_bit_per_s;
};

struct fixture_network {
    time_ns delay_ns;
    struct param_list regions; /* struct fixture_region */
};

struct fixture_fault {
    const char *name;
    time_ns at_ns;
    struct ratio share;
    struct param_list groups; /* struct ratio */
};

struct fixture_expectation {
    const char *metric;
    struct ratio max;
};

struct fixture_root {
    const char *name;
    struct sweep_settings sweep;
    struct fixture_time time;
    struct param_variant_value protocol;
    struct fixture_validators validators;
    struct fixture_network network;
    struct param_list faults; /* struct param_variant_value */
    int crypto;
    bool relay;
    struct param_list record; /* int */
    struct param_list expect; /* struct fixture_expectation */
    struct param_variant_value adversary;
};

static const char *fixture_time_check(const void *filled, char **message)
{
    const struct fixture_time *time = filled;
    if (time->warmup_ns < time->duration_ns)
        return NULL;
    *message = g_strdup("must be less than `duration`");
    return "warmup";
}

static const struct param fixture_time_params[] = {
    {.key = "duration",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fixture_time, duration_ns),
     .by_default = "10 min",
     .minimum = "1 ms",
     .meaning = "simulated time"},
    {.key = "warmup",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fixture_time, warmup_ns),
     .by_default = "0 s",
     .meaning = "time before anything counts"},
    {.key = "stop_height",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct fixture_time, stop_height),
     .minimum = "1",
     .optional = true,
     .meaning = "height at which the run stops"},
};
static const struct param_table fixture_time_table =
    PARAM_TABLE_CHECKED("time", "how long a run lasts", struct fixture_time, fixture_time_params, fixture_time_check);

static const struct param fixture_tendermint_params[] = {
    {.key = "timeout_propose",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fixture_tendermint, timeout_propose_ns),
     .by_default = "3 s",
     .minimum = "1 ms",
     .maximum = "1 h",
     .meaning = "how long a node waits for a proposal",
     .source = "CometBFT 0.38"},
    {.key = "block_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct fixture_tendermint, block_size_bytes),
     .by_default = "1 MiB",
     .meaning = "bytes of a block"},
};
static const struct param_table fixture_tendermint_table =
    PARAM_TABLE("tendermint", "rounds of votes", struct fixture_tendermint, fixture_tendermint_params);

static const struct param fixture_praos_params[] = {
    {.key = "slot",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fixture_praos, slot_ns),
     .by_default = "1 s",
     .minimum = "1 ms",
     .meaning = "length of a slot"},
    {.key = "active_slot_coefficient",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fixture_praos, active_slot_coefficient),
     .by_default = "5 %",
     .meaning = "chance that a slot has a leader"},
};
static const struct param_table fixture_praos_table =
    PARAM_TABLE("praos", "longest chain", struct fixture_praos, fixture_praos_params);

static const struct param_variant fixture_protocol_list[] = {
    {.name = "praos", .meaning = "longest chain", .table = &fixture_praos_table},
    {.name = "tendermint", .meaning = "rounds of votes", .table = &fixture_tendermint_table},
};
static const struct param_variants fixture_protocols = {fixture_protocol_list, G_N_ELEMENTS(fixture_protocol_list)};

static const struct param fixture_pareto_params[] = {
    {.key = "alpha",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct fixture_alpha, alpha),
     .by_default = "1.16",
     .minimum = "0.1",
     .maximum = "10",
     .meaning = "tail index"},
};
static const struct param_table fixture_pareto_table =
    PARAM_TABLE("pareto", "Pareto", struct fixture_alpha, fixture_pareto_params);

static const struct param fixture_zipf_params[] = {
    {.key = "s", .type = PARAM_DECIMAL, .offset = offsetof(struct fixture_alpha, alpha), .meaning = "exponent"},
};
static const struct param_table fixture_zipf_table =
    PARAM_TABLE("zipf", "Zipf", struct fixture_alpha, fixture_zipf_params);

static const struct param fixture_file_params[] = {
    {.key = "file", .type = PARAM_FILE, .offset = offsetof(struct fixture_file, file), .meaning = "a CSV file"},
    {.key = "column",
     .type = PARAM_TEXT,
     .offset = offsetof(struct fixture_file, column),
     .by_default = "stake",
     .meaning = "its column of stakes"},
    {.key = "names",
     .type = PARAM_FILE,
     .offset = offsetof(struct fixture_file, names),
     .optional = true,
     .meaning = "a file of names"},
};
static const struct param_table fixture_file_table =
    PARAM_TABLE("file", "from a file", struct fixture_file, fixture_file_params);

static const struct param fixture_one_stake = {.type = PARAM_STAKE, .minimum = "1", .meaning = "one stake"};
static const struct param fixture_values_params[] = {
    {.key = "values",
     .type = PARAM_LIST,
     .offset = offsetof(struct fixture_values, values),
     .minimum = "1",
     .maximum = "1000",
     .element = &fixture_one_stake,
     .meaning = "the stakes"},
};
static const struct param_table fixture_values_table =
    PARAM_TABLE("list", "a list", struct fixture_values, fixture_values_params);

static const struct param_variant fixture_stake_list[] = {
    {.name = "equal", .meaning = "all the same"},
    {.name = "file", .meaning = "a column of a file", .table = &fixture_file_table, .implied_by = "file"},
    {.name = "list", .meaning = "as given", .table = &fixture_values_table, .implied_by = "values"},
    {.name = "pareto", .meaning = "a heavy tail", .table = &fixture_pareto_table},
    {.name = "zipf", .meaning = "by rank", .table = &fixture_zipf_table},
};
static const struct param_variants fixture_stakes = {fixture_stake_list, G_N_ELEMENTS(fixture_stake_list)};

static const struct param fixture_validators_params[] = {
    {.key = "count",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct fixture_validators, count),
     .minimum = "1",
     .maximum = "1_000_000",
     .meaning = "number of validators"},
    {.key = "stake",
     .type = PARAM_ONE_OF,
     .offset = offsetof(struct fixture_validators, stake),
     .by_default = "equal",
     .discriminator = "dist",
     .variants = &fixture_stakes,
     .meaning = "how stake is spread",
     .source = "none: a choice"},
};
static const struct param_table fixture_validators_table =
    PARAM_TABLE("validators", "who takes part", struct fixture_validators, fixture_validators_params);

static const struct param fixture_region_params[] = {
    {.key = "name",
     .type = PARAM_TEXT,
     .offset = offsetof(struct fixture_region, name),
     .meaning = "name of the region"},
    {.key = "share",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fixture_region, share),
     .meaning = "share of the nodes there"},
    {.key = "bandwidth",
     .type = PARAM_RATE,
     .offset = offsetof(struct fixture_region, bandwidth_bit_per_s),
     .optional = true,
     .meaning = "rate of a node"},
};
static const struct param_table fixture_region_table =
    PARAM_TABLE("region", "a region", struct fixture_region, fixture_region_params);
static const struct param fixture_one_region = {.type = PARAM_STRUCT, .table = &fixture_region_table};

static const struct param fixture_network_params[] = {
    {.key = "delay",
     .type = PARAM_DURATION,
     .offset = offsetof(struct fixture_network, delay_ns),
     .by_default = "100 ms",
     .meaning = "from any node to any other"},
    {.key = "regions",
     .type = PARAM_MAP,
     .offset = offsetof(struct fixture_network, regions),
     .by_default = "",
     .element = &fixture_one_region,
     .meaning = "where nodes are"},
};
static const struct param_table fixture_network_table =
    PARAM_TABLE("network", "how nodes talk", struct fixture_network, fixture_network_params);

#define FIXTURE_FAULT_PARAMS                                                                                           \
    {.key = "name",                                                                                                    \
     .type = PARAM_TEXT,                                                                                               \
     .offset = offsetof(struct fixture_fault, name),                                                                   \
     .optional = true,                                                                                                 \
     .meaning = "what it is called"},                                                                                  \
    {                                                                                                                  \
        .key = "at", .type = PARAM_DURATION, .offset = offsetof(struct fixture_fault, at_ns),                          \
        .meaning = "when it begins"                                                                                    \
    }

static const struct param fixture_crash_params[] = {
    FIXTURE_FAULT_PARAMS,
    {.key = "share",
     .type = PARAM_SHARE,
     .offset = offsetof(struct fixture_fault, share),
     .optional = true,
     .meaning = "share of the nodes"},
};
static const struct param_table fixture_crash_table =
    PARAM_TABLE("crash", "nodes stop", struct fixture_fault, fixture_crash_params);

static const struct param fixture_one_share = {.type = PARAM_SHARE, .meaning = "one share"};
static const struct param fixture_partition_params[] = {
    FIXTURE_FAULT_PARAMS,
    {.key = "groups",
     .type = PARAM_LIST,
     .offset = offsetof(struct fixture_fault, groups),
     .element = &fixture_one_share,
     .meaning = "shares of the sides"},
};
static const struct param_table fixture_partition_table =
    PARAM_TABLE("partition", "sides that cannot talk", struct fixture_fault, fixture_partition_params);

static const struct param_variant fixture_fault_list[] = {
    {.name = "crash", .meaning = "nodes stop", .table = &fixture_crash_table},
    {.name = "partition", .meaning = "sides that cannot talk", .table = &fixture_partition_table},
};
static const struct param_variants fixture_faults = {fixture_fault_list, G_N_ELEMENTS(fixture_fault_list)};
static const struct param fixture_one_fault = {
    .key = "fault", .type = PARAM_ONE_OF, .discriminator = "kind", .variants = &fixture_faults, .meaning = "a fault"};

static const char *const fixture_crypto_choices[] = {"ideal", "real", NULL};
static const char *const fixture_record_choices[] = {"blocks", "finality", "votes", NULL};
static const struct param fixture_one_record = {
    .type = PARAM_CHOICE, .choices = fixture_record_choices, .meaning = "a trace"};

static const struct param fixture_expectation_params[] = {
    {.key = "metric",
     .type = PARAM_TEXT,
     .offset = offsetof(struct fixture_expectation, metric),
     .meaning = "a metric"},
    {.key = "max",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct fixture_expectation, max),
     .optional = true,
     .meaning = "its greatest value"},
};
static const struct param_table fixture_expectation_table =
    PARAM_TABLE("expectation", "an expectation", struct fixture_expectation, fixture_expectation_params);
static const struct param fixture_one_expectation = {.type = PARAM_STRUCT, .table = &fixture_expectation_table};

#define FIXTURE_AT(field) offsetof(struct fixture_root, field)

static const struct param fixture_root_params[] = {
    {.key = "name",
     .type = PARAM_TEXT,
     .offset = FIXTURE_AT(name),
     .optional = true,
     .of_experiment = true,
     .meaning = "name of the scenario"},
    {.key = "time",
     .type = PARAM_STRUCT,
     .offset = FIXTURE_AT(time),
     .by_default = "",
     .table = &fixture_time_table,
     .meaning = "how long a run lasts"},
    {.key = "protocol",
     .type = PARAM_ONE_OF,
     .offset = FIXTURE_AT(protocol),
     .discriminator = "kind",
     .variants = &fixture_protocols,
     .meaning = "the consensus protocol"},
    {.key = "validators",
     .type = PARAM_STRUCT,
     .offset = FIXTURE_AT(validators),
     .table = &fixture_validators_table,
     .meaning = "who takes part"},
    {.key = "network",
     .type = PARAM_STRUCT,
     .offset = FIXTURE_AT(network),
     .by_default = "",
     .table = &fixture_network_table,
     .meaning = "how nodes talk"},
    {.key = "faults",
     .type = PARAM_LIST,
     .offset = FIXTURE_AT(faults),
     .by_default = "",
     .element = &fixture_one_fault,
     .meaning = "what goes wrong"},
    {.key = "crypto",
     .type = PARAM_CHOICE,
     .offset = FIXTURE_AT(crypto),
     .by_default = "ideal",
     .choices = fixture_crypto_choices,
     .meaning = "whether signatures are made"},
    {.key = "relay",
     .type = PARAM_FLAG,
     .offset = FIXTURE_AT(relay),
     .by_default = "off",
     .meaning = "whether nodes pass on what they got"},
    {.key = "record",
     .type = PARAM_LIST,
     .offset = FIXTURE_AT(record),
     .by_default = "[blocks, finality]",
     .element = &fixture_one_record,
     .meaning = "which traces are written"},
    {.key = "expect",
     .type = PARAM_LIST,
     .offset = FIXTURE_AT(expect),
     .optional = true,
     .element = &fixture_one_expectation,
     .of_experiment = true,
     .meaning = "what must come out"},
    {.key = "sweep",
     .type = PARAM_STRUCT,
     .offset = FIXTURE_AT(sweep),
     .by_default = "",
     .table = &sweep_table,
     .of_experiment = true,
     .meaning = "what is tried"},
    {.key = "adversary",
     .type = PARAM_ONE_OF,
     .offset = FIXTURE_AT(adversary),
     .optional = true,
     .discriminator = "kind",
     .variants = &fixture_faults,
     .meaning = "who misbehaves"},
};
static const struct param_table fixture_table =
    PARAM_TABLE("scenario", "a small scenario", struct fixture_root, fixture_root_params);

/* The least that loads. */
#define FIXTURE_SMALLEST "posim: 1\nprotocol: {kind: tendermint}\nvalidators: {count: 4}\n"

/* Loads a source; the errors as printed, "" for none; g_free them. *scenario is NULL after errors. */
static inline char *fixture_load(const struct scenario_source *source, struct scenario **scenario)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics);
    GString *printed = g_string_new(NULL);
    bool is_loaded = scenario_load(source, &fixture_table, scenario, &diagnostics);
    g_assert_cmpint(is_loaded, ==, diagnostics_count(&diagnostics) == 0);
    g_assert_true(is_loaded == (*scenario != NULL));
    diagnostics_print(&diagnostics, printed);
    diagnostics_release(&diagnostics);
    return g_string_free(printed, FALSE);
}

/* The text with its overrides (NULL-terminated, or NULL) must load. */
static inline struct scenario *fixture_must_load(const char *text, const char *const *overrides)
{
    struct scenario *scenario;
    char *errors = fixture_load(&(struct scenario_source){.text = text, .overrides = overrides}, &scenario);
    g_assert_cmpstr(errors, ==, "");
    g_free(errors);
    return scenario;
}

/* The text must be refused with exactly these errors. */
static inline void fixture_must_fail(const char *text, const char *const *overrides, const char *expected)
{
    struct scenario *scenario;
    char *errors = fixture_load(&(struct scenario_source){.text = text, .overrides = overrides}, &scenario);
    g_assert_cmpstr(errors, ==, expected);
    g_assert_null(scenario);
    g_free(errors);
}

#endif
