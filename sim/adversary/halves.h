/* SPDX-License-Identifier: MIT */
/*
 * Two halves of the replicas of a chain, for adversaries that tell one half one thing and the other half another: the
 * honest replicas with even places in id order and those with odd ones; corrupt replicas are in both.
 */
#ifndef POSIM_ADVERSARY_HALVES_H
#define POSIM_ADVERSARY_HALVES_H

#include "contract/adversary.h"

struct halves {
    uint32_t group[2];
    bool named;
};

/* Names the two groups to the world; at set-up. */
static inline void halves_name(struct halves *halves, struct adversary_view *view)
{
    replica_id *members[2] = {g_new(replica_id, view->replica_count), g_new(replica_id, view->replica_count)};
    uint32_t count[2] = {0, 0};
    uint32_t honest = 0;
    for (replica_id r = 0; r < view->replica_count; r++) {
        if (view->corrupt[r]) {
            members[0][count[0]++] = r;
            members[1][count[1]++] = r;
        } else {
            uint32_t half = honest++ % 2;
            members[half][count[half]++] = r;
        }
    }
    for (int half = 0; half < 2; half++) {
        halves->group[half] = view->calls->group(view, members[half], count[half]);
        g_free(members[half]);
    }
    halves->named = true;
}

/* Sends `effect` to the first half and `other` to the second. */
static inline void halves_split(const struct halves *halves, struct effect *effect, struct effect *other)
{
    effect->recipients = (struct recipients){RECIPIENTS_GROUP, halves->group[0]};
    other->recipients = (struct recipients){RECIPIENTS_GROUP, halves->group[1]};
}

#endif
