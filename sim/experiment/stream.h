/* SPDX-License-Identifier: MIT */
/* A file of a results directory in the making: it lies under a temporary name until it is whole and is given its own.
 */
#ifndef POSIM_EXPERIMENT_STREAM_H
#define POSIM_EXPERIMENT_STREAM_H

#include "experiment/results.h"

#include <stdio.h>

struct stream {
    FILE *file;
    char *path, *temporary;
};

/* Of a zeroed one, or a discarded one. False and an error where it cannot be made; discard it all the same. */
bool stream_open(struct stream *stream, const char *folder, enum results_file name, GError **error);

/* Everything is on its way to the disk; false and an error where it is not. */
bool stream_close(struct stream *stream, GError **error);

/* Gives a closed one its name. */
bool stream_name(struct stream *stream, GError **error);

/* Removes what has not got its name, and frees the rest; a zeroed one is fine. */
void stream_discard(struct stream *stream);

#endif
