/* SPDX-License-Identifier: MIT */
/* How verdicts fell, in sentences. */
#include "report/words.h"

#include "base/interval.h"

#include <math.h>
#include <string.h>

/* "safety", "safety and liveness", "safety, liveness and conservation" */
static void append_names(GString *text, const enum verdict_id *ids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : i + 1 < count ? ", " : " and ", verdict_kinds[ids[i]].name);
}

/* In how many runs, of those that could be judged, all of them: "the one run", "all 108 runs". */
static char *all_runs(uint64_t runs)
{
    if (runs == 1)
        return g_strdup("the one run");
    char *count = words_count(runs, "run");
    char *text = runs == 2 ? g_strdup("both runs") : g_strdup_printf("all %s", count);
    g_free(count);
    return text;
}

static void append_clause(GString *text)
{
    if (text->len)
        g_string_append(text, "; ");
}

/* The verdicts that were violated, a clause each. */
static void append_violated(GString *text, const struct findings *findings)
{
    for (int v = 0; v < VERDICTS; v++) {
        const struct verdict_tally *runs = &findings->verdicts[v].runs;
        uint64_t judged = runs->held + runs->violated;
        if (runs->violated == 0)
            continue;
        append_clause(text);
        char *all = all_runs(judged), *some = words_count(judged, "run");
        g_string_append_printf(text, "%s was violated in ", verdict_kinds[v].name);
        if (runs->violated == judged)
            g_string_append(text, all);
        else
            g_string_append_printf(text, "%" G_GUINT64_FORMAT " of %s", runs->violated, some);
        g_free(some);
        g_free(all);
    }
}

/* Those that held wherever they were judged; apart where not in equally many runs. */
static void append_held(GString *text, const struct findings *findings)
{
    bool told[VERDICTS] = {false};
    for (int v = 0; v < VERDICTS; v++) {
        const struct verdict_tally *runs = &findings->verdicts[v].runs;
        if (told[v] || runs->violated || !runs->held)
            continue;
        enum verdict_id same[VERDICTS];
        size_t count = 0;
        for (int w = v; w < VERDICTS; w++) {
            const struct verdict_tally *others = &findings->verdicts[w].runs;
            told[w] |= !others->violated && others->held == runs->held;
            if (!others->violated && others->held == runs->held)
                same[count++] = (enum verdict_id)w;
        }
        append_clause(text);
        append_names(text, same, count);
        char *all = all_runs(runs->held);
        g_string_append_printf(text, " held in %s", all);
        g_free(all);
    }
}

static void append_open(GString *text, const struct findings *findings)
{
    enum verdict_id open[VERDICTS];
    size_t count = 0;
    for (int v = 0; v < VERDICTS; v++)
        if (findings->verdicts[v].runs.held + findings->verdicts[v].runs.violated == 0)
            open[count++] = (enum verdict_id)v;
    if (count == 0)
        return;
    append_clause(text);
    append_names(text, open, count);
    g_string_append_printf(text, " %s not judged", count == 1 ? "was" : "were");
}

char *words_headline(const struct findings *findings)
{
    if (findings->runs == findings->failed)
        return g_strdup("No run came to its end.");
    GString *text = g_string_new(NULL);
    append_violated(text, findings);
    append_held(text, findings);
    append_open(text, findings);
    text->str[0] = g_ascii_toupper(text->str[0]);
    g_string_append_c(text, '.');
    return g_string_free(text, FALSE);
}

/* What no violation in so many runs still leaves open. */
static void append_bound(GString *text, uint64_t runs, bool at_each_point)
{
    struct interval interval = interval_of_proportion(runs, runs);
    const char *where = at_each_point ? " at each point" : "";
    if (interval.low <= 0)
        return; /* nothing is bounded: words_limits says so */
    char *most = words_percent(1 - interval.low);
    g_string_append_printf(
        text, " That leaves up to %s of such runs%s that violate it (95 %%, 3/N with N = %" G_GUINT64_FORMAT ").", most,
        where, runs);
    g_free(most);
}

static void append_all_held(GString *text, const struct findings *findings, const struct findings_verdict *verdict)
{
    char *all = all_runs(verdict->runs.held);
    g_string_append_printf(text, "Held in %s", all);
    if (findings_is_swept(findings)) {
        char *points = words_count(verdict->points, "point");
        g_string_append_printf(text, " at %s", points);
        g_free(points);
    }
    g_string_append_c(text, '.');
    append_bound(text, verdict->fewest, findings_is_swept(findings) && verdict->points > 1);
    g_free(all);
}

static void append_share(GString *text, const struct verdict_tally *tally)
{
    uint64_t judged = tally->held + tally->violated;
    struct interval interval = interval_of_proportion(tally->violated, judged);
    char *low = words_percent(interval.low), *high = words_percent(interval.high),
         *share = words_percent((double)tally->violated / (double)judged);
    g_string_append_printf(text, ": %s, 95 %% interval %s to %s (%s)", share, low, high,
                           words_method(interval_method_name(interval.method)));
    g_free(share);
    g_free(high);
    g_free(low);
}

static void append_some_violated(GString *text, const struct findings *findings, const struct findings_verdict *verdict)
{
    uint64_t judged = verdict->runs.held + verdict->runs.violated;
    char *runs = words_count(judged, "run"), *all = all_runs(judged);
    if (verdict->runs.violated == judged)
        g_string_append_printf(text, "Violated in %s", all);
    else
        g_string_append_printf(text, "Violated in %" G_GUINT64_FORMAT " of %s", verdict->runs.violated, runs);
    g_free(all);
    if (findings_is_swept(findings)) {
        char *points = words_count(verdict->points, "point"), *worst = words_point(findings, verdict->worst);
        g_string_append_printf(text,
                               ", at %" G_GUINT64_FORMAT " of %s; most often at %s, in %" G_GUINT64_FORMAT
                               " of %" G_GUINT64_FORMAT " runs",
                               verdict->points_violated, points, worst, verdict->at_worst.violated,
                               verdict->at_worst.held + verdict->at_worst.violated);
        append_share(text, &verdict->at_worst);
        g_free(worst);
        g_free(points);
    } else if (judged > 1) {
        append_share(text, &verdict->runs);
    }
    g_string_append_c(text, '.');
    g_free(runs);
}

/* Rounded down, so that it never reads 100 %. */
static void append_judged(GString *text, const struct findings *findings)
{
    if (findings->judged_s < findings->judgeable_s * (1 - 1e-9))
        g_string_append_printf(text, " It was judged in %.0f %% of the time; faults that pass cover the rest.",
                               floor(100 * findings->judged_s / findings->judgeable_s));
}

char *words_verdict(const struct findings *findings, enum verdict_id id)
{
    const struct findings_verdict *verdict = &findings->verdicts[id];
    GString *text = g_string_new(NULL);
    if (verdict->runs.violated)
        append_some_violated(text, findings, verdict);
    else if (verdict->runs.held)
        append_all_held(text, findings, verdict);
    else
        g_string_append_printf(text, "Not judged: it applies %s.", verdict_kinds[id].applies);
    if (verdict->runs.open && verdict->runs.held + verdict->runs.violated) {
        char *open = words_count(verdict->runs.open, "run");
        g_string_append_printf(text, " In %s it did not apply.", open);
        g_free(open);
    }
    if (id == VERDICT_LIVENESS && verdict->runs.held + verdict->runs.violated)
        append_judged(text, findings);
    return g_string_free(text, FALSE);
}

/* Decimals that say nothing: 20.000000000 s is 20 s. */
static char *without_zeros(const char *text)
{
    GString *plain = g_string_new(NULL);
    bool in_decimals = false;
    for (const char *at = text; *at; at++) {
        bool is_digit = g_ascii_isdigit(*at);
        bool begins = *at == '.' && at > text && g_ascii_isdigit(at[-1]) && g_ascii_isdigit(at[1]);
        if (in_decimals && !is_digit) {
            while (plain->str[plain->len - 1] == '0')
                g_string_truncate(plain, plain->len - 1);
            if (plain->str[plain->len - 1] == '.')
                g_string_truncate(plain, plain->len - 1);
        }
        in_decimals = begins || (in_decimals && is_digit);
        g_string_append_c(plain, *at);
    }
    return g_string_free(plain, FALSE);
}

char *words_violation(const struct findings *findings, enum verdict_id id)
{
    const struct findings_verdict *verdict = &findings->verdicts[id];
    if (!verdict->runs.violated || (!verdict->first && findings->runs == 1))
        return NULL;
    char *what = without_zeros(verdict->first ? verdict->first : "");
    char *text =
        g_strdup_printf("%s run %" G_GUINT64_FORMAT "-%u%s%s.", verdict->runs.violated == 1 ? "In" : "First in",
                        verdict->first_point, verdict->first_replication, *what ? ": " : "", what);
    g_free(what);
    return text;
}
