/* SPDX-License-Identifier: MIT */
/*
 * Silent validators: their nodes are up and listen, but never propose, vote, answer or report. What a fail-stop
 * validator looks like to the others, from the first instant or between `from` and `until`.
 */
#include "contract/adversary.h"

struct silent {
    struct adversary_common common;
};

static const struct param params[] = {ADVERSARY_COMMON_PARAMS(struct silent)};
static const struct param_table table =
    PARAM_TABLE_CHECKED("silent", "validators that never send anything", struct silent, params, adversary_common_check);

static bool sends(const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_PROPOSE:
    case EFFECT_VOTE:
    case EFFECT_SEND:
    case EFFECT_REQUEST:
    case EFFECT_RESPOND:
    case EFFECT_EVIDENCE:
        return true;
    default:
        return false;
    }
}

static void filter(void *state, struct adversary_view *view, const struct view *replica, struct effects *effects)
{
    (void)state;
    (void)view;
    (void)replica;
    size_t kept = 0;
    for (size_t i = 0; i < effects->list.count; i++)
        if (!sends(&effects->list.at[i]))
            effects->list.at[kept++] = effects->list.at[i];
    effects->list.count = kept;
}

const struct adversary adversary_silent = {
    .name = "silent",
    .meaning = "validators that listen but never send anything",
    .params = &table,
    .filter = filter,
};
