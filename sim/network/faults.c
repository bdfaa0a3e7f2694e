/* SPDX-License-Identifier: MIT */
#include "network/faults.h"

#include "base/assert.h"

#include <glib.h>

#define LINK_FAULTS_MAXIMUM FAULT_KEY_ASYNCHRONY /* what the keys of draws have room for */

void faults_init(struct faults *faults, uint32_t node_count)
{
    *faults = (struct faults){.node_count = node_count};
}

static void release_link(struct link_fault *fault)
{
    g_free(fault->nodes);
    g_free(fault->lost);
}

void faults_release(struct faults *faults)
{
    for (uint32_t i = 0; i < faults->link_count; i++)
        release_link(&faults->links[i]);
    g_free(faults->links);
    g_free(faults->segments);
    for (node_id node = 0; faults->outages && node < faults->node_count; node++)
        g_free(faults->outages[node].at);
    g_free(faults->outages);
    *faults = (struct faults){0};
}

static void copy_link(struct faults *faults, const struct link_fault *original)
{
    faults_add_link(faults, *original, original->nodes);
    faults->links[faults->link_count - 1].key = original->key;
}

void faults_copy(struct faults *faults, const struct faults *original)
{
    faults_init(faults, original->node_count);
    for (uint32_t i = 0; i < original->link_count; i++)
        copy_link(faults, &original->links[i]);
    for (node_id node = 0; original->outages && node < original->node_count; node++)
        for (uint32_t i = 0; i < original->outages[node].count; i++)
            faults_add_outage(faults, node, original->outages[node].at[i]);
    faults->listed = original->listed;
}

static int compare_times(const void *a, const void *b)
{
    time_ns left = *(const time_ns *)a, right = *(const time_ns *)b;
    return (left > right) - (left < right);
}

static struct fault_segment segment_from(const struct faults *faults, time_ns from_ns)
{
    struct fault_segment segment = {.from_ns = from_ns};
    for (uint32_t i = 0; i < faults->link_count; i++) {
        if (!link_fault_active(&faults->links[i], from_ns))
            continue;
        segment.active++;
        segment.partitions += faults->links[i].kind == FAULT_PARTITION;
    }
    return segment;
}

/* Cuts time at every begin and end of a link fault. */
static void rebuild_segments(struct faults *faults)
{
    size_t count = 2 * (size_t)faults->link_count;
    time_ns *cuts = g_new(time_ns, count);
    for (uint32_t i = 0; i < faults->link_count; i++) {
        cuts[2 * i] = faults->links[i].from_ns;
        cuts[2 * i + 1] = faults->links[i].until_ns;
    }
    qsort(cuts, count, sizeof *cuts, compare_times); /* equal times are one cut: ties do not matter */
    faults->segments = g_renew(struct fault_segment, faults->segments, count);
    faults->segment_count = 0;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || cuts[i] != cuts[i - 1])
            faults->segments[faults->segment_count++] = segment_from(faults, cuts[i]);
    g_free(cuts);
}

/* Of 2^64 draws, how many lose a message more than k times: 2^64 p^(k + 1), rounded down; p = 1 loses all but one. */
static uint64_t *chances_of_loss(const struct link_fault *fault)
{
    if (fault->kind != FAULT_LOSE || fault->retry.after_ns == PARAM_ABSENT)
        return NULL;
    uint64_t *lost = g_new(uint64_t, (size_t)fault->retry.most + 1);
    uint64_t above = UINT64_MAX;
    for (int64_t k = 0; k <= fault->retry.most; k++)
        lost[k] = above = (uint64_t)((uint128)above * fault->probability.numerator / fault->probability.denominator);
    return lost;
}

void faults_add_link(struct faults *faults, struct link_fault fault, const uint8_t *nodes)
{
    REQUIRE(fault.from_ns >= 0 && faults->link_count < LINK_FAULTS_MAXIMUM);
    if (fault.until_ns <= fault.from_ns)
        return;
    fault.nodes = g_memdup2(nodes, faults->node_count);
    fault.lost = chances_of_loss(&fault);
    if (!fault.key)
        fault.key = faults->listed++;
    faults->links = g_renew(struct link_fault, faults->links, (size_t)faults->link_count + 1);
    faults->links[faults->link_count++] = fault;
    rebuild_segments(faults);
}

void faults_add_outage(struct faults *faults, node_id node, struct outage outage)
{
    REQUIRE(outage.from_ns >= 0 && node < faults->node_count);
    if (outage.until_ns <= outage.from_ns)
        return;
    if (!faults->outages)
        faults->outages = g_new0(struct node_outages, faults->node_count);
    struct node_outages *list = &faults->outages[node];
    list->at = g_renew(struct outage, list->at, (size_t)list->count + 1);
    uint32_t place = list->count++;
    for (; place > 0 && list->at[place - 1].from_ns > outage.from_ns; place--)
        list->at[place] = list->at[place - 1];
    list->at[place] = outage;
    for (uint32_t i = place; i < list->count; i++)
        list->at[i].reach_ns = time_max(i ? list->at[i - 1].reach_ns : 0, list->at[i].until_ns);
}

const struct fault_segment *faults_segment(const struct faults *faults, time_ns at)
{
    uint32_t low = 0, high = faults->segment_count; /* the first segment that begins after `at` */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (faults->segments[middle].from_ns <= at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || faults->segments[low - 1].active == 0)
        return NULL;
    return &faults->segments[low - 1];
}

/* A partition that divides the two nodes at that time; one that drops before one that holds. */
static const struct link_fault *dividing(const struct faults *faults, node_id from, node_id to, time_ns at)
{
    const struct link_fault *found = NULL;
    for (uint32_t i = 0; i < faults->link_count; i++) {
        const struct link_fault *fault = &faults->links[i];
        if (fault->kind != FAULT_PARTITION || !link_fault_active(fault, at) || !link_fault_divides(fault, from, to))
            continue;
        if (fault->drop)
            return fault;
        if (!found || fault->until_ns > found->until_ns)
            found = fault;
    }
    return found;
}

time_ns faults_leave(const struct faults *faults, node_id from, node_id to, time_ns sent_ns)
{
    time_ns leaves = sent_ns;
    while (faults_segment(faults, leaves)) {
        const struct link_fault *fault = dividing(faults, from, to, leaves);
        if (!fault)
            break;
        if (fault->drop || fault->until_ns == TIME_NEVER)
            return TIME_NEVER;
        leaves = fault->until_ns; /* another may hold it from there on */
    }
    return leaves;
}

const struct link_fault *faults_first_heal(const struct faults *faults, time_ns at)
{
    const struct link_fault *first = NULL;
    for (uint32_t i = 0; i < faults->link_count; i++) {
        const struct link_fault *fault = &faults->links[i];
        if (fault->kind == FAULT_PARTITION && link_fault_active(fault, at) &&
            (!first || fault->until_ns < first->until_ns))
            first = fault;
    }
    REQUIRE(first);
    return first;
}

static uint64_t draw(enum random_purpose purpose, const struct link_fault *fault, const struct random_seed *seed,
                     uint64_t message, node_id from, node_id to)
{
    return random_at(seed, purpose, message, (uint64_t)from << 40 | (uint64_t)to << 16 | fault->key);
}

time_ns faults_retry_most(const struct network_retry *retry)
{
    int64_t waits = retry->doubles ? (INT64_C(1) << retry->most) - 1 : retry->most;
    return retry->after_ns * waits;
}

/* How much later what is sent again arrives; TIME_NEVER where it is lost. One draw for (message, link, fault). */
static time_ns lose(const struct link_fault *fault, const struct random_seed *seed, uint64_t message, node_id from,
                    node_id to)
{
    uint64_t drawn = draw(RANDOM_LOSS, fault, seed, message, from, to);
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
static time_ns stall(const struct link_fault *fault, const struct random_seed *seed, uint64_t message, node_id from,
                     node_id to, time_ns leaves_ns)
{
    time_ns most = MIN(fault->extra_ns, fault->until_ns - leaves_ns);
    if (!fault->drawn)
        return most;
    uint64_t drawn = draw(RANDOM_FAULT, fault, seed, message, from, to);
    return (time_ns)((uint128)drawn * ((uint64_t)most + 1) >> 64);
}

static time_ns hinder_by(const struct link_fault *fault, const struct random_seed *seed, uint64_t message, node_id from,
                         node_id to, time_ns leaves_ns)
{
    switch (fault->kind) {
    case FAULT_SLOW:
        return fault->extra_ns;
    case FAULT_LOSE:
        return lose(fault, seed, message, from, to);
    case FAULT_ASYNCHRONY:
        return stall(fault, seed, message, from, to, leaves_ns);
    case FAULT_PARTITION:
        break;
    }
    return 0;
}

time_ns faults_hinder(const struct faults *faults, const struct random_seed *seed, uint64_t message, node_id from,
                      node_id to, time_ns leaves_ns)
{
    time_ns extra = 0;
    if (!faults_segment(faults, leaves_ns))
        return 0;
    for (uint32_t i = 0; i < faults->link_count && extra != TIME_NEVER; i++) {
        const struct link_fault *fault = &faults->links[i];
        if (fault->kind != FAULT_PARTITION && link_fault_active(fault, leaves_ns) &&
            (fault->nodes[from] || fault->nodes[to]))
            extra = time_add(extra, hinder_by(fault, seed, message, from, to, leaves_ns));
    }
    return extra;
}

/* The first outage of a list that is not over at a time, by when all before it are; the list's count if there is none.
 */
static uint32_t first_not_over(const struct node_outages *list, time_ns at)
{
    uint32_t low = 0, high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->at[middle].reach_ns <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

time_ns faults_receive(const struct faults *faults, node_id node, time_ns arrives_ns)
{
    if (!faults->outages)
        return arrives_ns;
    const struct node_outages *list = &faults->outages[node];
    /* In order of their begin: once one moves the arrival on, only later ones can move it again. */
    for (uint32_t i = first_not_over(list, arrives_ns); i < list->count && list->at[i].from_ns <= arrives_ns; i++) {
        const struct outage *outage = &list->at[i];
        if (outage->until_ns <= arrives_ns)
            continue;
        if (outage->drop)
            return TIME_NEVER;
        arrives_ns = outage->until_ns;
    }
    return arrives_ns;
}

bool faults_down(const struct faults *faults, node_id node, time_ns at)
{
    if (!faults->outages)
        return false;
    const struct node_outages *list = &faults->outages[node];
    uint32_t first = first_not_over(list, at); /* reaches beyond `at`, and is itself the one that does */
    return first < list->count && list->at[first].from_ns <= at;
}
