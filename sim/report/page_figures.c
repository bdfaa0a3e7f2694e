/* SPDX-License-Identifier: MIT */
/* Key figures, and the drawings. */
#include "report/page_parts.h"
#include "report/svg.h"

#include <math.h>
#include <string.h>

#define KEY_FIGURES 6

static void write_value(struct html *html, const char *number, const char *unit)
{
    html_begin_classed(html, "strong", "value");
    html_text(html, number);
    if (*unit) {
        html_text(html, " ");
        html_classed(html, "span", "unit", unit);
    }
    html_end(html);
}

static void write_one(struct html *html, const struct finding *finding, enum metric_id metric)
{
    struct scale scale = words_scale(metric, finding->mean);
    char *number = words_number(finding->mean / scale.factor), *interval = words_interval(finding, &scale);
    write_value(html, number, scale.unit);
    html_begin_classed(html, "span", "interval");
    html_text(html, interval);
    if (finding->n > 1 && strcmp(finding->method, "NA") != 0)
        html_format(html, " (%s, %" G_GUINT64_FORMAT " runs)", words_method(finding->method), finding->n);
    html_end(html);
    g_free(interval);
    g_free(number);
}

/* "Least 159.1 (157.2 to 160.3) at point 0", which leads to its row. */
static void write_end(struct html *html, const struct findings *findings, const char *which,
                      const struct finding *finding, size_t place, const struct scale *scale)
{
    struct scale bare = {.factor = scale->factor};
    char *value = words_quantity(finding->mean, &bare), *range = words_range(finding->low, finding->high, &bare);
    html_begin_classed(html, "span", "interval");
    html_format(html, "%s %s%s%s%s at ", which, value, isnan(finding->low) ? "" : " (",
                isnan(finding->low) ? "" : range, isnan(finding->low) ? "" : ")");
    char *name = g_strdup_printf("point %" G_GUINT64_FORMAT, findings->table.points.at[place]);
    if (place < findings->points.count) {
        char *address = g_strdup_printf("#point-%" G_GUINT64_FORMAT, findings->table.points.at[place]);
        html_link(html, address, name);
        g_free(address);
    } else {
        html_text(html, name);
    }
    html_end(html);
    g_free(name);
    g_free(range);
    g_free(value);
}

static void write_range(struct html *html, const struct findings *findings, enum metric_id metric)
{
    const struct findings_range *range = &findings->ranges[metric];
    struct scale scale = words_scale(metric, range->most.mean);
    char *low = words_number(range->least.mean / scale.factor), *high = words_number(range->most.mean / scale.factor);
    bool same = strcmp(low, high) == 0;
    char *number = same ? g_strdup(low) : g_strdup_printf("%s to %s", low, high);
    write_value(html, number, scale.unit);
    if (same) {
        html_classed(html, "span", "interval", "at every point");
    } else {
        write_end(html, findings, "Least", &range->least, range->least_at, &scale);
        write_end(html, findings, "Greatest", &range->most, range->most_at, &scale);
    }
    g_free(number);
    g_free(high);
    g_free(low);
}

void page_key_figures(struct page *page, const struct page_results *results)
{
    const struct findings *findings = results->findings;
    struct html *html = &page->html;
    enum metric_id keys[KEY_FIGURES];
    size_t count = findings_key_metrics(findings, keys, KEY_FIGURES);
    page_section(page, "key-figures", "Key figures", "Key figures");
    html_classed(html, "p", "note",
                 findings->table.points.count > 1
                     ? "Means over the runs of a point: the least and the greatest of them, with 95 % intervals."
                     : "Means over the runs.");
    html_begin_classed(html, "ul", "tiles");
    for (size_t k = 0; k < count; k++) {
        const struct findings_range *range = &findings->ranges[keys[k]];
        char *label = label_metric(metrics[keys[k]].name);
        html_begin(html, "li");
        html_classed(html, "span", "label", label);
        if (range->points == 0)
            html_classed(html, "span", "interval", "not available");
        else if (findings->table.points.count > 1)
            write_range(html, findings, keys[k]);
        else
            write_one(html, &range->least, keys[k]);
        html_end(html);
        g_free(label);
    }
    html_end(html);
    page_section_end(page);
}

/* Drawings. */

static void write_drawing(struct page *page, const struct page_results *results, const struct drawing *drawing)
{
    struct html *html = &page->html;
    char *prefix = g_strdup_printf("drawing-%u", ++page->drawings);
    GError *error = NULL;
    html_begin(html, "figure");
    html_begin_classed(html, "div", "frame");
    if (!svg_write(html, drawing->svg, prefix, drawing->words, &error)) {
        html_element(html, "p", error->message);
        g_error_free(error);
    }
    html_end(html);
    html_begin(html, "figcaption");
    html_classed_format(html, "b", NULL, "%s.", drawing->title);
    html_format(html, " %s ", drawing->caption);
    page_file_link(html, results, drawing->data, "Data");
    html_text(html, ", ");
    page_file_link(html, results, drawing->file, "drawing");
    html_text(html, ".");
    html_end(html);
    html_end(html);
    g_free(prefix);
}

static void write_missing(struct html *html, const struct drawings *drawings)
{
    bool any = false;
    for (size_t i = 0; i < drawings->list.count; i++)
        any |= drawings->list.at[i].why != NULL;
    if (!any)
        return;
    html_classed(html, "p", "note", "Not drawn:");
    html_begin_classed(html, "ul", "note prose");
    for (size_t i = 0; i < drawings->list.count; i++) {
        const struct drawing *drawing = &drawings->list.at[i];
        if (!drawing->why)
            continue;
        html_begin(html, "li");
        html_element(html, "code", drawing->name);
        html_format(html, ": %s", drawing->why);
        html_end(html);
    }
    html_end(html);
}

void page_drawings_grid(struct page *page, const struct page_results *results)
{
    const struct drawings *drawings = results->drawings;
    html_begin_classed(&page->html, "div", "figures");
    for (size_t i = 0; i < drawings->list.count; i++)
        if (drawings->list.at[i].svg)
            write_drawing(page, results, &drawings->list.at[i]);
    html_end(&page->html);
}

void page_drawings(struct page *page, const struct page_results *results)
{
    if (!results->drawings && !results->no_drawings)
        return;
    page_section(page, "figures", "Figures", "Figures");
    if (results->drawings) {
        page_drawings_grid(page, results);
        write_missing(&page->html, results->drawings);
    }
    if (results->no_drawings)
        html_element(&page->html, "p", results->no_drawings);
    page_section_end(page);
}
