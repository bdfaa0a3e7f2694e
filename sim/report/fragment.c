/* SPDX-License-Identifier: MIT */
#include "report/fragment.h"

#include "report/tex.h"
#include "report/tex_letter.h"
#include "report/words.h"

#include <math.h>
#include <string.h>

#define COLUMNS_MOST 4
#define POINTS_MOST  60 /* rows that a table in a paper may have */
#define ROWS_MOST    60

#define WIDEST_HEADING 16 /* characters */

static void append_head(GString *out, const char *what, const char *address)
{
    g_string_append(out, "% A report of posim: ");
    tex_text(out, what);
    g_string_append(out, "\n% Needs \\usepackage{graphicx,color}. Where LaTeX runs elsewhere than here, say before\n"
                         "% \\input where the results are: \\newcommand{\\posimdir}{results/demo}\n"
                         "\\providecommand{\\posimdir}{");
    tex_path(out, *address ? address : ".");
    g_string_append(out, "}\n");
    g_string_append(out, tex_letter_definition);
}

/* Tables. */

static void begin_table(GString *out, const char *caption, const char *label, const char *columns)
{
    g_string_append(out, "\n\\begin{table}[htbp]\n\\centering\\small\n\\caption{");
    tex_text(out, caption);
    g_string_append(out, "}\n\\medskip\n\\label{tab:");
    tex_label(out, label);
    /* in a box, so that one that is too wide can be made to fit */
    g_string_append_printf(out, "}\n\\setbox0\\hbox{\\begin{tabular}{%s}\n\\hline\n\\rule{0pt}{2.5ex}%%\n", columns);
}

static void end_table(GString *out)
{
    g_string_append(out, "\\hline\n\\end{tabular}}\n\\ifdim\\wd0>\\linewidth\\resizebox{\\linewidth}{!}{\\box0}"
                         "\\else\\leavevmode\\box0\\fi\n\\end{table}\n");
}

static void cell(GString *out, bool first, char *text)
{
    if (!first)
        g_string_append(out, " & ");
    tex_text(out, text);
    g_free(text);
}

/* The same in a column of paragraphs. */
static void ragged(GString *out, bool first, char *text)
{
    g_string_append(out, first ? "\\raggedright " : " & \\raggedright ");
    cell(out, true, text);
}

/* A heading, in as many lines as it needs. */
static void heading(GString *out, bool first, char *text)
{
    char **words = g_strsplit(text, " ", -1);
    size_t length = 0;
    g_string_append_printf(out, "%s\\shortstack[r]{\\rule{0pt}{2.2ex}", first ? "" : " & ");
    for (char **word = words; *word; word++) {
        bool fits = length == 0 || length + strlen(*word) < WIDEST_HEADING;
        g_string_append(out, length == 0 ? "" : fits ? " " : "\\\\");
        tex_text(out, *word);
        length = (fits ? length + 1 : 0) + strlen(*word);
    }
    g_string_append_c(out, '}');
    g_strfreev(words);
    g_free(text);
}

static void end_row(GString *out)
{
    g_string_append(out, " \\tabularnewline\n");
}

/* Between the headings and the rows. */
static void end_headings(GString *out)
{
    g_string_append(out, " \\tabularnewline\n\\hline\n\\rule{0pt}{2.5ex}%\n");
}

/* A mean, and its interval in brackets; with the unit where no heading has it. */
static char *brief(const struct finding *finding, const struct scale *scale, bool with_unit)
{
    struct scale bare = {.factor = scale->factor};
    char *value = words_quantity(finding->mean, with_unit ? scale : &bare);
    if (isnan(finding->low))
        return value;
    char *range = words_range(finding->low, finding->high, &bare);
    char *text = g_strdup_printf("%s (%s)", value, range);
    g_free(range);
    g_free(value);
    return text;
}

static void append_key_figures(GString *out, const struct findings *findings)
{
    enum metric_id keys[8];
    size_t count = findings_key_metrics(findings, keys, G_N_ELEMENTS(keys));
    char *label = g_strconcat(findings->name, "-key", NULL), *extent = words_extent(findings);
    char *caption = g_strdup_printf("%s: means over %s, with 95 %% intervals.", findings->name, extent);
    begin_table(out, caption, label, "lrr");
    g_string_append(out, "Metric & Mean & 95\\,\\% interval");
    end_headings(out);
    for (size_t k = 0; k < count; k++) {
        const struct findings_range *range = &findings->ranges[keys[k]];
        if (range->points == 0)
            continue;
        struct scale scale = words_scale(keys[k], range->least.mean);
        cell(out, true, label_metric(metrics[keys[k]].name));
        cell(out, false, words_quantity(range->least.mean, &scale));
        cell(out, false,
             isnan(range->least.low)
                 ? g_strdup(range->least.n > 1 && range->least.deviation <= 0 ? "all alike" : "none")
                 : words_range(range->least.low, range->least.high, &scale));
        end_row(out);
    }
    end_table(out);
    g_free(caption);
    g_free(extent);
    g_free(label);
}

static char *key_value(const struct findings *findings, size_t place, size_t key)
{
    const struct swept_value *value = sweep_table_value(&findings->table, place, key);
    struct scale scale = scale_exact(findings->table.keys.at[key].unit, value->number);
    return isnan(value->number) ? g_strdup(value->text) : label_quantity(value->number, &scale, 9);
}

static void append_points(GString *out, const struct findings *findings)
{
    enum metric_id keys[COLUMNS_MOST];
    size_t count = findings_varying_metrics(findings, keys, COLUMNS_MOST), swept = findings->table.keys.count;
    size_t rows = MIN(findings->points.count, POINTS_MOST);
    char *label = g_strconcat(findings->name, "-points", NULL), *extent = words_extent(findings);
    bool is_cut = rows < findings->table.points.count;
    char *caption = g_strdup_printf("%s: means over the runs of a point, with 95 %% intervals; %s%s.", findings->name,
                                    extent, is_cut ? ", of which the first are shown" : "");
    GString *columns = g_string_new(NULL);
    for (size_t c = 0; c < swept + count; c++)
        g_string_append_c(columns, c < swept && !findings->table.keys.at[c].numeric ? 'l' : 'r');
    begin_table(out, caption, label, columns->str);
    for (size_t k = 0; k < swept; k++)
        heading(out, k == 0, label_key(findings->table.keys.at[k].key));
    for (size_t c = 0; c < count; c++) {
        struct scale scale = words_scale(keys[c], findings->ranges[keys[c]].most.mean);
        char *name = label_metric(metrics[keys[c]].name);
        heading(out, swept + c == 0, label_axis(name, &scale));
        g_free(name);
    }
    end_headings(out);
    for (size_t p = 0; p < rows; p++) {
        for (size_t k = 0; k < swept; k++)
            cell(out, k == 0, key_value(findings, p, k));
        for (size_t c = 0; c < count; c++) {
            struct scale scale = words_scale(keys[c], findings->ranges[keys[c]].most.mean);
            cell(out, swept + c == 0, brief(&findings->points.at[p].metrics[keys[c]], &scale, false));
        }
        end_row(out);
    }
    end_table(out);
    g_string_free(columns, TRUE);
    g_free(caption);
    g_free(extent);
    g_free(label);
}

static void append_claims(GString *out, const struct page_results *results, size_t count, const char *label)
{
    size_t claims = 0;
    for (size_t i = 0; i < count; i++)
        claims += results[i].findings->claims.count;
    if (claims == 0)
        return;
    begin_table(out, "What was expected, and what was measured: the mean, and its 99 % interval.", label,
                count > 1 ? "p{.17\\linewidth}p{.14\\linewidth}p{.13\\linewidth}p{.2\\linewidth}rl"
                          : "p{.2\\linewidth}p{.17\\linewidth}p{.25\\linewidth}rl");
    g_string_append(out, count > 1 ? "Scenario & " : "");
    g_string_append(out, "Metric & Expected & Source & Measured & Result");
    end_headings(out);
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < results[i].findings->claims.count; c++) {
            const struct findings_claim *claim = &results[i].findings->claims.at[c];
            enum metric_id metric = (enum metric_id)claim->expectation->metric;
            double most = claim_most(claim->expectation);
            struct scale scale = words_scale(metric, isfinite(most) ? most : claim_least(claim->expectation));
            struct finding measured = claim->finding;
            bool has_interval = claim->low99 < claim->high99;
            measured.low = has_interval ? claim->low99 : NAN;
            measured.high = has_interval ? claim->high99 : NAN;
            if (count > 1)
                ragged(out, true, g_strdup(results[i].findings->name));
            ragged(out, count <= 1, label_metric(metrics[metric].name));
            ragged(out, false, words_bounds(claim->expectation));
            ragged(out, false, g_strdup(claim->expectation->source ? claim->expectation->source : ""));
            cell(out, false, brief(&measured, &scale, true));
            cell(out, false, g_strdup(claim_status_names[claim->status]));
            end_row(out);
        }
    end_table(out);
}

/* Figures. */

static void append_drawings(GString *out, const struct page_results *results)
{
    const struct drawings *drawings = results->drawings;
    for (size_t i = 0; drawings && i < drawings->list.count; i++) {
        const struct drawing *drawing = &drawings->list.at[i];
        if (!drawing->file)
            continue;
        /* the drawing includes a picture that lies beside it, by its name alone */
        g_string_append(out, "\n\\begin{figure}[htbp]\n\\centering\n"
                             "\\graphicspath{{\\posimdir/plots/tex/}}\n\\input{\\posimdir/");
        tex_path(out, drawing->file);
        g_string_append(out, "}\n\\caption{");
        tex_format(out, "%s. %s", drawing->title, drawing->caption);
        g_string_append(out, "}\n\\label{fig:");
        tex_label(out, results->findings->name);
        g_string_append_c(out, '-');
        tex_label(out, drawing->name);
        g_string_append(out, "}\n\\end{figure}\n");
    }
}

static void append_headline(GString *out, const struct findings *findings)
{
    char *verdicts = words_headline(findings), *expectations = words_expectations(findings);
    g_string_append(out, "\n{\\emergencystretch=3em % names of keys are long, and are not hyphenated\n\\paragraph{");
    tex_text(out, findings->name);
    g_string_append(out, "} ");
    if (findings_question(findings)) {
        g_string_append(out, "\\emph{");
        tex_text(out, findings_question(findings));
        g_string_append(out, "} ");
    }
    tex_format(out, "%s%s%s", verdicts, expectations ? " " : "", expectations ? expectations : "");
    g_string_append(out, "\\par}\n");
    g_free(expectations);
    g_free(verdicts);
}

char *fragment_of_results(const struct page_results *results)
{
    const struct findings *findings = results->findings;
    GString *out = g_string_new(NULL);
    char *label = g_strconcat(findings->name, "-expected", NULL);
    append_head(out, findings->name, results->address);
    append_headline(out, findings);
    if (findings->table.points.count > 1)
        append_points(out, findings);
    else
        append_key_figures(out, findings);
    append_claims(out, results, 1, label);
    append_drawings(out, results);
    g_free(label);
    return g_string_free(out, FALSE);
}

static void append_difference(GString *out, const struct comparison *one, bool several)
{
    double largest = fmax(fabs(one->difference.first_mean), fabs(one->difference.second_mean));
    struct scale scale = words_scale(one->metric, largest), bare = {.factor = scale.factor};
    struct finding difference = {
        .mean = one->difference.mean, .low = one->difference.interval.low, .high = one->difference.interval.high};
    char *name = label_metric(metrics[one->metric].name);
    if (several)
        cell(out, true,
             g_strdup_printf("%" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT, one->first->point, one->second->point));
    cell(out, !several, label_axis(name, &scale));
    cell(out, false, words_quantity(one->difference.first_mean, &bare));
    cell(out, false, words_quantity(one->difference.second_mean, &bare));
    cell(out, false, brief(&difference, &scale, false));
    cell(out, false, g_strdup(one->established ? "yes" : "no"));
    end_row(out);
    g_free(name);
}

char *fragment_of_comparison(const struct page_results results[2], const struct comparison_list *list)
{
    GString *out = g_string_new(NULL);
    const char *names[2] = {results[0].findings->name, results[1].findings->name};
    bool same = results[0].findings == results[1].findings, several = false;
    for (size_t i = 1; i < list->all.count; i++)
        several |= list->all.at[i].first != list->all.at[0].first;
    size_t rows = 0;
    char *title = g_strdup_printf("%s against %s", names[0], same ? "itself, at two points" : names[1]);
    char *outcome = comparison_list_outcome(list);
    char *caption =
        g_strdup_printf("%s: paired differences (first minus second) with 95 %% intervals. %s", title, outcome);
    append_head(out, title, results[0].address);
    begin_table(out, caption, title, several ? "rlrrrl" : "lrrrl");
    g_string_append(out, several ? "Points & " : "");
    g_string_append(out, "Metric & First & Second & Difference & Established");
    end_headings(out);
    for (size_t i = 0; i < list->all.count && rows < ROWS_MOST; i++)
        if (!comparison_is_none(&list->all.at[i])) {
            append_difference(out, &list->all.at[i], several);
            rows++;
        }
    end_table(out);
    append_drawings(out, &results[0]);
    g_free(caption);
    g_free(outcome);
    g_free(title);
    return g_string_free(out, FALSE);
}

char *fragment_of_suite(const struct page_results *results, size_t count)
{
    GString *out = g_string_new(NULL);
    append_head(out, "what was published, and what was measured", results[0].address);
    append_claims(out, results, count, "published");
    return g_string_free(out, FALSE);
}
