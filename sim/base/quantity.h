/* SPDX-License-Identifier: MIT */
/*
 * Scalars of a scenario, as text: exact parsing and printing of durations, sizes, rates, shares, decimals and stakes.
 * Nothing passes through a float: `0.1 s` is exactly 100000000 ns, and what cannot be held exactly is refused.
 * Each parser returns true and the value, or false and a GError whose message says what is allowed (lower case, no
 * full stop, no file or line: the caller knows those). Printing gives a text that parses back to the value: the
 * shortest whose number is at least 1, a share as a percentage where that ends within 17 places, else as a fraction.
 */
#ifndef POSIM_BASE_QUANTITY_H
#define POSIM_BASE_QUANTITY_H

#include "base/param.h"

#define QUANTITY_ERROR (quantity_error_quark())
GQuark quantity_error_quark(void);

bool quantity_parse_flag(const char *text, bool *value, GError **error);
bool quantity_parse_integer(const char *text, int64_t *value, GError **error);
bool quantity_parse_decimal(const char *text, struct ratio *value, GError **error);
bool quantity_parse_share(const char *text, struct ratio *value, GError **error);
bool quantity_parse_duration(const char *text, time_ns *value, GError **error);
bool quantity_parse_size(const char *text, uint64_t *value_bytes, GError **error);
bool quantity_parse_rate(const char *text, uint64_t *value_bit_per_s, GError **error);
/* TX_RATE_ONE is one transaction a second. */
#define TX_RATE_ONE ((uint64_t)1000000)
bool quantity_parse_tx_rate(const char *text, uint64_t *value, GError **error);
bool quantity_parse_stake(const char *text, stake_amount *value, GError **error);

/* Parses `text` as a scalar parameter, range included, into `value` (param_value_size bytes). Not TEXT, FILE. */
bool quantity_parse(const struct param *param, const char *text, void *value, GError **error);

/* The value as a scenario would write it; g_free it. Scalars only (TEXT and FILE included). */
char *quantity_print(const struct param *param, const void *value);

/* -1, 0, 1 as a < b, a == b, a > b. */
int ratio_compare(struct ratio a, struct ratio b);

#endif
