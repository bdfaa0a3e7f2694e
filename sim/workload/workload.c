/* SPDX-License-Identifier: MIT */
#include "workload/workload.h"

#include "base/assert.h"
#include "base/fixed.h"
#include "workload/arrivals.h"
#include "workload/mempool.h"

#include <string.h>

#define RATE_BITS   16 /* a fee by byte is held with so many binary places */
#define FEE_CLASSES 65 /* by the length of that number: each class pays up to twice as much as the one below */

struct workload {
    const struct workload_common *settings;
    chain_id chain;
    struct trace_sink *sink;
    struct arrivals arrivals;
    struct transaction next;
    bool has_next;
    VECTOR(struct transaction) spreading; /* entered at a node, not yet everywhere; in order; bytes 0: gone already */
    size_t first_spreading;
    struct mempool pool;
    struct group open[FEE_CLASSES]; /* what enters now; count 0: none */
    time_ns sample_ns;              /* when the mempool is looked at next */
    block_id reference;             /* the highest head that an honest node has had */
    struct workload_load room;
    size_t first_take; /* of the block that is being filled */
};

static uint64_t rate_of(const struct transaction *transaction)
{
    return (transaction->fee << RATE_BITS) / transaction->bytes;
}

static bool is_full_detail(const struct workload *workload)
{
    return workload->settings->detail == DETAIL_FULL;
}

/* Rows. */

static void tell_cohort(const struct workload *workload, uint32_t id)
{
    const struct group *group = &workload->pool.groups.at[id];
    struct trace_cohort row = {.chain = workload->chain,
                               .cohort = id,
                               .first_ns = group->first_ns,
                               .last_ns = group->last_ns,
                               .transactions = group->count,
                               .bytes = group->bytes,
                               .fees = group->fees};
    trace_write(workload->sink, TRACE_COHORT, &row);
}

static void tell_loss(const struct workload *workload, time_ns at_ns, uint32_t id, enum loss_reason reason,
                      uint32_t count)
{
    struct trace_loss row = {
        .at_ns = at_ns, .chain = workload->chain, .cohort = id, .reason = reason, .transactions = count};
    trace_write(workload->sink, TRACE_LOSS, &row);
}

static void tell_mempool(const struct workload *workload, time_ns at_ns)
{
    const struct mempool_counts *counts = &workload->pool.counts;
    struct trace_mempool row = {.at_ns = at_ns,
                                .chain = workload->chain,
                                .head = workload->reference,
                                .transactions = counts->waiting,
                                .bytes = counts->waiting_bytes,
                                .entered = counts->entered,
                                .included = counts->taken,
                                .dropped = counts->dropped,
                                .expired = counts->expired};
    trace_write(workload->sink, TRACE_MEMPOOL, &row);
}

static void tell_carried(const struct workload *workload, block_id block)
{
    const struct mempool *pool = &workload->pool;
    struct trace_filling filling = {.chain = workload->chain,
                                    .block = block,
                                    .room_bytes = workload->room.bytes,
                                    .room_transactions = workload->room.transactions};
    for (size_t t = workload->first_take; t < pool->takes.count; t++) {
        const struct take *take = &pool->takes.at[t];
        const struct group *group = &pool->groups.at[take->group];
        struct trace_carried row = {.chain = workload->chain,
                                    .block = block,
                                    .cohort = take->group,
                                    .first = take->first,
                                    .transactions = take->count,
                                    .bytes = group_part(group->bytes, group->count, take->first, take->count),
                                    .fees = group_part(group->fees, group->count, take->first, take->count)};
        filling.transactions += row.transactions;
        filling.bytes += row.bytes;
        filling.fees += row.fees;
        trace_write(workload->sink, TRACE_CARRIED, &row);
    }
    trace_write(workload->sink, TRACE_FILLING, &filling);
}

/* Arrivals. */

static bool is_over(const struct workload *workload)
{
    const struct mempool_settings *most = &workload->settings->mempool;
    const struct mempool_counts *counts = &workload->pool.counts;
    return (most->transactions != PARAM_ABSENT && counts->waiting > (uint64_t)most->transactions) ||
           (most->bytes != (uint64_t)PARAM_ABSENT && counts->waiting_bytes > most->bytes);
}

/* How many of the group must go, if all have its mean size. */
static uint32_t excess(const struct workload *workload, const struct group *group)
{
    const struct mempool_settings *most = &workload->settings->mempool;
    const struct mempool_counts *counts = &workload->pool.counts;
    uint64_t count = 1;
    if (most->transactions != PARAM_ABSENT && counts->waiting > (uint64_t)most->transactions)
        count = counts->waiting - (uint64_t)most->transactions;
    if (most->bytes != (uint64_t)PARAM_ABSENT && counts->waiting_bytes > most->bytes)
        count = MAX(count, (uint64_t)((uint128)(counts->waiting_bytes - most->bytes) * group->count / group->bytes));
    return (uint32_t)MIN(count, mempool_waiting(group));
}

/* A cohort has reached the mempools; where they are full, something gives way. */
static void admit(struct workload *workload, const struct group *group, time_ns now_ns)
{
    struct mempool *pool = &workload->pool;
    uint32_t id = mempool_add(pool, group);
    tell_cohort(workload, id);
    while (is_over(workload)) {
        uint32_t victim = pool->keeps_worst ? mempool_worst(pool) : id;
        if (victim == ID_NONE || !mempool_waiting(&pool->groups.at[victim]))
            return; /* what was given back by an orphan is not thrown out by one that is refused */
        uint32_t count = excess(workload, &pool->groups.at[victim]);
        mempool_drop(pool, victim, count);
        tell_loss(workload, now_ns, victim, LOSS_FULL, count);
    }
}

static void close_class(struct workload *workload, uint32_t class, time_ns now_ns)
{
    if (!workload->open[class].count)
        return;
    admit(workload, &workload->open[class], now_ns);
    workload->open[class].count = 0;
}

static void close_cohort(struct workload *workload, time_ns now_ns)
{
    for (uint32_t class = 0; class < FEE_CLASSES; class ++)
        close_class(workload, class, now_ns);
}

/* A transaction reaches the mempools. */
static void enter(struct workload *workload, const struct transaction *transaction, time_ns now_ns)
{
    bool by_fee = workload->settings->order == ORDER_FEE;
    uint64_t rate = rate_of(transaction), class = by_fee ? bit_length64(rate) : 0;
    struct group *open = &workload->open[class];
    time_ns cohort_ns = workload->settings->cohort_ns;
    if (open->count && open->first_ns / cohort_ns != transaction->entered_ns / cohort_ns)
        close_cohort(workload, now_ns);
    if (!open->count)
        *open = (struct group){.first_ns = transaction->entered_ns,
                               .rate = !by_fee                    ? 0
                                       : is_full_detail(workload) ? rate
                                                                  : class};
    open->last_ns = transaction->entered_ns;
    open->bytes += transaction->bytes;
    open->fees += transaction->fee;
    open->count++;
    if (is_full_detail(workload))
        close_class(workload, (uint32_t) class, now_ns);
}

static void expire(struct workload *workload, time_ns now_ns)
{
    time_ns expiry_ns = workload->settings->mempool.expiry_ns;
    uint32_t waiting, id;
    if (expiry_ns == PARAM_ABSENT)
        return;
    while ((id = mempool_expire(&workload->pool, now_ns - expiry_ns, &waiting)) != ID_NONE)
        tell_loss(workload, now_ns, id, LOSS_EXPIRED, waiting);
}

static void fetch(struct workload *workload)
{
    workload->has_next = arrivals_next(&workload->arrivals, &workload->next);
}

/* What has entered at some node by now. */
static void let_in(struct workload *workload, time_ns now_ns)
{
    if (workload->first_spreading > 1024 && workload->first_spreading > workload->spreading.count / 2) {
        workload->spreading.count -= workload->first_spreading;
        memmove(workload->spreading.at, workload->spreading.at + workload->first_spreading,
                workload->spreading.count * sizeof *workload->spreading.at);
        workload->first_spreading = 0;
    }
    for (; workload->has_next && workload->next.entered_ns <= now_ns; fetch(workload))
        vector_push(&workload->spreading, workload->next);
}

/* The next transaction that all nodes have by now, or false. */
static bool take_spread(struct workload *workload, time_ns now_ns, struct transaction *transaction)
{
    time_ns entered_ns = now_ns - workload->settings->spread_ns;
    while (workload->first_spreading < workload->spreading.count &&
           workload->spreading.at[workload->first_spreading].entered_ns <= entered_ns) {
        *transaction = workload->spreading.at[workload->first_spreading++];
        if (transaction->bytes)
            return true;
    }
    if (workload->first_spreading < workload->spreading.count || !workload->has_next ||
        workload->next.entered_ns > entered_ns)
        return false;
    *transaction = workload->next;
    fetch(workload);
    return true;
}

static void catch_up_to(struct workload *workload, time_ns now_ns)
{
    struct transaction transaction;
    while (take_spread(workload, now_ns, &transaction))
        enter(workload, &transaction, now_ns);
    close_cohort(workload, now_ns);
    expire(workload, now_ns);
}

static void catch_up(struct workload *workload, time_ns now_ns)
{
    mempool_move(&workload->pool, workload->reference);
    for (; workload->sample_ns <= now_ns; workload->sample_ns += workload->settings->sample_ns) {
        catch_up_to(workload, workload->sample_ns);
        tell_mempool(workload, workload->sample_ns);
    }
    catch_up_to(workload, now_ns);
}

/* What has entered at the node and is not with the others yet; from now on they all know of it. */
static void offer_own(struct workload *workload, node_id node, time_ns now_ns)
{
    let_in(workload, now_ns);
    for (size_t i = workload->first_spreading; i < workload->spreading.count; i++) {
        struct transaction *own = &workload->spreading.at[i];
        if (own->node != node || !own->bytes)
            continue;
        enter(workload, own, now_ns);
        own->bytes = 0;
    }
    close_cohort(workload, now_ns);
}

/* Blocks. */

/* How many of the group fit into what room there is left. */
static uint32_t fitting(const struct group *group, const struct workload_load *left)
{
    uint64_t by_bytes = (uint64_t)((uint128)left->bytes * group->count / group->bytes) + 2;
    uint32_t count = (uint32_t)MIN(MIN(by_bytes, left->transactions), mempool_waiting(group));
    while (count && group_part(group->bytes, group->count, group->taken, count) > left->bytes)
        count--;
    return count;
}

struct workload_load workload_fill(struct workload *workload, block_id parent, node_id node, time_ns now_ns,
                                   const struct workload_load *room)
{
    struct mempool *pool = &workload->pool;
    struct workload_load left = *room;
    uint32_t id;
    catch_up(workload, now_ns);
    if (workload->arrivals.nodes)
        offer_own(workload, node, now_ns);
    mempool_move(pool, parent);
    workload->room = *room;
    workload->first_take = pool->takes.count;
    while (left.transactions && (id = mempool_best(pool)) != ID_NONE) {
        const struct group *group = &pool->groups.at[id];
        uint32_t count = fitting(group, &left);
        if (count) {
            left.bytes -= group_part(group->bytes, group->count, group->taken, count);
            left.transactions -= count;
            mempool_take(pool, id, count);
        } else if (group_part(group->bytes, group->count, group->taken, 1) > room->bytes) {
            uint32_t waiting = mempool_waiting(group);
            mempool_drop(pool, id, waiting);
            tell_loss(workload, now_ns, id, LOSS_TOO_LARGE, waiting);
        } else {
            break;
        }
    }
    return (struct workload_load){room->bytes - left.bytes, room->transactions - left.transactions};
}

void workload_made(struct workload *workload, block_id block)
{
    mempool_made(&workload->pool, block);
    tell_carried(workload, block);
}

void workload_head(struct workload *workload, block_id head, time_ns now_ns)
{
    const struct mempool *pool = &workload->pool;
    if (pool->blocks.at[head].height <= pool->blocks.at[workload->reference].height)
        return;
    catch_up(workload, now_ns);
    workload->reference = head;
}

void workload_end(struct workload *workload, time_ns now_ns)
{
    catch_up(workload, now_ns);
    tell_mempool(workload, now_ns);
}

/* Life. */

bool workload_new(const struct param_variant_value *chosen, chain_id chain, const struct random_seed *seed,
                  const struct workload_nodes *nodes, struct trace_sink *sink, struct workload **workload,
                  GError **error)
{
    *workload = NULL;
    enum workload_kind kind = chosen->variant ? *(const enum workload_kind *)chosen->variant->plugin : WORKLOAD_NONE;
    if (kind == WORKLOAD_NONE)
        return true;
    struct workload *made = g_new0(struct workload, 1);
    made->settings = chosen->value;
    made->chain = chain;
    made->sink = sink;
    mempool_init(&made->pool, made->settings->mempool.when_full == FULL_DROP_LOWEST_FEE);
    if (!arrivals_init(&made->arrivals, kind, chosen->value, chain, seed, nodes, error)) {
        workload_free(made);
        return false;
    }
    fetch(made);
    *workload = made;
    return true;
}

void workload_free(struct workload *workload)
{
    if (!workload)
        return;
    arrivals_release(&workload->arrivals);
    mempool_release(&workload->pool);
    vector_release(&workload->spreading);
    g_free(workload);
}

struct workload *workload_clone(const struct workload *workload, const struct random_seed *seed,
                                struct trace_sink *sink)
{
    if (!workload)
        return NULL;
    struct workload *copy = g_memdup2(workload, sizeof *workload);
    copy->sink = sink;
    arrivals_clone(&copy->arrivals, &workload->arrivals, seed);
    mempool_clone(&copy->pool, &workload->pool);
    copy->spreading.at = g_memdup2(workload->spreading.at, workload->spreading.room * sizeof *workload->spreading.at);
    return copy;
}
