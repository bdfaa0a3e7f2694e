/* SPDX-License-Identifier: MIT */
#include "experiment/workers.h"

#include "base/assert.h"
#include "experiment/socket.h"

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
    uint64_t kind;
    double share;
};

struct worker_link {
    int socket;
    uint32_t number;
    int64_t told_ns;
};

struct worker {
    pid_t process; /* 0: none */
    int socket;
    struct job job;
    bool busy;
    int64_t began_ns;
    double share; /* of its job that is done */
};

/* How often limits are looked at. */
enum { WATCH_MS = 200 };

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    interrupted = number;
}

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint32_t worker_number(const struct worker_link *link)
{
    return link->number;
}

void worker_progress(struct worker_link *link, double share)
{
    int64_t now = monotonic_ns();
    if (now - link->told_ns < 100000000)
        return;
    link->told_ns = now;
    struct frame frame = {.kind = FRAME_PROGRESS, .share = share};
    socket_write(link->socket, &frame, sizeof frame);
}

/* The life of a worker process: a job's number comes, its record goes, until the other side closes. */
static _Noreturn void work(const struct workers *workers, pid_t parent, int socket, uint32_t number)
{
    signal(SIGINT, SIG_IGN); /* the parent stops its workers itself */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0); /* it was gone before it could be watched */
    void *record = g_malloc(workers->record_size);
    struct job job;
    while (socket_read(socket, &job, sizeof job)) {
        struct worker_link link = {.socket = socket, .number = number, .told_ns = monotonic_ns()};
        memset(record, 0, workers->record_size);
        workers->run(workers->user, job, record, &link);
        struct frame frame = {.kind = FRAME_DONE};
        if (!socket_write(socket, &frame, sizeof frame) || !socket_write(socket, record, workers->record_size))
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
        work(workers, parent, sockets[1], (uint32_t)(worker - all));
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

/* A worker is gone: its job has failed. `why` NULL: as the process ended. */
static bool bury(const struct workers *workers, struct worker *worker, const char *why)
{
    int status = 0;
    bool fine = true;
    close(worker->socket);
    waitpid(worker->process, &status, 0);
    if (worker->busy) {
        char *end = why ? g_strdup(why) : describe_end(status);
        fine = workers->done(workers->user, worker->job, NULL, end);
        g_free(end);
    }
    *worker = (struct worker){0};
    return fine;
}

/* Takes one frame from a worker; *alive says whether it is still there. False: all is to end. */
static bool take_frame(const struct workers *workers, struct worker *worker, void *record, bool *alive)
{
    struct frame frame;
    *alive = socket_read(worker->socket, &frame, sizeof frame);
    if (!*alive)
        return true;
    if (frame.kind == FRAME_PROGRESS) {
        worker->share = frame.share;
        return true;
    }
    *alive = socket_read(worker->socket, record, workers->record_size);
    if (!*alive)
        return true;
    worker->busy = false;
    return workers->done(workers->user, worker->job, record, NULL);
}

static void stop_all(const struct workers *workers, struct worker *all)
{
    for (uint32_t w = 0; w < workers->processes; w++) {
        if (!all[w].process)
            continue;
        kill(all[w].process, SIGKILL);
        close(all[w].socket);
        waitpid(all[w].process, NULL, 0);
        if (all[w].busy && workers->lost)
            workers->lost(workers->user, all[w].job);
    }
}

/* Memory that a process holds, 0 where nobody knows. */
static uint64_t resident_bytes(pid_t process)
{
    char path[64], text[128] = "";
    g_snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    FILE *stream = fopen(path, "re");
    if (!stream)
        return 0;
    const char *second = fgets(text, sizeof text, stream) ? strchr(text, ' ') : NULL; /* total, then resident pages */
    fclose(stream);
    return second ? g_ascii_strtoull(second, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

/* Why a worker must be stopped, g_free it; NULL: it may go on. */
static char *beyond_limits(const struct workers *workers, const struct worker *worker)
{
    double running_s = (double)(monotonic_ns() - worker->began_ns) / 1e9;
    uint64_t held_bytes = workers->limits.memory_bytes ? resident_bytes(worker->process) : 0;
    return run_limits_broken(&workers->limits, running_s, held_bytes);
}

static bool enforce_limits(const struct workers *workers, struct worker *all)
{
    bool fine = true;
    for (uint32_t w = 0; w < workers->processes && fine; w++) {
        char *why = all[w].busy ? beyond_limits(workers, &all[w]) : NULL;
        if (why) {
            kill(all[w].process, SIGKILL);
            fine = bury(workers, &all[w], why);
        }
        g_free(why);
    }
    return fine;
}

static bool any_alive(const struct workers *workers, const struct worker *all)
{
    for (uint32_t w = 0; w < workers->processes; w++)
        if (all[w].process)
            return true;
    return false;
}

/* Gives jobs to idle workers; fewer than asked for where no more can be started, as long as there is one. False: all is
 * to end; *supply says what the last answer was. */
static bool hand_out(const struct workers *workers, struct worker *all, enum job_supply *supply)
{
    *supply = JOB_GIVEN;
    for (uint32_t w = 0; w < workers->processes && *supply == JOB_GIVEN; w++) {
        struct job job;
        if (all[w].busy)
            continue;
        bool ready = all[w].process || start(workers, all, &all[w]);
        if (!ready && any_alive(workers, all))
            continue;
        *supply = workers->next(workers->user, &job);
        if (*supply != JOB_GIVEN)
            break;
        if (!ready) {
            if (!workers->done(workers->user, job, NULL, "no worker process could be started"))
                return false;
            continue;
        }
        all[w].job = job;
        all[w].busy = true;
        all[w].share = 0;
        all[w].began_ns = monotonic_ns();
        socket_write(all[w].socket, &job, sizeof job);
    }
    return true;
}

static bool listen_to(const struct workers *workers, struct worker *all, struct pollfd *files, void *record)
{
    bool watches = run_limits_any(&workers->limits);
    nfds_t count = 0; /* of the busy: poll refuses more than may be open, whether they are or not */
    for (uint32_t w = 0; w < workers->processes; w++)
        if (all[w].busy)
            files[count++] = (struct pollfd){.fd = all[w].socket, .events = POLLIN};
    if (poll(files, count, watches ? WATCH_MS : 1000) < 0)
        return errno == EINTR;
    for (uint32_t w = 0, next = 0; w < workers->processes; w++) {
        bool alive;
        if (!all[w].busy || !files[next++].revents)
            continue;
        if (!take_frame(workers, &all[w], record, &alive) || (!alive && !bury(workers, &all[w], NULL)))
            return false;
    }
    return !watches || enforce_limits(workers, all);
}

static void tell_progress(const struct workers *workers, const struct worker *all)
{
    double sum = 0;
    for (uint32_t w = 0; w < workers->processes; w++)
        sum += all[w].busy ? all[w].share : 0;
    if (workers->progress)
        workers->progress(workers->user, sum);
}

static bool any_busy(const struct workers *workers, const struct worker *all)
{
    for (uint32_t w = 0; w < workers->processes; w++)
        if (all[w].busy)
            return true;
    return false;
}

static bool serve(const struct workers *workers, struct worker *all, void *record)
{
    struct pollfd *files = g_new0(struct pollfd, workers->processes);
    enum job_supply supply = JOB_GIVEN;
    bool fine = true;
    while (fine && !interrupted) {
        fine = hand_out(workers, all, &supply);
        if (!fine || !any_busy(workers, all))
            break;
        fine = listen_to(workers, all, files, record);
        tell_progress(workers, all);
    }
    g_free(files);
    return fine && !interrupted;
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
