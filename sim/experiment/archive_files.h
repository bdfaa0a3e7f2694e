/* SPDX-License-Identifier: MIT */
/*
 * The files of a results directory that an archive describes: those that a finished experiment has written, by
 * results_files and the tables of record/table.h. Figures, pages and replays come later, and are not among them.
 */
#ifndef POSIM_EXPERIMENT_ARCHIVE_FILES_H
#define POSIM_EXPERIMENT_ARCHIVE_FILES_H

#include "base/vector.h"
#include "experiment/archive.h"
#include "experiment/columns.h"
#include "experiment/json.h"
#include "experiment/stream.h"

#define ARCHIVE_COMPRESSED ".zst"

struct archive_file {
    char *path;  /* below the results, as "traces/0-0/blocks.csv" */
    char *table; /* a name for it as a table, as "traces-0-0-blocks"; NULL: it is none */
    const char *meaning, *media_type;
    const struct columns *columns;
    char *sha256; /* of an input's copy; NULL: it is something else */
    bool of_run;  /* one of a run's tables */
    bool shared;  /* all those of one kind that runs share: the path has a * */
};

struct archive_files {
    VECTOR(struct archive_file) files; /* the directory's as in results_files, inputs, runs in order */
    struct columns *of_results[RESULTS_FILES];
    struct columns *of_traces[TABLES], *of_shared[TABLES];
};

/* False and an error that names a file that cannot be read; release them in any case. */
bool archive_files_init(struct archive_files *files, const struct archive *archive, GError **error);
void archive_files_release(struct archive_files *files);

/* The two of them. */
void archive_print_package(FILE *file, const struct archive *archive, const struct archive_files *files);
void archive_print_crate(FILE *file, const struct archive *archive, const struct archive_files *files);

/* The date of publication, as 2026-01-31; g_free it. NULL where none is given. */
char *archive_date(void);

/* Prints an object as an item of a list, indented, after a comma where it is not the first; frees the builder. */
void archive_print_item(FILE *file, JsonBuilder *builder, bool first);

#endif
