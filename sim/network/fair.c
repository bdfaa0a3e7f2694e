/* SPDX-License-Identifier: MIT */
/*
 * A queue whose copies share the node's rate equally, as the flows of a saturated link do (generalised processor
 * sharing). What each copy has had is one number for all that are in the queue since it began to be busy, so the next
 * to be through is the one with the least finish; a heap holds them, and the flow one event a node. While a queue has
 * nothing but duplicates there is none: that they are through changes only what the others get, and is reckoned when
 * somebody joins.
 *
 * Two things happen most, and need no heap of many. What a node passes on to its peers joins at once and is through at
 * once: one entry. And a duplicate comes to a queue that has nobody, and is through before the next: two numbers.
 */
#include "base/assert.h"
#include "engine/pages.h"
#include "network/carrier_inside.h"

#include <stdlib.h>
#include <string.h>

#define PARTS 1024u /* of a ns */

struct fair_queue *fair_new(uint32_t count)
{
    struct fair_queue *queues = pages_new(count * sizeof *queues);
    for (uint32_t node = 0; node < count; node++)
        queues[node] = (struct fair_queue){.next_ns = TIME_NEVER, .last = SLOT_NONE};
    return queues;
}

static bool comes_before(const struct fair_entry *a, const struct fair_entry *b)
{
    return a->finish != b->finish ? a->finish < b->finish : (int32_t)(a->sequence - b->sequence) < 0;
}

static void push(struct fair_queue *queue, struct fair_entry entry)
{
    if (queue->entries == queue->room) {
        queue->room = MAX(4, 2 * queue->room);
        queue->heap = g_renew(struct fair_entry, queue->heap, queue->room);
    }
    struct fair_entry *heap = queue->heap;
    size_t place = queue->entries++;
    for (; place > 0 && comes_before(&entry, &heap[(place - 1) / 2]); place = (place - 1) / 2)
        heap[place] = heap[(place - 1) / 2];
    heap[place] = entry;
}

static struct fair_entry pop(struct fair_queue *queue)
{
    struct fair_entry *heap = queue->heap;
    struct fair_entry first = heap[0], moved = heap[--queue->entries];
    size_t count = queue->entries, place = 0;
    for (size_t child = 1; child < count; child = 2 * place + 1) {
        if (child + 1 < count && comes_before(&heap[child + 1], &heap[child]))
            child++;
        if (!comes_before(&heap[child], &moved))
            break;
        heap[place] = heap[child];
        place = child;
    }
    if (count > 0)
        heap[place] = moved;
    return first;
}

/* What each copy has had by now; an idle queue starts from nothing. */
static uint64_t virtual_at(const struct fair_queue *queue, time_ns now_ns)
{
    if (queue->copies == 0)
        return 0;
    uint64_t passed_ns = (uint64_t)(now_ns - queue->since_ns), parts;
    if (__builtin_mul_overflow(passed_ns, PARTS, &parts)) /* a division of 64 bits is several times as fast */
        return queue->virtual + (uint64_t)((uint128)passed_ns * PARTS / queue->copies);
    return queue->virtual + parts / queue->copies;
}

/* Accounts for the time since it was last changed. Less than a part is lost each time, so only a change is one. */
static void advance(struct fair_queue *queue, time_ns now_ns)
{
    queue->virtual = virtual_at(queue, now_ns);
    queue->since_ns = now_ns;
}

/* When the next one is through: it has had its due then, rounded up, so that no more is missing. */
static time_ns next_through_ns(const struct fair_queue *queue)
{
    uint64_t finish = queue->heap[0].finish, parts;
    if (finish <= queue->virtual)
        return queue->since_ns;
    if (!__builtin_mul_overflow(finish - queue->virtual, queue->copies, &parts) && parts <= UINT64_MAX - PARTS)
        return time_add(queue->since_ns, (time_ns)((parts + PARTS - 1) / PARTS));
    uint128 rest = (uint128)(finish - queue->virtual) * queue->copies;
    return time_add(queue->since_ns, (time_ns)((rest + PARTS - 1) / PARTS));
}

static struct fair_queue *queue_at(const struct carrier *carrier, enum carrier_item port, node_id node)
{
    return port == CARRIER_PORT_UP ? &carrier->fair_up[node] : &carrier->fair_down[node];
}

/*
 * An event that comes too early, since others have joined, is left to come: it finds nobody through, and is set again.
 * One that would come too late is left to come as well, and does not count.
 */
static void arm(struct carrier *carrier, struct fair_queue *queue, enum carrier_item port, node_id node)
{
    if (queue->acting == 0)
        return;
    time_ns at_ns = next_through_ns(queue);
    if (at_ns >= queue->next_ns)
        return;
    queue->next_ns = at_ns;
    if (!flow_put(carrier, at_ns, port, node, 0, 0))
        carrier_schedule_plain(carrier, at_ns, port, node, 0);
}

static void push_duplicate(struct fair_queue *queue, time_ns work_ns)
{
    push(queue, (struct fair_entry){queue->virtual + (uint64_t)work_ns * PARTS, queue->sequence++, SLOT_NONE});
    queue->last = SLOT_NONE;
    queue->copies++;
}

/* Duplicates that were through by now, while there was nothing else. */
static void drop_duplicates(struct fair_queue *queue, time_ns now_ns)
{
    time_ns through_ns;
    while (queue->acting == 0 && queue->copies && (through_ns = next_through_ns(queue)) <= now_ns) {
        advance(queue, through_ns);
        while (queue->copies && queue->heap[0].finish <= queue->virtual) {
            (void)pop(queue);
            queue->copies--;
        }
    }
}

/* Who is through by now has left; and the duplicate that was alone will not be. */
static void settle(struct fair_queue *queue, time_ns now_ns)
{
    time_ns lone_ns = queue->lone_ns;
    if (!lone_ns) {
        drop_duplicates(queue, now_ns);
        return;
    }
    queue->lone_ns = 0;
    queue->virtual = 0;
    if (time_add(queue->since_ns, lone_ns) > now_ns)
        push_duplicate(queue, lone_ns);
}

/* Its event is due when the act is over: often others join at once. */
static void note_joined(struct carrier *carrier, enum carrier_item port, node_id node)
{
    size_t count = carrier->joined.count;
    const struct fair_port *last = count ? &carrier->joined.at[count - 1] : NULL;
    if (!last || last->item != port || last->node != node)
        vector_push(&carrier->joined, (struct fair_port){port, node});
}

void fair_add(struct carrier *carrier, enum carrier_item port, node_id node, const struct transfer *transfer,
              time_ns work_ns)
{
    struct fair_queue *queue = queue_at(carrier, port, node);
    time_ns now_ns = carrier_now(carrier);
    settle(queue, now_ns);
    advance(queue, now_ns);
    uint64_t finish = queue->virtual + (uint64_t)work_ns * PARTS;
    uint32_t place = slab_take(&carrier->fair_transfers);
    struct fair_transfer *kept = slab_at(&carrier->fair_transfers, place);
    *kept = (struct fair_transfer){*transfer, finish, now_ns, work_ns, SLOT_NONE};
    struct fair_transfer *last = queue->last == SLOT_NONE ? NULL : slab_at(&carrier->fair_transfers, queue->last);
    if (last && last->finish == finish)
        last->next = place;
    else
        push(queue, (struct fair_entry){finish, queue->sequence++, place});
    queue->last = place;
    queue->copies++;
    queue->acting++;
    if (transfer->slot != SLOT_NONE)
        carried_at(carrier, transfer->slot)->under_way++;
    note_joined(carrier, port, node);
}

void fair_add_duplicate(struct carrier *carrier, node_id node, time_ns work_ns)
{
    struct fair_queue *queue = &carrier->fair_down[node];
    time_ns now_ns = carrier_now(carrier);
    settle(queue, now_ns);
    if (!queue->copies) {
        queue->since_ns = now_ns;
        queue->lone_ns = work_ns;
        return;
    }
    advance(queue, now_ns);
    push_duplicate(queue, work_ns);
    note_joined(carrier, CARRIER_PORT_DOWN, node);
}

void fair_arm_joined(struct carrier *carrier)
{
    for (size_t i = 0; i < carrier->joined.count; i++) {
        const struct fair_port port = carrier->joined.at[i];
        arm(carrier, queue_at(carrier, port.item, port.node), port.item, port.node);
    }
    vector_clear(&carrier->joined);
}

static void prefetch_copy(const struct carrier *carrier, uint32_t place)
{
    const struct fair_transfer *copy = slab_at(&carrier->fair_transfers, place);
    __builtin_prefetch(copy);
    __builtin_prefetch(&copy->next);
}

/* A queue whose event is near. */
void fair_prefetch(const struct carrier *carrier, enum carrier_item port, node_id node)
{
    const struct fair_queue *queue = queue_at(carrier, port, node);
    __builtin_prefetch(queue->heap, 1);
    if (queue->last != SLOT_NONE)
        prefetch_copy(carrier, queue->last);
}

static void let_through(struct carrier *carrier, enum carrier_item port, node_id node,
                        const struct fair_transfer *through)
{
    time_ns now_ns = carrier_now(carrier);
    time_ns waited_ns = now_ns - through->entered_ns - through->work_ns;
    if (port == CARRIER_PORT_DOWN) {
        reception_through(carrier, through->transfer.item, through->transfer.slot, node, through->transfer.detail);
        return;
    }
    struct carrier_load *load = &carrier->nodes[node].load;
    load->queued++;
    load->waited_ns = time_add(load->waited_ns, time_max(waited_ns, 0));
    load->waited_most_ns = time_max(load->waited_most_ns, waited_ns);
    transfer_leave(carrier, &through->transfer, now_ns, through->work_ns);
}

/* All copies of an entry, in the order in which they joined. */
static void let_all_through(struct carrier *carrier, struct fair_queue *queue, enum carrier_item port, node_id node,
                            uint32_t first)
{
    queue->last = SLOT_NONE;
    for (uint32_t place = first; place != SLOT_NONE;) {
        struct fair_transfer through = *(struct fair_transfer *)slab_at(&carrier->fair_transfers, place);
        slab_give(&carrier->fair_transfers, place);
        place = through.next;
        if (place != SLOT_NONE)
            prefetch_copy(carrier, place);
        queue->copies--;
        queue->acting--;
        let_through(carrier, port, node, &through);
        if (through.transfer.slot != SLOT_NONE)
            carrier_release_use(carrier, through.transfer.slot);
    }
}

void fair_land(struct carrier *carrier, enum carrier_item port, node_id node)
{
    struct fair_queue *queue = queue_at(carrier, port, node);
    if (queue->next_ns != carrier_now(carrier))
        return;
    queue->next_ns = TIME_NEVER;
    if (queue->copies && queue->heap[0].finish <= virtual_at(queue, carrier_now(carrier)))
        advance(queue, carrier_now(carrier));
    while (queue->copies && queue->heap[0].finish <= queue->virtual) {
        uint32_t first = pop(queue).first;
        if (first == SLOT_NONE)
            queue->copies--;
        else
            let_all_through(carrier, queue, port, node, first);
    }
    arm(carrier, queue, port, node);
}

struct fair_queue *fair_clone(const struct fair_queue *queues, uint32_t count)
{
    struct fair_queue *copies = pages_new(count * sizeof *copies);
    memcpy(copies, queues, count * sizeof *copies);
    for (uint32_t node = 0; node < count; node++) {
        copies[node].heap = g_memdup2(queues[node].heap, queues[node].entries * sizeof *queues[node].heap);
        copies[node].room = queues[node].entries;
    }
    return copies;
}

void fair_free(struct fair_queue *queues, uint32_t count)
{
    for (uint32_t node = 0; queues && node < count; node++)
        g_free(queues[node].heap);
    free(queues);
}
