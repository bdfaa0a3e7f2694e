/* SPDX-License-Identifier: MIT */
/*
 * Figures as they are asked for: a kind, its parameters, and what its files are called. They come from the `plots:` of
 * a scenario, or are written as KIND and KEY=VALUE on a command line; one table of parameters types both. Entries hold
 * pointers into the scenario whose plots they are, which must outlive them.
 */
#ifndef POSIM_REPORT_FIGURE_ENTRY_H
#define POSIM_REPORT_FIGURE_ENTRY_H

#include "base/vector.h"
#include "report/figure.h"
#include "scenario/scenario.h"

struct figure_entry {
    const struct figure *figure;
    const void *params; /* as the figure's table, or that of struct figure_common, fills them */
    char *name;         /* of its files: given, or the kind, with a number behind it if there are several */
};

struct figure_entries {
    VECTOR(struct figure_entry) all;
    GPtrArray *owned; /* of struct scenario: what typed parameters that no scenario holds */
};

void figure_entries_init(struct figure_entries *entries);
void figure_entries_release(struct figure_entries *entries);

/* Adds the plots of a scenario: its list of struct param_variant_value. */
void figure_entries_add_plots(struct figure_entries *entries, const struct param_list *plots);

/*
 * Adds a figure of that kind; `with` holds KEY=VALUE, NULL-terminated, or is NULL for none. False where they are wrong,
 * with every error appended to `errors` as those of a scenario file.
 */
bool figure_entries_add(struct figure_entries *entries, const struct param_variants *kinds, const char *kind,
                        const char *const *with, GString *errors);

/*
 * Whether the swept keys that a figure's parameters name are swept in the scenario; false and FIGURE_ERROR_PARAMETER
 * for the first that is not, so that it is known before anything runs.
 */
bool figure_entry_fits(const struct figure_entry *entry, const struct scenario *scenario, GError **error);

/*
 * Keeps the entries whose name or kind that is, at the end of `to`, and takes them from `entries`; returns how many.
 */
size_t figure_entries_move(struct figure_entries *to, struct figure_entries *entries, const char *name);

#endif
