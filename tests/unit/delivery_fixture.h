/* SPDX-License-Identifier: MIT */
/*
 * One chain's delivery with everything that it needs, and a list of what it told. Nodes are 10 ms apart unless the
 * fixture's network is another. fixture_run lets time pass; between two calls a test sends, watches and asks.
 */
#ifndef POSIM_TESTS_UNIT_DELIVERY_FIXTURE_H
#define POSIM_TESTS_UNIT_DELIVERY_FIXTURE_H

#include "base/vector.h"
#include "delivery/delivery.h"

#include "network_setup.h"

#define FIXTURE_MOST_REPLICAS 256
#define FIXTURE_FIRST_KIND    100u

enum fixture_kind { FIXTURE_BLOCK, FIXTURE_MESSAGE, FIXTURE_WATCH, FIXTURE_EQUIVOCATION, FIXTURE_DELIVERED };

struct fixture_told {
    enum fixture_kind kind;
    struct instant at;
    replica_id replica;
    uint64_t tag, height;
    uint32_t round;
    block_id block;
    validator_id voter; /* EQUIVOCATION: whose; each_vote watches: whose vote */
};

struct fixture {
    struct clock clock;
    struct block_tree tree;
    struct network *network;
    struct delivery *delivery;
    uint32_t replicas;
    VECTOR(struct fixture_told) told;
};

static inline void fixture_tell(struct fixture *fixture, struct fixture_told told)
{
    told.at = fixture->clock.now;
    vector_push(&fixture->told, told);
}

static inline void fixture_on_block(void *user, replica_id replica, block_id block, const struct message *message)
{
    (void)message;
    fixture_tell(user, (struct fixture_told){.kind = FIXTURE_BLOCK, .replica = replica, .block = block});
}

static inline void fixture_on_message(void *user, replica_id replica, const struct message *message)
{
    fixture_tell(user, (struct fixture_told){.kind = FIXTURE_MESSAGE,
                                             .replica = replica,
                                             .height = message->height,
                                             .round = message->round,
                                             .block = message->block});
}

static inline void fixture_on_watch(void *user, replica_id replica, uint64_t tag, uint64_t height, uint32_t round,
                                    block_id block, const struct message *vote)
{
    fixture_tell(user, (struct fixture_told){.kind = FIXTURE_WATCH,
                                             .replica = replica,
                                             .tag = tag,
                                             .height = height,
                                             .round = round,
                                             .block = block,
                                             .voter = vote ? vote->sender : ID_NONE});
}

static inline void fixture_on_equivocation(void *user, replica_id replica, const struct message *a,
                                           const struct message *b)
{
    g_assert_cmpuint(a->sender, ==, b->sender);
    fixture_tell(user, (struct fixture_told){.kind = FIXTURE_EQUIVOCATION, .replica = replica, .voter = a->sender});
}

static inline void fixture_on_delivered(void *user, replica_id replica, const struct message *message)
{
    fixture_tell(user, (struct fixture_told){.kind = FIXTURE_DELIVERED, .replica = replica, .voter = message->sender});
}

/* Takes over the network; NULL: 10 ms between any two. */
static inline struct fixture *fixture_new(enum delivery_backend backend, uint32_t replicas, struct network *network)
{
    static node_id node_of[FIXTURE_MOST_REPLICAS];
    struct fixture *fixture = g_new0(struct fixture, 1);
    g_assert_cmpuint(replicas, <=, FIXTURE_MOST_REPLICAS);
    for (replica_id replica = 0; replica < replicas; replica++)
        node_of[replica] = replica;
    fixture->replicas = replicas;
    fixture->network =
        network ? network : setup_network(replicas, SETTINGS("latency", "constant", "latency.delay", "10 ms"));
    clock_init(&fixture->clock, sizeof(struct clock_item));
    block_tree_init(&fixture->tree, 7);
    fixture->delivery = delivery_new(&(struct delivery_settings){
        .backend = backend,
        .replica_count = replicas,
        .node_of = node_of,
        .tree = &fixture->tree,
        .network = fixture->network,
        .clock = &fixture->clock,
        .first_kind = FIXTURE_FIRST_KIND,
        .kinds = DELIVERY_ITEM_KINDS,
        .sees_equivocation = true,
        .sink = {.block = fixture_on_block,
                 .message = fixture_on_message,
                 .watch = fixture_on_watch,
                 .equivocation = fixture_on_equivocation,
                 .delivered = backend == DELIVERY_EVENTS ? fixture_on_delivered : NULL,
                 .user = fixture},
    });
    return fixture;
}

static inline void fixture_free(struct fixture *fixture)
{
    delivery_free(fixture->delivery);
    network_free(fixture->network);
    clock_release(&fixture->clock);
    block_tree_release(&fixture->tree);
    vector_release(&fixture->told);
    g_free(fixture);
}

static inline void fixture_settle(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->clock.batch.count; i++) {
        const struct clock_item *payload = clock_payload(&fixture->clock, fixture->clock.batch.at[i]);
        if (payload && payload->kind >= FIXTURE_FIRST_KIND) {
            struct clock_item item = *payload;
            delivery_land(fixture->delivery, &item);
        }
    }
    delivery_settle(fixture->delivery);
}

/* Lets time pass up to and including `until_ns`, which has an instant of its own; if it is now, another microstep. */
static inline void fixture_run(struct fixture *fixture, time_ns until_ns)
{
    clock_put(&fixture->clock, until_ns, (struct clock_item){0, 0, 0});
    while (clock_advance(&fixture->clock, until_ns) == CLOCK_INSTANT)
        fixture_settle(fixture);
}

/* How many things of a kind were told to a replica (ID_NONE: to any); the last of them to *last unless it is NULL. */
static inline unsigned fixture_count(const struct fixture *fixture, enum fixture_kind kind, replica_id replica,
                                     struct fixture_told *last)
{
    unsigned count = 0;
    for (size_t i = 0; i < fixture->told.count; i++) {
        const struct fixture_told *told = &fixture->told.at[i];
        if (told->kind != kind || (replica != ID_NONE && told->replica != replica))
            continue;
        count++;
        if (last)
            *last = *told;
    }
    return count;
}

static inline block_id fixture_block(struct fixture *fixture, block_id parent)
{
    struct block block = {.parent = parent, .reference = BLOCK_NONE, .variant = (uint32_t)fixture->tree.blocks.count};
    return block_tree_add(&fixture->tree, &block, NULL, 0);
}

/* Fills in what every message needs and sends it to all. */
static inline void fixture_send(struct fixture *fixture, struct message message, struct delivery_options options)
{
    static uint32_t repetition;
    bool repeats = message.kind != MESSAGE_VOTE;
    message.sent_ns = fixture->clock.now.ns;
    message.subject = ID_NONE;
    uint64_t hash = message.block == BLOCK_NONE ? 0 : block_tree_get(&fixture->tree, message.block)->hash;
    message.id = message_identify(&message, hash, repeats ? repetition++ : 0);
    delivery_send(fixture->delivery, &message, &options);
}

static inline void fixture_propose(struct fixture *fixture, replica_id origin, uint64_t height, uint32_t round,
                                   block_id block)
{
    fixture_send(fixture,
                 (struct message){.kind = MESSAGE_PROPOSAL,
                                  .origin = origin,
                                  .sender = origin,
                                  .height = height,
                                  .round = round,
                                  .block = block},
                 (struct delivery_options){0});
}

/* A vote by the validator from the replica of the same number, or from replica 0 where there is none. */
static inline void fixture_vote(struct fixture *fixture, validator_id voter, stake_amount weight, uint16_t type,
                                uint64_t height, uint32_t round, block_id block)
{
    fixture_send(fixture,
                 (struct message){.kind = MESSAGE_VOTE,
                                  .type = type,
                                  .origin = voter < fixture->replicas ? voter : 0,
                                  .sender = voter,
                                  .weight = weight,
                                  .height = height,
                                  .round = round,
                                  .block = block},
                 (struct delivery_options){0});
}

static inline void fixture_watch(struct fixture *fixture, replica_id replica, uint64_t tag, struct vote_query votes,
                                 stake_amount threshold)
{
    struct watch watch = {.votes = votes, .threshold = threshold, .tag = tag};
    delivery_watch(fixture->delivery, replica, &watch);
}

#endif
