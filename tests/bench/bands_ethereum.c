/* SPDX-License-Identifier: MIT */
/*
 * Blocks and attestations on Ethereum. Measured in August 2025: from the publishing by a relay to the nodes 95 % of
 * blocks take .8 s, and attestations arrive .83 s after they are due, 95 % within 2.07 s. Simulated: gossipsub with
 * meshes of 8; 8,000 nodes for blocks, and the 250 subscribers of one of 64 subnets (two each) for attestations. Shares
 * of regions and delays between them are SimBlock's of 2019; the sizes on the wire, 90 kB and 240 bytes, and 10 ms for
 * what is checked before a message is passed on, are assumptions.
 */
#include "../unit/carrier_fixture.h"
#include "bands.h"

#include <stdio.h>

#define BLOCK_BYTES       90000
#define ATTESTATION_BYTES 240
#define CHECK_NS          (10 * MILLISECOND)
#define MESSAGES          60

/* `network`: keys that come on top. When MESSAGES of random senders, 4 s apart, have arrived at all others. */
static bands_times spread(uint32_t nodes, uint32_t size_bytes, const char *up, const char *down)
{
    struct carrier_fixture fixture;
    carried_init(&fixture, nodes, NULL,
                 SETTINGS("latency", "regions", "latency.file",
                          bands_data_path("latency_region_simblock/latency_ms.csv"), "latency.where.column", "year",
                          "latency.where.is", "2019", "latency.jitter", "10 %", "placement", "distribution",
                          "placement.distribution", bands_data_path("latency_region_simblock/region_distribution.csv"),
                          "placement.row", "REGION_DISTRIBUTION_BITCOIN_2019", "topology", "random_regular",
                          "topology.degree", "50", "relay", "gossipsub", "capacity.up", up, "capacity.down", down));
    carried_begin(&fixture);
    struct random_stream stream;
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, 2);
    bands_times arrivals = {0};
    for (uint32_t ticket = 0; ticket < MESSAGES; ticket++) {
        node_id from = (node_id)random_below(&stream, nodes);
        time_ns sent_ns = fixture.clock.now.ns;
        carried_send(&fixture, from, (struct carrier_message){.size_bytes = size_bytes, .verify_ns = CHECK_NS});
        carried_run(&fixture, sent_ns + 4 * SECOND);
        for (node_id node = 0; node < nodes; node++)
            if (node != from)
                vector_push(&arrivals, carried_had(&fixture, ticket, node) - sent_ns);
    }
    carried_release(&fixture);
    return arrivals;
}

static double mean_ms(const bands_times *list)
{
    double sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += (double)list->at[i];
    return sum / (double)list->count / MILLISECOND;
}

/* Rates as EIP-7870 recommends them for those who build blocks, and for those who attest. */
void bands_of_ethereum(void)
{
    printf("\nEthereum, gossipsub over SimBlock's regions\n");
    bands_times builders = spread(8000, BLOCK_BYTES, "50 Mbit/s", "100 Mbit/s");
    bands_row("block of 90 kB, 50 and 100 Mbit/s, p95 over nodes", 800, bands_quantile_ms(&builders, .95));
    bands_times attesters = spread(8000, BLOCK_BYTES, "25 Mbit/s", "50 Mbit/s");
    bands_row("block of 90 kB, 25 and 50 Mbit/s, p95 over nodes", 800, bands_quantile_ms(&attesters, .95));
    bands_times votes = spread(250, ATTESTATION_BYTES, "25 Mbit/s", "50 Mbit/s");
    bands_row("attestation in its subnet, mean", 830, mean_ms(&votes));
    bands_row("attestation in its subnet, p95", 2070, bands_quantile_ms(&votes, .95));
    vector_release(&builders);
    vector_release(&attesters);
    vector_release(&votes);
}
