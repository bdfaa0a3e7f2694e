/* SPDX-License-Identifier: MIT */
/* Every metric with its definition; the shares that were realised; what the results do not say. */
#include "report/page_parts.h"

#include <math.h>
#include <string.h>

/* The name of a metric, as tables have it, and what it is. */
static void write_name(struct html *html, enum metric_id metric)
{
    html_begin(html, "th");
    html_attribute(html, "scope", "row");
    html_element(html, "code", metrics[metric].name);
    html_classed(html, "small", "definition", metrics[metric].definition);
    html_end(html);
}

static void write_unit(struct html *html, const struct scale *scale)
{
    page_cell(html, *scale->unit ? scale->unit : "1");
}

static void write_single(struct page *page, const struct findings *findings)
{
    static const char *const headings[] = {"Metric", "Unit",   "Mean", "95 % interval", "Method", "SD",
                                           "5 %",    "Median", "95 %", "Runs",          NULL};
    struct html *html = &page->html;
    page_table(page, "Means over the runs, their intervals, and how the runs spread", true);
    page_headings(html, headings, 0x3ec);
    for (int m = 0; m < METRICS; m++) {
        const struct finding *finding = &findings->ranges[m].least;
        if (findings->ranges[m].points == 0)
            continue;
        struct scale scale = words_scale((enum metric_id)m, finding->mean), bare = {.factor = scale.factor};
        page_row(html);
        write_name(html, (enum metric_id)m);
        write_unit(html, &scale);
        page_number(html, finding->mean, &scale);
        html_begin_classed(html, "td", "number");
        if (isnan(finding->low))
            html_text(html, finding->n > 1 && finding->deviation <= 0 ? "all alike" : "none");
        else
            page_text(html, words_range(finding->low, finding->high, &bare));
        html_end(html);
        page_cell(html, words_method(finding->method));
        page_number(html, finding->deviation, &scale);
        page_number(html, finding->p05, &scale);
        page_number(html, finding->p50, &scale);
        page_number(html, finding->p95, &scale);
        page_count(html, finding->n);
        page_row_end(html);
    }
    page_table_end(page);
}

static void write_swept(struct page *page, const struct findings *findings)
{
    static const char *const headings[] = {"Metric",   "Unit",   "Least mean", "at point", "Greatest mean",
                                           "at point", "Points", "Runs each",  NULL};
    struct html *html = &page->html;
    page_table(page, "The least and the greatest mean of each metric over all points, with 95 % intervals below", true);
    page_headings(html, headings, 0xfc);
    for (int m = 0; m < METRICS; m++) {
        const struct findings_range *range = &findings->ranges[m];
        if (range->points == 0)
            continue;
        struct scale scale = words_scale((enum metric_id)m, range->most.mean);
        page_row(html);
        write_name(html, (enum metric_id)m);
        write_unit(html, &scale);
        page_finding(html, &range->least, &scale);
        page_count(html, findings->table.points.at[range->least_at]);
        page_finding(html, &range->most, &scale);
        page_count(html, findings->table.points.at[range->most_at]);
        page_count(html, range->points);
        page_count(html, range->runs_most);
        page_row_end(html);
    }
    page_table_end(page);
}

/* Those that have no value anywhere, with when they would. */
static void write_missing(struct html *html, const struct findings *findings)
{
    bool any = false;
    for (int m = 0; m < METRICS; m++)
        any |= findings->ranges[m].points == 0;
    if (!any)
        return;
    html_classed(html, "p", "note", "Without a value here:");
    html_begin_classed(html, "ul", "note prose");
    for (int m = 0; m < METRICS; m++) {
        if (findings->ranges[m].points)
            continue;
        html_begin(html, "li");
        html_element(html, "code", metrics[m].name);
        html_format(html, ", which is there %s", metrics[m].applies);
        html_end(html);
    }
    html_end(html);
}

void page_metrics(struct page *page, const struct page_results *results)
{
    const struct findings *findings = results->findings;
    struct html *html = &page->html;
    unsigned known = 0;
    for (int m = 0; m < METRICS; m++)
        known += findings->ranges[m].points > 0;
    page_section(page, "metrics", "Metrics", "All metrics");
    html_begin(html, "details");
    html_classed_format(html, "summary", NULL, "%u metrics and what each of them is", known);
    if (findings->table.points.count > 1)
        write_swept(page, findings);
    else
        write_single(page, findings);
    write_missing(html, findings);
    html_end(html);
    page_section_end(page);
}

/* Shares. */

void page_shares(struct page *page, const struct page_results *results)
{
    static const char *const headings[] = {"Share", "Least", "Mean", "Greatest", "Runs", NULL};
    static const struct scale percent = {.unit = "%", .factor = .01};
    const struct findings *findings = results->findings;
    struct html *html = &page->html;
    if (findings->shares.count == 0)
        return;
    page_section(page, "shares", "Shares", "Realised shares");
    html_classed(html, "p", "note",
                 "Adversaries and faults take whole validators and nodes, so what a scenario asks for is met as nearly "
                 "as they allow. This is what it came to.");
    page_table(page, "Shares over all runs, in percent", false);
    page_headings(html, headings, 0x1e);
    for (size_t s = 0; s < findings->shares.count; s++) {
        const struct findings_share *share = &findings->shares.at[s];
        page_row(html);
        html_begin(html, "th");
        html_attribute(html, "scope", "row");
        page_text(html, words_share(share->column));
        html_begin(html, "small");
        html_element(html, "code", share->column);
        html_end(html);
        html_end(html);
        page_number(html, share->runs ? share->least : NAN, &percent);
        page_number(html, share->runs ? share->sum / (double)share->runs : NAN, &percent);
        page_number(html, share->runs ? share->most : NAN, &percent);
        page_count(html, share->runs);
        page_row_end(html);
    }
    page_table_end(page);
    page_section_end(page);
}

/* What is not claimed. */

struct limit {
    char *text;
    GString *names;
    size_t count;
};

static void add_limit(GArray *limits, char *text, const char *name)
{
    guint at = 0;
    while (at < limits->len && strcmp(g_array_index(limits, struct limit, at).text, text) != 0)
        at++;
    if (at == limits->len) {
        struct limit limit = {.text = g_strdup(text), .names = g_string_new(NULL)};
        g_array_append_val(limits, limit);
    }
    struct limit *limit = &g_array_index(limits, struct limit, at);
    g_string_append_printf(limit->names, "%s%s", limit->count ? ", " : "", name);
    limit->count++;
}

/* Of several results each sentence once, with those that it does not hold for all of. */
void page_limits(struct page *page, const struct page_results *results, size_t count)
{
    struct html *html = &page->html;
    GArray *limits = g_array_new(FALSE, FALSE, sizeof(struct limit));
    for (size_t i = 0; i < count; i++) {
        GPtrArray *texts = words_limits(results[i].findings);
        for (guint t = 0; t < texts->len; t++)
            add_limit(limits, texts->pdata[t], results[i].findings->name);
        g_ptr_array_unref(texts);
    }
    page_section(page, "limits", "Limits", "What this does not say");
    html_begin_classed(html, "ul", "prose");
    for (guint i = 0; i < limits->len; i++) {
        struct limit *limit = &g_array_index(limits, struct limit, i);
        html_begin(html, "li");
        html_text(html, limit->text);
        if (limit->count < count)
            html_classed_format(html, "span", "note", " (%s)", limit->names->str);
        html_end(html);
        g_string_free(limit->names, TRUE);
        g_free(limit->text);
    }
    html_end(html);
    page_section_end(page);
    g_array_free(limits, TRUE);
}
