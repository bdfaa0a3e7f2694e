/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/table.h"

static const struct column columns[] = {
    U32(network_row, chain, "chain", "the chain"),
    TEXT(network_row, kind, "kind", "kind of message"),
    U64(network_row, messages, "messages", "messages of this kind that were sent; a broadcast is one"),
    BYTES64(network_row, bytes, "bytes",
            "bytes of all their copies: one a receiver but the sender itself, lost ones included; where messages are "
            "carried one a hop, and control messages"),
    U64(network_row, deliveries, "deliveries", "arrivals they make at nodes, simulated one by one or not"),
};

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    for (size_t i = 0; i < all->network.count; i++)
        write(user, &all->network.at[i]);
}

const struct table_info network_table = {.name = "network",
                                         .file = "network.csv",
                                         .meaning = "what was sent, by kind of message",
                                         .columns = columns,
                                         .column_count = G_N_ELEMENTS(columns),
                                         .key = {"chain", "kind"},
                                         .by_default = true,
                                         .each_row = each_row};
