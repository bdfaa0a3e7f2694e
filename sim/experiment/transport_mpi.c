/* SPDX-License-Identifier: MIT */
/* MPI as a transport, built as a module of its own: the program itself is not linked with MPI. */
#include "experiment/cluster_transport.h"

#include <mpi.h>

enum { TAG = 7 };

static bool start(int *rank, int *size)
{
    return MPI_Init(NULL, NULL) == MPI_SUCCESS && MPI_Comm_rank(MPI_COMM_WORLD, rank) == MPI_SUCCESS &&
           MPI_Comm_size(MPI_COMM_WORLD, size) == MPI_SUCCESS;
}

static void send(int to, const void *bytes, size_t size)
{
    MPI_Send(bytes, (int)size, MPI_BYTE, to, TAG, MPI_COMM_WORLD);
}

static bool receive(bool waits, int *from, void *bytes, size_t room, size_t *size)
{
    MPI_Status status;
    int there = 1, count = 0;
    if (waits)
        MPI_Probe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &status);
    else
        MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &there, &status);
    if (!there)
        return false;
    MPI_Recv(bytes, (int)room, MPI_BYTE, status.MPI_SOURCE, TAG, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &count);
    *from = status.MPI_SOURCE;
    *size = (size_t)count;
    return true;
}

static void barrier(void)
{
    MPI_Barrier(MPI_COMM_WORLD);
}

static void stop(void)
{
    MPI_Finalize();
}

extern const struct cluster_transport posim_transport;
const struct cluster_transport posim_transport = {
    .start = start, .send = send, .receive = receive, .barrier = barrier, .stop = stop};
