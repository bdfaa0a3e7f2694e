/* SPDX-License-Identifier: MIT */
/*
 * The files of a run that users read. Reductions (blocks, finality, validators, securing, votes, network, topology,
 * transactions) are written when the run is over, from struct reductions; raw tables are rows of the trace, written as
 * they come. A scenario's `record:` names tables as here.
 */
#ifndef POSIM_RECORD_TABLE_H
#define POSIM_RECORD_TABLE_H

#include "record/reductions.h"

#include <glib.h>

/* In the order in which they are documented. */
enum table {
    TABLE_BLOCKS,
    TABLE_FINALITY,
    TABLE_VALIDATORS,
    TABLE_SECURING,
    TABLE_STAKE,
    TABLE_VOTES,
    TABLE_NETWORK,
    TABLE_TOPOLOGY,
    TABLE_INCIDENTS,
    TABLE_MEMPOOL,
    TABLE_TRANSACTIONS,
    TABLE_CHAINS,
    TABLE_NODES,
    TABLE_EVIDENCE,
    TABLE_LEDGER,
    TABLE_VOTES_CAST,
    TABLE_HEADS,
    TABLE_FINALS,
    TABLE_DRAWS,
    TABLE_COHORTS,
    TABLE_CARRIED,
    TABLE_FILLINGS,
    TABLE_LOSSES,
    TABLE_MESSAGES,
    TABLE_ARRIVALS,
    TABLE_TRAFFIC,
    TABLE_LOADS,
    TABLE_COVERAGE,
    TABLES,
};

#define TABLE_BIT(table) (1u << (table))
#define TABLE_KEY_MOST   6 /* columns */

struct table_info {
    const char *name; /* "blocks" */
    const char *file; /* "blocks.csv" */
    const char *meaning;
    const struct column *columns;
    size_t column_count;
    const char
        *key[TABLE_KEY_MOST + 1]; /* columns that tell a row from all others, NULL-terminated; none: nothing does */
    enum trace_kind raw;          /* raw tables: the kind of row */
    uint32_t rows;                /* reductions: TRACE_BIT of the opt-in rows that they are made of */
    bool by_default;              /* written unless the scenario says which tables it wants */
    /* Reductions: writes every row to `write`. NULL for raw tables. */
    void (*each_row)(const struct reductions *reductions, void (*write)(void *user, const void *row), void *user);
};

/* By enum table. Columns of raw tables are those of their schema. */
struct table_info table_info(enum table table);

/* The table of that name, or TABLES. */
enum table table_find(const char *name);

/* TABLE_BIT of the tables that are written by default. */
uint32_t table_defaults(void);

/* TRACE_BIT of the rows that these tables need beyond those that every world writes: messages, arrivals, ... */
uint32_t table_optional_rows(uint32_t tables);

/* Writes all rows of a reduction. */
struct csv_writer;
void table_write(enum table table, const struct reductions *reductions, struct csv_writer *writer);

/* Says what a table is and what its columns hold, in words, as `posim explain` does. */
void table_explain(enum table table, GString *text);

/* Describes every table and its columns, as the section of analysis/README.md. */
void trace_describe_markdown(GString *text);

/* The reductions' tables, one file each. */
extern const struct table_info blocks_table, coverage_table, finality_table, securing_table, validators_table,
    votes_table, network_table, topology_table, transactions_table;

#endif
