/* SPDX-License-Identifier: MIT */
#include "network/params.h"

#include "network/latency.h"
#include "network/network.h"
#include "network/placement.h"
#include "network/rates.h"
#include "network/topology.h"

#define AT(field) .offset = offsetof(struct network_params, field)

#define LOSS(field) .offset = offsetof(struct loss_params, field)
static const struct param loss_params[] = {
    {.key = "probability",
     .type = PARAM_SHARE,
     LOSS(probability),
     .by_default = "0 %",
     .meaning = "with which a message is lost on its way to a receiver, for each receiver by itself"},
    NETWORK_RETRY_PARAMS(struct loss_params, retry),
};

const char *network_retry_check(const struct network_retry *retry, char **message)
{
    bool says_most = retry->most != g_ascii_strtoll(RETRIES_DEFAULT, NULL, 10);
    if (retry->after_ns != PARAM_ABSENT || (!says_most && retry->doubles))
        return NULL;
    *message = g_strdup("nothing is sent again without `retransmit_after`, which says after how long");
    return says_most ? "most" : "doubling";
}

static const char *loss_check(const void *filled, char **message)
{
    return network_retry_check(&((const struct loss_params *)filled)->retry, message);
}
static const struct param_table loss_table =
    PARAM_TABLE_CHECKED("loss", "messages that are lost, and sent again", struct loss_params, loss_params, loss_check);

static const char *const gst_choices[] = {[GST_RANDOM] = "random", [GST_WORST] = "worst", NULL};

#define GST(field) .offset = offsetof(struct gst_params, field)
static const struct param gst_params[] = {
    {.key = "at",
     .type = PARAM_DURATION,
     GST(at_ns),
     .by_default = "0 s",
     .meaning =
         "from when on the latency model holds; what was sent before is there as if it had been sent then, at the "
         "latest",
     .source =
         "global stabilisation time: Dwork, Lynch, Stockmeyer 1988, Consensus in the Presence of Partial Synchrony"},
    {.key = "delay_before",
     .type = PARAM_DURATION,
     GST(delay_before_ns),
     .optional = true,
     .meaning = "the most by which a message sent before is delayed, where it passes hops at each of them; absent: as "
                "long as that lasts"},
    {.key = "choice",
     .type = PARAM_CHOICE,
     GST(choice),
     .by_default = "worst",
     .choices = gst_choices,
     .meaning = "whether each is delayed by all of that, or by a part of it drawn for each message and receiver"},
};
static const struct param_table gst_table =
    PARAM_TABLE("gst", "a network that is asynchronous at first", struct gst_params, gst_params);

#define CLOCKS(field) .offset = offsetof(struct clock_params, field)
static const struct param clock_params[] = {
    {.key = "skew",
     .type = PARAM_DURATION,
     CLOCKS(skew_ns),
     .by_default = "0 s",
     .maximum = "1 h",
     .meaning = "the most by which two clocks differ at the start: each is ahead by a part of it, drawn for the node"},
    {.key = "drift",
     .type = PARAM_SHARE,
     CLOCKS(drift),
     .by_default = "0 %",
     .maximum = "1 %",
     .meaning = "the most by which a clock runs too fast or too slow, drawn for the node; 20 ppm are 0.002 %"},
};
static const struct param_table clock_table =
    PARAM_TABLE("clocks", "what nodes' own clocks show", struct clock_params, clock_params);

static const struct param params[] = {
    {.key = "latency",
     .type = PARAM_ONE_OF,
     AT(latency),
     .by_default = "geographic",
     .meaning = "how long a message takes from one node to another; the links of a topology's file replace it",
     .discriminator = "model",
     .variants = &latency_models},
    {.key = "topology",
     .type = PARAM_ONE_OF,
     AT(topology),
     .by_default = "direct",
     .meaning = "which nodes are linked",
     .discriminator = "kind",
     .variants = &topology_kinds},
    {.key = "placement",
     .type = PARAM_ONE_OF,
     AT(placement),
     .by_default = "equal",
     .meaning = "which regions of the latency model the nodes are in, where nothing else places them",
     .discriminator = "kind",
     .variants = &placement_kinds},
    {.key = "bandwidth",
     .type = PARAM_RATE,
     AT(bandwidth_bit_per_s),
     .minimum = "1 kbit/s",
     .meaning = "rate at which each node sends, without a queue; absent: sending takes no time",
     .optional = true},
    {.key = "rates",
     .type = PARAM_ONE_OF,
     AT(rates),
     .meaning =
         "rates at which each node sends and receives, from a file, without a queue: a message takes its size by "
         "the lesser of the sender's and the receiver's; absent: `bandwidth`",
     .discriminator = "kind",
     .variants = &rates_kinds,
     .optional = true},
    {.key = "loss",
     .type = PARAM_STRUCT,
     AT(loss),
     .by_default = "",
     .table = &loss_table,
     .meaning = "messages that are lost at random, at any time; for a while only: a fault of kind `loss`"},
    {.key = "gst",
     .type = PARAM_STRUCT,
     AT(gst),
     .by_default = "",
     .table = &gst_table,
     .meaning = "partial synchrony: from when on delays are bounded, and what happens before"},
    {.key = "clocks",
     .type = PARAM_STRUCT,
     AT(clocks),
     .by_default = "",
     .table = &clock_table,
     .meaning = "how far the clocks of nodes are apart; without it all show the same"},
    {.key = "relay",
     .type = PARAM_ONE_OF,
     AT(relay),
     .by_default = "flood",
     .meaning = "how a message spreads from node to node",
     .discriminator = "kind",
     .variants = &relay_kinds},
    {.key = "capacity",
     .type = PARAM_STRUCT,
     AT(capacity),
     .by_default = "",
     .table = &capacity_params_table,
     .meaning = "rates of nodes at which messages queue; without them nothing waits"},
    {.key = "cpu",
     .type = PARAM_STRUCT,
     AT(cpu),
     .by_default = "",
     .table = &cpu_params_table,
     .meaning = "what it takes to validate messages before they count and are passed on"},
};

const struct param_table network_params_table =
    PARAM_TABLE("network", "where nodes are and how long messages take", struct network_params, params);
