/* SPDX-License-Identifier: MIT */
/* The metrics of transactions, for metrics_collect(). */
#ifndef POSIM_RECORD_METRICS_TRANSACTIONS_H
#define POSIM_RECORD_METRICS_TRANSACTIONS_H

#include "record/metrics.h"

void metrics_of_transactions(const struct reductions *reductions, chain_id chain, struct metric_values *values);

#endif
