/* SPDX-License-Identifier: MIT */
#include "network/network.h"

#include "base/assert.h"
#include "network/inside.h"
#include "network/topology_file.h"

#include <string.h>

#define NODES_MAXIMUM (1u << 24) /* what the keys of loss have room for */

static struct network *wrap(struct fabric *fabric)
{
    struct network *network = g_new0(struct network, 1);
    network->fabric = fabric;
    network->cuts = g_new0(struct cuts, 1);
    return network;
}

/* Loss at any time, and asynchrony before the network's stabilisation, as faults of every link. */
static void add_own_faults(struct network *network, const struct network_params *params)
{
    uint8_t *all = g_malloc(network->fabric->node_count);
    memset(all, FAULT_TARGET, network->fabric->node_count);
    struct link_fault loss = {.kind = FAULT_LOSE,
                              .until_ns = TIME_NEVER,
                              .nodes = all,
                              .probability = params->loss.probability,
                              .retry = params->loss.retry,
                              .key = FAULT_KEY_LOSS};
    time_ns most_ns = params->gst.delay_before_ns == PARAM_ABSENT ? TIME_NEVER : params->gst.delay_before_ns;
    struct link_fault asynchrony = {.kind = FAULT_ASYNCHRONY,
                                    .until_ns = params->gst.at_ns,
                                    .nodes = all,
                                    .extra_ns = most_ns,
                                    .drawn = params->gst.choice == GST_RANDOM,
                                    .key = FAULT_KEY_ASYNCHRONY};
    if (params->loss.probability.numerator)
        faults_add_link(&network->faults, loss);
    if (params->gst.at_ns)
        faults_add_link(&network->faults, asynchrony);
    g_free(all);
}

struct network *network_new(const void *parameters, uint32_t node_count, const char *const *regions,
                            const struct random_seed *seed, GError **error)
{
    REQUIRE(node_count > 0 && node_count < NODES_MAXIMUM);
    struct fabric *fabric = fabric_new(parameters, node_count, regions, seed, error);
    if (!fabric)
        return NULL;
    struct network *network = wrap(fabric);
    faults_init(&network->faults, node_count);
    add_own_faults(network, parameters);
    return network;
}

/* The timetable's segments are about to change. */
static void forget_cuts(struct network *network)
{
    for (uint32_t i = 0; i < network->cuts->count; i++)
        graph_paths_free(network->cuts->by_segment[i]);
    g_clear_pointer(&network->cuts->by_segment, g_free);
    network->cuts->count = 0;
}

void network_free(struct network *network)
{
    if (!network)
        return;
    forget_cuts(network);
    g_free(network->cuts);
    faults_release(&network->faults);
    fabric_unshare(network->fabric);
    g_free(network);
}

struct network *network_clone(const struct network *network)
{
    struct network *clone = wrap(fabric_share(network->fabric));
    faults_copy(&clone->faults, &network->faults);
    return clone;
}

struct network *network_calm(const struct network *network)
{
    struct network *calm = wrap(fabric_share(network->fabric));
    faults_init(&calm->faults, network->fabric->node_count);
    return calm;
}

uint32_t network_node_count(const struct network *network)
{
    return network->fabric->node_count;
}

const char *network_region(const struct network *network, node_id node)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(node < fabric->node_count);
    return fabric->latency.region_names[fabric->region_of[node]];
}

bool network_gives_stakes(const void *parameters, uint32_t *node_count, stake_amount **stakes, GError **error)
{
    const struct network_params *params = parameters;
    const struct topology_file_params *file = topology_file_of(&params->topology);
    return file && topology_file_stakes(file, node_count, stakes, error);
}

void network_partition(struct network *network, time_ns from, time_ns until, const uint8_t *side, bool drop)
{
    struct link_fault fault = {.kind = FAULT_PARTITION, .from_ns = from, .until_ns = until, .drop = drop};
    fault.nodes = g_memdup2(side, network->fabric->node_count);
    forget_cuts(network);
    faults_add_link(&network->faults, fault);
    g_free(fault.nodes);
}

void network_outage(struct network *network, node_id node, time_ns from, time_ns until, bool drop)
{
    faults_add_outage(&network->faults, node, (struct outage){.from_ns = from, .until_ns = until, .drop = drop});
}

/* Adds a fault of the links between nodes. */
static void add_fault(struct network *network, const struct network_links *links, struct link_fault fault)
{
    fault.nodes = g_new0(uint8_t, network->fabric->node_count);
    fault.toward = links->toward != NULL;
    for (node_id node = 0; node < network->fabric->node_count; node++) {
        if (!links->in || links->in[node])
            fault.nodes[node] |= FAULT_TARGET;
        if (links->toward && links->toward[node])
            fault.nodes[node] |= FAULT_OTHER_END;
    }
    forget_cuts(network);
    faults_add_link(&network->faults, fault);
    g_free(fault.nodes);
}

void network_slow(struct network *network, time_ns from, time_ns until, const bool *in, time_ns extra_ns)
{
    network_slow_links(network, from, until, &(struct network_links){.in = in}, extra_ns, (struct ratio){0, 0});
}

void network_slow_links(struct network *network, time_ns from, time_ns until, const struct network_links *links,
                        time_ns extra_ns, struct ratio stretch)
{
    REQUIRE(extra_ns >= 0);
    add_fault(network, links,
              (struct link_fault){
                  .kind = FAULT_SLOW, .from_ns = from, .until_ns = until, .extra_ns = extra_ns, .stretch = stretch});
}

void network_throttle(struct network *network, time_ns from, time_ns until, const bool *in, uint64_t bit_per_s)
{
    REQUIRE(bit_per_s > 0);
    add_fault(network, &(struct network_links){.in = in},
              (struct link_fault){.kind = FAULT_THROTTLE, .from_ns = from, .until_ns = until, .bit_per_s = bit_per_s});
}

bool network_blocks_cost(const struct network *network)
{
    return network->fabric->plan.block_ns > 0 || network->fabric->plan.block_kib_ns > 0;
}

bool network_slow_processors(struct network *network, time_ns from, time_ns until, const bool *in, struct ratio speed,
                             GError **error)
{
    REQUIRE(speed.numerator > 0 && speed.numerator <= speed.denominator);
    if (!network->fabric->plan.kind) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_TOPOLOGY,
                    "what a node validates waits for its processors only where messages are carried: say how many it "
                    "has (network.cpu.cores), or how messages are passed on (network.relay)");
        return false;
    }
    add_fault(network, &(struct network_links){.in = in},
              (struct link_fault){.kind = FAULT_SLUGGISH, .from_ns = from, .until_ns = until, .speed = speed});
    return true;
}

/* By how much later than at longitude 0 the day is at a node; of a day of that length. */
static time_ns behind_ns(const struct fabric *fabric, node_id node, time_ns day_ns)
{
    int64_t longitude = fabric->latency.places[fabric->region_of[node]].longitude_microdegree;
    return (time_ns)((int128)day_ns * -longitude / (360 * 1000000));
}

bool network_congest(struct network *network, time_ns from, time_ns until, const bool *in,
                     const struct network_congestion *congestion, GError **error)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(congestion->extra_ns >= 0 && congestion->period_ns > 1 && congestion->peak_ns >= 0);
    struct link_fault fault = {.kind = FAULT_CONGESTION,
                               .from_ns = from,
                               .until_ns = until,
                               .extra_ns = congestion->extra_ns,
                               .period_ns = congestion->period_ns,
                               .peak_ns = congestion->peak_ns};
    if (congestion->local_time && !fabric->latency.places) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_REGION,
                    "`local_time` needs to know where nodes are: a geographic latency model, or one of regions with a "
                    "file of `places` that has them all");
        return false;
    }
    if (congestion->local_time)
        fault.shift_ns = g_new(time_ns, fabric->node_count);
    for (node_id node = 0; fault.shift_ns && node < fabric->node_count; node++)
        fault.shift_ns[node] = behind_ns(fabric, node, congestion->period_ns);
    add_fault(network, &(struct network_links){.in = in}, fault);
    g_free(fault.shift_ns);
    return true;
}

void network_repeat(struct network *network, time_ns from, time_ns until)
{
    forget_cuts(network);
    faults_repeat_link(&network->faults, from, until);
}

void network_lose(struct network *network, time_ns from, time_ns until, const bool *in, struct ratio probability)
{
    static const struct network_retry never = {.after_ns = PARAM_ABSENT};
    network_lose_and_retry(network, from, until, &(struct network_links){.in = in}, probability, &never);
}

void network_lose_and_retry(struct network *network, time_ns from, time_ns until, const struct network_links *links,
                            struct ratio probability, const struct network_retry *retry)
{
    REQUIRE(probability.denominator > 0 && probability.numerator <= probability.denominator);
    REQUIRE(retry->after_ns == PARAM_ABSENT || (retry->most >= 1 && retry->most <= RETRIES_MAXIMUM));
    add_fault(network, links,
              (struct link_fault){
                  .kind = FAULT_LOSE, .from_ns = from, .until_ns = until, .probability = probability, .retry = *retry});
}

time_ns network_gst(const struct network *network)
{
    return network->fabric->gst_ns;
}

struct network_rate network_rate(const struct network *network, node_id node)
{
    const struct rates *rates = &network->fabric->rates;
    REQUIRE(node < network->fabric->node_count);
    return rates->of ? (struct network_rate){rates->of[node].up_bit_per_s, rates->of[node].down_bit_per_s}
                     : (struct network_rate){0, 0};
}

bool network_is_down(const struct network *network, node_id node, time_ns at)
{
    REQUIRE(node < network->fabric->node_count);
    return faults_down(&network->faults, node, at);
}

time_ns network_least_delay(const struct network *network, node_id from, node_id to)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(from < fabric->node_count && to < fabric->node_count);
    return from == to ? 0 : latency_least(&fabric->latency, fabric_base(fabric, from, to));
}

uint32_t network_zone_count(const struct network *network)
{
    return network->fabric->graph ? network->fabric->node_count : network->fabric->latency.region_count;
}

uint32_t network_zone(const struct network *network, node_id node)
{
    REQUIRE(node < network->fabric->node_count);
    return network->fabric->graph ? node : network->fabric->region_of[node];
}

/* A pair of regions without a figure holds no nodes that talk: any bound is right. */
time_ns network_zone_least(const struct network *network, uint32_t from, uint32_t to)
{
    const struct fabric *fabric = network->fabric;
    if (fabric->graph && from == to)
        return 0;
    time_ns base_ns = fabric->graph ? graph_paths_from(fabric->paths, from)->delay_ns[to]
                                    : fabric->latency.between_ns[(size_t)from * fabric->latency.region_count + to];
    if (base_ns == LATENCY_ABSENT)
        return 0;
    return base_ns == TIME_NEVER ? TIME_NEVER : latency_least(&fabric->latency, base_ns);
}

time_ns network_delay_bound(const struct network *network, uint32_t size_bytes)
{
    const struct fabric *fabric = network->fabric;
    time_ns slowest =
        time_add(fabric_slowest(fabric, size_bytes) + fabric_transmission(fabric, size_bytes), fabric->retry_most_ns);
    const struct rate *least = &fabric->rates.least;
    return fabric->rates.of ? slowest + rate_takes(MIN(least->up_bit_per_s, least->down_bit_per_s), size_bytes)
                            : slowest;
}
