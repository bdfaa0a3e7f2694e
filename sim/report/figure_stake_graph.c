/* SPDX-License-Identifier: MIT */
/*
 * Who secures what in one run: regions or nodes on the left, validators, and the chains that they secure on the right,
 * joined by ribbons as wide as the stake. The largest of each column are shown by name, the others together; corrupt
 * ones stay apart from honest ones.
 */
#include "base/concentration.h"
#include "report/figure.h"
#include "report/stake_graph.h"

#include <math.h>
#include <stdlib.h>

static const char *const left_choices[] = {"auto", "region", "node", "none", NULL};
enum graph_instant { AT_START, AT_END };
static const char *const instants[] = {"start", "end", NULL};
static const char *const plurals[SECURING_KINDS] = {"Regions", "Nodes", "Validators", "Chains"};

struct graph_params {
    struct figure_common common;
    int left, when;
    int64_t show;
};

static const struct param params[] = {
    FIGURE_COMMON_PARAMS(struct graph_params),
    {.key = "left",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct graph_params, left),
     .by_default = "auto",
     .choices = left_choices,
     .meaning = "what stands left of validators; auto: nodes where one hosts several validators, else regions where "
                "there are several"},
    {.key = "when",
     .type = PARAM_CHOICE,
     .offset = offsetof(struct graph_params, when),
     .by_default = "start",
     .choices = instants,
     .meaning = "at the start, or after the last block of the main chain"},
    {.key = "show",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct graph_params, show),
     .by_default = "12",
     .minimum = "1",
     .maximum = "30",
     .meaning = "how many of each column, the largest, are shown by themselves"},
};
static const struct param_table table = PARAM_TABLE("stake_graph", "who secures what", struct graph_params, params);

/* Two chains of one protocol are told apart by their numbers. */
static bool is_named_twice(const struct stake_graph *graph, const struct securing_item *item)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->securing.items.count && item->kind == SECURING_CHAIN; i++) {
        const struct securing_item *other = &graph->securing.items.at[i];
        count += other->kind == SECURING_CHAIN && g_strcmp0(other->name, item->name) == 0;
    }
    return count > 1;
}

/* Without signs that fonts for text rarely have, such as pictures; NULL: nothing is left. */
static char *drawable(const char *name)
{
    GString *text = g_string_new(NULL);
    for (const char *at = name; at && *at; at = g_utf8_next_char(at))
        if (g_utf8_get_char(at) <= 0xFFFF && g_unichar_isprint(g_utf8_get_char(at)))
            g_string_append_unichar(text, g_utf8_get_char(at));
    g_strstrip(text->str);
    bool empty = text->str[0] == 0;
    return g_string_free(text, empty);
}

static char *name_of(const struct securing_item *item)
{
    char *name = drawable(item->name);
    return name ? name : g_strdup_printf("%s %u", securing_kinds[item->kind], item->id);
}

static char *label_of(const struct stake_graph *graph, const struct stake_group *group)
{
    const struct securing_item *item = &graph->securing.items.at[group->item];
    if (group->items > 1)
        return g_strdup_printf("%" G_GUINT64_FORMAT " %s", group->items, group->corrupt ? "corrupt" : "others");
    char *name = name_of(item);
    if (!item->name || !is_named_twice(graph, item))
        return name;
    char *numbered = g_strdup_printf("%s %u", name, item->id);
    g_free(name);
    return numbered;
}

/* Lines, without what halving leaves of a zero. */
static void add_length(struct sheet *sheet, double lines)
{
    sheet_real(sheet, floor(lines * 1e9 + 0.5) / 1e9);
}

static bool save_posts(const struct stake_graph *graph, const char *folder, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "column,kind,label,plain_label,items,corrupt,share,top,bottom");
    for (size_t c = 0; c < graph->column_count; c++) {
        const struct stake_column *column = &graph->columns[c];
        for (size_t i = 0; i < column->groups.count; i++) {
            const struct stake_group *group = &column->groups.at[i];
            char *label = label_of(graph, group), *plain = g_str_to_ascii(label, "C");
            sheet_number(&sheet, c);
            sheet_text(&sheet, securing_kinds[column->kind]);
            sheet_text(&sheet, label);
            sheet_text(&sheet, plain);
            sheet_number(&sheet, group->items);
            sheet_number(&sheet, group->corrupt);
            sheet_real(&sheet, column->layer.posts[i].weight);
            add_length(&sheet, column->layer.posts[i].top);
            add_length(&sheet, column->layer.posts[i].bottom);
            sheet_end(&sheet);
            g_free(label);
            g_free(plain);
        }
    }
    return sheet_save(&sheet, folder, "stake_graph", error);
}

/* A ribbon is corrupt where the validator at one of its ends is. */
static bool is_corrupt(const struct stake_graph *graph, size_t left, const struct ribbon *ribbon)
{
    const struct stake_column *from = &graph->columns[left], *to = &graph->columns[left + 1];
    return from->kind == SECURING_VALIDATOR ? from->groups.at[ribbon->from].corrupt : to->groups.at[ribbon->to].corrupt;
}

struct drawn_ribbon {
    size_t column, number;
    const struct ribbon *ribbon;
};

static int thick_first(const void *first, const void *second)
{
    const struct drawn_ribbon *a = first, *b = second;
    if (a->ribbon->weight != b->ribbon->weight)
        return a->ribbon->weight > b->ribbon->weight ? -1 : 1;
    if (a->column != b->column)
        return a->column < b->column ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void add_ribbon(struct sheet *sheet, const struct stake_graph *graph, const struct drawn_ribbon *drawn)
{
    sheet_number(sheet, drawn->column);
    sheet_number(sheet, drawn->ribbon->from);
    sheet_number(sheet, drawn->ribbon->to);
    sheet_real(sheet, drawn->ribbon->weight);
    sheet_number(sheet, is_corrupt(graph, drawn->column, drawn->ribbon));
    add_length(sheet, drawn->ribbon->from_top);
    add_length(sheet, drawn->ribbon->to_top);
    add_length(sheet, drawn->ribbon->thickness);
    sheet_end(sheet);
}

/* In the order in which they are drawn: thin ones over thick ones. */
static bool save_ribbons(const struct stake_graph *graph, const char *folder, GError **error)
{
    VECTOR(struct drawn_ribbon) drawn = {0};
    for (size_t c = 0; c + 1 < graph->column_count; c++) {
        for (size_t i = 0; i < graph->ribbons[c].count; i++) {
            struct drawn_ribbon next = {c, i, &graph->ribbons[c].at[i]};
            vector_push(&drawn, next);
        }
    }
    qsort(drawn.at, drawn.count, sizeof *drawn.at, thick_first);
    struct sheet sheet;
    sheet_init(&sheet, "column,from,to,share,corrupt,from_top,to_top,thickness");
    for (size_t i = 0; i < drawn.count; i++)
        add_ribbon(&sheet, graph, &drawn.at[i]);
    vector_release(&drawn);
    return sheet_save(&sheet, folder, "stake_graph_ribbons", error);
}

/* How many of the largest validators together hold more than a third of the one chain's stake. */
static uint32_t hold_a_third(const struct stake_graph *graph)
{
    static const struct ratio third = {1, 3};
    VECTOR(stake_amount) stakes = {0};
    for (uint32_t i = 0; i < graph->securing.items.count; i++)
        if (stake_graph_kind(graph, i) == SECURING_VALIDATOR)
            vector_push(&stakes, (stake_amount)graph->stake[i]);
    uint32_t count = nakamoto_coefficient(stakes.at, (uint32_t)stakes.count, third);
    vector_release(&stakes);
    return count;
}

static char *describe(const struct stake_graph *graph, const struct figure_source *source, bool at_end)
{
    char *note = figure_source_note(source, false);
    GString *text = g_string_new(note);
    g_free(note);
    uint32_t largest = graph->securing.chains == 1 ? hold_a_third(graph) : 0;
    if (largest == 1)
        g_string_append(text, "; the largest holds more than 1/3");
    if (largest > 1)
        g_string_append_printf(text, "; the largest %u hold more than 1/3", largest);
    if (graph->securing.chains > 1)
        g_string_append(text, "; shares of the stake of all chains");
    if (at_end)
        g_string_append(text, graph->securing.changed ? "; at the end" : "; at the end as at the start");
    return g_string_free(text, FALSE);
}

static bool save_facts(const struct stake_graph *graph, const struct figure_source *source, bool at_end,
                       const char *folder, GError **error)
{
    size_t ribbons = 0, posts = 0;
    bool corrupt = false;
    for (size_t c = 0; c < graph->column_count; c++) {
        posts += graph->columns[c].groups.count;
        ribbons += c + 1 < graph->column_count ? graph->ribbons[c].count : 0;
        for (size_t i = 0; i < graph->columns[c].groups.count; i++)
            corrupt |= graph->columns[c].groups.at[i].corrupt;
    }
    char *note = describe(graph, source, at_end);
    const struct stake_column *last = &graph->columns[graph->column_count - 1];
    struct sheet facts;
    sheet_init(&facts, "note,title,columns,left_title,middle_title,right_title,posts,ribbons,corrupt,tall");
    sheet_text(&facts, note);
    sheet_text(&facts, "Stake by who secures what");
    sheet_number(&facts, graph->column_count);
    sheet_text(&facts, plurals[graph->columns[0].kind]);
    sheet_text(&facts, graph->column_count == STAKE_GRAPH_COLUMNS ? plurals[graph->columns[1].kind] : "");
    sheet_text(&facts, last->groups.count == 1 ? "Chain" : plurals[last->kind]);
    sheet_number(&facts, posts);
    sheet_number(&facts, ribbons);
    sheet_number(&facts, corrupt);
    add_length(&facts, graph->tall);
    sheet_end(&facts);
    g_free(note);
    return sheet_save(&facts, folder, "stake_graph_facts", error);
}

static bool reduce(const struct figure_source *source, const char *folder, GError **error)
{
    const struct graph_params *asked = source->params;
    bool at_end = asked->when == AT_END;
    struct stake_graph graph = {0};
    bool fine = securing_read(&graph.securing, &source->runs[0], at_end, error) &&
                stake_graph_build(&graph, (enum left_choice)asked->left, (size_t)asked->show, error) &&
                save_posts(&graph, folder, error) && save_ribbons(&graph, folder, error) &&
                save_facts(&graph, source, at_end, folder, error);
    stake_graph_release(&graph);
    return fine;
}

static const char *const sheets[] = {"ribbons", NULL};

const struct figure figure_stake_graph = {
    .name = "stake_graph",
    .meaning = "one run: who secures what, and with how much stake; the largest by name, the others together",
    .tables = TABLE_BIT(TABLE_SECURING),
    .quiet = true, /* a scenario that lists what it records rarely thinks of it */
    .params = &table,
    .sheets = sheets,
    .reduce = reduce,
};
