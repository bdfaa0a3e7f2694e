/* SPDX-License-Identifier: MIT */
/*
 * A growable array of one type. VECTOR(int) declares a struct {int *at; size_t count, room;}; zero-initialised is
 * empty. vector_push may move the items: hold indices, not pointers, across it. Memory is the vector's own until
 * vector_release; running out of memory aborts (g_realloc).
 */
#ifndef POSIM_BASE_VECTOR_H
#define POSIM_BASE_VECTOR_H

#include <glib.h>
#include <stddef.h>

#define VECTOR(type)                                                                                                   \
    struct {                                                                                                           \
        type *at;                                                                                                      \
        size_t count;                                                                                                  \
        size_t room;                                                                                                   \
    }

/* Makes room for `wanted` items in all. */
#define vector_reserve(vector, wanted)                                                                                 \
    do {                                                                                                               \
        if ((vector)->room < (wanted)) {                                                                               \
            size_t vector_room_ = (vector)->room ? (vector)->room : 8;                                                 \
            while (vector_room_ < (wanted))                                                                            \
                vector_room_ *= 2;                                                                                     \
            (vector)->at = g_realloc_n((vector)->at, vector_room_, sizeof *(vector)->at);                              \
            (vector)->room = vector_room_;                                                                             \
        }                                                                                                              \
    } while (0)

#define vector_push(vector, ...)                                                                                       \
    do {                                                                                                               \
        vector_reserve(vector, (vector)->count + 1);                                                                   \
        (vector)->at[(vector)->count++] = (__VA_ARGS__);                                                               \
    } while (0)

#define vector_clear(vector) ((void)((vector)->count = 0))

#define vector_release(vector)                                                                                         \
    do {                                                                                                               \
        g_free((vector)->at);                                                                                          \
        (vector)->at = NULL;                                                                                           \
        (vector)->count = (vector)->room = 0;                                                                          \
    } while (0)

#endif
