/* SPDX-License-Identifier: MIT */
/*
 * What faults of links do to a message that leaves: slow it down, lose it, hold it back; and how long work takes a node
 * that is slowed down.
 */
#include "base/assert.h"
#include "base/fixed.h"
#include "network/faults.h"
#include "network/rates.h"

#include <glib.h>

#define FULL_LOAD          (UINT32_C(1) << 31)
#define CIRCLE_MICRODEGREE 360000000

static uint64_t draw(enum random_purpose purpose, const struct link_fault *fault, const struct random_seed *seed,
                     const struct fault_way *way)
{
    return random_at(seed, purpose, way->message, (uint64_t)way->from << 40 | (uint64_t)way->to << 16 | fault->key);
}

time_ns faults_retry_most(const struct network_retry *retry)
{
    int64_t waits = retry->doubles ? (INT64_C(1) << retry->most) - 1 : retry->most;
    return retry->after_ns * waits;
}

/* How much later what is sent again arrives; TIME_NEVER where it is lost. One draw for (message, link, fault). */
static time_ns lose(const struct link_fault *fault, const struct random_seed *seed, const struct fault_way *way)
{
    uint64_t drawn = draw(RANDOM_LOSS, fault, seed, way);
    struct network_retry retry = fault->retry;
    if (!fault->lost) /* against the exact probability */
        return (uint128)drawn * fault->probability.denominator < (uint128)fault->probability.numerator << 64
                   ? TIME_NEVER
                   : 0;
    int64_t times = 0;
    while (times <= retry.most && drawn < fault->lost[times])
        times++;
    if (times > retry.most)
        return TIME_NEVER;
    retry.most = times;
    return faults_retry_most(&retry);
}

/* By how much a message that leaves before the end of an asynchronous stretch is delayed. */
static time_ns stall(const struct link_fault *fault, const struct random_seed *seed, const struct fault_way *way,
                     time_ns leaves_ns)
{
    time_ns most = MIN(fault->extra_ns, fault->until_ns - leaves_ns);
    if (!fault->drawn)
        return most;
    uint64_t drawn = draw(RANDOM_FAULT, fault, seed, way);
    return (time_ns)((uint128)drawn * ((uint64_t)most + 1) >> 64);
}

/* What a throttled end's rate adds to what the size takes anyhow. */
static time_ns throttle(const struct link_fault *fault, const struct fault_way *way)
{
    bool hits_sender = !way->queued_up && (fault->nodes[way->from] & FAULT_TARGET);
    bool hits_receiver = !way->queued_down && (fault->nodes[way->to] & FAULT_TARGET);
    if (!hits_sender && !hits_receiver)
        return 0;
    time_ns takes_ns = rate_takes(fault->bit_per_s, way->size_bytes);
    return takes_ns > way->sending_ns ? takes_ns - way->sending_ns : 0;
}

uint32_t *congestion_loads(void)
{
    uint32_t *load = g_new(uint32_t, CONGESTION_STEPS + 1);
    for (uint32_t step = 0; step <= CONGESTION_STEPS; step++) {
        int32_t angle = (int32_t)((int64_t)CIRCLE_MICRODEGREE * step / CONGESTION_STEPS);
        load[step] = (uint32_t)((Q62_ONE / 2 - q62_cos_microdegree(angle) / 2) >> (62 - 31));
    }
    return load;
}

/* What congestion at one end adds: between the steps of a period a straight line. */
static time_ns congest_at(const struct link_fault *fault, node_id node, time_ns at)
{
    time_ns shift_ns = fault->shift_ns ? fault->shift_ns[node] : 0;
    time_ns into_ns = (at - shift_ns - fault->peak_ns + fault->period_ns / 2) % fault->period_ns;
    if (into_ns < 0)
        into_ns += fault->period_ns;
    uint128 place = ((uint128)(uint64_t)into_ns * CONGESTION_STEPS << 32) / (uint64_t)fault->period_ns;
    uint32_t step = (uint32_t)(place >> 32), rest = (uint32_t)place;
    int64_t low = fault->load[step], high = fault->load[step + 1];
    int64_t load = low + (int64_t)((int128)(high - low) * rest >> 32);
    return (time_ns)((uint128)(uint64_t)fault->extra_ns * (uint64_t)load / FULL_LOAD);
}

static time_ns congest(const struct link_fault *fault, const struct fault_way *way, time_ns at)
{
    time_ns extra_ns = 0;
    if (fault->nodes[way->from] & FAULT_TARGET)
        extra_ns += congest_at(fault, way->from, at);
    if (fault->nodes[way->to] & FAULT_TARGET)
        extra_ns += congest_at(fault, way->to, at);
    return extra_ns;
}

static time_ns slow(const struct link_fault *fault, const struct fault_way *way)
{
    if (!fault->stretch.denominator)
        return fault->extra_ns;
    uint128 part = (uint128)(uint64_t)way->base_ns * fault->stretch.numerator / fault->stretch.denominator;
    return part > TIME_NEVER ? TIME_NEVER : time_add(fault->extra_ns, (time_ns)part);
}

static time_ns hinder_by(const struct link_fault *fault, const struct random_seed *seed, const struct fault_way *way,
                         time_ns leaves_ns)
{
    switch (fault->kind) {
    case FAULT_SLOW:
        return slow(fault, way);
    case FAULT_LOSE:
        return lose(fault, seed, way);
    case FAULT_ASYNCHRONY:
        return stall(fault, seed, way, leaves_ns);
    case FAULT_THROTTLE:
        return throttle(fault, way);
    case FAULT_CONGESTION:
        return congest(fault, way, leaves_ns);
    case FAULT_PARTITION:
    case FAULT_SLUGGISH:
        break;
    }
    return 0;
}

static bool hits(const struct link_fault *fault, node_id from, node_id to)
{
    uint8_t near = fault->nodes[from], far = fault->nodes[to];
    if (!fault->toward)
        return (near | far) & FAULT_TARGET;
    return ((near & FAULT_TARGET) && (far & FAULT_OTHER_END)) || ((near & FAULT_OTHER_END) && (far & FAULT_TARGET));
}

time_ns faults_hinder(const struct faults *faults, const struct random_seed *seed, const struct fault_way *way,
                      time_ns leaves_ns)
{
    const struct fault_segment *segment = faults_segment(faults, leaves_ns);
    time_ns extra = 0;
    for (uint32_t i = 0; segment && i < segment->active && extra != TIME_NEVER; i++) {
        const struct link_fault *fault = &faults->links[segment->links[i]];
        if (fault->kind != FAULT_PARTITION && hits(fault, way->from, way->to))
            extra = time_add(extra, hinder_by(fault, seed, way, leaves_ns));
    }
    return extra;
}

/* What is left of a worker's full pace in a segment: `now` of `full`. */
struct pace {
    uint64_t now, full;
};

static struct pace pace_in(const struct faults *faults, const struct fault_segment *segment, struct fault_worker worker)
{
    struct pace pace = {worker.bit_per_s ? worker.bit_per_s : 1, worker.bit_per_s ? worker.bit_per_s : 1};
    for (uint32_t i = 0; segment && i < segment->active; i++) {
        const struct link_fault *fault = &faults->links[segment->links[i]];
        if (!(fault->nodes[worker.node] & FAULT_TARGET))
            continue;
        const struct ratio *speed = &fault->speed;
        if (worker.bit_per_s && fault->kind == FAULT_THROTTLE)
            pace.now = MIN(pace.now, fault->bit_per_s);
        else if (!worker.bit_per_s && fault->kind == FAULT_SLUGGISH &&
                 (uint128)speed->numerator * pace.full < (uint128)pace.now * speed->denominator)
            pace = (struct pace){speed->numerator, speed->denominator};
    }
    return pace;
}

uint128 faults_work_between(const struct faults *faults, struct fault_worker worker, time_ns from_ns, time_ns until_ns)
{
    uint128 work = 0;
    for (time_ns at = from_ns, end_ns; at < until_ns; at = end_ns) {
        struct pace pace = pace_in(faults, faults_segment(faults, at), worker);
        end_ns = MIN(until_ns, faults_next_change(faults, at));
        work += (uint128)(uint64_t)(end_ns - at) * WORK_PARTS * pace.now / pace.full;
    }
    return work;
}

time_ns faults_work_done(const struct faults *faults, struct fault_worker worker, time_ns start_ns, uint128 work)
{
    time_ns at = start_ns;
    while (work > 0) {
        time_ns change_ns = faults_next_change(faults, at);
        struct pace pace = pace_in(faults, faults_segment(faults, at), worker);
        uint128 pace_of_ns = (uint128)WORK_PARTS * pace.now;
        uint128 needs_ns = (work * pace.full + pace_of_ns - 1) / pace_of_ns;
        if (change_ns == TIME_NEVER || needs_ns <= (uint64_t)(change_ns - at))
            return needs_ns > TIME_NEVER ? TIME_NEVER : time_add(at, (time_ns)needs_ns);
        work -= (uint128)(uint64_t)(change_ns - at) * WORK_PARTS * pace.now / pace.full;
        at = change_ns;
    }
    return at;
}
