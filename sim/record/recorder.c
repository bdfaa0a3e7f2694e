/* SPDX-License-Identifier: MIT */
#include "record/recorder.h"

#include "base/assert.h"
#include "record/csv.h"
#include "record/spread.h"

struct recorder {
    struct trace_sink sink;
    struct trace_hash hash;
    struct reductions reductions;
    struct csv_writer *raw[TRACE_KINDS]; /* by kind; NULL: not written */
    char *folder;
    struct shelf *shelf;
    uint32_t tables;
    bool sync_to_disk, finished;
};

static void write_raw(void *user, enum trace_kind kind, const void *row)
{
    struct recorder *recorder = user;
    if (recorder->raw[kind])
        csv_write(recorder->raw[kind], row);
}

static void recorder_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct recorder *recorder = (struct recorder *)sink;
    REQUIRE(!recorder->finished);
    trace_write(&recorder->hash.sink, kind, row);
    if (TRACE_BIT(kind) & REDUCTIONS_ROWS)
        trace_write(&recorder->reductions.sink, kind, row);
    write_raw(recorder, kind, row);
}

static void recorder_spread(struct trace_sink *sink, const struct trace_spread *spread)
{
    struct recorder *recorder = (struct recorder *)sink;
    REQUIRE(!recorder->finished);
    spread_write(&recorder->hash.sink, spread);
    spread_write(&recorder->reductions.sink, spread);
    if (recorder->raw[TRACE_HEAD] || recorder->raw[TRACE_FINAL])
        spread_each(spread, write_raw, recorder);
}

static struct csv_writer *begin_table(const struct recorder *recorder, enum table table, GError **error)
{
    if (recorder->shelf)
        return shelf_table(recorder->shelf, table, error);
    struct table_info info = table_info(table);
    char *path = g_build_filename(recorder->folder, info.file, NULL);
    struct csv_writer *writer = csv_open(path, info.columns, info.column_count, error);
    g_free(path);
    return writer;
}

static bool open_raw(struct recorder *recorder, enum table table, GError **error)
{
    struct table_info info = table_info(table);
    if (!(recorder->tables & TABLE_BIT(table)) || info.each_row)
        return true;
    recorder->raw[info.raw] = begin_table(recorder, table, error);
    return recorder->raw[info.raw] != NULL;
}

struct recorder *recorder_new(const struct recorder_settings *settings, GError **error)
{
    struct recorder *recorder = g_new0(struct recorder, 1);
    recorder->sink = (struct trace_sink){recorder_row, recorder_spread};
    recorder->folder = g_strdup(settings->folder);
    recorder->shelf = settings->shelf;
    recorder->tables = settings->folder || settings->shelf ? settings->tables : 0;
    recorder->sync_to_disk = settings->sync_to_disk;
    trace_hash_init(&recorder->hash);
    reductions_init(&recorder->reductions, settings->warmup_ns);
    for (enum table table = 0; table < TABLES; table++) {
        if (open_raw(recorder, table, error))
            continue;
        recorder_free(recorder);
        return NULL;
    }
    return recorder;
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    for (int kind = 0; kind < TRACE_KINDS; kind++)
        csv_discard(recorder->raw[kind]);
    trace_hash_release(&recorder->hash);
    reductions_release(&recorder->reductions);
    g_free(recorder->folder);
    g_free(recorder);
}

struct trace_sink *recorder_sink(struct recorder *recorder)
{
    return &recorder->sink;
}

bool recorder_wants_topology(const struct recorder *recorder)
{
    return recorder->tables & TABLE_BIT(TABLE_TOPOLOGY);
}

void recorder_topology(struct recorder *recorder, const struct topology_row *topology)
{
    REQUIRE(!recorder->finished);
    reductions_topology(&recorder->reductions, topology);
}

static bool finish_table(struct recorder *recorder, enum table table, GError **error)
{
    struct table_info info = table_info(table);
    if (!(recorder->tables & TABLE_BIT(table)))
        return true;
    struct csv_writer *writer = info.each_row ? begin_table(recorder, table, error) : recorder->raw[info.raw];
    if (!writer)
        return false;
    if (info.each_row)
        table_write(table, &recorder->reductions, writer);
    else
        recorder->raw[info.raw] = NULL;
    return csv_close(writer, recorder->sync_to_disk, error);
}

bool recorder_finish(struct recorder *recorder, const struct network_row *network, size_t network_count, GError **error)
{
    REQUIRE(!recorder->finished);
    recorder->finished = true;
    reductions_finish(&recorder->reductions, network, network_count);
    for (enum table table = 0; table < TABLES; table++)
        if (!finish_table(recorder, table, error))
            return false;
    return true;
}

const struct reductions *recorder_reductions(const struct recorder *recorder)
{
    REQUIRE(recorder->finished);
    return &recorder->reductions;
}

void recorder_hash(const struct recorder *recorder, char text[2 * TRACE_HASH_BYTES + 1])
{
    trace_hash_print(&recorder->hash, text);
}
