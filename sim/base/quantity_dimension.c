/* SPDX-License-Identifier: MIT */
#include "base/quantity_dimension.h"

#include "base/quantity.h"
#include "base/time.h"

const struct dimension dimension_duration = {
    .thing = "a duration",
    .whole = "nanoseconds",
    .units = "ns, us, ms, s, min, h or d",
    .examples = "12 s or 80 ms",
    .suggested = {"s", "ms", "min"},
    .maximum = INT64_MAX - 1,
    .maximum_text = "106751 d",
    .unit = {{"ns", 1},
             {"us", (uint64_t)MICROSECOND},
             {"ms", (uint64_t)MILLISECOND},
             {"s", (uint64_t)SECOND},
             {"min", (uint64_t)MINUTE},
             {"h", (uint64_t)HOUR},
             {"d", (uint64_t)DAY}},
};

const struct dimension dimension_size = {
    .thing = "a size",
    .whole = "bytes",
    .units = "B, kB, MB, GB, KiB, MiB or GiB",
    .examples = "512 B or 1 MiB",
    .suggested = {"B", "kB", "MiB"},
    .maximum = INT64_MAX,
    .maximum_text = "8589934591 GiB",
    .unit = {{"B", 1},
             {"kB", 1000},
             {"KiB", 1 << 10},
             {"MB", 1000000},
             {"MiB", 1 << 20},
             {"GB", 1000000000},
             {"GiB", 1 << 30}},
};

const struct dimension dimension_rate = {
    .thing = "a rate",
    .whole = "bits a second",
    .units = "bit/s, kbit/s, Mbit/s or Gbit/s",
    .examples = "100 Mbit/s or 1 Gbit/s",
    .suggested = {"bit/s", "Mbit/s", "Gbit/s"},
    .maximum = INT64_MAX,
    .maximum_text = "9223372036 Gbit/s",
    .unit = {{"bit/s", 1}, {"kbit/s", 1000}, {"Mbit/s", 1000000}, {"Gbit/s", 1000000000}},
};

const struct dimension dimension_tx_rate = {
    .thing = "a rate of transactions",
    .whole = "millionths of a transaction a second",
    .units = "tx/s, ktx/s or Mtx/s",
    .examples = "100 tx/s or 2 ktx/s",
    .suggested = {"tx/s", "ktx/s", "Mtx/s"},
    .maximum = INT64_MAX,
    .maximum_text = "9223372 Mtx/s",
    .unit = {{"tx/s", TX_RATE_ONE}, {"ktx/s", 1000 * TX_RATE_ONE}, {"Mtx/s", 1000000 * TX_RATE_ONE}},
};
