/* SPDX-License-Identifier: MIT */
/*
 * A copy's way from one node to another: it waits for its sender's queue, leaves at the sender's rate, waits for round
 * trips while its link's window is small, meets the faults of the timetable, and takes the link's delay. A queue that
 * is first come first served needs no event: when a copy will have left is known when it joins.
 */
#include "network/carrier_inside.h"

#define LATEST_NS ((time_ns)1 << 61) /* what would come in later never does, so that sums do not overflow */

/* NULL: a control message that belongs to none. */
static const struct carried *message_of(const struct carrier *carrier, const struct transfer *transfer)
{
    return transfer->slot == SLOT_NONE ? NULL : carried_at(carrier, transfer->slot);
}

static time_ns sending_ns(const struct carrier *carrier, const struct transfer *transfer)
{
    const struct carried *message = message_of(carrier, transfer);
    if (carrier->rates)
        return rate_takes(carrier->rates[transfer->from].up_bit_per_s, transfer->size_bytes);
    if (message && transfer->size_bytes == message->size_bytes)
        return message->up_ns;
    if (message && message->shreds && transfer->size_bytes == message->shred_bytes)
        return message->shred_up_ns;
    return time_at_rate(transfer->size_bytes, carrier->plan->up_bit_per_s);
}

void transfer_note_wait(struct carrier *carrier, node_id node, time_ns waited_ns, uint32_t copies)
{
    struct carrier_load *load = &carrier->nodes[node].load;
    load->queued += copies;
    load->waited_most_ns = time_max(load->waited_most_ns, waited_ns);
    for (uint32_t i = 0; i < copies && waited_ns > 0; i++)
        load->waited_ns = time_add(load->waited_ns, waited_ns);
}

/* Where partitions and the like see a node: a relay that a node keeps is where that is; others are nowhere. */
static node_id fault_end(const struct carrier *carrier, node_id node)
{
    if (node < carrier->node_count)
        return node;
    return carrier->fabric->keeper ? carrier->fabric->keeper[node] : ID_NONE;
}

/* The node's own worker, or none (ID_NONE) where no timetable changes its pace. */
static struct fault_worker worker_at(const struct carrier *carrier, node_id node, uint64_t bit_per_s)
{
    node_id end = carrier->network->faults.change_pace ? fault_end(carrier, node) : ID_NONE;
    return (struct fault_worker){end, bit_per_s};
}

time_ns transfer_work_done(const struct carrier *carrier, node_id node, time_ns start_ns, uint128 work,
                           uint64_t bit_per_s)
{
    struct fault_worker worker = worker_at(carrier, node, bit_per_s);
    if (worker.node == ID_NONE)
        return time_add(start_ns, (time_ns)MIN((work + WORK_PARTS - 1) / WORK_PARTS, TIME_NEVER));
    return faults_work_done(&carrier->network->faults, worker, start_ns, work);
}

time_ns transfer_done_ns(const struct carrier *carrier, node_id node, time_ns start_ns, time_ns takes_ns,
                         uint64_t bit_per_s)
{
    if (!carrier->network->faults.change_pace)
        return time_add(start_ns, takes_ns);
    return transfer_work_done(carrier, node, start_ns, (uint128)(uint64_t)takes_ns * WORK_PARTS, bit_per_s);
}

uint128 transfer_work_between(const struct carrier *carrier, node_id node, time_ns from_ns, time_ns until_ns,
                              uint64_t bit_per_s)
{
    struct fault_worker worker = worker_at(carrier, node, bit_per_s);
    if (worker.node == ID_NONE)
        return (uint128)(uint64_t)(until_ns - from_ns) * WORK_PARTS;
    return faults_work_between(&carrier->network->faults, worker, from_ns, until_ns);
}

/* When the last bit is through a queue that is first come first served, and what it took from its turn on. */
static time_ns join_queue(struct carrier *carrier, node_id node, time_ns *takes_ns)
{
    time_ns start_ns = time_max(carrier_now(carrier), carrier->nodes[node].up_free_ns);
    transfer_note_wait(carrier, node, start_ns - carrier_now(carrier), 1);
    time_ns left_ns = transfer_done_ns(carrier, node, start_ns, *takes_ns, rate_up(carrier, node));
    *takes_ns = left_ns - start_ns;
    return carrier->nodes[node].up_free_ns = left_ns;
}

void transfer_send(struct carrier *carrier, const struct transfer *transfer)
{
    carrier->nodes[transfer->from].load.up_bytes += transfer->size_bytes;
    if (carrier->fair_up) {
        fair_add(carrier, FAIR_UP, transfer->from, transfer, sending_ns(carrier, transfer));
        return;
    }
    time_ns left_ns = carrier_now(carrier), takes_ns = 0;
    if (carrier->queues_up) {
        takes_ns = sending_ns(carrier, transfer);
        left_ns = join_queue(carrier, transfer->from, &takes_ns);
    } else if (carrier->fabric->bandwidth_bit_per_s) {
        takes_ns = fabric_transmission(carrier->fabric, transfer->size_bytes);
        left_ns = time_add(left_ns, takes_ns);
    }
    transfer_leave(carrier, transfer, left_ns, takes_ns);
}

/*
 * What slow start adds (RFC 5681, RFC 6928): of what a link sends, the first window leaves at once, and each round trip
 * brings a window twice as large; a copy waits wherever its window is empty before the acknowledgements are back. The
 * window is kept for the next copy unless the link was idle for long. Copies between nodes without a link between them
 * start anew each time.
 */
static time_ns slow_start_ns(struct carrier *carrier, const struct transfer *transfer, time_ns left_ns,
                             time_ns takes_ns)
{
    const struct slow_start_params *params = &carrier->plan->slow_start;
    struct link_window fresh = {0};
    struct link_window *window = transfer->link == LINK_NONE ? &fresh : &carrier->windows[transfer->link];
    uint64_t bytes = window->bytes;
    if (!bytes || left_ns - takes_ns - window->used_ns > params->idle_ns)
        bytes = params->initial_window_bytes;
    time_ns round_ns = 2 * transfer->way_ns, waits_ns = 0;
    for (uint64_t rest = transfer->size_bytes; rest > bytes; bytes *= 2) {
        rest -= bytes;
        time_ns window_ns = (time_ns)((uint128)(uint64_t)takes_ns * bytes / transfer->size_bytes);
        if (window_ns >= round_ns)
            break; /* acknowledgements come back before the window is empty */
        waits_ns = time_add(waits_ns, round_ns - window_ns);
    }
    window->bytes = bytes;
    window->used_ns = time_add(left_ns, waits_ns);
    return waits_ns;
}

/*
 * What keys the draws of a copy: a node sends another most messages once. What is asked for again meets other luck each
 * time.
 */
static uint64_t luck_of(const struct carrier *carrier, const struct transfer *transfer)
{
    const struct carried *message = message_of(carrier, transfer);
    bool again = !message || transfer->item == CARRIER_REPAIR_REQUEST || transfer->item == CARRIER_REPAIR_SHRED;
    uint64_t id = message ? message->id : 0;
    return again ? id ^ (uint64_t)carrier_now(carrier) << 8 ^ transfer->item : id;
}

/* When it is past what the timetable puts in its way, without outages; TIME_NEVER: lost. */
static time_ns hindered(const struct carrier *carrier, const struct transfer *transfer, time_ns left_ns,
                        time_ns takes_ns)
{
    const struct faults *faults = &carrier->network->faults;
    node_id near = fault_end(carrier, transfer->from), far = fault_end(carrier, transfer->to);
    if (near == ID_NONE || far == ID_NONE)
        return left_ns;
    time_ns leaves_ns = faults_leave(faults, near, far, left_ns);
    if (leaves_ns == TIME_NEVER)
        return TIME_NEVER;
    struct fault_way way = {.message = luck_of(carrier, transfer),
                            .from = near,
                            .to = far,
                            .size_bytes = transfer->size_bytes,
                            .base_ns = transfer->way_ns,
                            .sending_ns = takes_ns,
                            .queued_up = carrier->queues_up || carrier->fair_up,
                            .queued_down = carrier->queues_down || carrier->fair_down};
    time_ns extra_ns = faults_hinder(faults, &carrier->fabric->seed, &way, leaves_ns);
    return extra_ns == TIME_NEVER ? TIME_NEVER : time_add(leaves_ns, extra_ns);
}

static time_ns link_ns(const struct carrier *carrier, const struct transfer *transfer)
{
    if (transfer->link == LINK_NONE || !carrier->graph->has_rates)
        return 0;
    return (time_ns)((uint128)carrier->graph->links[transfer->link].byte_ps * transfer->size_bytes / 1000);
}

/* Whether what comes in then finds that the node has the message, as far as is known; receivers have no queues. */
static bool finds_it(const struct carried *message, node_id node, time_ns in_ns)
{
    uint64_t after = (uint64_t)(in_ns - message->sent_ns);
    return node_bit(message->seen, node) || MIN(after >> DUE_SHIFT, DUE_NEVER - 1u) > message->due[node];
}

/* By then the node has it. */
static void note_due(const struct carried *message, node_id node, time_ns in_ns)
{
    uint64_t after = (uint64_t)(in_ns - message->sent_ns);
    uint64_t most = MIN((after + (1u << DUE_SHIFT) - 1) >> DUE_SHIFT, DUE_NEVER - 1u);
    if (most < message->due[node])
        message->due[node] = (uint16_t)most;
}

static void count_duplicate(struct carrier *carrier, const struct transfer *transfer)
{
    reception_count_duplicate(carrier, carried_at(carrier, transfer->slot), transfer->size_bytes);
    carrier->nodes[transfer->to].load.down_bytes += transfer->size_bytes;
}

/* Whether it will change nothing but what is counted, which then is done: what comes in to who has the message. */
static bool is_late(struct carrier *carrier, const struct transfer *transfer, time_ns in_ns)
{
    const struct carried *message = carried_at(carrier, transfer->slot);
    bool is_whole = transfer->item == CARRIER_COPY || transfer->item == CARRIER_FILL;
    if (!is_whole && transfer->item != CARRIER_SKETCH && transfer->item != CARRIER_ANNOUNCE)
        return false;
    bool late = finds_it(message, transfer->to, in_ns);
    if (late && transfer->item != CARRIER_ANNOUNCE && in_ns <= carrier->end_ns)
        count_duplicate(carrier, transfer);
    if (!late && is_whole)
        note_due(message, transfer->to, in_ns);
    return late;
}

/*
 * A fair queue downwards takes a copy in before its last bit is there, as far as the receiver keeps up with the sender;
 * but not before the last bit has left, since that is when it is known.
 */
static time_ns begins_to_come_in_ns(const struct carrier *carrier, const struct transfer *transfer, time_ns in_ns,
                                    time_ns takes_ns)
{
    const struct carried *message = message_of(carrier, transfer);
    time_ns down_ns = message ? reception_takes_ns(carrier, message, transfer->to, transfer->size_bytes)
                              : time_at_rate(transfer->size_bytes, rate_down(carrier, transfer->to));
    return time_max(carrier_now(carrier), in_ns - MIN(takes_ns, down_ns));
}

/* A receiver that is down gets a message when it is up, if its outage loses nothing; of no message, never. */
static time_ns received_ns(const struct carrier *carrier, const struct transfer *transfer, time_ns in_ns)
{
    time_ns up_ns = faults_receive(&carrier->network->faults, transfer->to, in_ns);
    return transfer->slot == SLOT_NONE && up_ns != in_ns ? TIME_NEVER : up_ns;
}

static void lose(struct carrier *carrier, const struct transfer *transfer)
{
    const struct carried *message = message_of(carrier, transfer);
    if (message)
        traffic_of(carrier, message)->lost++;
    else
        carrier->upkeep.lost++;
}

static void arrive(struct carrier *carrier, const struct transfer *transfer, time_ns in_ns)
{
    if (transfer->slot == SLOT_NONE)
        carrier_schedule_plain(carrier, in_ns, transfer->item, transfer->to, transfer->detail);
    else if ((!carrier->elides || !is_late(carrier, transfer, in_ns)) && !flow_add(carrier, in_ns, transfer))
        carrier_schedule(carrier, in_ns, transfer->item, transfer->to, transfer->slot, transfer->detail);
}

void transfer_leave(struct carrier *carrier, const struct transfer *transfer, time_ns left_ns, time_ns takes_ns)
{
    if (carrier->plan->kind->left && transfer->link != LINK_NONE)
        carrier->plan->kind->left(carrier, transfer, left_ns);
    if (carrier->plan->slow_start.initial_window_bytes)
        left_ns = time_add(left_ns, slow_start_ns(carrier, transfer, left_ns, takes_ns));
    const struct faults *faults = &carrier->network->faults;
    time_ns past_ns = faults->link_count ? hindered(carrier, transfer, left_ns, takes_ns) : left_ns;
    time_ns way_ns =
        network_vary(carrier->fabric, luck_of(carrier, transfer), transfer->from, transfer->to, transfer->way_ns);
    time_ns in_ns = time_add(past_ns, time_add(way_ns, link_ns(carrier, transfer)));
    if (carrier->fair_down && in_ns != TIME_NEVER)
        in_ns = begins_to_come_in_ns(carrier, transfer, in_ns, takes_ns);
    if (faults->outages && past_ns != TIME_NEVER && transfer->to < carrier->node_count)
        in_ns = received_ns(carrier, transfer, in_ns);
    if (past_ns == TIME_NEVER || in_ns > LATEST_NS)
        lose(carrier, transfer);
    else
        arrive(carrier, transfer, in_ns);
}

/* A whole copy along a link. */
static struct transfer copy_along(const struct carrier *carrier, uint32_t slot, uint32_t link)
{
    const struct graph_link *along = &carrier->graph->links[link];
    return (struct transfer){.item = CARRIER_COPY,
                             .slot = slot,
                             .from = along->from,
                             .to = along->to,
                             .detail = along->from,
                             .link = link,
                             .size_bytes = carried_at(carrier, slot)->size_bytes,
                             .way_ns = along->delay_ns};
}

/* Whether a copy takes its link's delay and nothing else, and all that comes in is an event. */
static bool is_plain(const struct carrier *carrier)
{
    const struct faults *faults = &carrier->network->faults;
    return !carrier->plan->kind->left && !carrier->plan->slow_start.initial_window_bytes && !faults->link_count &&
           !faults->outages && carrier->fabric->latency.draw == LATENCY_FIXED && !carrier->graph->has_rates &&
           !carrier->elides;
}

/* When a copy that leaves now comes in, where it is plain. */
static time_ns plainly_in_ns(const struct carrier *carrier, const struct carried *message, uint32_t link,
                             time_ns takes_ns)
{
    const struct graph_link *along = &carrier->graph->links[link];
    time_ns now_ns = carrier_now(carrier), in_ns = time_add(now_ns, along->delay_ns);
    if (!carrier->fair_down)
        return in_ns;
    time_ns down_ns = reception_takes_ns(carrier, message, along->to, message->size_bytes);
    return time_max(now_ns, in_ns - MIN(takes_ns, down_ns));
}

void transfer_leave_copies(struct carrier *carrier, uint32_t slot, const uint32_t *links, uint32_t count,
                           time_ns takes_ns)
{
    const struct carried *message = carried_at(carrier, slot);
    bool plain = is_plain(carrier);
    for (uint32_t i = 0; i < count; i++) {
        time_ns in_ns = plain ? plainly_in_ns(carrier, message, links[i], takes_ns) : TIME_NEVER;
        if (in_ns <= LATEST_NS && flow_add_copy(carrier, in_ns, slot, links[i]))
            continue;
        struct transfer copy = copy_along(carrier, slot, links[i]);
        transfer_leave(carrier, &copy, carrier_now(carrier), takes_ns);
    }
}

/* ---- what is sent ---- */

uint32_t carrier_link(const struct carrier *carrier, node_id from, node_id to)
{
    const struct graph *graph = carrier->graph;
    if (!graph)
        return LINK_NONE;
    for (uint32_t link = graph->first[from]; link < graph->first[from + 1]; link++)
        if (graph->to[link] == to)
            return link;
    return LINK_NONE;
}

time_ns transfer_way_ns(const struct carrier *carrier, node_id from, node_id to)
{
    uint32_t link = carrier_link(carrier, from, to);
    if (link == LINK_NONE && carrier->graph)
        link = carrier_link(carrier, to, from);
    return link == LINK_NONE ? fabric_base(carrier->fabric, from, to) : carrier->graph->links[link].delay_ns;
}

static void count_copy(struct carrier *carrier, const struct carried *message, uint32_t size_bytes)
{
    struct carrier_traffic *traffic = traffic_of(carrier, message);
    traffic->copies++;
    traffic->bytes += size_bytes;
}

void transfer_copy_along(struct carrier *carrier, uint32_t slot, uint32_t link)
{
    struct transfer copy = copy_along(carrier, slot, link);
    count_copy(carrier, carried_at(carrier, slot), copy.size_bytes);
    transfer_send(carrier, &copy);
}

void transfer_copies_along(struct carrier *carrier, node_id node, uint32_t slot, const uint32_t *links, uint32_t count)
{
    if (!carrier->fair_up) {
        for (uint32_t i = 0; i < count; i++)
            transfer_copy_along(carrier, slot, links[i]);
        return;
    }
    if (count == 0)
        return;
    const struct carried *message = carried_at(carrier, slot);
    struct carrier_traffic *traffic = traffic_of(carrier, message);
    uint64_t bytes = (uint64_t)count * message->size_bytes;
    traffic->copies += count;
    traffic->bytes += bytes;
    carrier->nodes[node].load.up_bytes += bytes;
    struct transfer first = {.slot = slot, .from = node, .size_bytes = message->size_bytes};
    fair_add_copies(carrier, node, slot, links, count, sending_ns(carrier, &first));
}

void transfer_copy(struct carrier *carrier, uint32_t slot, node_id from, node_id to)
{
    const struct carried *message = carried_at(carrier, slot);
    count_copy(carrier, message, message->size_bytes);
    transfer_send(carrier, &(struct transfer){.item = CARRIER_COPY,
                                              .slot = slot,
                                              .from = from,
                                              .to = to,
                                              .detail = from,
                                              .link = carrier_link(carrier, from, to),
                                              .size_bytes = message->size_bytes,
                                              .way_ns = fabric_base(carrier->fabric, from, to)});
}

void transfer_part(struct carrier *carrier, const struct transfer *transfer)
{
    count_copy(carrier, carried_at(carrier, transfer->slot), transfer->size_bytes);
    transfer_send(carrier, transfer);
}

void transfer_control(struct carrier *carrier, enum carrier_item item, uint32_t slot, node_id from, node_id to,
                      uint32_t link, uint64_t bytes)
{
    struct carrier_traffic *traffic = traffic_of(carrier, carried_at(carrier, slot));
    traffic->control_messages++;
    traffic->control_bytes += bytes;
    time_ns way_ns = link == LINK_NONE ? transfer_way_ns(carrier, from, to) : carrier->graph->links[link].delay_ns;
    transfer_send(carrier, &(struct transfer){.item = item,
                                              .slot = slot,
                                              .from = from,
                                              .to = to,
                                              .detail = from,
                                              .link = link,
                                              .size_bytes = (uint32_t)bytes,
                                              .way_ns = way_ns});
}

void transfer_control_bytes(struct carrier *carrier, uint32_t slot, node_id from, uint64_t bytes)
{
    struct carrier_traffic *traffic = traffic_of(carrier, carried_at(carrier, slot));
    traffic->control_messages++;
    traffic->control_bytes += bytes;
    carrier->nodes[from].load.up_bytes += bytes;
    time_ns takes_ns = time_at_rate(bytes, rate_up(carrier, from));
    if (carrier->queues_up)
        (void)join_queue(carrier, from, &takes_ns);
}

void transfer_upkeep(struct carrier *carrier, enum carrier_item item, uint32_t link, uint64_t bytes)
{
    const struct graph_link *along = &carrier->graph->links[link];
    carrier->upkeep.control_messages++;
    carrier->upkeep.control_bytes += bytes;
    transfer_send(carrier, &(struct transfer){.item = item,
                                              .slot = SLOT_NONE,
                                              .from = along->from,
                                              .to = along->to,
                                              .detail = link,
                                              .link = link,
                                              .size_bytes = (uint32_t)bytes,
                                              .way_ns = along->delay_ns});
}
