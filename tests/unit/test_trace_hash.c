/* SPDX-License-Identifier: MIT */
/*
 * The run's fingerprint. Expected digests come from Python: rows laid out by struct.pack as record/hash.h says, tags of
 * pages by Poly1305 in Python's integers (RFC 8439, 2.5), sums of heads in the same, and hashlib.blake2b over these.
 */
#include "record/hash.h"

#include <glib.h>
#include <string.h>

static const struct trace_chain chain = {.chain = 1,
                                         .protocol = "tend",
                                         .validators = 4,
                                         .total_stake = 400,
                                         .quorum_above = {2, 3},
                                         .accountability = 2,
                                         .lock_vote = 1,
                                         .commit_vote = 2,
                                         .liveness_bound_ns = 10 * SECOND};
static const struct trace_block block = {.chain = 1,
                                         .block = 5,
                                         .parent = 4,
                                         .hash = 0x1122334455667788,
                                         .height = 9,
                                         .slot = 8,
                                         .round = 7,
                                         .proposer = 6,
                                         .proposed_ns = 123456789,
                                         .size_bytes = 1000,
                                         .transactions = 10};

static void rows_are_laid_out_as_documented(void)
{
    struct trace_hash hash;
    char text[2 * TRACE_HASH_BYTES + 1];
    trace_hash_init(&hash);
    trace_write(&hash.sink, TRACE_CHAIN, &chain);
    trace_write(&hash.sink, TRACE_BLOCK, &block);
    trace_hash_print(&hash, text);
    g_assert_cmpstr(text, ==, "1a19f7228c0cd8a7a0fafd0c32402ab8");
    trace_hash_release(&hash);
}

static void write_votes(struct trace_hash *hash, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        struct trace_vote vote = {.at_ns = i, .chain = 1, .validator = i, .replica = i, .block = 8};
        trace_write(&hash->sink, TRACE_VOTE, &vote);
        if (i % 300 == 299)
            trace_write(&hash->sink, TRACE_CHAIN, &chain);
    }
}

/* More rows than are gathered at a time, with texts between them; asking on the way, and a copy that goes on alone. */
static void many_rows_are_one_stream(void)
{
    static const char expected[] = "014d9a548bc35ebf85e961a12ddcc8f5";
    struct trace_hash hash, copy;
    char text[2 * TRACE_HASH_BYTES + 1], half[2 * TRACE_HASH_BYTES + 1];
    trace_hash_init(&hash);
    write_votes(&hash, 0, 500);
    trace_hash_print(&hash, half);
    trace_hash_copy(&copy, &hash);
    write_votes(&hash, 500, 1000);
    trace_hash_print(&hash, text);
    g_assert_cmpstr(text, ==, expected);
    trace_hash_print(&copy, text);
    g_assert_cmpstr(text, ==, half);
    write_votes(&copy, 500, 1000);
    trace_hash_print(&copy, text);
    g_assert_cmpstr(text, ==, expected);
    trace_hash_release(&copy);
    trace_hash_release(&hash);
}

#define REPLICAS 1000

static void write_replica(struct trace_sink *sink, uint32_t i)
{
    struct trace_head head = {.at_ns = i, .chain = 1, .replica = i, .node = i + 7, .before = 7, .after = 8};
    struct trace_final final = {.at_ns = i, .chain = 1, .replica = i, .node = i + 7, .block = 6, .stake = 10 * i};
    trace_write(sink, TRACE_HEAD, &head);
    trace_write(sink, TRACE_FINAL, &final);
}

static void write_spread(struct trace_sink *sink, uint32_t to)
{
    time_ns at_ns[REPLICAS];
    node_id nodes[REPLICAS];
    stake_amount stakes[REPLICAS];
    for (uint32_t i = 0; i < REPLICAS; i++) {
        at_ns[i] = i < to ? i : TIME_NEVER;
        nodes[i] = i + 7;
        stakes[i] = 10 * i;
    }
    struct trace_spread spread = {.chain = 1,
                                  .before = 7,
                                  .after = 8,
                                  .final = 6,
                                  .count = REPLICAS,
                                  .reached = to,
                                  .at_ns = at_ns,
                                  .node_of = nodes,
                                  .stake_of = stakes,
                                  .last_ns = to - 1};
    sink->spread(sink, &spread);
}

/* Forwards, backwards, at once, and half at once. */
static void heads_count_in_any_order(void)
{
    for (int way = 0; way < 4; way++) {
        struct trace_hash hash;
        char text[2 * TRACE_HASH_BYTES + 1];
        trace_hash_init(&hash);
        if (way >= 2)
            write_spread(&hash.sink, way == 2 ? REPLICAS : REPLICAS / 2);
        for (uint32_t i = way < 2 ? 0 : way == 2 ? REPLICAS : REPLICAS / 2; i < REPLICAS; i++)
            write_replica(&hash.sink, way == 1 ? REPLICAS - 1 - i : i);
        trace_write(&hash.sink, TRACE_CHAIN, &chain);
        trace_hash_print(&hash, text);
        g_assert_cmpstr(text, ==, "9231fd89bdb906e989f4ce3f0e8b46a9");
        trace_hash_release(&hash);
    }
}

static void print_finals(char text[2 * TRACE_HASH_BYTES + 1], stake_amount first, stake_amount second, time_ns apart_ns)
{
    struct trace_hash hash;
    trace_hash_init(&hash);
    trace_write(&hash.sink, TRACE_FINAL, &(struct trace_final){.at_ns = 5, .replica = 1, .stake = first});
    trace_write(&hash.sink, TRACE_FINAL, &(struct trace_final){.at_ns = 5 + apart_ns, .replica = 2, .stake = second});
    trace_hash_print(&hash, text);
    trace_hash_release(&hash);
}

/* The sum tells whose value is whose. */
static void values_that_change_places_count(void)
{
    char text[2 * TRACE_HASH_BYTES + 1], other[2 * TRACE_HASH_BYTES + 1];
    print_finals(text, 10, 20, 0);
    print_finals(other, 20, 10, 0);
    g_assert_cmpstr(text, !=, other);
    print_finals(text, 10, 10, 3);
    print_finals(other, 10, 10, -3);
    g_assert_cmpstr(text, !=, other);
}

/* A text that is longer than two pages. */
static void texts_go_over_pages(void)
{
    struct trace_hash hash;
    char text[2 * TRACE_HASH_BYTES + 1], *name = g_strnfill(20000, 'x');
    struct trace_chain long_chain = chain;
    long_chain.protocol = name;
    trace_hash_init(&hash);
    trace_write(&hash.sink, TRACE_CHAIN, &long_chain);
    trace_write(&hash.sink, TRACE_BLOCK, &block);
    trace_hash_print(&hash, text);
    g_assert_cmpstr(text, ==, "2db240d44ed3025282231a481f98c87b");
    trace_hash_release(&hash);
    g_free(name);
}

/* What may or may not be recorded, and padding between fields, must not show; any column of a canonical row must. */
static void only_canonical_columns_count(void)
{
    struct trace_hash hash;
    char before[2 * TRACE_HASH_BYTES + 1], after[2 * TRACE_HASH_BYTES + 1];
    trace_hash_init(&hash);
    trace_hash_print(&hash, before);
    trace_write(&hash.sink, TRACE_MESSAGE, &(struct trace_message){.message = 1});
    trace_write(&hash.sink, TRACE_ARRIVAL, &(struct trace_arrival){.message = 1});
    trace_write(&hash.sink, TRACE_DRAW, &(struct trace_draw){.slot = 1});
    trace_hash_print(&hash, after);
    g_assert_cmpstr(before, ==, after);
    trace_hash_release(&hash);

    for (int kind = 0; kind < TRACE_KINDS; kind++) {
        const struct trace_schema *schema = &trace_schemas[kind];
        for (size_t i = 0; i < schema->row_size && schema->canonical; i++) {
            uint8_t row[256] = {0};
            g_assert_cmpuint(schema->row_size, <=, sizeof row);
            bool in_column = false, is_text = false;
            static const size_t sizes[] = {1, 4, 8, 8, 8, 1, 16, 8, 4};
            for (size_t c = 0; c < schema->column_count; c++) {
                const struct column *column = &schema->columns[c];
                if (i < column->offset || i >= column->offset + sizes[column->type])
                    continue;
                in_column = true;
                is_text = column->type == COLUMN_TEXT;
            }
            if (is_text)
                continue;
            trace_hash_init(&hash);
            trace_write(&hash.sink, kind, row);
            trace_hash_print(&hash, before);
            trace_hash_release(&hash);
            row[i] = 1;
            trace_hash_init(&hash);
            trace_write(&hash.sink, kind, row);
            trace_hash_print(&hash, after);
            trace_hash_release(&hash);
            g_assert_true(in_column == (strcmp(before, after) != 0));
        }
    }
}

static void print_end(char text[2 * TRACE_HASH_BYTES + 1], time_ns at_ns, const char *reason)
{
    struct trace_hash hash;
    trace_hash_init(&hash);
    trace_write(&hash.sink, TRACE_CHAIN, &chain);
    trace_write(&hash.sink, TRACE_END, &(struct trace_end){.at_ns = at_ns, .reason = reason});
    trace_hash_print(&hash, text);
    trace_hash_release(&hash);
}

/* Runs in which the same happened, but one went on for longer, or for another reason, are two runs. */
static void when_and_why_a_run_ends_counts(void)
{
    char end[2 * TRACE_HASH_BYTES + 1], other[2 * TRACE_HASH_BYTES + 1];
    print_end(end, 10 * SECOND, "height");
    print_end(other, 10 * SECOND, "height");
    g_assert_cmpstr(other, ==, end);
    print_end(other, 10 * SECOND + 1, "height");
    g_assert_cmpstr(other, !=, end);
    print_end(other, 10 * SECOND, "duration");
    g_assert_cmpstr(other, !=, end);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trace_hash/heads count in any order", heads_count_in_any_order);
    g_test_add_func("/trace_hash/values that change places count", values_that_change_places_count);
    g_test_add_func("/trace_hash/rows are laid out as documented", rows_are_laid_out_as_documented);
    g_test_add_func("/trace_hash/many rows are one stream", many_rows_are_one_stream);
    g_test_add_func("/trace_hash/texts go over pages", texts_go_over_pages);
    g_test_add_func("/trace_hash/only canonical columns count", only_canonical_columns_count);
    g_test_add_func("/trace_hash/when and why a run ends counts", when_and_why_a_run_ends_counts);
    return g_test_run();
}
