/* SPDX-License-Identifier: MIT */
/* Which node hosts which validator: consecutive ones share a node, but a node is wholly corrupt or honest. */
#include "worlds.h"

enum { STREAM_HOSTING = 20 };

/* A sink that keeps the node of each validator. */
struct hosts {
    struct trace_sink sink;
    node_id *node_of;
    uint32_t nodes;
};

static void hosts_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct hosts *hosts = (struct hosts *)sink;
    if (kind == TRACE_NODE)
        hosts->nodes++;
    if (kind == TRACE_VALIDATOR)
        hosts->node_of[((const struct trace_validator *)row)->validator] = ((const struct trace_validator *)row)->node;
}

/* The nodes of a scenario's validators as its world is made; g_free what it fills in. */
static struct hosts hosts_of(const char *text)
{
    struct scenario *scenario = worlds_load(text);
    struct hosts hosts = {.sink.row = hosts_row};
    hosts.node_of = g_new0(node_id, worlds_settings(scenario)->validators.count);
    world_free(worlds_new(scenario, 0, &hosts.sink));
    scenario_free(scenario);
    return hosts;
}

/*
 * The rule one validator after another, as slowly as it reads: who finds somebody of another owner before it at its
 * node leaves for a new one, and takes along those of its owner who come after it there.
 */
static uint32_t place_one_by_one(const uint32_t *owner, uint32_t count, uint32_t per_node, node_id *node_of)
{
    uint32_t nodes = (count + per_node - 1) / per_node;
    for (uint32_t v = 0; v < count; v++)
        node_of[v] = v / per_node;
    for (uint32_t v = 0; v < count; v++) {
        node_id node = node_of[v];
        bool stranger = false;
        for (uint32_t w = 0; w < v; w++)
            stranger |= node_of[w] == node && owner[w] != owner[v];
        for (uint32_t w = v; w < count && stranger; w++)
            if (node_of[w] == node && owner[w] == owner[v])
                node_of[w] = nodes;
        nodes += stranger;
    }
    return nodes;
}

/* Up to three behaviours of any validators, on nodes of 1 to 12: the product places them as the slow rule does. */
static void test_nodes_are_of_one_kind(void)
{
    for (uint64_t number = 1; number <= 200; number++) {
        struct random_stream stream = worlds_stream(STREAM_HOSTING, number);
        uint32_t count = (uint32_t)worlds_between(&stream, 4, 40), behaviours = (uint32_t)random_below(&stream, 4);
        uint32_t per_node = (uint32_t)worlds_between(&stream, 1, 12), owner[40];
        for (uint32_t v = 0; v < count; v++)
            owner[v] = (uint32_t)random_below(&stream, behaviours + 1);
        for (uint32_t b = 0; b < behaviours; b++)
            owner[b] = b; /* each has somebody */
        GString *text = g_string_new("posim: 1\nprotocol: {kind: tendermint}\ntime: {duration: 1 s}\n");
        g_string_append_printf(text,
                               "network: {latency: {model: constant, delay: 1 ms}}\n"
                               "validators: {count: %u, per_node: %u}\nbehaviours:%s\n",
                               count, per_node, behaviours ? "" : " []");
        for (uint32_t b = 0; b < behaviours; b++) {
            g_string_append(text, "  - {kind: silent, validators: [");
            for (uint32_t v = b; v < count; v++)
                if (owner[v] == b)
                    g_string_append_printf(text, "%sv%u", v > b ? ", " : "", v);
            g_string_append(text, "]}\n");
        }
        node_id expected[40];
        uint32_t nodes = place_one_by_one(owner, count, per_node, expected);
        struct hosts hosts = hosts_of(text->str);
        g_assert_cmpuint(hosts.nodes, ==, nodes);
        for (uint32_t v = 0; v < count; v++)
            g_assert_cmpuint(hosts.node_of[v], ==, expected[v]);
        g_free(hosts.node_of);
        g_string_free(text, TRUE);
    }
}

/* A million validators on ten thousand nodes, a tenth of them corrupt and a thousand by name: made at once. */
static void test_a_million_validators(void)
{
    GString *text = g_string_new("posim: 1\nprotocol: {kind: tendermint}\ntime: {duration: 1 s}\n"
                                 "network: {latency: {model: constant, delay: 1 ms}}\n"
                                 "validators: {count: 1_000_000, per_node: 100}\n"
                                 "adversary: {kind: silent, stake: 10 %}\n"
                                 "behaviours: [{kind: delayed_voting, delay: 1 s, validators: [");
    for (uint32_t v = 0; v < 1000; v++)
        g_string_append_printf(text, "%sv%u", v ? ", " : "", 999999 - 7 * v);
    g_string_append(text, "]}]\n");
    g_test_timer_start();
    struct hosts hosts = hosts_of(text->str);
    double took_s = g_test_timer_elapsed();
    g_test_message("made in %.2f s", took_s);
    g_assert_cmpuint(hosts.nodes, >, 19900);
    g_assert_cmpfloat(took_s, <, 20); /* much less without a sanitizer on a free machine; hours if it were quadratic */
    g_free(hosts.node_of);
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hosting/nodes are of one kind", test_nodes_are_of_one_kind);
    g_test_add_func("/hosting/a million validators", test_a_million_validators);
    return g_test_run();
}
