/* SPDX-License-Identifier: MIT */
#include "cli/hush.h"

#include "experiment/cluster.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define WAIT_S 3 /* long enough for the first rank to say the same */

void hush_begin(struct hush *hush)
{
    *hush = (struct hush){-1, -1};
    if (!cluster_is_wanted() || cluster_rank_wanted() == 0)
        return;
    fflush(stderr);
    hush->kept = memfd_create("posim-stderr", MFD_CLOEXEC);
    hush->stderr_copy = dup(STDERR_FILENO);
    if (hush->kept >= 0 && hush->stderr_copy >= 0 && dup2(hush->kept, STDERR_FILENO) >= 0)
        return;
    hush_end(hush, true);
}

static void say(int kept)
{
    char text[4096];
    ssize_t length;
    lseek(kept, 0, SEEK_SET);
    while ((length = read(kept, text, sizeof text)) > 0)
        fwrite(text, 1, (size_t)length, stderr);
}

void hush_end(struct hush *hush, bool went_well)
{
    fflush(stderr);
    if (hush->stderr_copy >= 0) {
        dup2(hush->stderr_copy, STDERR_FILENO);
        close(hush->stderr_copy);
    }
    if (hush->kept >= 0) {
        if (!went_well) {
            sleep(WAIT_S);
            say(hush->kept);
        }
        close(hush->kept);
    }
    *hush = (struct hush){-1, -1};
}
