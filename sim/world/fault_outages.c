/* SPDX-License-Identifier: MIT */
/* Faults that take nodes down: each outage is written into the network, and goes on the world's clock. */
#include "base/sample.h"
#include "world/inside.h"

#include <string.h>

static bool is_hit(const struct fault *fault, node_id node)
{
    return !fault->nodes || fault->nodes[node];
}

static void add_outage(struct world *world, node_id node, time_ns from, time_ns until, bool drop)
{
    network_outage(world->network, node, from, until, drop);
    vector_push(&world->outages, (struct outage){node, from, until});
}

void outages_of_crash(struct world *world, const struct fault *fault)
{
    bool drop = ((const struct fault_crash *)fault->common)->drop;
    for (size_t w = 0; w < fault->windows.count; w++)
        for (node_id n = 0; n < world->node_count; n++)
            if (is_hit(fault, n))
                add_outage(world, n, fault->windows.at[w].from, fault->windows.at[w].until, drop);
}

typedef VECTOR(node_id) node_list;

static bool same_region(const struct world *world, node_id a, node_id b)
{
    return strcmp(network_region(world->network, a), network_region(world->network, b)) == 0;
}

static bool has_of_region(const struct world *world, const node_list *leaders, node_id node)
{
    for (size_t i = 0; i < leaders->count; i++)
        if (same_region(world, leaders->at[i], node))
            return true;
    return false;
}

/* Those that lead others down: each its own, or the first node of each region. */
static node_list find_leaders(const struct world *world, const struct fault *fault)
{
    bool by_region = ((const struct fault_churn *)fault->common)->by == CHURN_BY_REGIONS;
    node_list leaders = {0};
    for (node_id n = 0; n < world->node_count; n++)
        if (is_hit(fault, n) && !(by_region && has_of_region(world, &leaders, n)))
            vector_push(&leaders, n);
    return leaders;
}

/* One outage of those whom a node leads. */
static void take_down(struct world *world, const struct fault *fault, node_id leader, time_ns from, time_ns until,
                      struct random_stream *stream)
{
    const struct fault_churn *churn = (const struct fault_churn *)fault->common;
    if (churn->by == CHURN_BY_NODES) {
        add_outage(world, leader, from, until, churn->drop);
        return;
    }
    for (node_id n = leader; n < world->node_count; n++)
        if (is_hit(fault, n) && same_region(world, leader, n) && chance_happens(random_u64(stream), churn->hits))
            add_outage(world, n, from, until, churn->drop);
}

/* How long they stay up and down is drawn through all windows; at the end of one everybody is up. */
static void churn_with(struct world *world, const struct fault *fault, node_id leader, struct random_stream *stream)
{
    const struct fault_churn *churn = (const struct fault_churn *)fault->common;
    for (size_t w = 0; w < fault->windows.count; w++) {
        time_ns at = fault->windows.at[w].from;
        time_ns end = MIN(fault->windows.at[w].until, world->settings->time.duration_ns);
        for (;;) {
            time_ns down = time_add(at, sample_exponential(stream, churn->mean_up_ns));
            if (down >= end)
                break;
            at = MIN(time_add(down, sample_exponential(stream, churn->mean_down_ns)), end);
            take_down(world, fault, leader, down, at, stream);
        }
    }
}

void outages_of_churn(struct world *world, const struct fault *fault, uint32_t index)
{
    node_list leaders = find_leaders(world, fault);
    for (size_t i = 0; i < leaders.count; i++) {
        struct random_stream stream;
        random_stream_init(&stream, &world->seed, RANDOM_CHURN, (uint64_t)index << 32 | leaders.at[i]);
        churn_with(world, fault, leaders.at[i], &stream);
    }
    vector_release(&leaders);
}

/* The nodes that a fault hits, in an order drawn for it; returns how many. */
static uint32_t draw_order(const struct world *world, const struct fault *fault, struct random_stream *stream,
                           node_id *order)
{
    uint32_t count = 0;
    for (node_id n = 0; n < world->node_count; n++)
        if (is_hit(fault, n))
            order[count++] = n;
    sample_shuffle(stream, order, count, sizeof *order);
    return count;
}

/*
 * Some nodes after the others, in one order for all rounds. A round ends with the last of them, and then so does its
 * window; or with the window, and then those that were not reached are the first of the next.
 */
void outages_of_maintenance(struct world *world, struct fault *fault, struct random_stream *stream)
{
    const struct fault_maintenance *maintenance = (const struct fault_maintenance *)fault->common;
    node_id *order = g_new(node_id, world->node_count);
    uint32_t count = draw_order(world, fault, stream, order), next = 0;
    uint32_t at_once = MAX(1, (uint32_t)stake_share(count, maintenance->at_once));
    for (size_t w = 0; w < fault->windows.count; w++) {
        struct fault_window *window = &fault->windows.at[w];
        time_ns at = window->from, last = at;
        for (uint32_t done = 0; done < count && time_add(at, maintenance->takes_ns) <= window->until;) {
            last = time_add(at, maintenance->takes_ns);
            for (uint32_t i = 0; i < at_once && done < count; i++, done++, next = (next + 1) % count)
                add_outage(world, order[next], at, last, maintenance->drop);
            at = time_add(last, maintenance->pause_ns);
        }
        window->until = last;
    }
    g_free(order);
}
