/* SPDX-License-Identifier: MIT */
#include "experiment/kept_tables.h"

#include "experiment/kept.h"
#include "experiment/results.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

static bool add(struct kept_tables *tables, enum table table, const char *path, GError **error)
{
    struct kept_table added = {.table = table};
    int file = g_open(path, O_RDONLY | O_CLOEXEC);
    bool fine = file >= 0 && packed_file_read(&added.packed, file);
    int code = errno;
    if (file >= 0)
        close(file);
    if (!fine) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot read %s: %s", path,
                    g_strerror(code));
        return false;
    }
    added.path = g_strdup(path);
    vector_push(&tables->list, added);
    return true;
}

struct kept_tables *kept_tables_read(const char *results, GError **error)
{
    struct kept_tables *tables = g_new0(struct kept_tables, 1);
    char *traces = g_build_filename(results, RESULTS_TRACES, NULL);
    bool fine = true;
    for (enum table table = 0; table < TABLES && fine; table++) {
        GPtrArray *names = kept_names(traces, table, NULL);
        for (guint n = 0; n < names->len && fine; n++) {
            char *path = g_build_filename(traces, names->pdata[n], NULL);
            fine = add(tables, table, path, error);
            g_free(path);
        }
        g_ptr_array_unref(names);
    }
    g_free(traces);
    if (!fine)
        g_clear_pointer(&tables, kept_tables_free);
    return tables;
}

void kept_tables_free(struct kept_tables *tables)
{
    if (!tables)
        return;
    for (size_t t = 0; t < tables->list.count; t++) {
        packed_file_release(&tables->list.at[t].packed);
        g_free(tables->list.at[t].path);
    }
    vector_release(&tables->list);
    g_free(tables);
}

const struct packed_run *kept_tables_find(const struct kept_tables *tables, enum table table, uint64_t point,
                                          uint32_t replication, const struct kept_table **in)
{
    for (size_t t = 0; t < tables->list.count; t++) {
        const struct kept_table *one = *in = &tables->list.at[t];
        for (size_t r = 0; one->table == table && r < one->packed.runs.count; r++) {
            const struct packed_run *run = &one->packed.runs.at[r];
            if (run->label.point == point && run->label.replication == replication)
                return run;
        }
    }
    return NULL;
}
