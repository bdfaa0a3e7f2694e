/* SPDX-License-Identifier: MIT */
#include "experiment/workers.h"

#include "base/assert.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_PROGRESS = 1, FRAME_DONE = 2 };

struct frame {
    uint32_t kind;
    uint32_t unused;
    uint64_t job;
    double share;
};

struct worker_link {
    int socket;
    uint64_t job;
    int64_t told_ns;
};

struct worker {
    pid_t process; /* 0: none */
    int socket;
    uint64_t job;
    bool busy;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

static bool write_all(int file, const void *bytes, size_t size)
{
    for (const char *at = bytes; size;) {
        ssize_t wrote = send(file, at, size, MSG_NOSIGNAL);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

/* False at the end of the stream, or when interrupted before the first byte. */
static bool read_all(int file, void *bytes, size_t size)
{
    for (char *at = bytes; size;) {
        ssize_t got = read(file, at, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void worker_progress(struct worker_link *link, double share)
{
    int64_t now = monotonic_ns();
    if (now - link->told_ns < 100000000)
        return;
    link->told_ns = now;
    struct frame frame = {.kind = FRAME_PROGRESS, .job = link->job, .share = share};
    write_all(link->socket, &frame, sizeof frame);
}

/* The life of a worker process: a job's number comes, its record goes, until the other side closes. */
static _Noreturn void work(const struct workers *workers, pid_t parent, int socket)
{
    signal(SIGINT, SIG_IGN); /* the parent stops its workers itself */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it was gone before it could be watched */
    void *record = g_malloc(workers->record_size);
    uint64_t job;
    while (read_all(socket, &job, sizeof job)) {
        struct worker_link link = {.socket = socket, .job = job, .told_ns = monotonic_ns()};
        memset(record, 0, workers->record_size);
        workers->run(workers->user, job, record, &link);
        struct frame frame = {.kind = FRAME_DONE, .job = job};
        if (!write_all(socket, &frame, sizeof frame) || !write_all(socket, record, workers->record_size))
            break;
    }
    g_free(record);
    fflush(NULL);
    _exit(0);
}

static bool start(const struct workers *workers, struct worker *all, struct worker *worker)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
        return false;
    fflush(NULL);
    pid_t parent = getpid();
    pid_t process = fork();
    if (process < 0) {
        close(sockets[0]);
        close(sockets[1]);
        return false;
    }
    if (process == 0) {
        for (uint32_t w = 0; w < workers->processes; w++)
            if (all[w].process)
                close(all[w].socket);
        close(sockets[0]);
        work(workers, parent, sockets[1]);
    }
    close(sockets[1]);
    *worker = (struct worker){.process = process, .socket = sockets[0]};
    return true;
}

static char *describe_end(int status)
{
    if (WIFSIGNALED(status))
        return g_strdup_printf("the worker process died of signal %d (%s)", WTERMSIG(status),
                               strsignal(WTERMSIG(status)));
    return g_strdup_printf("the worker process ended with code %d", WEXITSTATUS(status));
}

/* A worker is gone: its job has failed. */
static void bury(const struct workers *workers, struct worker *worker)
{
    int status = 0;
    close(worker->socket);
    waitpid(worker->process, &status, 0);
    if (worker->busy) {
        char *why = describe_end(status);
        workers->done(workers->user, worker->job, NULL, why);
        g_free(why);
    }
    *worker = (struct worker){0};
}

/* Takes one frame from a worker; false where it is gone. */
static bool take_frame(const struct workers *workers, struct worker *worker, void *record)
{
    struct frame frame;
    if (!read_all(worker->socket, &frame, sizeof frame))
        return false;
    if (frame.kind == FRAME_PROGRESS) {
        if (workers->progress)
            workers->progress(workers->user, frame.job, frame.share);
        return true;
    }
    if (!read_all(worker->socket, record, workers->record_size))
        return false;
    worker->busy = false;
    workers->done(workers->user, frame.job, record, NULL);
    return true;
}

static void stop_all(const struct workers *workers, struct worker *all)
{
    for (uint32_t w = 0; w < workers->processes; w++) {
        if (!all[w].process)
            continue;
        kill(all[w].process, SIGKILL);
        close(all[w].socket);
        waitpid(all[w].process, NULL, 0);
        if (all[w].busy)
            workers->done(workers->user, all[w].job, NULL, "it was interrupted");
    }
}

static bool serve(const struct workers *workers, struct worker *all, void *record)
{
    uint64_t next = 0, running = 0;
    struct pollfd *files = g_new0(struct pollfd, workers->processes);
    while (!interrupted && (next < workers->count || running)) {
        for (uint32_t w = 0; w < workers->processes; w++) {
            if (!all[w].busy && next < workers->count) {
                if (!all[w].process && !start(workers, all, &all[w])) {
                    if (!running)
                        workers->done(workers->user, next++, NULL, "no worker process could be started");
                    break;
                }
                all[w].job = next++;
                all[w].busy = true;
                running++;
                write_all(all[w].socket, &all[w].job, sizeof all[w].job);
            }
        }
        for (uint32_t w = 0; w < workers->processes; w++)
            files[w] = (struct pollfd){.fd = all[w].busy ? all[w].socket : -1, .events = POLLIN};
        if (poll(files, workers->processes, 1000) <= 0)
            continue;
        for (uint32_t w = 0; w < workers->processes; w++) {
            if (files[w].fd < 0 || !files[w].revents)
                continue;
            if (!take_frame(workers, &all[w], record))
                bury(workers, &all[w]);
            running -= !all[w].busy;
        }
    }
    g_free(files);
    return !interrupted;
}

bool workers_run(const struct workers *workers)
{
    REQUIRE(workers->processes >= 1 && workers->record_size <= WORKERS_RECORD_MOST);
    struct worker *all = g_new0(struct worker, workers->processes);
    void *record = g_malloc(workers->record_size);
    struct sigaction action = {.sa_handler = on_signal}, old_interrupt, old_terminate;
    interrupted = 0;
    sigaction(SIGINT, &action, &old_interrupt);
    sigaction(SIGTERM, &action, &old_terminate);
    bool finished = serve(workers, all, record);
    stop_all(workers, all);
    sigaction(SIGINT, &old_interrupt, NULL);
    sigaction(SIGTERM, &old_terminate, NULL);
    g_free(record);
    g_free(all);
    return finished;
}
