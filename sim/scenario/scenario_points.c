/* SPDX-License-Identifier: MIT */
#include "base/assert.h"
#include "scenario/scenario_parts.h"
#include "scenario/schema.h"

#include <string.h>

uint64_t scenario_points(const struct scenario *scenario)
{
    return scenario->sweep ? scenario->sweep->places : 1;
}

bool scenario_has_point(const struct scenario *scenario, uint64_t point)
{
    return point < scenario_points(scenario) && (!scenario->sweep || sweep_has(scenario->sweep, point));
}

uint64_t scenario_next_point(const struct scenario *scenario, uint64_t from)
{
    uint64_t end = scenario_points(scenario);
    return scenario->sweep && from < end ? sweep_next(scenario->sweep, from, UINT64_MAX) : MIN(from, end);
}

uint64_t scenario_count_points(const struct scenario *scenario, uint64_t most)
{
    uint64_t end = scenario_points(scenario), count = 0;
    if (!scenario->sweep || !scenario->sweep->where)
        return MIN(end, most);
    for (uint64_t point = scenario->sweep->first; point < end && count < most; count++)
        point = scenario_next_point(scenario, point + 1);
    return count;
}

size_t scenario_swept(const struct scenario *scenario, struct scenario_swept *keys, size_t most)
{
    size_t count = scenario->sweep ? scenario->sweep->key_count : 0;
    for (size_t k = 0; k < MIN(count, most); k++) {
        const struct sweep_key *key = &scenario->sweep->keys[k];
        keys[k] = (struct scenario_swept){key->path, key->column, key->unit, typed_is_ordered(key->param)};
    }
    return count;
}

const char *scenario_swept_value(const struct scenario *scenario, uint64_t point, size_t key)
{
    REQUIRE(scenario->sweep && key < scenario->sweep->key_count);
    return sweep_value_at(scenario->sweep, &scenario->sweep->keys[key], point)->label;
}

/* Filling points. */

/* "protocol.slot = 4 s, adversary.stake = 10 %": as the scenario has it; g_free it. */
static char *name_point(const struct sweep *sweep, uint64_t point)
{
    GString *name = g_string_new(NULL);
    for (size_t k = 0; k < sweep->key_count; k++) {
        const struct sweep_value *value = sweep_value_at(sweep, &sweep->keys[k], point);
        g_string_append_printf(name, "%s%s = %s", k ? ", " : "", sweep->keys[k].path,
                               value->node->kind == YAML_SCALAR ? value->node->text : value->label);
    }
    return g_string_free(name, FALSE);
}

/* Says of errors from number `first` on at which point they are, where more than their own place is to blame. */
static void note_point(const struct sweep *sweep, uint64_t point, guint first, struct diagnostics *diagnostics)
{
    char *name = name_point(sweep, point);
    for (guint i = first; i < diagnostics->list->len; i++) {
        struct diagnostic *diagnostic = diagnostics->list->pdata[i];
        if (diagnostic->is_of_several)
            diagnostic_note(diagnostic, "at point %" G_GUINT64_FORMAT ": %s", point, name);
    }
    g_free(name);
}

void scenario_fill_point(struct scenario *scenario, const struct scenario *whole, uint64_t point, bool is_partial,
                         struct diagnostics *diagnostics)
{
    guint before = diagnostics->list->len;
    const struct yaml_node *tree =
        sweep_lay(whole->sweep, point, whole->root, whole->tree, &scenario->pool, diagnostics);
    if (scenario != whole)
        tree = scenario_replace(&scenario->pool, tree, SCHEMA_SWEEP_KEY, NULL);
    scenario_fill(scenario, tree, is_partial, diagnostics);
    if (diagnostics->list->len > before)
        note_point(whole->sweep, point, before, diagnostics);
}

struct scenario *scenario_at(const struct scenario *whole, uint64_t point, struct diagnostics *diagnostics)
{
    REQUIRE(scenario_has_point(whole, point));
    struct scenario *scenario = scenario_new(whole->root, whole->presets, whole->moved);
    size_t before = diagnostics_count(diagnostics);
    scenario->tree = whole->tree;
    if (whole->sweep)
        scenario_fill_point(scenario, whole, point, false, diagnostics);
    else
        scenario_fill(scenario, whole->tree, false, diagnostics);
    if (diagnostics_count(diagnostics) > before) {
        scenario_free(scenario);
        return NULL;
    }
    scenario_tidy_inputs(scenario);
    return scenario;
}

/* Checking points. */

/* Fills one point and takes note of the files that it names. */
static bool check_point(struct scenario *scenario, uint64_t point, struct diagnostics *diagnostics)
{
    struct scenario *one = scenario_at(scenario, point, diagnostics);
    for (guint i = 0; one && i + 1 < one->inputs->len; i++) {
        const char *path = one->inputs->pdata[i];
        if (!g_strv_contains((const char *const *)scenario->inputs->pdata, path))
            g_ptr_array_insert(scenario->inputs, (gint)scenario->inputs->len - 1, pool_text(&scenario->pool, path));
    }
    scenario_free(one);
    return one != NULL;
}

/* The first of a few places where an axis has this value and that count; `places` where none was found. */
static uint64_t find_place(const struct sweep *sweep, size_t axis, uint64_t index)
{
    enum { TRIES = 1000 };
    uint64_t step = sweep->axes[axis].step, stretch = step * sweep->axes[axis].length;
    uint64_t beside = sweep->first + (index - sweep_index(sweep, axis, sweep->first)) * step; /* may wrap on its way */
    if (sweep_has(sweep, beside))
        return beside;
    for (uint64_t n = 0; n < MIN(TRIES, sweep->places / sweep->axes[axis].length); n++) {
        uint64_t place = n / step * stretch + index * step + n % step;
        if (sweep_has(sweep, place))
            return place;
    }
    return sweep->places;
}

bool scenario_check_values(struct scenario *scenario, uint64_t most, struct diagnostics *diagnostics)
{
    const struct sweep *sweep = scenario->sweep;
    bool fine = true;
    for (size_t axis = 0; axis < sweep->axis_count; axis++)
        for (uint64_t index = 0; index < MIN(sweep->axes[axis].length, most); index++) {
            uint64_t place = find_place(sweep, axis, index);
            fine = (place == sweep->places || check_point(scenario, place, diagnostics)) && fine;
        }
    return fine;
}

bool scenario_check_points(struct scenario *scenario, uint64_t most, struct diagnostics *diagnostics)
{
    if (!scenario->sweep)
        return true;
    if (scenario_points(scenario) > most)
        return scenario_check_values(scenario, most, diagnostics);
    bool fine = true;
    for (uint64_t point = scenario->sweep->first; point < scenario_points(scenario);
         point = scenario_next_point(scenario, point + 1))
        fine = check_point(scenario, point, diagnostics) && fine;
    return fine;
}
