/* SPDX-License-Identifier: MIT */
/*
 * Messages, deliveries and bytes (of all copies on the network) by kind of message, for each block of the main chain:
 * the mean over all runs.
 */
#include "report/block_log.h"
#include "report/figure.h"
#include "report/rows.h"

#include <math.h>
#include <string.h>

struct cost {
    char *kind;
    double messages, deliveries, bytes;
};

struct costs {
    VECTOR(struct cost) all; /* in the order of network.csv */
    size_t blocks;
};

static struct cost *cost_of(struct costs *costs, const char *kind)
{
    for (size_t i = 0; i < costs->all.count; i++)
        if (strcmp(costs->all.at[i].kind, kind) == 0)
            return &costs->all.at[i];
    vector_push(&costs->all, (struct cost){.kind = g_strdup(kind)});
    return &costs->all.at[costs->all.count - 1];
}

static bool add_network(struct costs *costs, const struct figure_source *source, const struct figure_run *run,
                        GError **error)
{
    static const char *const columns[] = {"chain", "kind", "messages", "bytes", "deliveries", NULL};
    enum { CHAIN, KIND, MESSAGES, BYTES, DELIVERIES };
    struct rows *rows = figure_source_rows(run, TABLE_NETWORK, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, source->chain)) {
        double messages = (double)rows_number(rows, MESSAGES), deliveries = (double)rows_number(rows, DELIVERIES);
        double bytes = (double)rows_number(rows, BYTES);
        if (messages < 1)
            continue;
        struct cost *cost = cost_of(costs, rows_text(rows, KIND));
        cost->messages += messages;
        cost->deliveries += deliveries;
        cost->bytes += bytes;
    }
    return rows_close(rows, error);
}

static bool add_run(struct costs *costs, const struct figure_source *source, const struct figure_run *run,
                    GError **error)
{
    struct block_log log;
    if (!block_log_read(&log, source, run, error))
        return false;
    for (size_t i = 0; i < log.blocks.count; i++)
        costs->blocks += log.blocks.at[i].on_main;
    block_log_release(&log);
    return add_network(costs, source, run, error);
}

static double cost_at(const struct cost *cost, size_t offset)
{
    return *(const double *)(const void *)((const char *)cost + offset);
}

/*
 * The least and the most of two of the costs, over all kinds; what is 0 has no place on a logarithmic axis. Twice 0
 * where all are: a lone node's messages make no copies.
 */
static void add_extent(struct sheet *facts, const struct costs *costs, size_t sent, size_t delivered)
{
    double least = INFINITY, most = 0;
    for (size_t i = 0; i < costs->all.count; i++) {
        const double values[] = {cost_at(&costs->all.at[i], sent), cost_at(&costs->all.at[i], delivered)};
        for (size_t v = 0; v < G_N_ELEMENTS(values); v++)
            if (values[v] > 0) {
                least = MIN(least, values[v]);
                most = MAX(most, values[v]);
            }
    }
    sheet_real(facts, most > 0 ? least / (double)costs->blocks : 0);
    sheet_real(facts, most / (double)costs->blocks);
}

static bool save_facts(const struct costs *costs, const struct figure_source *source, const char *folder,
                       GError **error)
{
    char *note = figure_source_note(source, true);
    struct sheet facts;
    sheet_init(&facts, "note,kinds,blocks,least_messages,most_messages,least_bytes,most_bytes");
    sheet_text(&facts, note);
    sheet_number(&facts, costs->all.count);
    sheet_number(&facts, costs->blocks);
    add_extent(&facts, costs, offsetof(struct cost, messages), offsetof(struct cost, deliveries));
    add_extent(&facts, costs, offsetof(struct cost, bytes), offsetof(struct cost, bytes));
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "message_cost_facts", error);
}

static bool save(const struct costs *costs, const struct figure_source *source, const char *folder, GError **error)
{
    if (costs->blocks == 0)
        return figure_empty(error, "the main chain has no block to share what was sent among");
    if (costs->all.count == 0)
        return figure_empty(error, "no message was sent");
    double blocks = (double)costs->blocks;
    struct sheet sheet;
    sheet_init(&sheet, "row,kind,messages,deliveries,bytes");
    for (size_t i = 0; i < costs->all.count; i++) {
        const struct cost *cost = &costs->all.at[i];
        sheet_number(&sheet, i);
        sheet_text(&sheet, cost->kind);
        sheet_real(&sheet, cost->messages / blocks);
        sheet_real(&sheet, cost->deliveries / blocks);
        sheet_real(&sheet, cost->bytes / blocks);
        sheet_end(&sheet);
    }
    return sheet_save(&sheet, folder, "message_cost", error) && save_facts(costs, source, folder, error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    struct costs costs = {0};
    bool fine = true;
    for (size_t i = 0; i < source->run_count && fine; i++)
        fine = add_run(&costs, source, &source->runs[i], error);
    fine = fine && save(&costs, source, folder, error);
    for (size_t i = 0; i < costs.all.count; i++)
        g_free(costs.all.at[i].kind);
    vector_release(&costs.all);
    return fine;
}

const struct figure figure_message_cost = {
    .name = "message_cost",
    .meaning = "messages and bytes by kind, for each block of the main chain",
    .tables = TABLE_BIT(TABLE_BLOCKS) | TABLE_BIT(TABLE_NETWORK),
    .pooled = true,
    .reduce = reduce,
};
