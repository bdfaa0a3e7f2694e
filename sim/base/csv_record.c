/* SPDX-License-Identifier: MIT */
#include "base/csv_record.h"

#include <string.h>

/* A cell in quotes; leaves *at behind the closing one. What is written never passes what is read. */
static const char *read_quoted(char **at, uint64_t *line, struct csv_cells *cells)
{
    uint64_t began = *line;
    char *read = *at + 1, *write = read;
    vector_push(&cells->list, write);
    for (; *read && !(*read == '"' && read[1] != '"'); read++) {
        read += *read == '"';
        *line += *read == '\n';
        *write++ = *read;
    }
    if (!*read) {
        *line = began;
        return "a quoted cell does not end";
    }
    *at = read + 1;
    if (**at && !strchr(",\r\n", **at))
        return "text follows the closing quote of a cell";
    *write = '\0';
    return NULL;
}

static void read_plain(char **at, struct csv_cells *cells)
{
    char *read = *at;
    vector_push(&cells->list, read);
    while (*read && *read != ',' && *read != '\n' && *read != '\r')
        read++;
    *at = read;
}

const char *csv_record_read(char **at, uint64_t *line, struct csv_cells *cells)
{
    for (;;) {
        const char *wrong = NULL;
        if (**at == '"')
            wrong = read_quoted(at, line, cells);
        else
            read_plain(at, cells);
        char ending = **at;
        if (wrong || !ending)
            return wrong;
        *(*at)++ = '\0';
        if (ending == ',')
            continue;
        if (ending == '\r' && **at == '\n')
            ++*at;
        ++*line;
        return NULL;
    }
}

char *csv_wrong_width(size_t cells, size_t columns)
{
    return g_strdup_printf("%zu cell%s, but the header has %zu column%s", cells, cells == 1 ? "" : "s", columns,
                           columns == 1 ? "" : "s");
}

char *csv_no_column(const char *name, const char *const *columns, size_t count)
{
    enum { MOST_NAMED = 12 };
    GString *text = g_string_new(NULL);
    g_string_printf(text, "there is no column %s: the columns are ", name);
    for (size_t i = 0; i < MIN(count, MOST_NAMED); i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", columns[i]);
    if (count > MOST_NAMED)
        g_string_append(text, ", ...");
    return g_string_free(text, FALSE);
}
