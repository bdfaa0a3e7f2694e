/* SPDX-License-Identifier: MIT */
#include "experiment/lock.h"

#include "experiment/journal.h"
#include "experiment/results.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* The first byte of the file is for the directory, which parts share; a byte beyond for each part. */
enum { WHOLE = 0, PARTS_MOST = 1000000 };

struct lock {
    int file;
};

static struct flock range_of(short kind, off_t byte)
{
    return (struct flock){.l_type = kind, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
}

static off_t byte_of(struct lock_share share)
{
    return 1 + (off_t)share.parts * (PARTS_MOST + 1) + share.part;
}

/* Whether the byte is ours now, or there are no locks here. */
static bool take(int file, short kind, off_t byte)
{
    struct flock range = range_of(kind, byte);
    return fcntl(file, F_SETLK, &range) == 0 || (errno != EACCES && errno != EAGAIN);
}

/* Whether another process keeps this one from the byte, and which; 0: not known. */
static bool is_held(int file, short kind, off_t byte, pid_t *holder)
{
    struct flock range = range_of(kind, byte);
    bool held = fcntl(file, F_GETLK, &range) == 0 && range.l_type != F_UNLCK;
    *holder = held && range.l_pid > 0 ? range.l_pid : 0;
    return held;
}

static void set_in_use(GError **error, const char *folder, pid_t holder)
{
    char *process = holder ? g_strdup_printf(" (process %ld)", (long)holder) : g_strdup("");
    g_set_error(error, RESULTS_ERROR, RESULTS_ERROR_IN_USE,
                "%s is in use: another posim%s is writing to it; `posim watch %s` shows when it is done, -o puts new "
                "results elsewhere",
                folder, process, folder);
    g_free(process);
}

static short kind_of(struct lock_share share)
{
    return share.parts ? F_RDLCK : F_WRLCK;
}

/* What is wanted of the file, and is not to be had just now. */
static bool find_holder(int file, struct lock_share share, pid_t *holder)
{
    return is_held(file, kind_of(share), WHOLE, holder) ||
           (share.parts && is_held(file, F_WRLCK, byte_of(share), holder));
}

static bool take_all(int file, const char *folder, struct lock_share share, GError **error)
{
    pid_t holder;
    if (take(file, kind_of(share), WHOLE) && (!share.parts || take(file, F_WRLCK, byte_of(share))))
        return true;
    find_holder(file, share, &holder);
    set_in_use(error, folder, holder);
    return false;
}

struct lock *lock_new(const char *folder, struct lock_share share, GError **error)
{
    char *journals = g_build_filename(folder, JOURNAL_FOLDER, NULL);
    char *path = g_build_filename(journals, LOCK_FILE, NULL);
    int file = g_mkdir_with_parents(journals, 0777) == 0 ? g_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    int code = errno;
    struct lock *lock = NULL;
    if (file < 0)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "cannot open %s: %s", path,
                    g_strerror(code));
    else if (!take_all(file, folder, share, error))
        close(file);
    else {
        lock = g_new0(struct lock, 1);
        lock->file = file;
    }
    g_free(path);
    g_free(journals);
    return lock;
}

bool lock_is_free(const char *folder, struct lock_share share, GError **error)
{
    char *path = g_build_filename(folder, JOURNAL_FOLDER, LOCK_FILE, NULL);
    int file = g_open(path, O_RDONLY | O_CLOEXEC);
    pid_t holder;
    bool held = file >= 0 && find_holder(file, share, &holder);
    if (held)
        set_in_use(error, folder, holder);
    if (file >= 0)
        close(file);
    g_free(path);
    return !held;
}

bool lock_is_nobodys(const char *folder)
{
    char *path = g_build_filename(folder, JOURNAL_FOLDER, LOCK_FILE, NULL);
    int file = g_open(path, O_RDONLY | O_CLOEXEC);
    struct flock range = range_of(F_WRLCK, WHOLE);
    bool free = file >= 0 && fcntl(file, F_GETLK, &range) == 0 && range.l_type == F_UNLCK;
    if (file >= 0)
        close(file);
    g_free(path);
    return free;
}

void lock_free(struct lock *lock)
{
    if (!lock)
        return;
    close(lock->file);
    g_free(lock);
}
