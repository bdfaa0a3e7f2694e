/* SPDX-License-Identifier: MIT */
/* Faults: whom they hit, written into the network before the start; crashes and recoveries as they come. */
#include "base/sample.h"
#include "world/inside.h"

#include <string.h>

static const struct fault_target *target_of(const struct fault *fault)
{
    return &fault->common->target;
}

static bool pick_named(struct world *world, struct fault *fault, GError **error)
{
    const char *const *names = target_of(fault)->validators.items;
    for (size_t i = 0; i < target_of(fault)->validators.count; i++) {
        validator_id validator = people_find(world, names[i]);
        if (validator == ID_NONE) {
            g_set_error(error, QUANTITY_ERROR, 0, "fault `%s`: there is no validator `%s`", fault->name, names[i]);
            return false;
        }
        fault->nodes[world->node_of_validator[validator]] = true;
    }
    return true;
}

static bool pick_regions(struct world *world, struct fault *fault, GError **error)
{
    const char *const *names = target_of(fault)->regions.items;
    for (size_t i = 0; i < target_of(fault)->regions.count; i++) {
        bool found = false;
        for (node_id n = 0; n < world->node_count; n++)
            if (strcmp(network_region(world->network, n), names[i]) == 0)
                found = fault->nodes[n] = true;
        if (!found) {
            g_set_error(error, QUANTITY_ERROR, 0, "fault `%s`: no node is in a region `%s`", fault->name, names[i]);
            return false;
        }
    }
    return true;
}

static void pick_random(struct world *world, struct fault *fault, uint32_t count, struct random_stream *stream)
{
    uint32_t *order = g_new(uint32_t, world->node_count);
    for (uint32_t i = 0; i < world->node_count; i++)
        order[i] = i;
    sample_shuffle(stream, order, world->node_count, sizeof *order);
    for (uint32_t i = 0; i < MIN(count, world->node_count); i++)
        fault->nodes[order[i]] = true;
    g_free(order);
}

static void pick_stake(struct world *world, struct fault *fault, struct random_stream *stream)
{
    stake_amount *weights = g_new(stake_amount, world->node_count);
    for (node_id n = 0; n < world->node_count; n++)
        weights[n] = world->nodes[n].stake;
    people_pick(weights, NULL, world->node_count, stake_share(world->total_stake, target_of(fault)->stake), stream,
                fault->nodes);
    g_free(weights);
}

/* Marks the nodes that the fault hits; fault->nodes stays NULL where it names nobody: everybody. */
static bool pick_target(struct world *world, struct fault *fault, struct random_stream *stream, GError **error)
{
    const struct fault_target *target = target_of(fault);
    if (!fault_has_target(target))
        return true;
    fault->nodes = g_new0(bool, world->node_count);
    if (target->share.denominator)
        pick_random(world, fault, (uint32_t)stake_share(world->node_count, target->share), stream);
    if (target->stake.denominator)
        pick_stake(world, fault, stream);
    if (target->count != PARAM_ABSENT)
        pick_random(world, fault, (uint32_t)MIN(target->count, world->node_count), stream);
    return pick_named(world, fault, error) && pick_regions(world, fault, error);
}

static bool bridges(const struct world *world, const struct fault_partition *partition, node_id node)
{
    return partition->adversary_bridges && world->nodes[node].adversary != ID_NONE;
}

/* How far a side with that much is below its share of all that has been dealt, in units of 2^-60. */
static int128 lacks(struct ratio share, uint64_t all, uint64_t dealt)
{
    uint64_t part = (uint64_t)(((uint128)share.numerator << 60) / share.denominator);
    return (int128)all * part - ((int128)dealt << 60);
}

/*
 * Deals the nodes, in random order, to the side that is furthest below its share of what has been dealt: the sides'
 * sizes end as close to their shares as whole nodes allow.
 */
static void deal_sides(struct world *world, struct fault *fault, struct random_stream *stream)
{
    const struct fault_partition *partition = (const struct fault_partition *)fault->common;
    const struct ratio *shares = partition->groups.items;
    uint32_t sides = (uint32_t)partition->groups.count;
    uint32_t *order = g_new(uint32_t, world->node_count);
    uint64_t *dealt = g_new0(uint64_t, sides);
    uint64_t all = 0;
    for (uint32_t i = 0; i < world->node_count; i++)
        order[i] = i;
    sample_shuffle(stream, order, world->node_count, sizeof *order);
    for (uint32_t i = 0; i < world->node_count; i++) {
        node_id node = order[i];
        if (bridges(world, partition, node))
            continue;
        uint64_t weight = partition->groups_by == GROUPS_BY_STAKE ? world->nodes[node].stake : 1;
        all += weight;
        uint32_t neediest = 0;
        int128 most = 0;
        for (uint32_t s = 0; s < sides; s++) {
            int128 wanting = lacks(shares[s], all, dealt[s]);
            if (s == 0 || wanting > most) {
                most = wanting;
                neediest = s;
            }
        }
        dealt[neediest] += weight;
        fault->side[node] = (uint8_t)(neediest + 1);
    }
    g_free(order);
    g_free(dealt);
}

static void make_partition(struct world *world, struct fault *fault, struct random_stream *stream)
{
    const struct fault_partition *partition = (const struct fault_partition *)fault->common;
    fault->side = g_new0(uint8_t, world->node_count);
    fault->sides = partition->groups.count ? (uint32_t)partition->groups.count : 2;
    if (partition->groups.count)
        deal_sides(world, fault, stream);
    else
        for (node_id n = 0; n < world->node_count; n++)
            if (!bridges(world, partition, n))
                fault->side[n] = fault->nodes && fault->nodes[n] ? 2 : 1;
    network_partition(world->network, fault->from, fault->until, fault->side, partition->drop);
}

static void add_outage(struct world *world, node_id node, time_ns from, time_ns until, bool drop)
{
    network_outage(world->network, node, from, until, drop);
    vector_push(&world->outages, (struct outage){node, from, until});
}

static void make_crash(struct world *world, const struct fault *fault)
{
    for (node_id n = 0; n < world->node_count; n++)
        if (!fault->nodes || fault->nodes[n])
            add_outage(world, n, fault->from, fault->until, ((const struct fault_crash *)fault->common)->drop);
}

static void make_churn(struct world *world, const struct fault *fault, uint32_t index)
{
    const struct fault_churn *churn = (const struct fault_churn *)fault->common;
    time_ns end = MIN(fault->until, world->settings->time.duration_ns);
    for (node_id n = 0; n < world->node_count; n++) {
        if (fault->nodes && !fault->nodes[n])
            continue;
        struct random_stream stream;
        random_stream_init(&stream, &world->seed, RANDOM_CHURN, (uint64_t)index << 32 | n);
        time_ns at = fault->from;
        for (;;) {
            time_ns down = time_add(at, sample_exponential(&stream, churn->mean_up_ns));
            if (down >= end)
                break;
            at = MIN(time_add(down, sample_exponential(&stream, churn->mean_down_ns)), end);
            add_outage(world, n, down, at, churn->drop);
        }
    }
}

static void write_into_network(struct world *world, struct fault *fault, uint32_t index, struct random_stream *stream)
{
    struct network *network = world->network;
    switch (fault->kind) {
    case FAULT_CHURN:
        make_churn(world, fault, index);
        break;
    case FAULT_CRASH:
        make_crash(world, fault);
        break;
    case FAULT_DELAY:
        network_slow(network, fault->from, fault->until, fault->nodes,
                     ((const struct fault_delay *)fault->common)->extra_ns);
        break;
    case FAULT_LOSS:
        network_lose_and_retry(network, fault->from, fault->until, fault->nodes,
                               ((const struct fault_loss *)fault->common)->probability,
                               &((const struct fault_loss *)fault->common)->retry);
        break;
    case FAULT_PARTITION:
        make_partition(world, fault, stream);
        break;
    }
}

bool timetable_make(struct world *world, GError **error)
{
    const struct param_list *list = &world->settings->faults;
    world->fault_count = (uint32_t)list->count;
    world->faults = g_new0(struct fault, MAX(list->count, 1));
    for (uint32_t f = 0; f < world->fault_count; f++) {
        const struct param_variant_value *value = &((const struct param_variant_value *)list->items)[f];
        struct fault *fault = &world->faults[f];
        fault->kind = *(const enum fault_kind *)value->variant->plugin;
        fault->common = value->value;
        fault->name = fault_name(value);
        fault->from = fault->common->at_ns;
        fault->until =
            fault->common->for_ns == PARAM_ABSENT ? TIME_NEVER : time_add(fault->from, fault->common->for_ns);
        struct random_stream stream;
        random_stream_init(&stream, &world->seed, RANDOM_FAULT, f);
        if (!pick_target(world, fault, &stream, error))
            return false;
        write_into_network(world, fault, f, &stream);
        shares_note_fault(world, f);
    }
    return true;
}

void timetable_release(struct world *world)
{
    if (!world->is_clone) {
        for (uint32_t f = 0; f < world->fault_count; f++) {
            g_free(world->faults[f].nodes);
            g_free(world->faults[f].side);
        }
        g_free(world->faults);
        vector_release(&world->outages);
    }
}

static void schedule(struct world *world, time_ns at, struct clock_item item)
{
    if (at <= world->settings->time.duration_ns)
        clock_put(&world->clock, at, item);
}

void timetable_schedule(struct world *world)
{
    for (uint32_t f = 0; f < world->fault_count; f++) {
        schedule(world, world->faults[f].from, (struct clock_item){ITEM_FAULT, f, 0});
        if (world->faults[f].until != TIME_NEVER)
            schedule(world, world->faults[f].until, (struct clock_item){ITEM_FAULT, f, 1});
    }
    if (network_gst(world->network)) {
        schedule(world, 0, (struct clock_item){ITEM_FAULT, world->fault_count, 0});
        schedule(world, network_gst(world->network), (struct clock_item){ITEM_FAULT, world->fault_count, 1});
    }
    for (size_t i = 0; i < world->outages.count; i++) {
        const struct outage *outage = &world->outages.at[i];
        schedule(world, outage->from, (struct clock_item){ITEM_CRASH, outage->node, 0});
        if (outage->until != TIME_NEVER)
            schedule(world, outage->until, (struct clock_item){ITEM_RECOVER, outage->node, 0});
    }
}

static void tell_node(struct world *world, node_id node, enum incident_kind kind)
{
    struct trace_incident row = {.at_ns = world_now(world),
                                 .kind = kind,
                                 .chain = ID_NONE,
                                 .node = node,
                                 .validator = ID_NONE,
                                 .until_ns = TIME_NEVER};
    tell_incident(world, &row);
}

/* Its timers run on: those that come due before it is up again are gone (instant.c, step). */
void timetable_crash(struct world *world, node_id node)
{
    if (!world->nodes[node].down++)
        tell_node(world, node, INCIDENT_CRASH);
}

void timetable_recover(struct world *world, node_id node)
{
    if (--world->nodes[node].down)
        return;
    tell_node(world, node, INCIDENT_RECOVERY);
    for (uint32_t c = 0; c < world->chain_count; c++) {
        struct chain *chain = &world->chains[c];
        for (replica_id r = 0; r < chain->replicas.count; r++) {
            struct replica *replica = &chain->replicas.at[r];
            if (replica->node != node)
                continue;
            struct event event = {.kind = EVENT_RECOVERED, .block = BLOCK_NONE};
            instant_expect(world, c, r, &event, NULL);
            for (size_t i = 0; i < replica->missed.count; i++) {
                vector_push(&world->pending, replica->missed.at[i]);
                vector_push(&world->recovered, (struct message *)replica->missed.at[i].event.message);
            }
            vector_clear(&replica->missed);
        }
    }
}

/* The number after the last fault's is the network's asynchrony before its stabilisation. */
void timetable_fault(struct world *world, uint32_t index, bool begins)
{
    bool is_listed = index < world->fault_count;
    const struct fault *fault = is_listed ? &world->faults[index] : NULL;
    time_ns until = is_listed ? fault->until : network_gst(world->network);
    struct trace_incident row = {
        .at_ns = world_now(world),
        .kind = begins ? INCIDENT_FAULT_BEGINS : INCIDENT_FAULT_ENDS,
        .name = is_listed ? fault->name : "gst",
        .detail = is_listed ? fault_variants.list[fault->kind].name : "asynchrony",
        .chain = ID_NONE,
        .node = ID_NONE,
        .validator = ID_NONE,
        .until_ns = begins ? until : TIME_NEVER,
    };
    tell_incident(world, &row);
}
