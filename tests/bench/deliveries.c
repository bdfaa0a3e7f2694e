/* SPDX-License-Identifier: MIT */
/*
 * How many vote deliveries a second. Replicas of equal weight run the good case of Tendermint (Buchman, Kwon, Milosevic
 * 2018) with all its watches: whoever gets the proposal prevotes, a quorum of prevotes for it makes it precommit, a
 * quorum of precommits begins the next height, whose first replica to get there proposes. Each row runs in a process of
 * its own, so that its peak memory is its own; the rate counts arrivals over the processor time of the run.
 */
#include "base/vector.h"
#include "delivery/delivery.h"

#include "../unit/network_setup.h"
#include "line.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum vote_type { PREVOTE, PRECOMMIT };
enum tag { LINE_34, LINE_36, LINE_44, LINE_47, LINE_49, LINE_55 };

struct told {
    replica_id replica;
    uint32_t tag; /* UINT32_MAX: the proposal has come */
    block_id block;
};

struct bench {
    uint32_t replicas;
    uint64_t heights;
    struct clock clock;
    struct block_tree tree;
    struct network *network;
    struct delivery *delivery;
    uint64_t *height_of; /* by replica */
    uint64_t proposed;   /* the greatest height that has a proposal */
    VECTOR(struct told) told;
    uint64_t fired;
    uint64_t answers; /* a sum over which watch fired where and when: the same for both backends */
};

static void on_block(void *user, replica_id replica, block_id block, const struct message *message)
{
    (void)user, (void)replica, (void)block, (void)message;
}

static void on_message(void *user, replica_id replica, const struct message *message)
{
    struct bench *bench = user;
    vector_push(&bench->told, (struct told){replica, UINT32_MAX, message->block});
}

static void on_watch(void *user, replica_id replica, uint64_t tag, uint64_t height, uint32_t round, block_id block,
                     const struct message *vote)
{
    (void)round, (void)vote;
    struct bench *bench = user;
    bench->fired++;
    bench->answers += (uint64_t)bench->clock.now.ns * (8 * (uint64_t)replica + tag + 1);
    if (height == bench->height_of[replica])
        vector_push(&bench->told, (struct told){replica, (uint32_t)tag, block});
}

static void on_equivocation(void *user, replica_id replica, const struct message *a, const struct message *b)
{
    (void)user, (void)replica, (void)a, (void)b;
    g_assert_not_reached();
}

static void send(struct bench *bench, struct message message)
{
    message.sent_ns = bench->clock.now.ns;
    message.sender = message.origin;
    message.subject = ID_NONE;
    message.id = message_identify(&message, block_tree_get(&bench->tree, message.block)->hash, 0);
    delivery_send(bench->delivery, &message, &(struct delivery_options){0});
}

static void vote(struct bench *bench, replica_id replica, enum vote_type type, block_id block)
{
    send(bench, (struct message){.kind = MESSAGE_VOTE,
                                 .type = (uint16_t)type,
                                 .height = bench->height_of[replica],
                                 .origin = replica,
                                 .block = block,
                                 .weight = 1});
}

static void propose(struct bench *bench, replica_id replica, block_id parent)
{
    uint64_t height = bench->height_of[replica];
    if (height <= bench->proposed || height > bench->heights)
        return;
    bench->proposed = height;
    struct block block = {.parent = parent, .reference = BLOCK_NONE, .proposer = replica};
    block_id made = block_tree_add(&bench->tree, &block, NULL, 0);
    send(bench, (struct message){.kind = MESSAGE_PROPOSAL, .height = height, .origin = replica, .block = made});
}

static void set(struct bench *bench, replica_id replica, enum tag tag, struct vote_query votes, stake_amount threshold)
{
    struct watch watch = {.votes = votes, .threshold = threshold, .tag = tag};
    watch.within_one_round = tag == LINE_55;
    delivery_watch(bench->delivery, replica, &watch);
}

static void begin_height(struct bench *bench, replica_id replica, block_id parent)
{
    uint64_t height = ++bench->height_of[replica];
    stake_amount quorum = 2 * bench->replicas / 3 + 1, some = bench->replicas / 3 + 1;
    struct vote_query query = votes_of(PREVOTE, height, 0);
    delivery_forget(bench->delivery, replica, height);
    set(bench, replica, LINE_34, query, quorum);
    query.value = WATCH_NIL;
    set(bench, replica, LINE_44, query, quorum);
    query.value = WATCH_SOME_BLOCK;
    query.join_block = true;
    set(bench, replica, LINE_36, query, quorum);
    query = votes_of(PRECOMMIT, height, 0);
    set(bench, replica, LINE_47, query, quorum);
    query.value = WATCH_SOME_BLOCK;
    query.join_block = true;
    set(bench, replica, LINE_49, query, quorum);
    query = votes_of(PREVOTE, height, 1);
    query.kinds |= 1u << PRECOMMIT;
    query.round_last = UINT32_MAX;
    set(bench, replica, LINE_55, query, some);
    propose(bench, replica, parent);
}

static void act(struct bench *bench, const struct told *told)
{
    if (told->tag == UINT32_MAX)
        vote(bench, told->replica, PREVOTE, told->block);
    else if (told->tag == LINE_36)
        vote(bench, told->replica, PRECOMMIT, told->block);
    else if (told->tag == LINE_49)
        begin_height(bench, told->replica, told->block);
}

static void pass_instant(struct bench *bench)
{
    for (size_t i = 0; i < bench->clock.batch.count; i++) {
        const struct clock_item *item = clock_payload(&bench->clock, bench->clock.batch.at[i]);
        if (item) {
            struct clock_item copy = *item;
            delivery_land(bench->delivery, &copy);
        }
    }
    delivery_settle(bench->delivery);
    for (size_t i = 0; i < bench->told.count; i++)
        act(bench, &bench->told.at[i]);
    vector_clear(&bench->told);
}

static void weigh(void *user, electorate_id electorate, stake_amount *weights)
{
    const struct bench *bench = user;
    (void)electorate;
    for (replica_id replica = 0; replica < bench->replicas; replica++)
        weights[replica] = 1;
}

static void set_up(struct bench *bench, enum delivery_backend backend, const char *minimum, const char *maximum)
{
    node_id *node_of = g_new(node_id, bench->replicas);
    for (replica_id replica = 0; replica < bench->replicas; replica++)
        node_of[replica] = replica;
    clock_init(&bench->clock, sizeof(struct clock_item));
    block_tree_init(&bench->tree, 1);
    bench->network =
        setup_network(bench->replicas, SETTINGS("latency", "uniform", "latency.min", minimum, "latency.max", maximum));
    bench->height_of = g_new0(uint64_t, bench->replicas);
    bench->delivery = delivery_new(
        &(struct delivery_settings){.backend = backend,
                                    .replica_count = bench->replicas,
                                    .node_of = node_of,
                                    .tree = &bench->tree,
                                    .network = bench->network,
                                    .clock = &bench->clock,
                                    .kinds = DELIVERY_ITEM_KINDS,
                                    .sink = {on_block, on_message, on_watch, on_equivocation, NULL, NULL, bench},
                                    .voters = {bench->replicas, node_of, weigh}});
    g_free(node_of);
}

static double processor_seconds(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

struct figures {
    uint64_t arrivals, answers;
    double seconds;
};

static struct figures run(uint32_t replicas, uint64_t heights, enum delivery_backend backend, const char *minimum,
                          const char *maximum)
{
    struct bench bench = {.replicas = replicas, .heights = heights};
    set_up(&bench, backend, minimum, maximum);
    double before = processor_seconds();
    for (replica_id replica = 0; replica < replicas; replica++)
        begin_height(&bench, replica, BLOCK_GENESIS);
    while (clock_advance(&bench.clock, TIME_NEVER - 1) == CLOCK_INSTANT)
        pass_instant(&bench);
    struct figures figures = {delivery_counts(bench.delivery).arrivals, bench.answers, processor_seconds() - before};
    g_assert_cmpuint(bench.fired, ==, 4 * heights * replicas);
    delivery_free(bench.delivery);
    network_free(bench.network);
    clock_release(&bench.clock);
    block_tree_release(&bench.tree);
    return figures;
}

struct row {
    uint32_t replicas;
    uint64_t heights;
    const char *delay, *minimum, *maximum;
    bool only_late; /* as events it takes too long */
};

/* Runs in a child process; the peak memory of it in mebibytes. */
static double run_apart(const struct row *row, enum delivery_backend backend, struct figures *figures)
{
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct figures got = run(row->replicas, row->heights, backend, row->minimum, row->maximum);
        _exit(write(ends[1], &got, sizeof got) == sizeof got ? 0 : 1);
    }
    struct rusage usage;
    int status;
    g_assert_cmpint(read(ends[0], figures, sizeof *figures), ==, (gssize)sizeof *figures);
    g_assert_cmpint(wait4(child, &status, 0, &usage), ==, child);
    g_assert_cmpint(status, ==, 0);
    close(ends[0]);
    close(ends[1]);
    return (double)usage.ru_maxrss / 1024;
}

static const char *const backends[] = {[DELIVERY_EVENTS] = "events", [DELIVERY_LATE] = "late"};

/* Both backends, or the one named; whether they told the same. */
static bool print_row(const struct row *row, const char *only)
{
    uint64_t answers = 0;
    bool agree = true;
    for (int backend = DELIVERY_EVENTS; backend <= DELIVERY_LATE; backend++) {
        if ((only && strcmp(only, backends[backend]) != 0) || (row->only_late && backend != DELIVERY_LATE))
            continue;
        struct figures figures;
        double peak = run_apart(row, (enum delivery_backend)backend, &figures);
        agree &= !answers || answers == figures.answers;
        answers = figures.answers;
        printf("%8u  %-13s %-7s %14.1f %10" G_GUINT64_FORMAT " %9.0f%s\n", row->replicas, row->delay, backends[backend],
               (double)figures.arrivals / figures.seconds / 1e6, figures.arrivals, peak, agree ? "" : "  DIFFERS");
        char *what = g_strdup_printf("%s, n=%u, %s", backends[backend], row->replicas, row->delay);
        bench_line(what, (double)figures.arrivals / figures.seconds / 1e6, 0);
        g_free(what);
    }
    return agree;
}

/* Arguments: the number of a row, and the name of a backend; all without. */
int main(int argc, char **argv)
{
    static const struct row rows[] = {
        {100, 100, "80 ms", "80 ms", "80 ms", false},        {100, 100, "40 to 120 ms", "40 ms", "120 ms", false},
        {1000, 4, "80 ms", "80 ms", "80 ms", false},         {1000, 4, "40 to 120 ms", "40 ms", "120 ms", false},
        {4000, 1, "80 ms", "80 ms", "80 ms", false},         {4000, 1, "40 to 120 ms", "40 ms", "120 ms", false},
        {10000, 1, "40 to 120 ms", "40 ms", "120 ms", true},
    };
    bool agree = true;
    printf("%8s  %-13s %-7s %14s %10s %9s\n", "replicas", "delay", "backend", "M deliveries/s", "deliveries",
           "peak MiB");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        if (argc < 2 || (size_t)atoi(argv[1]) == i)
            agree &= print_row(&rows[i], argc > 2 ? argv[2] : NULL);
    return agree ? 0 : 1;
}
