/* SPDX-License-Identifier: MIT */
/*
 * Each packed table is looked at by itself, with a lock: which of its runs stay, and under which label. Where all do it
 * is at most cut at its end; else it is written anew beside its place and takes its name, so a kill leaves the old one
 * or the new one. Doing it twice is doing it once.
 */
#include "experiment/kept.h"
#include "experiment/results.h"
#include "experiment/run_id.h"
#include "record/packed_copy.h"
#include "record/shelf.h"
#include "record/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What all runs of a point have in common, where the point can be made. */
struct common {
    uint64_t point;
    bool made;
    struct run_id id;
};

struct tidying {
    const struct kept_order *order;
    struct run_ids *ids;
    GHashTable *commons;  /* struct common by its point */
    GHashTable *searched; /* by replication: a table of the points (GArray of uint64_t) by the ids of their runs */
    GHashTable *seen;     /* labels of the table at hand that are there */
};

/* A run that stays, and as what. */
struct move {
    const struct packed_run *run;
    struct packed_label label;
};

struct moves {
    VECTOR(struct move) list;
    bool relabels;
};

static bool fail(GError **error, const char *what, const char *path, int code)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot %s %s: %s", what, path,
                code == EBADMSG ? "its rows are damaged; remove it, and `posim replay` makes those of a run again"
                                : g_strerror(code));
    return false;
}

static struct run_id id_of(const struct packed_label *label)
{
    struct run_id id;
    G_STATIC_ASSERT(sizeof id.bytes == sizeof label->id);
    memcpy(id.bytes, label->id, sizeof id.bytes);
    return id;
}

/* Points. */

static bool has_point(const struct tidying *tidying, uint64_t point)
{
    const struct scenario *scenario = tidying->order->scenario;
    return point < scenario_points(scenario) && scenario_has_point(scenario, point);
}

static const struct common *common_of(struct tidying *tidying, uint64_t point)
{
    struct common *common = g_hash_table_lookup(tidying->commons, &point);
    if (!common) {
        common = g_new0(struct common, 1);
        common->point = point;
        common->made = run_ids_point(tidying->ids, point, &common->id, NULL);
        g_hash_table_insert(tidying->commons, &common->point, common);
    }
    return common;
}

/* Whether the plan has the run where it says. */
static bool is_in_place(struct tidying *tidying, const struct packed_label *label)
{
    if (!has_point(tidying, label->point))
        return false;
    const struct common *common = common_of(tidying, label->point);
    struct run_id there = run_id_of(&common->id, label->replication), id = id_of(label);
    return common->made && run_id_equal(&there, &id);
}

static void array_free(gpointer array)
{
    g_array_free(array, TRUE);
}

/* The points at which the plan has a replication of each id. */
static GHashTable *points_by_id(struct tidying *tidying, uint32_t replication)
{
    GHashTable *found = g_hash_table_lookup(tidying->searched, GUINT_TO_POINTER(replication));
    if (found)
        return found;
    found = g_hash_table_new_full(run_id_hash, run_id_equal, g_free, array_free);
    for (uint64_t point = 0; point < scenario_points(tidying->order->scenario); point++) {
        if (!has_point(tidying, point) || !common_of(tidying, point)->made)
            continue;
        struct run_id id = run_id_of(&common_of(tidying, point)->id, replication);
        GArray *points = g_hash_table_lookup(found, &id);
        if (!points) {
            points = g_array_new(FALSE, FALSE, sizeof point);
            g_hash_table_insert(found, g_memdup2(&id, sizeof id), points);
        }
        g_array_append_val(points, point);
    }
    g_hash_table_insert(tidying->searched, GUINT_TO_POINTER(replication), found);
    return found;
}

/* What stays. */

static void add_move(struct tidying *tidying, struct moves *moves, const struct packed_run *run,
                     const struct packed_label *label)
{
    if (g_hash_table_contains(tidying->seen, label))
        return;
    g_hash_table_add(tidying->seen, g_memdup2(label, sizeof *label));
    moves->relabels |= !packed_label_same_place(&run->label, label);
    vector_push(&moves->list, (struct move){.run = run, .label = *label});
}

static void judge(struct tidying *tidying, struct moves *moves, const struct packed_run *run)
{
    struct packed_label label = run->label;
    struct run_id id = id_of(&label);
    bool fine;
    if (!journal_index_has(tidying->order->index, &id, &fine) || !fine)
        return;
    if (is_in_place(tidying, &label)) {
        add_move(tidying, moves, run, &label);
        return;
    }
    const GArray *points = g_hash_table_lookup(points_by_id(tidying, label.replication), &id);
    if (!points && !has_point(tidying, label.point))
        add_move(tidying, moves, run, &label); /* not planned now, and nobody else's place */
    for (guint p = 0; points && p < points->len; p++) {
        label.point = g_array_index(points, uint64_t, p);
        add_move(tidying, moves, run, &label);
    }
}

/* Files. */

static bool write_moves(const struct packed_file *packed, int from, int to, const struct moves *moves)
{
    bool fine = packed_copy_header(packed, from, to);
    for (size_t m = 0; m < moves->list.count && fine; m++)
        fine = packed_copy_run(moves->list.at[m].run, from, to, &moves->list.at[m].label);
    return fine && (fdatasync(to) == 0 || errno == EINVAL || errno == ENOSYS);
}

/* Writes what stays of an open file to `path`, which may be that file's. */
static bool write_anew(const struct packed_file *packed, int from, const char *path, const struct moves *moves,
                       GError **error)
{
    char *temporary;
    int to = temporary_open(path, &temporary);
    bool fine = to >= 0 && write_moves(packed, from, to, moves);
    int code = errno;
    if (to >= 0 && close(to) != 0 && fine) {
        code = errno;
        fine = false;
    }
    if (fine && g_rename(temporary, path) != 0) {
        code = errno;
        fine = false;
    }
    if (!fine && temporary)
        g_unlink(temporary);
    g_free(temporary);
    return fine || fail(error, "write", path, code);
}

static bool settle(struct tidying *tidying, int file, const char *path, GError **error)
{
    struct packed_file packed;
    struct moves moves = {0};
    if (!journal_index_refresh(tidying->order->index, NULL, NULL, error)) /* now that nobody adds to the file */
        return false;
    if (!packed_file_read(&packed, file))
        return fail(error, "read", path, errno);
    for (size_t r = 0; r < packed.runs.count; r++)
        judge(tidying, &moves, &packed.runs.at[r]);
    bool fine = true;
    if (!moves.list.count)
        fine = g_unlink(path) == 0 || fail(error, "remove", path, errno);
    else if (moves.relabels || moves.list.count < packed.runs.count)
        fine = write_anew(&packed, file, path, &moves, error);
    else if (packed.whole < packed.size)
        fine = ftruncate(file, (off_t)packed.whole) == 0 || fail(error, "write", path, errno);
    vector_release(&moves.list);
    packed_file_release(&packed);
    return fine;
}

/* What a kill left of a table that was being written anew. */
static void remove_unfinished(const char *traces, const char *name)
{
    GDir *listing = g_dir_open(traces, 0, NULL);
    for (const char *other; listing && (other = g_dir_read_name(listing));) {
        char *final = temporary_final_name(other), *path = g_build_filename(traces, other, NULL);
        if (g_strcmp0(final, name) == 0)
            g_unlink(path);
        g_free(path);
        g_free(final);
    }
    if (listing)
        g_dir_close(listing);
}

/* One of the results' own tables. */
static bool settle_own(struct tidying *tidying, const char *traces, const char *name, GError **error)
{
    char *path = g_build_filename(traces, name, NULL);
    int file = shelf_lock(path, O_RDWR), code = errno;
    bool is_left_alone = file < 0 && (code == EWOULDBLOCK || code == ESTALE || code == ENOENT);
    bool fine = file >= 0 || is_left_alone || fail(error, "open", path, code);
    if (file >= 0) {
        remove_unfinished(traces, name);
        fine = settle(tidying, file, path, error);
        close(file);
    }
    g_free(path);
    return fine;
}

/* A name like `name` that is free in the results; g_free it. */
static char *free_path(const struct tidying *tidying, const char *name)
{
    char *traces = kept_folder(tidying->order->folder), *writer = NULL, *path = NULL;
    enum table table;
    uint32_t number;
    for (shelf_parse_name(name, &table, &writer, &number); !path; number++) {
        char *wanted = shelf_name(table, writer, number);
        path = g_build_filename(traces, wanted, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            g_clear_pointer(&path, g_free);
        g_free(wanted);
    }
    g_free(writer);
    g_free(traces);
    return path;
}

/* Takes over what a table of other results has and these do not. */
static bool take_over(struct tidying *tidying, const char *traces, const char *name, GError **error)
{
    char *path = g_build_filename(traces, name, NULL);
    struct packed_file packed = {0};
    struct moves moves = {0};
    int file = g_open(path, O_RDONLY | O_CLOEXEC);
    bool fine = (file >= 0 && packed_file_read(&packed, file)) || fail(error, "read", path, errno);
    for (size_t r = 0; fine && r < packed.runs.count; r++)
        judge(tidying, &moves, &packed.runs.at[r]);
    if (moves.list.count) {
        char *here = free_path(tidying, name);
        fine = write_anew(&packed, file, here, &moves, error);
        g_free(here);
    }
    if (file >= 0)
        close(file);
    vector_release(&moves.list);
    packed_file_release(&packed);
    g_free(path);
    return fine;
}

static bool is_same_folder(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool tidy_table(struct tidying *tidying, enum table table, GError **error)
{
    const struct kept_order *order = tidying->order;
    char *traces = g_build_filename(order->folder, RESULTS_TRACES, NULL);
    GPtrArray *names = kept_names(traces, table, order->writer);
    bool fine = true;
    g_hash_table_remove_all(tidying->seen);
    for (guint n = 0; n < names->len && fine; n++)
        fine = settle_own(tidying, traces, names->pdata[n], error);
    g_ptr_array_unref(names);
    g_free(traces);
    for (const char *const *other = order->merged; fine && other && *other; other++) {
        if (is_same_folder(*other, order->folder))
            continue;
        traces = g_build_filename(*other, RESULTS_TRACES, NULL);
        names = kept_names(traces, table, NULL);
        for (guint n = 0; n < names->len && fine; n++)
            fine = take_over(tidying, traces, names->pdata[n], error);
        g_ptr_array_unref(names);
        g_free(traces);
    }
    return fine;
}

bool kept_tidy(const struct kept_order *order, GError **error)
{
    struct tidying tidying = {
        .order = order,
        .ids = run_ids_new(order->root, order->scenario),
        .commons = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free),
        .searched = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_hash_table_unref),
        .seen = g_hash_table_new_full(kept_label_hash, kept_label_equal, g_free, NULL),
    };
    bool fine = kept_tidy_folders(order, tidying.ids, error);
    for (enum table table = 0; table < TABLES && fine; table++)
        fine = tidy_table(&tidying, table, error);
    char *traces = g_build_filename(order->folder, RESULTS_TRACES, NULL);
    g_rmdir(traces); /* fails, as it should, where anything is left */
    g_free(traces);
    g_hash_table_unref(tidying.seen);
    g_hash_table_unref(tidying.searched);
    g_hash_table_unref(tidying.commons);
    run_ids_free(tidying.ids);
    return fine;
}
