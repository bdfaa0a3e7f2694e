/* SPDX-License-Identifier: MIT */
#include "world/settings.h"

#include "base/assert.h"
#include "crypto/profile.h"
#include "network/network.h"

#include <string.h>

static const struct param time_params[] = {
    {.key = "duration",
     .type = PARAM_DURATION,
     .offset = offsetof(struct time_settings, duration_ns),
     .by_default = "10 min",
     .minimum = "1 ms",
     .maximum = "3650 d",
     .meaning = "simulated time after which the run stops"},
    {.key = "warmup",
     .type = PARAM_DURATION,
     .offset = offsetof(struct time_settings, warmup_ns),
     .by_default = "0 s",
     .minimum = "0 s",
     .meaning = "what happens before this time does not count for the metrics"},
    {.key = "stop_height",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct time_settings, stop_height),
     .optional = true,
     .minimum = "1",
     .meaning = "stop when every honest node that is up holds a block of this height final"},
};

static const char *time_check(const void *filled, char **message)
{
    const struct time_settings *time = filled;
    if (time->warmup_ns < time->duration_ns)
        return NULL;
    *message = g_strdup("must be less than `duration`");
    return "warmup";
}

static const struct param_table time_table =
    PARAM_TABLE_CHECKED("time", "how long a run lasts", struct time_settings, time_params, time_check);

static const struct param validator_params[] = {
    {.key = "count",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct validator_settings, count),
     .optional = true,
     .minimum = "1",
     .maximum = "1_000_000",
     .meaning = "number of validators; absent: as many as the file or list of stakes has"},
    {.key = "per_node",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct validator_settings, per_node),
     .by_default = "1",
     .minimum = "1",
     .maximum = "1_000_000",
     .meaning = "validators that one node hosts; consecutive ones share a node"},
    {.key = "stake",
     .type = PARAM_ONE_OF,
     .offset = offsetof(struct validator_settings, stake),
     .by_default = "equal",
     .discriminator = "dist",
     .variants = &stake_distributions,
     .meaning = "where the stakes come from"},
};
static const struct param_table validator_table =
    PARAM_TABLE("validators", "who takes part, and with how much stake", struct validator_settings, validator_params);

static const char *const deliveries_choices[] = {"auto", "events", "late", NULL};

static const struct param engine_params[] = {
    {.key = "deliveries",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct engine_settings, deliveries),
     .by_default = "auto",
     .choices = deliveries_choices,
     .meaning =
         "how arrivals of votes and blocks are computed: each an event, or late, when somebody asks; the results "
         "are the same bytes"},
};
static const struct param_table engine_table = PARAM_TABLE(
    "engine", "how the simulation is carried out; no result depends on it", struct engine_settings, engine_params);

static const struct param check_params[] = {
    {.key = "liveness_gap",
     .type = PARAM_DURATION,
     .offset = offsetof(struct check_settings, liveness_gap_ns),
     .optional = true,
     .minimum = "1 ms",
     .meaning = "longest time without a newly final block that the verdict accepts; absent: what the protocol states"},
};
static const struct param_table check_table =
    PARAM_TABLE("check", "what the verdicts hold a run to", struct check_settings, check_params);

static const char *const crypto_choices[] = {"ideal", "real", NULL};

static const struct param fault_element = {
    .key = "fault",
    .type = PARAM_ONE_OF,
    .discriminator = "kind",
    .variants = &fault_variants,
    .meaning = "one fault of the timetable",
};

/* The element of `behaviours`; its variants are the registry's, so it is completed at start. */
static struct param behaviour_element = {
    .key = "behaviour",
    .type = PARAM_ONE_OF,
    .discriminator = "kind",
    .meaning = "a set of validators that misbehave in one way",
};

#define IN_WORLD(field) offsetof(struct world_settings, field)

static const struct param world_params[] = {
    {.key = "time",
     .type = PARAM_STRUCT,
     .offset = IN_WORLD(time),
     .by_default = "",
     .table = &time_table,
     .meaning = "how long a run lasts"},
    {.key = "protocol",
     .type = PARAM_ONE_OF,
     .offset = IN_WORLD(protocol),
     .discriminator = "kind",
     .meaning = "the consensus protocol"},
    {.key = "election",
     .type = PARAM_ONE_OF,
     .offset = IN_WORLD(election),
     .optional = true,
     .discriminator = "kind",
     .meaning = "who may lead; absent: the protocol's own election"},
    {.key = "validators",
     .type = PARAM_STRUCT,
     .offset = IN_WORLD(validators),
     .table = &validator_table,
     .meaning = "who takes part, and with how much stake"},
    {.key = "network",
     .type = PARAM_STRUCT,
     .offset = sizeof(struct world_settings),
     .by_default = "",
     .table = &network_params_table,
     .meaning = "where nodes are, and how long messages take"},
    {.key = "stake_rules",
     .type = PARAM_STRUCT,
     .offset = IN_WORLD(stake_rules),
     .by_default = "",
     .table = &ledger_rules_table,
     .meaning = "slashing, jailing, and when a change of stake counts"},
    {.key = "faults",
     .type = PARAM_LIST,
     .offset = IN_WORLD(faults),
     .optional = true,
     .element = &fault_element,
     .meaning = "the timetable of faults"},
    {.key = "adversary",
     .type = PARAM_ONE_OF,
     .offset = IN_WORLD(adversary),
     .optional = true,
     .discriminator = "kind",
     .meaning = "who misbehaves, and how; absent: nobody"},
    {.key = "behaviours",
     .type = PARAM_LIST,
     .offset = IN_WORLD(behaviours),
     .optional = true,
     .element = &behaviour_element,
     .meaning = "further sets of validators that misbehave, each in its own way; the sets do not overlap"},
    {.key = "transactions",
     .type = PARAM_ONE_OF,
     .offset = IN_WORLD(transactions),
     .optional = true,
     .discriminator = "kind",
     .variants = &workload_kinds,
     .meaning = "transactions that are sent and wait until a block takes them; absent: none, and every block has the "
                "size and the number of transactions that the protocol says"},
    {.key = "crypto",
     .type = PARAM_CHOICE,
     .offset = IN_WORLD(crypto),
     .by_default = "ideal",
     .choices = crypto_choices,
     .meaning = "whether signatures and lottery proofs are really made and verified, or drawn from the same "
                "distribution at no cost"},
    {.key = "signatures",
     .type = PARAM_ONE_OF,
     .offset = IN_WORLD(signatures),
     .optional = true,
     .discriminator = "kind",
     .variants = &signature_profiles,
     .meaning = "the signature scheme, which sets sizes of messages and the time to verify them; absent: the sizes of "
                "ed25519, and no time"},
    {.key = "engine",
     .type = PARAM_STRUCT,
     .offset = IN_WORLD(engine),
     .by_default = "",
     .table = &engine_table,
     .meaning = "how the simulation is carried out; no result depends on it"},
    {.key = "check",
     .type = PARAM_STRUCT,
     .offset = IN_WORLD(check),
     .by_default = "",
     .table = &check_table,
     .meaning = "what the verdicts hold a run to"},
};

static void set_variants(struct settings_tables *tables, const char *key, const struct param_variants *variants)
{
    for (size_t i = 0; i < tables->count; i++)
        if (strcmp(tables->params[i].key, key) == 0)
            tables->params[i].variants = variants;
}

void settings_tables_init(struct settings_tables *tables, const struct registry *registry)
{
    tables->count = G_N_ELEMENTS(world_params);
    tables->params = g_memdup2(world_params, sizeof world_params);
    tables->size = (sizeof(struct world_settings) + network_params_table.size + 15) / 16 * 16;
    set_variants(tables, "protocol", &registry->protocols);
    set_variants(tables, "election", &registry->elections);
    set_variants(tables, "adversary", &registry->adversaries);
    behaviour_element.variants = &registry->adversaries;
}

void settings_tables_release(struct settings_tables *tables)
{
    g_free(tables->params);
    *tables = (struct settings_tables){0};
}

const void *settings_network(const struct world_settings *settings)
{
    return settings + 1;
}
