/* SPDX-License-Identifier: MIT */
#include "scenario/resolved.h"

#include "scenario/schema.h"

#include <string.h>

enum {
    INDENT = 2,
    WIDEST_LINE = 100,
    WIDEST_VALUE = 48, /* origins start in one column unless a value is wider */
};

static bool has_only_plain_characters(const char *text)
{
    for (const char *at = text; *at; at++) {
        if (!g_ascii_isalnum(*at) && !strchr(" _./%+-", *at))
            return false;
    }
    return true;
}

/* What YAML readers that type scalars by themselves might take for something else than a text. */
static bool looks_typed(const char *text)
{
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(text, words[i]) == 0)
            return true;
    }
    return g_ascii_isdigit(text[0]) || strchr("+-.", text[0]);
}

static bool is_plain(const char *text, bool is_text)
{
    size_t length = strlen(text);
    bool starts_well = g_ascii_isalnum(text[0]) || text[0] == '/' || (text[0] == '-' && g_ascii_isdigit(text[1]));
    return length && starts_well && text[length - 1] != ' ' && has_only_plain_characters(text) &&
           !(is_text && looks_typed(text));
}

static void append_escaped(gunichar c, GString *out)
{
    if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", (char)c);
    else if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == ' ' || (c != 0xfeff && g_unichar_isprint(c) && !g_unichar_isspace(c)))
        g_string_append_unichar(out, c);
    else if (c <= 0xff)
        g_string_append_printf(out, "\\x%02X", c);
    else
        g_string_append_printf(out, c <= 0xffff ? "\\u%04X" : "\\U%08X", c);
}

void resolved_append_scalar(const char *text, bool is_text, GString *out)
{
    if (is_plain(text, is_text)) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        append_escaped(g_utf8_get_char(at), out);
    g_string_append_c(out, '"');
}

static void append_scalar(const struct filled *filled, GString *out)
{
    bool is_text = filled->param->type == PARAM_TEXT || filled->param->type == PARAM_FILE;
    resolved_append_scalar(filled->text, is_text, out);
}

static void append_indent(int depth, GString *out)
{
    g_string_append_printf(out, "%*s", depth * INDENT, "");
}

/* The length of the line that the text ends with. */
static gsize last_line_length(const GString *text)
{
    const char *newline = strrchr(text->str, '\n');
    return newline ? text->len - (gsize)(newline + 1 - text->str) : text->len;
}

/* A list of scalars in brackets, broken into lines where it is long. */
static void append_flow_list(const struct filled *list, int depth, GString *out)
{
    gsize length = last_line_length(out) + 1;
    g_string_append_c(out, '[');
    for (const struct filled *item = list->first; item; item = item->next) {
        GString *text = g_string_new(NULL);
        append_scalar(item, text);
        g_string_append(text, item->next ? "," : "]\n");
        if (length + 1 + text->len > WIDEST_LINE) {
            g_string_append_c(out, '\n');
            append_indent(depth + 1, out);
            length = (gsize)(depth + 1) * INDENT;
        } else if (item != list->first) {
            g_string_append_c(out, ' ');
            length++;
        }
        g_string_append_len(out, text->str, (gssize)text->len);
        length += text->len;
        g_string_free(text, TRUE);
    }
}

static bool is_empty(const struct filled *filled);

/* A map that nobody wrote, of keys that may all be absent. */
static bool says_nothing(const struct filled *filled)
{
    return filled->param->type == PARAM_STRUCT && !filled->place.source && is_empty(filled);
}

static bool is_empty(const struct filled *filled)
{
    const struct filled *part = filled->first;
    while (part && says_nothing(part))
        part = part->next;
    return !part;
}

static bool has_only_scalars(const struct filled *list)
{
    const struct filled *item = list->first;
    while (item && item->kind == YAML_SCALAR)
        item = item->next;
    return !item;
}

static void append_parts(const struct filled *filled, int depth, bool starts_on_line, GString *out);

/* What follows a key or the dash of an item, up to the end of the line and below. */
static void append_value(const struct filled *filled, int depth, GString *out)
{
    if (filled->kind == YAML_SCALAR) {
        g_string_append_c(out, ' ');
        append_scalar(filled, out);
        g_string_append_c(out, '\n');
    } else if (is_empty(filled)) {
        g_string_append(out, filled->kind == YAML_LIST ? " []\n" : " {}\n");
    } else if (filled->kind == YAML_LIST && has_only_scalars(filled)) {
        g_string_append_c(out, ' ');
        append_flow_list(filled, depth, out);
    } else {
        g_string_append_c(out, '\n');
        append_parts(filled, depth + 1, false, out);
    }
}

/* An item of a list: maps begin on the line of the dash. */
static void append_item(const struct filled *item, int depth, GString *out)
{
    g_string_append_c(out, '-');
    if (item->kind != YAML_MAP || is_empty(item)) {
        append_value(item, depth, out);
        return;
    }
    g_string_append_c(out, ' ');
    append_parts(item, depth + 1, true, out);
}

static void append_parts(const struct filled *filled, int depth, bool starts_on_line, GString *out)
{
    for (const struct filled *part = filled->first; part; part = part->next) {
        if (says_nothing(part))
            continue;
        if (!starts_on_line)
            append_indent(depth, out);
        starts_on_line = false;
        if (!part->key) {
            append_item(part, depth, out);
            continue;
        }
        resolved_append_scalar(part->key, true, out);
        g_string_append_c(out, ':');
        append_value(part, depth, out);
    }
}

void resolved_print(const struct filled *root, GString *out)
{
    g_string_append(out, SCHEMA_VERSION_KEY ": " SCHEMA_VERSION "\n");
    append_parts(root, 0, false, out);
}

void resolved_print_world(const struct filled *root, GString *out)
{
    for (const struct filled *part = root->first; part; part = part->next) {
        struct filled alone = *part, only = {.kind = YAML_MAP, .first = &alone};
        alone.next = NULL;
        if (!part->param->of_experiment)
            append_parts(&only, 0, false, out);
    }
}

static void append_origin(const struct filled *filled, GString *out)
{
    const struct source *source = filled->place.source;
    if (source && g_str_has_prefix(source->name, "--"))
        g_string_append(out, source->name);
    else if (source)
        g_string_append_printf(out, "%s:%d", source->name, filled->place.line);
    else if (filled->param->source)
        g_string_append_printf(out, "default, %s", filled->param->source);
    else
        g_string_append(out, "default");
}

/* The part that a word of a key means: an item by its number. */
static const struct filled *part_of(const struct filled *filled, const char *word)
{
    guint64 number;
    const struct filled *part = filled->first;
    if (filled->kind != YAML_LIST) {
        while (part && g_strcmp0(part->key, word) != 0)
            part = part->next;
        return part;
    }
    if (!g_ascii_string_to_unsigned(word, 10, 0, G_MAXUINT32, &number, NULL))
        return NULL;
    for (; part && number > 0; number--)
        part = part->next;
    return part;
}

char *resolved_place(const struct filled *root, const char *key)
{
    char **words = g_strsplit(key, ".", -1);
    const struct filled *part = root, *said = NULL;
    for (char **word = words; *word && part; word++) {
        part = part_of(part, *word);
        said = part && part->place.source ? part : said;
    }
    GString *text = part && said ? g_string_new(NULL) : NULL;
    if (text)
        append_origin(said, text);
    g_strfreev(words);
    return text ? g_string_free(text, FALSE) : NULL;
}

/* One line: a value that is not made of others with keys, and, if that is wanted, where it comes from. */
static void print_line(const struct filled *filled, const char *path, bool with_origin, GString *out)
{
    GString *line = g_string_new(path);
    g_string_append(line, " =");
    append_value(filled, 0, line);
    for (gsize i = 0; i < line->len; i++)
        line->str[i] = line->str[i] == '\n' ? ' ' : line->str[i];
    g_strchomp(line->str);
    if (with_origin) {
        g_string_append_printf(out, "%-*s  # ", WIDEST_VALUE, line->str);
        append_origin(filled, out);
    } else {
        g_string_append(out, line->str);
    }
    g_string_append_c(out, '\n');
    g_string_free(line, TRUE);
}

/* The name by which an item of a list is addressed, or NULL. */
static const char *item_name(const struct filled *item)
{
    for (const struct filled *part = item->first; part; part = part->next) {
        if (part->key && strcmp(part->key, SCHEMA_NAME_KEY) == 0)
            return part->text;
    }
    return NULL;
}

static void print_lines(const struct filled *filled, const char *path, bool with_origin, GString *out)
{
    bool is_value = !filled->first || (filled->kind == YAML_LIST && has_only_scalars(filled));
    if (is_value) {
        print_line(filled, path, with_origin, out);
        return;
    }
    size_t index = 0;
    for (const struct filled *part = filled->first; part; part = part->next, index++) {
        const char *key = part->key ? part->key : item_name(part);
        char *inside =
            key ? g_strdup_printf("%s%s%s", path, *path ? "." : "", key) : g_strdup_printf("%s.%zu", path, index);
        print_lines(part, inside, with_origin, out);
        g_free(inside);
    }
}

static void print_all(const struct filled *root, bool with_origin, GString *out)
{
    for (const struct filled *part = root->first; part; part = part->next)
        if (!says_nothing(part))
            print_lines(part, part->key, with_origin, out);
}

void resolved_print_origins(const struct filled *root, GString *out)
{
    print_all(root, true, out);
}

void resolved_print_values(const struct filled *root, GString *out)
{
    print_all(root, false, out);
}
