/* SPDX-License-Identifier: MIT */
/* In which order a replica gets two blocks that spread, by hand. */
#include "delivery/delivery.h"

#include <glib.h>

enum { OLDER = 7, YOUNGER = 9 }; /* blocks; the younger one's message has the lower number */

#define LATER                                                                                                          \
    {                                                                                                                  \
        .ns = 1000                                                                                                     \
    }

/* What a replica gets by then: OLDER at `older_ns`, YOUNGER at `younger_ns`; a time below is that of its coming. */
struct story {
    time_ns older_ns, older_came_ns;
    time_ns younger_ns, younger_came_ns;
    struct instant until;
    uint32_t count;
    block_id first;
};

static void check(const struct story *story)
{
    const struct delivery_spread spreads[SPREADS_MOST] = {
        {.block = OLDER, .message = 20, .sent.ns = 100, .at_ns = &story->older_ns, .came_ns = &story->older_came_ns},
        {.block = YOUNGER,
         .message = 10,
         .sent = {.ns = 200, .microstep = 3},
         .at_ns = &story->younger_ns,
         .came_ns = &story->younger_came_ns},
    };
    block_id here[SPREADS_MOST] = {BLOCK_NONE, BLOCK_NONE};
    g_assert_cmpuint(delivery_spread_order(spreads, SPREADS_MOST, 0, story->until, here), ==, story->count);
    g_assert_cmpuint(here[0], ==, story->first);
    if (story->count == SPREADS_MOST)
        g_assert_cmpuint(here[1], ==, OLDER + YOUNGER - story->first);
}

static void orders(void)
{
    static const struct story stories[] = {
        {300, 300, 400, 400, LATER, 2, OLDER},
        {400, 400, 300, 300, LATER, 2, YOUNGER},
        /* one has yet to come; in the microstep after that of its sending it has */
        {300, 300, 400, 400, {.ns = 300}, 1, OLDER},
        {300, 300, 200, 200, {.ns = 200, .microstep = 3}, 0, BLOCK_NONE},
        {300, 300, 200, 200, {.ns = 200, .microstep = 4}, 1, YOUNGER},
        /* at one time: by message; what has waited comes after the other; if both have, by block */
        {300, 300, 300, 300, LATER, 2, YOUNGER},
        {300, 300, 300, 250, LATER, 2, OLDER},
        {300, 150, 300, 300, LATER, 2, YOUNGER},
        {300, 280, 300, 250, LATER, 2, OLDER},
        /* who waits has not got it */
        {300, 150, 280, 280, {.ns = 290}, 1, YOUNGER},
    };
    for (size_t s = 0; s < G_N_ELEMENTS(stories); s++)
        check(&stories[s]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spread_order/orders", orders);
    return g_test_run();
}
