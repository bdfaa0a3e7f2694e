/* SPDX-License-Identifier: MIT */
#include "network/faults.h"

#include "base/assert.h"

#include <glib.h>
#include <string.h>

#define LINKS_MAXIMUM (1u << 20)

void faults_init(struct faults *faults, uint32_t node_count)
{
    *faults = (struct faults){.node_count = node_count};
}

static void release_link(struct link_fault *fault)
{
    g_free(fault->nodes);
    g_free(fault->shift_ns);
    g_free(fault->load);
    g_free(fault->lost);
}

void faults_release(struct faults *faults)
{
    for (uint32_t i = 0; i < faults->link_count; i++)
        release_link(&faults->links[i]);
    g_free(faults->links);
    for (uint32_t i = 0; i < faults->segment_count; i++)
        g_free(faults->segments[i].links);
    g_free(faults->segments);
    for (node_id node = 0; faults->outages && node < faults->node_count; node++)
        g_free(faults->outages[node].at);
    g_free(faults->outages);
    g_free(faults->hit);
    *faults = (struct faults){0};
}

/* The first segment that begins after a time. */
static uint32_t segment_after(const struct faults *faults, time_ns at)
{
    uint32_t low = 0, high = faults->segment_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (faults->segments[middle].from_ns <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Lets a segment begin at a time, with what was active there before; returns its place. */
static uint32_t cut_segment(struct faults *faults, time_ns at)
{
    uint32_t place = segment_after(faults, at);
    if (place > 0 && faults->segments[place - 1].from_ns == at)
        return place - 1;
    struct fault_segment segment = {.from_ns = at};
    if (place > 0) {
        const struct fault_segment *before = &faults->segments[place - 1];
        segment.active = before->active;
        segment.partitions = before->partitions;
        segment.links = g_memdup2(before->links, before->active * sizeof *before->links);
    }
    faults->segments = g_renew(struct fault_segment, faults->segments, (size_t)faults->segment_count + 1);
    memmove(faults->segments + place + 1, faults->segments + place,
            (faults->segment_count - place) * sizeof *faults->segments);
    faults->segments[place] = segment;
    faults->segment_count++;
    return place;
}

/* Puts the link fault added last into the segments of its time. */
static void enter_segments(struct faults *faults)
{
    uint32_t link = faults->link_count - 1;
    const struct link_fault *fault = &faults->links[link];
    uint32_t first = cut_segment(faults, fault->from_ns);
    uint32_t end = fault->until_ns == TIME_NEVER ? faults->segment_count : cut_segment(faults, fault->until_ns);
    for (uint32_t s = first; s < end; s++) {
        struct fault_segment *segment = &faults->segments[s];
        segment->links = g_renew(uint32_t, segment->links, (size_t)segment->active + 1);
        segment->links[segment->active++] = link;
        segment->partitions += fault->kind == FAULT_PARTITION;
    }
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

/* What a fault points to becomes its own. */
static void append(struct faults *faults, struct link_fault fault)
{
    REQUIRE(fault.from_ns >= 0 && faults->link_count < LINKS_MAXIMUM);
    fault.nodes = g_memdup2(fault.nodes, faults->node_count);
    fault.shift_ns = g_memdup2(fault.shift_ns, faults->node_count * sizeof *fault.shift_ns);
    fault.load = fault.kind == FAULT_CONGESTION ? congestion_loads() : NULL;
    fault.lost = chances_of_loss(&fault);
    faults->links = g_renew(struct link_fault, faults->links, (size_t)faults->link_count + 1);
    faults->links[faults->link_count++] = fault;
    faults->change_pace |= fault.kind == FAULT_THROTTLE || fault.kind == FAULT_SLUGGISH;
    enter_segments(faults);
}

void faults_add_link(struct faults *faults, struct link_fault fault)
{
    if (fault.until_ns <= fault.from_ns)
        return;
    if (!fault.key) {
        REQUIRE(faults->listed < FAULT_KEY_ASYNCHRONY);
        fault.key = faults->listed++;
    }
    append(faults, fault);
}

void faults_repeat_link(struct faults *faults, time_ns from_ns, time_ns until_ns)
{
    REQUIRE(faults->link_count);
    struct link_fault fault = faults->links[faults->link_count - 1];
    fault.from_ns = from_ns;
    fault.until_ns = until_ns;
    if (until_ns > from_ns)
        append(faults, fault);
}

void faults_add_outage(struct faults *faults, node_id node, struct outage outage)
{
    REQUIRE(outage.from_ns >= 0 && node < faults->node_count);
    if (outage.until_ns <= outage.from_ns)
        return;
    if (!faults->outages)
        faults->outages = g_new0(struct node_outages, faults->node_count);
    struct node_outages *list = &faults->outages[node];
    if (list->count == 0) {
        faults->hit = g_renew(node_id, faults->hit, faults->hit_count + 1);
        faults->hit[faults->hit_count++] = node;
    }
    list->at = g_renew(struct outage, list->at, (size_t)list->count + 1);
    uint32_t place = list->count++;
    for (; place > 0 && list->at[place - 1].from_ns > outage.from_ns; place--)
        list->at[place] = list->at[place - 1];
    list->at[place] = outage;
    for (uint32_t i = place; i < list->count; i++)
        list->at[i].reach_ns = time_max(i ? list->at[i - 1].reach_ns : 0, list->at[i].until_ns);
}

void faults_copy(struct faults *faults, const struct faults *original)
{
    faults_init(faults, original->node_count);
    for (uint32_t i = 0; i < original->link_count; i++)
        append(faults, original->links[i]);
    for (node_id node = 0; original->outages && node < original->node_count; node++)
        for (uint32_t i = 0; i < original->outages[node].count; i++)
            faults_add_outage(faults, node, original->outages[node].at[i]);
    faults->listed = original->listed;
}

const struct fault_segment *faults_segment(const struct faults *faults, time_ns at)
{
    uint32_t after = segment_after(faults, at);
    return after && faults->segments[after - 1].active ? &faults->segments[after - 1] : NULL;
}

time_ns faults_next_change(const struct faults *faults, time_ns at)
{
    uint32_t after = segment_after(faults, at);
    return after < faults->segment_count ? faults->segments[after].from_ns : TIME_NEVER;
}

/* A partition that divides the two nodes in that time; one that drops before one that holds. */
static const struct link_fault *dividing(const struct faults *faults, const struct fault_segment *segment, node_id from,
                                         node_id to)
{
    const struct link_fault *found = NULL;
    for (uint32_t i = 0; segment->partitions && i < segment->active; i++) {
        const struct link_fault *fault = &faults->links[segment->links[i]];
        if (fault->kind != FAULT_PARTITION || !link_fault_divides(fault, from, to))
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
    const struct fault_segment *segment;
    while ((segment = faults_segment(faults, leaves))) {
        const struct link_fault *fault = dividing(faults, segment, from, to);
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
