/* SPDX-License-Identifier: MIT */
/*
 * Who will probably still vote in a class. The electorate's members are awaited unless they missed the last classes;
 * whoever is not awaited and votes all the same makes watches look again, so that all this is a guess about what is
 * fast, never about what happens. Least delays go by the network's zones: faults only add to them.
 */
#include "delivery/inside.h"

#define PATIENCE     4u  /* classes that a voter may miss before it is not awaited any more */
#define ZONES_TABLED 64u /* up to so many, the least delays between all pairs are kept */

static void find_zones(struct delivery *delivery)
{
    const struct network *network = delivery->settings.network;
    uint32_t nodes = network_node_count(network);
    delivery->zones = network_zone_count(network);
    delivery->zone_of = g_new(uint32_t, nodes);
    delivery->guesses = g_new0(struct guess, delivery->zones);
    for (node_id node = 0; node < nodes; node++)
        delivery->zone_of[node] = network_zone(network, node);
    if (delivery->zones > ZONES_TABLED)
        return;
    delivery->zone_least_ns = g_new(time_ns, (size_t)delivery->zones * delivery->zones);
    for (uint32_t from = 0; from < delivery->zones; from++)
        for (uint32_t to = 0; to < delivery->zones; to++)
            delivery->zone_least_ns[from * delivery->zones + to] = network_zone_least(network, from, to);
}

void awaited_init(struct delivery *delivery)
{
    const struct delivery_voters *voters = &delivery->settings.voters;
    if (!voters->count)
        return;
    delivery->home_of = g_memdup2(voters->home_of, voters->count * sizeof *voters->home_of);
    delivery->settings.voters.home_of = delivery->home_of;
    delivery->last_cast = g_new0(uint64_t, voters->count);
    find_zones(delivery);
}

static time_ns least_ns(const struct delivery *delivery, uint32_t from, uint32_t to)
{
    return delivery->zone_least_ns ? delivery->zone_least_ns[from * delivery->zones + to]
                                   : network_zone_least(delivery->settings.network, from, to);
}

static bool is_present(const struct delivery *delivery, validator_id voter)
{
    return delivery->last_cast[voter] + PATIENCE >= delivery->classes_begun;
}

void awaited_start(struct delivery *delivery, struct vote_class *class, electorate_id electorate)
{
    if (!delivery->home_of)
        return;
    struct awaited *awaited = &class->late.awaited;
    uint32_t count = delivery->settings.voters.count;
    delivery->classes_begun++;
    awaited->weight = g_new0(stake_amount, count);
    awaited->by_node = g_new0(stake_amount, network_node_count(delivery->settings.network));
    awaited->by_zone = g_new0(stake_amount, delivery->zones);
    delivery->settings.voters.weigh(delivery->settings.sink.user, electorate, awaited->weight);
    for (validator_id voter = 0; voter < count; voter++) {
        stake_amount *weight = &awaited->weight[voter];
        replica_id home = delivery->home_of[voter];
        uint128 total = (uint128)awaited->total + *weight;
        if (home == ID_NONE || !is_present(delivery, voter) || total > UINT64_MAX)
            *weight = 0;
        if (!*weight)
            continue;
        node_id node = delivery->node_of[home];
        awaited->by_node[node] += *weight;
        awaited->by_zone[delivery->zone_of[node]] += *weight;
        awaited->total += *weight;
    }
}

bool awaited_cast(struct delivery *delivery, struct vote_class *class, uint32_t vote)
{
    struct awaited *awaited = &class->late.awaited;
    const struct message *message = class_message(class, vote);
    if (!delivery->home_of || message->sender >= delivery->settings.voters.count)
        return false;
    delivery->last_cast[message->sender] = delivery->classes_begun;
    stake_amount weight = awaited->weight ? awaited->weight[message->sender] : 0;
    if (!weight)
        return false;
    replica_id home = delivery->home_of[message->sender];
    node_id node = delivery->node_of[home];
    awaited->weight[message->sender] = 0;
    awaited->by_node[node] -= weight;
    awaited->by_zone[delivery->zone_of[node]] -= weight;
    awaited->total -= weight;
    return !awaited->leaks && message->weight <= weight && delivery->node_of[message->origin] == node;
}

void awaited_release(struct awaited *awaited)
{
    g_free(awaited->weight);
    g_free(awaited->by_node);
    g_free(awaited->by_zone);
    *awaited = (struct awaited){0};
}

stake_amount awaited_weight(const struct delivery *delivery, const struct vote_class *class, replica_id replica)
{
    const struct awaited *awaited = &class->late.awaited;
    return awaited->weight ? awaited->total - awaited->by_node[delivery->node_of[replica]] : 0;
}

stake_amount awaited_own(const struct delivery *delivery, const struct vote_class *class, replica_id replica)
{
    const struct awaited *awaited = &class->late.awaited;
    return awaited->weight ? awaited->by_node[delivery->node_of[replica]] : 0;
}

void awaited_each(const struct delivery *delivery, struct vote_class *class, replica_id replica,
                  void (*visit)(void *user, time_ns after_ns, stake_amount weight), void *user)
{
    struct awaited *awaited = &class->late.awaited;
    if (!awaited->weight || !awaited->total)
        return;
    node_id node = delivery->node_of[replica];
    uint32_t own = delivery->zone_of[node];
    for (uint32_t zone = 0; zone < delivery->zones; zone++) {
        stake_amount weight = awaited->by_zone[zone] - (zone == own ? awaited->by_node[node] : 0);
        if (!weight)
            continue;
        time_ns after_ns = least_ns(delivery, zone, own);
        if (after_ns > 0)
            visit(user, after_ns, weight);
        else
            awaited->leaks = true;
    }
}
