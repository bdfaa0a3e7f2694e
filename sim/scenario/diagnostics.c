/* SPDX-License-Identifier: MIT */
#include "scenario/diagnostics.h"

#include "base/suggest.h"

#include <string.h>

enum {
    MOST_DIAGNOSTICS = 1000,
    WIDEST_EXCERPT = 160, /* characters of a source line that are shown */
    CONTEXT_BEFORE = 60,  /* characters kept before the place where the line is cut */
    LONGEST_QUOTE = 60,
    LONGEST_MESSAGE = 400,
};

static void diagnostic_free(void *data)
{
    struct diagnostic *diagnostic = data;
    g_free(diagnostic->file);
    g_free(diagnostic->message);
    g_free(diagnostic->excerpt);
    g_ptr_array_unref(diagnostic->notes);
    g_free(diagnostic);
}

void diagnostics_init(struct diagnostics *diagnostics)
{
    diagnostics->list = g_ptr_array_new_with_free_func(diagnostic_free);
    diagnostics->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    diagnostics->unseen = NULL;
    diagnostics->dropped = 0;
}

void diagnostics_release(struct diagnostics *diagnostics)
{
    g_clear_pointer(&diagnostics->list, g_ptr_array_unref);
    g_clear_pointer(&diagnostics->known, g_hash_table_unref);
    g_clear_pointer(&diagnostics->unseen, diagnostic_free);
}

size_t diagnostics_count(const struct diagnostics *diagnostics)
{
    return diagnostics->list->len + diagnostics->dropped;
}

/* The next character of a line that may hold anything: a byte that is not UTF-8 counts as one character. */
static gunichar next_character(const char **at, const char *end)
{
    gunichar c = **at ? g_utf8_get_char_validated(*at, end - *at) : 0; /* a NUL is a character, not the end */
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        (*at)++;
        return 0xfffd;
    }
    *at = g_utf8_next_char(*at);
    return c;
}

static int character_cells(gunichar c)
{
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

/* A tab takes one cell, a control character shows as `?`: the caret must stand under its column. */
static gunichar shown_character(gunichar c)
{
    if (c == '\t')
        return ' ';
    return g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 ? '?' : c;
}

static void excerpt_line(struct diagnostic *diagnostic, struct place place)
{
    size_t length;
    const char *line = source_line(place.source, place.line, &length);
    const char *end = line + length;
    int first = place.column > CONTEXT_BEFORE + 40 ? place.column - CONTEXT_BEFORE : 1;

    GString *excerpt = g_string_new(first > 1 ? "..." : NULL);
    int cells = (int)excerpt->len;
    int column = 1;
    diagnostic->caret = -1;
    diagnostic->caret_length = 0;
    for (const char *at = line; at < end && column < first + WIDEST_EXCERPT; column++) {
        gunichar c = shown_character(next_character(&at, end));
        if (column < first)
            continue;
        if (column == place.column)
            diagnostic->caret = cells;
        if (column >= place.column && column < place.column + place.length)
            diagnostic->caret_length += character_cells(c);
        g_string_append_unichar(excerpt, c);
        cells += character_cells(c);
        if (column + 1 == first + WIDEST_EXCERPT && at < end)
            g_string_append(excerpt, "...");
    }
    if (diagnostic->caret < 0)
        diagnostic->caret = cells;
    diagnostic->caret_length = MAX(1, diagnostic->caret_length);
    diagnostic->excerpt = g_string_free(excerpt, FALSE);
}

/* Keeps the error if it is new and there is room; else gives the caller something to write notes to. */
static void keep(struct diagnostics *diagnostics, struct diagnostic *diagnostic)
{
    char *key =
        g_strdup_printf("%s:%d:%d: %s", diagnostic->file, diagnostic->line, diagnostic->column, diagnostic->message);
    bool is_full = diagnostics->list->len == MOST_DIAGNOSTICS;
    if (!is_full && g_hash_table_add(diagnostics->known, key)) {
        diagnostic->order = diagnostics->list->len;
        g_ptr_array_add(diagnostics->list, diagnostic);
        return;
    }
    if (is_full) {
        diagnostics->dropped += !g_hash_table_contains(diagnostics->known, key);
        g_free(key);
    }
    g_clear_pointer(&diagnostics->unseen, diagnostic_free);
    diagnostics->unseen = diagnostic;
}

struct diagnostic *diagnostics_add(struct diagnostics *diagnostics, struct place place, const char *format, ...)
{
    struct diagnostic *diagnostic = g_new0(struct diagnostic, 1);
    va_list arguments;
    va_start(arguments, format);
    diagnostic->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic->file = g_strdup(place.source->name);
    diagnostic->line = place.line;
    diagnostic->column = place.column;
    diagnostic->notes = g_ptr_array_new_with_free_func(g_free);
    keep(diagnostics, diagnostic);
    if (place.line > 0 && diagnostics->unseen != diagnostic)
        excerpt_line(diagnostic, place);
    return diagnostic;
}

bool diagnostic_is_kept(const struct diagnostics *diagnostics, const struct diagnostic *diagnostic)
{
    return diagnostics->unseen != diagnostic;
}

void diagnostic_note(struct diagnostic *diagnostic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(diagnostic->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

void diagnostic_suggest(struct diagnostic *diagnostic, const char *written, const char *const *candidates)
{
    const char **near = suggest(written, candidates);
    if (near[0]) {
        char *joined = suggest_join(near, "or");
        diagnostic_note(diagnostic, "did you mean %s?", joined);
        g_free(joined);
    }
    g_free(near);
}

static int compare(gconstpointer left, gconstpointer right)
{
    const struct diagnostic *a = *(struct diagnostic *const *)left;
    const struct diagnostic *b = *(struct diagnostic *const *)right;
    int by_file = strcmp(a->file, b->file);
    if (by_file)
        return by_file;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* One line of text, with control characters as \xNN, cut where nobody would read on. */
static void print_safely(GString *out, const char *text)
{
    const char *end = text + strlen(text);
    int count = 0;
    for (const char *at = text; at < end;) {
        if (++count > LONGEST_MESSAGE) {
            g_string_append(out, "...");
            return;
        }
        gunichar c = next_character(&at, end);
        if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
            g_string_append_printf(out, "\\x%02x", (unsigned)c);
        else
            g_string_append_unichar(out, c);
    }
}

static void print_excerpt(const struct diagnostic *diagnostic, GString *out)
{
    g_string_append_printf(out, "    %s\n    %*s^", diagnostic->excerpt, diagnostic->caret, "");
    for (int i = 1; i < diagnostic->caret_length; i++)
        g_string_append_c(out, '~');
    g_string_append_c(out, '\n');
}

static void print_one(const struct diagnostic *diagnostic, GString *out)
{
    print_safely(out, diagnostic->file);
    if (diagnostic->line > 0)
        g_string_append_printf(out, ":%d:%d", diagnostic->line, diagnostic->column);
    g_string_append(out, ": ");
    print_safely(out, diagnostic->message);
    g_string_append_c(out, '\n');
    if (diagnostic->excerpt)
        print_excerpt(diagnostic, out);
    for (guint i = 0; i < diagnostic->notes->len; i++) {
        g_string_append(out, "  ");
        print_safely(out, diagnostic->notes->pdata[i]);
        g_string_append_c(out, '\n');
    }
}

void diagnostics_print(const struct diagnostics *diagnostics, GString *out)
{
    g_ptr_array_sort(diagnostics->list, compare);
    for (guint i = 0; i < diagnostics->list->len; i++)
        print_one(diagnostics->list->pdata[i], out);
    if (diagnostics->dropped)
        g_string_append_printf(out, "and %zu more errors\n", diagnostics->dropped);
}

char *diagnostic_quote(const char *text)
{
    if (g_utf8_strlen(text, -1) <= LONGEST_QUOTE)
        return g_strdup_printf("\"%s\"", text);
    char *start = g_utf8_substring(text, 0, LONGEST_QUOTE - 3);
    char *quoted = g_strdup_printf("\"%s...\"", start);
    g_free(start);
    return quoted;
}
