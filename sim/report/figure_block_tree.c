/* SPDX-License-Identifier: MIT */
/* The block tree of one run, or of a large one the stretch of heights with the most forks. */
#include "report/figure.h"
#include "report/tree.h"

#define HEIGHTS_MOST 40
#define BLOCKS_MOST  20000

/* What to mark a block as: a final block off the main chain is a broken promise. */
static const char *kind_of(const struct block_entry *block)
{
    if (block->status == BLOCK_FINAL)
        return block->on_main ? "final" : "conflict";
    return block->on_main || block->status == BLOCK_PENDING ? "pending" : "orphan";
}

struct extent {
    int lowest, highest;
    uint64_t blocks, finals, orphans, pending, conflicts;
};

static void add_block(struct sheet *sheet, const struct block_log *log, const int *lane,
                      const struct block_entry *block)
{
    const struct block_entry *parent = block_log_find(log, block->parent);
    char text[16];
    sheet_number(sheet, block->id);
    sheet_number(sheet, block->height);
    g_snprintf(text, sizeof text, "%d", lane[block->id - 1]);
    sheet_text(sheet, text);
    sheet_number(sheet, parent ? parent->height : 0);
    g_snprintf(text, sizeof text, "%d", parent ? lane[parent->id - 1] : 0);
    sheet_text(sheet, text);
    sheet_text(sheet, kind_of(block));
    sheet_number(sheet, block->proposer);
    sheet_time(sheet, block->proposed_ns);
    sheet_end(sheet);
}

static struct extent add_blocks(struct sheet *sheet, const struct block_log *log, const struct tree_window *window)
{
    int *lane = tree_lanes(log, window);
    struct extent extent = {0};
    for (size_t i = 0; i < log->blocks.count; i++) {
        const struct block_entry *block = &log->blocks.at[i];
        if (block->height < window->from || block->height > window->to || sheet->rows == BLOCKS_MOST)
            continue;
        add_block(sheet, log, lane, block);
        extent.lowest = MIN(extent.lowest, lane[i]);
        extent.highest = MAX(extent.highest, lane[i]);
        extent.blocks++;
        const char *kind = kind_of(block);
        extent.finals += kind[0] == 'f';
        extent.orphans += kind[0] == 'o';
        extent.pending += kind[0] == 'p';
        extent.conflicts += kind[0] == 'c';
    }
    g_free(lane);
    return extent;
}

static char *describe(const struct figure_source *source, const struct block_log *log, const struct tree_window *window)
{
    char *note = figure_source_note(source, false);
    if (window->whole)
        return note;
    char *text =
        g_strdup_printf("%s; %s%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " heights", note,
                        window->forked ? "the most forked " : "the last ", window->to - window->from + 1, log->tallest);
    g_free(note);
    return text;
}

static bool save_facts(const struct figure_source *source, const struct block_log *log,
                       const struct tree_window *window, const struct extent *extent, const char *folder,
                       GError **error)
{
    char *note = describe(source, log, window), lowest[16], highest[16];
    g_snprintf(lowest, sizeof lowest, "%d", extent->lowest);
    g_snprintf(highest, sizeof highest, "%d", extent->highest);
    struct sheet facts;
    sheet_init(&facts, "note,from,to,lowest,highest,blocks,finals,orphans,pending,conflicts");
    sheet_text(&facts, note);
    sheet_number(&facts, window->from);
    sheet_number(&facts, window->to);
    sheet_text(&facts, lowest);
    sheet_text(&facts, highest);
    sheet_number(&facts, extent->blocks);
    sheet_number(&facts, extent->finals);
    sheet_number(&facts, extent->orphans);
    sheet_number(&facts, extent->pending);
    sheet_number(&facts, extent->conflicts);
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "block_tree_facts", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct block_log log;
    if (!block_log_read(&log, source, &source->runs[0], error))
        return false;
    bool fine = log.blocks.count > 0 || figure_empty(error, "no block was proposed");
    if (fine) {
        struct tree_window window = tree_window(&log, HEIGHTS_MOST);
        struct sheet sheet;
        sheet_init(&sheet, "block,height,lane,parent_height,parent_lane,kind,proposer,proposed_s");
        struct extent extent = add_blocks(&sheet, &log, &window);
        fine = sheet_save(&sheet, folder, "block_tree", error) &&
               save_facts(source, &log, &window, &extent, folder, error);
    }
    block_log_release(&log);
    return fine;
}

const struct figure figure_block_tree = {
    .name = "block_tree",
    .meaning = "the block tree of one run; of a large one, where it forks most",
    .tables = TABLE_BIT(TABLE_BLOCKS),
    .reduce = reduce,
};
