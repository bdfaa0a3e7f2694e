/* SPDX-License-Identifier: MIT */
#include "contract/effect.h"

#include <string.h>

/* In pieces that are a few stores each: as a whole compilers make it a string instruction, which is slow to begin. */
#define PIECE_BYTES 64
static void clear(struct effect *effect)
{
    enum { CLEARED = (offsetof(struct effect, watch) + PIECE_BYTES - 1) / PIECE_BYTES * PIECE_BYTES };
    _Static_assert(CLEARED <= sizeof(struct effect), "the last piece goes beyond the effect");
    for (size_t at = 0; at < CLEARED; at += PIECE_BYTES)
        memset((char *)effect + at, 0, PIECE_BYTES);
}

struct effect *effects_add(struct effects *effects, enum effect_kind kind)
{
    vector_reserve(&effects->list, effects->list.count + 1);
    struct effect *effect = &effects->list.at[effects->list.count++];
    clear(effect); /* in place: it is too large to be built apart and copied */
    if (kind == EFFECT_WATCH)
        memset(&effect->watch, 0, sizeof effect->watch);
    effect->kind = kind;
    effect->validator = effect->electorate = effect->subject = ID_NONE;
    effect->recipients = (struct recipients){RECIPIENTS_ALL, ID_NONE};
    effect->block = effect->parent = effect->reference = BLOCK_NONE;
    return effect;
}

struct effect *effects_vote(struct effects *effects, validator_id validator, uint16_t type, uint64_t height,
                            uint32_t round, block_id block)
{
    struct effect *effect = effects_add(effects, EFFECT_VOTE);
    effect->validator = validator;
    effect->type = type;
    effect->height = height;
    effect->round = round;
    effect->block = block;
    return effect;
}

struct effect *effects_timer(struct effects *effects, uint64_t tag, time_ns at_ns)
{
    struct effect *effect = effects_add(effects, EFFECT_TIMER_SET);
    effect->tag = tag;
    effect->at_ns = at_ns;
    return effect;
}

struct effect *effects_watch(struct effects *effects, const struct watch *watch)
{
    struct effect *effect = effects_add(effects, EFFECT_WATCH);
    effect->watch = *watch;
    effect->tag = watch->tag;
    return effect;
}

struct effect *effects_unwatch(struct effects *effects, uint64_t tag)
{
    struct effect *effect = effects_add(effects, EFFECT_UNWATCH);
    effect->tag = tag;
    return effect;
}

struct effect *effects_head(struct effects *effects, block_id block)
{
    struct effect *effect = effects_add(effects, EFFECT_HEAD);
    effect->block = block;
    return effect;
}

struct effect *effects_finalise(struct effects *effects, block_id block)
{
    struct effect *effect = effects_add(effects, EFFECT_FINALISE);
    effect->block = block;
    return effect;
}

struct effect *effects_forget(struct effects *effects, uint64_t height)
{
    struct effect *effect = effects_add(effects, EFFECT_FORGET);
    effect->height = height;
    return effect;
}
