/* SPDX-License-Identifier: MIT */
/*
 * How a message spreads: the share of the nodes, and of the stake, that it has reached so long after it was sent. Of
 * proposals, or where a run has none of votes. The time to each share is the median over messages; of nodes also the
 * tenth and the ninetieth per cent.
 */
#include "report/figure.h"

enum cell { CHAIN, KIND, SHARE, MESSAGES, REACHED, NODES_P10, NODES_P50, NODES_P90, STAKE_P50 };
static const char *const columns[] = {"chain",       "kind",        "share",       "messages",    "reached",
                                      "nodes_p10_s", "nodes_p50_s", "nodes_p90_s", "stake_p50_s", NULL};

struct spread {
    const char *kind;
    struct sheet sheet;
    time_ns longest_ns;
    uint64_t messages, everywhere;
};

/* A step that no message reached has no place. */
static void add_step(struct spread *spread, struct rows *rows)
{
    uint64_t reached = rows_number(rows, REACHED);
    spread->messages = rows_number(rows, MESSAGES);
    spread->everywhere = reached; /* the last step is that of all nodes */
    time_ns last_ns = rows_time(rows, NODES_P90), stake_ns = rows_time(rows, STAKE_P50);
    if (last_ns == TIME_NEVER && stake_ns == TIME_NEVER)
        return;
    sheet_real(&spread->sheet, rows_real(rows, SHARE));
    for (enum cell cell = NODES_P10; cell <= STAKE_P50; cell++)
        sheet_real(&spread->sheet, rows_real(rows, cell));
    sheet_end(&spread->sheet);
    if (last_ns != TIME_NEVER)
        spread->longest_ns = time_max(spread->longest_ns, last_ns);
}

static bool read_kind(struct spread *spread, const struct figure_source *source, GError **error)
{
    struct rows *rows = figure_source_rows(&source->runs[0], TABLE_COVERAGE, columns, error);
    if (!rows)
        return false;
    while (rows_next_where(rows, CHAIN, source->chain))
        if (rows_equal(rows, KIND, spread->kind))
            add_step(spread, rows);
    return rows_close(rows, error);
}

static bool save_facts(const struct spread *spread, const struct figure_source *source, const char *folder,
                       GError **error)
{
    struct figure_unit unit = figure_unit(spread->longest_ns);
    char *note = figure_source_note(source, false);
    struct sheet facts;
    sheet_init(&facts, "note,kind,unit,unit_s,to_s,messages,everywhere");
    sheet_text(&facts, note);
    sheet_text(&facts, spread->kind);
    sheet_text(&facts, unit.name);
    sheet_time(&facts, unit.ns);
    sheet_time(&facts, spread->longest_ns);
    sheet_number(&facts, spread->messages);
    sheet_number(&facts, spread->everywhere);
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "coverage_facts", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    static const char *const kinds[] = {"proposal", "vote", NULL};
    for (size_t k = 0; kinds[k]; k++) {
        struct spread spread = {.kind = kinds[k]};
        sheet_init(&spread.sheet, "share,nodes_p10_s,nodes_p50_s,nodes_p90_s,stake_p50_s");
        if (!read_kind(&spread, source, error)) {
            sheet_release(&spread.sheet);
            return false;
        }
        if (spread.sheet.rows > 0 && spread.longest_ns > 0)
            return sheet_save(&spread.sheet, folder, "coverage", error) && save_facts(&spread, source, folder, error);
        sheet_release(&spread.sheet);
    }
    return figure_empty(error, "no proposal and no vote reached another node%s", figure_counted(source));
}

const struct figure figure_coverage = {
    .name = "coverage",
    .meaning = "how fast a proposal reaches nodes, and stake: the share reached over the time since it was sent",
    .tables = TABLE_BIT(TABLE_COVERAGE),
    .quiet = true,
    .reduce = reduce,
};
