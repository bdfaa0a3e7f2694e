/* SPDX-License-Identifier: MIT */
/*
 * Conservation of transactions, from rows written by hand: two cohorts of ten (of 1000 bytes each, fees of 100), blocks
 * 1 and 2 upon genesis, 3 upon 1. Each test plants one fault into what otherwise passes.
 */
#include "check/verdict.h"
#include "trace_rows.h"

#include <string.h>

struct story {
    uint32_t first_of_3; /* where block 3 begins to take of cohort 0 */
    uint32_t told_of_3;  /* transactions that block 3's own row has */
    uint32_t room_of_3;  /* and those that it has room for */
    uint32_t of_1;       /* transactions of cohort 0 that block 1 takes */
    uint64_t included;   /* at the end, on block 3's branch ... */
    uint64_t expired;    /* ... and the rest of cohort 1 */
    uint64_t waiting, dropped;
    time_ns cohort_ns; /* when cohort 0 entered */
};

/* Block 1 takes 4 of cohort 0, 2 the same 4, 3 the next 6; of cohort 1, 3 are dropped and the others expire. */
static const struct story sound = {.first_of_3 = 4,
                                   .told_of_3 = 6,
                                   .room_of_3 = 6,
                                   .of_1 = 4,
                                   .included = 10,
                                   .expired = 7,
                                   .dropped = 3,
                                   .cohort_ns = MS(1)};

static void block(struct trace_sink *sink, block_id id, block_id parent, uint32_t transactions)
{
    struct trace_block row = {.block = id,
                              .parent = parent,
                              .proposed_ns = MS(1000) * id,
                              .size_bytes = 100 * transactions,
                              .transactions = transactions};
    trace_write(sink, TRACE_BLOCK, &row);
}

static void take(struct trace_sink *sink, block_id id, uint32_t first, uint32_t count, uint32_t room)
{
    struct trace_carried row = {
        .block = id, .first = first, .transactions = count, .bytes = 100 * count, .fees = 10 * count};
    struct trace_filling filling = {.block = id,
                                    .transactions = count,
                                    .bytes = row.bytes,
                                    .fees = row.fees,
                                    .room_transactions = room,
                                    .room_bytes = 1000};
    trace_write(sink, TRACE_CARRIED, &row);
    trace_write(sink, TRACE_FILLING, &filling);
}

static struct verdict tell(const struct story *story)
{
    static const struct trace_chain rules = {.protocol = "test", .election = "test"};
    struct checks *checks = checks_new();
    struct trace_sink *sink = checks_sink(checks);
    struct verdict verdicts[VERDICTS];
    rows_start(sink, &rules, 4, 100, 4);
    for (uint32_t c = 0; c < 2; c++) {
        time_ns at_ns = c ? MS(2) : story->cohort_ns;
        struct trace_cohort cohort = {
            .cohort = c, .first_ns = at_ns, .last_ns = at_ns, .transactions = 10, .bytes = 1000, .fees = 100};
        trace_write(sink, TRACE_COHORT, &cohort);
    }
    block(sink, 1, 0, story->of_1);
    take(sink, 1, 0, story->of_1, 10);
    block(sink, 2, 0, 4);
    take(sink, 2, 0, 4, 10);
    trace_write(sink, TRACE_LOSS, &(struct trace_loss){.cohort = 1, .reason = LOSS_FULL, .transactions = 3});
    trace_write(sink, TRACE_LOSS, &(struct trace_loss){.cohort = 1, .reason = LOSS_EXPIRED, .transactions = 7});
    block(sink, 3, 1, story->told_of_3);
    take(sink, 3, story->first_of_3, 6, story->room_of_3);
    struct trace_mempool end = {.at_ns = MS(4000),
                                .head = 3,
                                .entered = 20,
                                .included = story->included,
                                .transactions = story->waiting,
                                .dropped = story->dropped,
                                .expired = story->expired};
    trace_write(sink, TRACE_MEMPOOL, &end);
    row_end(sink, MS(4000));
    checks_finish(checks, verdicts);
    checks_free(checks);
    return verdicts[VERDICT_CONSERVATION];
}

static void expect(const struct story *story, const char *detail)
{
    struct verdict verdict = tell(story);
    g_assert_cmpint(verdict.status, ==, VERDICT_FAIL);
    if (!strstr(verdict.detail, detail))
        g_test_fail_printf("`%s` does not say `%s`", verdict.detail, detail);
}

static void sound_story_passes(void)
{
    struct verdict verdict = tell(&sound);
    g_assert_cmpstr(verdict.detail, ==, "0 blocks and totals add up; 20 transactions too");
    g_assert_cmpint(verdict.status, ==, VERDICT_PASS);
}

/* Block 3 takes again what its parent has; that block 2 has it as well is no fault. */
static void taken_twice_is_found(void)
{
    struct story story = sound;
    story.first_of_3 = 3;
    expect(&story, "block 3 takes transactions 3 to 9 of cohort 0, of which its branch has taken 4");
}

static void skipped_is_found(void)
{
    struct story story = sound;
    story.of_1 = 3;
    expect(&story, "of which its branch has taken 3");
}

static void more_than_there_are_is_found(void)
{
    struct story story = sound;
    story.of_1 = 5;
    story.first_of_3 = 5;
    expect(&story, "with block 3 a branch has taken 11 transactions");
}

static void block_that_says_otherwise_is_found(void)
{
    struct story story = sound;
    story.told_of_3 = 5;
    expect(&story, "block 3 has 5 transactions and 500 bytes, is said to carry 6 and 600");
}

static void overfull_block_is_found(void)
{
    struct story story = sound;
    story.room_of_3 = 5;
    expect(&story, "block 3 carries 6 transactions and 600 bytes, and has room for 5");
}

static void foresight_is_found(void)
{
    struct story story = sound;
    story.cohort_ns = MS(1500);
    expect(&story, "block 1 takes of cohort 0, which entered after it");
}

static void lost_transaction_is_found(void)
{
    struct story story = sound;
    story.expired = 6;
    expect(&story, "20 transactions have entered");
}

/* The sum is right and its parts are not. */
static void parts_that_are_not_so_are_found(void)
{
    struct story story = sound;
    story.included = 9;
    story.waiting = 1;
    expect(&story, "at the end 10 transactions are included, 3 dropped and 7 expired, and are said to be 9, 3 and 7");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transactions_check/sound story passes", sound_story_passes);
    g_test_add_func("/transactions_check/taken twice is found", taken_twice_is_found);
    g_test_add_func("/transactions_check/skipped is found", skipped_is_found);
    g_test_add_func("/transactions_check/more than there are is found", more_than_there_are_is_found);
    g_test_add_func("/transactions_check/block that says otherwise is found", block_that_says_otherwise_is_found);
    g_test_add_func("/transactions_check/overfull block is found", overfull_block_is_found);
    g_test_add_func("/transactions_check/foresight is found", foresight_is_found);
    g_test_add_func("/transactions_check/lost transaction is found", lost_transaction_is_found);
    g_test_add_func("/transactions_check/parts that are not so are found", parts_that_are_not_so_are_found);
    return g_test_run();
}
