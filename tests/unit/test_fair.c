/* SPDX-License-Identifier: MIT */
/*
 * Fair queues against the plainest way of sharing a rate: a list, of which the next to be through is looked for. Copies
 * that join together, duplicates that are alone and those that are not all come to the same times.
 */
#include "carrier_fixture.h"

#define PARTS 1024u /* of a ns: what both reckon in */
#define NODE  1u

struct plain_entry {
    uint64_t finish;
    uint32_t ticket; /* SLOT_NONE: a duplicate */
};

struct plain_queue {
    uint64_t virtual;
    time_ns since_ns;
    VECTOR(struct plain_entry) entries;
    VECTOR(time_ns) through_ns; /* by ticket */
};

static uint64_t least_finish(const struct plain_queue *queue)
{
    uint64_t least = UINT64_MAX;
    for (size_t i = 0; i < queue->entries.count; i++)
        least = MIN(least, queue->entries.at[i].finish);
    return least;
}

static void plain_advance(struct plain_queue *queue, time_ns now_ns)
{
    size_t count = queue->entries.count;
    queue->virtual = count ? queue->virtual + (uint64_t)(now_ns - queue->since_ns) * PARTS / count : 0;
    queue->since_ns = now_ns;
}

/* Everybody who is through by then leaves. */
static void plain_run(struct plain_queue *queue, time_ns until_ns)
{
    while (queue->entries.count) {
        uint64_t finish = least_finish(queue), rest = finish > queue->virtual ? finish - queue->virtual : 0;
        time_ns through_ns = queue->since_ns + (time_ns)((rest * queue->entries.count + PARTS - 1) / PARTS);
        if (through_ns > until_ns)
            return;
        plain_advance(queue, through_ns);
        size_t kept = 0;
        for (size_t i = 0; i < queue->entries.count; i++) {
            struct plain_entry entry = queue->entries.at[i];
            if (entry.finish > queue->virtual)
                queue->entries.at[kept++] = entry;
            else if (entry.ticket != SLOT_NONE)
                queue->through_ns.at[entry.ticket] = through_ns;
        }
        queue->entries.count = kept;
    }
}

static void plain_add(struct plain_queue *queue, time_ns now_ns, time_ns work_ns, uint32_t ticket)
{
    plain_run(queue, now_ns);
    plain_advance(queue, now_ns);
    vector_push(&queue->entries, (struct plain_entry){queue->virtual + (uint64_t)work_ns * PARTS, ticket});
}

/* A message whose first copy comes in at the node, as far as its queue is told; its sender never gets to send it. */
static uint32_t join(struct carrier_fixture *fixture, time_ns work_ns)
{
    uint32_t ticket = carried_send(fixture, 0, (struct carrier_message){.size_bytes = 1, .delay_ns = DAY});
    uint32_t slot = (uint32_t)fixture->carrier->messages.count - 1;
    struct transfer transfer = {.item = CARRIER_COPY, .slot = slot, .to = NODE, .link = LINK_NONE};
    fair_add(fixture->carrier, FAIR_DOWN, NODE, &transfer, work_ns);
    return ticket;
}

static void try_one(uint64_t number)
{
    static const time_ns works_ns[] = {0, 1, 700, 700, 700, 1000, 4321, 50000};
    struct random_stream stream;
    struct carrier_fixture fixture;
    struct plain_queue plain = {0};
    random_stream_init(&stream, &setup_seed, RANDOM_TEST, number);
    carried_init(&fixture, 2, NULL, SETTINGS("capacity.down", "8 Mbit/s", "capacity.queue", "fair"));
    carried_begin(&fixture);
    uint64_t gap_ns = 1 + random_below(&stream, 5000), duplicates = 1 + random_below(&stream, 8);
    for (unsigned i = 0; i < 200; i++) {
        time_ns now_ns = fixture.clock.now.ns, work_ns = works_ns[random_below(&stream, G_N_ELEMENTS(works_ns))];
        for (uint64_t more = random_below(&stream, 3); more > 0; more--) {
            vector_push(&plain.through_ns, TIME_NEVER);
            plain_add(&plain, now_ns, work_ns, join(&fixture, work_ns));
        }
        for (uint64_t more = random_below(&stream, duplicates); more > 0; more--) {
            plain_add(&plain, now_ns, work_ns, SLOT_NONE);
            fair_add_duplicate(fixture.carrier, NODE, 1, work_ns);
        }
        fair_arm_joined(fixture.carrier);
        carrier_end_instant(fixture.carrier, now_ns);
        carried_run(&fixture, now_ns + 1 + (time_ns)random_below(&stream, gap_ns));
    }
    carried_run(&fixture, HOUR);
    plain_run(&plain, HOUR);
    for (uint32_t ticket = 0; ticket < plain.through_ns.count; ticket++)
        g_assert_cmpint(carried_had(&fixture, ticket, NODE), ==, plain.through_ns.at[ticket]);
    vector_release(&plain.entries);
    vector_release(&plain.through_ns);
    carried_release(&fixture);
}

static void shares_are_those_of_a_list(void)
{
    for (uint64_t number = 0; number < 200; number++)
        try_one(number);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fair/shares are those of a list", shares_are_those_of_a_list);
    return g_test_run();
}
