/* SPDX-License-Identifier: MIT */
#include "stake/ledger_table.h"

#include <glib.h>

static struct ledger_table *table_allocate(uint32_t validators)
{
    size_t pages = (validators + LEDGER_PAGE_ACCOUNTS - 1) / LEDGER_PAGE_ACCOUNTS;
    struct ledger_table *table = g_atomic_rc_box_alloc0(sizeof *table + pages * sizeof table->pages[0]);
    table->validators = validators;
    table->page_count = pages;
    return table;
}

struct ledger_table *ledger_table_new(const stake_amount *bonds, uint32_t validators)
{
    struct ledger_table *table = table_allocate(validators);
    for (size_t i = 0; i < table->page_count; i++)
        table->pages[i] = g_atomic_rc_box_new0(struct ledger_page);
    for (uint32_t v = 0; v < validators; v++)
        table->pages[v / LEDGER_PAGE_ACCOUNTS]->accounts[v % LEDGER_PAGE_ACCOUNTS].bond = bonds[v];
    return table;
}

struct ledger_table *ledger_table_copy(const struct ledger_table *table)
{
    struct ledger_table *copy = table_allocate(table->validators);
    for (size_t i = 0; i < table->page_count; i++)
        copy->pages[i] = g_atomic_rc_box_acquire(table->pages[i]);
    return copy;
}

struct ledger_table *ledger_table_ref(struct ledger_table *table)
{
    return g_atomic_rc_box_acquire(table);
}

static void table_clear(void *data)
{
    struct ledger_table *table = data;
    for (size_t i = 0; i < table->page_count; i++)
        g_atomic_rc_box_release(table->pages[i]);
}

void ledger_table_unref(struct ledger_table *table)
{
    g_atomic_rc_box_release_full(table, table_clear);
}

struct ledger_account *ledger_table_edit(struct ledger_table *table, validator_id validator)
{
    struct ledger_page **page = &table->pages[validator / LEDGER_PAGE_ACCOUNTS];
    struct ledger_page *own = g_atomic_rc_box_dup(sizeof **page, *page);
    g_atomic_rc_box_release(*page);
    *page = own;
    return &own->accounts[validator % LEDGER_PAGE_ACCOUNTS];
}
