/* SPDX-License-Identifier: MIT */
/* The arena: memory is zeroed, aligned, apart, and keeps its content across chunks. */
#include "base/arena.h"

#include <glib.h>
#include <string.h>

/* 5,000 blocks of 0 to 200,000 bytes, each filled with its number; none overlaps another. */
static void blocks_stay_apart(void)
{
    struct arena arena = {0};
    unsigned char *blocks[5000];
    size_t sizes[5000];
    for (size_t i = 0; i < 5000; i++) {
        sizes[i] = i % 1000 == 999 ? 200000 : i % 97;
        blocks[i] = arena_allocate(&arena, sizes[i]);
        g_assert_cmpuint((guintptr)blocks[i] % 16, ==, 0);
        for (size_t j = 0; j < sizes[i]; j++)
            g_assert_cmpuint(blocks[i][j], ==, 0);
        memset(blocks[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < 5000; i++)
        for (size_t j = 0; j < sizes[i]; j++)
            g_assert_cmpuint(blocks[i][j], ==, i % 251);
    arena_release(&arena);
    g_assert_null(arena.chunks);
}

static void copies_are_copies(void)
{
    struct arena arena = {0};
    char text[] = "genesis";
    int *number = arena_new(&arena, int);
    g_assert_cmpint(*number, ==, 0);
    char *copy = arena_text(&arena, text);
    int *same = arena_copy(&arena, &(int){42}, sizeof(int));
    text[0] = 'G';
    g_assert_cmpstr(copy, ==, "genesis");
    g_assert_cmpint(*same, ==, 42);
    arena_release(&arena);
    g_assert_cmpstr(arena_text(&arena, "again"), ==, "again");
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/arena/blocks stay apart", blocks_stay_apart);
    g_test_add_func("/arena/copies are copies", copies_are_copies);
    return g_test_run();
}
