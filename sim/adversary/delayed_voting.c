/* SPDX-License-Identifier: MIT */
/* Delayed voting: votes are cast as the protocol says but leave the node late, by a fixed time. */
#include "contract/adversary.h"

struct delayed_voting {
    struct adversary_common common;
    time_ns delay_ns;
};

static const struct param params[] = {
    ADVERSARY_COMMON_PARAMS(struct delayed_voting),
    {.key = "delay",
     .type = PARAM_DURATION,
     .offset = offsetof(struct delayed_voting, delay_ns),
     .by_default = "1 s",
     .minimum = "0 s",
     .meaning = "how long each vote is kept back"},
};
static const struct param_table table = PARAM_TABLE_CHECKED("delayed_voting", "validators whose votes leave late",
                                                            struct delayed_voting, params, adversary_common_check);

static void filter(void *state, struct adversary_view *view, const struct view *replica, struct effects *effects)
{
    (void)state;
    (void)replica;
    const struct delayed_voting *settings = view->parameters;
    for (size_t i = 0; i < effects->list.count; i++)
        if (effects->list.at[i].kind == EFFECT_VOTE)
            effects->list.at[i].extra_delay_ns += settings->delay_ns;
}

const struct adversary adversary_delayed_voting = {
    .name = "delayed_voting",
    .meaning = "validators whose votes leave late by a fixed time",
    .params = &table,
    .filter = filter,
};
