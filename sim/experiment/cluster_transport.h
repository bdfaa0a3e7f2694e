/* SPDX-License-Identifier: MIT */
/* What a cluster needs of a message-passing library: bytes from rank to rank. MPI's is in transport_mpi.c. */
#ifndef POSIM_EXPERIMENT_CLUSTER_TRANSPORT_H
#define POSIM_EXPERIMENT_CLUSTER_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#define CLUSTER_TRANSPORT_SYMBOL "posim_transport"

struct cluster_transport {
    /* Joins the others; false where that fails. Called once, first. */
    bool (*start)(int *rank, int *size);
    void (*send)(int to, const void *bytes, size_t size);
    /* Takes a message of at most `room` bytes, if there is one or `waits`; its sender and length. */
    bool (*receive)(bool waits, int *from, void *bytes, size_t room, size_t *size);
    void (*barrier)(void);
    /* Leaves; called once, last. */
    void (*stop)(void);
};

#endif
