/* SPDX-License-Identifier: MIT */
#include "base/series.h"

static void collapse(struct series *series)
{
    for (size_t i = 0; i < series->values.count / 2; i++) {
        series->values.at[i] = (series->values.at[2 * i] + series->values.at[2 * i + 1]) / 2;
        series->times.at[i] = series->times.at[2 * i];
    }
    series->values.count /= 2;
    series->times.count /= 2;
    series->group *= 2;
}

void series_add(struct series *series, double value, time_ns at)
{
    series->group = series->group ? series->group : 1;
    if (series->waiting == 0 && series->values.count == SERIES_MOST)
        collapse(series);
    if (series->waiting == 0)
        series->waiting_since = at;
    series->observations++;
    series->sum += value;
    if (++series->waiting < series->group)
        return;
    vector_push(&series->values, series->sum / (double)series->group);
    vector_push(&series->times, series->waiting_since);
    series->sum = 0;
    series->waiting = 0;
}

void series_release(struct series *series)
{
    vector_release(&series->values);
    vector_release(&series->times);
    *series = (struct series){0};
}

static struct steady_mean second_half_of(const struct series *series)
{
    size_t half = series->values.count / 2;
    return batch_mean_of(series->values.at + half, series->values.count - half);
}

struct series_mean series_mean_of(const struct series *series)
{
    static const double none;
    struct steady_mean steady = steady_mean_of(series->values.count ? series->values.at : &none, series->values.count);
    bool found = steady.warm_up < series->values.count;
    if (steady.verdict == STEADY_WARMING)
        steady.correlation = second_half_of(series).correlation;
    return (struct series_mean){
        .verdict = steady.verdict,
        .observations = series->observations,
        .warm_up = steady.warm_up * series->group,
        .warm_up_ns = found ? series->times.at[steady.warm_up] : TIME_NEVER,
        .batch_size = steady.batch_size * series->group,
        .mean = steady.mean,
        .correlation = steady.correlation,
        .low = steady.interval.low,
        .high = steady.interval.high,
    };
}

struct series_mean series_mean_none(void)
{
    struct series empty = {0};
    return series_mean_of(&empty);
}

struct interval series_mean_interval(const struct series_mean *mean)
{
    return mean->verdict == STEADY ? (struct interval){mean->low, mean->high, INTERVAL_BATCH} : interval_none();
}

bool series_mean_is_telling(const struct series_mean *mean)
{
    return mean->verdict != STEADY_TOO_SHORT && mean->correlation <= STEADY_MOST_CORRELATION;
}

bool series_mean_warms_up(const struct series_mean *mean)
{
    return series_mean_is_telling(mean) && (mean->verdict == STEADY_WARMING || mean->warm_up > mean->observations / 20);
}
