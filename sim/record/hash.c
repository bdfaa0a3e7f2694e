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

static void gather_row(struct trace_hash *hash, enum trace_kind kind, const void *row)
{
    const struct trace_schema *schema = &trace_schemas[kind];
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

/* Every bit of the number depends on every bit of what was mixed in; the constants are odd and of no other meaning. */
static uint64_t mix(uint64_t number, uint64_t value)
{
    number = ((number ^ value) + UINT64_C(0x2545f4914f6cdd1d)) * UINT64_C(0x9e3779b97f4a7c15);
    number = (number ^ number >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return number ^ number >> 29;
}

/* Not zero, whoever it is. */
static uint64_t who(replica_id replica, node_id node)
{
    return ((uint64_t)replica << 32 | node) ^ UINT64_C(0xd6e8feb86659fd93);
}

/* Of thousands of replicas for each block: one product, both halves of which count. */
static uint64_t mix_replica(time_ns at_ns, uint64_t who)
{
    uint128 product = (uint128)((uint64_t)at_ns ^ UINT64_C(0x9e3779b97f4a7c15)) * who;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t mix_head(chain_id chain, block_id before, block_id after, uint64_t reorg_depth)
{
    return mix(mix(mix(TRACE_HEAD, chain), (uint64_t)before << 32 | after), reorg_depth);
}

static uint64_t mix_final(chain_id chain, block_id block)
{
    return mix(mix(TRACE_FINAL, chain), block);
}

static void sum_rows(struct trace_hash *hash, uint64_t block, uint128 replicas, uint64_t rows)
{
    hash->sum += block * replicas;
    hash->summed += rows;
}

static void hash_head(struct trace_hash *hash, const struct trace_head *row)
{
    sum_rows(hash, mix_head(row->chain, row->before, row->after, row->reorg_depth),
             mix_replica(row->at_ns, who(row->replica, row->node)), 1);
}

/* What a final row says of the node, to be added to what it says of the replica and the time. */
static uint64_t mix_stake(stake_amount stake, bool corrupt, uint64_t who)
{
    return (stake * 2 + corrupt) * (who | 1) ^ stake >> 63;
}

static void hash_final(struct trace_hash *hash, const struct trace_final *row)
{
    uint64_t replica = who(row->replica, row->node);
    sum_rows(hash, mix_final(row->chain, row->block),
             (uint128)mix_replica(row->at_ns, replica) + mix_stake(row->stake, row->corrupt, replica), 1);
}

static void hash_spread(struct trace_sink *sink, const struct trace_spread *spread)
{
    struct trace_hash *hash = (struct trace_hash *)sink;
    uint128 replicas = 0, stakes = 0;
    for (replica_id r = 0; r < spread->count; r++) {
        if (spread->at_ns[r] == TIME_NEVER)
            continue;
        uint64_t replica = who(r, spread->node_of[r]);
        replicas += mix_replica(spread->at_ns[r], replica);
        stakes += mix_stake(spread->stake_of[r], false, replica);
    }
    sum_rows(hash, mix_head(spread->chain, spread->before, spread->after, 0), replicas, spread->reached);
    if (spread->final != BLOCK_NONE)
        sum_rows(hash, mix_final(spread->chain, spread->final), replicas + stakes, spread->reached);
}

static void hash_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct trace_hash *hash = (struct trace_hash *)sink;
    if (kind == TRACE_HEAD)
        hash_head(hash, row);
    else if (kind == TRACE_FINAL)
        hash_final(hash, row);
    else if (trace_schemas[kind].canonical)
        gather_row(hash, kind, row);
}

static crypto_generichash_state *state_new(void)
{
    return g_aligned_alloc0(1, crypto_generichash_statebytes(), 64);
}

void trace_hash_init(struct trace_hash *hash)
{
    REQUIRE(sodium_init() >= 0);
    hash->sink.row = hash_row;
    hash->sink.spread = hash_spread;
    hash->state = state_new();
    hash->gathered = g_malloc(TRACE_PAGE_BYTES + ROW_BYTES + 8);
    hash->gathered_bytes = 0;
    hash->pages = 0;
    hash->sum = 0;
    hash->summed = 0;
    crypto_generichash_init(hash->state, NULL, 0, TRACE_HASH_BYTES);
}

void trace_hash_copy(struct trace_hash *copy, const struct trace_hash *hash)
{
    *copy = (struct trace_hash){.sink = hash->sink,
                                .state = state_new(),
                                .gathered = g_memdup2(hash->gathered, TRACE_PAGE_BYTES + ROW_BYTES + 8),
                                .gathered_bytes = hash->gathered_bytes,
                                .pages = hash->pages,
                                .sum = hash->sum,
                                .summed = hash->summed};
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
    uint8_t end[32], *out = end;
    out = store(out, hash->pages * TRACE_PAGE_BYTES + hash->gathered_bytes, 8);
    out = store(out, (uint64_t)hash->sum, 8);
    out = store(out, (uint64_t)(hash->sum >> 64), 8);
    store(out, hash->summed, 8);
    take_page(state, hash->gathered, hash->gathered_bytes);
    crypto_generichash_update(state, end, sizeof end);
    uint8_t digest[TRACE_HASH_BYTES];
    crypto_generichash_final(state, digest, sizeof digest);
    g_aligned_free(state);
    sodium_bin2hex(text, 2 * TRACE_HASH_BYTES + 1, digest, sizeof digest);
}
