/* SPDX-License-Identifier: MIT */
/* Whole messages over a socket between two processes of one experiment, whatever interrupts it. */
#ifndef POSIM_EXPERIMENT_SOCKET_H
#define POSIM_EXPERIMENT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

/* False where the other side is gone; no signal is raised then. */
bool socket_write(int socket, const void *bytes, size_t size);

/* False at the end of the stream. */
bool socket_read(int socket, void *bytes, size_t size);

#endif
