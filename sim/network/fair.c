/* SPDX-License-Identifier: MIT */
/*
 * A queue whose copies share the node's rate equally, as the flows of a saturated link do (generalised processor
 * sharing). What each copy has had is one number for all that are in the queue since it began to be busy, so the next
 * to be through is the one with the least finish; a heap holds them, and the clock one event a node. While a queue has
 * nothing but duplicates there is none: that they are through changes only what the others get, and is reckoned when
 * somebody joins.
 */
#include "base/assert.h"
#include "network/carrier_inside.h"

#define PARTS 1024u /* of a ns */

struct fair_queue *fair_new(uint32_t count)
{
    struct fair_queue *queues = g_new0(struct fair_queue, count);
    for (uint32_t node = 0; node < count; node++)
        queues[node].next_ns = TIME_NEVER;
    return queues;
}

static bool comes_before(const struct fair_entry *a, const struct fair_entry *b)
{
    return a->finish != b->finish ? a->finish < b->finish : (int32_t)(a->sequence - b->sequence) < 0;
}

static void push(struct fair_queue *queue, struct fair_entry entry)
{
    vector_push(&queue->heap, entry);
    struct fair_entry *heap = queue->heap.at;
    size_t place = queue->heap.count - 1;
    for (; place > 0 && comes_before(&entry, &heap[(place - 1) / 2]); place = (place - 1) / 2)
        heap[place] = heap[(place - 1) / 2];
    heap[place] = entry;
}

static struct fair_entry pop(struct fair_queue *queue)
{
    struct fair_entry *heap = queue->heap.at;
    struct fair_entry first = heap[0], moved = heap[--queue->heap.count];
    size_t count = queue->heap.count, place = 0;
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
    if (queue->heap.count == 0)
        return 0;
    uint64_t passed_ns = (uint64_t)(now_ns - queue->since_ns), parts;
    if (__builtin_mul_overflow(passed_ns, PARTS, &parts)) /* a division of 64 bits is several times as fast */
        return queue->virtual + (uint64_t)((uint128)passed_ns * PARTS / queue->heap.count);
    return queue->virtual + parts / queue->heap.count;
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
    uint64_t finish = queue->heap.at[0].finish, parts;
    if (finish <= queue->virtual)
        return queue->since_ns;
    if (!__builtin_mul_overflow(finish - queue->virtual, queue->heap.count, &parts) && parts <= UINT64_MAX - PARTS)
        return time_add(queue->since_ns, (time_ns)((parts + PARTS - 1) / PARTS));
    uint128 rest = (uint128)(finish - queue->virtual) * queue->heap.count;
    return time_add(queue->since_ns, (time_ns)((rest + PARTS - 1) / PARTS));
}

/* An event that comes too early, since others have joined, is left to come: it finds nobody through, and is set again.
 */
static void arm(struct carrier *carrier, struct fair_queue *queue, enum carrier_item port, node_id node)
{
    if (queue->acting == 0)
        return;
    time_ns at_ns = next_through_ns(queue);
    if (at_ns >= queue->next_ns)
        return;
    if (queue->next_ns != TIME_NEVER)
        clock_cancel(carrier->clock, queue->next);
    queue->next_ns = at_ns;
    queue->next = carrier_schedule_plain(carrier, at_ns, port, node, 0);
}

/* Duplicates that were through by now, while there was nothing else. */
static void drop_duplicates(struct fair_queue *queue, time_ns now_ns)
{
    time_ns through_ns;
    while (queue->acting == 0 && queue->heap.count && (through_ns = next_through_ns(queue)) <= now_ns) {
        advance(queue, through_ns);
        while (queue->heap.count && queue->heap.at[0].finish <= queue->virtual)
            (void)pop(queue);
    }
}

static uint32_t keep(struct carrier *carrier, const struct fair_transfer *entry)
{
    uint32_t place = slab_take(&carrier->fair_transfers);
    struct fair_transfer *kept = slab_at(&carrier->fair_transfers, place);
    *kept = *entry;
    kept->entered_ns = carrier_now(carrier);
    if (entry->transfer.slot != SLOT_NONE)
        carried_at(carrier, entry->transfer.slot)->under_way++;
    return place;
}

void fair_add(struct carrier *carrier, struct fair_queue *queue, enum carrier_item port, node_id node,
              const struct fair_transfer *entry)
{
    bool acts = port == CARRIER_PORT_UP || entry->is_first;
    drop_duplicates(queue, carrier_now(carrier));
    advance(queue, carrier_now(carrier));
    uint64_t finish = queue->virtual + (uint64_t)entry->work_ns * PARTS;
    push(queue, (struct fair_entry){finish, queue->sequence++, acts ? keep(carrier, entry) : SLOT_NONE});
    queue->acting += acts;
    arm(carrier, queue, port, node);
}

static void let_through(struct carrier *carrier, enum carrier_item port, node_id node,
                        const struct fair_transfer *through)
{
    time_ns now_ns = carrier_now(carrier);
    time_ns waited_ns = now_ns - through->entered_ns - through->work_ns;
    if (port == CARRIER_PORT_DOWN) {
        reception_through(carrier, through->transfer.item, through->transfer.slot, node, through->transfer.detail,
                          through->is_first);
        return;
    }
    struct carrier_load *load = &carrier->nodes[node].load;
    load->queued++;
    load->waited_ns = time_add(load->waited_ns, time_max(waited_ns, 0));
    load->waited_most_ns = time_max(load->waited_most_ns, waited_ns);
    transfer_leave(carrier, &through->transfer, now_ns, through->work_ns);
}

void fair_land(struct carrier *carrier, struct fair_queue *queue, enum carrier_item port, node_id node)
{
    queue->next_ns = TIME_NEVER;
    if (queue->heap.count && queue->heap.at[0].finish <= virtual_at(queue, carrier_now(carrier)))
        advance(queue, carrier_now(carrier));
    while (queue->heap.count && queue->heap.at[0].finish <= queue->virtual) {
        uint32_t place = pop(queue).transfer;
        if (place == SLOT_NONE)
            continue;
        queue->acting--;
        struct fair_transfer through = *(struct fair_transfer *)slab_at(&carrier->fair_transfers, place);
        slab_give(&carrier->fair_transfers, place);
        let_through(carrier, port, node, &through);
        if (through.transfer.slot != SLOT_NONE)
            carrier_release_use(carrier, through.transfer.slot);
    }
    arm(carrier, queue, port, node);
}

void fair_clone(struct fair_queue *copies, const struct fair_queue *queues, uint32_t count)
{
    for (uint32_t node = 0; node < count; node++) {
        size_t held = queues[node].heap.count;
        copies[node] = queues[node];
        copies[node].heap.at = g_memdup2(queues[node].heap.at, held * sizeof *queues[node].heap.at);
        copies[node].heap.room = held;
    }
}

void fair_release(struct fair_queue *queues, uint32_t count)
{
    for (uint32_t node = 0; queues && node < count; node++)
        vector_release(&queues[node].heap);
    g_free(queues);
}
