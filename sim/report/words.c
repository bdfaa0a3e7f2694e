/* SPDX-License-Identifier: MIT */
#include "report/words.h"

#include "base/decimal.h"

#include <math.h>
#include <string.h>

#define DIGITS         4
#define LARGEST_WHOLE  1e15
#define SMALLEST_PLAIN 1e-4

/* The digits before the point in groups of three. */
static char *grouped(const char *number)
{
    size_t whole = strspn(number, "-0123456789"), sign = *number == '-';
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < whole; i++) {
        if (i > sign && (whole - i) % 3 == 0)
            g_string_append_c(text, ',');
        g_string_append_c(text, number[i]);
    }
    g_string_append(text, number + whole);
    return g_string_free(text, FALSE);
}

char *words_number(double value)
{
    char printed[DECIMAL_SIZE];
    double size = fabs(value);
    bool whole = size < LARGEST_WHOLE && floor(value) >= value;
    if (whole) {
        g_snprintf(printed, sizeof printed, "%" G_GINT64_FORMAT, (gint64)value);
        return grouped(printed);
    }
    decimal_print(printed, value, DIGITS);
    if (size >= LARGEST_WHOLE || size < SMALLEST_PLAIN || !isfinite(value))
        return g_strdup(printed);
    /* digits that were rounded away come back as zeros, not as an exponent */
    char *end;
    double rounded = g_ascii_strtod(printed, &end);
    if (strchr(printed, 'e'))
        g_snprintf(printed, sizeof printed, "%" G_GINT64_FORMAT, (gint64)rounded);
    return grouped(printed);
}

char *words_count(uint64_t count, const char *noun)
{
    char *number = words_number((double)count), *text = g_strdup_printf("%s %s%s", number, noun, count == 1 ? "" : "s");
    g_free(number);
    return text;
}

char *words_quantity(double value, const struct scale *scale)
{
    char *number = words_number(value / scale->factor);
    char *text = g_strconcat(number, scale->unit[0] && !isnan(value) ? " " : "", isnan(value) ? "" : scale->unit, NULL);
    g_free(number);
    return text;
}

char *words_range(double low, double high, const struct scale *scale)
{
    char *from = words_number(low / scale->factor), *to = words_quantity(high, scale);
    char *text = g_strdup_printf("%s to %s", from, to);
    g_free(from);
    g_free(to);
    return text;
}

char *words_percent(double share)
{
    char printed[DECIMAL_SIZE];
    return g_strdup_printf("%s %%", decimal_print(printed, 100 * share, 3));
}

struct scale words_scale(enum metric_id metric, double largest)
{
    return scale_exact(metrics[metric].unit, largest);
}

char *words_interval(const struct finding *finding, const struct scale *scale)
{
    if (!isnan(finding->low)) {
        char *range = words_range(finding->low, finding->high, scale);
        char *text = g_strdup_printf("95 %% interval %s", range);
        g_free(range);
        return text;
    }
    if (finding->n == 0)
        return g_strdup("not available");
    if (finding->n == 1)
        return g_strdup("one run, so no interval");
    char *runs = words_count(finding->n, "run");
    bool same = finding->deviation <= 0;
    char *text =
        same ? g_strdup_printf("the same in all %s", runs) : g_strdup_printf("%s: too few for an interval", runs);
    g_free(runs);
    return text;
}

char *words_finding(const struct finding *finding, const struct scale *scale)
{
    char *value = words_quantity(finding->mean, scale), *interval = words_interval(finding, scale);
    char *text = g_strdup_printf("%s (%s)", value, interval);
    g_free(interval);
    g_free(value);
    return text;
}

const char *words_method(const char *name)
{
    static const char *const methods[][2] = {
        {"hall95", "Hall's t"},      {"order95", "order statistics"},
        {"wilson95", "Wilson"},      {"exact95", "Clopper-Pearson"},
        {"zero95", "rule of three"}, {"jackknife95", "jackknife"},
        {"batch95", "batch means"},  {"NA", "none"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        if (strcmp(name, methods[i][0]) == 0)
            return methods[i][1];
    return name;
}

char *words_extent(const struct findings *findings)
{
    uint64_t points = findings->table.points.count;
    if (points <= 1)
        return findings->runs == 1 ? g_strdup("one run") : words_count(findings->runs, "run");
    char *count = words_count(points, "point"), *runs = words_count(findings->most_runs, "run");
    char *text = findings->fewest_runs == findings->most_runs
                     ? g_strdup_printf("%s of %s each", count, runs)
                     : g_strdup_printf("%s of %" G_GUINT64_FORMAT " to %s each", count, findings->fewest_runs, runs);
    g_free(runs);
    g_free(count);
    return text;
}

char *words_point(const struct findings *findings, size_t place)
{
    if (!findings_is_swept(findings))
        return g_strdup("the only point");
    char *values = findings_point_values(findings, place);
    char *text = g_strdup_printf("point %" G_GUINT64_FORMAT " (%s)", findings->table.points.at[place], values);
    g_free(values);
    return text;
}

char *words_share(const char *column)
{
    char **words = g_strsplit(column, "_", 3);
    char *text = NULL;
    if (words[0] && words[1] && words[2] && strcmp(words[0], "share") == 0) {
        text = g_strdup_printf("stake of %s", words[2]);
    } else if (words[0] && words[1] && words[2] && strcmp(words[0], "fault") == 0) {
        bool of_stake = g_str_has_suffix(words[2], "_stake_share");
        const char *end = g_strrstr(words[2], of_stake ? "_stake_share" : "_node_share");
        char *name = end ? g_strndup(words[2], (gsize)(end - words[2])) : g_strdup(words[2]);
        char *side = g_strrstr(name, "_side_");
        bool has_side = side && side[6] && strspn(side + 6, "0123456789") == strlen(side + 6);
        if (has_side)
            *side = '\0';
        text = has_side ? g_strdup_printf("%s on side %s of fault %s", of_stake ? "stake" : "nodes", side + 6, name)
                        : g_strdup_printf("%s that fault %s hits", of_stake ? "stake" : "nodes", name);
        g_free(name);
    }
    g_strfreev(words);
    return text ? text : g_strdup(column);
}

char *words_bounds(const struct expectation *expectation)
{
    double least = claim_least(expectation), most = claim_most(expectation);
    double largest = isfinite(most) ? most : least;
    struct scale scale = words_scale((enum metric_id)expectation->metric, largest);
    bool has_least = isfinite(least), has_most = isfinite(most);
    char *low = words_quantity(least, &scale), *high = words_quantity(most, &scale), *text;
    if (has_least && has_most)
        text = least < most ? words_range(least, most, &scale) : g_strdup_printf("exactly %s", low);
    else
        text = has_least ? g_strdup_printf("at least %s", low) : g_strdup_printf("at most %s", high);
    g_free(high);
    g_free(low);
    return text;
}

char *words_expectations(const struct findings *findings)
{
    size_t count = findings->claims.count, met = 0;
    for (size_t c = 0; c < count; c++)
        met += findings->claims.at[c].points > 0 && findings->claims.at[c].met == findings->claims.at[c].points;
    if (count == 0)
        return NULL;
    if (count == 1)
        return g_strdup(met ? "What was expected was met." : "What was expected was not met.");
    if (met == count)
        return g_strdup_printf(count == 2 ? "Both expectations were met." : "All %zu expectations were met.", count);
    return g_strdup_printf("%zu of %zu expectations %s met.", met, count, met == 1 ? "was" : "were");
}

char *words_claim(const struct findings *findings, const struct findings_claim *claim)
{
    (void)findings;
    if (claim->points > 1)
        return claim->met == claim->points
                   ? g_strdup_printf("met at all %" G_GUINT64_FORMAT " points", claim->points)
                   : g_strdup_printf("met at %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " points", claim->met,
                                     claim->points);
    return g_strdup(claim->status == CLAIM_UNKNOWN ? "not measured" : claim->met ? "met" : "not met");
}
