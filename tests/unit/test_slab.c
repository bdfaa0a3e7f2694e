/* SPDX-License-Identifier: MIT */
/* The slab: handles are used again, generations tell their items apart, contents survive growth and cloning. */
#include "engine/slab.h"

#include <glib.h>

struct thing {
    uint64_t a;
    uint32_t b;
    unsigned char c[3];
};

static uint32_t take_thing(struct slab *slab, uint64_t value)
{
    uint32_t handle = slab_take(slab);
    struct thing *thing = slab_at(slab, handle);
    *thing = (struct thing){value, (uint32_t)value, {1, 2, (unsigned char)value}};
    return handle;
}

static void assert_thing(const struct slab *slab, uint32_t handle, uint64_t value)
{
    const struct thing *thing = slab_at(slab, handle);
    g_assert_cmpuint((uintptr_t)thing % 8, ==, 0);
    g_assert_cmpuint(thing->a, ==, value);
    g_assert_cmpuint(thing->b, ==, (uint32_t)value);
    g_assert_cmpuint(thing->c[2], ==, (unsigned char)value);
}

/* Ten thousand items keep their contents while the slab grows; every second one is given back and taken again. */
static void contents_survive_growth(void)
{
    enum { COUNT = 10000 };
    struct slab slab;
    slab_init(&slab, sizeof(struct thing));
    static uint32_t handles[COUNT];
    for (uint32_t i = 0; i < COUNT; i++)
        handles[i] = take_thing(&slab, i * UINT64_C(1000003));
    for (uint32_t i = 0; i < COUNT; i += 2)
        slab_give(&slab, handles[i]);
    g_assert_cmpuint(slab.count, ==, COUNT / 2);
    for (uint32_t i = 0; i < COUNT; i += 2)
        handles[i] = take_thing(&slab, i * UINT64_C(1000003));
    g_assert_cmpuint(slab.count, ==, COUNT);
    g_assert_cmpuint(slab.used, ==, COUNT);
    for (uint32_t i = 0; i < COUNT; i++)
        assert_thing(&slab, handles[i], i * UINT64_C(1000003));
    slab_release(&slab);
}

/* The last slot given is the next taken, under another generation; the old name names nothing any more. */
static void generations_tell_items_apart(void)
{
    struct slab slab;
    slab_init(&slab, 1);
    g_assert_false(slab_holds(&slab, 0, 0));
    g_assert_false(slab_holds(&slab, SLAB_NONE, 1));
    uint32_t first = slab_take(&slab);
    uint32_t generation = slab_generation(&slab, first);
    g_assert_true(slab_holds(&slab, first, generation));
    slab_give(&slab, first);
    g_assert_false(slab_holds(&slab, first, generation));
    g_assert_false(slab_holds(&slab, first, slab_generation(&slab, first)));
    g_assert_cmpuint(slab_take(&slab), ==, first);
    g_assert_false(slab_holds(&slab, first, generation));
    g_assert_true(slab_holds(&slab, first, slab_generation(&slab, first)));
    g_assert_false(slab_holds(&slab, first, 0));
    slab_release(&slab);
}

/* A clone gives the handles that the original would give, and keeps its own contents. */
static void clones_are_independent(void)
{
    struct slab slab, clone;
    slab_init(&slab, sizeof(struct thing));
    uint32_t handles[100];
    for (uint32_t i = 0; i < 100; i++)
        handles[i] = take_thing(&slab, i);
    for (uint32_t i = 0; i < 100; i += 3)
        slab_give(&slab, handles[i]);
    slab_clone(&clone, &slab);
    for (uint32_t i = 0; i < 200; i++)
        g_assert_cmpuint(take_thing(&slab, 1000 + i), ==, take_thing(&clone, 2000 + i));
    assert_thing(&slab, handles[99], 1000);
    assert_thing(&clone, handles[99], 2000);
    slab_release(&slab);
    assert_thing(&clone, handles[1], 1);
    slab_release(&clone);
}

/* Giving a slot twice is a programmer's error. */
static void giving_twice_is_refused(void)
{
    if (g_test_subprocess()) {
        struct slab slab;
        slab_init(&slab, 8);
        uint32_t handle = slab_take(&slab);
        slab_give(&slab, handle);
        slab_give(&slab, handle);
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
    g_test_trap_assert_stderr("*requirement failed*");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/slab/contents survive growth", contents_survive_growth);
    g_test_add_func("/slab/generations tell items apart", generations_tell_items_apart);
    g_test_add_func("/slab/clones are independent", clones_are_independent);
    g_test_add_func("/slab/giving twice is refused", giving_twice_is_refused);
    return g_test_run();
}
