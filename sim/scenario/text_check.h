/* SPDX-License-Identifier: MIT */
/*
 * What a scenario's text may be made of, before any parser sees it: UTF-8, without tabs and control characters. A pure
 * function of the source; errors name line and column.
 */
#ifndef POSIM_SCENARIO_TEXT_CHECK_H
#define POSIM_SCENARIO_TEXT_CHECK_H

#include "scenario/diagnostics.h"
#include "scenario/source.h"

/* Whether the text is fit to parse; each line that is not has one error. */
bool text_check(const struct source *source, struct diagnostics *diagnostics);

#endif
