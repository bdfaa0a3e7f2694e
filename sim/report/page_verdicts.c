/* SPDX-License-Identifier: MIT */
/* What came of it all: verdicts, and what was expected. */
#include "report/page_parts.h"

#include <math.h>

static const char *tone_of(const struct findings *findings)
{
    bool all_met = true, violated = false, held = false;
    for (size_t c = 0; c < findings->claims.count; c++)
        all_met &= findings->claims.at[c].met == findings->claims.at[c].points;
    for (int v = 0; v < VERDICTS; v++) {
        violated |= findings->verdicts[v].runs.violated > 0;
        held |= findings->verdicts[v].runs.held > 0;
    }
    if (findings->claims.count)
        return all_met && findings->runs > findings->failed ? "good" : "bad";
    return violated ? "bad" : held ? "good" : "open";
}

void page_headline(struct html *html, const struct findings *findings)
{
    char *classes = g_strconcat("headline ", tone_of(findings), NULL);
    char *verdicts = words_headline(findings), *expectations = words_expectations(findings);
    html_begin_classed(html, "p", classes);
    html_text(html, verdicts);
    if (expectations)
        html_format(html, " %s", expectations);
    if (findings->failed)
        html_format(html, " %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs failed.", findings->failed,
                    findings->runs);
    html_end(html);
    g_free(expectations);
    g_free(verdicts);
    g_free(classes);
}

static void write_verdict(struct html *html, const struct findings *findings, enum verdict_id id)
{
    const struct verdict_tally *runs = &findings->verdicts[id].runs;
    html_begin(html, "li");
    html_begin(html, "h3");
    html_format(html, "%s ", verdict_kinds[id].name);
    if (runs->violated)
        page_mark(html, "bad", "violated");
    else
        page_mark(html, runs->held ? "good" : "open", runs->held ? "held" : "not judged");
    html_end(html);
    page_paragraph(html, NULL, words_verdict(findings, id));
    char *violation = words_violation(findings, id);
    if (violation)
        html_element(html, "p", violation);
    g_free(violation);
    html_begin_classed(html, "p", "note");
    html_format(html, "Judged: %s.", verdict_kinds[id].meaning);
    html_end(html);
    html_end(html);
}

void page_verdicts(struct page *page, const struct page_results *results)
{
    struct html *html = &page->html;
    page_section(page, "verdict", "Verdict", "Verdict");
    page_headline(html, results->findings);
    html_begin_classed(html, "ul", "verdicts");
    for (int v = 0; v < VERDICTS; v++)
        write_verdict(html, results->findings, (enum verdict_id)v);
    html_end(html);
    page_section_end(page);
}

/* Expectations. */

static void write_metric(struct html *html, enum metric_id metric)
{
    html_begin(html, "th");
    html_attribute(html, "scope", "row");
    page_text(html, label_metric(metrics[metric].name));
    html_begin(html, "small");
    html_element(html, "code", metrics[metric].name);
    html_end(html);
    html_end(html);
}

static void write_claim(struct html *html, const struct findings *findings, const struct findings_claim *claim)
{
    const struct expectation *expectation = claim->expectation;
    enum metric_id metric = (enum metric_id)expectation->metric;
    double most = claim_most(expectation);
    struct scale scale = words_scale(metric, isfinite(most) ? most : claim_least(expectation));
    bool met = claim->points && claim->met == claim->points;
    page_row(html);
    write_metric(html, metric);
    html_begin(html, "td");
    page_text(html, words_bounds(expectation));
    html_end(html);
    html_begin(html, "td");
    page_text(html, words_quantity(claim->finding.mean, &scale));
    html_begin(html, "small");
    page_text(html, words_interval(&claim->finding, &scale));
    if (claim->points > 1) {
        char *where = words_point(findings, claim->shown);
        html_format(html, ", at %s", where);
        g_free(where);
    }
    html_end(html);
    html_end(html);
    html_begin(html, "td");
    char *word = words_claim(findings, claim);
    page_mark(html, met ? "good" : "bad", word);
    g_free(word);
    html_end(html);
    page_cell(html, expectation->source ? expectation->source : "no source given");
    page_row_end(html);
}

void page_claims_table(struct page *page, const struct page_results *results)
{
    static const char *const headings[] = {"Metric", "Expected", "Measured", "Result", "Source", NULL};
    const struct findings *findings = results->findings;
    page_table(page,
               findings->table.points.count > 1
                   ? "What the scenario expects of the mean over the runs of a point; measured at the first point "
                     "where it is not met, or else the first"
                   : "What the scenario expects of the mean over the runs",
               false);
    page_headings(&page->html, headings, 0);
    for (size_t c = 0; c < findings->claims.count; c++)
        write_claim(&page->html, findings, &findings->claims.at[c]);
    page_table_end(page);
}

void page_claims(struct page *page, const struct page_results *results)
{
    if (results->findings->claims.count == 0)
        return;
    page_section(page, "expectations", "Expectations", "Expectations");
    page_claims_table(page, results);
    page_section_end(page);
}
