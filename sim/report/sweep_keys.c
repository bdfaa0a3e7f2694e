/* SPDX-License-Identifier: MIT */
#include "report/sweep_keys.h"

#include <math.h>
#include <string.h>

#define TICKS_MOST     9
#define TICK_ROOM      12 /* ticks need a distance of the axis's length over this */
#define LOG_FROM_RATIO 30

/* Whether some level of x has several of by: else by only says again what x says. */
static bool tells_apart(const struct sweep_view *view, const struct levels *x, size_t by)
{
    const struct swept_value **first = g_new0(const struct swept_value *, x->all.count + 1);
    bool differs = false;
    for (size_t point = 0; point < view->table.points.count && !differs; point++) {
        size_t level = view->shown[point] ? levels_find(x, view, point) : NO_LEVEL;
        if (level == NO_LEVEL)
            continue;
        const struct swept_value *value = sweep_table_value(&view->table, point, by);
        differs = first[level] && first[level]->text != value->text;
        first[level] = value;
    }
    g_free(first);
    return differs;
}

static bool find_x(const struct sweep_view *view, enum sweep_x need, const char *name, size_t *key, GError **error)
{
    *key = NO_KEY;
    if (need == SWEEP_X_NONE)
        return true;
    if (name)
        return sweep_view_key(view, "x", name, key, error);
    *key = sweep_view_widest(view, NO_KEY, NO_KEY, SIZE_MAX);
    return *key != NO_KEY || need == SWEEP_X_OPTIONAL || figure_empty(error, "no parameter is swept");
}

/* `parameter` is what errors call it. */
static bool find_by(const struct sweep_view *view, const struct levels *x, const char *parameter, const char *name,
                    size_t styles, size_t *key, GError **error)
{
    *key = NO_KEY;
    if (name && strcmp(name, "none") == 0)
        return true;
    if (name)
        return sweep_view_key(view, parameter, name, key, error) &&
               (*key != x->key || sweep_refuse(error, "%s: `%s` is x already", parameter, name));
    *key = sweep_view_widest(view, x->key, NO_KEY, styles);
    if (*key != NO_KEY && x->key != NO_KEY && !tells_apart(view, x, *key))
        *key = NO_KEY;
    return true;
}

static void find_open(struct sweep_keys *keys)
{
    const struct sweep_table *table = &keys->view->table;
    size_t *first = g_new(size_t, keys->x_count * keys->by_count);
    for (size_t i = 0; i < keys->x_count * keys->by_count; i++)
        first[i] = SIZE_MAX;
    keys->open = g_new0(bool, table->keys.count + 1);
    for (size_t point = 0; point < table->points.count; point++) {
        size_t x = sweep_keys_x_level(keys, point), by = sweep_keys_style(keys, point);
        if (!keys->view->shown[point] || x == NO_LEVEL || by == NO_LEVEL)
            continue;
        size_t *cell = &first[x * keys->by_count + by];
        if (*cell == SIZE_MAX)
            *cell = point;
        for (size_t key = 0; key < table->keys.count; key++)
            keys->open[key] |= sweep_table_value(table, *cell, key)->text != sweep_table_value(table, point, key)->text;
    }
    g_free(first);
}

static void take_by(struct sweep_keys *keys, size_t key)
{
    levels_init(&keys->by, keys->view, key);
    keys->x_count = MAX(keys->x.all.count, 1);
    keys->by_count = MAX(keys->by.all.count, 1);
    find_open(keys);
}

bool sweep_keys_find(struct sweep_keys *keys, const struct sweep_view *view, enum sweep_x need, const char *x,
                     const char *by, size_t styles, GError **error)
{
    *keys = (struct sweep_keys){.view = view};
    size_t key;
    if (!find_x(view, need, x, &key, error))
        return false;
    levels_init(&keys->x, view, key);
    bool fine = find_by(view, &keys->x, "by", by, styles, &key, error);
    if (fine)
        take_by(keys, key);
    if (fine && keys->by.all.count > styles)
        fine = sweep_refuse(error, "by: `%s` has %zu values, but only %zu can be told apart",
                            view->table.keys.at[key].key, keys->by.all.count, styles);
    if (!fine)
        sweep_keys_release(keys);
    return fine;
}

bool sweep_keys_find_plane(struct sweep_keys *keys, const struct sweep_view *view, const char *x, const char *y,
                           GError **error)
{
    *keys = (struct sweep_keys){.view = view};
    size_t y_key = NO_KEY, key;
    if (y && !sweep_view_key(view, "y", y, &y_key, error))
        return false;
    bool fine = x ? sweep_view_key(view, "x", x, &key, error) : true;
    if (fine && !x)
        key = sweep_view_widest(view, y_key, NO_KEY, SIZE_MAX);
    if (fine && key == NO_KEY)
        fine = figure_empty(error, "it needs two swept keys");
    if (!fine)
        return false;
    levels_init(&keys->x, view, key);
    fine = find_by(view, &keys->x, "y", y, SIZE_MAX, &key, error) &&
           (key != NO_KEY || figure_empty(error, "it needs two swept keys that vary independently"));
    if (fine)
        take_by(keys, key);
    else
        sweep_keys_release(keys);
    return fine;
}

void sweep_keys_release(struct sweep_keys *keys)
{
    levels_release(&keys->x);
    levels_release(&keys->by);
    g_free(keys->open);
    keys->open = NULL;
}

static size_t level_of(const struct levels *levels, const struct sweep_view *view, size_t point)
{
    return levels->key == NO_KEY ? 0 : levels_find(levels, view, point);
}

size_t sweep_keys_x_level(const struct sweep_keys *keys, size_t point)
{
    return level_of(&keys->x, keys->view, point);
}

size_t sweep_keys_style(const struct sweep_keys *keys, size_t point)
{
    return level_of(&keys->by, keys->view, point);
}

double sweep_keys_place(const struct sweep_keys *keys, size_t level)
{
    return keys->x.numeric ? keys->x.all.at[level].number / keys->x.scale.factor : (double)level;
}

struct axis sweep_keys_axis(const struct sweep_keys *keys, enum axis_choice choice)
{
    if (!keys->x.numeric || keys->x.all.count == 0)
        return (struct axis){.from = -.5, .to = (double)keys->x_count - .5};
    double least = sweep_keys_place(keys, 0), most = sweep_keys_place(keys, keys->x_count - 1);
    bool spread = keys->x_count >= 4 && least > 0 && most >= LOG_FROM_RATIO * least;
    struct axis axis = {.logarithmic = least > 0 && (choice == AXIS_LOG || (choice == AXIS_AUTO && spread))};
    double margin = (most - least) / 25;
    if (keys->x_count == 1)
        margin = most > 0 || most < 0 ? fabs(most) / 2 : 1;
    axis.from = axis.logarithmic ? least / 1.25 : least - margin;
    axis.to = axis.logarithmic ? most * 1.25 : most + margin;
    return axis;
}

bool sweep_keys_same_line(const struct sweep_keys *keys, size_t a, size_t b)
{
    const struct sweep_table *table = &keys->view->table;
    for (size_t key = 0; key < table->keys.count; key++)
        if (keys->open[key] && sweep_table_value(table, a, key)->text != sweep_table_value(table, b, key)->text)
            return false;
    return true;
}

bool sweep_keys_save_styles(const struct sweep_keys *keys, const char *folder, const char *name, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "style,label");
    for (size_t level = 0; level < keys->by.all.count; level++) {
        char *text = levels_text(&keys->by, level);
        sheet_number(&sheet, level);
        sheet_text(&sheet, text);
        sheet_end(&sheet);
        g_free(text);
    }
    char *file = g_strconcat(name, "_styles", NULL);
    bool saved = sheet_save(&sheet, folder, file, error);
    g_free(file);
    return saved;
}

/* Whether each of the numbers can have a tick of its own. */
static bool have_room(const struct sweep_keys *keys, const struct axis *axis)
{
    bool room = keys->x_count <= TICKS_MOST;
    for (size_t level = 1; level < keys->x_count && room; level++) {
        double before = sweep_keys_place(keys, level - 1), here = sweep_keys_place(keys, level);
        double reach = before;
        for (int i = 0; i < TICK_ROOM && axis->logarithmic; i++)
            reach *= here / before;
        room = axis->logarithmic ? reach * axis->from >= axis->to * before
                                 : (here - before) * TICK_ROOM >= axis->to - axis->from;
    }
    return room;
}

/* Numbers without their unit, which the axis has. */
static void add_tick(struct sheet *sheet, const struct levels *levels, size_t level, double at)
{
    char *text =
        levels->numeric ? label_number(levels->all.at[level].number, &levels->scale, 6) : levels_text(levels, level);
    sheet_real(sheet, at);
    sheet_text(sheet, text);
    sheet_end(sheet);
    g_free(text);
}

static void add_places(struct sheet *sheet, const struct levels *levels, size_t labels_most)
{
    size_t every = (levels->all.count + labels_most - 1) / labels_most;
    for (size_t level = 0; level < levels->all.count; level += every)
        add_tick(sheet, levels, level, (double)level);
}

bool levels_save_places(const struct levels *levels, size_t labels_most, const char *folder, const char *file,
                        size_t *count, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "at,label");
    add_places(&sheet, levels, labels_most);
    *count = sheet.rows;
    return sheet_save(&sheet, folder, file, error);
}

bool sweep_keys_save_ticks(const struct sweep_keys *keys, const struct axis *axis, const char *folder, const char *name,
                           size_t *count, GError **error)
{
    struct sheet sheet;
    sheet_init(&sheet, "at,label");
    if (!keys->x.numeric)
        add_places(&sheet, &keys->x, TICKS_MOST);
    for (size_t level = 0; keys->x.numeric && level < keys->x.all.count && have_room(keys, axis); level++)
        add_tick(&sheet, &keys->x, level, sweep_keys_place(keys, level));
    *count = sheet.rows;
    char *file = g_strconcat(name, "_ticks", NULL);
    bool saved = sheet_save(&sheet, folder, file, error);
    g_free(file);
    return saved;
}

char *sweep_keys_by_title(const struct sweep_keys *keys)
{
    if (keys->by.key == NO_KEY)
        return g_strdup("");
    const char *given = keys->view->choices->by_label;
    return given ? g_strdup(given) : label_key(keys->view->table.keys.at[keys->by.key].key);
}
