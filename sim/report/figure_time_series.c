/* SPDX-License-Identifier: MIT */
/*
 * The course of one run in windows of time, one panel below the other: blocks proposed and blocks that became final,
 * the time to finality, votes, messages, what waits in mempools; with the faults of the run. Whole runs are shown,
 * warm-up included.
 */
#include "base/statistics.h"
#include "report/block_log.h"
#include "report/fault_periods.h"
#include "report/figure.h"
#include "report/rows.h"
#include "report/window.h"

#include <math.h>
#include <string.h>

#define WINDOWS_MOST    100
#define WINDOWS_LEAST   10
#define BLOCKS_A_WINDOW 4

enum panel { PANEL_BLOCKS, PANEL_FINALITY, PANEL_VOTES, PANEL_MESSAGES, PANEL_MEMPOOL, PANELS };
static const char *const panel_names[] = {"blocks", "finality", "votes", "messages", "mempool", NULL};

struct time_series_params {
    struct figure_common common;
    time_ns window_ns;
    struct param_list show; /* of int, enum panel */
};

static const struct param panel_element = {
    .key = "panel",
    .type = PARAM_CHOICE,
    .choices = panel_names,
    .meaning = "what a panel shows",
};
static const struct param params[] = {
    FIGURE_COMMON_PARAMS(struct time_series_params),
    {.key = "window",
     .type = PARAM_DURATION,
     .offset = offsetof(struct time_series_params, window_ns),
     .minimum = "1 ms",
     .optional = true,
     .meaning = "the length of a stretch of time; absent: at most a hundred of them, of some blocks each"},
    {.key = "show",
     .type = PARAM_LIST,
     .offset = offsetof(struct time_series_params, show),
     .optional = true,
     .element = &panel_element,
     .meaning = "the panels, from the top; absent: all whose tables were recorded, the mempool where there are "
                "transactions"},
};
static const struct param_table table =
    PARAM_TABLE("time_series", "the course of one run", struct time_series_params, params);

struct window {
    uint64_t proposed, final, not_final, votes, messages;
    uint64_t mempool_bytes;  /* the most that waited at once */
    VECTOR(double) finality; /* of the main chain's blocks that were proposed in it */
};

struct course {
    const struct figure_source *source;
    const struct figure_run *run;
    struct block_log log;
    struct fault_periods faults;
    VECTOR(struct window) windows;
    time_ns width_ns, until_ns;
    enum panel panels[PANELS];
    size_t panel_count;
    bool votes_cast; /* votes are counted one by one, not at the time when half of a round's had been cast */
};

static bool has(const struct course *course, enum table wanted)
{
    return figure_source_run_has(course->run, wanted);
}

static bool can_show(const struct course *course, enum panel panel)
{
    switch (panel) {
    case PANEL_BLOCKS:
        return true;
    case PANEL_FINALITY:
        return has(course, TABLE_FINALITY);
    case PANEL_VOTES:
        return has(course, TABLE_VOTES) || has(course, TABLE_VOTES_CAST);
    case PANEL_MEMPOOL:
        return has(course, TABLE_MEMPOOL);
    default:
        return has(course, TABLE_MESSAGES);
    }
}

/* Replays write every table, that of the mempool without a row where there are no transactions. */
static bool has_mempool_rows(const struct course *course)
{
    static const char *const columns[] = {"chain", NULL};
    struct rows *rows =
        has(course, TABLE_MEMPOOL) ? figure_source_rows(course->run, TABLE_MEMPOOL, columns, NULL) : NULL;
    bool any = rows && rows_next_where(rows, 0, course->source->chain);
    if (rows)
        rows_close(rows, NULL);
    return any;
}

static bool choose_panels(struct course *course, const struct param_list *show, GError **error)
{
    static const char *const tables[PANELS] = {"blocks", "finality", "votes", "messages", "mempool"};
    bool wanted[PANELS] = {0};
    for (size_t i = 0; i < show->count; i++) {
        enum panel panel = (enum panel)((const int *)show->items)[i];
        if (wanted[panel])
            continue;
        if (!can_show(course, panel)) {
            g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_LACKS,
                        "show: `%s` needs the table %s, which was not recorded", panel_names[panel], tables[panel]);
            return false;
        }
        wanted[panel] = true;
        course->panels[course->panel_count++] = panel;
    }
    for (enum panel panel = 0; panel < PANELS && show->count == 0; panel++)
        if (can_show(course, panel) && (panel != PANEL_MEMPOOL || has_mempool_rows(course)))
            course->panels[course->panel_count++] = panel;
    return true;
}

static void make_windows(struct course *course, time_ns asked_ns)
{
    uint64_t wanted = CLAMP(course->log.blocks.count / BLOCKS_A_WINDOW, WINDOWS_LEAST, WINDOWS_MOST);
    course->until_ns = MAX(course->log.until_ns, 1);
    course->width_ns =
        asked_ns != PARAM_ABSENT ? asked_ns : window_width((course->until_ns + (time_ns)wanted - 1) / (time_ns)wanted);
    /* What happens as the run ends belongs to the last window. */
    size_t count = (size_t)((course->until_ns - 1) / course->width_ns) + 1;
    for (size_t i = 0; i < MIN(count, SHEET_ROWS); i++)
        vector_push(&course->windows, (struct window){0});
}

static struct window *window_at(const struct course *course, time_ns at_ns)
{
    size_t index = (size_t)(MAX(at_ns, 0) / course->width_ns);
    return &course->windows.at[MIN(index, course->windows.count - 1)];
}

static void add_blocks(struct course *course)
{
    for (size_t i = 0; i < course->log.blocks.count; i++) {
        const struct block_entry *block = &course->log.blocks.at[i];
        struct window *window = window_at(course, block->proposed_ns);
        window->proposed++;
        if (block->first_ns != TIME_NEVER)
            window_at(course, block->proposed_ns + block->first_ns)->final++;
        if (!block->on_main)
            continue;
        if (block->two_thirds_ns == TIME_NEVER)
            window->not_final++;
        else
            vector_push(&window->finality, (double)block->two_thirds_ns / (double)SECOND);
    }
}

/* Counts the rows of a table by a column of times; `votes` (NULL: each is one) says how many a row stands for. */
static bool add_rows(struct course *course, enum table from, const char *time, const char *votes, bool messages,
                     GError **error)
{
    const char *const columns[] = {"chain", time, votes ? votes : "chain", NULL};
    enum { CHAIN, TIME, VOTES };
    struct rows *rows = figure_source_rows(course->run, from, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, course->source->chain)) {
        time_ns at_ns = rows_time(rows, TIME);
        if (at_ns == TIME_NEVER)
            continue;
        struct window *window = window_at(course, at_ns);
        uint64_t count = votes ? rows_number(rows, VOTES) : 1;
        window->votes += messages ? 0 : count;
        window->messages += messages ? count : 0;
    }
    return rows_close(rows, error);
}

static bool add_mempool(struct course *course, GError **error)
{
    static const char *const columns[] = {"chain", "at_s", "bytes", NULL};
    enum { CHAIN, AT, BYTES };
    struct rows *rows = figure_source_rows(course->run, TABLE_MEMPOOL, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, course->source->chain)) {
        struct window *window = window_at(course, rows_time(rows, AT));
        window->mempool_bytes = MAX(window->mempool_bytes, rows_number(rows, BYTES));
    }
    return rows_close(rows, error);
}

static bool fill_windows(struct course *course, GError **error)
{
    bool fine = true;
    add_blocks(course);
    for (size_t i = 0; i < course->panel_count && fine; i++)
        if (course->panels[i] == PANEL_VOTES) {
            course->votes_cast = has(course, TABLE_VOTES_CAST);
            fine = course->votes_cast ? add_rows(course, TABLE_VOTES_CAST, "at_s", NULL, false, error)
                                      : add_rows(course, TABLE_VOTES, "p50_s", "votes", false, error);
        } else if (course->panels[i] == PANEL_MESSAGES) {
            fine = add_rows(course, TABLE_MESSAGES, "at_s", NULL, true, error);
        } else if (course->panels[i] == PANEL_MEMPOOL) {
            fine = add_mempool(course, error);
        }
    return fine;
}

static bool save_windows(const struct course *course, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "from_s,to_s,proposed,final,finality_least_s,finality_p50_s,finality_most_s,not_final,votes,"
                       "messages,mempool");
    for (size_t i = 0; i < course->windows.count; i++) {
        struct window *window = &course->windows.at[i];
        size_t count = window->finality.count;
        if (count)
            statistics_sort(window->finality.at, count);
        sheet_time(&sheet, (time_ns)i * course->width_ns);
        sheet_time(&sheet, MIN(((time_ns)i + 1) * course->width_ns, course->until_ns));
        sheet_number(&sheet, window->proposed);
        sheet_number(&sheet, window->final);
        sheet_real(&sheet, count ? window->finality.at[0] : NAN);
        sheet_real(&sheet, statistics_quantile(window->finality.at, count, .5));
        sheet_real(&sheet, count ? window->finality.at[count - 1] : NAN);
        sheet_number(&sheet, window->not_final);
        sheet_number(&sheet, window->votes);
        sheet_number(&sheet, window->messages);
        sheet_number(&sheet, window->mempool_bytes);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "time_series", error);
}

/* For each panel what its axis is called, the unit of its values, and how far they reach. */
static void add_panel(struct sheet *sheet, const struct course *course, enum panel panel, const char *width)
{
    double most = 0;
    uint64_t never = 0;
    for (size_t i = 0; i < course->windows.count; i++) {
        const struct window *window = &course->windows.at[i];
        const double reach[PANELS] = {
            [PANEL_BLOCKS] = (double)MAX(window->proposed, window->final),
            [PANEL_FINALITY] = window->finality.count ? window->finality.at[window->finality.count - 1] : 0,
            [PANEL_VOTES] = (double)window->votes,
            [PANEL_MESSAGES] = (double)window->messages,
            [PANEL_MEMPOOL] = (double)window->mempool_bytes,
        };
        most = MAX(most, reach[panel]);
        never += window->not_final;
    }
    static const char *const units[PANELS] = {"", "s", "", "", "bytes"};
    static const char *const things[PANELS] = {"Blocks", "Finality", "Votes", "Messages", "Mempool"};
    struct scale scale = scale_rounded(units[panel], most);
    char *thing = *units[panel] ? g_strdup(things[panel]) : g_strdup_printf("%s per %s", things[panel], width);
    char *title = label_axis(thing, &scale);
    sheet_text(sheet, panel_names[panel]);
    sheet_text(sheet, title);
    sheet_real(sheet, scale.factor);
    sheet_real(sheet, most / scale.factor);
    sheet_number(sheet, panel == PANEL_FINALITY ? never : 0);
    sheet_end(sheet);
    g_free(title);
    g_free(thing);
}

static bool save_panels(const struct course *course, const char *folder, GError **error)
{
    struct sheet sheet;
    char *width = window_text(course->width_ns);
    sheet_init(&sheet, "panel,title,factor,most,never");
    for (size_t i = 0; i < course->panel_count; i++)
        add_panel(&sheet, course, course->panels[i], width);
    g_free(width);
    return sheet_save(&sheet, folder, "time_series_panels", error);
}

static bool save_facts(const struct course *course, const char *folder, GError **error)
{
    struct figure_unit unit = figure_unit(course->until_ns);
    char *note = figure_source_note(course->source, false);
    struct sheet facts;
    sheet_init(&facts, "note,unit,unit_s,until_s,panels,faults");
    sheet_text(&facts, note);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_time(&facts, course->until_ns);
    sheet_number(&facts, course->panel_count);
    sheet_number(&facts, course->faults.all.count);
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "time_series_facts", error);
}

static bool save(struct course *course, const struct time_series_params *wanted, const char *folder, GError **error)
{
    make_windows(course, wanted->window_ns);
    if ((time_ns)course->windows.count * course->width_ns < course->until_ns)
        return figure_empty(error, "the windows are more than a figure can show");
    bool faults = has(course, TABLE_INCIDENTS);
    return fill_windows(course, error) &&
           (!faults || fault_periods_read(&course->faults, course->source, course->run, course->until_ns, error)) &&
           save_windows(course, folder, error) && save_panels(course, folder, error) &&
           fault_periods_save(&course->faults, course->until_ns, folder, "time_series_faults", error) &&
           save_facts(course, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    const struct time_series_params *wanted = source->params;
    struct course course = {.source = source, .run = &source->runs[0]};
    if (!block_log_read(&course.log, source, course.run, error))
        return false;
    bool fine = (course.log.blocks.count > 0 || figure_empty(error, "no block was proposed")) &&
                choose_panels(&course, &wanted->show, error) && save(&course, wanted, folder, error);
    for (size_t i = 0; i < course.windows.count; i++)
        vector_release(&course.windows.at[i].finality);
    vector_release(&course.windows);
    fault_periods_release(&course.faults);
    block_log_release(&course.log);
    return fine;
}

static const char *const sheets[] = {"faults", "panels", NULL};

const struct figure figure_time_series = {
    .name = "time_series",
    .meaning = "one run in windows of time: blocks, finality, votes, messages, and the faults",
    .tables = TABLE_BIT(TABLE_BLOCKS),
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
