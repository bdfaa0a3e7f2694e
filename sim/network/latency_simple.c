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

struct latency_lognormal_params {
    time_ns median_ns;
    struct ratio sigma;
};

static const struct param lognormal_params[] = {
    {.key = "median",
     .type = PARAM_DURATION,
     .offset = offsetof(struct latency_lognormal_params, median_ns),
     .by_default = "100 ms",
     .maximum = "1 d",
     .meaning = "the delay that half of the messages do not exceed"},
    {.key = "sigma",
     .type = PARAM_DECIMAL,
     .offset = offsetof(struct latency_lognormal_params, sigma),
     .by_default = "0.5",
     .maximum = "2",
     .meaning = "standard deviation of the delay's natural logarithm; 0 is a constant delay"},
};
const struct param_table latency_lognormal_params_table =
    PARAM_TABLE("lognormal latency", "each message draws its delay from a lognormal distribution, for each receiver",
                struct latency_lognormal_params, lognormal_params);

static bool describe_lognormal(const void *parameters, struct latency *latency, GError **error)
{
    (void)error;
    const struct latency_lognormal_params *params = parameters;
    latency_init_single(latency, params->median_ns);
    if (params->sigma.numerator == 0)
        return true;
    latency->draw = LATENCY_FACTOR;
    quantiles_init_lognormal(&latency->factor, 0, Q64_ONE, q64_from_ratio(params->sigma));
    return true;
}

const struct latency_model latency_lognormal = {.describe = describe_lognormal};

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
