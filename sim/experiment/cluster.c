/* SPDX-License-Identifier: MIT */
#include "experiment/cluster.h"

#include "base/vector.h"
#include "experiment/run.h"
#include "experiment/socket.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEADER = 0 };

/* What ranks, and a rank and its host, tell each other. */
enum telling { TELL_WANT = 1, TELL_JOB, TELL_END, TELL_RECORD, TELL_BEGIN, TELL_GIVE_UP };

struct telegram {
    uint64_t telling; /* enum telling */
    struct job job;
    struct run_record record; /* sent only with TELL_RECORD */
};
#define TELEGRAM_SHORT offsetof(struct telegram, record)

struct cluster {
    const struct cluster_transport *transport;
    int rank, size;
    pid_t host;
    int socket; /* to the host */
    void *module;
};

/* Between a rank and its host. */

static size_t size_of(const struct telegram *telegram)
{
    return telegram->telling == TELL_RECORD ? sizeof *telegram : TELEGRAM_SHORT;
}

static bool tell_over(int socket, const struct telegram *telegram)
{
    return socket_write(socket, telegram, size_of(telegram));
}

static bool hear_over(int socket, struct telegram *telegram)
{
    return socket_read(socket, telegram, TELEGRAM_SHORT) &&
           (telegram->telling != TELL_RECORD || socket_read(socket, &telegram->record, sizeof telegram->record));
}

/* The host: its worker's jobs come over the socket, its records go back. */

struct host {
    int socket;
    struct workers workers; /* the caller's */
};

static enum job_supply host_next(void *user, struct job *job)
{
    struct host *host = user;
    struct telegram telegram = {.telling = TELL_WANT};
    if (!tell_over(host->socket, &telegram) || !hear_over(host->socket, &telegram) || telegram.telling != TELL_JOB)
        return JOB_NONE;
    *job = telegram.job;
    return JOB_GIVEN;
}

static void host_run(void *user, struct job job, void *record, struct worker_link *link)
{
    struct host *host = user;
    host->workers.run(host->workers.user, job, record, link);
}

/* What a run that did not come to its end has left is no use to anybody. */
static void host_lost(void *user, struct job job)
{
    struct host *host = user;
    if (host->workers.lost)
        host->workers.lost(host->workers.user, job);
}

static bool host_done(void *user, struct job job, const void *record, const char *why)
{
    struct host *host = user;
    struct telegram *telegram = g_new0(struct telegram, 1);
    telegram->telling = TELL_RECORD;
    telegram->job = job;
    if (record) {
        memcpy(&telegram->record, record, sizeof telegram->record);
    } else {
        run_fail(&telegram->record, job, why);
        host_lost(host, job);
    }
    bool told = tell_over(host->socket, telegram);
    g_free(telegram);
    return told;
}

static _Noreturn void be_host(const struct workers *wanted, pid_t parent, int socket)
{
    struct host host = {.socket = socket, .workers = *wanted};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    struct workers workers = {
        .processes = 1,
        .record_size = sizeof(struct run_record),
        .limits = wanted->limits,
        .next = host_next,
        .run = host_run,
        .done = host_done,
        .lost = host_lost,
        .user = &host,
    };
    workers_run(&workers);
    _exit(0);
}

static bool fork_host(struct cluster *cluster, const struct workers *workers, GError **error)
{
    int sockets[2];
    pid_t parent = getpid();
    bool fine = socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0;
    cluster->host = fine ? fork() : -1;
    if (cluster->host == 0) {
        close(sockets[0]);
        be_host(workers, parent, sockets[1]);
    }
    if (cluster->host < 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot start a worker process: %s", g_strerror(errno));
        return false;
    }
    close(sockets[1]);
    cluster->socket = sockets[0];
    return true;
}

/* Joining and leaving. */

bool cluster_is_wanted(void)
{
    const char *size = g_getenv("OMPI_COMM_WORLD_SIZE");
    return size && g_ascii_strtoull(size, NULL, 10) > 1;
}

uint32_t cluster_rank_wanted(void)
{
    const char *rank = g_getenv("OMPI_COMM_WORLD_RANK");
    return rank ? (uint32_t)g_ascii_strtoull(rank, NULL, 10) : 0;
}

void cluster_forget(void)
{
    g_unsetenv("OMPI_COMM_WORLD_SIZE");
    g_unsetenv("OMPI_COMM_WORLD_RANK");
}

static bool load(struct cluster *cluster, const char *path, GError **error)
{
    if (!path) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                    "mpirun started this program, but its part for MPI, posim_mpi.so, is missing: it was "
                    "built without MPI (meson setup -Dmpi=enabled), or copied without it (meson install)");
        return false;
    }
    cluster->module = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    cluster->transport = cluster->module ? dlsym(cluster->module, CLUSTER_TRANSPORT_SYMBOL) : NULL;
    if (cluster->transport && cluster->transport->start(&cluster->rank, &cluster->size))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "MPI does not start: %s",
                cluster->transport ? "MPI_Init failed" : dlerror());
    return false;
}

struct cluster *cluster_join(const char *module, const struct workers *workers, GError **error)
{
    struct cluster *cluster = g_new0(struct cluster, 1);
    cluster->socket = -1;
    if (fork_host(cluster, workers, error) && load(cluster, module, error))
        return cluster;
    if (cluster->socket >= 0)
        close(cluster->socket);
    g_free(cluster);
    return NULL;
}

void cluster_leave(struct cluster *cluster)
{
    if (!cluster)
        return;
    close(cluster->socket);
    waitpid(cluster->host, NULL, 0);
    cluster->transport->barrier();
    cluster->transport->stop();
    g_free(cluster); /* the module stays: MPI does not like to be unloaded */
}

uint32_t cluster_rank(const struct cluster *cluster)
{
    return (uint32_t)cluster->rank;
}

bool cluster_agree(struct cluster *cluster, bool begins)
{
    struct telegram telegram = {.telling = begins ? TELL_BEGIN : TELL_GIVE_UP};
    for (int rank = 1; cluster->rank == LEADER && rank < cluster->size; rank++)
        cluster->transport->send(rank, &telegram, TELEGRAM_SHORT);
    int from;
    size_t size;
    if (cluster->rank != LEADER)
        cluster->transport->receive(true, &from, &telegram, sizeof telegram, &size);
    return telegram.telling == TELL_BEGIN;
}

/* Following. */

bool cluster_follow(struct cluster *cluster, const struct cluster_listener *listener, GError **error)
{
    struct telegram *telegram = g_new0(struct telegram, 1);
    bool fine = true, goes_on = true;
    while (goes_on) {
        int from;
        size_t size;
        goes_on = hear_over(cluster->socket, telegram);
        if (goes_on && telegram->telling == TELL_RECORD)
            goes_on = fine = listener->keep(listener->user, &telegram->record, error);
        if (!goes_on)
            telegram->telling = TELL_GIVE_UP; /* the host is gone, or what it made cannot be kept */
        cluster->transport->send(LEADER, telegram, size_of(telegram));
        if (telegram->telling != TELL_WANT)
            continue;
        cluster->transport->receive(true, &from, telegram, sizeof *telegram, &size);
        goes_on = telegram->telling == TELL_JOB;
        tell_over(cluster->socket, telegram);
    }
    g_free(telegram);
    return fine;
}

void cluster_give_up(struct cluster *cluster)
{
    struct telegram telegram = {.telling = TELL_GIVE_UP};
    cluster->transport->send(LEADER, &telegram, TELEGRAM_SHORT);
}

/* Leading. */

/* What a rank was given last. */
struct given {
    struct job job;
    bool under_way;
};

struct leading {
    struct cluster *cluster;
    struct plan *plan;
    const struct cluster_listener *listener;
    struct given *given; /* by rank */
    VECTOR(int) waiting; /* ranks that want a job when there is one */
    int ended;           /* ranks that were told that there is none, or gave up */
    bool has_host;       /* the leader's own worker is among those that go on */
    bool fine;
    GError **error;
};

static void tell_rank(struct leading *leading, int rank, const struct telegram *telegram)
{
    if (rank == LEADER)
        tell_over(leading->cluster->socket, telegram);
    else
        leading->cluster->transport->send(rank, telegram, TELEGRAM_SHORT);
}

/* A rank wants a job: it gets one, or waits, or hears that there will be none. */
static void serve(struct leading *leading, int rank)
{
    struct telegram telegram = {.telling = TELL_JOB};
    switch (leading->fine ? plan_next(leading->plan, &telegram.job) : JOB_NONE) {
    case JOB_LATER:
        vector_push(&leading->waiting, rank);
        return;
    case JOB_NONE:
        telegram.telling = TELL_END;
        leading->ended++;
        leading->has_host = leading->has_host && rank != LEADER;
        break;
    default:
        leading->given[rank] = (struct given){.job = telegram.job, .under_way = true};
        break;
    }
    tell_rank(leading, rank, &telegram);
}

/* Something is over: ranks that wait may have something to do now. */
static void serve_waiting(struct leading *leading)
{
    for (size_t waiting = leading->waiting.count; waiting > 0; waiting--) {
        int first = leading->waiting.at[0];
        memmove(leading->waiting.at, leading->waiting.at + 1, --leading->waiting.count * sizeof first);
        serve(leading, first);
    }
}

/* A rank does no more; what it had under way has failed, and is missing in the journals. */
static void bury(struct leading *leading, int rank)
{
    leading->ended++;
    leading->has_host = leading->has_host && rank != LEADER;
    if (!leading->given[rank].under_way)
        return;
    struct run_record *record = g_new0(struct run_record, 1);
    run_fail(record, leading->given[rank].job, "its rank gave up");
    leading->given[rank].under_way = false;
    plan_done(leading->plan, record);
    g_free(record);
    serve_waiting(leading);
}

static void take(struct leading *leading, int rank, const struct telegram *telegram)
{
    if (telegram->telling == TELL_WANT) {
        serve(leading, rank);
        return;
    }
    if (telegram->telling == TELL_GIVE_UP) {
        bury(leading, rank);
        return;
    }
    leading->given[rank].under_way = false;
    if (rank == LEADER && leading->fine)
        leading->fine = leading->listener->keep(leading->listener->user, &telegram->record, leading->error);
    plan_done(leading->plan, &telegram->record);
    serve_waiting(leading);
}

/* What the own host has to say, waiting a moment for it; false: nothing. */
static bool hear_host(const struct leading *leading, int wait_ms, struct telegram *telegram)
{
    struct pollfd file = {.fd = leading->cluster->socket, .events = POLLIN};
    if (!leading->has_host || poll(&file, 1, wait_ms) <= 0)
        return false;
    if (!hear_over(leading->cluster->socket, telegram))
        telegram->telling = TELL_GIVE_UP;
    return true;
}

bool cluster_lead(struct cluster *cluster, struct plan *plan, const struct cluster_listener *listener, GError **error)
{
    struct leading leading = {
        .cluster = cluster, .plan = plan, .listener = listener, .has_host = true, .fine = true, .error = error};
    struct telegram *telegram = g_new0(struct telegram, 1);
    int wait_ms = 0;
    leading.given = g_new0(struct given, (gsize)cluster->size);
    while (leading.ended < cluster->size) {
        int from;
        size_t size;
        bool heard = cluster->transport->receive(false, &from, telegram, sizeof *telegram, &size);
        if (heard)
            take(&leading, from, telegram);
        bool spoke = hear_host(&leading, wait_ms, telegram);
        if (spoke)
            take(&leading, LEADER, telegram);
        if (!spoke && !heard && !leading.has_host)
            g_usleep(1000);
        wait_ms = spoke || heard ? 0 : 1;
        if (listener->progress)
            listener->progress(listener->user);
    }
    vector_release(&leading.waiting);
    g_free(leading.given);
    g_free(telegram);
    return leading.fine;
}
