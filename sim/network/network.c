/* SPDX-License-Identifier: MIT */
#include "network/network.h"

#include "base/assert.h"
#include "network/faults.h"
#include "network/latency.h"
#include "network/params.h"
#include "network/placement.h"

#include <string.h>

#define NODES_MAXIMUM  (1u << 24)         /* what the keys of loss have room for */
#define LATEST_SEND_NS ((time_ns)1 << 61) /* what is sent later never arrives, so that sums do not overflow */
#define DRAWS          8u                 /* of 32 bits in one block of the generator */

/* What never changes once a network is made; clones share it. */
struct fabric {
    struct random_seed seed;
    struct latency latency;
    uint32_t node_count;
    uint32_t *region_of;
    uint64_t bandwidth_bit_per_s; /* 0: none */
};

struct network {
    struct fabric *fabric; /* counted by GLib's reference-counted boxes */
    struct faults faults;
};

static void fabric_clear(void *box)
{
    struct fabric *fabric = box;
    latency_release(&fabric->latency);
    g_free(fabric->region_of);
}

static bool fabric_fill(struct fabric *fabric, const struct network_params *params, const char *const *regions,
                        GError **error)
{
    const struct latency_model *model = params->latency.variant->plugin;
    if (!model->describe(params->latency.value, &fabric->latency, error))
        return false;
    fabric->region_of = g_new(uint32_t, fabric->node_count);
    return placement_assign(&params->placement, &fabric->latency, fabric->node_count, regions, &fabric->seed,
                            fabric->region_of, error);
}

struct network *network_new(const void *parameters, uint32_t node_count, const char *const *regions,
                            const struct random_seed *seed, GError **error)
{
    const struct network_params *params = parameters;
    REQUIRE(node_count > 0 && node_count < NODES_MAXIMUM);
    struct fabric *fabric = g_rc_box_new0(struct fabric);
    fabric->seed = *seed;
    fabric->node_count = node_count;
    if (params->bandwidth_bit_per_s != (uint64_t)PARAM_ABSENT)
        fabric->bandwidth_bit_per_s = params->bandwidth_bit_per_s;
    if (!fabric_fill(fabric, params, regions, error)) {
        g_rc_box_release_full(fabric, fabric_clear);
        return NULL;
    }
    struct network *network = g_new0(struct network, 1);
    network->fabric = fabric;
    faults_init(&network->faults, node_count);
    return network;
}

void network_free(struct network *network)
{
    if (!network)
        return;
    faults_release(&network->faults);
    g_rc_box_release_full(network->fabric, fabric_clear);
    g_free(network);
}

struct network *network_clone(const struct network *network)
{
    struct network *clone = g_new0(struct network, 1);
    clone->fabric = g_rc_box_acquire(network->fabric);
    faults_copy(&clone->faults, &network->faults);
    return clone;
}

const char *network_region(const struct network *network, node_id node)
{
    REQUIRE(node < network->fabric->node_count);
    return network->fabric->latency.region_names[network->fabric->region_of[node]];
}

void network_partition(struct network *network, time_ns from, time_ns until, const uint8_t *side, bool drop)
{
    faults_add_link(
        &network->faults,
        (struct link_fault){
            .kind = FAULT_PARTITION, .from_ns = from, .until_ns = until, .nodes = (uint8_t *)side, .drop = drop});
}

void network_outage(struct network *network, node_id node, time_ns from, time_ns until, bool drop)
{
    faults_add_outage(&network->faults, node, (struct outage){.from_ns = from, .until_ns = until, .drop = drop});
}

/* A flag by node as a byte by node. */
static uint8_t *bytes_of(const struct network *network, const bool *in)
{
    uint8_t *bytes = g_new(uint8_t, network->fabric->node_count);
    for (node_id node = 0; node < network->fabric->node_count; node++)
        bytes[node] = in[node];
    return bytes;
}

void network_slow(struct network *network, time_ns from, time_ns until, const bool *in, time_ns extra_ns)
{
    REQUIRE(extra_ns >= 0);
    uint8_t *nodes = bytes_of(network, in);
    faults_add_link(&network->faults,
                    (struct link_fault){
                        .kind = FAULT_SLOW, .from_ns = from, .until_ns = until, .nodes = nodes, .extra_ns = extra_ns});
    g_free(nodes);
}

void network_lose(struct network *network, time_ns from, time_ns until, const bool *in, struct ratio probability)
{
    REQUIRE(probability.numerator <= probability.denominator);
    uint8_t *nodes = bytes_of(network, in);
    faults_add_link(
        &network->faults,
        (struct link_fault){
            .kind = FAULT_LOSE, .from_ns = from, .until_ns = until, .nodes = nodes, .probability = probability});
    g_free(nodes);
}

bool network_is_down(const struct network *network, node_id node, time_ns at)
{
    REQUIRE(node < network->fabric->node_count);
    return faults_down(&network->faults, node, at);
}

/* The 32-bit draws of one message from one node to DRAWS receivers, of which `group` is the number. */
static inline void draw_group(const struct fabric *fabric, uint64_t message, node_id from, uint32_t group,
                              uint32_t drawn[DRAWS])
{
    struct random_block block = random_at256(&fabric->seed, RANDOM_LATENCY, message, (uint64_t)from << 32 | group);
    for (unsigned word = 0; word < 4; word++) {
        drawn[2 * word] = (uint32_t)(block.word[word] >> 32);
        drawn[2 * word + 1] = (uint32_t)block.word[word];
    }
}

static inline const time_ns *region_row(const struct fabric *fabric, node_id from)
{
    return fabric->latency.between_ns + (size_t)fabric->region_of[from] * fabric->latency.region_count;
}

/* On the sender's side: the whole message at the node's rate, rounded up; no queue. */
static time_ns transmission(const struct fabric *fabric, uint32_t size_bytes)
{
    if (!fabric->bandwidth_bit_per_s)
        return 0;
    uint128 bit_ns = (uint128)size_bytes * 8 * (uint64_t)SECOND;
    return (time_ns)((bit_ns + fabric->bandwidth_bit_per_s - 1) / fabric->bandwidth_bit_per_s);
}

/* The delay from leaving the sender to being taken in, without faults. */
static time_ns delay(const struct fabric *fabric, const struct network_message *message, node_id from, node_id to)
{
    time_ns base = region_row(fabric, from)[fabric->region_of[to]];
    if (fabric->latency.draw != LATENCY_FIXED) {
        uint32_t drawn[DRAWS];
        draw_group(fabric, message->id, from, to / DRAWS, drawn);
        base = latency_vary(&fabric->latency, base, drawn[to % DRAWS]);
    }
    return time_add(base + transmission(fabric, message->size_bytes), message->receiver_ns);
}

/* An arrival under the timetable: past the partitions, slowed or lost, and when the receiver is up. */
static time_ns hindered_arrival(const struct network *network, const struct network_message *message, node_id from,
                                node_id to, time_ns delay_ns)
{
    time_ns leaves = faults_leave(&network->faults, from, to, message->sent_ns);
    if (leaves == TIME_NEVER)
        return TIME_NEVER;
    time_ns extra = faults_hinder(&network->faults, &network->fabric->seed, message->id, from, to, leaves);
    if (extra == TIME_NEVER)
        return TIME_NEVER;
    return faults_receive(&network->faults, to, time_add(time_add(leaves, delay_ns), extra));
}

time_ns network_arrival(const struct network *network, const struct network_message *message, node_id from, node_id to)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(from < fabric->node_count && to < fabric->node_count && message->sent_ns >= 0 && message->receiver_ns >= 0);
    if (from == to)
        return message->sent_ns;
    if (message->sent_ns > LATEST_SEND_NS)
        return TIME_NEVER;
    time_ns delay_ns = delay(fabric, message, from, to);
    if (!network->faults.link_count && !network->faults.outages)
        return time_add(message->sent_ns, delay_ns);
    return hindered_arrival(network, message, from, to, delay_ns);
}

/* delay_ns[node] without what is the same for all receivers. */
static void base_delays(const struct fabric *fabric, node_id from, time_ns *restrict delay_ns)
{
    const time_ns *restrict row = region_row(fabric, from);
    const uint32_t *restrict region_of = fabric->region_of;
    for (node_id node = 0; node < fabric->node_count; node++)
        delay_ns[node] = row[region_of[node]];
}

/* Varies each of the delays by its draw; one loop a kind of draw. */
static void vary_uniformly(const struct fabric *fabric, uint64_t message, node_id from, time_ns *restrict delay_ns)
{
    uint64_t values = (uint64_t)fabric->latency.span_ns + 1;
    uint32_t drawn[DRAWS];
    for (node_id first = 0; first < fabric->node_count; first += DRAWS) {
        uint32_t count = MIN(DRAWS, fabric->node_count - first);
        draw_group(fabric, message, from, first / DRAWS, drawn);
        for (uint32_t i = 0; i < count; i++)
            delay_ns[first + i] += (time_ns)((uint128)drawn[i] * values >> 32);
    }
}

static void vary_by_factor(const struct fabric *fabric, uint64_t message, node_id from, time_ns *restrict delay_ns)
{
    const struct quantiles *factor = &fabric->latency.factor;
    uint32_t drawn[DRAWS];
    for (node_id first = 0; first < fabric->node_count; first += DRAWS) {
        uint32_t count = MIN(DRAWS, fabric->node_count - first);
        draw_group(fabric, message, from, first / DRAWS, drawn);
        for (uint32_t i = 0; i < count; i++)
            delay_ns[first + i] = quantiles_scale(factor, delay_ns[first + i], drawn[i]);
    }
}

static void hinder_all(const struct network *network, const struct network_message *message, node_id from,
                       time_ns *arrival_ns)
{
    for (node_id node = 0; node < network->fabric->node_count; node++)
        arrival_ns[node] = hindered_arrival(network, message, from, node, arrival_ns[node] - message->sent_ns);
}

static void receive_all(const struct network *network, time_ns *arrival_ns)
{
    for (node_id node = 0; node < network->fabric->node_count; node++)
        arrival_ns[node] = faults_receive(&network->faults, node, arrival_ns[node]);
}

void network_arrivals(const struct network *network, const struct network_message *message, node_id from,
                      time_ns *arrival_ns)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(from < fabric->node_count && message->sent_ns >= 0 && message->receiver_ns >= 0);
    time_ns constant = time_add(message->sent_ns, message->receiver_ns);
    if (constant > LATEST_SEND_NS) { /* beyond what plain sums can hold */
        for (node_id node = 0; node < fabric->node_count; node++)
            arrival_ns[node] = network_arrival(network, message, from, node);
        return;
    }
    constant += transmission(fabric, message->size_bytes);
    base_delays(fabric, from, arrival_ns);
    if (fabric->latency.draw == LATENCY_UNIFORM)
        vary_uniformly(fabric, message->id, from, arrival_ns);
    else if (fabric->latency.draw == LATENCY_FACTOR)
        vary_by_factor(fabric, message->id, from, arrival_ns);
    for (node_id node = 0; node < fabric->node_count; node++)
        arrival_ns[node] += constant;
    if (faults_segment(&network->faults, message->sent_ns))
        hinder_all(network, message, from, arrival_ns);
    else if (network->faults.outages)
        receive_all(network, arrival_ns);
    arrival_ns[from] = message->sent_ns;
}

time_ns network_least_delay(const struct network *network, node_id from, node_id to)
{
    const struct fabric *fabric = network->fabric;
    REQUIRE(from < fabric->node_count && to < fabric->node_count);
    return from == to ? 0 : latency_least(&fabric->latency, region_row(fabric, from)[fabric->region_of[to]]);
}

/* The base delay of the slowest pair of different nodes. */
static time_ns slowest_base(const struct fabric *fabric)
{
    uint32_t regions = fabric->latency.region_count;
    uint32_t *count = g_new0(uint32_t, regions);
    for (node_id node = 0; node < fabric->node_count; node++)
        count[fabric->region_of[node]]++;
    time_ns slowest = 0;
    for (uint32_t from = 0; from < regions; from++)
        for (uint32_t to = 0; to < regions; to++)
            if (count[from] && count[to] && (from != to || count[from] > 1))
                slowest = time_max(slowest, fabric->latency.between_ns[(size_t)from * regions + to]);
    g_free(count);
    return slowest;
}

time_ns network_delay_bound(const struct network *network, uint32_t size_bytes)
{
    const struct fabric *fabric = network->fabric;
    return latency_bound(&fabric->latency, slowest_base(fabric)) + transmission(fabric, size_bytes);
}

bool network_gives_stakes(const void *parameters, uint32_t *node_count, stake_amount **stakes, GError **error)
{
    (void)parameters;
    (void)node_count;
    (void)stakes;
    (void)error;
    return false;
}
