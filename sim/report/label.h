/* SPDX-License-Identifier: MIT */
/*
 * How figures write names, numbers and axes for people: `adversary.stake` is "Adversary stake", 0.08 s is 80 ms, and an
 * axis that spans three decades is logarithmic. Pure functions, the same everywhere; texts are g_free'd by the caller.
 */
#ifndef POSIM_REPORT_LABEL_H
#define POSIM_REPORT_LABEL_H

#include <stdbool.h>
#include <stddef.h>

/* "Protocol slot" of `protocol.slot`, "Median finality at last node" of `finality_s_last_p50`. No commas: see sheet.h.
 */
char *label_key(const char *key);
char *label_metric(const char *name);

/* A unit in which numbers up to some size read well: a value is `factor` times what is shown. */
struct scale {
    char unit[40]; /* "ms"; "": none */
    double factor;
};

/* Of a unit as tables have it (s, bytes, bits_per_s, messages, 1). Counts keep their digits, or go by thousands. */
struct scale scale_exact(const char *unit, double largest);
struct scale scale_rounded(const char *unit, double largest);

/* "Protocol slot (s)"; no unit that the label says already. */
char *label_axis(const char *label, const struct scale *scale);

/* The same of a label that a user gave, who may have put a unit into brackets at its end. */
char *label_axis_given(const char *given, const struct scale *scale);

/* "80", and "80 ms": in the scale's unit, with at most that many digits. */
char *label_number(double value, const struct scale *scale, int digits);
char *label_quantity(double value, const struct scale *scale, int digits);

/* What an axis shows. */
struct axis {
    double from, to;
    bool logarithmic;
};

enum axis_choice { AXIS_AUTO, AXIS_LINEAR, AXIS_LOG };
extern const char *const axis_choices[]; /* their names, as a parameter has them */

/*
 * For values from `least` to `most`, of which `least_positive` is the least above 0 (INFINITY: none): from 0 unless
 * they are all much alike, with a margin; logarithmic where that is chosen, or where auto and they span 100 times.
 */
struct axis axis_of(double least, double most, double least_positive, enum axis_choice choice);

/* The step of the series 1, 2, 5, 10 times a power of ten that is nearest to a third of `most`, from below. */
double label_step(double most);

#endif
