/* SPDX-License-Identifier: MIT */
/*
 * What findings say in words: plain sentences, which pages put into HTML or LaTeX and escape. Pure functions of the
 * findings, the same everywhere; what they return is g_free'd by the caller.
 */
#ifndef POSIM_REPORT_WORDS_H
#define POSIM_REPORT_WORDS_H

#include "report/findings.h"
#include "report/label.h"

/* "11,183,800", "0.2507", "1,284", "NA": whole numbers in full, others with four significant digits. */
char *words_number(double value);

/* "108 runs", "1 run" */
char *words_count(uint64_t count, const char *noun);

/* "300 ms": in the unit of the scale. "290 to 310 ms" */
char *words_quantity(double value, const struct scale *scale);
char *words_range(double low, double high, const struct scale *scale);

/* "2.8 %", of a share from 0 to 1. */
char *words_percent(double share);

/* "300 ms (95 % interval 290 to 310 ms)", where there is one; and what is said of it alone, which may be why not. */
char *words_finding(const struct finding *finding, const struct scale *scale);
char *words_interval(const struct finding *finding, const struct scale *scale);

/* "Hall's t", for hall95. The method's own name where it is not known. */
const char *words_method(const char *name);

/* A scale in which a metric's values up to that size read well. */
struct scale words_scale(enum metric_id metric, double largest);

/* "one run", "20 runs", "9 points of 12 runs each". */
char *words_extent(const struct findings *findings);

/* "point 3 (validators.count 4)"; where nothing is swept, "the only point". */
char *words_point(const struct findings *findings, size_t place);

/* Every verdict in one sentence: "Safety and liveness held in all 108 runs; conservation was not judged." */
char *words_headline(const struct findings *findings);

/* One verdict: in how many runs, and what that bounds. */
char *words_verdict(const struct findings *findings, enum verdict_id id);

/* The first violation: "Run 0-3: blocks 1 and 5 conflict"; NULL: there is none. */
char *words_violation(const struct findings *findings, enum verdict_id id);

/* "at least 0.3 and at most 0.31 s" */
char *words_bounds(const struct expectation *expectation);

/* "1 of 2 expectations was met."; NULL: nothing was expected. */
char *words_expectations(const struct findings *findings);

/* "met at 3 of 9 points", "met", "not met" */
char *words_claim(const struct findings *findings, const struct findings_claim *claim);

/* What a share in runs.csv is of: "stake of double_voting", "nodes that fault halves hits". */
char *words_share(const char *column);

/* What the results do not say, a sentence each. */
GPtrArray *words_limits(const struct findings *findings);

#endif
