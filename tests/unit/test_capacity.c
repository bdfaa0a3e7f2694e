/* SPDX-License-Identifier: MIT */
/* Queues and processors that differ from node to node: times worked out by hand from the rates of a file. */
#include "carrier_fixture.h"

#include "../shared.h"

#define MS MILLISECOND

static char *file_of(const char *suffix, const char *text)
{
    GError *error = NULL;
    char *pattern = g_strdup_printf("posim-capacity-XXXXXX%s", suffix), *path = NULL;
    g_close(g_file_open_tmp(pattern, &path, &error), NULL);
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(pattern);
    return setup_keep(path);
}

static char *delays(void)
{
    return file_of("", "from,slow,fast\nslow,10,10\nfast,10,10\n");
}

/* A byte takes 2 us up and 4 us down in the slow region, half of that in the fast one. */
static char *rates(void)
{
    return file_of("", "region,upload_bps,download_bps\nslow,4000000,2000000\nfast,8000000,4000000\n");
}

#define BY_REGION                                                                                                      \
    "latency", "regions", "latency.file", delays(), "latency.jitter", "0 %", "rates", "regions", "rates.file", rates()

static node_id first_in(const struct network *network, const char *region, node_id after)
{
    node_id node = after;
    while (strcmp(network_region(network, node), region) != 0)
        node++;
    return node;
}

/* Two copies of 1,000 bytes from each of two nodes: what a queue takes is its own node's rate, at both ends. */
static void queues_run_at_their_nodes_rates(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, NULL, SETTINGS(BY_REGION, "capacity.from", "rates"));
    node_id slow = first_in(fixture.network, "slow", 0), slow_too = first_in(fixture.network, "slow", slow + 1);
    node_id fast = first_in(fixture.network, "fast", 0), fast_too = first_in(fixture.network, "fast", fast + 1);
    carried_begin(&fixture);
    struct carrier_message to_slow = {.size_bytes = 1000, .targets = &slow_too, .target_count = 1};
    struct carrier_message to_fast = {.size_bytes = 1000, .targets = &fast_too, .target_count = 1};
    uint32_t a = carried_send(&fixture, slow, to_fast), b = carried_send(&fixture, slow, to_fast);
    carried_run(&fixture, SECOND);
    uint32_t c = carried_send(&fixture, fast, to_slow), d = carried_send(&fixture, fast, to_slow);
    carried_run(&fixture, 2 * SECOND);
    /* 2 ms each up and as fast down: nothing waits there. */
    g_assert_cmpint(carried_had(&fixture, a, fast_too), ==, 12 * MS);
    g_assert_cmpint(carried_had(&fixture, b, fast_too), ==, 14 * MS);
    /* 1 ms each up, 4 ms each down: the first is through as it comes in but for the slower rate, the second after it.
     */
    time_ns c_ns = carried_had(&fixture, c, slow_too), d_ns = carried_had(&fixture, d, slow_too);
    g_assert_cmpint(MIN(c_ns, d_ns), ==, SECOND + 11 * MS);
    g_assert_cmpint(MAX(c_ns, d_ns), ==, SECOND + 15 * MS);
    carried_release(&fixture);
}

/* The same shared: two copies that leave together have half of the rate each. */
static void shared_queues_have_their_nodes_rates(void)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, 4, NULL, SETTINGS(BY_REGION, "capacity.from", "rates", "capacity.queue", "fair"));
    node_id slow = first_in(fixture.network, "slow", 0), fast = first_in(fixture.network, "fast", 0);
    carried_begin(&fixture);
    struct carrier_message to_fast = {.size_bytes = 1000, .targets = &fast, .target_count = 1};
    uint32_t a = carried_send(&fixture, slow, to_fast), b = carried_send(&fixture, slow, to_fast);
    carried_run(&fixture, SECOND);
    /* Both leave at 4 ms; downwards each alone takes 2 ms, of which both are in the sender's time, and 4 ms together.
     */
    g_assert_cmpint(carried_had(&fixture, a, fast), ==, carried_had(&fixture, b, fast));
    g_assert_cmpint(carried_had(&fixture, a, fast), ==, 4 * MS + 10 * MS - 2 * MS + 4 * MS);
    carried_release(&fixture);
}

/*
 * A duplicate has its part of a shared rate, of a byte a microsecond. Node 2 has the first copy from 0 at 11 + 1 ms; 1
 * has it then, too, and its copy comes in at 22 ms. What node 0 sends at 11.5 ms comes in when the duplicate is half
 * through: both have half of the rate for a ms, then it is alone with 500 bytes. Later nothing is left of either.
 */
static void duplicates_have_their_part(void)
{
    static const node_id node_2 = 2;
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 0,2,11 1,2,11",
                 SETTINGS("relay", "push", "capacity.down", "8 Mbit/s", "capacity.queue", "fair"));
    carried_begin(&fixture);
    struct carrier_message behind = {.size_bytes = 1000, .targets = &node_2, .target_count = 1};
    uint32_t first = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 11500 * MICROSECOND);
    uint32_t next = carried_send(&fixture, 0, behind);
    carried_run(&fixture, 30 * MS);
    uint32_t last = carried_send(&fixture, 0, behind);
    carried_run(&fixture, SECOND);
    g_assert_cmpint(carried_had(&fixture, first, 2), ==, 12 * MS);
    g_assert_cmpint(carried_had(&fixture, next, 2), ==, 24 * MS);
    g_assert_cmpint(carried_had(&fixture, last, 2), ==, 42 * MS);
    g_assert_cmpuint(clock_pending(&fixture.clock), ==, 0);
    carried_release(&fixture);
}

/*
 * A duplicate fills the queue downwards at what a throttle leaves its node, though the clock has no instant for it.
 * Node 2 takes in a byte in 10 us while it is throttled: the first copy, the last bit of which comes in after some 11
 * ms, it has read from 10 to 20 ms, the duplicate of 21 ms until 30 ms, and what comes in at 23 ms until 40 ms.
 */
static void duplicates_fill_throttled_queues(void)
{
    static const bool in[] = {false, false, true};
    static const node_id node_2 = 2;
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, "0,1,10 0,2,11 1,2,11",
                 SETTINGS("relay", "push", "capacity.up", "80 Mbit/s", "capacity.down", "8 Mbit/s"));
    network_throttle(fixture.network, 0, HOUR, in, 800000);
    carried_begin(&fixture);
    uint32_t first = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, 12 * MS);
    uint32_t next =
        carried_send(&fixture, 0, (struct carrier_message){.size_bytes = 1000, .targets = &node_2, .target_count = 1});
    carried_run(&fixture, SECOND);
    g_assert_cmpint(carried_had(&fixture, first, 2) / MS, ==, 20);
    g_assert_cmpint(carried_had(&fixture, next, 2) / MS, ==, 40);
    carried_release(&fixture);
}

/* What GML says of hosts; and a file without it is refused. */
static void queues_run_at_the_files_rates(void)
{
    char *gml = file_of(".gml", "graph [ directed 0\n"
                                "node [ id 0 host_bandwidth_up \"8 Mbit\" host_bandwidth_down \"8 Mbit\" ]\n"
                                "node [ id 1 host_bandwidth_up \"1 Mbit\" host_bandwidth_down \"2 Mbit\" ]\n"
                                "node [ id 2 host_bandwidth_up \"1 Mbit\" host_bandwidth_down \"8 Mbit\" ]\n"
                                "edge [ source 0 target 1 latency \"10 ms\" ]\n"
                                "edge [ source 1 target 2 latency \"10 ms\" ] ]\n");
    const char *const *settings =
        SETTINGS("topology", "file", "topology.file", gml, "relay", "push", "capacity.from", "topology");
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, NULL, settings);
    carried_begin(&fixture);
    uint32_t there = carried_broadcast(&fixture, 0, 1000);
    carried_run(&fixture, SECOND);
    uint32_t back = carried_broadcast(&fixture, 1, 1000);
    carried_run(&fixture, 2 * SECOND);
    g_assert_cmpint(carried_had(&fixture, there, 1), ==, 11 * MS); /* alone it is pipelined */
    /* Node 1 sends 1,000 bytes in 8 ms, to one of its two peers first: node 2, which is the file's alone, is one. */
    time_ns had_ns = carried_had(&fixture, back, 0) - SECOND;
    g_assert_true(had_ns == 18 * MS || had_ns == 26 * MS);
    g_assert_cmpint(carrier_load(fixture.carrier, 1).waited_most_ns, ==, 8 * MS);
    carried_release(&fixture);
    char *message =
        setup_refusal(2, SETTINGS("topology", "file", "topology.file", carried_links("0,1,10"),
                                  "topology.bidirectional", "on", "relay", "push", "capacity.from", "topology"));
    g_assert_nonnull(strstr(message, "has no host_bandwidth_up for node 0, which only a GML file can give"));
    g_free(message);
}

static void assert_refused(const char *expected, const char *const *settings)
{
    char *message = setup_refusal(10, settings);
    g_assert_cmpstr(message, ==, expected);
    g_free(message);
}

static void contradictions_are_refused(void)
{
    assert_refused("network.capacity.from: rates: there is no network.rates to take them from",
                   SETTINGS("latency", "constant", "capacity.from", "rates"));
    assert_refused("network.capacity.from: topology: only a topology's file gives rates, one in GML: this topology is "
                   "direct",
                   SETTINGS("latency", "constant", "capacity.from", "topology"));
    assert_refused("network.rates: with network.relay, network.capacity or network.cpu messages queue: say "
                   "`capacity: {from: rates}` to have the queues run at these rates, or leave them out",
                   SETTINGS(BY_REGION, "capacity.up", "1 Mbit/s"));
}

/* A relay sends at the rate of the node that keeps it, wherever it stands. */
static void relays_have_their_keepers_rates(void)
{
    struct network *network = setup_network(40, SETTINGS(BY_REGION, "topology", "relays", "topology.place", "anywhere",
                                                         "relay", "push", "capacity.from", "rates"));
    const struct fabric *fabric = network->fabric;
    g_assert_cmpuint(fabric->graph->node_count, >, 40);
    for (node_id node = 40; node < fabric->graph->node_count; node++)
        g_assert_cmpuint(fabric->queue_rates[node].up_bit_per_s, ==,
                         fabric->queue_rates[fabric->keeper[node]].up_bit_per_s);
    network_free(network);
}

#define NODES 4000

/* The fast region has 8 cores, of the others a quarter has 16 and the rest 2, within 5 sigma. */
static void cores_are_by_group(void)
{
    struct core_group groups[] = {{.region = "fast", .share = {1, 1}, .cores = 8}, {.share = {1, 4}, .cores = 16}};
    struct network_params *params = setup_params(
        SETTINGS("latency", "regions", "latency.file", delays(), "latency.jitter", "0 %", "cpu.cores", "2"));
    params->cpu.groups = (struct param_list){groups, G_N_ELEMENTS(groups)};
    GError *error = NULL;
    struct network *network = network_new(params, NODES, NULL, &setup_seed, &error);
    g_assert_no_error(error);
    struct clock clock;
    clock_init(&clock, sizeof(struct clock_item));
    stake_amount *stakes = g_new0(stake_amount, NODES);
    struct carrier *carrier = carrier_new(network, stakes, &clock, CARRIED_FIRST_KIND);
    uint32_t many = 0;
    for (node_id node = 0; node < NODES; node++) {
        uint32_t cores = carrier_cores(carrier, node);
        if (strcmp(network_region(network, node), "fast") == 0)
            g_assert_cmpuint(cores, ==, 8);
        else
            g_assert_true(cores == 2 || cores == 16);
        many += cores == 16;
    }
    g_assert_cmpuint(many, >, 500 - 97);
    g_assert_cmpuint(many, <, 500 + 97);
    carrier_free(carrier);
    network_free(network);
    clock_release(&clock);
    g_free(stakes);
    groups[1].region = "atlantis";
    g_assert_null(network_new(params, NODES, NULL, &setup_seed, &error));
    g_assert_true(
        g_str_has_prefix(error->message, "network.cpu.groups.1.region: unknown region atlantis: use one of "));
    g_error_free(error);
}

/* Three validations of 5 ms at once take a node with one core 15 ms, and one with three 5 ms. */
static void validations_wait_for_their_nodes_cores(void)
{
    static const node_id node_1 = 1, node_2 = 2;
    struct carrier_fixture fixture;
    carried_init(&fixture, 3, NULL, SETTINGS("cpu.cores", "3"));
    fixture.network->fabric->first_core[2] = 4; /* of 0, 3, 6, 9 */
    carried_begin(&fixture);
    g_assert_cmpuint(carrier_cores(fixture.carrier, 1), ==, 1);
    uint32_t last = 0, other = 0;
    for (int i = 0; i < 3; i++) {
        struct carrier_message message = {.size_bytes = 100, .verify_ns = 5 * MS, .target_count = 1};
        message.targets = &node_1;
        last = carried_send(&fixture, 0, message);
        message.targets = &node_2;
        other = carried_send(&fixture, 0, message);
    }
    carried_run(&fixture, SECOND);
    g_assert_cmpint(carried_had(&fixture, last, 1), ==, 25 * MS);
    g_assert_cmpint(carried_had(&fixture, other, 2), ==, 15 * MS);
    carried_release(&fixture);
}

/*
 * A validation of 5 ms that begins at 10 ms: until 12 ms at a quarter of the speed it does .5 ms of it, until 14 ms at
 * half, the lesser of two, 1 ms; so it is done at 17.5 ms, and a second one, for which there is no other core, at 22.5.
 */
static void processors_slow_down_by_the_clock(void)
{
    static const bool in[] = {false, true};
    static const node_id node_1 = 1;
    struct carrier_fixture fixture;
    carried_init(&fixture, 2, NULL, SETTINGS("cpu.cores", "1"));
    g_assert_true(network_slow_processors(fixture.network, 0, 12 * MS, in, (struct ratio){1, 4}, NULL));
    g_assert_true(network_slow_processors(fixture.network, 0, 14 * MS, in, (struct ratio){1, 2}, NULL));
    g_assert_true(network_slow_processors(fixture.network, 0, 14 * MS, in, (struct ratio){2, 3}, NULL));
    carried_begin(&fixture);
    struct carrier_message message = {.size_bytes = 100, .verify_ns = 5 * MS, .targets = &node_1, .target_count = 1};
    uint32_t first = carried_send(&fixture, 0, message), second = carried_send(&fixture, 0, message);
    carried_run(&fixture, SECOND);
    g_assert_cmpint(carried_had(&fixture, first, 1), ==, 35 * MS / 2);
    g_assert_cmpint(carried_had(&fixture, second, 1), ==, 45 * MS / 2);
    g_assert_cmpint(carrier_load(fixture.carrier, 1).busy_ns, ==, 25 * MS / 2);
    carried_release(&fixture);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/capacity/queues run at their nodes' rates", queues_run_at_their_nodes_rates);
    g_test_add_func("/capacity/shared queues have their nodes' rates", shared_queues_have_their_nodes_rates);
    g_test_add_func("/capacity/duplicates have their part", duplicates_have_their_part);
    g_test_add_func("/capacity/duplicates fill throttled queues", duplicates_fill_throttled_queues);
    g_test_add_func("/capacity/queues run at the file's rates", queues_run_at_the_files_rates);
    g_test_add_func("/capacity/contradictions are refused", contradictions_are_refused);
    g_test_add_func("/capacity/relays have their keepers' rates", relays_have_their_keepers_rates);
    g_test_add_func("/capacity/cores are by group", cores_are_by_group);
    g_test_add_func("/capacity/validations wait for their nodes' cores", validations_wait_for_their_nodes_cores);
    g_test_add_func("/capacity/processors slow down by the clock", processors_slow_down_by_the_clock);
    return g_test_run();
}
