/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_WORD = 64, /* longer ones are not misspelt keys */
    MOST_SUGGESTIONS = 3,
    MOST_NAMED = 40, /* regions in an error */
};

static char folded(char c)
{
    return c == '-' || c == ' ' ? '_' : g_ascii_tolower(c);
}

static size_t least(size_t a, size_t b, size_t c)
{
    return MIN(MIN(a, b), c);
}

size_t suggest_distance(const char *a, const char *b)
{
    size_t rows = strlen(a);
    size_t columns = strlen(b);
    if (rows > LONGEST_WORD || columns > LONGEST_WORD)
        return MAX(rows, columns);

    size_t cost[LONGEST_WORD + 1][LONGEST_WORD + 1];
    for (size_t i = 0; i <= rows; i++)
        cost[i][0] = i;
    for (size_t j = 0; j <= columns; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        for (size_t j = 1; j <= columns; j++) {
            char x = folded(a[i - 1]);
            char y = folded(b[j - 1]);
            cost[i][j] = least(cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (x != y));
            if (i > 1 && j > 1 && x == folded(b[j - 2]) && folded(a[i - 2]) == y)
                cost[i][j] = MIN(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[rows][columns];
}

/* Puts the candidate among the found ones, which stay sorted by distance. */
static void keep_nearest(const char **found, size_t *distances, size_t *count, const char *candidate, size_t distance)
{
    size_t at = *count;
    while (at > 0 && distances[at - 1] > distance)
        at--;
    if (at == MOST_SUGGESTIONS)
        return;
    size_t moved = MIN(*count, MOST_SUGGESTIONS - 1) - at;
    memmove(found + at + 1, found + at, moved * sizeof *found);
    memmove(distances + at + 1, distances + at, moved * sizeof *distances);
    found[at] = candidate;
    distances[at] = distance;
    *count = MIN(*count + 1, MOST_SUGGESTIONS);
}

/* Two words are alike where they are the same, or the longer one has an ending more: orphan, orphans. */
static bool are_alike(const char *a, const char *b)
{
    enum { LEAST_STEM = 4, MOST_ENDING = 3 };
    size_t common = 0;
    while (a[common] && folded(a[common]) == folded(b[common]))
        common++;
    size_t ending = strlen(a + common) + strlen(b + common); /* one of them is 0 where the other word begins so */
    bool begins = !a[common] || !b[common];
    return begins && (ending == 0 || (common >= LEAST_STEM && ending <= MOST_ENDING));
}

/* How many letters of the words that make up one text are in words alike of the other. */
static size_t common_letters(const char *written, const char *candidate)
{
    char **words = g_strsplit_set(written, "_- ", -1), **parts = g_strsplit_set(candidate, "_- ", -1);
    size_t letters = 0;
    for (char **word = words; *word; word++) {
        char **part = parts;
        while (*part && !are_alike(*word, *part))
            part++;
        letters += *part ? MIN(strlen(*word), strlen(*part)) : 0;
    }
    g_strfreev(parts);
    g_strfreev(words);
    return letters;
}

/* Those that have more than half of what was written in common with it, the most first. */
static void add_by_words(const char *written, const char *const *candidates, const char **found)
{
    size_t length = strlen(written), distances[MOST_SUGGESTIONS], count = 0;
    for (const char *const *candidate = candidates; *candidate; candidate++) {
        size_t common = common_letters(written, *candidate);
        if (2 * common > length)
            keep_nearest(found, distances, &count, *candidate, length - common);
    }
    while (count > 1 && distances[count - 1] > distances[0])
        found[--count] = NULL;
}

const char **suggest(const char *written, const char *const *candidates)
{
    const char **found = g_new0(const char *, MOST_SUGGESTIONS + 1);
    size_t distances[MOST_SUGGESTIONS];
    size_t count = 0;
    size_t length = strlen(written);
    if (length == 0 || length > LONGEST_WORD)
        return found;

    size_t nearness = MAX(1, length / 3);
    for (const char *const *candidate = candidates; *candidate; candidate++) {
        size_t distance = suggest_distance(written, *candidate);
        if (distance <= nearness && distance < MAX(length, strlen(*candidate)))
            keep_nearest(found, distances, &count, *candidate, distance);
    }
    /* A clear favourite needs no runners-up. */
    while (count > 1 && distances[count - 1] > distances[0] + 1)
        found[--count] = NULL;
    if (count > 0 || length < 3)
        return found;
    for (const char *const *candidate = candidates; *candidate && count < MOST_SUGGESTIONS; candidate++) {
        if (strstr(*candidate, written))
            found[count++] = *candidate;
    }
    if (count == 0)
        add_by_words(written, candidates, found);
    return found;
}

char *suggest_join(const char *const *words, const char *conjunction)
{
    GString *joined = g_string_new(NULL);
    for (size_t i = 0; words[i]; i++) {
        if (i && words[i + 1])
            g_string_append(joined, ", ");
        else if (i)
            g_string_append_printf(joined, " %s ", conjunction);
        g_string_append_printf(joined, "`%s`", words[i]);
    }
    return g_string_free(joined, FALSE);
}

char *suggest_question(const char *written, const char *const *candidates)
{
    const char **near = suggest(written, candidates);
    char *joined = near && near[0] ? suggest_join(near, "or") : NULL;
    char *text = joined ? g_strdup_printf("; did you mean %s?", joined) : g_strdup("");
    g_free(joined);
    g_free((void *)near);
    return text;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In alphabetical order, each once; NULL-terminated, g_free the array. */
static const char **each_once(const char *const *names, size_t count)
{
    const char **sorted = g_new0(const char *, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        sorted[i] = names[i];
    qsort(sorted, count, sizeof *sorted, compare_names);
    for (size_t i = 0; i < count; i++)
        if (*sorted[i] && (kept == 0 || strcmp(sorted[kept - 1], sorted[i]) != 0))
            sorted[kept++] = sorted[i];
    sorted[kept] = NULL;
    return sorted;
}

char *suggest_region(const char *written, const char *const *region_of_node, size_t node_count)
{
    const char **regions = each_once(region_of_node, node_count);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "no node is in a region `%s`: ", written);
    for (size_t i = 0; regions[i] && i <= MOST_NAMED; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "nodes are in ", i < MOST_NAMED ? regions[i] : "...");
    char *meant = suggest_question(written, regions);
    g_string_append(text, regions[0] ? meant : "this network has no regions");
    g_free(meant);
    g_free((void *)regions);
    return g_string_free(text, FALSE);
}
