/* SPDX-License-Identifier: MIT */
#include "delivery_world.h"

#include "base/random.h"
#include "delivery_oracle.h"

#include "../unit/network_setup.h"

#include <string.h>

#define FIRST_KIND    10u
#define MOVE_KIND     (FIRST_KIND + DELIVERY_ITEM_KINDS)
#define MOST_REPLICAS 5
#define MOST_BLOCKS   12
#define MOST_MOVES    200 /* reactions included */
#define FEW_VOTERS    6
#define MANY_VOTERS   60

/* What kind of world this is; chosen once. */
struct habits {
    bool honest;     /* nobody votes twice at a place */
    bool uneven;     /* a voter's votes differ in weight */
    bool branches;   /* two electorates */
    bool each;       /* some watches want each vote */
    bool everywhere; /* votes go to all, as in a broadcast */
    bool confined;
    bool forgets;
    bool sees_equivocation;
    bool shares_nodes;
    bool guessed;       /* somebody says who will vote, with what weight, and from where */
    bool guessed_badly; /* and is often wrong */
    bool at_home;       /* voters vote from where they were said to */
    uint32_t voters;
    time_ns span_ns; /* moves happen within */
};

struct test_world {
    enum world_subject subject;
    struct world_options options;
    struct habits habits;
    struct random_stream stream;
    struct clock *clock;
    struct block_tree *tree;
    struct network *network;
    struct delivery *delivery;
    struct oracle *oracle;
    uint32_t replicas;
    node_id node_of[MOST_REPLICAS];
    replica_id home_of[7 * MANY_VOTERS];
    VECTOR(struct message) cast; /* every vote */
    uint32_t moved, clone_at;
    struct log told; /* in this instant */
    struct log log;
};

static uint64_t below(struct test_world *world, uint64_t bound)
{
    return random_below(&world->stream, bound);
}

static bool one_in(struct test_world *world, uint64_t count)
{
    return below(world, count) == 0;
}

/* ---- the subject ---- */

static void send(struct test_world *world, const struct message *message, const struct delivery_options *options)
{
    if (world->oracle)
        oracle_send(world->oracle, message, options);
    else
        delivery_send(world->delivery, message, options);
}

static void set_watch(struct test_world *world, replica_id replica, const struct watch *watch)
{
    if (world->oracle)
        oracle_watch(world->oracle, replica, watch);
    else
        delivery_watch(world->delivery, replica, watch);
}

static void unset_watch(struct test_world *world, replica_id replica, uint64_t tag)
{
    if (world->oracle)
        oracle_unwatch(world->oracle, replica, tag);
    else
        delivery_unwatch(world->delivery, replica, tag);
}

static void forget(struct test_world *world, replica_id replica, uint64_t height)
{
    if (world->oracle)
        oracle_forget(world->oracle, replica, height);
    else
        delivery_forget(world->delivery, replica, height);
}

static void confine(struct test_world *world, replica_id replica, const bool *members)
{
    if (world->oracle)
        oracle_confine(world->oracle, replica, members);
    else
        delivery_confine(world->delivery, replica, members);
}

/* ---- the log ---- */

static void tell(struct test_world *world, struct told told)
{
    told.at = world->clock->now;
    vector_push(&world->told, told);
}

static void on_block(void *user, replica_id replica, block_id block, const struct message *message)
{
    tell(user,
         (struct told){.kind = TOLD_BLOCK, .replica = replica, .block = block, .first = message ? message->id : 0});
}

static void on_message(void *user, replica_id replica, const struct message *message)
{
    tell(user, (struct told){.kind = TOLD_MESSAGE, .replica = replica, .block = message->block, .first = message->id});
}

static void on_watch(void *user, replica_id replica, uint64_t tag, uint64_t height, uint32_t round, block_id block,
                     const struct message *vote)
{
    tell(user, (struct told){.kind = TOLD_WATCH,
                             .replica = replica,
                             .tag = tag,
                             .height = height,
                             .round = round,
                             .block = block,
                             .first = vote ? vote->id : 0});
}

static void on_equivocation(void *user, replica_id replica, const struct message *a, const struct message *b)
{
    tell(user, (struct told){.kind = TOLD_EQUIVOCATION, .replica = replica, .first = a->id, .second = b->id});
}

#define COMPARE(field)                                                                                                 \
    if (a->field != b->field)                                                                                          \
    return a->field < b->field ? -1 : 1

static int compare_told(const void *left, const void *right)
{
    const struct told *a = left, *b = right;
    COMPARE(at.ns);
    COMPARE(at.microstep);
    COMPARE(kind);
    COMPARE(replica);
    COMPARE(tag);
    COMPARE(height);
    COMPARE(round);
    COMPARE(block);
    COMPARE(number);
    COMPARE(first);
    COMPARE(second);
    return 0;
}

size_t log_difference(const struct log *a, const struct log *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (compare_told(&a->at[i], &b->at[i]) != 0)
            return i;
    return a->count == b->count ? SIZE_MAX : MIN(a->count, b->count);
}

void log_print(const char *name, const struct log *log, size_t from, size_t to)
{
    static const char *const kinds[] = {"block",  "message", "watch",   "equivocation",
                                        "weight", "votes",   "payload", "heaviest"};
    for (size_t i = from; i < to && i < log->count; i++) {
        const struct told *told = &log->at[i];
        g_test_message("%s %zu: (%" G_GINT64_FORMAT ", %u) %s replica %u tag %" G_GUINT64_FORMAT
                       " height %" G_GUINT64_FORMAT " round %u block %d number %" G_GUINT64_FORMAT
                       " %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x",
                       name, i, told->at.ns, told->at.microstep, kinds[told->kind], told->replica, told->tag,
                       told->height, told->round, (int)told->block, told->number, told->first, told->second);
    }
}

/* ---- what may be said ---- */

static block_id any_block(struct test_world *world)
{
    return one_in(world, 5) ? BLOCK_NONE : (block_id)below(world, world->tree->blocks.count);
}

static uint64_t hash_of(const struct test_world *world, block_id block)
{
    return block == BLOCK_NONE ? 0 : block_tree_get(world->tree, block)->hash;
}

static struct delivery_options any_options(struct test_world *world)
{
    static const time_ns extra[] = {0, 0, 0, 0, 1, 2, 30};
    static replica_id chosen[MOST_REPLICAS];
    struct delivery_options options = {.extra_delay_ns = extra[below(world, 7)],
                                       .receiver_ns = (time_ns)below(world, 2)};
    if (!world->habits.everywhere && one_in(world, 3)) {
        options.target.replicas = chosen;
        for (replica_id replica = 0; replica < world->replicas; replica++)
            if (one_in(world, 2))
                chosen[options.target.count++] = replica;
    }
    return options;
}

static void identify(struct test_world *world, struct message *message, uint32_t repetition)
{
    message->sent_ns = world->clock->now.ns;
    message->size_bytes = 100;
    message->id = message_identify(message, hash_of(world, message->block), repetition);
}

/* A weight that is the same whenever the same is said. */
static stake_amount weight_of(const struct test_world *world, const struct message *vote)
{
    static const stake_amount by_voter[FEW_VOTERS] = {1, 2, 3, 1, 1, 4};
    stake_amount weight = by_voter[vote->sender / 7 % FEW_VOTERS];
    if (world->habits.uneven)
        weight = (vote->round * 3 + vote->type + hash_of(world, vote->block) % 5 + weight) % 6;
    return weight;
}

/* What delivery is told to expect: weights of votes that are even, or anything. */
static void weigh(void *user, electorate_id electorate, stake_amount *weights)
{
    const struct test_world *world = user;
    for (validator_id voter = 0; voter < 7 * world->habits.voters; voter += 7) {
        struct message vote = {.sender = voter};
        uint64_t salt = (voter / 7 + electorate) * 2654435761u >> 7;
        weights[voter] = world->habits.uneven ? 5 : weight_of(world, &vote);
        if (world->habits.guessed_badly)
            weights[voter] = salt % 4 == 0 ? 0 : weights[voter] * (salt % 3);
    }
}

static bool has_voted(const struct test_world *world, const struct message *vote)
{
    for (size_t i = 0; i < world->cast.count; i++) {
        const struct message *other = &world->cast.at[i];
        if (other->sender == vote->sender && other->type == vote->type && other->height == vote->height &&
            other->round == vote->round)
            return true;
    }
    return false;
}

static void cast_vote(struct test_world *world, replica_id origin)
{
    struct message vote = {.kind = MESSAGE_VOTE,
                           .type = (uint16_t)below(world, 3),
                           .height = 1 + below(world, 2),
                           .round = (uint32_t)below(world, 2),
                           .sender = (validator_id)(7 * below(world, world->habits.voters)),
                           .block = any_block(world),
                           .payload = one_in(world, 8),
                           .origin = origin,
                           .subject = ID_NONE};
    if (world->habits.at_home)
        vote.origin = world->home_of[vote.sender];
    vote.electorate = world->habits.branches && vote.block != BLOCK_NONE ? vote.block % 2 : 0;
    vote.weight = weight_of(world, &vote);
    if (world->habits.honest && has_voted(world, &vote))
        return;
    identify(world, &vote, 0);
    struct delivery_options options = any_options(world);
    vector_push(&world->cast, vote);
    send(world, &vote, &options);
}

static void cast_again(struct test_world *world)
{
    if (world->cast.count == 0)
        return;
    struct message vote = world->cast.at[below(world, world->cast.count)];
    vote.sent_ns = world->clock->now.ns;
    struct delivery_options options = any_options(world);
    send(world, &vote, &options);
}

static void propose(struct test_world *world, replica_id origin)
{
    struct message proposal = {.kind = MESSAGE_PROPOSAL,
                               .height = 1 + below(world, 2),
                               .round = (uint32_t)below(world, 2),
                               .sender = (validator_id)(7 * below(world, 2)),
                               .origin = origin,
                               .subject = ID_NONE};
    bool is_new = world->tree->blocks.count < MOST_BLOCKS && !one_in(world, 4);
    if (is_new) {
        struct block block = {.parent = (block_id)below(world, world->tree->blocks.count),
                              .reference = BLOCK_NONE,
                              .proposer = proposal.sender,
                              .variant = (uint32_t)world->tree->blocks.count};
        proposal.block = block_tree_add(world->tree, &block, NULL, 0);
    } else {
        proposal.block = (block_id)below(world, world->tree->blocks.count);
    }
    identify(world, &proposal, world->moved);
    struct delivery_options options = any_options(world);
    options.with_ancestors = one_in(world, 4);
    send(world, &proposal, &options);
}

static struct vote_query any_query(struct test_world *world)
{
    struct vote_query query = votes_of((uint16_t)below(world, 3), 1 + below(world, 2), (uint32_t)below(world, 2));
    if (one_in(world, 3))
        query.kinds |= 1u << below(world, 3);
    if (one_in(world, 4))
        query.height_last = UINT64_MAX;
    if (one_in(world, 3))
        query.round_last = one_in(world, 2) ? UINT32_MAX : 1;
    query.value = (enum watch_value)below(world, 5);
    query.block = query.value == WATCH_SUBTREE || query.value == WATCH_BLOCK
                      ? (block_id)below(world, world->tree->blocks.count)
                      : BLOCK_NONE;
    query.duplicates = (enum watch_duplicates)below(world, 4);
    query.join_block = one_in(world, 3);
    if (world->habits.branches && one_in(world, 2))
        query.electorate = (electorate_id)below(world, 2);
    return query;
}

static void respond(struct test_world *world, replica_id origin)
{
    struct message response = {
        .kind = MESSAGE_RESPONSE, .block = any_block(world), .sender = ID_NONE, .origin = origin, .subject = ID_NONE};
    identify(world, &response, world->moved);
    replica_id to = (replica_id)below(world, world->replicas);
    struct delivery_options options = {.target = {&to, 1}, .with_ancestors = one_in(world, 2)};
    if (!one_in(world, 3))
        options.certificate = any_query(world);
    send(world, &response, &options);
}

static void say_other(struct test_world *world, replica_id origin)
{
    static const uint8_t kinds[] = {MESSAGE_OTHER, MESSAGE_REQUEST, MESSAGE_EVIDENCE};
    struct message other = {
        .kind = kinds[below(world, 3)], .block = any_block(world), .sender = 7, .origin = origin, .subject = ID_NONE};
    identify(world, &other, world->moved);
    struct delivery_options options = any_options(world);
    send(world, &other, &options);
}

static void watch(struct test_world *world, replica_id replica)
{
    struct watch set = {.votes = any_query(world),
                        .threshold = 1 + below(world, 10 * world->habits.voters / FEW_VOTERS),
                        .tag = below(world, 6)};
    set.within_one_round = one_in(world, 3);
    if (one_in(world, 5))
        set.not_before_ns = world->clock->now.ns + (time_ns)below(world, (uint64_t)world->habits.span_ns / 2 + 1);
    set.each_vote = world->habits.each && one_in(world, 6);
    set_watch(world, replica, &set);
}

/* ---- questions ---- */

static void add_vote(void *user, const struct message *vote)
{
    uint64_t *sum = user;
    *sum = *sum * 31 + vote->id;
}

static void ask(struct test_world *world, replica_id replica)
{
    struct vote_query query = any_query(world);
    struct told weight = {.kind = TOLD_WEIGHT, .replica = replica}, votes = {.kind = TOLD_VOTES, .replica = replica},
                payload = {.kind = TOLD_PAYLOAD, .replica = replica},
                heaviest = {.kind = TOLD_HEAVIEST, .replica = replica};
    struct message best = {0};
    stake_amount threshold = below(world, 6);
    if (world->oracle) {
        weight.number = oracle_weight(world->oracle, replica, &query);
        oracle_each_vote(world->oracle, replica, &query, add_vote, &votes.number);
        payload.number = oracle_best_payload(world->oracle, replica, &query, &best);
        heaviest.block = oracle_heaviest_subtree(world->oracle, replica, &query, BLOCK_GENESIS, threshold);
        heaviest.number = oracle_has_block(world->oracle, replica, heaviest.block);
    } else {
        weight.number = delivery_weight(world->delivery, replica, &query);
        delivery_each_vote(world->delivery, replica, &query, add_vote, &votes.number);
        payload.number = delivery_best_payload(world->delivery, replica, &query, &best);
        heaviest.block = delivery_heaviest_subtree(world->delivery, replica, &query, BLOCK_GENESIS, threshold);
        heaviest.number = delivery_has_block(world->delivery, replica, heaviest.block);
    }
    payload.first = best.id;
    tell(world, weight);
    tell(world, votes);
    tell(world, payload);
    tell(world, heaviest);
}

/* ---- moves ---- */

static void continue_with_clone(struct test_world *world)
{
    struct clock *clock = g_new0(struct clock, 1);
    struct block_tree *tree = g_new0(struct block_tree, 1);
    clock_clone(clock, world->clock);
    block_tree_clone(tree, world->tree);
    struct delivery *delivery = delivery_clone(world->delivery, tree, world->network, NULL, clock, world);
    delivery_free(world->delivery);
    clock_release(world->clock);
    block_tree_release(world->tree);
    g_free(world->clock);
    g_free(world->tree);
    world->clock = clock;
    world->tree = tree;
    world->delivery = delivery;
}

static void move(struct test_world *world, replica_id replica)
{
    if (world->moved++ >= (world->options.crowded ? 4 : 1) * MOST_MOVES)
        return;
    uint64_t kind = below(world, 100);
    if (kind < 42)
        cast_vote(world, replica);
    else if (kind < 45 && !world->habits.honest)
        cast_again(world);
    else if (kind < 57)
        propose(world, replica);
    else if (kind < 60)
        respond(world, replica);
    else if (kind < 62)
        say_other(world, replica);
    else if (kind < 87)
        watch(world, replica);
    else if (kind < 89)
        unset_watch(world, replica, below(world, 6));
    else if (kind < 91 && world->habits.forgets)
        forget(world, replica, 1 + below(world, 3));
    else
        ask(world, replica);
}

/* Half of the watches that fire make their replica do something at once: effects of the next microstep. */
static void react(struct test_world *world)
{
    for (size_t i = 0; i < world->told.count; i++)
        if (world->told.at[i].kind == TOLD_WATCH && one_in(world, 2))
            move(world, world->told.at[i].replica);
}

static void pass_instant(struct test_world *world)
{
    VECTOR(struct clock_item) items = {0};
    for (size_t i = 0; i < world->clock->batch.count; i++) {
        const struct clock_item *item = clock_payload(world->clock, world->clock->batch.at[i]);
        if (item)
            vector_push(&items, *item);
    }
    for (size_t i = 0; i < items.count; i++) {
        if (items.at[i].kind == MOVE_KIND)
            continue;
        if (world->oracle)
            oracle_land(world->oracle, &items.at[i]);
        else
            delivery_land(world->delivery, &items.at[i]);
    }
    if (world->oracle)
        oracle_settle(world->oracle);
    else
        delivery_settle(world->delivery);

    if (world->told.count)
        qsort(world->told.at, world->told.count, sizeof *world->told.at, compare_told);
    for (size_t i = 0; i < world->told.count; i++)
        vector_push(&world->log, world->told.at[i]);
    react(world);
    for (size_t i = 0; i < items.count; i++)
        if (items.at[i].kind == MOVE_KIND) {
            if (world->options.clone_midway && items.at[i].data == world->clone_at && world->delivery)
                continue_with_clone(world);
            move(world, (replica_id)below(world, world->replicas));
        }
    for (size_t i = 0; i < world->told.count; i++) /* answers come after what was told at first */
        if (world->told.at[i].kind >= TOLD_WEIGHT)
            vector_push(&world->log, world->told.at[i]);
    vector_clear(&world->told);
    vector_release(&items);
}

/* ---- making a world ---- */

static struct habits choose_habits(struct test_world *world)
{
    static const time_ns spans[] = {12, 60, 400, 40 * SECOND};
    return (struct habits){.honest = !one_in(world, 3),
                           .uneven = one_in(world, 4),
                           .branches = one_in(world, 4),
                           .each = one_in(world, 3),
                           .everywhere = !one_in(world, 3),
                           .confined = one_in(world, 6),
                           .forgets = one_in(world, 2),
                           .sees_equivocation = one_in(world, 2),
                           .shares_nodes = one_in(world, 4),
                           .guessed = !one_in(world, 4),
                           .guessed_badly = one_in(world, 3),
                           .at_home = one_in(world, 2),
                           .voters = world->options.crowded ? MANY_VOTERS : FEW_VOTERS,
                           .span_ns = spans[below(world, 4)]};
}

/* Delays of some links that change in the course of a world, and change back, and again. */
static void change_links(struct test_world *world, struct network *network, time_ns from, time_ns until)
{
    static const bool some[MOST_REPLICAS] = {true, false, true}, others[MOST_REPLICAS] = {false, true, false, true};
    const struct network_congestion daily = {
        .extra_ns = until - from, .period_ns = until - from + 1, .peak_ns = from / 2};
    network_slow_links(network, from, until, &(struct network_links){some, one_in(world, 2) ? others : NULL},
                       (time_ns)below(world, 3), (struct ratio){(uint64_t)below(world, 4), 2});
    network_repeat(network, until + 1, 2 * until - from + 1);
    if (one_in(world, 2))
        network_throttle(network, from, until, others, 1000000000);
    if (one_in(world, 2))
        g_assert_true(network_congest(network, from, TIME_NEVER, some, &daily, NULL));
}

static struct network *choose_network(struct test_world *world)
{
    static const char *const delays[][2] = {{"0 ns", "0 ns"}, {"0 ns", "2 ns"},  {"5 ns", "5 ns"},
                                            {"1 ns", "9 ns"}, {"0 ns", "80 ns"}, {"1 s", "15 s"}};
    const char *const *delay = delays[below(world, G_N_ELEMENTS(delays))];
    struct random_seed seed = {.seed = world->options.seed};
    struct network *network =
        network_new(setup_params(SETTINGS("latency", "uniform", "latency.min", delay[0], "latency.max", delay[1])),
                    MOST_REPLICAS, NULL, &seed, NULL);
    g_assert_nonnull(network);
    time_ns span_ns = world->habits.span_ns;
    time_ns from = (time_ns)below(world, (uint64_t)span_ns),
            until = from + 1 + (time_ns)below(world, (uint64_t)span_ns);
    if (one_in(world, 3))
        network_outage(network, (node_id)below(world, MOST_REPLICAS), from, one_in(world, 4) ? TIME_NEVER : until,
                       one_in(world, 3));
    if (one_in(world, 3)) {
        uint8_t side[MOST_REPLICAS];
        for (int i = 0; i < MOST_REPLICAS; i++)
            side[i] = (uint8_t)below(world, 3);
        network_partition(network, from, until, side, one_in(world, 3));
    }
    if (one_in(world, 4)) {
        bool in[MOST_REPLICAS] = {true, true, true, true, true};
        struct network_retry retry = {.after_ns = span_ns / 4 + 1, .most = 2, .doubles = true};
        if (one_in(world, 2))
            network_lose(network, 0, TIME_NEVER, in, (struct ratio){1, 5});
        else
            network_lose_and_retry(network, 0, TIME_NEVER, &(struct network_links){.in = in}, (struct ratio){1, 2},
                                   &retry);
    }
    if (world->options.number % 4 == 3)
        change_links(world, network, from, until);
    return network;
}

static void choose_confinement(struct test_world *world)
{
    bool members[MOST_REPLICAS];
    for (int i = 0; i < MOST_REPLICAS; i++)
        members[i] = one_in(world, 2);
    confine(world, 0, members);
}

static struct delivery_voters choose_voters(struct test_world *world)
{
    for (size_t voter = 0; voter < G_N_ELEMENTS(world->home_of); voter++) {
        world->home_of[voter] = (replica_id)below(world, world->replicas);
        if (world->habits.guessed_badly && !world->habits.at_home && one_in(world, 8))
            world->home_of[voter] = ID_NONE;
    }
    if (!world->habits.guessed)
        return (struct delivery_voters){0};
    return (struct delivery_voters){7 * world->habits.voters, world->home_of, weigh};
}

static void build(struct test_world *world)
{
    struct random_seed seed = {.seed = world->options.number};
    random_stream_init(&world->stream, &seed, RANDOM_TEST, 0);
    world->habits = choose_habits(world);
    world->network = choose_network(world);
    world->clock = g_new0(struct clock, 1);
    world->tree = g_new0(struct block_tree, 1);
    clock_init(world->clock, sizeof(struct clock_item));
    block_tree_init(world->tree, 77);
    world->replicas = 2 + (uint32_t)below(world, MOST_REPLICAS - 1);
    for (replica_id replica = 0; replica < world->replicas; replica++)
        world->node_of[replica] = world->habits.shares_nodes ? replica / 2 : replica;
    struct delivery_settings settings = {
        .backend = world->subject == SUBJECT_LATE ? DELIVERY_LATE : DELIVERY_EVENTS,
        .replica_count = world->replicas,
        .node_of = world->node_of,
        .tree = world->tree,
        .network = world->network,
        .clock = world->clock,
        .first_kind = FIRST_KIND,
        .kinds = DELIVERY_ITEM_KINDS,
        .sees_equivocation = world->habits.sees_equivocation,
        .sink = {on_block, on_message, on_watch, on_equivocation, NULL, NULL, world},
        .voters = choose_voters(world),
        .plant = world->options.plant,
    };
    if (world->subject == SUBJECT_ORACLE)
        world->oracle = oracle_new(&settings);
    else
        world->delivery = delivery_new(&settings);
    if (world->habits.confined)
        choose_confinement(world);
    world->clone_at = (uint32_t)below(world, world->options.moves);
    for (uint32_t i = 0; i < world->options.moves; i++)
        clock_put(world->clock, (time_ns)below(world, (uint64_t)world->habits.span_ns),
                  (struct clock_item){MOVE_KIND, 0, i});
}

struct log world_log(enum world_subject subject, const struct world_options *options)
{
    struct test_world *world = g_new0(struct test_world, 1);
    world->subject = subject;
    world->options = *options;
    build(world);
    while (clock_advance(world->clock, TIME_NEVER - 1) == CLOCK_INSTANT)
        pass_instant(world);
    struct log log = world->log;
    delivery_free(world->delivery);
    if (world->oracle)
        oracle_free(world->oracle);
    network_free(world->network);
    clock_release(world->clock);
    block_tree_release(world->tree);
    vector_release(&world->cast);
    vector_release(&world->told);
    g_free(world->clock);
    g_free(world->tree);
    g_free(world);
    return log;
}
