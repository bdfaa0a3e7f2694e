/* SPDX-License-Identifier: MIT */
#include "report/space_time.h"

#include "report/rows.h"

#include <stdlib.h>

struct sent {
    message_id id;
    uint32_t what;
    uint32_t round;
    replica_id origin;
    time_ns at_ns;
    bool followed;
};

struct reading {
    struct space_time *diagram;
    const struct figure_source *source;
    VECTOR(struct sent) sent;
    GHashTable *by_id; /* of those followed: message to place in `sent` + 1; looked up only, never walked */
};

static uint32_t what_of(const struct rows *rows, size_t kind, uint32_t type)
{
    if (rows_equal(rows, kind, "proposal"))
        return SPACE_TIME_PROPOSAL;
    if (rows_equal(rows, kind, "vote"))
        return SPACE_TIME_VOTE + MIN(type, SPACE_TIME_OTHER - SPACE_TIME_VOTE - 1);
    return SPACE_TIME_OTHER;
}

static bool read_messages(struct reading *reading, GError **error)
{
    static const char *const columns[] = {"at_s",   "chain", "message", "kind", "type",
                                          "height", "round", "origin",  NULL};
    enum { AT, CHAIN, MESSAGE, KIND, TYPE, HEIGHT, ROUND, ORIGIN };
    struct space_time *diagram = reading->diagram;
    struct rows *rows = figure_source_rows(&reading->source->runs[0], TABLE_MESSAGES, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, reading->source->chain)) {
        uint64_t height = rows_number(rows, HEIGHT);
        if (height < diagram->from_height || height > diagram->to_height)
            continue;
        struct sent sent = {
            .id = rows_number(rows, MESSAGE),
            .what = what_of(rows, KIND, rows_id(rows, TYPE)),
            .round = rows_id(rows, ROUND),
            .origin = rows_id(rows, ORIGIN),
            .at_ns = rows_time(rows, AT),
        };
        if (sent.origin < diagram->node_count)
            vector_push(&reading->sent, sent);
    }
    return rows_close(rows, error);
}

/* By what they are, then round, sender, time: the groups of which a few senders are followed. */
static int compare_sent(const void *first, const void *second)
{
    const struct sent *a = first, *b = second;
    if (a->what != b->what)
        return a->what < b->what ? -1 : 1;
    if (a->round != b->round)
        return a->round < b->round ? -1 : 1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

static bool same_group(const struct sent *a, const struct sent *b)
{
    return a->what == b->what && a->round == b->round;
}

/* Follows `senders` of a group's messages, spread evenly over it. */
static void follow_some(struct sent *group, size_t count, uint32_t senders)
{
    size_t followed = MIN(count, senders);
    for (size_t i = 0; i < followed; i++)
        group[(2 * i + 1) * count / (2 * followed)].followed = true;
}

static void choose_followed(struct reading *reading, uint32_t senders)
{
    struct sent *sent = reading->sent.at;
    size_t count = reading->sent.count;
    if (count)
        qsort(sent, count, sizeof *sent, compare_sent);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && same_group(&sent[from], &sent[to]);)
            to++;
        follow_some(sent + from, to - from, sent[from].what == SPACE_TIME_PROPOSAL ? UINT32_MAX : senders);
    }
    for (size_t i = 0; i < count; i++) {
        if (sent[i].followed)
            g_hash_table_insert(reading->by_id, &sent[i].id, GSIZE_TO_POINTER(i + 1));
        struct space_time_mark mark = {sent[i].what, sent[i].origin, sent[i].at_ns};
        if (sent[i].what != SPACE_TIME_OTHER)
            vector_push(&reading->diagram->marks, mark);
    }
}

static bool read_arrivals(struct reading *reading, GError **error)
{
    static const char *const columns[] = {"at_s", "chain", "message", "replica", NULL};
    enum { AT, CHAIN, MESSAGE, REPLICA };
    struct rows *rows = figure_source_rows(&reading->source->runs[0], TABLE_ARRIVALS, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, reading->source->chain)) {
        message_id id = rows_number(rows, MESSAGE);
        size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(reading->by_id, &id));
        replica_id to = rows_id(rows, REPLICA);
        if (!place || to >= reading->diagram->node_count)
            continue;
        const struct sent *sent = &reading->sent.at[place - 1];
        struct space_time_line line = {sent->what, sent->origin, to, sent->at_ns, rows_time(rows, AT)};
        if (to != sent->origin)
            vector_push(&reading->diagram->lines, line);
    }
    return rows_close(rows, error);
}

/*
 * When each node first held a block of the diagram's heights final, directly or through a descendant. Without the table
 * finals there are no such marks.
 */
static bool read_finals(struct reading *reading, const struct block_log *log, GError **error)
{
    static const char *const columns[] = {"at_s", "chain", "replica", "block", NULL};
    enum { AT, CHAIN, REPLICA, BLOCK };
    struct space_time *diagram = reading->diagram;
    const struct figure_run *run = &reading->source->runs[0];
    if (!figure_source_run_has(run, TABLE_FINALS))
        return true;
    struct rows *rows = figure_source_rows(run, TABLE_FINALS, columns, error);
    if (!rows)
        return false;
    uint64_t *reached = g_new0(uint64_t, diagram->node_count + 1);
    while (rows_next_where(rows, CHAIN, reading->source->chain)) {
        replica_id replica = rows_id(rows, REPLICA);
        const struct block_entry *block = block_log_find(log, rows_id(rows, BLOCK));
        if (!block || replica >= diagram->node_count)
            continue;
        struct space_time_mark mark = {SPACE_TIME_FINAL, replica, rows_time(rows, AT)};
        bool inside = block->height >= diagram->from_height && reached[replica] < diagram->to_height;
        if (inside)
            vector_push(&diagram->marks, mark);
        reached[replica] = MAX(reached[replica], block->height);
    }
    g_free(reached);
    return rows_close(rows, error);
}

static int compare_times(const void *first, const void *second)
{
    time_ns a = *(const time_ns *)first, b = *(const time_ns *)second;
    return (a > b) - (a < b);
}

/*
 * From the first message on, until all but a few (2 %) of what happened has happened, or all if that takes little
 * longer: what a partition held back for a minute would leave nothing to see of the rest.
 */
static void choose_span(struct space_time *diagram)
{
    VECTOR(time_ns) times = {0};
    diagram->begin_ns = TIME_NEVER;
    for (size_t i = 0; i < diagram->lines.count; i++) {
        vector_push(&times, diagram->lines.at[i].arrived_ns);
        diagram->begin_ns = MIN(diagram->begin_ns, diagram->lines.at[i].sent_ns);
    }
    for (size_t i = 0; i < diagram->marks.count; i++) {
        vector_push(&times, diagram->marks.at[i].at_ns);
        diagram->begin_ns = MIN(diagram->begin_ns, diagram->marks.at[i].at_ns);
    }
    if (times.count) {
        qsort(times.at, times.count, sizeof *times.at, compare_times);
        time_ns most = times.at[(times.count - 1) * 98 / 100] - diagram->begin_ns;
        time_ns all = times.at[times.count - 1] - diagram->begin_ns;
        diagram->end_ns = diagram->begin_ns + (all / 2 <= most ? all : most);
    }
    vector_release(&times);
}

bool space_time_read(struct space_time *diagram, const struct figure_source *source, const struct block_log *log,
                     node_id node_count, uint64_t height, uint64_t heights, uint32_t senders, GError **error)
{
    *diagram = (struct space_time){
        .from_height = height, .to_height = height + heights - 1, .node_count = node_count, .begin_ns = TIME_NEVER};
    struct reading reading = {
        .diagram = diagram, .source = source, .by_id = g_hash_table_new(g_int64_hash, g_int64_equal)};
    bool fine = read_messages(&reading, error);
    if (fine) {
        choose_followed(&reading, senders);
        fine = read_arrivals(&reading, error) && read_finals(&reading, log, error);
    }
    if (fine)
        choose_span(diagram);
    else
        space_time_release(diagram);
    g_hash_table_destroy(reading.by_id);
    vector_release(&reading.sent);
    return fine;
}

void space_time_release(struct space_time *diagram)
{
    vector_release(&diagram->lines);
    vector_release(&diagram->marks);
}

struct timed {
    time_ns time_ns;
    uint64_t height;
};

static int compare_timed(const void *first, const void *second)
{
    const struct timed *a = first, *b = second;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->height > b->height) - (a->height < b->height);
}

uint64_t space_time_typical_height(const struct block_log *log, const struct figure_source *source)
{
    size_t count;
    const struct block_entry **chain = block_log_main(log, source, &count);
    VECTOR(struct timed) timed = {0};
    for (size_t i = 0; i < count; i++)
        if (chain[i]->last_ns != TIME_NEVER)
            vector_push(&timed, (struct timed){chain[i]->last_ns, chain[i]->height});
    if (timed.count)
        qsort(timed.at, timed.count, sizeof *timed.at, compare_timed);
    uint64_t height = timed.count ? timed.at[timed.count / 2].height : count ? chain[count / 2]->height : 1;
    vector_release(&timed);
    g_free(chain);
    return height;
}
