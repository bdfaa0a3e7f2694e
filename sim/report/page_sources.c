/* SPDX-License-Identifier: MIT */
/* Where it all comes from: the scenario, what made the results, how to make them again, the files. */
#include "experiment/results.h"
#include "report/page_parts.h"

#include <string.h>

static void write_pre(struct html *html, const char *text)
{
    html_begin(html, "pre");
    html_attribute(html, "tabindex", "0");
    html_element(html, "code", text);
    html_end(html);
}

/* Of several results each is folded away. */
static void begin_folded(struct html *html, const struct page_results *results)
{
    html_begin(html, "details");
    html_element(html, "summary", results->findings->name);
}

static char *read_file(const struct findings *findings, const char *name)
{
    char *path = g_build_filename(findings->folder, name, NULL), *text = NULL;
    g_file_get_contents(path, &text, NULL, NULL);
    g_free(path);
    return text;
}

void page_scenario(struct page *page, const struct page_results *results)
{
    const struct findings *findings = results->findings;
    struct html *html = &page->html;
    char *whole = read_file(findings, results_files[RESULTS_SCENARIO]);
    page_section(page, "scenario", "Scenario", "Scenario");
    if (findings->scenario) {
        GString *changed = g_string_new(NULL);
        scenario_write_changed(findings->scenario, changed);
        html_element(html, "p",
                     "What differs from the defaults; all else is as posim has it by default. This is a "
                     "scenario that can be run.");
        write_pre(html, changed->str);
        g_string_free(changed, TRUE);
    }
    if (whole) {
        html_begin(html, "details");
        html_element(html, "summary", "The whole scenario, every key written out");
        write_pre(html, whole);
        html_end(html);
    }
    page_section_end(page);
    g_free(whole);
}

/* A word as a shell takes it for one. */
static void append_word(GString *command, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%^";
    char *quoted = *word && strspn(word, plain) == strlen(word) ? g_strdup(word) : g_shell_quote(word);
    g_string_append_printf(command, " %s", quoted);
    g_free(quoted);
}

static char *command_line(const struct findings *findings)
{
    GString *command = g_string_new("posim");
    for (char **argument = findings->arguments; *argument; argument++)
        append_word(command, *argument);
    return g_string_free(command, FALSE);
}

static char *command_with(const char *before, const char *word, const char *after)
{
    GString *command = g_string_new(before);
    append_word(command, word);
    g_string_append(command, after);
    return g_string_free(command, FALSE);
}

static void write_step(struct html *html, const char *words, char *command)
{
    html_element(html, "p", words);
    write_pre(html, command);
    g_free(command);
}

static void write_maker(struct html *html, const struct findings *findings)
{
    const char *const rows[][2] = {
        {"Version", findings->version},     {"Commit", findings->commit}, {"Compiler", findings->compiler},
        {"Libraries", findings->libraries}, {"Seed", findings->seed},
    };
    html_begin_classed(html, "dl", "rows");
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        html_element(html, "dt", rows[i][0]);
        html_element(html, "dd", rows[i][1]);
    }
    html_end(html);
}

static void write_inputs(struct page *page, const struct findings *findings)
{
    static const char *const headings[] = {"File", "SHA-256", NULL};
    struct html *html = &page->html;
    if (findings->inputs.count == 0)
        return;
    page_table(page, "Files that the runs read, and what was in them", false);
    page_headings(html, headings, 0);
    for (size_t i = 0; i < findings->inputs.count; i++) {
        page_row(html);
        page_row_heading(html, findings->inputs.at[i].file);
        html_begin(html, "td");
        html_element(html, "code", findings->inputs.at[i].sha256);
        html_end(html);
        page_row_end(html);
    }
    page_table_end(page);
}

static void write_reproduction(struct page *page, const struct page_results *results)
{
    const struct findings *findings = results->findings;
    struct html *html = &page->html;
    write_maker(html, findings);
    write_step(html, "The command that made these results:", command_line(findings));
    write_step(html,
               "The same from what is in the directory, beside it; runs.csv and summary.csv are the same bytes with "
               "any number of workers (-j):",
               command_with("posim run", findings->label, "/scenario.yaml -o again"));
    write_step(html, "A sample of the runs again, compared by the hashes of their traces:",
               command_with("posim verify", findings->label, ""));
    write_inputs(page, findings);
}

void page_reproduce(struct page *page, const struct page_results *results, size_t count)
{
    page_section(page, "reproduce", "Reproduce", "How to reproduce it");
    for (size_t i = 0; i < count; i++) {
        if (count > 1)
            begin_folded(&page->html, &results[i]);
        write_reproduction(page, &results[i]);
        if (count > 1)
            html_end(&page->html);
    }
    page_section_end(page);
}

/* Files. */

static void write_file(struct html *html, const struct page_results *results, const char *name, const char *meaning)
{
    char *path = g_build_filename(results->findings->folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        page_row(html);
        html_begin(html, "th");
        html_attribute(html, "scope", "row");
        page_file_link(html, results, name, name);
        html_end(html);
        page_cell(html, meaning);
        page_row_end(html);
    }
    g_free(path);
}

/* Those that are there; reports are not among them, since a page must not depend on which were made before it. */
static void write_files(struct page *page, const struct page_results *results)
{
    static const char *const headings[] = {"File", "What is in it", NULL};
    struct html *html = &page->html;
    page_table(page, "Files of these results, seen from this page", false);
    page_headings(html, headings, 0);
    for (enum results_file file = 0; file < RESULTS_REPORT; file++)
        write_file(html, results, results_files[file], results_about[file].meaning);
    write_file(html, results, RESULTS_INPUTS "/", "the files that the scenario was read from, as they were");
    write_file(html, results, RESULTS_TRACES "/", "what happened in a run, table by table");
    write_file(html, results, RESULTS_REPLAYS "/", "the same of runs that were replayed");
    write_file(html, results, RESULTS_PLOTS "/", "figures, and their data");
    page_table_end(page);
}

void page_files(struct page *page, const struct page_results *results, size_t count)
{
    page_section(page, "files", "Files", "Files");
    for (size_t i = 0; i < count; i++) {
        if (count > 1)
            begin_folded(&page->html, &results[i]);
        write_files(page, &results[i]);
        if (count > 1)
            html_end(&page->html);
    }
    page_section_end(page);
}
