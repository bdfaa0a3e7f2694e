/* SPDX-License-Identifier: MIT */
/*
 * An equivocating proposer makes two blocks wherever it may make one, and shows one to each half of the honest nodes.
 * It otherwise follows the protocol. The second block is what the protocol's `conflict` gives.
 */
#include "adversary/halves.h"

struct equivocating_proposer {
    struct adversary_common common;
};

static const struct param params[] = {ADVERSARY_COMMON_PARAMS(struct equivocating_proposer)};
static const struct param_table table =
    PARAM_TABLE_CHECKED("equivocating_proposer", "proposers that show different blocks to each half of the nodes",
                        struct equivocating_proposer, params, adversary_common_check);

static void set_up(void *state, struct adversary_view *view)
{
    halves_name(state, view);
}

static void filter(void *state, struct adversary_view *view, const struct view *replica, struct effects *effects)
{
    const struct halves *halves = state;
    size_t count = effects->list.count;
    for (size_t i = 0; i < count; i++) {
        struct effect original = effects->list.at[i], other;
        if (original.kind != EFFECT_PROPOSE || !view->protocol->conflict ||
            !view->protocol->conflict(replica, &original, BLOCK_NONE, &other))
            continue;
        halves_split(halves, &original, &other);
        effects->list.at[i] = original;
        *effects_add(effects, EFFECT_PROPOSE) = other;
    }
}

const struct adversary adversary_equivocating_proposer = {
    .name = "equivocating_proposer",
    .meaning = "proposers that show different blocks to each half of the nodes",
    .params = &table,
    .state_size = sizeof(struct halves),
    .set_up = set_up,
    .filter = filter,
};
