/* SPDX-License-Identifier: MIT */
/* A whole copy of a carrier, for a cloned world. The clock's items name messages by slot, so they hold. */
#include "engine/pages.h"
#include "network/carrier_inside.h"

#include <string.h>

#define COPY_VECTOR(copy, original)                                                                                    \
    do {                                                                                                               \
        size_t copied_ = (original)->count;                                                                            \
        (copy)->at = copied_ ? g_memdup2((original)->at, copied_ * sizeof *(original)->at) : NULL;                     \
        (copy)->count = (copy)->room = copied_;                                                                        \
    } while (0)

#define COPY_ARRAY(field, length) (field) = g_memdup2((field), (field) ? (length) * sizeof *(field) : 0)

static void copy_message(struct carried *copy, uint32_t nodes)
{
    size_t words = node_words(nodes);
    COPY_ARRAY(copy->targets, copy->target_count);
    COPY_ARRAY(copy->seen, words);
    COPY_ARRAY(copy->due, nodes);
    COPY_ARRAY(copy->last_announcer, nodes);
    COPY_ARRAY(copy->asked, words);
    COPY_VECTOR(&copy->announcers, &copy->announcers);
    COPY_ARRAY(copy->had_ns, nodes);
    COPY_ARRAY(copy->shreds, nodes);
    COPY_ARRAY(copy->sketched, words);
}

static void copy_queues(struct carrier *copy, const struct carrier *original)
{
    uint32_t nodes = original->all_count;
    if (original->first_core)
        COPY_ARRAY(copy->core_free_ns, original->first_core[original->node_count]);
    if (original->windows)
        COPY_ARRAY(copy->windows, original->graph->link_count);
    slab_clone(&copy->fair_groups, &original->fair_groups);
    if (original->fair_up)
        copy->fair_up = fair_clone(original->fair_up, nodes);
    if (original->fair_down)
        copy->fair_down = fair_clone(original->fair_down, nodes);
}

static void copy_mesh(struct gossipsub_mesh *copy, const struct carrier *original)
{
    size_t link_words = node_words(original->graph->link_count), words = node_words(original->all_count);
    COPY_ARRAY(copy->in, link_words);
    COPY_ARRAY(copy->down, words);
    COPY_ARRAY(copy->lost, words);
    COPY_ARRAY(copy->owed, link_words);
    COPY_ARRAY(copy->backoff_until_ns, original->graph->link_count);
}

static void copy_relay(struct carrier *copy, const struct carrier *original)
{
    if (original->histories) {
        copy_mesh(&copy->mesh, original);
        COPY_ARRAY(copy->histories, original->all_count);
        for (node_id node = 0; node < original->all_count; node++)
            COPY_VECTOR(&copy->histories[node].kept, &original->histories[node].kept);
    }
    if (original->pushes)
        COPY_ARRAY(copy->pushes, node_words(original->graph->link_count));
    if (original->routines) {
        COPY_ARRAY(copy->routines, original->graph->link_count);
        for (uint32_t link = 0; link < original->graph->link_count; link++)
            COPY_VECTOR(&copy->routines[link].waiting, &original->routines[link].waiting);
    }
}

struct carrier *carrier_clone(const struct carrier *original, const struct network *network, struct clock *clock)
{
    struct carrier *copy = g_memdup2(original, sizeof *original);
    copy->network = network;
    copy->clock = clock;
    COPY_VECTOR(&copy->clients, &original->clients);
    COPY_VECTOR(&copy->traffic, &original->traffic);
    COPY_VECTOR(&copy->messages, &original->messages);
    for (size_t slot = 0; slot < copy->messages.count; slot++)
        copy_message(&copy->messages.at[slot], original->all_count);
    COPY_VECTOR(&copy->free_slots, &original->free_slots);
    COPY_VECTOR(&copy->landing, &original->landing);
    copy->space.at = NULL;
    copy->space.count = copy->space.room = 0;
    copy->joined.at = NULL;
    copy->joined.count = copy->joined.room = 0;
    copy->picked.at = NULL;
    copy->picked.count = copy->picked.room = 0;
    copy->nodes = pages_new(original->all_count * sizeof *copy->nodes);
    memcpy(copy->nodes, original->nodes, original->all_count * sizeof *copy->nodes);
    flow_clone(&copy->flow, &original->flow, original->graph);
    COPY_ARRAY(copy->stake_up_to, original->node_count);
    copy_queues(copy, original);
    copy_relay(copy, original);
    return copy;
}
