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
#include "engine/pages.h"
#include "network/carrier_inside.h"

#include <stdlib.h>
#include <string.h>

struct fair_queue *fair_new(uint32_t count)
{
    struct fair_queue *queues = pages_new(count * sizeof *queues);
    for (uint32_t node = 0; node < count; node++)
        queues[node] = (struct fair_queue){.next_ns = TIME_NEVER, .last = SLOT_NONE, .room = FAIR_FEW};
    return queues;
}

static struct fair_entry *heap_of(struct fair_queue *queue)
{
    return queue->many ? queue->many : queue->few;
}

static bool comes_before(const struct fair_entry *a, const struct fair_entry *b)
{
    return a->finish != b->finish ? a->finish < b->finish : (int32_t)(a->sequence - b->sequence) < 0;
}

static void grow(struct fair_queue *queue)
{
    bool was_few = !queue->many;
    queue->room *= 2;
    queue->many = g_renew(struct fair_entry, queue->many, queue->room);
    if (was_few)
        memcpy(queue->many, queue->few, sizeof queue->few);
}

static void push(struct fair_queue *queue, struct fair_entry entry)
{
    if (queue->entries == queue->room)
        grow(queue);
    struct fair_entry *heap = heap_of(queue);
    size_t place = queue->entries++;
    for (; place > 0 && comes_before(&entry, &heap[(place - 1) / 2]); place = (place - 1) / 2)
        heap[place] = heap[(place - 1) / 2];
    heap[place] = entry;
}

static struct fair_entry pop(struct fair_queue *queue)
{
    struct fair_entry *heap = heap_of(queue);
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

static inline struct fair_queue *queue_at(const struct carrier *carrier, enum fair_side side, node_id node)
{
    return side == FAIR_UP ? &carrier->fair_up[node] : &carrier->fair_down[node];
}

static uint64_t rate_of(const struct carrier *carrier, enum fair_side side, node_id node)
{
    return side == FAIR_UP ? rate_up(carrier, node) : rate_down(carrier, node);
}

/* How much work the queue's line has done since the last change; less while it is throttled. */
static inline uint128 worked(const struct carrier *carrier, enum fair_side side, node_id node, time_ns now_ns)
{
    time_ns since_ns = queue_at(carrier, side, node)->since_ns;
    if (!carrier->network->faults.change_pace)
        return (uint128)(uint64_t)(now_ns - since_ns) * WORK_PARTS;
    return transfer_work_between(carrier, node, since_ns, now_ns, rate_of(carrier, side, node));
}

/* When it will have done so much more. */
static inline time_ns done_ns(const struct carrier *carrier, enum fair_side side, node_id node, uint128 work)
{
    time_ns since_ns = queue_at(carrier, side, node)->since_ns;
    if (!carrier->network->faults.change_pace && work <= UINT64_MAX - WORK_PARTS)
        return time_add(since_ns, (time_ns)(((uint64_t)work + WORK_PARTS - 1) / WORK_PARTS));
    return transfer_work_done(carrier, node, since_ns, work, rate_of(carrier, side, node));
}

/* What each copy has had by now; an idle queue starts from nothing. */
static uint64_t virtual_at(const struct carrier *carrier, enum fair_side side, node_id node, time_ns now_ns)
{
    const struct fair_queue *queue = queue_at(carrier, side, node);
    if (queue->copies == 0)
        return 0;
    if (now_ns == queue->since_ns)
        return queue->virtual;
    uint128 work = worked(carrier, side, node, now_ns);
    if (work > UINT64_MAX) /* a division of 64 bits is several times as fast */
        return queue->virtual + (uint64_t)(work / queue->copies);
    return queue->virtual + (uint64_t)work / queue->copies;
}

/* Accounts for the time since it last was. Less than a part is lost each time, so it is done only when copies change.
 */
static void advance(const struct carrier *carrier, enum fair_side side, node_id node, time_ns now_ns)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    queue->virtual = virtual_at(carrier, side, node, now_ns);
    queue->since_ns = now_ns;
}

/* When the next one is through: it has had its due then, rounded up, so that no more is missing. */
static time_ns next_through_ns(const struct carrier *carrier, enum fair_side side, node_id node)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    uint64_t finish = heap_of(queue)[0].finish;
    if (finish <= queue->virtual)
        return queue->since_ns;
    return done_ns(carrier, side, node, (uint128)(finish - queue->virtual) * queue->copies);
}

static struct fair_group *group_at(const struct carrier *carrier, uint32_t place)
{
    return slab_at(&carrier->fair_groups, place);
}

/*
 * An event that comes too early, since others have joined, is left to come: it finds nobody through, and is set again.
 * One that would come too late is left to come as well, and does not count.
 */
static void arm(struct carrier *carrier, enum fair_side side, node_id node)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    if (queue->acting == 0)
        return;
    time_ns at_ns = next_through_ns(carrier, side, node);
    if (at_ns >= queue->next_ns)
        return;
    queue->next_ns = at_ns;
    enum carrier_item item = side == FAIR_UP ? CARRIER_PORT_UP : CARRIER_PORT_DOWN;
    if (!flow_put(carrier, at_ns, item, node, 0, 0))
        carrier_schedule_plain(carrier, at_ns, item, node, 0);
}

static __attribute__((noinline)) void push_duplicate(struct fair_queue *queue, time_ns work_ns)
{
    push(queue, (struct fair_entry){queue->virtual + (uint64_t)work_ns * WORK_PARTS, queue->sequence++, SLOT_NONE});
    queue->last = SLOT_NONE;
    queue->copies++;
}

/* Duplicates that were through by now, while there was nothing else. */
static __attribute__((noinline)) void drop_duplicates(const struct carrier *carrier, enum fair_side side, node_id node,
                                                      time_ns now_ns)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    time_ns through_ns;
    while (queue->acting == 0 && queue->copies && (through_ns = next_through_ns(carrier, side, node)) <= now_ns) {
        advance(carrier, side, node, through_ns);
        while (queue->copies && heap_of(queue)[0].finish <= queue->virtual) {
            (void)pop(queue);
            queue->copies--;
        }
    }
}

/* Who is through by now has left; and the duplicate that was alone will not be. */
static inline void settle(const struct carrier *carrier, enum fair_side side, node_id node, time_ns now_ns)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    time_ns lone_ns = queue->lone_ns;
    if (!lone_ns) {
        if (queue->copies)
            drop_duplicates(carrier, side, node, now_ns);
        return;
    }
    queue->lone_ns = 0;
    queue->virtual = 0;
    if (done_ns(carrier, side, node, (uint128)(uint64_t)lone_ns * WORK_PARTS) > now_ns)
        push_duplicate(queue, lone_ns);
}

/* Its event is due when the act is over: often others join at once. */
static void note_joined(struct carrier *carrier, enum fair_side side, node_id node)
{
    size_t count = carrier->joined.count;
    const struct fair_port *last = count ? &carrier->joined.at[count - 1] : NULL;
    if (!last || last->side != side || last->node != node)
        vector_push(&carrier->joined, (struct fair_port){side, node});
}

/* The queue as it is now, for somebody to join. */
static struct fair_queue *come_to(struct carrier *carrier, enum fair_side side, node_id node)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    settle(carrier, side, node, carrier_now(carrier));
    advance(carrier, side, node, carrier_now(carrier));
    note_joined(carrier, side, node);
    return queue;
}

/* A group of so many copies joins: those before it that are through with it, if nothing joined since, or by itself. */
static struct fair_group *join(struct carrier *carrier, struct fair_queue *queue, uint32_t slot, time_ns work_ns,
                               uint32_t copies)
{
    uint64_t finish = queue->virtual + (uint64_t)work_ns * WORK_PARTS;
    uint32_t place = slab_take(&carrier->fair_groups);
    struct fair_group *group = group_at(carrier, place);
    group->entered_ns = carrier_now(carrier);
    group->work_ns = work_ns;
    group->slot = slot;
    group->next = SLOT_NONE;
    if (queue->last != SLOT_NONE && queue->last_finish == finish)
        group_at(carrier, queue->last)->next = place;
    else
        push(queue, (struct fair_entry){finish, queue->sequence++, place});
    queue->last = place;
    queue->last_finish = finish;
    queue->copies += copies;
    queue->acting += copies;
    if (slot != SLOT_NONE)
        carried_at(carrier, slot)->under_way++;
    return group;
}

void fair_add(struct carrier *carrier, enum fair_side side, node_id node, const struct transfer *transfer,
              time_ns work_ns)
{
    struct fair_queue *queue = come_to(carrier, side, node);
    struct fair_group *group = join(carrier, queue, transfer->slot, work_ns, 1);
    group->size_bytes = transfer->size_bytes;
    group->item = (uint16_t)transfer->item;
    group->count = 0;
    group->lone.way_ns = transfer->way_ns;
    group->lone.to = transfer->to;
    group->lone.link = transfer->link;
    group->lone.detail = transfer->detail;
    if (side == FAIR_DOWN)
        queue->bytes += transfer->size_bytes;
}

void fair_add_copies(struct carrier *carrier, node_id node, uint32_t slot, const uint32_t *links, uint32_t count,
                     time_ns work_ns)
{
    struct fair_queue *queue = come_to(carrier, FAIR_UP, node);
    for (uint32_t done = 0, taken; done < count; done += taken) {
        taken = MIN(count - done, FAIR_LINKS);
        struct fair_group *group = join(carrier, queue, slot, work_ns, taken);
        group->count = (uint16_t)taken;
        for (uint32_t i = 0; i < taken; i++)
            group->links[i] = links[done + i];
    }
}

void fair_add_duplicate(struct carrier *carrier, node_id node, uint32_t size_bytes, time_ns work_ns)
{
    struct fair_queue *queue = &carrier->fair_down[node];
    time_ns now_ns = carrier_now(carrier);
    queue->bytes += size_bytes;
    settle(carrier, FAIR_DOWN, node, now_ns);
    if (!queue->copies) {
        queue->since_ns = now_ns;
        queue->lone_ns = work_ns;
        return;
    }
    advance(carrier, FAIR_DOWN, node, now_ns);
    push_duplicate(queue, work_ns);
    note_joined(carrier, FAIR_DOWN, node);
}

void fair_arm_joined(struct carrier *carrier)
{
    for (size_t i = 0; i < carrier->joined.count; i++)
        arm(carrier, carrier->joined.at[i].side, carrier->joined.at[i].node);
    vector_clear(&carrier->joined);
}

void fair_prefetch(const struct carrier *carrier, enum fair_side side, node_id node)
{
    const struct fair_queue *queue = queue_at(carrier, side, node);
    __builtin_prefetch(queue, 1);
    __builtin_prefetch(&queue->many, 1);
}

void fair_prefetch_next(const struct carrier *carrier, enum fair_side side, node_id node)
{
    const struct fair_queue *queue = queue_at(carrier, side, node);
    if (queue->last == SLOT_NONE)
        return;
    const struct fair_group *group = group_at(carrier, queue->last);
    __builtin_prefetch(group);
    __builtin_prefetch((const unsigned char *)group + sizeof *group - 1);
}

/* ---- what is through ---- */

/* What each of a group would have taken alone: longer than its work where the line was throttled. */
static time_ns alone_ns(const struct carrier *carrier, node_id node, const struct fair_group *group)
{
    time_ns end_ns = transfer_done_ns(carrier, node, group->entered_ns, group->work_ns, rate_up(carrier, node));
    return MIN(end_ns, carrier_now(carrier)) - group->entered_ns;
}

static void let_leave(struct carrier *carrier, node_id node, const struct fair_group *group)
{
    time_ns now_ns = carrier_now(carrier), took_ns = alone_ns(carrier, node, group);
    transfer_note_wait(carrier, node, now_ns - group->entered_ns - took_ns, MAX(group->count, 1));
    if (group->count) {
        transfer_leave_copies(carrier, group->slot, group->links, group->count, took_ns);
        return;
    }
    struct transfer transfer = {.item = group->item,
                                .slot = group->slot,
                                .from = node,
                                .to = group->lone.to,
                                .detail = group->lone.detail,
                                .link = group->lone.link,
                                .size_bytes = group->size_bytes,
                                .way_ns = group->lone.way_ns};
    transfer_leave(carrier, &transfer, now_ns, took_ns);
}

/* All groups of an entry, in the order in which they joined. */
static void let_through(struct carrier *carrier, enum fair_side side, node_id node, uint32_t first)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    queue->last = SLOT_NONE;
    for (uint32_t place = first; place != SLOT_NONE;) {
        struct fair_group group = *group_at(carrier, place);
        slab_give(&carrier->fair_groups, place);
        place = group.next;
        queue->copies -= MAX(group.count, 1);
        queue->acting -= MAX(group.count, 1);
        if (side == FAIR_UP)
            let_leave(carrier, node, &group);
        else
            reception_through(carrier, group.item, group.slot, node, group.lone.detail);
        if (group.slot != SLOT_NONE)
            carrier_release_use(carrier, group.slot);
    }
}

void fair_land(struct carrier *carrier, enum fair_side side, node_id node)
{
    struct fair_queue *queue = queue_at(carrier, side, node);
    time_ns now_ns = carrier_now(carrier);
    if (queue->next_ns != now_ns)
        return;
    queue->next_ns = TIME_NEVER;
    if (queue->copies && heap_of(queue)[0].finish <= virtual_at(carrier, side, node, now_ns))
        advance(carrier, side, node, now_ns);
    while (queue->copies && heap_of(queue)[0].finish <= queue->virtual) {
        uint32_t first = pop(queue).first;
        if (first == SLOT_NONE)
            queue->copies--;
        else
            let_through(carrier, side, node, first);
    }
    arm(carrier, side, node);
}

struct fair_queue *fair_clone(const struct fair_queue *queues, uint32_t count)
{
    struct fair_queue *copies = pages_new(count * sizeof *copies);
    memcpy(copies, queues, count * sizeof *copies);
    for (uint32_t node = 0; node < count; node++)
        if (queues[node].many)
            copies[node].many = g_memdup2(queues[node].many, queues[node].room * sizeof *queues[node].many);
    return copies;
}

void fair_free(struct fair_queue *queues, uint32_t count)
{
    for (uint32_t node = 0; queues && node < count; node++)
        g_free(queues[node].many);
    free(queues);
}
