/* SPDX-License-Identifier: MIT */
#include "record/hash.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

#define ROW_BYTES 512 /* a row without its texts */

/* Of no meaning but to be the same for ever: the fingerprint protects against chance, not against anybody. */
static const uint8_t page_key[crypto_onetimeauth_KEYBYTES] = "posim: key of each page's tag";

static uint8_t *store(uint8_t *out, uint64_t value, size_t bytes)
{
    uint64_t little = GUINT64_TO_LE(value);
    memcpy(out, &little, sizeof little); /* may write beyond `bytes`: the next field overwrites it */
    return out + bytes;
}

#define READ(ctype) (*(const ctype *)(const void *)field)

/* A column that is not TEXT. */
static uint8_t *store_field(uint8_t *out, const struct column *column, const char *field)
{
    switch (column->type) {
    case COLUMN_U8:
        return store(out, READ(uint8_t), 1);
    case COLUMN_FLAG:
        return store(out, READ(bool), 1);
    case COLUMN_U32:
    case COLUMN_NAME:
        return store(out, READ(uint32_t), 4);
    case COLUMN_U64:
    case COLUMN_HEX64:
        return store(out, READ(uint64_t), 8);
    case COLUMN_TIME:
        return store(out, (uint64_t)READ(time_ns), 8);
    case COLUMN_RATIO:
        out = store(out, READ(struct ratio).numerator, 8);
        return store(out, READ(struct ratio).denominator, 8);
    case COLUMN_TEXT:
        break;
    }
    REQUIRE(column->type == COLUMN_U8); /* not a type of column that is printed here */
    return out;
}

static void take_page(crypto_generichash_state *state, const uint8_t *page, size_t bytes)
{
    uint8_t tag[crypto_onetimeauth_BYTES];
    crypto_onetimeauth(tag, page, bytes, page_key);
    crypto_generichash_update(state, tag, sizeof tag);
}

/* Counts bytes that have been put behind those gathered, and takes in the page that is full. */
static void gather(struct trace_hash *hash, size_t bytes)
{
    hash->gathered_bytes += bytes;
    if (hash->gathered_bytes < TRACE_PAGE_BYTES)
        return;
    take_page(hash->state, hash->gathered, TRACE_PAGE_BYTES);
    hash->pages++;
    hash->gathered_bytes -= TRACE_PAGE_BYTES;
    memcpy(hash->gathered, hash->gathered + TRACE_PAGE_BYTES, hash->gathered_bytes);
}

static void gather_text(struct trace_hash *hash, const char *text, size_t length)
{
    for (size_t done = 0; done < length; done += ROW_BYTES) {
        size_t bytes = MIN(length - done, ROW_BYTES);
        memcpy(hash->gathered + hash->gathered_bytes, text + done, bytes);
        gather(hash, bytes);
    }
}

static void hash_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct trace_hash *hash = (struct trace_hash *)sink;
    const struct trace_schema *schema = &trace_schemas[kind];
    if (!schema->canonical)
        return;
    uint8_t *bytes = hash->gathered + hash->gathered_bytes, *out = store(bytes, kind, 1);
    for (size_t i = 0; i < schema->column_count; i++) {
        const struct column *column = &schema->columns[i];
        const char *field = (const char *)row + column->offset;
        if (column->type != COLUMN_TEXT) {
            out = store_field(out, column, field);
            CHECK(out <= bytes + ROW_BYTES);
            continue;
        }
        const char *text = READ(char *);
        size_t length = text ? strlen(text) : 0;
        out = store(out, text ? length : UINT32_MAX, 4);
        gather(hash, (size_t)(out - bytes));
        gather_text(hash, text, length);
        out = bytes = hash->gathered + hash->gathered_bytes;
    }
    gather(hash, (size_t)(out - bytes));
}

static crypto_generichash_state *state_new(void)
{
    return g_aligned_alloc0(1, crypto_generichash_statebytes(), 64);
}

void trace_hash_init(struct trace_hash *hash)
{
    REQUIRE(sodium_init() >= 0);
    hash->sink.row = hash_row;
    hash->state = state_new();
    hash->gathered = g_malloc(TRACE_PAGE_BYTES + ROW_BYTES + 8);
    hash->gathered_bytes = 0;
    hash->pages = 0;
    crypto_generichash_init(hash->state, NULL, 0, TRACE_HASH_BYTES);
}

void trace_hash_copy(struct trace_hash *copy, const struct trace_hash *hash)
{
    *copy = (struct trace_hash){.sink = hash->sink,
                                .state = state_new(),
                                .gathered = g_memdup2(hash->gathered, TRACE_PAGE_BYTES + ROW_BYTES + 8),
                                .gathered_bytes = hash->gathered_bytes,
                                .pages = hash->pages};
    memcpy(copy->state, hash->state, crypto_generichash_statebytes());
}

void trace_hash_release(struct trace_hash *hash)
{
    g_aligned_free(hash->state);
    hash->state = NULL;
    g_free(hash->gathered);
    hash->gathered = NULL;
}

void trace_hash_print(const struct trace_hash *hash, char text[2 * TRACE_HASH_BYTES + 1])
{
    crypto_generichash_state *state = state_new();
    memcpy(state, hash->state, crypto_generichash_statebytes());
    uint8_t size[8];
    store(size, hash->pages * TRACE_PAGE_BYTES + hash->gathered_bytes, sizeof size);
    take_page(state, hash->gathered, hash->gathered_bytes);
    crypto_generichash_update(state, size, sizeof size);
    uint8_t digest[TRACE_HASH_BYTES];
    crypto_generichash_final(state, digest, sizeof digest);
    g_aligned_free(state);
    sodium_bin2hex(text, 2 * TRACE_HASH_BYTES + 1, digest, sizeof digest);
}
