/* SPDX-License-Identifier: MIT */
#include "record/packed.h"

#include "base/assert.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 8878, 3.1.1 and 3.1.2. Any of sixteen numbers begins a skippable frame; this one is ours. */
#define FRAME_MAGIC UINT32_C(0xfd2fb528)
#define LABEL_MAGIC UINT32_C(0x184d2a57)
#define LABEL_WORDS "posim 1\n"

enum { BLOCK_RAW, BLOCK_RLE, BLOCK_COMPRESSED, BLOCK_RESERVED };
enum { FRAME_HEADER_MOST = 18, BLOCK_HEADER_BYTES = 3, CHECKSUM_BYTES = 4 };

static uint64_t get(const uint8_t *bytes, int count)
{
    uint64_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static void put(uint8_t *bytes, uint64_t value, int count)
{
    for (int i = 0; i < count; i++, value >>= 8)
        bytes[i] = (uint8_t)value;
}

/* Up to `count` bytes at `offset`; how many there are, 0 also where it cannot be read (errno, else 0). */
static size_t read_at(int file, uint64_t offset, uint8_t *bytes, size_t count)
{
    ssize_t read;
    do {
        errno = 0;
        read = pread(file, bytes, count, (off_t)offset);
    } while (read < 0 && errno == EINTR);
    return read < 0 ? 0 : (size_t)read;
}

/* The length of a frame's header (3.1.1.1), from its first bytes; 0 where it is no frame. */
static size_t header_length(const uint8_t *bytes, size_t count, bool *has_checksum)
{
    static const uint8_t dictionary_bytes[] = {0, 1, 2, 4}, content_bytes[] = {0, 2, 4, 8};
    if (count < 6 || get(bytes, 4) != FRAME_MAGIC)
        return 0;
    uint8_t descriptor = bytes[4];
    bool single = descriptor & 0x20;
    int content = descriptor >> 6;
    *has_checksum = descriptor & 4;
    return 5u + !single + dictionary_bytes[descriptor & 3] + (content || !single ? content_bytes[content] : 1u);
}

/* Where the frame at `offset` ends; 0 where it is not whole. */
static uint64_t frame_end(int file, uint64_t offset, uint64_t size)
{
    uint8_t bytes[FRAME_HEADER_MOST];
    bool has_checksum = false, last = false;
    size_t length = header_length(bytes, read_at(file, offset, bytes, sizeof bytes), &has_checksum);
    if (!length)
        return 0;
    uint64_t at = offset + length;
    while (!last) {
        if (read_at(file, at, bytes, BLOCK_HEADER_BYTES) < BLOCK_HEADER_BYTES)
            return 0;
        uint64_t head = get(bytes, BLOCK_HEADER_BYTES);
        unsigned type = head >> 1 & 3;
        if (type == BLOCK_RESERVED)
            return 0;
        last = head & 1;
        at += BLOCK_HEADER_BYTES + (type == BLOCK_RLE ? 1 : head >> 3);
    }
    at += has_checksum ? CHECKSUM_BYTES : 0;
    return at <= size ? at : 0;
}

void packed_label_write(const struct packed_label *label, uint8_t bytes[PACKED_LABEL_BYTES])
{
    uint8_t *at = bytes;
    put(at, LABEL_MAGIC, 4);
    put(at + 4, PACKED_LABEL_BYTES - 8, 4);
    memcpy(at += 8, LABEL_WORDS, strlen(LABEL_WORDS));
    memcpy(at += strlen(LABEL_WORDS), label->id, PACKED_ID_BYTES);
    put(at += PACKED_ID_BYTES, label->point, 8);
    put(at += 8, label->replication, 4);
    REQUIRE(at + 4 == bytes + PACKED_LABEL_BYTES);
}

static bool label_read(int file, uint64_t offset, struct packed_label *label)
{
    uint8_t bytes[PACKED_LABEL_BYTES], *at = bytes + 8;
    if (read_at(file, offset, bytes, sizeof bytes) < sizeof bytes || get(bytes, 4) != LABEL_MAGIC ||
        get(bytes + 4, 4) != PACKED_LABEL_BYTES - 8 || memcmp(at, LABEL_WORDS, strlen(LABEL_WORDS)) != 0)
        return false;
    memcpy(label->id, at += strlen(LABEL_WORDS), PACKED_ID_BYTES);
    label->point = get(at += PACKED_ID_BYTES, 8);
    label->replication = (uint32_t)get(at + 8, 4);
    return true;
}

bool packed_file_read(struct packed_file *packed, int file)
{
    struct stat status;
    *packed = (struct packed_file){0};
    if (fstat(file, &status) != 0)
        return false;
    packed->size = (uint64_t)status.st_size;
    packed->whole = packed->header_end = frame_end(file, 0, packed->size);
    while (packed->whole && packed->whole < packed->size) {
        struct packed_run run = {.begin = packed->whole, .rows = packed->whole + PACKED_LABEL_BYTES};
        if (!label_read(file, run.begin, &run.label))
            break;
        run.end = frame_end(file, run.rows, packed->size);
        if (!run.end)
            break;
        vector_push(&packed->runs, run);
        packed->whole = run.end;
    }
    if (!errno || packed->whole == packed->size)
        return true;
    packed_file_release(packed);
    return false;
}

void packed_file_release(struct packed_file *packed)
{
    vector_release(&packed->runs);
    *packed = (struct packed_file){0};
}

void packed_lead(const struct packed_label *label, char lead[PACKED_LEAD_BYTES])
{
    g_snprintf(lead, PACKED_LEAD_BYTES, "%" G_GUINT64_FORMAT ",%u,", label->point, label->replication);
}
