/* SPDX-License-Identifier: MIT */
/* Models without places: the same distribution of delays between any two nodes. */
#include "network/latency.h"

struct latency_constant_params {
    time_ns delay_ns;
};

static const struct param constant_params[] = {
    {.key = "delay",
     .type = PARAM_DURATION,
     .offset = offsetof(struct latency_constant_params, delay_ns),
     .by_default = "100 ms",
     .maximum = "1 d",
     .meaning = "from sending to arrival, between any two nodes"},
};
const struct param_table latency_constant_params_table = PARAM_TABLE(
    "constant latency", "every message takes the same time", struct latency_constant_params, constant_params);

static bool describe_constant(const void *parameters, struct latency *latency, GError **error)
{
    (void)error;
    const struct latency_constant_params *params = parameters;
    latency_init_single(latency, params->delay_ns);
    return true;
}

const struct latency_model latency_constant = {.describe = describe_constant};

struct latency_uniform_params {
    time_ns minimum_ns;
    time_ns maximum_ns;
};

static const struct param uniform_params[] = {
    {.key = "min",
     .type = PARAM_DURATION,
     .offset = offsetof(struct latency_uniform_params, minimum_ns),
     .by_default = "50 ms",
     .maximum = "1 d",
     .meaning = "the least delay"},
    {.key = "max",
     .type = PARAM_DURATION,
     .offset = offsetof(struct latency_uniform_params, maximum_ns),
     .by_default = "150 ms",
     .maximum = "1 d",
     .meaning = "the greatest delay, at least min"},
};

static const char *check_uniform(const void *filled, char **message)
{
    const struct latency_uniform_params *params = filled;
    if (params->minimum_ns <= params->maximum_ns)
        return NULL;
    *message = g_strdup("max is below min: it must be at least min");
    return "max";
}

const struct param_table latency_uniform_params_table =
    PARAM_TABLE_CHECKED("uniform latency", "each message draws its delay evenly from a range, for each receiver",
                        struct latency_uniform_params, uniform_params, check_uniform);

static bool describe_uniform(const void *parameters, struct latency *latency, GError **error)
{
    (void)error;
    const struct latency_uniform_params *params = parameters;
    latency_init_single(latency, params->minimum_ns);
    latency->draw = LATENCY_UNIFORM;
    latency->span_ns = params->maximum_ns - params->minimum_ns;
    return true;
}

const struct latency_model latency_uniform = {.describe = describe_uniform};
