/* SPDX-License-Identifier: MIT */
/* What a view may ask of the votes that a replica holds now. */
#include "delivery/inside.h"

stake_amount delivery_weight(const struct delivery *delivery, replica_id replica, const struct vote_query *query)
{
    return count_watch(delivery, replica, query, false, UINT64_MAX).weight;
}

bool delivery_has_block(const struct delivery *delivery, replica_id replica, block_id block)
{
    return block_is_here(delivery, replica, block);
}

/* Calls visit for each vote held that matches, in no order that means anything. */
static void each_match(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                       void (*visit)(void *user, const struct message *vote), void *user)
{
    count_parts(delivery, replica, query);
    const struct scratch *scratch = delivery->scratch;
    for (size_t i = 0; i < scratch->parts.count; i++) {
        const struct part *part = &scratch->parts.at[i];
        tally_listed(delivery, part->class, replica);
        for (uint32_t vote = 0; vote < part->class->casts.count; vote++)
            if (tally_holds(part->tally, vote) &&
                count_matches(delivery, replica, query, &part->class->values.at[part->class->casts.at[vote].slot]))
                visit(user, class_message(part->class, vote));
    }
}

/* Message ids are hashes; should two be equal, the messages' own fields decide. */
static int compare_messages(const struct message *a, const struct message *b)
{
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    if (a->weight != b->weight)
        return a->weight < b->weight ? -1 : 1;
    if (a->electorate != b->electorate)
        return a->electorate < b->electorate ? -1 : 1;
    return (a->block > b->block) - (a->block < b->block);
}

static int compare_pointers(const void *left, const void *right)
{
    return compare_messages(*(const struct message *const *)left, *(const struct message *const *)right);
}

struct matches {
    VECTOR(const struct message *) list;
};

static void collect(void *user, const struct message *vote)
{
    struct matches *matches = user;
    vector_push(&matches->list, vote);
}

void delivery_each_vote(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                        void (*visit)(void *user, const struct message *vote), void *user)
{
    struct matches matches = {{0}};
    each_match(delivery, replica, query, collect, &matches);
    if (matches.list.count)
        qsort(matches.list.at, matches.list.count, sizeof *matches.list.at, compare_pointers);
    for (size_t i = 0; i < matches.list.count; i++)
        visit(user, matches.list.at[i]);
    vector_release(&matches.list);
}

struct best {
    const struct message *vote;
};

static void prefer(void *user, const struct message *vote)
{
    struct best *best = user;
    if (!best->vote || vote->payload > best->vote->payload ||
        (vote->payload == best->vote->payload && compare_messages(vote, best->vote) < 0))
        best->vote = vote;
}

bool delivery_best_payload(const struct delivery *delivery, replica_id replica, const struct vote_query *query,
                           struct message *best)
{
    struct best found = {0};
    each_match(delivery, replica, query, prefer, &found);
    if (found.vote)
        *best = *found.vote;
    return found.vote != NULL;
}
