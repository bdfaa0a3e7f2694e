/* SPDX-License-Identifier: MIT */
/*
 * Printing what was filled: as YAML that loads to the same values, and as a list of values with their origins. Pure
 * functions of the filled tree.
 */
#ifndef POSIM_SCENARIO_RESOLVED_H
#define POSIM_SCENARIO_RESOLVED_H

#include "scenario/fill.h"

void resolved_print(const struct filled *root, GString *out);
void resolved_print_world(const struct filled *root, GString *out); /* without what is `of_experiment` */
char *resolved_place(const struct filled *root, const char *key);   /* scenario_place */
void resolved_print_origins(const struct filled *root, GString *out);
void resolved_print_values(const struct filled *root, GString *out); /* the same without the origins */

/*
 * A scalar as YAML: plain where every reader would take it for the same text, else in double quotes. `is_text` quotes
 * also what others might take for a number or a truth value.
 */
void resolved_append_scalar(const char *text, bool is_text, GString *out);

#endif
