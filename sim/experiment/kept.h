/* SPDX-License-Identifier: MIT */
/*
 * The traces that stay, below DIR/traces. A few runs of one scenario have a folder each, with a file a table. The runs
 * of a sweep, or where there are many, share tables (record/packed.h): each process that carries runs out has one of
 * each kind, TABLE-WRITER-NUMBER.csv.zst, and adds its runs to it.
 *
 * Who carried out which run depends on timing, so what is the same for the same plan is all rows of a table together,
 * not what a file holds. A run's rows count only where the journal has it as fine: kept_tidy removes all others.
 */
#ifndef POSIM_EXPERIMENT_KEPT_H
#define POSIM_EXPERIMENT_KEPT_H

#include "experiment/job.h"
#include "experiment/journal.h"
#include "experiment/root.h"
#include "record/packed.h"
#include "scenario/scenario.h"

/* A few runs of one point have folders; of more, the first one does where the scenario does not say what to keep. */
#define KEPT_FOLDERS_MOST 8

enum kept_place { KEPT_NOWHERE, KEPT_IN_FOLDER, KEPT_IN_TABLES };

/* Where a run's trace goes as it is carried out. */
enum kept_place kept_place_of(const struct experiment_settings *settings, bool swept, struct job job);

/* Whether it does not stay after all, now that it is known what came of the run. */
bool kept_not(const struct experiment_settings *settings, const struct run_record *record);

/* The folder of the tables, made; g_free it. */
char *kept_folder(const char *results);

/* Names of packed tables among those of a folder, sorted; a writer (NULL: any) as "main". g_ptr_array_unref it. */
GPtrArray *kept_names(const char *traces, enum table table, const char *writer);

/* Whether a file of that name in traces/ is such a table, or is to become one. */
bool kept_is_name(const char *name);

/* Labels (struct packed_label) as keys. */
guint kept_label_hash(gconstpointer label);
gboolean kept_label_equal(gconstpointer a, gconstpointer b);

struct kept_order {
    const char *folder;        /* results */
    const char *const *merged; /* other results whose runs are to be here as well, NULL-terminated; may be NULL */
    const char *writer;        /* only what this one has written; NULL: all */
    const struct root *root;
    const struct scenario *scenario;
    struct journal_index *index; /* of all of these results; read on as need be */
};

/*
 * Makes the shared tables what they should be, whatever was killed and whatever the plan was before: runs that the
 * journals do not have as fine are removed, and so is what is there twice or was cut off; rows of runs that have
 * another point now say so. Rows of a run that the plan does not have any more stay as long as their point is nobody
 * else's. What a process is writing to just now is left alone. False and an error that names the file.
 */
bool kept_tidy(const struct kept_order *order, GError **error);

/*
 * What was kept of runs in some of the recorded tables (TABLE_BITs), and is not there in others: a text for each file
 * that is missing or has lost its end, NULL-terminated; g_strfreev it. After kept_tidy.
 */
char **kept_lost(const char *results, uint32_t recorded);

/*
 * What is not there at all of runs that were fine and that `keep` says to keep, in a text; NULL: all is there, or the
 * scenario does not say what to keep. By runs.csv, so of results that are whole. g_free it.
 */
char *kept_missing(const char *results, const struct root *root, const struct scenario *scenario);

/*
 * Its part for the runs that have folders: those go that are of a run which the plan does not have there any more, as
 * the journals tell.
 */
bool kept_tidy_folders(const struct kept_order *order, struct run_ids *ids, GError **error);

#endif
