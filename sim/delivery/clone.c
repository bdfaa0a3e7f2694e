/* SPDX-License-Identifier: MIT */
/* A whole copy of a delivery, for a cloned world. The clock's items name flights and watches by number, so they hold.
 */
#include "delivery/inside.h"

#include <string.h>

/* Both vectors are of the same type; the copy's is overwritten. */
#define COPY_VECTOR(copy, original)                                                                                    \
    do {                                                                                                               \
        size_t copied_ = (original)->count;                                                                            \
        (copy)->at = copied_ ? g_memdup2((original)->at, copied_ * sizeof *(original)->at) : NULL;                     \
        (copy)->count = (copy)->room = copied_;                                                                        \
    } while (0)

#define CLEAR_VECTOR(vector) ((vector)->at = NULL, (vector)->count = (vector)->room = 0)

/* From a class to its copy; only looked up. */
struct cloning {
    struct delivery *copy;
    GHashTable *classes;
};

static struct vote_class *copied_class(const struct cloning *cloning, struct vote_class *class)
{
    return class ? g_hash_table_lookup(cloning->classes, class) : NULL;
}

static struct tally *copy_tally(const struct tally *tally)
{
    if (!tally)
        return NULL;
    size_t words = tally->slot_room + bits_words(tally->vote_room);
    struct tally *copy = g_memdup2(tally, sizeof *tally + words * sizeof *tally->words);
    copy->stamps = g_memdup2(tally->stamps, tally->stamps ? tally->vote_room * sizeof *tally->stamps : 0);
    return copy;
}

static void *copy_array(const void *original, size_t count, size_t size)
{
    return original ? g_memdup2(original, count * size) : NULL;
}

static void copy_late(struct delivery *delivery, struct late *copy, const struct late *late)
{
    uint32_t replicas = delivery->replicas;
    COPY_VECTOR(&copy->soonest, &late->soonest);
    COPY_VECTOR(&copy->strips, &late->strips);
    COPY_VECTOR(&copy->narrow, &late->narrow);
    COPY_VECTOR(&copy->wide, &late->wide);
    COPY_VECTOR(&copy->far, &late->far);
    late_keys_copy(delivery, copy, late);
    copy->asked = copy_array(late->asked, replicas, sizeof *copy->asked);
    copy->expects = copy_array(late->expects, bits_words(replicas), sizeof(uint64_t));
    const struct awaited *awaited = &late->awaited;
    copy->awaited.weight = copy_array(awaited->weight, delivery->settings.voters.count, sizeof(stake_amount));
    copy->awaited.by_node =
        copy_array(awaited->by_node, network_node_count(delivery->settings.network), sizeof(stake_amount));
    copy->awaited.by_zone = copy_array(awaited->by_zone, delivery->zones, sizeof(stake_amount));
}

static struct vote_class *copy_class(struct delivery *delivery, const struct vote_class *class)
{
    uint32_t replicas = delivery->replicas;
    struct vote_class *copy = g_memdup2(class, sizeof *class);
    COPY_VECTOR(&copy->casts, &class->casts);
    COPY_VECTOR(&copy->chunks, &class->chunks);
    COPY_VECTOR(&copy->values, &class->values);
    for (size_t i = 0; i < copy->chunks.count; i++)
        copy->chunks.at[i] = g_memdup2(class->chunks.at[i], VOTES_A_CHUNK * sizeof **copy->chunks.at);
    index_map_clone(&copy->newest, &class->newest);
    copy->tallies = g_new(struct tally *, replicas);
    for (replica_id replica = 0; replica < replicas; replica++)
        copy->tallies[replica] = copy_tally(class->tallies[replica]);
    if (!class->eventful)
        copy_late(delivery, &copy->late, &class->late);
    return copy;
}

static void copy_classes(struct cloning *cloning, const struct delivery *original)
{
    struct delivery *copy = cloning->copy;
    COPY_VECTOR(&copy->classes, &original->classes);
    for (size_t i = 0; i < original->classes.count; i++) {
        copy->classes.at[i] = copy_class(copy, original->classes.at[i]);
        g_hash_table_insert(cloning->classes, original->classes.at[i], copy->classes.at[i]);
    }
    COPY_VECTOR(&copy->idle, &original->idle);
    for (size_t i = 0; i < copy->idle.count; i++)
        copy->idle.at[i] = copied_class(cloning, copy->idle.at[i]);
}

static void copy_flights(struct cloning *cloning, const struct delivery *original)
{
    COPY_VECTOR(&cloning->copy->flights, &original->flights);
    for (size_t i = 0; i < original->flights.count; i++) {
        struct flight *flight = &cloning->copy->flights.at[i];
        if (!flight->arrivals)
            continue;
        flight->arrivals = g_memdup2(flight->arrivals, flight->count * sizeof *flight->arrivals);
        flight->class = copied_class(cloning, flight->class);
    }
}

static void copy_shipments(struct cloning *cloning, const struct delivery *original)
{
    struct delivery *copy = cloning->copy;
    if (!original->settings.carrier)
        return;
    COPY_VECTOR(&copy->shipments, &original->shipments);
    for (size_t i = 0; i < copy->shipments.count; i++) {
        struct shipment *shipment = &copy->shipments.at[i];
        shipment->class = copied_class(cloning, shipment->class);
        shipment->targets =
            g_memdup2(shipment->targets, shipment->targets ? MAX(shipment->target_count, 1u) * sizeof(replica_id) : 0);
    }
    carrier_rejoin(copy->settings.carrier, original->client, copy);
}

static void copy_lane(struct lane *copy, const struct lane *original)
{
    COPY_VECTOR(&copy->listed, &original->listed);
    COPY_VECTOR(&copy->window, &original->window);
    CLEAR_VECTOR(&copy->space);
}

static struct parcel *copy_parcel(const struct cloning *cloning, const struct parcel *parcel)
{
    if (!parcel)
        return NULL;
    struct parcel *copy = g_memdup2(parcel, sizeof *parcel);
    copy->class = copied_class(cloning, parcel->class);
    COPY_VECTOR(&copy->certificate, &parcel->certificate);
    for (size_t i = 0; i < copy->certificate.count; i++) {
        struct certificate_part *part = &copy->certificate.at[i];
        part->class = copied_class(cloning, part->class);
        part->votes = g_memdup2(part->votes, part->words * sizeof *part->votes);
    }
    return copy;
}

static void copy_parcels(struct cloning *cloning, const struct delivery *original)
{
    struct delivery *copy = cloning->copy;
    COPY_VECTOR(&copy->parcels, &original->parcels);
    COPY_VECTOR(&copy->free_parcels, &original->free_parcels);
    COPY_VECTOR(&copy->dead_parcels, &original->dead_parcels);
    for (size_t i = 0; i < copy->parcels.count; i++)
        copy->parcels.at[i] = copy_parcel(cloning, original->parcels.at[i]);
}

static void copy_blocks(struct delivery *copy, const struct delivery *original)
{
    size_t bytes = bits_words(original->replicas) * sizeof(uint64_t);
    COPY_VECTOR(&copy->blocks, &original->blocks);
    for (size_t i = 0; i < copy->blocks.count; i++)
        copy->blocks.at[i].here = g_memdup2(copy->blocks.at[i].here, copy->blocks.at[i].here ? bytes : 0);
    for (uint32_t i = 0; i < SPREADS_MOST; i++) {
        COPY_VECTOR(&copy->spreads[i].at_ns, &original->spreads[i].at_ns);
        COPY_VECTOR(&copy->spreads[i].came_ns, &original->spreads[i].came_ns);
        CLEAR_VECTOR(&copy->spreads[i].rest_ns);
        copy->spreading[i].at_ns = copy->spreads[i].at_ns.at;
        copy->spreading[i].came_ns = copy->spreads[i].came_ns.count ? copy->spreads[i].came_ns.at : NULL;
    }
    COPY_VECTOR(&copy->waits, &original->waits);
    index_map_clone(&copy->waiting, &original->waiting);
}

static void copy_watches(struct delivery *copy, const struct delivery *original)
{
    COPY_VECTOR(&copy->watches, &original->watches);
    for (size_t i = 0; i < copy->watches.count; i++) {
        COPY_VECTOR(&copy->watches.at[i].held, &original->watches.at[i].held);
        COPY_VECTOR(&copy->watches.at[i].places, &original->watches.at[i].places);
    }
    copy->watches_of = g_new(struct standing_list, original->replicas);
    for (replica_id replica = 0; replica < original->replicas; replica++)
        COPY_VECTOR(&copy->watches_of[replica], &original->watches_of[replica]);
    COPY_VECTOR(&copy->questions, &original->questions);
    for (size_t i = 0; i < copy->questions.count; i++) {
        COPY_VECTOR(&copy->questions.at[i].members, &original->questions.at[i].members);
        COPY_VECTOR(&copy->questions.at[i].reached, &original->questions.at[i].reached);
    }
    index_map_clone(&copy->question_at, &original->question_at);
}

static void copy_voters(struct delivery *copy, const struct delivery *original)
{
    uint32_t nodes = network_node_count(original->settings.network), voters = original->settings.voters.count;
    copy->first_at = copy_array(original->first_at, nodes, sizeof *copy->first_at);
    copy->next_at = copy_array(original->next_at, original->replicas, sizeof *copy->next_at);
    copy->home_of = copy_array(original->home_of, voters, sizeof *copy->home_of);
    copy->settings.voters.home_of = copy->home_of;
    copy->zone_of = copy_array(original->zone_of, nodes, sizeof *copy->zone_of);
    copy->guesses = copy_array(original->guesses, original->zones, sizeof *copy->guesses);
    copy->zone_least_ns =
        copy_array(original->zone_least_ns, (size_t)original->zones * original->zones, sizeof(time_ns));
    copy->last_cast = copy_array(original->last_cast, voters, sizeof *copy->last_cast);
}

/* Between instants these lists are empty. */
static void clear_instant(struct delivery *copy)
{
    CLEAR_VECTOR(&copy->touched);
    CLEAR_VECTOR(&copy->due);
    CLEAR_VECTOR(&copy->singles);
    CLEAR_VECTOR(&copy->joined);
    CLEAR_VECTOR(&copy->suspects);
    CLEAR_VECTOR(&copy->landed);
    CLEAR_VECTOR(&copy->fresh);
    copy->fresh_at = (struct index_map){0};
}

struct delivery *delivery_clone(const struct delivery *original, const struct block_tree *tree,
                                const struct network *network, struct carrier *carrier, struct clock *clock, void *user)
{
    struct delivery *copy = g_memdup2(original, sizeof *original);
    uint32_t replicas = original->replicas;
    size_t confined_bytes = bits_words(replicas) * replicas * sizeof *original->confined;
    copy->settings.tree = tree;
    copy->settings.network = network;
    copy->settings.carrier = carrier;
    copy->settings.clock = clock;
    copy->settings.sink.user = user;
    copy->node_of = g_memdup2(original->node_of, replicas * sizeof *original->node_of);
    copy->settings.node_of = copy->node_of;
    copy->forgotten = g_memdup2(original->forgotten, replicas * sizeof *original->forgotten);
    copy->whole = g_memdup2(original->whole, replicas * sizeof *original->whole);
    copy->confined = g_memdup2(original->confined, original->confined ? confined_bytes : 0);
    copy->scratch = g_new0(struct scratch, 1);
    CLEAR_VECTOR(&copy->spare_keys);
    clear_instant(copy);

    struct cloning cloning = {copy, g_hash_table_new(NULL, NULL)};
    copy_classes(&cloning, original);
    copy_flights(&cloning, original);
    copy_shipments(&cloning, original);
    copy_lane(&copy->lane, &original->lane);
    copy_parcels(&cloning, original);
    copy_blocks(copy, original);
    copy_watches(copy, original);
    copy_voters(copy, original);
    g_hash_table_unref(cloning.classes);
    return copy;
}
