/* SPDX-License-Identifier: MIT */
#include "scenario/sweep_resolved.h"

#include "scenario/schema.h"
#include "scenario/sweep_path.h"
#include "scenario/sweep_value.h"

#include <string.h>

static struct filled *copy(const struct filled *filled, struct pool *pool)
{
    struct filled *copied = pool_allocate(pool, sizeof *copied);
    *copied = *filled;
    copied->first = copied->last = copied->next = NULL;
    for (const struct filled *part = filled->first; part; part = part->next) {
        struct filled *inside = copy(part, pool);
        *(copied->last ? &copied->last->next : &copied->first) = inside;
        copied->last = inside;
    }
    return copied;
}

/* The link to the part that a key names, an item by the number that `list` gives it; NULL where there is none. */
static struct filled **find_part(struct filled *filled, const struct yaml_node *list, const char *key)
{
    size_t item = list && list->kind == YAML_LIST ? sweep_path_item(list, key) : SIZE_MAX, number = 0;
    struct filled **link = &filled->first;
    for (; *link && item != number && g_strcmp0((*link)->key, key) != 0; number++)
        link = &(*link)->next;
    return *link ? link : NULL;
}

/* The link to what stands at a path, or NULL. */
static struct filled **find_path(struct filled *filled, const struct param_table *root, const struct yaml_node *tree,
                                 const char *path)
{
    struct param whole = schema_root(root);
    const struct param *param = &whole;
    struct filled **link = NULL;
    char **keys = g_strsplit(path, ".", -1);
    for (char **key = keys; *key && filled && param; key++) {
        link = find_part(filled, tree, *key);
        filled = link ? *link : NULL;
        param = sweep_path_step(param, &tree, *key);
    }
    g_strfreev(keys);
    return link;
}

/* Puts what the tree has at a path in place of what was filled there; nothing, where it has nothing. */
static void restore(struct filled *filled, const struct param_table *root, const struct yaml_node *tree,
                    const char *path, struct pool *pool)
{
    struct filled **link = find_path(filled, root, tree, path);
    if (!link)
        return;
    struct sweep_path walked = sweep_path_walk(root, tree, path);
    struct filled *rest = (*link)->next;
    if (!walked.node) {
        *link = rest;
        return;
    }
    struct filled holder = {0};
    filled_add_written(pool, &holder, (*link)->key, sweep_value_absolute(pool, walked.param, walked.node));
    *link = holder.first;
    holder.first->next = rest;
}

/* Leaves what is the same for all points: the values of `extends` have all else. */
static void keep_experiment(struct filled *filled)
{
    for (struct filled **link = &filled->first; *link;) {
        if ((*link)->param->of_experiment)
            link = &(*link)->next;
        else
            *link = (*link)->next;
    }
}

const struct filled *sweep_resolved(const struct sweep *sweep, const struct param_table *root,
                                    const struct yaml_node *tree, const struct filled *filled, struct pool *pool)
{
    struct filled *resolved = copy(filled, pool);
    for (const char *const *path = sweep->as_given; *path; path++) {
        if (**path)
            restore(resolved, root, tree, *path, pool);
        else
            keep_experiment(resolved);
    }
    return resolved;
}
