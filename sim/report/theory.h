/* SPDX-License-Identifier: MIT */
/*
 * A curve from theory that is drawn over what was simulated: given as points [x, y], or as a CSV file whose first two
 * columns are x and y. The x are values of a swept key, the y shares; both may have units, or be plain numbers in the
 * unit of the tables.
 */
#ifndef POSIM_REPORT_THEORY_H
#define POSIM_REPORT_THEORY_H

#include "base/param.h"
#include "base/vector.h"

struct theory_params {
    struct param_list points; /* of struct param_list of const char * */
    const char *file, *label;
};

extern const struct param theory_point_element;

#define THEORY_PARAMS(struct_type)                                                                                     \
    {.key = "theory",                                                                                                  \
     .type = PARAM_LIST,                                                                                               \
     .offset = offsetof(struct_type, theory.points),                                                                   \
     .optional = true,                                                                                                 \
     .element = &theory_point_element,                                                                                 \
     .meaning = "a curve to compare with, as points [x, y] such as [10 %, 0.02]"},                                     \
        {.key = "theory_file",                                                                                         \
         .type = PARAM_FILE,                                                                                           \
         .offset = offsetof(struct_type, theory.file),                                                                 \
         .optional = true,                                                                                             \
         .meaning = "the same from a CSV file with a header: its first two columns are x and y"},                      \
    {                                                                                                                  \
        .key = "theory_label", .type = PARAM_TEXT, .offset = offsetof(struct_type, theory.label),                      \
        .by_default = "theory", .meaning = "what the curve is called, such as Nakamoto 2008"                           \
    }

struct theory_point {
    double x, y;
};

struct theory {
    VECTOR(struct theory_point) points;
};

/* `unit` is that of the x. Without points or file there are none. False and an error where one is no such number. */
bool theory_read(struct theory *theory, const struct theory_params *params, const char *unit, GError **error);
void theory_release(struct theory *theory);

#endif
