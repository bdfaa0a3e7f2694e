/* SPDX-License-Identifier: MIT */
/*
 * Everything that is kept of a run, behind one sink: the trace's hash, the reductions that metrics come from, and the
 * tables asked for. Life: new, rows through recorder_sink(), recorder_finish() once after the last row, then metrics
 * and hash, free. Freed before it is finished, it removes the files it had begun; nothing appears under a final name.
 * What it wrote to a shelf the caller drops.
 */
#ifndef POSIM_RECORD_RECORDER_H
#define POSIM_RECORD_RECORDER_H

#include "record/hash.h"
#include "record/metrics.h"
#include "record/shelf.h"
#include "record/table.h"

struct recorder_settings {
    const char *folder;  /* where tables go, there already; NULL: none are written */
    struct shelf *shelf; /* instead: where they go behind those of other runs, of which this one has begun; NULL: not */
    uint32_t tables;     /* TABLE_BIT of each that is wanted; table_defaults() */
    time_ns warmup_ns;
    bool sync_to_disk;
};

struct recorder;

struct recorder *recorder_new(const struct recorder_settings *settings, GError **error);
void recorder_free(struct recorder *recorder);

struct trace_sink *recorder_sink(struct recorder *recorder);

/* Before recorder_finish(), where the table of the topology is wanted. */
bool recorder_wants_topology(const struct recorder *recorder);
void recorder_topology(struct recorder *recorder, const struct topology_row *topology);

/* Writes what is left to write. On an error, which names the file, what was not complete is removed. */
bool recorder_finish(struct recorder *recorder, const struct network_row *network, size_t network_count,
                     GError **error);

/* After recorder_finish(). */
const struct reductions *recorder_reductions(const struct recorder *recorder);
void recorder_hash(const struct recorder *recorder, char text[2 * TRACE_HASH_BYTES + 1]);

#endif
