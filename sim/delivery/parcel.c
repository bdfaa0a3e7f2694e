/* SPDX-License-Identifier: MIT */
/* Parcels: messages that are not votes, kept until the last replica has them; and the certificates that they carry. */
#include "delivery/inside.h"

#include "base/assert.h"

static bool carries_block(const struct message *message)
{
    return message->block != BLOCK_NONE && (message->kind == MESSAGE_PROPOSAL || message->kind == MESSAGE_RESPONSE);
}

static uint32_t take_place(struct delivery *delivery)
{
    if (delivery->free_parcels.count)
        return delivery->free_parcels.at[--delivery->free_parcels.count];
    vector_push(&delivery->parcels, (struct parcel *)NULL);
    return (uint32_t)delivery->parcels.count - 1;
}

/* Which of the class's values match the query, to scratch->slots; whether all do. */
static bool match_values(const struct delivery *delivery, replica_id origin, const struct vote_class *class,
                         const struct vote_query *query)
{
    struct scratch *scratch = delivery->scratch;
    bool all = true;
    vector_reserve(&scratch->slots, class->values.count);
    for (size_t slot = 0; slot < class->values.count; slot++)
        all &= scratch->slots.at[slot] = count_matches(delivery, origin, query, &class->values.at[slot]);
    return all;
}

static uint64_t matching_votes(const struct vote_class *class, const bool *slots, size_t word, uint64_t votes)
{
    uint64_t matching = 0;
    for (uint64_t rest = votes; rest; rest &= rest - 1)
        matching |= (uint64_t)slots[class->casts.at[word * 64 + bit_lowest(rest)].slot] << bit_lowest(rest);
    return matching;
}

/* ---- what a receiver lacks ---- */

static struct reached place_of(const struct vote_class *class)
{
    return (struct reached){class->height, class->round};
}

void whole_ends(struct delivery *delivery, const struct vote_class *class)
{
    struct reached place = place_of(class);
    if (!place_before(place, delivery->whole_most))
        return;
    for (replica_id replica = 0; replica < delivery->replicas; replica++)
        if (place_before(place, delivery->whole[replica]))
            delivery->whole[replica] = place;
    delivery->whole_most = place;
}

/* Votes that would change nothing: the receiver has them all already, or has forgotten the height. */
static bool is_idle(const struct delivery *delivery, struct vote_class *class, replica_id receiver)
{
    if (class->type == TYPE_PROPOSAL)
        return true;
    if (class->height < delivery->forgotten[receiver])
        return true;
    const struct tally *tally = tally_now(delivery, class, receiver);
    return tally && tally_is_whole(class, tally);
}

/* Position of the first class of which the receiver may lack something: places that it has whole are passed by once. */
static size_t first_lacked(struct delivery *delivery, replica_id receiver)
{
    struct reached *whole = &delivery->whole[receiver];
    size_t at = classes_from(delivery, whole->height, whole->round);
    for (size_t i = at; i < delivery->classes.count; i++) {
        struct vote_class *class = delivery->classes.at[i];
        if (!is_idle(delivery, class, receiver))
            break;
        if (i + 1 < delivery->classes.count && !place_before(place_of(class), place_of(delivery->classes.at[i + 1])))
            continue;
        at = i + 1;
        *whole = (struct reached){class->height, class->round + 1};
    }
    if (place_before(delivery->whole_most, *whole))
        delivery->whole_most = *whole;
    return at;
}

/* ---- certificates ---- */

/* The votes of one class that the sender holds and the query matches. */
static void pack_class(struct delivery *delivery, struct parcel *parcel, struct vote_class *class,
                       const struct vote_query *query)
{
    replica_id origin = parcel->message.origin;
    delivery->scratch->work.packed++;
    struct tally *tally = tally_listed(delivery, class, origin);
    if (!tally)
        return;
    size_t words = bits_words(MIN(class->casts.count, tally->vote_room));
    struct certificate_part part = {class, g_memdup2(tally_bits(tally), words * sizeof *part.votes), words};
    bool all = match_values(delivery, origin, class, query);
    uint64_t any = 0;
    for (size_t word = 0; word < words; word++) {
        if (!all)
            part.votes[word] = matching_votes(class, delivery->scratch->slots.at, word, part.votes[word]);
        any |= part.votes[word];
    }
    if (!any) {
        g_free(part.votes);
        return;
    }
    class->in_flight++;
    vector_push(&parcel->certificate, part);
}

/* `receiver`: who alone gets it, or ID_NONE. */
static void pack_certificate(struct delivery *delivery, struct parcel *parcel, const struct vote_query *query,
                             replica_id receiver)
{
    size_t first = classes_from(delivery, query->height_first, query->round_first);
    if (receiver != ID_NONE)
        first = MAX(first, first_lacked(delivery, receiver));
    for (size_t i = first; i < delivery->classes.count; i++) {
        struct vote_class *class = delivery->classes.at[i];
        if (query_ends(query, class))
            return;
        if (query_covers(query, class) && (receiver == ID_NONE || !is_idle(delivery, class, receiver)))
            pack_class(delivery, parcel, class, query);
    }
}

uint32_t parcel_new(struct delivery *delivery, const struct message *message, const struct delivery_options *options)
{
    uint32_t place = take_place(delivery);
    struct parcel *parcel = g_new0(struct parcel, 1);
    delivery->parcels.at[place] = parcel;
    parcel->message = *message;
    parcel->with_ancestors = options->with_ancestors;
    parcel->uses = 1;
    if (message->kind == MESSAGE_PROPOSAL && delivery->settings.sees_equivocation && message->sender != ID_NONE) {
        bool is_new;
        parcel->class = class_obtain(delivery, TYPE_PROPOSAL, message->height, message->round);
        parcel->class->in_flight++;
        parcel->vote = class_cast(delivery, parcel->class, message, &is_new);
    }
    const struct delivery_target *target = &options->target;
    if (options->certificate.kinds)
        pack_certificate(delivery, parcel, &options->certificate,
                         target->replicas && target->count == 1 && !options->passed_on ? target->replicas[0] : ID_NONE);
    return place;
}

/* Ends one use. A parcel without uses is freed when the next instant begins: the world may still show its message. */
void parcel_drop(struct delivery *delivery, uint32_t place)
{
    struct parcel *parcel = delivery->parcels.at[place];
    CHECK(parcel->uses);
    parcel->uses--;
    if (parcel->uses == 0)
        vector_push(&delivery->dead_parcels, place);
}

void parcel_free(struct delivery *delivery, uint32_t place)
{
    struct parcel *parcel = delivery->parcels.at[place];
    for (size_t i = 0; i < parcel->certificate.count; i++)
        g_free(parcel->certificate.at[i].votes);
    vector_release(&parcel->certificate);
    g_free(parcel);
    delivery->parcels.at[place] = NULL;
}

void parcels_bury(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->dead_parcels.count; i++) {
        uint32_t place = delivery->dead_parcels.at[i];
        struct parcel *parcel = delivery->parcels.at[place];
        if (parcel->class)
            class_release_use(delivery, parcel->class);
        for (size_t part = 0; part < parcel->certificate.count; part++)
            class_release_use(delivery, parcel->certificate.at[part].class);
        parcel_free(delivery, place);
        vector_push(&delivery->free_parcels, place);
    }
    vector_clear(&delivery->dead_parcels);
}

static void land_certificate(struct delivery *delivery, const struct parcel *parcel, replica_id replica)
{
    for (size_t i = 0; i < parcel->certificate.count; i++) {
        const struct certificate_part *part = &parcel->certificate.at[i];
        votes_land(delivery, part->class, part->votes, part->words, replica);
    }
}

void parcel_land(struct delivery *delivery, uint32_t place, replica_id replica)
{
    struct parcel *parcel = delivery->parcels.at[place];
    const struct message *message = &parcel->message;
    if (parcel->class)
        vote_land(delivery, parcel->class, parcel->vote, replica);
    land_certificate(delivery, parcel, replica);
    if (carries_block(message))
        block_land(delivery, replica, message->block, parcel->with_ancestors);

    bool waits = message->kind == MESSAGE_PROPOSAL && message->block != BLOCK_NONE &&
                 !block_is_here(delivery, replica, message->block);
    if (waits) {
        parcel->uses++;
        block_await(delivery, replica, message->block,
                    (struct wait){.kind = WAIT_MESSAGE, .which = place, .stamp = delivery->stamp});
        return;
    }
    if (message->kind == MESSAGE_PROPOSAL && message->block != BLOCK_NONE)
        block_credit(delivery, replica, message->block, place);
    vector_push(&delivery->landed, (struct landed_parcel){place, replica});
}
