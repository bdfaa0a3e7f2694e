/* SPDX-License-Identifier: MIT */
/* The page of one results directory. */
#include "report/page_parts.h"

static char *kind_of(const struct findings *findings)
{
    char *extent = words_extent(findings);
    char *text = findings->table.points.count > 1 ? g_strdup_printf("Results of posim: a sweep, %s", extent)
                                                  : g_strdup_printf("Results of posim: %s", extent);
    g_free(extent);
    return text;
}

static char *simulated(const struct findings *findings)
{
    double least = findings->simulated_least_s, most = findings->simulated_most_s;
    struct scale scale = scale_exact("s", most);
    if (findings->runs == findings->failed)
        return g_strdup("nothing");
    char *text = least < most ? words_range(least, most, &scale) : words_quantity(most, &scale);
    char *each = findings->runs > 1 ? g_strconcat(text, " a run", NULL) : g_strdup(text);
    g_free(text);
    return each;
}

char *page_of_results(const struct page_results *results, const char *scripts, GError **error)
{
    const struct findings *findings = results->findings;
    struct page page;
    page_init(&page);
    page_verdicts(&page, results);
    page_key_figures(&page, results);
    page_claims(&page, results);
    page_drawings(&page, results);
    page_points(&page, results);
    page_metrics(&page, results);
    page_shares(&page, results);
    page_limits(&page, results, 1);
    page_scenario(&page, results);
    page_reproduce(&page, results, 1);
    page_files(&page, results, 1);
    char *kind = kind_of(findings), *runs = words_number((double)findings->runs), *time = simulated(findings),
         *maker = g_strdup_printf("%s (%s)", findings->version, findings->commit);
    struct page_head head = {
        .kind = kind,
        .title = findings->name,
        .question = findings_question(findings),
        .facts = {{"Runs", runs}, {"Simulated time", time}, {"Seed", findings->seed}, {"Made by posim", maker}},
    };
    char *whole = page_finish(&page, &head, scripts, error);
    g_free(maker);
    g_free(time);
    g_free(runs);
    g_free(kind);
    return whole;
}
