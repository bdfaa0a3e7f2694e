/* SPDX-License-Identifier: MIT */
#include "experiment/socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

bool socket_write(int socket, const void *bytes, size_t size)
{
    for (const char *at = bytes; size;) {
        ssize_t wrote = send(socket, at, size, MSG_NOSIGNAL);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return false;
        at += wrote;
        size -= (size_t)wrote;
    }
    return true;
}

bool socket_read(int socket, void *bytes, size_t size)
{
    for (char *at = bytes; size;) {
        ssize_t got = read(socket, at, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}
