/* SPDX-License-Identifier: MIT */
#include "cli/warnings.h"

#include "base/quantity.h"
#include "base/vector.h"
#include "cli/cli.h"
#include "experiment/shares.h"

#include <stdio.h>

/* A set whose share has come to nobody. */
struct empty_set {
    struct world_share share; /* as it was at the first point */
    uint32_t number;          /* among the sets of its point */
    uint64_t point, points;   /* the first one, and how many there are */
    uint64_t empty, runs;     /* at that point: of so many runs */
};

/* What runs say of their files. */
struct note {
    const char *text;       /* interned */
    uint64_t point, points; /* the first that said it, and how many did */
};

struct warnings {
    const struct scenario *scenario;
    VECTOR(struct note) notes;
    VECTOR(struct empty_set) sets;
    uint32_t most; /* sets of a point */
};

struct warnings *warnings_new(const struct scenario *scenario)
{
    struct warnings *warnings = g_new0(struct warnings, 1);
    warnings->scenario = scenario;
    return warnings;
}

void warnings_free(struct warnings *warnings)
{
    vector_release(&warnings->notes);
    vector_release(&warnings->sets);
    g_free(warnings);
}

/* Taking note. */

/* The same adversary, fault or side, whatever a sweep makes of it. */
static struct empty_set *find(const struct warnings *warnings, const struct world_share *share, uint32_t number)
{
    for (size_t i = 0; i < warnings->sets.count; i++) {
        struct empty_set *set = &warnings->sets.at[i];
        if (set->share.fault == share->fault && set->share.side == share->side &&
            (share->fault != ID_NONE || set->number == number))
            return set;
    }
    return NULL;
}

static void note_set(struct warnings *warnings, const struct point_tally *tally, const struct world_share *share,
                     uint32_t number)
{
    struct empty_set *known = find(warnings, share, number);
    if (known) {
        known->points++;
        return;
    }
    struct empty_set set = {.share = *share,
                            .number = number,
                            .point = tally->point,
                            .points = 1,
                            .empty = tally->shares[number].empty,
                            .runs = tally->fine};
    set.share.name = g_intern_string(share->name);
    set.share.realised = tally->shares[number].first;
    vector_push(&warnings->sets, set);
}

static void note_text(struct warnings *warnings, const char *text, uint64_t point)
{
    for (size_t i = 0; i < warnings->notes.count; i++)
        if (g_str_equal(warnings->notes.at[i].text, text)) {
            warnings->notes.at[i].points++;
            return;
        }
    vector_push(&warnings->notes, (struct note){g_intern_string(text), point, 1});
}

static void note_texts(struct warnings *warnings, const struct point_tally *tally)
{
    char **texts = g_strsplit(tally->notes, "\n", -1);
    for (char **text = texts; *text; text++)
        note_text(warnings, *text, tally->point);
    g_strfreev(texts);
}

void warnings_note(struct warnings *warnings, const struct point_tally *tally)
{
    note_texts(warnings, tally);
    struct world_share *asked = NULL;
    uint32_t count = 0;
    warnings->most = MAX(warnings->most, tally->share_count);
    for (uint32_t s = 0; s < MIN(tally->share_count, RUN_SHARES_MOST); s++) {
        if (!tally->shares[s].empty)
            continue;
        if (!asked)
            asked = shares_at(warnings->scenario, tally->point, &count);
        if (s < count && asked[s].asked.denominator && asked[s].asked.numerator)
            note_set(warnings, tally, &asked[s], s);
    }
    g_free(asked);
}

/* Telling. */

static char *print_share(struct ratio share)
{
    static const struct param param = {.key = "share", .type = PARAM_SHARE};
    return quantity_print(&param, &share);
}

/* A percentage of four digits that is not below the share; exact where that has no more of them. g_free it. */
static char *print_at_least(struct ratio share)
{
    const uint64_t four_digits = 1000, finest = UINT64_C(10000000000000000000);
    for (uint64_t denominator = 100;; denominator *= 10) {
        uint128 scaled = (uint128)share.numerator * denominator;
        uint64_t digits = (uint64_t)((scaled + share.denominator - 1) / share.denominator);
        if (scaled % share.denominator == 0 || digits >= four_digits || denominator == finest)
            return print_share((struct ratio){digits, denominator});
    }
}

static void tell_adversary(const struct world_share *share, const char *asked)
{
    const struct realised_share *realised = &share->realised;
    fprintf(stderr, "`%s` controls nobody: ", share->name);
    if (realised->units_total)
        fprintf(stderr, "each of the %u validators that it may take has more than %s of the stake",
                realised->units_total, asked);
    else
        fprintf(stderr, "it asks for %s of the stake, but others have taken every validator", asked);
}

static void tell_fault(const struct world_share *share, const char *asked)
{
    fprintf(stderr, "`faults.%u` (%s) hits nobody", share->fault, share->name);
    if (share->side)
        fprintf(stderr, " on side %u, for which it asks for %s of %s%u nodes", share->side, asked,
                share->of_stake ? "the stake of " : "", share->realised.units_total);
    else if (share->of_stake)
        fprintf(stderr, ": each of the %u nodes has more than %s of the stake", share->realised.units_total, asked);
    else
        fprintf(stderr, ": %s of %u nodes is less than one", asked, share->realised.units_total);
}

static void tell_more_points(uint64_t points)
{
    if (points > 1)
        fprintf(stderr, "; and so at %" G_GUINT64_FORMAT " more point%s", points - 1, points == 2 ? "" : "s");
    fputc('\n', stderr);
}

static void tell_set(const struct warnings *warnings, const struct empty_set *set, const char *about)
{
    char *asked = print_share(set->share.asked), *where = cli_name_point(warnings->scenario, set->point);
    fprintf(stderr, "%s: warning: %s", about, where);
    if (set->share.fault == ID_NONE)
        tell_adversary(&set->share, asked);
    else
        tell_fault(&set->share, asked);
    if (set->share.realised.least.denominator) {
        char *least = print_at_least(set->share.realised.least);
        fprintf(stderr, "; the least share that gets one is %s", least);
        g_free(least);
    }
    if (set->empty < set->runs)
        fprintf(stderr, " (in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs)", set->empty, set->runs);
    tell_more_points(set->points);
    g_free(where);
    g_free(asked);
}

static void tell_note(const struct warnings *warnings, const struct note *note, const char *about)
{
    char *where = cli_name_point(warnings->scenario, note->point);
    fprintf(stderr, "%s: warning: %s%s", about, where, note->text);
    tell_more_points(note->points);
    g_free(where);
}

void warnings_tell(const struct warnings *warnings, const char *about)
{
    for (size_t i = 0; i < warnings->notes.count; i++)
        tell_note(warnings, &warnings->notes.at[i], about);
    for (size_t i = 0; i < warnings->sets.count; i++)
        tell_set(warnings, &warnings->sets.at[i], about);
    if (warnings->most > RUN_SHARES_MOST)
        fprintf(stderr,
                "%s: warning: there are %u adversaries, faults and sides of partitions that choose somebody; runs.csv "
                "tells the shares of the first %d\n",
                about, warnings->most, RUN_SHARES_MOST);
}
