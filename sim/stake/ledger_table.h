/* SPDX-License-Identifier: MIT */
/*
 * The accounts of one ledger version: a validator's bond, and whether it is jailed and was punished. A table is an
 * array of pages that tables share: copying one and changing an account copies one page. Tables and pages are counted
 * references; a page that another table holds is never written. Used inside sim/stake only.
 */
#ifndef POSIM_STAKE_LEDGER_TABLE_H
#define POSIM_STAKE_LEDGER_TABLE_H

#include "base/ids.h"
#include "base/stake.h"

#include <stdbool.h>
#include <stddef.h>

#define LEDGER_PAGE_ACCOUNTS 256

struct ledger_account {
    stake_amount bond;
    bool jailed;
    bool punished;
};

struct ledger_page {
    struct ledger_account accounts[LEDGER_PAGE_ACCOUNTS];
};

struct ledger_table {
    uint32_t validators;
    size_t page_count;
    struct ledger_page *pages[]; /* each holds one reference */
};

/* Accounts with these bonds, nobody jailed or punished. */
struct ledger_table *ledger_table_new(const stake_amount *bonds, uint32_t validators);

/* A table of equal accounts that can be changed without changing `table`. */
struct ledger_table *ledger_table_copy(const struct ledger_table *table);

/* One more owner, and one less. */
struct ledger_table *ledger_table_ref(struct ledger_table *table);
void ledger_table_unref(struct ledger_table *table);

static inline const struct ledger_account *ledger_table_get(const struct ledger_table *table, validator_id validator)
{
    return &table->pages[validator / LEDGER_PAGE_ACCOUNTS]->accounts[validator % LEDGER_PAGE_ACCOUNTS];
}

/* The account for writing: only in a table that ledger_table_copy made and nobody else holds yet. */
struct ledger_account *ledger_table_edit(struct ledger_table *table, validator_id validator);

#endif
