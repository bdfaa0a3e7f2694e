/* SPDX-License-Identifier: MIT */
#include "experiment/kept.h"

#include "experiment/results.h"
#include "record/packed_copy.h"
#include "record/shelf.h"
#include "record/temporary.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static bool are_few(const struct experiment_settings *settings, bool swept)
{
    bool has_rule = settings->replicate.until.relative_halfwidth.denominator != 0;
    return !swept && !has_rule && settings->replicate.count <= KEPT_FOLDERS_MOST;
}

enum kept_place kept_place_of(const struct experiment_settings *settings, bool swept, struct job job)
{
    bool few = are_few(settings, swept), first = job.replication == 0;
    switch (settings->keep) {
    case KEEP_NONE:
        return KEPT_NOWHERE;
    case KEEP_SAMPLE:
        return !first ? KEPT_NOWHERE : swept ? KEPT_IN_TABLES : KEPT_IN_FOLDER;
    case KEEP_FAILED:
    case KEEP_ALL:
        return few ? KEPT_IN_FOLDER : KEPT_IN_TABLES;
    default:
        return few || (!swept && first) ? KEPT_IN_FOLDER : KEPT_NOWHERE;
    }
}

bool kept_not(const struct experiment_settings *settings, const struct run_record *record)
{
    if (record->status != RUN_FINE)
        return true;
    for (int v = 0; v < VERDICTS; v++)
        if (record->verdicts[v].status == VERDICT_FAIL)
            return false;
    return settings->keep == KEEP_FAILED;
}

char *kept_folder(const char *results)
{
    char *path = g_build_filename(results, RESULTS_TRACES, NULL);
    g_mkdir_with_parents(path, 0777); /* whoever writes there says why it cannot */
    return path;
}

/* "main", "rank-3", "shard-1-of-4". */
static bool is_writer(const char *text)
{
    return g_regex_match_simple("^(main|rank-[0-9]+|shard-[0-9]+-of-[0-9]+)$", text, 0, 0);
}

static bool parse(const char *name, enum table *table, char **writer)
{
    uint32_t number;
    if (!shelf_parse_name(name, table, writer, &number))
        return false;
    if (is_writer(*writer))
        return true;
    g_clear_pointer(writer, g_free);
    return false;
}

bool kept_is_name(const char *name)
{
    char *final = temporary_final_name(name), *writer = NULL;
    enum table table;
    bool is = parse(final ? final : name, &table, &writer);
    g_free(writer);
    g_free(final);
    return is;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *kept_names(const char *traces, enum table wanted, const char *of)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GDir *listing = g_dir_open(traces, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        enum table table;
        char *writer = NULL;
        if (parse(name, &table, &writer) && table == wanted && (!of || strcmp(writer, of) == 0))
            g_ptr_array_add(names, g_strdup(name));
        g_free(writer);
    }
    if (listing)
        g_dir_close(listing);
    g_ptr_array_sort(names, compare_names);
    return names;
}

guint kept_label_hash(gconstpointer key)
{
    const struct packed_label *label = key;
    guint hash;
    memcpy(&hash, label->id, sizeof hash);
    return hash ^ (guint)label->point;
}

gboolean kept_label_equal(gconstpointer a, gconstpointer b)
{
    const struct packed_label *x = a, *y = b;
    return packed_label_same_place(x, y) && memcmp(x->id, y->id, sizeof x->id) == 0;
}
