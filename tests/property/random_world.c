/* SPDX-License-Identifier: MIT */
#include "random_world.h"

#include "worlds.h"

#include <string.h>

bool random_validators(GString *text, struct random_stream *stream, uint64_t most)
{
    static const char *const stakes[] = {
        "{dist: equal}",
        "{dist: pareto, alpha: 1.5}",
        "{dist: zipf}",
        "{dist: lognormal, median: 1000, sigma: 1}",
    };
    uint64_t which = random_below(stream, G_N_ELEMENTS(stakes));
    g_string_append_printf(
        text, "validators: {count: %" G_GUINT64_FORMAT ", per_node: %" G_GUINT64_FORMAT ", stake: %s}\n",
        worlds_between(stream, 4, most), random_below(stream, 4) ? 1 : worlds_between(stream, 1, 3), stakes[which]);
    return which == 0;
}

void random_network(GString *text, struct random_stream *stream)
{
    uint64_t delay_ms = worlds_between(stream, 1, 400);
    g_string_append(text, "network:\n  latency: ");
    switch (random_below(stream, 4)) {
    case 0:
        g_string_append_printf(text, "{model: constant, delay: %" G_GUINT64_FORMAT " ms}\n", delay_ms);
        break;
    case 1:
        g_string_append_printf(text, "{model: uniform, min: %" G_GUINT64_FORMAT " ms, max: %" G_GUINT64_FORMAT " ms}\n",
                               delay_ms / worlds_between(stream, 1, 10), delay_ms);
        break;
    case 2:
        g_string_append_printf(text,
                               "{model: lognormal, median: %" G_GUINT64_FORMAT " ms, sigma: 0.%" G_GUINT64_FORMAT "}\n",
                               delay_ms, worlds_between(stream, 1, 8));
        break;
    default:
        g_string_append(text, "{model: geographic}\n");
    }
}

void random_tendermint(GString *text, struct random_stream *stream, const char *protocol, bool hurry)
{
    static const char *const timeouts[] = {"propose", "prevote", "precommit"};
    g_string_append_printf(text, "protocol:\n  kind: %s\n", protocol);
    bool short_ones = random_below(stream, 2);
    for (size_t t = 0; t < G_N_ELEMENTS(timeouts); t++)
        g_string_append_printf(
            text, "  timeout_%s: %" G_GUINT64_FORMAT " ms\n  timeout_%s_delta: %" G_GUINT64_FORMAT " ms\n", timeouts[t],
            worlds_between(stream, 10, short_ones ? 300 : 2000), timeouts[t], worlds_between(stream, 100, 500));
    g_string_append_printf(text, "  timeout_commit: %" G_GUINT64_FORMAT " ms\n  skip_timeout_commit: %s\n",
                           worlds_between(stream, hurry ? 0 : 1, 5) * 100,
                           hurry && random_below(stream, 2) ? "on" : "off");
}

void random_praos(GString *text, struct random_stream *stream)
{
    uint64_t k = worlds_between(stream, 2, 12);
    g_string_append_printf(text,
                           "protocol:\n  kind: praos\n  active_slot_coefficient: %" G_GUINT64_FORMAT
                           " %%\n  security_parameter: %" G_GUINT64_FORMAT "\n  tie_break_distance: %" G_GUINT64_FORMAT
                           "\n  slot: %" G_GUINT64_FORMAT " ms\n",
                           worlds_between(stream, 5, 60), k, worlds_between(stream, 0, 6),
                           worlds_between(stream, 2, 10) * 100);
    if (random_below(stream, 2))
        g_string_append_printf(text, "  settlement_depth: %" G_GUINT64_FORMAT "\n", worlds_between(stream, 1, k));
    if (random_below(stream, 2))
        g_string_append_printf(text, "  epoch: %" G_GUINT64_FORMAT "\n", worlds_between(stream, 5, 60));
}

static void target(GString *text, struct random_stream *stream)
{
    static const char *const ways[] = {"share", "stake"};
    uint64_t way = random_below(stream, 3);
    if (way < 2)
        g_string_append_printf(text, ", %s: %" G_GUINT64_FORMAT " %%", ways[way], worlds_between(stream, 10, 70));
}

static void partition_sides(GString *text, struct random_stream *stream)
{
    uint64_t first = worlds_between(stream, 10, 80), second = worlds_between(stream, 5, 95 - first);
    g_string_append_printf(text, ", groups_by: %s", random_below(stream, 2) ? "nodes" : "stake");
    if (random_below(stream, 2))
        g_string_append_printf(text, ", groups: [%" G_GUINT64_FORMAT " %%, %" G_GUINT64_FORMAT " %%]", first,
                               100 - first);
    else
        g_string_append_printf(
            text, ", groups: [%" G_GUINT64_FORMAT " %%, %" G_GUINT64_FORMAT " %%, %" G_GUINT64_FORMAT " %%]", first,
            second, 100 - first - second);
}

static void one_fault(GString *text, struct random_stream *stream, uint64_t within_s)
{
    uint64_t at = random_below(stream, within_s), lasts = worlds_between(stream, 1, within_s - at);
    g_string_append_printf(text, "  - {at: %" G_GUINT64_FORMAT " s, for: %" G_GUINT64_FORMAT " s, ", at, lasts);
    const char *drop = random_below(stream, 3) ? "off" : "on";
    switch (random_below(stream, 8)) {
    case 0:
        g_string_append_printf(text, "kind: crash, drop: %s", drop);
        target(text, stream);
        break;
    case 1:
        g_string_append_printf(
            text, "kind: delay, extra: %" G_GUINT64_FORMAT " ms, stretch: %" G_GUINT64_FORMAT " %%, every: 15 min",
            worlds_between(stream, 10, 5000), random_below(stream, 3) * 50);
        target(text, stream);
        break;
    case 2:
        g_string_append_printf(text, "kind: loss, probability: %" G_GUINT64_FORMAT " %%",
                               worlds_between(stream, 1, 60));
        target(text, stream);
        break;
    case 3:
        g_string_append_printf(
            text, "kind: churn, drop: %s, mean_up: %" G_GUINT64_FORMAT " s, mean_down: %" G_GUINT64_FORMAT " s", drop,
            worlds_between(stream, 2, 20), worlds_between(stream, 1, 10));
        target(text, stream);
        break;
    case 4:
        g_string_append_printf(text,
                               "kind: congestion, extra: %" G_GUINT64_FORMAT " ms, period: %" G_GUINT64_FORMAT " s",
                               worlds_between(stream, 10, 2000), worlds_between(stream, 1, 30));
        target(text, stream);
        break;
    case 5: {
        bool slow = strstr(text->str, "relay:") && random_below(stream, 2);
        g_string_append_printf(text,
                               slow ? "kind: processors, speed: %" G_GUINT64_FORMAT " %%"
                                    : "kind: bandwidth, rate: %" G_GUINT64_FORMAT " kbit/s",
                               worlds_between(stream, 1, slow ? 100 : 200));
        target(text, stream);
        break;
    }
    case 6:
        g_string_append_printf(
            text, "kind: maintenance, takes: %" G_GUINT64_FORMAT " ms, at_once: %" G_GUINT64_FORMAT " %%, drop: %s",
            worlds_between(stream, 100, MIN(3000, lasts * 1000)), worlds_between(stream, 1, 50), drop);
        target(text, stream);
        break;
    default:
        g_string_append_printf(text, "kind: partition, drop: %s", drop);
        partition_sides(text, stream);
    }
    g_string_append(text, "}\n");
}

void random_faults(GString *text, struct random_stream *stream, uint64_t most, uint64_t within_s)
{
    uint64_t count = random_below(stream, most + 1);
    g_string_append(text, count ? "faults:\n" : "");
    for (uint64_t f = 0; f < count; f++)
        one_fault(text, stream, within_s);
}

static void misbehave(GString *text, struct random_stream *stream, uint64_t percent)
{
    switch (random_below(stream, 4)) {
    case 0:
        g_string_append(text, "{kind: silent");
        break;
    case 1:
        g_string_append(text, "{kind: double_voting");
        break;
    case 2:
        g_string_append(text, "{kind: equivocating_proposer");
        break;
    default:
        g_string_append_printf(text, "{kind: delayed_voting, delay: %" G_GUINT64_FORMAT " ms",
                               worlds_between(stream, 10, 3000));
    }
    if (random_below(stream, 4) == 0)
        g_string_append_printf(text, ", from: %" G_GUINT64_FORMAT " s, until: %" G_GUINT64_FORMAT " s",
                               worlds_between(stream, 0, 5), worlds_between(stream, 10, 40));
    g_string_append_printf(text, ", stake: %" G_GUINT64_FORMAT " %%}\n", percent);
}

void random_misbehaviour(GString *text, struct random_stream *stream, uint64_t percent)
{
    uint64_t first = random_below(stream, 3) ? worlds_between(stream, percent / 4, percent) : percent;
    g_string_append(text, "adversary: ");
    misbehave(text, stream, first);
    for (uint64_t left = percent - first; left;) {
        uint64_t next = left > 6 ? worlds_between(stream, left / 3, left) : left;
        g_string_append(text, left == percent - first ? "behaviours:\n  - " : "  - ");
        misbehave(text, stream, next);
        left -= next;
    }
}

void random_transactions(GString *text, struct random_stream *stream)
{
    static const char *const kinds[] = {"poisson", "constant", "bursts"}, *const sizes[] = {"value", "median"};
    static const char *const orders[] = {"fee", "arrival"}, *const details[] = {"full", "summary"};
    static const char *const entrances[] = {"everywhere", "nodes"}, *const full[] = {"drop_lowest_fee", "refuse"};
    g_string_append_printf(text,
                           "transactions: {kind: %s, rate: %" G_GUINT64_FORMAT " tx/s, size: {%s: %" G_GUINT64_FORMAT
                           "}, fee: {median: 500}, order: %s, detail: %s, enter: {kind: %s}, spread: %" G_GUINT64_FORMAT
                           " ms, mempool: {bytes: %" G_GUINT64_FORMAT " kB, when_full: %s",
                           kinds[random_below(stream, 3)], worlds_between(stream, 1, 200),
                           sizes[random_below(stream, 2)], worlds_between(stream, 1, 40000),
                           orders[random_below(stream, 2)], details[random_below(stream, 2)],
                           entrances[random_below(stream, 2)], worlds_between(stream, 0, 3000),
                           worlds_between(stream, 10, 20000), full[random_below(stream, 2)]);
    if (random_below(stream, 2))
        g_string_append_printf(text, ", expiry: %" G_GUINT64_FORMAT " s", worlds_between(stream, 1, 20));
    g_string_append(text, "}}\n");
}
