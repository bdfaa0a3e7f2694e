/* SPDX-License-Identifier: MIT */
/* The points of a sweep, a row each, with controls by which rows are found. */
#include "report/page_parts.h"

#include <math.h>
#include <string.h>

#define COLUMNS_MOST 5
#define CHOICES_MOST 16 /* values of a key that are offered to choose from */

/* What the table has beside the swept keys. */
struct columns {
    enum metric_id metrics[COLUMNS_MOST];
    struct scale scales[COLUMNS_MOST];
    size_t count;
    struct scale *keys; /* by swept key */
};

static double largest_value(const struct findings *findings, size_t key)
{
    double largest = NAN;
    for (size_t p = 0; p < findings->table.points.count; p++) {
        double value = sweep_table_value(&findings->table, p, key)->number;
        largest = isnan(largest) || value > largest ? value : largest;
    }
    return largest;
}

static struct columns choose_columns(const struct findings *findings)
{
    struct columns columns = {.keys = g_new0(struct scale, findings->table.keys.count + 1)};
    columns.count = findings_varying_metrics(findings, columns.metrics, COLUMNS_MOST);
    for (size_t c = 0; c < columns.count; c++)
        columns.scales[c] = words_scale(columns.metrics[c], findings->ranges[columns.metrics[c]].most.mean);
    for (size_t k = 0; k < findings->table.keys.count; k++)
        columns.keys[k] = scale_exact(findings->table.keys.at[k].unit, largest_value(findings, k));
    return columns;
}

static char *key_heading(const struct swept_key *key, const struct scale *scale)
{
    return *scale->unit ? g_strdup_printf("%s (%s)", key->key, scale->unit) : g_strdup(key->key);
}

static char *key_text(const struct swept_value *value, const struct scale *scale)
{
    return isnan(value->number) ? g_strdup(value->text) : label_number(value->number, scale, 9);
}

/* Controls. */

static bool is_new(const struct findings *findings, size_t key, size_t place)
{
    const char *text = sweep_table_value(&findings->table, place, key)->text;
    for (size_t p = 0; p < place; p++)
        if (strcmp(sweep_table_value(&findings->table, p, key)->text, text) == 0)
            return false;
    return true;
}

static void write_choice(struct html *html, const struct findings *findings, size_t key, const struct scale *scale,
                         size_t points)
{
    size_t values = 0;
    for (size_t p = 0; p < points && values <= CHOICES_MOST; p++)
        values += is_new(findings, key, p);
    if (values < 2 || values > CHOICES_MOST)
        return;
    char *heading = key_heading(&findings->table.keys.at[key], scale);
    html_begin(html, "label");
    html_text(html, heading);
    html_begin(html, "select");
    html_attribute_format(html, "data-column", "%zu", key + 1);
    html_begin(html, "option");
    html_attribute(html, "value", "");
    html_text(html, "all");
    html_end(html);
    for (size_t p = 0; p < points; p++) {
        if (!is_new(findings, key, p))
            continue;
        char *text = key_text(sweep_table_value(&findings->table, p, key), scale);
        html_begin(html, "option");
        html_attribute(html, "value", text);
        html_text(html, text);
        html_end(html);
        g_free(text);
    }
    html_end(html);
    html_end(html);
    g_free(heading);
}

static void write_filter(struct page *page, const struct findings *findings, const struct columns *columns)
{
    struct html *html = &page->html;
    html_begin_classed(html, "form", "filter");
    html_attribute_format(html, "data-table", "table-%u", page->tables + 1);
    html_attribute(html, "hidden", "");
    html_begin(html, "label");
    html_text(html, "Find rows with");
    html_begin(html, "input");
    html_attribute(html, "type", "search");
    html_attribute(html, "autocomplete", "off");
    html_end(html);
    html_end(html);
    for (size_t k = 0; k < findings->table.keys.count; k++)
        write_choice(html, findings, k, &columns->keys[k], findings->points.count);
    html_begin(html, "output");
    html_attribute(html, "aria-live", "polite");
    html_end(html);
    html_end(html);
}

/* The table. */

static void write_headings(struct html *html, const struct findings *findings, const struct columns *columns)
{
    GPtrArray *headings = g_ptr_array_new_with_free_func(g_free);
    uint64_t numbers = 1;
    g_ptr_array_add(headings, g_strdup("Point"));
    for (size_t k = 0; k < findings->table.keys.count; k++) {
        numbers |= (uint64_t)findings->table.keys.at[k].numeric << headings->len;
        g_ptr_array_add(headings, key_heading(&findings->table.keys.at[k], &columns->keys[k]));
    }
    numbers |= UINT64_C(1) << headings->len;
    g_ptr_array_add(headings, g_strdup("Runs"));
    g_ptr_array_add(headings, g_strdup("Verdict"));
    for (size_t c = 0; c < columns->count; c++) {
        char *label = label_metric(metrics[columns->metrics[c]].name);
        numbers |= UINT64_C(1) << headings->len;
        g_ptr_array_add(headings, label_axis(label, &columns->scales[c]));
        g_free(label);
    }
    g_ptr_array_add(headings, NULL);
    page_headings(html, (const char *const *)headings->pdata, numbers);
    g_ptr_array_free(headings, TRUE);
}

/* "held", or which verdicts were violated in how many runs. */
static void write_verdict(struct html *html, const struct findings_point *point)
{
    uint64_t violated = 0, held = 0;
    for (int v = 0; v < VERDICTS; v++) {
        violated += point->verdicts[v].violated;
        held += point->verdicts[v].held;
    }
    html_begin_classed(html, "td", "brief");
    html_attribute_format(html, "data-value", "%" G_GUINT64_FORMAT, violated);
    if (!violated)
        html_text(html, held ? "held" : "not judged");
    for (int v = 0; v < VERDICTS; v++) {
        const struct verdict_tally *tally = &point->verdicts[v];
        if (tally->violated)
            html_classed_format(html, "div", NULL, "%s violated in %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT,
                                verdict_kinds[v].name, tally->violated, tally->held + tally->violated);
    }
    html_end(html);
}

static void write_row(struct html *html, const struct findings *findings, const struct columns *columns,
                      const struct findings_point *point)
{
    page_row(html);
    html_begin_classed(html, "th", "number");
    html_attribute(html, "scope", "row");
    html_attribute_format(html, "id", "point-%" G_GUINT64_FORMAT, point->number);
    html_attribute_format(html, "data-value", "%" G_GUINT64_FORMAT, point->number);
    html_format(html, "%" G_GUINT64_FORMAT, point->number);
    html_end(html);
    for (size_t k = 0; k < findings->table.keys.count; k++) {
        const struct swept_value *value = sweep_table_value(&findings->table, point->place, k);
        char *text = key_text(value, &columns->keys[k]);
        html_begin_classed(html, "td", findings->table.keys.at[k].numeric ? "number" : NULL);
        if (!isnan(value->number))
            html_attribute(html, "data-value", value->text);
        html_text(html, text);
        html_end(html);
        g_free(text);
    }
    page_count(html, point->runs - point->failed);
    write_verdict(html, point);
    for (size_t c = 0; c < columns->count; c++)
        page_finding(html, &point->metrics[columns->metrics[c]], &columns->scales[c]);
    page_row_end(html);
}

void page_points(struct page *page, const struct page_results *results)
{
    const struct findings *findings = results->findings;
    if (!findings_is_swept(findings))
        return;
    struct columns columns = choose_columns(findings);
    page_section(page, "points", "Points", "Points");
    if (findings->table.points.count > findings->points.count) {
        char *shown = words_count(findings->points.count, "point"),
             *all = words_number((double)findings->table.points.count);
        html_format(&page->html, "The first %s of %s; ", shown, all);
        page_file_link(&page->html, results, "summary.csv", "summary.csv has all");
        html_text(&page->html, ".");
        g_free(all);
        g_free(shown);
    }
    write_filter(page, findings, &columns);
    page_table(page, "Each point of the sweep: means over its runs, with 95 % intervals below them", true);
    write_headings(&page->html, findings, &columns);
    for (size_t p = 0; p < findings->points.count; p++)
        write_row(&page->html, findings, &columns, &findings->points.at[p]);
    page_table_end(page);
    page_section_end(page);
    g_free(columns.keys);
}
