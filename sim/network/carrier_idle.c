/* SPDX-License-Identifier: MIT */
/*
 * How long a message takes where nothing else is under way: it is sent over a carrier of its own, on the same network
 * without the timetable's faults, from a fixed sample of nodes, one after another. So hops, queues, processors,
 * requests and sleeping routines all have their part in it, and what waits for other messages has none.
 */
#include "base/assert.h"
#include "network/carrier_inside.h"

#define SOURCES_MOST 16u
#define COPIES_MOST  (1u << 18) /* of all sources together, about: some tens of ms */
#define FIRST_KIND   1u         /* of the carrier's items; 0 begins the next message */

struct probe {
    struct clock clock;
    struct carrier *carrier;
    uint32_t client;
    time_ns sent_ns, slowest_ns;
    time_ns done_ns; /* TIME_NEVER: under way */
};

static void on_arrived(void *user, uint32_t ticket, node_id node)
{
    (void)ticket, (void)node;
    struct probe *probe = user;
    probe->slowest_ns = time_max(probe->slowest_ns, probe->clock.now.ns - probe->sent_ns);
}

static void on_done(void *user, uint32_t ticket)
{
    (void)ticket;
    struct probe *probe = user;
    probe->done_ns = carrier_now(probe->carrier);
}

static uint32_t count_sources(const struct fabric *fabric)
{
    const struct relay_plan *plan = &fabric->plan;
    uint64_t copies = fabric->graph ? fabric->graph->link_count : fabric->node_count;
    if (plan->kind == &relay_rotor)
        copies = (uint64_t)fabric->node_count * (uint64_t)plan->params.rotor.total_shreds;
    uint64_t affordable = CLAMP(COPIES_MOST / MAX(copies, 1), 1, SOURCES_MOST);
    return (uint32_t)MIN(affordable, fabric->node_count);
}

static void run(struct probe *probe, time_ns until_ns)
{
    while (clock_advance(&probe->clock, until_ns) == CLOCK_INSTANT) {
        const struct clock_events *batch = &probe->clock.batch;
        for (size_t i = 0; i < batch->count; i++) {
            const struct clock_item *item = clock_payload(&probe->clock, batch->at[i]);
            if (item && item->kind >= FIRST_KIND)
                carrier_land(probe->carrier, item);
        }
        carrier_settle(probe->carrier);
        carrier_end_instant(probe->carrier, until_ns);
    }
}

/* The next is sent long after, so that windows and queues have forgotten this one and nobody is awake for it. */
static void send(struct probe *probe, uint32_t number, struct carrier_message message, node_id from)
{
    message.id = number + 1;
    probe->sent_ns = probe->clock.now.ns;
    probe->done_ns = TIME_NEVER;
    carrier_send(probe->carrier, probe->client, number, &message, from);
    while (probe->done_ns == TIME_NEVER && clock_pending(&probe->clock))
        run(probe, time_add(probe->clock.now.ns, SECOND));
    CHECK(probe->done_ns != TIME_NEVER);
    clock_put(&probe->clock, time_add(probe->done_ns, DAY), (struct clock_item){.kind = 0});
    run(probe, time_add(probe->done_ns, DAY));
}

time_ns carrier_idle_delay(const struct network *network, const stake_amount *stake_of_node,
                           const struct carrier_message *message)
{
    REQUIRE(!message->targets && !message->delay_ns);
    const struct fabric *fabric = network->fabric;
    struct network *calm = network_calm(network);
    struct probe probe = {.slowest_ns = 0};
    clock_init(&probe.clock, sizeof(struct clock_item));
    probe.carrier = carrier_new(calm, stake_of_node, &probe.clock, FIRST_KIND);
    probe.client =
        carrier_join(probe.carrier, (struct carrier_client){.arrived = on_arrived, .done = on_done, .user = &probe});
    uint32_t sources = count_sources(fabric);
    for (uint32_t i = 0; i < sources; i++)
        send(&probe, i, *message, (node_id)((uint64_t)i * fabric->node_count / sources));
    carrier_free(probe.carrier);
    clock_release(&probe.clock);
    network_free(calm);
    return time_add(probe.slowest_ns, fabric->retry_most_ns);
}
