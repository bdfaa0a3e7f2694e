/* SPDX-License-Identifier: MIT */
#include "scenario/changed.h"

#include <string.h>

static bool is_same(const struct filled *one, const struct filled *other);

static bool has_same_parts(const struct filled *one, const struct filled *other)
{
    const struct filled *first = one->first, *second = other->first;
    while (first && second && is_same(first, second)) {
        first = first->next;
        second = second->next;
    }
    return !first && !second;
}

static bool is_same(const struct filled *one, const struct filled *other)
{
    return one->kind == other->kind && g_strcmp0(one->key, other->key) == 0 && g_strcmp0(one->text, other->text) == 0 &&
           has_same_parts(one, other);
}

/* Whether nothing need be said for the part to be as it is. */
static bool is_default(const struct filler *filler, const struct filled *part)
{
    const struct param *param = part->param;
    if (!param || !param->by_default || !part->key || strcmp(part->key, param->key) != 0)
        return false;
    struct filled holder = {.kind = YAML_MAP};
    return fill_by_default(filler, param, &holder) && holder.first && is_same(part, holder.first);
}

static void add(struct filled *parent, struct filled *part)
{
    *(parent->last ? &parent->last->next : &parent->first) = part;
    parent->last = part;
}

/* The key that tells which variant a map is of: it stays, whatever it is by default. */
static bool is_discriminator(const struct filled *map, const struct filled *part)
{
    return map->param && map->param->type == PARAM_ONE_OF && part->kind == YAML_SCALAR &&
           g_strcmp0(part->key, map->param->discriminator) == 0;
}

static struct filled *keep(const struct filler *filler, const struct filled *filled)
{
    struct filled *kept = pool_allocate(filler->pool, sizeof *kept);
    *kept = *filled;
    kept->first = kept->last = kept->next = NULL;
    for (const struct filled *part = filled->first; part; part = part->next)
        if (filled->kind != YAML_MAP || is_discriminator(filled, part) || !is_default(filler, part))
            add(kept, keep(filler, part));
    return kept;
}

const struct filled *changed_parts(const struct filler *filler, const struct filled *root)
{
    return keep(filler, root);
}
