/* SPDX-License-Identifier: MIT */
/*
 * Findings from inside: the readers that findings_read calls one after the other, each for one source. They return
 * false and an error where a file is not what it should be. Private to findings*.c.
 */
#ifndef POSIM_REPORT_FINDINGS_PARTS_H
#define POSIM_REPORT_FINDINGS_PARTS_H

#include "experiment/results.h"
#include "report/findings.h"

/* Version, command line, inputs. */
bool findings_read_manifest(struct findings *findings, GError **error);

/* Means and intervals, for which the points must be known. */
bool findings_read_summary(struct findings *findings, GError **error);

/* Runs, verdicts, shares, and the values that claims are judged by. */
bool findings_read_runs(struct findings *findings, GError **error);

/* The first violations and the first failure in words, as far as the journal has them; it need not be there. */
void findings_read_journal(struct findings *findings, const struct root *root);

/* The claims, empty; and what came of them at one point, whose runs have been read and whose estimate is given. */
void findings_add_claims(struct findings *findings);
void findings_judge_claim(struct findings_claim *claim, size_t place, const struct finding *finding);

/* A table of the directory; NULL and an error, which says so where the results are not finished. */
struct rows *findings_open_table(const struct findings *findings, enum results_file name, const char *const *columns,
                                 GError **error);

/* The place of a point in the plan; points.count where it has none. `near` is tried first. */
size_t findings_place(const struct findings *findings, uint64_t point, size_t near);

#endif
