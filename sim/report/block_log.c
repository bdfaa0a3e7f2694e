/* SPDX-License-Identifier: MIT */
#include "report/block_log.h"

#include "report/rows.h"

#include <stdlib.h>

static bool contradict(const char *path, block_id block, GError **error)
{
    g_set_error(error, ROWS_ERROR, ROWS_ERROR_CELL, "%s: block %u contradicts the blocks before it", path, block);
    return false;
}

static enum block_status status_of(const struct rows *rows, size_t column)
{
    return rows_equal(rows, column, "final")    ? BLOCK_FINAL
           : rows_equal(rows, column, "orphan") ? BLOCK_ORPHAN
                                                : BLOCK_PENDING;
}

static bool fits(const struct block_log *log, const struct block_entry *block)
{
    if (block->id != log->blocks.count + 1 || block->parent >= block->id || block->proposed_ns < 0 ||
        block->proposed_ns == TIME_NEVER)
        return false;
    const struct block_entry *parent = block_log_find(log, block->parent);
    return block->height == (parent ? parent->height : 0) + 1;
}

static bool read_blocks(struct block_log *log, const struct figure_source *source, const struct figure_run *run,
                        GError **error)
{
    static const char *const columns[] = {"chain",   "block",      "parent", "height",  "round", "proposer",
                                          "variant", "proposed_s", "status", "on_main", NULL};
    enum { CHAIN, BLOCK, PARENT, HEIGHT, ROUND, PROPOSER, VARIANT, PROPOSED, STATUS, ON_MAIN };
    struct rows *rows = figure_source_rows(run, TABLE_BLOCKS, columns, error);
    bool fine = true;
    if (!rows)
        return false;
    while (fine && rows_next_where(rows, CHAIN, source->chain)) {
        struct block_entry block = {
            .id = rows_id(rows, BLOCK),
            .parent = rows_id(rows, PARENT),
            .height = rows_number(rows, HEIGHT),
            .round = rows_id(rows, ROUND),
            .proposer = rows_id(rows, PROPOSER),
            .variant = rows_id(rows, VARIANT),
            .proposed_ns = rows_time(rows, PROPOSED),
            .status = status_of(rows, STATUS),
            .on_main = rows_number(rows, ON_MAIN) != 0,
            .first_ns = TIME_NEVER,
            .two_thirds_ns = TIME_NEVER,
            .last_ns = TIME_NEVER,
        };
        fine = fits(log, &block);
        if (!fine) {
            contradict(rows_path(rows), block.id, error);
            break;
        }
        vector_push(&log->blocks, block);
        log->tallest = MAX(log->tallest, block.height);
        log->until_ns = MAX(log->until_ns, block.proposed_ns);
    }
    return rows_close(rows, fine ? error : NULL) && fine;
}

static bool read_finality(struct block_log *log, const struct figure_source *source, const struct figure_run *run,
                          GError **error)
{
    static const char *const columns[] = {"chain", "block", "first_s", "two_thirds_stake_s", "last_s", NULL};
    enum { CHAIN, BLOCK, FIRST, TWO_THIRDS, LAST };
    struct rows *rows = figure_source_rows(run, TABLE_FINALITY, columns, error);
    bool fine = true;
    if (!rows)
        return false;
    while (fine && rows_next_where(rows, CHAIN, source->chain)) {
        block_id id = rows_id(rows, BLOCK);
        fine = id >= 1 && id <= log->blocks.count;
        if (!fine) {
            contradict(rows_path(rows), id, error);
            break;
        }
        struct block_entry *block = &log->blocks.at[id - 1];
        block->first_ns = rows_time(rows, FIRST);
        block->two_thirds_ns = rows_time(rows, TWO_THIRDS);
        block->last_ns = rows_time(rows, LAST);
        const time_ns seen[] = {block->first_ns, block->two_thirds_ns, block->last_ns};
        for (size_t i = 0; i < G_N_ELEMENTS(seen); i++)
            if (seen[i] != TIME_NEVER)
                log->until_ns = MAX(log->until_ns, block->proposed_ns + seen[i]);
    }
    return rows_close(rows, fine ? error : NULL) && fine;
}

bool block_log_read(struct block_log *log, const struct figure_source *source, const struct figure_run *run,
                    GError **error)
{
    *log = (struct block_log){0};
    bool fine = read_blocks(log, source, run, error);
    if (fine && figure_source_run_has(run, TABLE_FINALITY))
        fine = read_finality(log, source, run, error);
    if (run->until_ns != TIME_NEVER)
        log->until_ns = MAX(log->until_ns, run->until_ns);
    if (!fine)
        block_log_release(log);
    return fine;
}

void block_log_release(struct block_log *log)
{
    vector_release(&log->blocks);
}

const struct block_entry *block_log_find(const struct block_log *log, block_id id)
{
    return id == BLOCK_GENESIS || id > log->blocks.count ? NULL : &log->blocks.at[id - 1];
}

static int by_height(const void *first, const void *second)
{
    const struct block_entry *a = *(const struct block_entry *const *)first;
    const struct block_entry *b = *(const struct block_entry *const *)second;
    if (a->height != b->height)
        return a->height < b->height ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

const struct block_entry **block_log_main(const struct block_log *log, const struct figure_source *source,
                                          size_t *count)
{
    const struct block_entry **main_chain = g_new(const struct block_entry *, log->blocks.count + 1);
    *count = 0;
    for (size_t i = 0; i < log->blocks.count; i++) {
        const struct block_entry *block = &log->blocks.at[i];
        if (block->on_main && block->proposed_ns >= source->warmup_ns)
            main_chain[(*count)++] = block;
    }
    if (*count)
        qsort(main_chain, *count, sizeof *main_chain, by_height);
    return main_chain;
}
