/* SPDX-License-Identifier: MIT */
/*
 * A carrier with everything that it needs, and what it told: for each message, by ticket, when each node had it. Links
 * come as rows "from,to,ms" of a text; without any all nodes are linked directly. The sender's are kept until the end.
 */
#ifndef POSIM_TESTS_UNIT_CARRIER_FIXTURE_H
#define POSIM_TESTS_UNIT_CARRIER_FIXTURE_H

#include "base/vector.h"
#include "network/carrier_inside.h"

#include "network_setup.h"

#include <glib/gstdio.h>

#define CARRIED_FIRST_KIND 40u

struct carrier_fixture {
    uint32_t nodes;
    struct clock clock;
    struct network *network;
    struct carrier *carrier;
    uint32_t client;
    uint64_t events;
    VECTOR(time_ns *) had_ns; /* by ticket: by node, TIME_NEVER where it did not arrive */
    VECTOR(time_ns) done_ns;  /* by ticket: when nothing was under way any more */
};

static inline void carried_arrived(void *user, uint32_t ticket, node_id node)
{
    struct carrier_fixture *fixture = user;
    g_assert_cmpint(fixture->had_ns.at[ticket][node], ==, TIME_NEVER); /* once */
    g_assert_cmpint(fixture->done_ns.at[ticket], ==, TIME_NEVER);
    fixture->had_ns.at[ticket][node] = fixture->clock.now.ns;
}

static inline void carried_done(void *user, uint32_t ticket)
{
    struct carrier_fixture *fixture = user;
    g_assert_cmpint(fixture->done_ns.at[ticket], ==, TIME_NEVER); /* once */
    fixture->done_ns.at[ticket] = carrier_now(fixture->carrier);
}

/* Adds the row "from,to," to rows unless the two are linked already, either way: then false. linked[nodes * nodes]. */
static inline bool carried_add_row(GString *rows, bool *linked, uint32_t nodes, node_id from, node_id to)
{
    bool *there = &linked[(size_t)MIN(from, to) * nodes + MAX(from, to)];
    if (*there)
        return false;
    *there = true;
    g_string_append_printf(rows, "%s%u,%u,", rows->len ? " " : "", from, to);
    return true;
}

/* A file of links out of rows "from,to,ms" that are separated by blanks. */
static inline char *carried_links(const char *rows)
{
    GString *text = g_string_new("producer,node,latency_ms\n");
    char **list = g_strsplit(rows, " ", -1);
    for (char **row = list; *row; row++)
        g_string_append_printf(text, "%s\n", *row);
    g_strfreev(list);
    GError *error = NULL;
    char *path = NULL;
    int handle = g_file_open_tmp("posim-links-XXXXXX", &path, &error);
    g_assert_no_error(error);
    g_close(handle, NULL);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_string_free(text, TRUE);
    return setup_keep(path);
}

/* The carrier is made by carried_begin, so that a test can write a timetable of faults first. */
static inline void carried_init(struct carrier_fixture *fixture, uint32_t nodes, const char *links,
                                const char *const *settings)
{
    *fixture = (struct carrier_fixture){.nodes = nodes};
    GPtrArray *all = g_ptr_array_new();
    char *path = links ? carried_links(links) : NULL;
    if (links) {
        g_ptr_array_add(all, "topology");
        g_ptr_array_add(all, "file");
        g_ptr_array_add(all, "topology.file");
        g_ptr_array_add(all, path);
        g_ptr_array_add(all, "topology.bidirectional");
        g_ptr_array_add(all, "on");
    } else {
        g_ptr_array_add(all, "latency");
        g_ptr_array_add(all, "constant");
        g_ptr_array_add(all, "latency.delay");
        g_ptr_array_add(all, "10 ms");
    }
    for (; settings && *settings; settings++)
        g_ptr_array_add(all, (gpointer)*settings);
    g_ptr_array_add(all, NULL);
    fixture->network = setup_network(nodes, (const char *const *)all->pdata);
    g_ptr_array_free(all, TRUE);
    if (path)
        (void)g_unlink(path); /* it has been read */
    clock_init(&fixture->clock, sizeof(struct clock_item));
}

static inline void carried_begin(struct carrier_fixture *fixture)
{
    stake_amount *stakes = g_new(stake_amount, fixture->nodes);
    for (node_id node = 0; node < fixture->nodes; node++)
        stakes[node] = 100;
    fixture->carrier = carrier_new(fixture->network, stakes, &fixture->clock, CARRIED_FIRST_KIND);
    g_free(stakes);
    fixture->client = carrier_join(
        fixture->carrier, (struct carrier_client){.arrived = carried_arrived, .done = carried_done, .user = fixture});
}

static inline void carried_release(struct carrier_fixture *fixture)
{
    for (size_t i = 0; i < fixture->had_ns.count; i++)
        g_free(fixture->had_ns.at[i]);
    vector_release(&fixture->had_ns);
    vector_release(&fixture->done_ns);
    carrier_free(fixture->carrier);
    network_free(fixture->network);
    clock_release(&fixture->clock);
}

/* Returns the ticket. */
static inline uint32_t carried_send(struct carrier_fixture *fixture, node_id from, struct carrier_message message)
{
    uint32_t ticket = (uint32_t)fixture->had_ns.count;
    time_ns *had_ns = g_new(time_ns, fixture->nodes);
    for (node_id node = 0; node < fixture->nodes; node++)
        had_ns[node] = TIME_NEVER;
    vector_push(&fixture->had_ns, had_ns);
    vector_push(&fixture->done_ns, TIME_NEVER);
    if (!message.id)
        message.id = 1000 + ticket;
    carrier_send(fixture->carrier, fixture->client, ticket, &message, from);
    return ticket;
}

static inline uint32_t carried_broadcast(struct carrier_fixture *fixture, node_id from, uint32_t size_bytes)
{
    return carried_send(fixture, from, (struct carrier_message){.size_bytes = size_bytes});
}

/* Up to that time, to which the clock moves even where nothing happens then. */
static inline void carried_run(struct carrier_fixture *fixture, time_ns until)
{
    clock_put(&fixture->clock, until, (struct clock_item){.kind = 0});
    while (clock_advance(&fixture->clock, until) == CLOCK_INSTANT) {
        const struct clock_events *batch = &fixture->clock.batch;
        for (size_t i = 0; i < batch->count; i++) {
            const struct clock_item *item = clock_payload(&fixture->clock, batch->at[i]);
            if (item && item->kind >= CARRIED_FIRST_KIND)
                carrier_land(fixture->carrier, item);
        }
        fixture->events += batch->count;
        carrier_settle(fixture->carrier);
        carrier_end_instant(fixture->carrier, until);
    }
}

static inline time_ns carried_had(const struct carrier_fixture *fixture, uint32_t ticket, node_id node)
{
    return fixture->had_ns.at[ticket][node];
}

static inline struct carrier_traffic carried_traffic(const struct carrier_fixture *fixture)
{
    return carrier_traffic(fixture->carrier, fixture->client, 0);
}

#endif
