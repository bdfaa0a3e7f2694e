/* SPDX-License-Identifier: MIT */
/*
 * The files that a scenario was read from: the scenario itself, what it extends, and the files that it names. Results
 * keep a copy of each, as it was read, in DIR/inputs; so they can be run again, drawn and told of wherever they are,
 * whatever became of the files. manifest.json says which copy is of which file, and what its hash is.
 *
 * DIR/scenario.yaml names the files by the paths that they had. Who loads it asks for its copies to be taken instead.
 */
#ifndef POSIM_EXPERIMENT_INPUTS_H
#define POSIM_EXPERIMENT_INPUTS_H

#include "base/vector.h"
#include "scenario/scenario.h"

/* The folder of the copies in a results directory. */
#define RESULTS_INPUTS "inputs"

struct input {
    char *file;   /* its absolute path when it was read */
    char *sha256; /* of what was in it */
    char *copy;   /* below the results, as "inputs/stakes.csv"; NULL: none was kept */
};

struct inputs {
    VECTOR(struct input) list; /* in the order in which they were read */
};

void inputs_release(struct inputs *inputs);

/* SHA-256 of what is in a file; g_free it. NULL where it cannot be read. */
char *inputs_hash_file(const char *path);

/* What the manifest of results says; nothing where there is none. inputs_release it, as after all that fill one. */
void inputs_read(struct inputs *inputs, const char *folder);

/*
 * Copies what a scenario was read from into the results. A copy is called as its file is, by plain letters and with a
 * number where two are called alike; one that the scenario reads from there keeps its name. Copies that were kept
 * `before` may be replaced, nothing else. False and an error that names the file.
 */
bool inputs_keep(struct inputs *inputs, const char *folder, const struct scenario *scenario,
                 const struct inputs *before, GError **error);

/* Takes the inputs over that other results keep. False and an error. */
bool inputs_carry(struct inputs *inputs, const char *folder, const char *from, GError **error);

/* Whether one of them has that copy. */
bool inputs_have_copy(const struct inputs *inputs, const char *copy);

/* Removes copies that were kept `before` and are none of `now`. False and an error. */
bool inputs_drop(const struct inputs *before, const struct inputs *now, const char *folder, GError **error);

/* Whether every copy holds what was read. False and an error that names one that is altered or gone. */
bool inputs_check(const struct inputs *inputs, const char *folder, GError **error);

/* Where the copies lie, by the paths of their files, for scenario_source; g_hash_table_unref it. */
GHashTable *inputs_moved(const struct inputs *inputs, const char *folder);

/* Whether the file is there and holds something else by now. */
bool input_has_changed(const struct input *input);

#endif
