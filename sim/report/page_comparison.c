/* SPDX-License-Identifier: MIT */
/* Two results side by side: what differs in what was asked, and in what came of it. */
#include "base/decimal.h"
#include "report/page_parts.h"

#include <math.h>
#include <string.h>

#define ROWS_MOST 4000

/* Settings. */

/* "path = value" in two parts; the text is changed and must outlive them. */
struct setting {
    const char *path, *value;
};

static size_t split_settings(char *text, struct setting *settings, size_t most)
{
    size_t count = 0;
    for (char *line = text; *line && count < most;) {
        char *end = strchr(line, '\n'), *sign = strstr(line, " = ");
        if (!end)
            break;
        *end = '\0';
        if (sign && sign < end) {
            *sign = '\0';
            settings[count++] = (struct setting){line, sign + 3};
        }
        line = end + 1;
    }
    return count;
}

static const char *find_setting(const struct setting *settings, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(settings[i].path, path) == 0)
            return settings[i].value;
    return NULL;
}

static void write_setting(struct html *html, const char *path, const char *one, const char *other)
{
    page_row(html);
    html_begin(html, "th");
    html_attribute(html, "scope", "row");
    html_element(html, "code", path);
    html_end(html);
    page_cell(html, one ? one : "not there");
    page_cell(html, other ? other : "not there");
    page_row_end(html);
}

static const char *title_of(const struct page_results *results)
{
    return results->findings->name;
}

static void write_settings(struct page *page, const struct page_results results[2])
{
    enum { MOST = 4000 };
    const char *const headings[] = {"Key", title_of(&results[0]), title_of(&results[1]), NULL};
    GString *texts[2] = {g_string_new(NULL), g_string_new(NULL)};
    struct setting *settings[2] = {g_new0(struct setting, MOST), g_new0(struct setting, MOST)};
    size_t counts[2];
    for (int side = 0; side < 2; side++) {
        scenario_write_values(results[side].findings->scenario, texts[side]);
        counts[side] = split_settings(texts[side]->str, settings[side], MOST);
    }
    page_table(page, "The keys of the two scenarios whose values differ", false);
    page_headings(&page->html, headings, 0);
    for (size_t i = 0; i < counts[0]; i++) {
        const char *other = find_setting(settings[1], counts[1], settings[0][i].path);
        if (g_strcmp0(settings[0][i].value, other) != 0)
            write_setting(&page->html, settings[0][i].path, settings[0][i].value, other);
    }
    for (size_t i = 0; i < counts[1]; i++)
        if (!find_setting(settings[0], counts[0], settings[1][i].path))
            write_setting(&page->html, settings[1][i].path, NULL, settings[1][i].value);
    page_table_end(page);
    for (int side = 0; side < 2; side++) {
        g_free(settings[side]);
        g_string_free(texts[side], TRUE);
    }
}

/* "point 4 (protocol.slot 1 s)" */
static char *where_is(const struct findings *findings, const struct compared_runs *runs)
{
    size_t place = 0;
    while (place + 1 < findings->table.points.count && findings->table.points.at[place] != runs->point)
        place++;
    return words_point(findings, place);
}

static void write_what_differs(struct page *page, const struct page_results results[2],
                               const struct comparison_list *list)
{
    struct html *html = &page->html;
    page_section(page, "settings", "What differs", "What differs");
    bool same = results[0].findings == results[1].findings;
    if (same) {
        const struct comparison *one = &list->all.at[0];
        const struct findings *findings = results[0].findings;
        for (int side = 0; side < 2; side++) {
            char *where = where_is(findings, side ? one->second : one->first);
            html_classed_format(html, "p", NULL, "The %s: %s of %s.", side ? "second" : "first", where, findings->name);
            g_free(where);
        }
    } else if (results[0].findings->scenario && results[1].findings->scenario) {
        write_settings(page, results);
    } else {
        html_element(html, "p", "A scenario could not be read, so what differs in them is not told.");
    }
    page_section_end(page);
}

/* Differences. */

static const char *tone_of(const struct comparison *comparison)
{
    enum metric_better better = metrics[comparison->metric].better;
    double mean = comparison->difference.mean;
    if (!comparison->established || better == BETTER_NONE)
        return "open";
    return (better == BETTER_LOWER) == (mean < 0) ? "good" : "bad";
}

/* What it comes to for the first side, where more or less of the metric is better; else in which direction. */
static const char *outcome_of(const struct comparison *comparison)
{
    const char *tone = tone_of(comparison);
    if (*tone == 'o' && !comparison->established)
        return isnan(comparison->difference.p_value) ? "too few pairs" : "not established";
    if (*tone == 'o')
        return comparison->difference.mean > 0 ? "first is higher" : "first is lower";
    return *tone == 'g' ? "first is better" : "first is worse";
}

/* The difference as a share of the second mean, signed. */
static void write_relative(struct html *html, const struct comparison *one)
{
    double share = one->difference.mean / one->difference.second_mean;
    html_begin_classed(html, "td", "number");
    if (isfinite(share)) {
        char printed[DECIMAL_SIZE];
        html_attribute(html, "data-value", decimal_print(printed, share, 9));
        html_format(html, "%s%s %%", share > 0 ? "+" : "", decimal_print(printed, 100 * share, 3));
    } else {
        html_attribute(html, "data-value", "");
        html_text(html, "NA");
    }
    html_end(html);
}

static void write_short(struct html *html, double value, const char *text)
{
    char printed[DECIMAL_SIZE];
    html_begin_classed(html, "td", "number");
    html_attribute(html, "data-value", isnan(value) ? "" : decimal_print(printed, value, 9));
    html_text(html, text);
    html_end(html);
}

static void write_p_value(struct html *html, double value)
{
    char printed[DECIMAL_SIZE];
    write_short(html, value, value < .001 ? "< 0.001" : decimal_print(printed, value, 2));
}

static void write_correlation(struct html *html, double value)
{
    char printed[DECIMAL_SIZE];
    write_short(html, value, decimal_print(printed, value, 3));
}

static void write_row(struct html *html, const struct comparison *one, bool with_points)
{
    const struct paired_difference *difference = &one->difference;
    double largest = fmax(fabs(one->difference.first_mean), fabs(one->difference.second_mean));
    struct scale scale = words_scale(one->metric, largest);
    struct finding shown = {
        .mean = difference->mean, .low = difference->interval.low, .high = difference->interval.high};
    page_row(html);
    html_begin(html, "th");
    html_attribute(html, "scope", "row");
    page_text(html, label_metric(metrics[one->metric].name));
    html_begin(html, "small");
    html_element(html, "code", metrics[one->metric].name);
    html_end(html);
    html_end(html);
    if (with_points) {
        page_count(html, one->first->point);
        page_count(html, one->second->point);
    }
    html_begin(html, "td");
    page_mark(html, tone_of(one), outcome_of(one));
    html_end(html);
    page_cell(html, *scale.unit ? scale.unit : "1");
    page_number(html, one->difference.first_mean, &scale);
    page_number(html, one->difference.second_mean, &scale);
    page_finding(html, &shown, &scale);
    write_relative(html, one);
    write_p_value(html, one->adjusted_p_value);
    write_correlation(html, difference->correlation);
    page_row_end(html);
}

static void write_differences(struct page *page, const struct comparison_list *list)
{
    struct html *html = &page->html;
    bool several = false;
    for (size_t i = 1; i < list->all.count; i++)
        several |= list->all.at[i].first != list->all.at[0].first;
    static const char *const of_one[] = {"Metric",     "Outcome",  "Unit",       "First",       "Second",
                                         "Difference", "Relative", "Adjusted p", "Correlation", NULL};
    static const char *const of_several[] = {"Metric",   "First point", "Second point", "Outcome",
                                             "Unit",     "First",       "Second",       "Difference",
                                             "Relative", "Adjusted p",  "Correlation",  NULL};
    page_table(
        page,
        "Paired differences, first minus second: the mean over the pairs with its 95 % interval, the same as a "
        "share of the second, Holm's adjusted p-value, and the correlation of the two runs of a pair; the outcome "
        "is told at 5 %, as better or worse where the metric says which is",
        true);
    page_headings(html, several ? of_several : of_one, several ? 0x7e6 : 0x1f8);
    size_t rows = 0, same = 0, left_out = 0;
    for (size_t i = 0; i < list->all.count; i++) {
        bool none = comparison_is_none(&list->all.at[i]);
        same += none;
        left_out += !none && rows >= ROWS_MOST;
        if (!none && rows < ROWS_MOST) {
            write_row(html, &list->all.at[i], several);
            rows++;
        }
    }
    page_table_end(page);
    if (left_out)
        html_classed_format(html, "p", "note", "%zu more differences are not shown; posim compare --csv prints all.",
                            left_out);
    if (same)
        html_classed_format(html, "p", "note", "The same in every pair, and not shown: %zu of the values compared.",
                            same);
}

static void write_outcomes(struct page *page, const struct comparison_list *list)
{
    struct html *html = &page->html;
    size_t of, established = comparison_list_established(list, &of);
    page_section(page, "differences", "Differences", "Differences");
    html_begin_classed(html, "p", "headline open");
    if (of == 0)
        html_text(html, "Nothing differs: every pair of runs gave the same.");
    else
        html_format(html,
                    "%zu of %zu differences %s established at 5 %%, corrected for looking at all of them (Holm 1979). "
                    "Of the others it cannot be said that there is any.",
                    established, of, established == 1 ? "is" : "are");
    html_end(html);
    char *luck = comparison_list_luck(list);
    if (luck)
        html_element(html, "p", luck);
    g_free(luck);
    write_differences(page, list);
    page_section_end(page);
}

/* Both sides. */

static size_t sides(const struct page_results results[2])
{
    return results[0].findings == results[1].findings ? 1 : 2;
}

static void write_verdicts(struct page *page, const struct page_results results[2])
{
    struct html *html = &page->html;
    page_section(page, "verdict", "Verdicts", "Verdicts");
    for (size_t side = 0; side < sides(results); side++) {
        html_element(html, "h3", title_of(&results[side]));
        page_headline(html, results[side].findings);
    }
    page_section_end(page);
}

static void write_drawings(struct page *page, const struct page_results results[2])
{
    page_section(page, "figures", "Figures", "Figures");
    for (size_t side = 0; side < sides(results); side++) {
        html_element(&page->html, "h3", title_of(&results[side]));
        if (results[side].drawings)
            page_drawings_grid(page, &results[side]);
        if (results[side].no_drawings)
            html_element(&page->html, "p", results[side].no_drawings);
    }
    page_section_end(page);
}

/* "sweep, point 4", of two points of one directory; else what it is called. */
static char *name_of(const struct page_results *results, const struct compared_runs *runs, bool is_point)
{
    return is_point ? g_strdup_printf("point %" G_GUINT64_FORMAT, runs->point) : g_strdup(title_of(results));
}

char *page_of_comparison(const struct page_results results[2], const struct comparison_list *list, const char *scripts,
                         GError **error)
{
    struct page page;
    page_init(&page);
    write_outcomes(&page, list);
    write_what_differs(&page, results, list);
    write_verdicts(&page, results);
    write_drawings(&page, results);
    page_limits(&page, results, sides(results));
    page_reproduce(&page, results, sides(results));
    page_files(&page, results, sides(results));
    const struct comparison *pair = &list->all.at[0];
    bool are_points = sides(results) == 1;
    char *first = name_of(&results[0], pair->first, are_points),
         *second = name_of(&results[1], pair->second, are_points);
    char *title = g_strdup_printf("%s%s%s against %s", are_points ? title_of(&results[0]) : "", are_points ? ": " : "",
                                  first, second);
    char *pairs = words_number((double)MIN(pair->first->replications.count, pair->second->replications.count));
    char *first_where = are_points ? where_is(results[0].findings, pair->first) : g_strdup(first),
         *second_where = are_points ? where_is(results[1].findings, pair->second) : g_strdup(second);
    const char *question = findings_question(results[0].findings);
    struct page_head head = {
        .kind = "Results of posim: a comparison",
        .title = title,
        .question = g_strcmp0(question, findings_question(results[1].findings)) == 0 ? question : NULL,
        .facts = {{"First", first_where}, {"Second", second_where}, {"Pairs of runs at a point", pairs}},
    };
    char *whole = page_finish(&page, &head, scripts, error);
    g_free(second_where);
    g_free(first_where);
    g_free(pairs);
    g_free(title);
    g_free(second);
    g_free(first);
    return whole;
}
