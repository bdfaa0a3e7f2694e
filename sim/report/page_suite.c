/* SPDX-License-Identifier: MIT */
/* Several results that are each about something published: one table of what was expected and what came of it. */
#include "report/page_parts.h"

#include <math.h>
#include <string.h>

/* Results over all directories, by enum claim_status. */
static void count_claims(const struct page_results *results, size_t count, size_t statuses[CLAIM_UNKNOWN + 1])
{
    memset(statuses, 0, (CLAIM_UNKNOWN + 1) * sizeof *statuses);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < results[i].findings->claims.count; c++)
            statuses[results[i].findings->claims.at[c].status]++;
}

static void write_headline(struct html *html, const size_t statuses[CLAIM_UNKNOWN + 1])
{
    size_t all = 0;
    for (int s = 0; s <= CLAIM_UNKNOWN; s++)
        all += statuses[s];
    bool fine = statuses[CLAIM_REPRODUCED] == all && all > 0;
    html_begin_classed(html, "p", fine ? "headline good" : statuses[CLAIM_REFUTED] ? "headline bad" : "headline open");
    if (all == 0)
        html_text(html, "Nothing was expected of these results.");
    else
        html_format(html, "%zu of %zu published results %s reproduced", statuses[CLAIM_REPRODUCED], all,
                    statuses[CLAIM_REPRODUCED] == 1 ? "is" : "are");
    for (int s = CLAIM_INCONCLUSIVE; s <= CLAIM_UNKNOWN; s++)
        if (statuses[s])
            html_format(html, ", %zu %s %s", statuses[s], statuses[s] == 1 ? "is" : "are", claim_status_names[s]);
    if (all)
        html_text(html, ".");
    html_end(html);
}

static const char *tone_of(enum claim_status status)
{
    return status == CLAIM_REPRODUCED ? "good" : status == CLAIM_REFUTED ? "bad" : "open";
}

static void write_interval(struct html *html, const struct findings_claim *claim, const struct scale *scale)
{
    struct scale bare = {.factor = scale->factor};
    html_begin_classed(html, "td", "number");
    if (isnan(claim->low99))
        html_text(html, "none");
    else if (claim->low99 < claim->high99)
        page_text(html, words_range(claim->low99, claim->high99, &bare));
    else
        html_text(html, claim->finding.n == 1 ? "one run" : "all alike");
    html_end(html);
}

static void write_claim(struct html *html, const struct page_results *results, const struct findings_claim *claim,
                        size_t number)
{
    enum metric_id metric = (enum metric_id)claim->expectation->metric;
    double most = claim_most(claim->expectation);
    struct scale scale = words_scale(metric, isfinite(most) ? most : claim_least(claim->expectation));
    page_row(html);
    html_begin(html, "th");
    html_attribute(html, "scope", "row");
    char *address = g_strdup_printf("#results-%zu", number);
    html_link(html, address, results->findings->name);
    g_free(address);
    html_classed(html, "small", "definition", findings_question(results->findings));
    html_end(html);
    html_begin(html, "td");
    page_text(html, label_metric(metrics[metric].name));
    html_begin(html, "small");
    html_element(html, "code", metrics[metric].name);
    html_end(html);
    html_end(html);
    html_begin(html, "td");
    page_text(html, words_bounds(claim->expectation));
    html_end(html);
    page_cell(html, claim->expectation->source ? claim->expectation->source : "no source given");
    html_begin_classed(html, "td", "number");
    page_text(html, words_quantity(claim->finding.mean, &scale));
    html_end(html);
    write_interval(html, claim, &scale);
    page_count(html, claim->finding.n);
    html_begin(html, "td");
    page_mark(html, tone_of(claim->status), claim_status_names[claim->status]);
    html_end(html);
    page_row_end(html);
}

static void write_claims(struct page *page, const struct page_results *results, size_t count)
{
    static const char *const headings[] = {"Scenario",      "Metric", "Published", "Source", "Measured",
                                           "99 % interval", "Runs",   "Result",    NULL};
    struct html *html = &page->html;
    size_t statuses[CLAIM_UNKNOWN + 1];
    count_claims(results, count, statuses);
    page_section(page, "claims", "Published results", "Published results");
    write_headline(html, statuses);
    html_element(
        html, "p",
        "Reproduced: the whole interval at 99 % of what was measured lies within the published value's bounds. "
        "Refuted: it lies outside. Inconclusive: it crosses a bound, or there are too few runs for an "
        "interval. Where all runs give the same value, that value is compared.");
    page_table(page, "What was published, and what was measured", true);
    page_headings(html, headings, 0x70);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < results[i].findings->claims.count; c++)
            write_claim(html, &results[i], &results[i].findings->claims.at[c], i);
    page_table_end(page);
    page_section_end(page);
}

static void write_each(struct page *page, const struct page_results *results, size_t count)
{
    struct html *html = &page->html;
    page_section(page, "scenarios", "Scenarios", "Scenarios");
    for (size_t i = 0; i < count; i++) {
        const struct findings *findings = results[i].findings;
        html_begin(html, "h3");
        html_attribute_format(html, "id", "results-%zu", i);
        html_text(html, findings->name);
        html_end(html);
        if (findings_question(findings))
            html_element(html, "p", findings_question(findings));
        page_headline(html, findings);
        if (findings->scenario) {
            GString *changed = g_string_new(NULL);
            scenario_write_changed(findings->scenario, changed);
            html_begin(html, "details");
            html_element(html, "summary", "What of the scenario differs from the defaults");
            html_begin(html, "pre");
            html_attribute(html, "tabindex", "0");
            html_element(html, "code", changed->str);
            html_end(html);
            html_end(html);
            g_string_free(changed, TRUE);
        }
    }
    page_section_end(page);
}

char *page_of_suite(const struct page_results *results, size_t count, const char *scripts, GError **error)
{
    struct page page;
    page_init(&page);
    write_claims(&page, results, count);
    write_each(&page, results, count);
    page_limits(&page, results, count);
    page_reproduce(&page, results, count);
    page_files(&page, results, count);
    uint64_t runs = 0;
    size_t claims = 0;
    for (size_t i = 0; i < count; i++) {
        runs += results[i].findings->runs;
        claims += results[i].findings->claims.count;
    }
    char *all_runs = words_number((double)runs), *all_claims = words_number((double)claims),
         *scenarios = words_number((double)count);
    struct page_head head = {
        .kind = "Results of posim: several scenarios",
        .title = "What was published, and what was measured",
        .facts = {{"Scenarios", scenarios}, {"Published results", all_claims}, {"Runs", all_runs}},
    };
    char *whole = page_finish(&page, &head, scripts, error);
    g_free(scenarios);
    g_free(all_claims);
    g_free(all_runs);
    return whole;
}
