/* SPDX-License-Identifier: MIT */
#include "record/table.h"

#include "base/assert.h"
#include "record/csv.h"

#include <string.h>

#define OPTIONAL_ROWS (TRACE_BIT(TRACE_MESSAGE) | TRACE_BIT(TRACE_ARRIVAL) | TRACE_BIT(TRACE_DRAW))

static const struct table_info *const reductions[TABLES] = {
    [TABLE_BLOCKS] = &blocks_table,     [TABLE_FINALITY] = &finality_table, [TABLE_VALIDATORS] = &validators_table,
    [TABLE_SECURING] = &securing_table, [TABLE_VOTES] = &votes_table,       [TABLE_NETWORK] = &network_table,
    [TABLE_TOPOLOGY] = &topology_table, [TABLE_COVERAGE] = &coverage_table, [TABLE_TRANSACTIONS] = &transactions_table,
};

static const struct raw_table {
    const char *file;
    enum trace_kind kind;
    bool by_default;
    const char *key[TABLE_KEY_MOST + 1];
} raw_tables[TABLES] = {
    [TABLE_STAKE] = {"stake.csv", TRACE_STAKE, true, {NULL}},
    [TABLE_INCIDENTS] = {"incidents.csv", TRACE_INCIDENT, true, {NULL}},
    [TABLE_MEMPOOL] = {"mempool.csv", TRACE_MEMPOOL, false, {NULL}},
    [TABLE_CHAINS] = {"chains.csv", TRACE_CHAIN, false, {"chain"}},
    [TABLE_NODES] = {"nodes.csv", TRACE_NODE, false, {"node"}},
    [TABLE_EVIDENCE] = {"evidence.csv", TRACE_EVIDENCE, false, {NULL}},
    [TABLE_LEDGER] = {"ledger.csv", TRACE_LEDGER, false, {NULL}},
    [TABLE_VOTES_CAST] = {"votes_cast.csv", TRACE_VOTE, false, {NULL}},
    [TABLE_HEADS] = {"heads.csv", TRACE_HEAD, false, {NULL}},
    [TABLE_FINALS] = {"finals.csv", TRACE_FINAL, false, {NULL}},
    [TABLE_DRAWS] = {"draws.csv", TRACE_DRAW, false, {NULL}},
    [TABLE_COHORTS] = {"cohorts.csv", TRACE_COHORT, false, {"chain", "cohort"}},
    [TABLE_CARRIED] = {"carried.csv", TRACE_CARRIED, false, {"chain", "block", "cohort"}},
    [TABLE_FILLINGS] = {"fillings.csv", TRACE_FILLING, false, {"chain", "block"}},
    [TABLE_LOSSES] = {"losses.csv", TRACE_LOSS, false, {NULL}},
    [TABLE_MESSAGES] = {"messages.csv.zst", TRACE_MESSAGE, false, {NULL}},
    [TABLE_ARRIVALS] = {"arrivals.csv.zst", TRACE_ARRIVAL, false, {NULL}},
    [TABLE_TRAFFIC] = {"traffic.csv", TRACE_TRAFFIC, false, {"chain", "kind"}},
    [TABLE_LOADS] = {"loads.csv", TRACE_LOAD, false, {"node"}},
};

struct table_info table_info(enum table table)
{
    REQUIRE(table < TABLES);
    if (reductions[table])
        return *reductions[table];
    const struct raw_table *raw = &raw_tables[table];
    const struct trace_schema *schema = &trace_schemas[raw->kind];
    struct table_info info = {.name = schema->name,
                              .file = raw->file,
                              .meaning = schema->meaning,
                              .columns = schema->columns,
                              .column_count = schema->column_count,
                              .raw = raw->kind,
                              .by_default = raw->by_default};
    memcpy(info.key, raw->key, sizeof info.key);
    return info;
}

enum table table_find(const char *name)
{
    enum table table = 0;
    while (table < TABLES && strcmp(table_info(table).name, name) != 0)
        table++;
    return table;
}

uint32_t table_defaults(void)
{
    uint32_t tables = 0;
    for (enum table table = 0; table < TABLES; table++)
        if (table_info(table).by_default)
            tables |= TABLE_BIT(table);
    return tables;
}

uint32_t table_optional_rows(uint32_t tables)
{
    uint32_t rows = 0;
    for (enum table table = 0; table < TABLES; table++)
        if (tables & TABLE_BIT(table))
            rows |= reductions[table] ? reductions[table]->rows : TRACE_BIT(raw_tables[table].kind);
    return rows & OPTIONAL_ROWS;
}

static void write_row(void *user, const void *row)
{
    csv_write(user, row);
}

void table_write(enum table table, const struct reductions *all, struct csv_writer *writer)
{
    struct table_info info = table_info(table);
    REQUIRE(info.each_row);
    info.each_row(all, write_row, writer);
}
