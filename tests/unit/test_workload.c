/* SPDX-License-Identifier: MIT */
/* Transactions without a world: blocks are made at times that the test chooses. */
#include "base/quantity.h"
#include "base/vector.h"
#include "workload/workload.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

/* What a workload told. */
struct told {
    struct trace_sink sink;
    VECTOR(struct trace_cohort) cohorts;
    VECTOR(struct trace_carried) carried;
    VECTOR(struct trace_filling) fillings;
    VECTOR(struct trace_loss) losses;
    struct trace_mempool mempool;
};

static void listen(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct told *told = (struct told *)sink;
    if (kind == TRACE_COHORT)
        vector_push(&told->cohorts, *(const struct trace_cohort *)row);
    else if (kind == TRACE_CARRIED)
        vector_push(&told->carried, *(const struct trace_carried *)row);
    else if (kind == TRACE_FILLING)
        vector_push(&told->fillings, *(const struct trace_filling *)row);
    else if (kind == TRACE_LOSS)
        vector_push(&told->losses, *(const struct trace_loss *)row);
    else if (kind == TRACE_MEMPOOL)
        told->mempool = *(const struct trace_mempool *)row;
}

static void told_release(struct told *told)
{
    vector_release(&told->cohorts);
    vector_release(&told->carried);
    vector_release(&told->fillings);
    vector_release(&told->losses);
}

static const struct param_variant *variant(const struct param_variants *variants, const char *name)
{
    for (size_t i = 0; i < variants->count; i++)
        if (strcmp(variants->list[i].name, name) == 0)
            return &variants->list[i];
    g_assert_not_reached();
}

/* What a scenario would say; the test changes what it is about. */
struct setting {
    struct workload_drawn drawn;
    struct workload_trace trace;
    struct amount_constant size, fee;
    struct param_variant_value chosen;
};

static const struct param_variants *variants_of(const struct param_table *table, const char *key)
{
    return param_table_find(table, key)->variants;
}

/* Without a spread, kept in full, transactions of 100 bytes with a fee of 100. */
static void set_up(struct setting *setting, const char *kind, uint64_t rate)
{
    memset(setting, 0, sizeof *setting);
    setting->chosen.variant = variant(&workload_kinds, kind);
    const struct param_table *table = setting->chosen.variant->table;
    bool is_trace = strcmp(kind, "trace") == 0;
    setting->chosen.value = is_trace ? (void *)&setting->trace : (void *)&setting->drawn;
    param_table_defaults(table, setting->chosen.value);
    struct workload_common *common = setting->chosen.value;
    common->detail = DETAIL_FULL;
    common->spread_ns = 0;
    common->mempool.transactions = common->mempool.expiry_ns = PARAM_ABSENT;
    common->mempool.bytes = (uint64_t)PARAM_ABSENT;
    if (is_trace)
        return;
    setting->size.value = setting->fee.value = 100;
    setting->drawn.rate = rate * TX_RATE_ONE;
    setting->drawn.size = (struct param_variant_value){variant(variants_of(table, "size"), "constant"), &setting->size};
    setting->drawn.fee = (struct param_variant_value){variant(variants_of(table, "fee"), "constant"), &setting->fee};
}

static struct workload *start(const struct setting *setting, struct told *told, uint64_t seed)
{
    static const char *const regions[] = {"here", "here", "there"};
    struct workload_nodes nodes = {3, regions};
    struct random_seed root = {.seed = seed};
    struct workload *workload;
    GError *error = NULL;
    *told = (struct told){.sink.row = listen};
    workload_new(&setting->chosen, 0, &root, &nodes, &told->sink, &workload, &error);
    g_assert_no_error(error);
    return workload;
}

static uint32_t make(struct workload *workload, block_id parent, block_id id, time_ns now_ns, uint64_t bytes,
                     uint32_t transactions)
{
    struct workload_load room = {bytes, transactions};
    struct workload_load load = workload_fill(workload, parent, 0, now_ns, &room);
    workload_made(workload, id);
    return load.transactions;
}

/* A chain of blocks, one each `interval`, each of which becomes the head at once. */
static void run_chain(struct workload *workload, uint32_t blocks, time_ns interval_ns, uint64_t bytes,
                      uint32_t transactions)
{
    for (block_id id = 1; id <= blocks; id++) {
        make(workload, id - 1, id, id * interval_ns, bytes, transactions);
        workload_head(workload, id, id * interval_ns);
    }
}

/* Mean and variance of the wait until a block, over all that was carried. */
static double mean_wait(const struct told *told, time_ns interval_ns)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < told->carried.count; i++) {
        const struct trace_carried *row = &told->carried.at[i];
        const struct trace_cohort *cohort = &told->cohorts.at[row->cohort];
        double middle = (double)(cohort->first_ns + cohort->last_ns) / 2;
        sum += ((double)row->block * (double)interval_ns - middle) * row->transactions;
        count += row->transactions;
    }
    return sum / count / (double)SECOND;
}

/* With room for all, a Poisson arrival waits for half an interval; so says a summary, too. */
static void waits_half_an_interval_at_low_load(void)
{
    for (int detail = DETAIL_FULL; detail <= DETAIL_SUMMARY; detail++) {
        struct setting setting;
        struct told told;
        set_up(&setting, "poisson", 50);
        setting.drawn.common.detail = detail;
        struct workload *workload = start(&setting, &told, 7);
        run_chain(workload, 1000, 2 * SECOND, 1000000, 10000);
        /* 100,000 waits, uniform on 2 s: their mean is within 5 standard errors, 5 * .577 / sqrt(100,000). */
        g_assert_cmpfloat(fabs(mean_wait(&told, 2 * SECOND) - 1), <, 0.0092);
        if (detail == DETAIL_SUMMARY)
            g_assert_cmpuint(told.cohorts.count, <=, 2 * 1000);
        workload_free(workload);
        told_release(&told);
    }
}

/*
 * One transaction a block, blocks at fixed times: a D-periodic server whose queue behind a block is that of M/D/1 seen
 * at departures, so the mean wait is (rho / (2 (1 - rho)) + 1/2) intervals (Pollaczek, Khinchine; the half is the wait
 * for the next block).
 */
static void queues_as_m_d_1(void)
{
    struct setting setting;
    struct told told;
    set_up(&setting, "poisson", 1);
    setting.drawn.rate = TX_RATE_ONE / 2;
    struct workload *workload = start(&setting, &told, 3);
    run_chain(workload, 400000, SECOND, 1000000, 1);
    /* rho = 1/2: half an interval of queue and half of waiting for a block. */
    g_assert_cmpfloat(fabs(mean_wait(&told, SECOND) - 1), <, 0.03);
    workload_free(workload);
    told_release(&told);
}

/* 10 arrive and 6 are served in each interval: the queue grows by 4. */
static void grows_linearly_beyond_capacity(void)
{
    struct setting setting;
    struct told told;
    set_up(&setting, "constant", 10);
    struct workload *workload = start(&setting, &told, 1);
    run_chain(workload, 100, SECOND, 600, 1000);
    workload_end(workload, 100 * SECOND);
    g_assert_cmpuint(told.mempool.transactions, ==, 400);
    g_assert_cmpuint(told.mempool.bytes, ==, 40000);
    g_assert_cmpuint(told.mempool.included, ==, 600);
    g_assert_cmpuint(told.mempool.entered, ==, 1000);
    workload_free(workload);
    told_release(&told);
}

/* Whether a block carries a cohort. */
static bool carries(const struct told *told, block_id block, uint32_t cohort)
{
    for (size_t i = 0; i < told->carried.count; i++)
        if (told->carried.at[i].block == block && told->carried.at[i].cohort == cohort)
            return true;
    return false;
}

/*
 * Blocks 1 and 2 compete upon genesis: both take the same transactions. 3 extends 2, and so has none of those again; 4
 * extends 1, and takes what 3 took. Then the head is on 2's branch, and what 1 alone has comes back.
 */
static void orphans_give_back(void)
{
    struct setting setting;
    struct told told;
    set_up(&setting, "constant", 1);
    struct workload *workload = start(&setting, &told, 1);
    g_assert_cmpuint(make(workload, 0, 1, 4 * SECOND, 400, 100), ==, 4);
    workload_head(workload, 1, 4 * SECOND);
    g_assert_cmpuint(make(workload, 0, 2, 5 * SECOND, 200, 100), ==, 2);
    g_assert_cmpuint(make(workload, 2, 3, 6 * SECOND, 100, 100), ==, 1);
    g_assert_cmpuint(make(workload, 1, 4, 6 * SECOND, 300, 100), ==, 2);
    g_assert_true(carries(&told, 1, 2) && carries(&told, 3, 2) && !carries(&told, 2, 2));
    g_assert_true(carries(&told, 4, 4) && carries(&told, 4, 5) && !carries(&told, 4, 0));
    workload_head(workload, 3, 6 * SECOND); /* higher than block 1 */
    workload_head(workload, 4, 6 * SECOND); /* as high: the first stays */
    workload_end(workload, 6 * SECOND + 1);
    g_assert_cmpuint(told.mempool.head, ==, 3);
    g_assert_cmpuint(told.mempool.included, ==, 3);
    g_assert_cmpuint(told.mempool.transactions, ==, 3);
    workload_free(workload);
    told_release(&told);
}

static const char four[] = "entered_s,size_bytes,fee\n0.1,100,100\n0.2,100,400\n0.3,200,600\n0.4,100,200\n";

static char *write_trace(const char *text)
{
    char *path = NULL;
    int file = g_file_open_tmp("posim_trace_XXXXXX.csv", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    close(file);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/* By fee a byte: 4, 3, 2, 1; by arrival as they came. */
static void takes_in_order(void)
{
    static const uint32_t expected[2][4] = {{0, 1, 2, 3}, {1, 2, 3, 0}};
    char *path = write_trace(four);
    for (int order = ORDER_ARRIVAL; order <= ORDER_FEE; order++) {
        struct setting setting;
        struct told told;
        set_up(&setting, "trace", 0);
        setting.trace.file = path;
        setting.trace.common.order = order;
        struct workload *workload = start(&setting, &told, 1);
        run_chain(workload, 4, SECOND, 1000, 1);
        g_assert_cmpuint(told.carried.count, ==, 4);
        for (int i = 0; i < 4; i++)
            g_assert_cmpuint(told.carried.at[i].cohort, ==, expected[order][i]);
        workload_free(workload);
        told_release(&told);
    }
    g_unlink(path);
    g_free(path);
}

static void refuse_trace(const char *text, const char *message)
{
    char *path = write_trace(text);
    struct setting setting;
    static const char *const regions[] = {"here"};
    struct workload_nodes nodes = {1, regions};
    struct random_seed seed = {0};
    struct told told = {.sink.row = listen};
    struct workload *workload;
    GError *error = NULL;
    set_up(&setting, "trace", 0);
    setting.trace.file = path;
    g_assert_false(workload_new(&setting.chosen, 0, &seed, &nodes, &told.sink, &workload, &error));
    g_assert_nonnull(strstr(error->message, message));
    g_assert_nonnull(strstr(error->message, path));
    g_error_free(error);
    g_unlink(path);
    g_free(path);
}

static void refuses_bad_traces(void)
{
    refuse_trace("entered_s,size_bytes\n1,1\n", "fee");
    refuse_trace("entered_s,size_bytes,fee\n2,1,1\n1,1,1\n", "order of time");
    refuse_trace("entered_s,size_bytes,fee\n1,0,1\n", "not a size");
    refuse_trace("entered_s,size_bytes,fee\n1,x,1\n", "\"x\" is not a number");
}

/* Room for two: dropping the lowest keeps those that pay 4 and 3, refusing the first two. */
static void gives_way_when_full(void)
{
    static const uint32_t kept[2][2] = {{1, 2}, {0, 1}};
    char *path = write_trace(four);
    for (int when = FULL_DROP_LOWEST_FEE; when <= FULL_REFUSE; when++) {
        struct setting setting;
        struct told told;
        set_up(&setting, "trace", 0);
        setting.trace.file = path;
        setting.trace.common.order = ORDER_FEE;
        setting.trace.common.mempool.transactions = 2;
        setting.trace.common.mempool.when_full = when;
        struct workload *workload = start(&setting, &told, 1);
        g_assert_cmpuint(make(workload, 0, 1, SECOND, 1000, 10), ==, 2);
        g_assert_true(carries(&told, 1, kept[when][0]) && carries(&told, 1, kept[when][1]));
        workload_head(workload, 1, SECOND);
        workload_end(workload, SECOND + 1);
        g_assert_cmpuint(told.mempool.dropped, ==, 2);
        g_assert_cmpuint(told.losses.count, ==, 2);
        g_assert_cmpuint(told.losses.at[0].reason, ==, LOSS_FULL);
        workload_free(workload);
        told_release(&told);
    }
    g_unlink(path);
    g_free(path);
}

/* 250 bytes hold one of 200 or two of 100, never all. */
static void limits_bytes(void)
{
    char *path = write_trace(four);
    struct setting setting;
    struct told told;
    set_up(&setting, "trace", 0);
    setting.trace.file = path;
    setting.trace.common.mempool.bytes = 250;
    struct workload *workload = start(&setting, &told, 1);
    workload_end(workload, SECOND / 2);
    g_assert_cmpuint(told.mempool.bytes, <=, 250);
    g_assert_cmpuint(told.mempool.transactions + told.mempool.dropped, ==, 4);
    workload_free(workload);
    told_release(&told);
    g_unlink(path);
    g_free(path);
}

/* One a second that is given up after 3 s: never more than three wait, and a block at 10 s takes those. */
static void expires(void)
{
    struct setting setting;
    struct told told;
    set_up(&setting, "constant", 1);
    setting.drawn.common.mempool.expiry_ns = 3 * SECOND;
    struct workload *workload = start(&setting, &told, 1);
    g_assert_cmpuint(make(workload, 0, 1, 10 * SECOND, 1000000, 100), ==, 3);
    workload_head(workload, 1, 10 * SECOND);
    workload_end(workload, 10 * SECOND + 1);
    g_assert_cmpuint(told.mempool.expired, ==, 7);
    g_assert_cmpuint(told.mempool.included, ==, 3);
    workload_free(workload);
    told_release(&told);
}

/* What no block could ever carry does not stand in the way of the others. */
static void drops_what_is_too_large(void)
{
    char *path = write_trace("entered_s,size_bytes,fee\n0.1,500,5000\n0.2,100,100\n");
    struct setting setting;
    struct told told;
    set_up(&setting, "trace", 0);
    setting.trace.file = path;
    struct workload *workload = start(&setting, &told, 1);
    g_assert_cmpuint(make(workload, 0, 1, SECOND, 300, 10), ==, 1);
    g_assert_true(carries(&told, 1, 1));
    g_assert_cmpuint(told.losses.at[0].reason, ==, LOSS_TOO_LARGE);
    workload_free(workload);
    told_release(&told);
    g_unlink(path);
    g_free(path);
}

/* Nobody has a transaction before it has spread, but the node where it entered. */
static void spreads(void)
{
    for (int entrance = 0; entrance < 2; entrance++) {
        struct setting setting;
        struct told told;
        set_up(&setting, "constant", 300);
        const struct param_table *table = setting.chosen.variant->table;
        setting.drawn.common.spread_ns = 2 * SECOND;
        setting.drawn.common.enter.variant = variant(variants_of(table, "enter"), entrance ? "nodes" : "everywhere");
        struct workload *workload = start(&setting, &told, 1);
        uint32_t taken = make(workload, 0, 1, 3 * SECOND, 1000000, 10000);
        if (entrance) /* 300 have spread, and a third of the other 600 entered here: 200, standard deviation 11.5 */
            g_assert_cmpuint(ABS((int)taken - 500), <, 58);
        else
            g_assert_cmpuint(taken, ==, 300);
        workload_head(workload, 1, 3 * SECOND);
        workload_end(workload, 10 * SECOND); /* each has reached the mempools once */
        g_assert_cmpuint(told.mempool.entered, ==, 2400);
        workload_free(workload);
        told_release(&told);
    }
}

/* The mean rate is what the scenario says, with a swing, in bursts, and at a rate that is no whole number of ns. */
static void keeps_its_rate(void)
{
    static const char *const kinds[] = {"poisson", "bursts", "constant"};
    for (int k = 0; k < 3; k++) {
        struct setting setting;
        struct told told;
        set_up(&setting, kinds[k], 30);
        setting.drawn.common.detail = DETAIL_SUMMARY;
        setting.drawn.on_ns = setting.drawn.off_ns = 5 * SECOND;
        if (k == 0)
            setting.drawn.diurnal = (struct ratio){4, 5};
        setting.drawn.period_ns = 1000 * SECOND;
        struct workload *workload = start(&setting, &told, 11);
        workload_end(workload, 250 * SECOND);
        uint64_t quarter = told.mempool.entered;
        workload_end(workload, 10000 * SECOND);
        /* Bursts: on and off for 5 s in the mean, so in 10,000 s the share of time on varies by 1.6 %. */
        g_assert_cmpfloat(fabs((double)told.mempool.entered / 300000 - 1), <, k == 1 ? 0.08 : 0.01);
        if (k == 0) /* in the first quarter the swing adds 4/5 * 2/pi to the mean */
            g_assert_cmpfloat(fabs((double)quarter / 7500 - 1.509), <, 0.08);
        workload_free(workload);
        told_release(&told);
    }
}

/* The same seed tells the same, another one does not; a copy goes on as the original does, under its number. */
static void repeats(void)
{
    struct setting setting;
    struct told told[4];
    set_up(&setting, "poisson", 20);
    struct workload *all[4] = {start(&setting, &told[0], 5), start(&setting, &told[1], 5),
                               start(&setting, &told[2], 6)};
    struct random_seed seed = {.seed = 5};
    for (int i = 0; i < 3; i++)
        make(all[i], 0, 1, 10 * SECOND, 1000, 1000);
    told[3] = (struct told){.sink.row = listen};
    all[3] = workload_clone(all[0], &seed, &told[3].sink);
    uint64_t bytes[4];
    for (int i = 0; i < 4; i++) {
        workload_head(all[i], 1, 11 * SECOND);
        make(all[i], 1, 2, 20 * SECOND, 1000000, 1000);
        bytes[i] = told[i].fillings.at[told[i].fillings.count - 1].transactions;
        workload_free(all[i]);
    }
    g_assert_cmpuint(bytes[0], ==, bytes[1]);
    g_assert_cmpuint(bytes[0], ==, bytes[3]);
    g_assert_cmpuint(bytes[0], !=, bytes[2]);
    g_assert_cmpuint(told[0].cohorts.count, ==, told[1].cohorts.count);
    for (size_t c = 0; c < told[0].cohorts.count; c++)
        g_assert_cmpint(told[0].cohorts.at[c].first_ns, ==, told[1].cohorts.at[c].first_ns);
    for (int i = 0; i < 4; i++)
        told_release(&told[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/workload/waits_half_an_interval_at_low_load", waits_half_an_interval_at_low_load);
    g_test_add_func("/workload/queues_as_m_d_1", queues_as_m_d_1);
    g_test_add_func("/workload/grows_linearly_beyond_capacity", grows_linearly_beyond_capacity);
    g_test_add_func("/workload/orphans_give_back", orphans_give_back);
    g_test_add_func("/workload/takes_in_order", takes_in_order);
    g_test_add_func("/workload/refuses_bad_traces", refuses_bad_traces);
    g_test_add_func("/workload/gives_way_when_full", gives_way_when_full);
    g_test_add_func("/workload/limits_bytes", limits_bytes);
    g_test_add_func("/workload/expires", expires);
    g_test_add_func("/workload/drops_what_is_too_large", drops_what_is_too_large);
    g_test_add_func("/workload/spreads", spreads);
    g_test_add_func("/workload/keeps_its_rate", keeps_its_rate);
    g_test_add_func("/workload/repeats", repeats);
    return g_test_run();
}
