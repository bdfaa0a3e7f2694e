/* SPDX-License-Identifier: MIT */
/*
 * The space-time diagram: nodes down, by region, time across. Protocols that vote show one height, others a few blocks.
 */
#include "report/figure.h"
#include "report/rows.h"
#include "report/space_time.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_NODES_MOST 16 /* more nodes are labelled by region */
#define HEIGHTS_UNVOTED  4  /* heights to show where nothing is voted on */
#define LINES_MOST       50000
#define MARKS_MOST       50000

struct place {
    node_id node;
    char *name;   /* of the first validator there */
    char *region; /* may be "NA" */
};

struct places {
    VECTOR(struct place) nodes; /* in the order of the rows */
    uint32_t *row;              /* by node */
    node_id node_count;
};

static int by_node(const void *first, const void *second)
{
    const struct place *a = first, *b = second;
    return (a->node > b->node) - (a->node < b->node);
}

static int by_region(const void *first, const void *second)
{
    const struct place *a = first, *b = second;
    int order = strcmp(a->region, b->region);
    return order ? order : by_node(first, second);
}

/* Validators come in order; those that share a node count once. */
static void drop_repeated(struct places *places)
{
    size_t kept = 0;
    for (size_t i = 0; i < places->nodes.count; i++) {
        struct place place = places->nodes.at[i];
        if (kept > 0 && places->nodes.at[kept - 1].node == place.node) {
            g_free(place.name);
            g_free(place.region);
        } else {
            places->nodes.at[kept++] = place;
        }
    }
    places->nodes.count = kept;
}

static bool read_places(struct places *places, const struct figure_source *source, GError **error)
{
    static const char *const columns[] = {"chain", "name", "node", "region", NULL};
    enum { CHAIN, NAME, NODE, REGION };
    *places = (struct places){0};
    struct rows *rows = figure_source_rows(&source->runs[0], TABLE_VALIDATORS, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, source->chain)) {
        if (rows_missing(rows, NODE))
            continue;
        struct place place = {rows_id(rows, NODE), g_strdup(rows_text(rows, NAME)), g_strdup(rows_text(rows, REGION))};
        vector_push(&places->nodes, place);
        places->node_count = MAX(places->node_count, place.node + 1);
    }
    return rows_close(rows, error);
}

static void order_places(struct places *places)
{
    qsort(places->nodes.at, places->nodes.count, sizeof *places->nodes.at, by_node);
    drop_repeated(places);
    if (places->nodes.count > NAMED_NODES_MOST)
        qsort(places->nodes.at, places->nodes.count, sizeof *places->nodes.at, by_region);
    places->row = g_new0(uint32_t, places->node_count);
    for (size_t i = 0; i < places->nodes.count; i++)
        places->row[places->nodes.at[i].node] = (uint32_t)i + 1;
}

static void places_release(struct places *places)
{
    for (size_t i = 0; i < places->nodes.count; i++) {
        g_free(places->nodes.at[i].name);
        g_free(places->nodes.at[i].region);
    }
    vector_release(&places->nodes);
    g_free(places->row);
}

static size_t region_count(const struct places *places)
{
    size_t count = 0;
    for (size_t i = 0; i < places->nodes.count; i++)
        count += i == 0 || strcmp(places->nodes.at[i].region, places->nodes.at[i - 1].region) != 0;
    return count;
}

struct written {
    size_t labels, kinds; /* rows of those sheets */
};

/* Labels beside the rows: nodes by name where they are few, else regions, each in the middle of its rows. */
static bool save_rows(const struct places *places, struct written *written, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "row,from,to,label");
    bool named = places->nodes.count <= NAMED_NODES_MOST;
    size_t count = places->nodes.count, to;
    bool regions = !named && region_count(places) > 1;
    for (size_t from = 0; (named || regions) && from < count; from = to) {
        const struct place *place = &places->nodes.at[from];
        for (to = from + 1; regions && to < count && strcmp(places->nodes.at[to].region, place->region) == 0;)
            to++;
        sheet_real(&sheet, (double)(from + 1 + to) / 2);
        sheet_number(&sheet, from + 1);
        sheet_number(&sheet, to);
        char *unnamed = g_strdup_printf("%u", place->node);
        sheet_text(&sheet, regions ? place->region : strcmp(place->name, "NA") == 0 ? unnamed : place->name);
        g_free(unnamed);
        sheet_end(&sheet);
    }
    written->labels = sheet.rows;
    return sheet_save(&sheet, folder, "space_time_rows", error);
}

static bool save_lines(const struct space_time *diagram, const struct places *places, const char *folder,
                       GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "what,sent_s,from_row,taken_s,rows_down");
    for (size_t i = 0; i < diagram->lines.count && sheet.rows < LINES_MOST; i++) {
        const struct space_time_line *line = &diagram->lines.at[i];
        if (!places->row[line->from] || !places->row[line->to])
            continue;
        char down[16];
        g_snprintf(down, sizeof down, "%d", (int)places->row[line->to] - (int)places->row[line->from]);
        sheet_number(&sheet, line->what);
        sheet_time(&sheet, line->sent_ns - diagram->begin_ns);
        sheet_number(&sheet, places->row[line->from]);
        sheet_time(&sheet, line->arrived_ns - line->sent_ns);
        sheet_text(&sheet, down);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "space_time", error);
}

static bool save_marks(const struct space_time *diagram, const struct places *places, const char *folder,
                       GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "what,at_s,row");
    for (size_t i = 0; i < diagram->marks.count && sheet.rows < MARKS_MOST; i++) {
        const struct space_time_mark *mark = &diagram->marks.at[i];
        if (!places->row[mark->node])
            continue;
        sheet_number(&sheet, mark->what);
        sheet_time(&sheet, mark->at_ns - diagram->begin_ns);
        sheet_number(&sheet, places->row[mark->node]);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "space_time_marks", error);
}

/* The names of the kinds of vote, from chains.csv where it is recorded; g_strfreev it. */
static char **vote_kinds(const struct figure_source *source)
{
    static const char *const columns[] = {"chain", "vote_kinds", NULL};
    struct rows *rows = figure_source_rows(&source->runs[0], TABLE_CHAINS, columns, NULL);
    char **kinds = NULL;
    while (rows && rows_next(rows))
        if (!kinds && rows_number(rows, 0) == source->chain && !rows_missing(rows, 1))
            kinds = g_strsplit(rows_text(rows, 1), " ", -1);
    if (rows)
        rows_close(rows, NULL);
    return kinds ? kinds : g_new0(char *, 1);
}

/* A row for the key of the figure: each kind of thing that is shown. */
static bool save_kinds(const struct space_time *diagram, const struct figure_source *source, struct written *written,
                       const char *folder, GError **error)
{
    bool shown[SPACE_TIME_FINAL + 1] = {false};
    for (size_t i = 0; i < diagram->lines.count; i++)
        shown[diagram->lines.at[i].what] = true;
    for (size_t i = 0; i < diagram->marks.count; i++)
        shown[diagram->marks.at[i].what] = true;
    char **kinds = vote_kinds(source);
    struct sheet sheet;
    sheet_init(&sheet, "what,name");
    for (uint32_t what = 0; what <= SPACE_TIME_FINAL; what++) {
        if (!shown[what])
            continue;
        uint32_t vote = what - SPACE_TIME_VOTE;
        char *name = what == SPACE_TIME_PROPOSAL   ? g_strdup("proposal")
                     : what == SPACE_TIME_OTHER    ? g_strdup("other")
                     : what == SPACE_TIME_FINAL    ? g_strdup("final")
                     : vote < g_strv_length(kinds) ? g_strdup(kinds[vote])
                                                   : g_strdup_printf("vote %u", vote);
        sheet_number(&sheet, what);
        sheet_text(&sheet, name);
        sheet_end(&sheet);
        g_free(name);
    }
    g_strfreev(kinds);
    written->kinds = sheet.rows;
    return sheet_save(&sheet, folder, "space_time_kinds", error);
}

static bool save_facts(const struct space_time *diagram, const struct figure_source *source,
                       const struct places *places, const struct written *written, const char *folder, GError **error)
{
    struct figure_unit unit = figure_unit(diagram->end_ns - diagram->begin_ns);
    char *run = figure_source_note(source, false);
    char *note = diagram->from_height == diagram->to_height
                     ? g_strdup_printf("%s; height %" G_GUINT64_FORMAT, run, diagram->from_height)
                     : g_strdup_printf("%s; heights %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, run,
                                       diagram->from_height, diagram->to_height);
    struct sheet facts;
    sheet_init(&facts, "note,unit,unit_s,span_s,nodes,labels,kinds,lines,begin_s");
    sheet_text(&facts, note);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_time(&facts, diagram->end_ns - diagram->begin_ns);
    sheet_number(&facts, places->nodes.count);
    sheet_number(&facts, written->labels);
    sheet_number(&facts, written->kinds);
    sheet_number(&facts, diagram->lines.count);
    sheet_time(&facts, diagram->begin_ns);
    sheet_end(&facts);
    g_free(note);
    g_free(run);
    return sheet_save(&facts, folder, "space_time_facts", error);
}

static bool votes(const struct space_time *diagram)
{
    for (size_t i = 0; i < diagram->marks.count; i++)
        if (diagram->marks.at[i].what >= SPACE_TIME_VOTE && diagram->marks.at[i].what < SPACE_TIME_OTHER)
            return true;
    return false;
}

/* False and the reason where there is nothing between nodes, or nothing that takes time. */
static bool has_something(const struct space_time *diagram, const struct places *places, GError **error)
{
    if (places->nodes.count == 1)
        return figure_empty(error, "all validators are at one node, so no message goes to another");
    if (diagram->lines.count == 0)
        return figure_empty(error, "no message about height %" G_GUINT64_FORMAT " reached another node",
                            diagram->from_height);
    if (diagram->end_ns == diagram->begin_ns)
        return figure_empty(error,
                            "all of height %" G_GUINT64_FORMAT " happened at one moment: there is no delay to show",
                            diagram->from_height);
    return true;
}

/* Few nodes can show the votes of all, many only those of two. */
static uint32_t senders_for(size_t nodes)
{
    return nodes <= 8 ? UINT32_MAX : nodes <= 30 ? 4 : 2;
}

static bool draw(const struct figure_source *source, const struct block_log *log, struct places *places,
                 const char *folder, GError **error)
{
    if (places->nodes.count == 0)
        return figure_empty(error, "no node has a validator");
    if (log->blocks.count == 0)
        return figure_empty(error, "no block was proposed");
    order_places(places);
    struct space_time diagram;
    uint64_t height = source->height != HEIGHT_ANY ? source->height : space_time_typical_height(log, source);
    uint32_t senders = senders_for(places->nodes.count);
    if (!space_time_read(&diagram, source, log, places->node_count, height, 1, senders, error))
        return false;
    if (!votes(&diagram)) {
        space_time_release(&diagram);
        if (!space_time_read(&diagram, source, log, places->node_count, height, HEIGHTS_UNVOTED, senders, error))
            return false;
    }
    struct written written;
    bool fine = has_something(&diagram, places, error) && save_rows(places, &written, folder, error) &&
                save_lines(&diagram, places, folder, error) && save_marks(&diagram, places, folder, error) &&
                save_kinds(&diagram, source, &written, folder, error) &&
                save_facts(&diagram, source, places, &written, folder, error);
    space_time_release(&diagram);
    return fine;
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct block_log log;
    struct places places;
    if (!block_log_read(&log, source, &source->runs[0], error))
        return false;
    bool fine = read_places(&places, source, error) && draw(source, &log, &places, folder, error);
    places_release(&places);
    block_log_release(&log);
    return fine;
}

static const char *const sheets[] = {"kinds", "marks", "rows", NULL};

const struct figure figure_space_time = {
    .name = "space_time",
    .meaning = "the messages of one height between the nodes, over time",
    .tables =
        TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_VALIDATORS) | TABLE_BIT(TABLE_MESSAGES) | TABLE_BIT(TABLE_ARRIVALS),
    .sheets = sheets,
    .reduce = reduce,
};
