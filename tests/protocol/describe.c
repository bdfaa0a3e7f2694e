/* SPDX-License-Identifier: MIT */
/* Effects as a transcript writes them. */
#include "protocol/praos/praos.h"
#include "protocol/tendermint/tendermint.h"
#include "transcript.h"

static const char *const tendermint_timers[] = {
    [TIMER_PROPOSE] = "propose", [TIMER_PREVOTE] = "prevote", [TIMER_PRECOMMIT] = "precommit",
    [TIMER_COMMIT] = "commit",   [TIMER_HELP] = "help",
};

static const char *const tendermint_watches[] = {
    [WATCH_LINE_28] = "line-28", [WATCH_LINE_34] = "line-34",
    [WATCH_LINE_36] = "line-36", [WATCH_LINE_44] = "line-44",
    [WATCH_LINE_47] = "line-47", [WATCH_LINE_49] = "line-49",
    [WATCH_LINE_55] = "line-55", [WATCH_BEHIND] = "behind",
    [WATCH_CAUGHT] = "caught",   [WATCH_COMMITTED_BY_ALL] = "committed-by-all",
};

static const char *block_name(const struct replica *replica, block_id block)
{
    return block == BLOCK_NONE ? "nil" : replica->blocks.at[block].name;
}

char *describe_timer(const struct replica *replica, uint64_t tag)
{
    if (is_tendermint(replica))
        return g_strdup(tendermint_timers[tag]);
    if (tag >> 32)
        return g_strdup_printf("early-%s", block_name(replica, (block_id)tag));
    return g_strdup_printf("lead-of-%u", (unsigned)tag);
}

char *describe_watch(const struct replica *replica, uint64_t tag)
{
    (void)replica;
    return g_strdup(tendermint_watches[tag]);
}

static void describe_range(GString *text, const char *what, uint64_t first, uint64_t last, uint64_t infinite)
{
    g_string_append_printf(text, " %s=%" G_GUINT64_FORMAT, what, first);
    if (last == infinite)
        g_string_append(text, "..");
    else if (last != first)
        g_string_append_printf(text, "..%" G_GUINT64_FORMAT, last);
}

static void describe_query(const struct replica *replica, const struct vote_query *query, GString *text)
{
    const char *separator = " ";
    for (uint32_t kind = 0; kind < replica->protocol->vote_kind_count; kind++)
        if (query->kinds & 1u << kind) {
            g_string_append_printf(text, "%s%s", separator, replica->protocol->vote_kinds[kind].name);
            separator = "|";
        }
    describe_range(text, "height", query->height_first, query->height_last, UINT64_MAX);
    describe_range(text, "round", query->round_first, query->round_last, UINT32_MAX);
    static const char *const values[] = {
        [WATCH_ANY] = "any", [WATCH_NIL] = "nil", [WATCH_SOME_BLOCK] = "some-block", [WATCH_SUBTREE] = "subtree"};
    g_string_append_printf(text, " for=%s",
                           query->value == WATCH_BLOCK ? block_name(replica, query->block) : values[query->value]);
    if (query->join_block)
        g_string_append(text, " join");
}

static void describe_time(GString *text, time_ns at_ns)
{
    g_string_append_printf(text, " at=%" G_GINT64_FORMAT "ms", at_ns / MILLISECOND);
    if (at_ns % MILLISECOND)
        g_string_append_printf(text, "+%" G_GINT64_FORMAT "ns", at_ns % MILLISECOND);
}

static void describe_proposal(const struct replica *replica, const struct effect *effect, GString *text)
{
    g_string_append_printf(text, "propose %s by=%u height=%" G_GUINT64_FORMAT " parent=%s",
                           block_name(replica, effect->block), effect->validator, effect->height,
                           block_name(replica, effect->parent));
    if (is_tendermint(replica))
        g_string_append_printf(text, " round=%u valid-round=%" G_GINT64_FORMAT, effect->round,
                               (int64_t)effect->payload - 1);
    else
        g_string_append_printf(text, " slot=%" G_GUINT64_FORMAT " proof=%" G_GUINT64_FORMAT, effect->slot,
                               effect->proof);
}

static void describe_watch_effect(const struct replica *replica, const struct watch *watch, GString *text)
{
    g_string_append_printf(text, "watch %s:", tendermint_watches[watch->tag]);
    describe_query(replica, &watch->votes, text);
    g_string_append_printf(text, " weight=%" G_GUINT64_FORMAT "%s", watch->threshold,
                           watch->within_one_round ? " within-one-round" : "");
}

void describe_effect(const struct replica *replica, const struct effect *effect, GString *text)
{
    char *name = NULL;
    switch (effect->kind) {
    case EFFECT_PROPOSE:
        describe_proposal(replica, effect, text);
        break;
    case EFFECT_VOTE:
        g_string_append_printf(text, "%s %s by=%u height=%" G_GUINT64_FORMAT " round=%u",
                               replica->protocol->vote_kinds[effect->type].name, block_name(replica, effect->block),
                               effect->validator, effect->height, effect->round);
        break;
    case EFFECT_REQUEST:
        g_string_append_printf(text, "request to=%u height=%" G_GUINT64_FORMAT, effect->recipients.which,
                               effect->height);
        break;
    case EFFECT_RESPOND:
        g_string_append_printf(text, "respond to=%u block=%s height=%" G_GUINT64_FORMAT " round=%u with",
                               effect->recipients.which, block_name(replica, effect->block), effect->height,
                               effect->round);
        describe_query(replica, &effect->certificate, text);
        break;
    case EFFECT_EVIDENCE:
        g_string_append_printf(text, "evidence against=%u height=%" G_GUINT64_FORMAT " round=%u", effect->subject,
                               effect->height, effect->round);
        break;
    case EFFECT_TIMER_SET:
        name = describe_timer(replica, effect->tag);
        g_string_append_printf(text, "timer %s", name);
        describe_time(text, effect->at_ns);
        break;
    case EFFECT_TIMER_CANCEL:
        name = describe_timer(replica, effect->tag);
        g_string_append_printf(text, "cancel timer %s", name);
        break;
    case EFFECT_WATCH:
        describe_watch_effect(replica, &effect->watch, text);
        break;
    case EFFECT_FORGET:
        g_string_append_printf(text, "forget below=%" G_GUINT64_FORMAT, effect->height);
        break;
    case EFFECT_HEAD:
        g_string_append_printf(text, "head %s", block_name(replica, effect->block));
        break;
    case EFFECT_FINALISE:
        g_string_append_printf(text, "final %s", block_name(replica, effect->block));
        break;
    default:
        g_string_append_printf(text, "effect of kind %d", (int)effect->kind);
    }
    g_free(name);
}
