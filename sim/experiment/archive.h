/* SPDX-License-Identifier: MIT */
/*
 * What makes a results directory fit for an archive, and its tables for other programs. Both files are made of one list
 * (archive_files.h), hold relative paths only, and are the same bytes for the same runs, whoever carried them out: of
 * the tables of traces that runs share, a file a process, they tell the kinds.
 *
 *   datapackage.json        a Frictionless Data Package, version 1: for each table its columns with type, unit and
 *                           meaning, its key, and what NA means (specs.frictionlessdata.io)
 *   ro-crate-metadata.json  an RO-Crate, version 1.1: the files, the program that made them, and what it made them of
 *                           (w3id.org/ro/crate/1.1)
 *
 * A dataset has a date when it is published, which is after it was made. So there is none in either file, but for the
 * one that the environment's SOURCE_DATE_EPOCH gives (reproducible-builds.org/specs/source-date-epoch).
 */
#ifndef POSIM_EXPERIMENT_ARCHIVE_H
#define POSIM_EXPERIMENT_ARCHIVE_H

#include "experiment/shares.h"
#include "scenario/scenario.h"

struct archive {
    const char *folder; /* of the results, with its manifest */
    const char *name;
    const char *description; /* NULL: none */
    const struct scenario *scenario;
    const struct share_columns *shares; /* of runs.csv */
    const char *const *makers;          /* the versions of posim that made the runs, NULL-terminated */
    uint64_t points, runs, seed;
};

/* Writes both beside the tables, which need not have their names yet. */
bool archive_write(const struct archive *archive, GError **error);

#endif
