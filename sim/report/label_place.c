/* SPDX-License-Identifier: MIT */
#include "report/label_place.h"

#include <glib.h>
#include <math.h>

#define CHARACTER_WIDE .122 /* cm, of small type */
#define CHARACTER_TALL .26
#define DOT            .11 /* half a marker and a little */

#define BAD          1000 /* what no label may do: cover another, or leave the plot */
#define COVERED_MOST 2    /* points, by a needed label */

struct box {
    double left, right, bottom, top;
};

/* For labels that lean to the left and down; others are mirrored. */
struct way {
    double dx, dy;
    int side;
};
static const struct way ways[] = {{-.16, 0, -1},  {-.1, -.22, -1}, {0, -.24, 0}, {.1, -.22, 1},
                                  {-.1, .22, -1}, {0, .24, 0},     {.16, 0, 1},  {.1, .22, 1}};

static struct way way_of(const struct placed_label *label, size_t way)
{
    int x = label->lean_x > 0 ? -1 : 1, y = label->lean_y > 0 ? -1 : 1;
    return (struct way){x * ways[way].dx, y * ways[way].dy, x * ways[way].side};
}

static struct box box_of(const struct placed_label *label, size_t index)
{
    struct way way = way_of(label, index);
    double wide = CHARACTER_WIDE * (double)label->length, x = label->x + way.dx, y = label->y + way.dy;
    double left = way.side > 0 ? x : way.side < 0 ? x - wide : x - wide / 2;
    return (struct box){left, left + wide, y - CHARACTER_TALL / 2, y + CHARACTER_TALL / 2};
}

static struct box dot_of(const struct placed_label *label)
{
    return (struct box){label->x - DOT, label->x + DOT, label->y - DOT, label->y + DOT};
}

static bool overlap(const struct box *a, const struct box *b)
{
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

/* How many points a label in that place would cover, or worse. */
static int cost(const struct placed_label *labels, size_t count, size_t index, size_t way)
{
    struct box box = box_of(&labels[index], way);
    bool outside = box.left < 0 || box.right > LABEL_PLOT_WIDE + .3 || box.bottom < 0 || box.top > LABEL_PLOT_TALL;
    int sum = outside ? BAD : 0;
    for (size_t i = 0; i < count; i++) {
        struct box dot = dot_of(&labels[i]);
        sum += i != index && overlap(&box, &dot);
        if (!labels[i].shown)
            continue;
        struct box other = box_of(&labels[i], labels[i].way);
        sum += overlap(&box, &other) ? BAD : 0;
    }
    return sum;
}

static void place_one(struct placed_label *labels, size_t count, size_t index)
{
    size_t best = 0;
    int least = INT_MAX;
    for (size_t way = 0; way < G_N_ELEMENTS(ways) && least > 0; way++) {
        int here = cost(labels, count, index, way);
        if (here < least) {
            least = here;
            best = way;
        }
    }
    struct placed_label *label = &labels[index];
    struct way way = way_of(label, best);
    label->way = best;
    label->dx = way.dx;
    label->dy = way.dy;
    label->side = way.side;
    label->shown = least == 0 || (label->needed && least <= COVERED_MOST);
}

void label_place(struct placed_label *labels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        labels[i].shown = false;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++)
            if (labels[i].wanted && labels[i].needed == (pass == 0))
                place_one(labels, count, i);
}

/* The logarithm to base 2, straight between powers of two: off by less than a tenth. */
static double rough_log2(double value)
{
    int exponent;
    double mantissa = frexp(value, &exponent);
    return exponent + 2 * mantissa - 2;
}

double label_position(const struct axis *axis, double value, double length)
{
    if (!axis->logarithmic)
        return length * (value - axis->from) / (axis->to - axis->from);
    double from = rough_log2(axis->from);
    return value > 0 ? length * (rough_log2(value) - from) / (rough_log2(axis->to) - from) : 0;
}
