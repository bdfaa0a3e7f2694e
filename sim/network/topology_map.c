/* SPDX-License-Identifier: MIT */
#include "network/topology_map.h"

#include <string.h>

void topology_map_init(struct topology_map *map)
{
    *map = (struct topology_map){.texts = g_string_chunk_new(4096), .ids = g_hash_table_new(g_str_hash, g_str_equal)};
}

void topology_map_release(struct topology_map *map)
{
    vector_release(&map->nodes);
    vector_release(&map->links);
    vector_release(&map->link_lines);
    g_hash_table_destroy(map->ids);
    g_string_chunk_free(map->texts);
}

const char *topology_map_text(struct topology_map *map, const char *text)
{
    return g_string_chunk_insert_const(map->texts, text);
}

bool topology_map_find(const struct topology_map *map, const char *name, node_id *node)
{
    gpointer found;
    if (!g_hash_table_lookup_extended(map->ids, name, NULL, &found))
        return false;
    *node = GPOINTER_TO_UINT(found);
    return true;
}

bool topology_map_add(struct topology_map *map, const char *name)
{
    node_id node;
    if (topology_map_find(map, name, &node))
        return false;
    struct map_node added = {.name = topology_map_text(map, name)};
    g_hash_table_insert(map->ids, (gpointer)added.name, GUINT_TO_POINTER((guint)map->nodes.count));
    vector_push(&map->nodes, added);
    return true;
}

static void add_link(struct topology_map *map, size_t line, struct graph_link link)
{
    vector_push(&map->links, link);
    vector_push(&map->link_lines, line);
}

void topology_map_link(struct topology_map *map, size_t line, struct graph_link link, bool both_ways)
{
    add_link(map, line, link);
    if (both_ways)
        add_link(map, line, (struct graph_link){link.to, link.from, link.delay_ns, link.byte_ps});
}

/* A link by its ends, and its place in the file's order. */
struct ends {
    node_id from, to;
    size_t link;
};

static int compare_ends(const void *a, const void *b)
{
    const struct ends *first = a, *second = b;
    if (first->from != second->from)
        return first->from < second->from ? -1 : 1;
    if (first->to != second->to)
        return first->to < second->to ? -1 : 1;
    return (first->link > second->link) - (first->link < second->link);
}

/* Whether the second of two neighbours in that order is another link between the same nodes. */
static bool differ(const struct topology_map *map, const struct ends *first, const struct ends *second)
{
    const struct graph_link *a = &map->links.at[first->link], *b = &map->links.at[second->link];
    return first->from == second->from && first->to == second->to &&
           (a->delay_ns != b->delay_ns || a->byte_ps != b->byte_ps);
}

bool topology_map_check_links(const struct topology_map *map, const char *path, GError **error)
{
    size_t count = map->links.count;
    struct ends *ends = g_new(struct ends, MAX(count, 1));
    const struct ends *found = NULL;
    for (size_t i = 0; i < count; i++)
        ends[i] = (struct ends){map->links.at[i].from, map->links.at[i].to, i};
    qsort(ends, count, sizeof *ends, compare_ends);
    for (size_t i = 1; i < count && !found; i++)
        if (differ(map, &ends[i - 1], &ends[i]))
            found = &ends[i];
    if (found)
        topology_file_refuse(path, map->link_lines.at[found->link], error,
                             "a second link from node %s to node %s, with another delay or rate than in line %zu: keep "
                             "one of them",
                             map->nodes.at[found->from].name, map->nodes.at[found->to].name,
                             map->link_lines.at[found[-1].link]);
    bool fine = !found;
    g_free(ends);
    return fine;
}

void topology_map_note_regions(struct topology_map *map)
{
    map->has_regions = map->nodes.count > 0;
    for (size_t node = 0; node < map->nodes.count; node++)
        map->has_regions = map->has_regions && map->nodes.at[node].region;
}

uint64_t topology_byte_ps(uint64_t byte_per_s)
{
    return UINT64_C(1000000000000) / byte_per_s;
}

#define DIGITS_MOST   28   /* that count: their number times a scale of 2^32 fits 128 bits */
#define EXPONENT_MOST 1000 /* of ten, either way */

/* Digits with at most one point become a number and a power of ten; returns what follows, or NULL. */
static const char *read_digits(const char *text, uint128 *digits, int *exponent)
{
    bool any = false, after_point = false;
    int counted = 0;
    *digits = 0;
    *exponent = 0;
    for (;; text++) {
        if (*text == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (!g_ascii_isdigit(*text))
            return any ? text : NULL;
        any = true;
        bool counts = counted < DIGITS_MOST;
        if (counts) {
            *digits = *digits * 10 + (unsigned)(*text - '0');
            counted += *digits > 0;
        }
        *exponent += (counts ? 0 : 1) - (after_point ? 1 : 0);
        if (*exponent > EXPONENT_MOST || *exponent < -EXPONENT_MOST)
            return NULL;
    }
}

static bool read_exponent(const char *text, int *exponent)
{
    if (*text == '\0')
        return true;
    if (*text != 'e' && *text != 'E')
        return false;
    text++;
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    size_t count = strspn(text, "0123456789");
    if (count == 0 || count > 3 || text[count])
        return false;
    int given = (int)g_ascii_strtoull(text, NULL, 10);
    *exponent += negative ? -given : given;
    return true;
}

bool topology_number(const char *text, uint32_t scale, int64_t *value)
{
    uint128 number;
    int exponent;
    const char *rest = read_digits(text, &number, &exponent);
    if (!rest || !read_exponent(rest, &exponent))
        return false;
    number *= scale;
    for (; exponent > 0 && number > 0; exponent--) {
        if (number > INT64_MAX)
            return false;
        number *= 10;
    }
    unsigned last = 0; /* the digit that was cut off last decides how to round */
    for (; exponent < 0 && (number > 0 || last > 0); exponent++) {
        last = (unsigned)(number % 10);
        number /= 10;
    }
    number += last >= 5;
    if (number > INT64_MAX)
        return false;
    *value = (int64_t)number;
    return true;
}

void topology_file_refuse(const char *path, size_t line, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s:%zu: %s", path, line, message);
    g_free(message);
}
