/* SPDX-License-Identifier: MIT */
#include "report/layers.h"

#include <glib.h>

#define TALL_LEAST 11.0 /* lines */
#define TALL_SPARE 7.0  /* lines beyond one for each label, for heavy posts to differ */
#define HALVINGS   60

static double room_of(const struct layer *layer, double scale)
{
    double room = LAYERS_GAP * (double)(layer->count ? layer->count - 1 : 0);
    for (size_t i = 0; i < layer->count; i++)
        room += MAX(1, scale * layer->posts[i].weight);
    return room;
}

static bool fits(const struct layer *layers, size_t count, double scale, double tall)
{
    for (size_t i = 0; i < count; i++)
        if (room_of(&layers[i], scale) > tall)
            return false;
    return true;
}

/* Lines for a weight of one: as many as fit. */
static double largest_scale(const struct layer *layers, size_t count, double tall)
{
    double whole = 0;
    for (size_t i = 0; i < layers[0].count; i++)
        whole += layers[0].posts[i].weight;
    double low = 0, high = tall / whole;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (fits(layers, count, middle, tall))
            low = middle;
        else
            high = middle;
    }
    return low;
}

double layers_place(struct layer *layers, size_t count)
{
    double tall = TALL_LEAST;
    for (size_t i = 0; i < count; i++)
        tall = MAX(tall, room_of(&layers[i], 0) + TALL_SPARE);
    double scale = largest_scale(layers, count, tall);
    for (size_t i = 0; i < count; i++) {
        double at = (tall - room_of(&layers[i], scale)) / 2;
        for (size_t p = 0; p < layers[i].count; p++) {
            struct post *post = &layers[i].posts[p];
            double height = scale * post->weight, room = MAX(1, height);
            post->top = at + (room - height) / 2;
            post->bottom = post->top + height;
            at += room + LAYERS_GAP;
        }
    }
    return tall;
}

static double *tops_of(const struct layer *layer)
{
    double *tops = g_new(double, layer->count + 1);
    for (size_t i = 0; i < layer->count; i++)
        tops[i] = layer->posts[i].top;
    return tops;
}

void ribbons_place(struct ribbon *ribbons, size_t count, const struct layer *left, const struct layer *right)
{
    double *from = tops_of(left), *to = tops_of(right);
    for (size_t i = 0; i < count; i++) {
        struct ribbon *ribbon = &ribbons[i];
        const struct post *post = &left->posts[ribbon->from];
        ribbon->thickness = ribbon->weight * (post->bottom - post->top) / post->weight;
        ribbon->from_top = from[ribbon->from];
        ribbon->to_top = to[ribbon->to];
        from[ribbon->from] += ribbon->thickness;
        to[ribbon->to] += ribbon->thickness;
    }
    g_free(from);
    g_free(to);
}
