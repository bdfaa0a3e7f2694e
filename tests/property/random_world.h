/* SPDX-License-Identifier: MIT */
/*
 * Random scenarios of Tendermint and Praos: sizes, stakes, delays, timeouts, faults and misbehaviour all drawn from one
 * stream. Each function appends one part of a scenario to a text.
 */
#ifndef POSIM_TESTS_PROPERTY_RANDOM_WORLD_H
#define POSIM_TESTS_PROPERTY_RANDOM_WORLD_H

#include "base/random.h"

#include <glib.h>
#include <stdbool.h>

/* `validators:` with 4 to `most` of them. Whether all have the same stake. */
bool random_validators(GString *text, struct random_stream *stream, uint64_t most);

/* `network:` with some model of latency. */
void random_network(GString *text, struct random_stream *stream);

/*
 * `protocol:` of that name, one of Tendermint's, with timeouts from far too short to generous. `hurry`: perhaps without
 * a wait between heights; a validator with more than two thirds would then decide any number of heights in no time.
 */
void random_tendermint(GString *text, struct random_stream *stream, const char *protocol, bool hurry);

void random_praos(GString *text, struct random_stream *stream);

/* `faults:`, up to `most` of them, all of which begin and end within `within_s` seconds. */
void random_faults(GString *text, struct random_stream *stream, uint64_t most, uint64_t within_s);

/* `transactions:` of some kind, with limits that bite, too. */
void random_transactions(GString *text, struct random_stream *stream);

/* `adversary:` and `behaviours:` who hold at most `percent` of the stake together. */
void random_misbehaviour(GString *text, struct random_stream *stream, uint64_t percent);

#endif
