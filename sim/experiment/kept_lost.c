/* SPDX-License-Identifier: MIT */
/*
 * What was kept and is not there any more. All tables of a writer have the same runs, rows or no rows: so where one of
 * them lacks a run that another has, its file was removed or cut short, or nobody recorded it then.
 */
#include "experiment/kept.h"
#include "experiment/kept_tables.h"
#include "experiment/results.h"
#include "record/shelf.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* Files that lack runs, by name. */
struct loss {
    char *file;
    uint64_t runs;
    struct packed_label first;
};

struct losses {
    const char *results;
    VECTOR(struct loss) list;
};

/* The runs of each table, counted; false where a file cannot be read, which kept_tidy has said by then. */
static bool count_runs(const char *traces, enum table table, uint64_t *runs)
{
    GPtrArray *names = kept_names(traces, table, NULL);
    bool fine = true;
    *runs = 0;
    for (guint n = 0; n < names->len && fine; n++) {
        char *path = g_build_filename(traces, names->pdata[n], NULL);
        struct packed_file packed = {0};
        int file = g_open(path, O_RDONLY | O_CLOEXEC);
        fine = file >= 0 && packed_file_read(&packed, file);
        *runs += packed.runs.count;
        packed_file_release(&packed);
        if (file >= 0)
            close(file);
        g_free(path);
    }
    g_ptr_array_unref(names);
    return fine;
}

/* Whether all recorded tables have as many runs, as they do where nothing was lost. */
static bool are_alike(const char *traces, uint32_t recorded)
{
    uint64_t least = UINT64_MAX, most = 0, runs;
    for (enum table table = 0; table < TABLES; table++) {
        if (!(recorded & TABLE_BIT(table)))
            continue;
        if (!count_runs(traces, table, &runs))
            return true;
        least = MIN(least, runs);
        most = MAX(most, runs);
    }
    return least >= most;
}

static void add(struct losses *losses, const char *file, const struct packed_label *label)
{
    for (size_t l = 0; l < losses->list.count; l++)
        if (strcmp(losses->list.at[l].file, file) == 0) {
            losses->list.at[l].runs++;
            return;
        }
    vector_push(&losses->list, (struct loss){g_strdup(file), 1, *label});
}

/* The file in which a table would have what another one has in `path`; g_free it. */
static char *file_of(enum table table, const char *path)
{
    char *name = g_path_get_basename(path), *writer = NULL;
    enum table other;
    uint32_t number = 0;
    shelf_parse_name(name, &other, &writer, &number);
    char *file = shelf_name(table, writer, number);
    g_free(writer);
    g_free(name);
    return file;
}

static GHashTable *labels_of(const struct kept_tables *tables, enum table table)
{
    GHashTable *labels = g_hash_table_new(kept_label_hash, kept_label_equal);
    for (size_t t = 0; t < tables->list.count; t++)
        for (size_t r = 0; tables->list.at[t].table == table && r < tables->list.at[t].packed.runs.count; r++)
            g_hash_table_add(labels, &tables->list.at[t].packed.runs.at[r].label);
    return labels;
}

/* Each run that any table has and this one lacks, once. */
static void compare(struct losses *losses, const struct kept_tables *tables, enum table table)
{
    GHashTable *labels = labels_of(tables, table);
    for (size_t t = 0; t < tables->list.count; t++) {
        const struct kept_table *other = &tables->list.at[t];
        char *file = file_of(table, other->path);
        for (size_t r = 0; r < other->packed.runs.count; r++) {
            struct packed_label *label = &other->packed.runs.at[r].label;
            if (g_hash_table_add(labels, label))
                add(losses, file, label);
        }
        g_free(file);
    }
    g_hash_table_unref(labels);
}

static char *text_of(const struct losses *losses, const struct loss *loss)
{
    char *path = g_build_filename(losses->results, RESULTS_TRACES, loss->file, NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    char *text = g_strdup_printf(
        "%s %s: rows of %" G_GUINT64_FORMAT
        " run%s that other tables have are not there, the first of %" G_GUINT64_FORMAT
        "-%u; `posim replay %s %" G_GUINT64_FORMAT "-%u` makes those of a run again",
        path, there ? "has lost its end, or was not recorded at first" : "is missing, or was not recorded", loss->runs,
        loss->runs == 1 ? "" : "s", loss->first.point, loss->first.replication, losses->results, loss->first.point,
        loss->first.replication);
    g_free(path);
    return text;
}

char **kept_lost(const char *results, uint32_t recorded)
{
    struct losses losses = {.results = results};
    GPtrArray *texts = g_ptr_array_new();
    char *traces = g_build_filename(results, RESULTS_TRACES, NULL);
    struct kept_tables *tables = are_alike(traces, recorded) ? NULL : kept_tables_read(results, NULL);
    for (enum table table = 0; tables && table < TABLES; table++)
        if (recorded & TABLE_BIT(table))
            compare(&losses, tables, table);
    for (size_t l = 0; l < losses.list.count; l++) {
        g_ptr_array_add(texts, text_of(&losses, &losses.list.at[l]));
        g_free(losses.list.at[l].file);
    }
    g_ptr_array_add(texts, NULL);
    vector_release(&losses.list);
    kept_tables_free(tables);
    g_free(traces);
    return (char **)g_ptr_array_free(texts, FALSE);
}
