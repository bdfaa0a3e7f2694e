/* SPDX-License-Identifier: MIT */
#include "network/gml.h"

#include "base/vector.h"
#include "network/topology_map.h"

#include <string.h>

#define DEPTH_MOST 32 /* lists within each other */

typedef VECTOR(struct gml_entry) entry_list;

struct gml {
    struct gml_entry root;
    GStringChunk *texts;
};

struct scanner {
    const char *path;
    const char *at; /* zero-terminated */
    size_t line;
    GStringChunk *texts;
    GError **error;
};

static void free_entries(struct gml_entry *list)
{
    for (size_t i = 0; i < list->count; i++)
        free_entries(&list->entries[i]);
    g_free(list->entries);
}

void gml_free(struct gml *gml)
{
    if (!gml)
        return;
    free_entries(&gml->root);
    g_string_chunk_free(gml->texts);
    g_free(gml);
}

const struct gml_entry *gml_root(const struct gml *gml)
{
    return &gml->root;
}

bool gml_is(const struct gml_entry *entry, const char *key)
{
    const char *left = entry->key;
    for (;;) {
        while (*left == '_')
            left++;
        while (*key == '_')
            key++;
        if (*left != *key)
            return false;
        if (!*left)
            return true;
        left++;
        key++;
    }
}

const struct gml_entry *gml_find(const struct gml_entry *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++)
        if (gml_is(&list->entries[i], key))
            return &list->entries[i];
    return NULL;
}

static bool refuse(const struct scanner *scanner, const char *message)
{
    topology_file_refuse(scanner->path, scanner->line, scanner->error, "not GML: %s", message);
    return false;
}

/* Moves over blanks, and comments from # to the end of their line. */
static void skip_blanks(struct scanner *scanner)
{
    for (; g_ascii_isspace(*scanner->at) || *scanner->at == '#'; scanner->at++) {
        if (*scanner->at == '#')
            scanner->at += strcspn(scanner->at, "\n");
        if (*scanner->at == '\0')
            return;
        scanner->line += *scanner->at == '\n';
    }
}

static const char *keep(struct scanner *scanner, const char *from, size_t length)
{
    return g_string_chunk_insert_len(scanner->texts, from, (gssize)length);
}

static bool read_key(struct scanner *scanner, const char **key)
{
    size_t length = strspn(scanner->at, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");
    if (length == 0 || g_ascii_isdigit(*scanner->at))
        return refuse(scanner, "a key was expected here");
    *key = keep(scanner, scanner->at, length);
    scanner->at += length;
    return true;
}

static bool read_string(struct scanner *scanner, const char **text)
{
    const char *first = ++scanner->at;
    size_t length = strcspn(first, "\"");
    if (!first[length])
        return refuse(scanner, "a string does not end");
    for (const char *at = first; at < first + length; at++)
        scanner->line += *at == '\n';
    *text = keep(scanner, first, length);
    scanner->at = first + length + 1;
    return true;
}

static bool read_number(struct scanner *scanner, const char **text)
{
    size_t length = strspn(scanner->at, G_CSET_DIGITS "+-.eE");
    if (length == 0)
        return refuse(scanner, "a number, a string or [ was expected here");
    *text = keep(scanner, scanner->at, length);
    scanner->at += length;
    return true;
}

static bool read_list(struct scanner *scanner, int depth, struct gml_entry *list);

static bool read_value(struct scanner *scanner, int depth, struct gml_entry *entry)
{
    if (*scanner->at == '"')
        return read_string(scanner, &entry->text);
    if (*scanner->at != '[')
        return read_number(scanner, &entry->text);
    scanner->at++;
    if (depth == DEPTH_MOST)
        return refuse(scanner, "lists lie too deep in each other");
    if (!read_list(scanner, depth + 1, entry))
        return false;
    if (*scanner->at != ']')
        return refuse(scanner, "a list does not end");
    scanner->at++;
    return true;
}

static bool read_entry(struct scanner *scanner, int depth, struct gml_entry *entry)
{
    *entry = (struct gml_entry){.line = scanner->line};
    if (!read_key(scanner, &entry->key))
        return false;
    skip_blanks(scanner);
    return read_value(scanner, depth, entry);
}

/* Entries up to the end of the list, or of the text; what was read stays in the list even when something is wrong. */
static bool read_list(struct scanner *scanner, int depth, struct gml_entry *list)
{
    entry_list entries = {0};
    bool fine = true;
    for (skip_blanks(scanner); fine && *scanner->at && *scanner->at != ']'; skip_blanks(scanner)) {
        struct gml_entry entry;
        fine = read_entry(scanner, depth, &entry);
        vector_push(&entries, entry);
    }
    list->entries = entries.at;
    list->count = entries.count;
    return fine;
}

static bool read_root(struct scanner *scanner, struct gml_entry *root)
{
    return read_list(scanner, 0, root) && (!*scanner->at || refuse(scanner, "a ] without its ["));
}

struct gml *gml_read(const char *path, GError **error)
{
    char *text;
    GError *why = NULL;
    if (!g_file_get_contents(path, &text, NULL, &why)) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_FILE, "%s: %s", path, why->message);
        g_error_free(why);
        return NULL;
    }
    struct gml *gml = g_new0(struct gml, 1);
    gml->root.key = "file";
    gml->root.line = 1;
    gml->texts = g_string_chunk_new(4096);
    struct scanner scanner = {.path = path, .at = text, .line = 1, .texts = gml->texts, .error = error};
    bool fine = read_root(&scanner, &gml->root);
    g_free(text);
    if (fine)
        return gml;
    gml_free(gml);
    return NULL;
}
