/* SPDX-License-Identifier: MIT */
/*
 * The run's fingerprint. Expected digests come from Python's hashlib.blake2b, those of whole rows from the same over
 * bytes laid out by struct.pack as record/hash.h says.
 */
#include "record/hash.h"

#include <glib.h>
#include <string.h>

static char *hex(const uint8_t *bytes, size_t count)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    return g_string_free(text, FALSE);
}

/* RFC 7693, appendix A: the 64-byte digest of "abc". */
static void rfc_example_holds(void)
{
    struct blake2b hash;
    uint8_t digest[64];
    blake2b_init(&hash, 64);
    blake2b_update(&hash, "abc", 3);
    blake2b_finish(&hash, digest);
    char *text = hex(digest, 64);
    g_assert_cmpstr(text, ==,
                    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                    "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    g_free(text);
}

/* Lengths around the size of a block, whole and in pieces of 1 to 200 bytes. */
static void pieces_do_not_matter(void)
{
    static const struct {
        size_t length;
        const char *digest;
    } cases[] = {
        {0, "cae66941d9efbd404e4d88758ea67670"},   {127, "28b1296c7d4807883de6ee4ec04dcc0a"},
        {128, "a74787004ef589e31149183900d0294a"}, {129, "aaf1b0371f6d4ee49ee4fb5ddd9c49ef"},
        {255, "e2f3b2a57bcf64d626b37fc9c12674a1"}, {256, "1142c504dcd26338b7cbcf41424540d0"},
        {257, "b77b55d3dddcc45c6a52774565cd0dd6"}, {1000, "bca120dfd89cd95d82898473a5b01c90"},
    };
    uint8_t bytes[1000], digest[16];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i % 251);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (size_t piece = 1; piece <= 200; piece++) {
            struct blake2b hash;
            blake2b_init(&hash, 16);
            for (size_t at = 0; at < cases[i].length; at += piece)
                blake2b_update(&hash, bytes + at, MIN(piece, cases[i].length - at));
            blake2b_finish(&hash, digest);
            char *text = hex(digest, 16);
            g_assert_cmpstr(text, ==, cases[i].digest);
            g_free(text);
        }
    }
}

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
    g_assert_cmpstr(text, ==, "747dda024b86be298176ca0c834a77ec");
}

/* What may or may not be recorded, and padding between fields, must not show; any column of a canonical row must. */
static void only_canonical_columns_count(void)
{
    struct trace_hash hash;
    char before[2 * TRACE_HASH_BYTES + 1], after[2 * TRACE_HASH_BYTES + 1];
    trace_hash_init(&hash);
    trace_hash_print(&hash, before);
    trace_write(&hash.sink, TRACE_MESSAGE, &(struct trace_message){.message = 1});
    trace_write(&hash.sink, TRACE_END, &(struct trace_end){.events = 7});
    trace_hash_print(&hash, after);
    g_assert_cmpstr(before, ==, after);

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
            row[i] = 1;
            trace_hash_init(&hash);
            trace_write(&hash.sink, kind, row);
            trace_hash_print(&hash, after);
            g_assert_true(in_column == (strcmp(before, after) != 0));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trace_hash/RFC example holds", rfc_example_holds);
    g_test_add_func("/trace_hash/pieces do not matter", pieces_do_not_matter);
    g_test_add_func("/trace_hash/rows are laid out as documented", rows_are_laid_out_as_documented);
    g_test_add_func("/trace_hash/only canonical columns count", only_canonical_columns_count);
    return g_test_run();
}
