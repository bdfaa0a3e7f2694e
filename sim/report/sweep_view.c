/* SPDX-License-Identifier: MIT */
#include "report/sweep_view.h"

#include "base/quantity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEAR 1e-9 /* tables hold nine digits */

bool sweep_refuse(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    GError *made = g_error_new_valist(FIGURE_ERROR, FIGURE_ERROR_PARAMETER, format, arguments);
    va_end(arguments);
    g_propagate_error(error, made);
    return false;
}

bool sweep_view_key(const struct sweep_view *view, const char *parameter, const char *name, size_t *key, GError **error)
{
    *key = sweep_table_find(&view->table, name);
    if (*key < view->table.keys.count)
        return true;
    const char **swept = g_new0(const char *, view->table.keys.count + 1);
    for (size_t i = 0; i < view->table.keys.count; i++)
        swept[i] = view->table.keys.at[i].key;
    sweep_refuse_key(error, parameter, name, swept);
    g_free((void *)swept);
    return false;
}

static double ratio_value(struct ratio ratio)
{
    return (double)ratio.numerator / (double)ratio.denominator;
}

double sweep_parse_number(const char *unit, const char *text)
{
    char *behind;
    struct ratio ratio;
    time_ns time;
    uint64_t count;
    double plain = g_ascii_strtod(text, &behind);
    if (behind != text && *behind == '\0')
        return isfinite(plain) ? plain : NAN;
    if (quantity_parse_decimal(text, &ratio, NULL) || quantity_parse_share(text, &ratio, NULL))
        return ratio_value(ratio);
    if (strcmp(unit, "s") == 0)
        return quantity_parse_duration(text, &time, NULL) ? (double)time / (double)SECOND : NAN;
    if (strcmp(unit, "bytes") == 0)
        return quantity_parse_size(text, &count, NULL) ? (double)count : NAN;
    if (strcmp(unit, "tx_per_s") == 0)
        return quantity_parse_tx_rate(text, &count, NULL) ? (double)count / (double)TX_RATE_ONE : NAN;
    return quantity_parse_rate(text, &count, NULL) ? (double)count : NAN;
}

static bool is_value(const struct swept_value *value, double number, const char *text)
{
    if (isnan(value->number) || isnan(number))
        return strcmp(value->text, text) == 0;
    return fabs(value->number - number) <= NEAR * MAX(fabs(number), fabs(value->number));
}

/* "2 s, 4 s and 8 s" */
static char *list_levels(const struct levels *levels)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < levels->all.count; i++) {
        char *level = levels_text(levels, i);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : i + 1 < levels->all.count ? ", " : " or ", level);
        g_free(level);
    }
    return g_string_free(text, FALSE);
}

static void say_place(struct sweep_view *view, const struct levels *levels, size_t level)
{
    char *text = levels_text(levels, level);
    g_string_append_printf(view->places, "%s%s = %s", view->places->len ? "; " : "",
                           view->table.keys.at[levels->key].key, text);
    g_free(text);
}

/* Leaves the points where the key has that value. */
static bool keep_value(struct sweep_view *view, size_t key, const char *text, GError **error)
{
    const struct swept_key *about = &view->table.keys.at[key];
    double number = about->numeric ? sweep_parse_number(about->unit, text) : NAN;
    struct levels levels;
    levels_init(&levels, view, key);
    size_t level = 0;
    while (level < levels.all.count && !is_value(&levels.all.at[level], number, text))
        level++;
    bool fine = level < levels.all.count;
    if (fine) {
        say_place(view, &levels, level);
    } else {
        char *allowed = list_levels(&levels);
        sweep_refuse(error, "at: no point has %s = %s; it is %s", about->key, text, allowed);
        g_free(allowed);
    }
    for (size_t point = 0; fine && point < view->table.points.count; point++)
        if (view->shown[point] && levels_find(&levels, view, point) != level) {
            view->shown[point] = false;
            view->count--;
        }
    view->fixed[key] = true;
    levels_release(&levels);
    return fine;
}

static bool keep_at(struct sweep_view *view, const char *written, GError **error)
{
    char **parts = g_strsplit(written, "=", 2);
    size_t key;
    bool fine = parts[0] && parts[1];
    if (!fine)
        sweep_refuse(error, "at: `%s` should be KEY=VALUE, such as protocol.slot=4 s", written);
    fine = fine && sweep_view_key(view, "at", g_strstrip(parts[0]), &key, error);
    if (fine && view->fixed[key])
        fine = sweep_refuse(error, "at: `%s` is named twice", parts[0]);
    fine = fine && keep_value(view, key, g_strstrip(parts[1]), error);
    g_strfreev(parts);
    return fine;
}

bool sweep_view_open(struct sweep_view *view, const struct figure_source *source, const struct sweep_choices *choices,
                     GError **error)
{
    *view = (struct sweep_view){.source = source, .choices = choices};
    if (!sweep_table_open(&view->table, source->folder, error))
        return false;
    view->count = view->table.points.count;
    view->shown = g_new(bool, view->count + 1);
    memset(view->shown, true, view->count);
    view->fixed = g_new0(bool, view->table.keys.count + 1);
    view->places = g_string_new(NULL);
    bool fine = view->count > 0 || figure_empty(error, "the plan has no point");
    for (size_t i = 0; i < choices->at.count && fine; i++)
        fine = keep_at(view, ((const char *const *)choices->at.items)[i], error);
    if (fine && !sweep_table_has_fine(&view->table, view->shown))
        fine = figure_empty(error, "all runs%s failed; `posim run ... --resume` tries them again",
                            *view->places->str ? " of the points shown" : "");
    if (!fine)
        sweep_view_release(view);
    return fine;
}

void sweep_view_release(struct sweep_view *view)
{
    sweep_table_release(&view->table);
    g_free(view->shown);
    g_free(view->fixed);
    if (view->places)
        g_string_free(view->places, TRUE);
    *view = (struct sweep_view){0};
}

static int by_number(const void *first, const void *second)
{
    const struct swept_value *a = first, *b = second;
    return (a->number > b->number) - (a->number < b->number);
}

/* A table keeps each text once, so equal texts are equal pointers. */
void levels_init(struct levels *levels, const struct sweep_view *view, size_t key)
{
    *levels = (struct levels){.key = key, .numeric = key != NO_KEY};
    const struct swept_value *last = NULL;
    GHashTable *seen = g_hash_table_new(NULL, NULL);
    double largest = 0;
    for (size_t point = 0; key != NO_KEY && point < view->table.points.count; point++) {
        const struct swept_value *value = sweep_table_value(&view->table, point, key);
        if (!view->shown[point] || (last && last->text == value->text) ||
            !g_hash_table_add(seen, (gpointer)value->text))
            continue;
        last = value;
        vector_push(&levels->all, *value);
        levels->numeric = levels->numeric && !isnan(value->number);
        largest = isnan(value->number) ? largest : MAX(largest, fabs(value->number));
    }
    g_hash_table_unref(seen);
    if (levels->numeric && levels->all.count)
        qsort(levels->all.at, levels->all.count, sizeof *levels->all.at, by_number);
    levels->scale = scale_exact(key == NO_KEY ? "" : view->table.keys.at[key].unit, largest);
}

void levels_release(struct levels *levels)
{
    vector_release(&levels->all);
}

size_t levels_find(const struct levels *levels, const struct sweep_view *view, size_t point)
{
    if (levels->key == NO_KEY)
        return NO_LEVEL;
    const struct swept_value *value = sweep_table_value(&view->table, point, levels->key);
    if (levels->numeric) {
        const struct swept_value *found =
            isnan(value->number) || levels->all.count == 0
                ? NULL
                : bsearch(value, levels->all.at, levels->all.count, sizeof *value, by_number);
        return found ? (size_t)(found - levels->all.at) : NO_LEVEL;
    }
    size_t level = 0;
    while (level < levels->all.count && levels->all.at[level].text != value->text)
        level++;
    return level < levels->all.count ? level : NO_LEVEL;
}

char *levels_text(const struct levels *levels, size_t level)
{
    const struct swept_value *value = &levels->all.at[level];
    return isnan(value->number) ? g_strdup(value->text) : label_quantity(value->number, &levels->scale, 9);
}

char *levels_title(const struct levels *levels, const struct sweep_view *view, const char *given)
{
    static const struct scale none = {"", 1};
    const struct scale *scale = levels->numeric ? &levels->scale : &none;
    if (given)
        return label_axis_given(given, scale);
    char *label = label_key(view->table.keys.at[levels->key].key), *title = label_axis(label, scale);
    g_free(label);
    return title;
}

size_t sweep_view_widest(const struct sweep_view *view, size_t besides, size_t or_besides, size_t most)
{
    size_t widest = NO_KEY, width = 0;
    bool numeric = false;
    for (size_t key = 0; key < view->table.keys.count; key++) {
        struct levels levels;
        if (key == besides || key == or_besides || view->fixed[key])
            continue;
        levels_init(&levels, view, key);
        bool fits = levels.all.count >= 2 && levels.all.count <= most;
        if (fits && (levels.numeric > numeric || (levels.numeric == numeric && levels.all.count > width))) {
            widest = key;
            width = levels.all.count;
            numeric = levels.numeric;
        }
        levels_release(&levels);
    }
    return widest;
}

const char *sweep_view_metric(const struct sweep_view *view, int choice, GError **error)
{
    static const char *const preferred[] = {"finality_s_two_thirds_p50", "orphan_rate", "block_interval_s", NULL};
    if (choice >= 0)
        return sweep_outcomes[choice];
    size_t varying = sweep_table_varying(&view->table, preferred);
    if (preferred[varying])
        return preferred[varying];
    const char *const *all = sweep_outcomes;
    varying = sweep_table_varying(&view->table, all);
    if (!all[varying])
        figure_empty(error, "no metric differs between the points");
    return all[varying];
}
