/* SPDX-License-Identifier: MIT */
#include "report/sweep_note.h"

#include <string.h>

static const struct {
    const char *name, *meaning;
} methods[] = {
    {"batch95", "batch means"},
    {"exact95", "exact"},
    {"hall95", "Hall"},
    {"jackknife95", "jackknife"},
    {"order95", "order statistics"},
    {"t95", "t"},
    {"wilson95", "Wilson"},
    {"zero95", "3/N"},
    {NULL, "95 %"}, /* one that this list does not know */
};

void sweep_basis_add(struct sweep_basis *basis, uint64_t n, const char *method)
{
    basis->least = basis->any ? MIN(basis->least, n) : n;
    basis->most = MAX(basis->most, n);
    basis->any = true;
    size_t known = 0;
    while (methods[known].name && strcmp(methods[known].name, method) != 0)
        known++;
    if (*method)
        basis->methods |= 1u << known;
}

static void say_methods(GString *note, uint32_t used)
{
    const char *before = " with 95 % interval (";
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        if (used >> i & 1) {
            g_string_append_printf(note, "%s%s", before, methods[i].meaning);
            before = " or ";
        }
    g_string_append(note, used ? ")" : "");
}

char *sweep_note(const struct sweep_view *view, const struct sweep_basis *basis, const char *what,
                 const struct sweep_keys *keys, const char *open)
{
    GString *note = g_string_new("n = ");
    g_string_append_printf(note, "%" G_GUINT64_FORMAT, basis->least);
    if (basis->most > basis->least)
        g_string_append_printf(note, " to %" G_GUINT64_FORMAT, basis->most);
    if (what)
        g_string_append_printf(note, "; %s", what);
    say_methods(note, basis->methods);
    figure_source_append_seed(view->source, note);
    if (view->places->len)
        g_string_append_printf(note, "; %s", view->places->str);
    const char *before = "; ";
    for (size_t key = 0; keys && key < view->table.keys.count; key++)
        if (keys->open[key]) {
            g_string_append_printf(note, "%s%s%s", before, *before == ';' ? open : "", view->table.keys.at[key].key);
            before = " and ";
        }
    return g_string_free(note, FALSE);
}
