/* SPDX-License-Identifier: MIT */
/* Faults: when they last, written into the network before the start; crashes and recoveries as they come. */
#include "world/inside.h"

#define WINDOWS_MAXIMUM 100000

void fault_append_name(GString *text, const struct world *world, const struct fault *fault, const char *key)
{
    g_string_append_printf(text, "`faults.%u%s%s` (%s)", (uint32_t)(fault - world->faults), key ? "." : "",
                           key ? key : "", fault->name);
}

/* Says which fault it is about; false. */
static bool prefix_error(const struct world *world, const struct fault *fault, GError **error)
{
    GString *name = g_string_new(NULL);
    fault_append_name(name, world, fault, NULL);
    g_prefix_error(error, "%s: ", name->str);
    g_string_free(name, TRUE);
    return false;
}

static void make_partition(struct world *world, const struct fault *fault, const struct fault_window *window)
{
    const struct fault_partition *partition = (const struct fault_partition *)fault->common;
    network_partition(world->network, window->from, window->until, fault->side, partition->drop);
}

static void make_delay(struct world *world, const struct fault *fault, const struct fault_window *window)
{
    const struct fault_delay *delay = (const struct fault_delay *)fault->common;
    const struct network_links links = {fault->nodes, fault->toward};
    network_slow_links(world->network, window->from, window->until, &links,
                       delay->extra_ns == PARAM_ABSENT ? 0 : delay->extra_ns, delay->stretch);
}

static void make_loss(struct world *world, const struct fault *fault, const struct fault_window *window)
{
    const struct fault_loss *loss = (const struct fault_loss *)fault->common;
    const struct network_links links = {fault->nodes, fault->toward};
    network_lose_and_retry(world->network, window->from, window->until, &links, loss->probability, &loss->retry);
}

static void make_bandwidth(struct world *world, const struct fault *fault, const struct fault_window *window)
{
    const struct fault_bandwidth *bandwidth = (const struct fault_bandwidth *)fault->common;
    network_throttle(world->network, window->from, window->until, fault->nodes, bandwidth->bit_per_s);
}

static bool make_processors(struct world *world, const struct fault *fault, const struct fault_window *window,
                            GError **error)
{
    const struct fault_processors *processors = (const struct fault_processors *)fault->common;
    return network_slow_processors(world->network, window->from, window->until, fault->nodes, processors->speed,
                                   error) ||
           prefix_error(world, fault, error);
}

static bool make_congestion(struct world *world, const struct fault *fault, const struct fault_window *window,
                            GError **error)
{
    const struct fault_congestion *congestion = (const struct fault_congestion *)fault->common;
    return network_congest(world->network, window->from, window->until, fault->nodes, &congestion->daily, error) ||
           prefix_error(world, fault, error);
}

/* Faults of links, for their first window; the network repeats them. */
static bool begin_in_network(struct world *world, const struct fault *fault, const struct fault_window *window,
                             GError **error)
{
    switch (fault->kind) {
    case FAULT_BANDWIDTH:
        make_bandwidth(world, fault, window);
        return true;
    case FAULT_CONGESTION:
        return make_congestion(world, fault, window, error);
    case FAULT_DELAY:
        make_delay(world, fault, window);
        return true;
    case FAULT_LOSS:
        make_loss(world, fault, window);
        return true;
    case FAULT_PARTITION:
        make_partition(world, fault, window);
        return true;
    case FAULT_PROCESSORS:
        return make_processors(world, fault, window, error);
    default:
        return true;
    }
}

static bool write_links(struct world *world, const struct fault *fault, GError **error)
{
    const struct fault_window *windows = fault->windows.at;
    if (!begin_in_network(world, fault, &windows[0], error))
        return false;
    for (size_t w = 1; w < fault->windows.count && windows[0].until > windows[0].from; w++)
        network_repeat(world->network, windows[w].from, windows[w].until);
    return true;
}

static bool write_into_network(struct world *world, struct fault *fault, uint32_t index, struct random_stream *stream,
                               GError **error)
{
    switch (fault->kind) {
    case FAULT_CHURN:
        outages_of_churn(world, fault, index);
        return true;
    case FAULT_CRASH:
        outages_of_crash(world, fault);
        return true;
    case FAULT_MAINTENANCE:
        outages_of_maintenance(world, fault, stream);
        return true;
    default:
        return write_links(world, fault, error);
    }
}

/* When what begins then ends; maintenance ends by itself, but before it comes again. */
static time_ns window_end(const struct fault *fault, time_ns from)
{
    const struct fault_common *common = fault->common;
    if (common->for_ns != PARAM_ABSENT)
        return time_add(from, common->for_ns);
    return common->every_ns == PARAM_ABSENT ? TIME_NEVER : time_add(from, common->every_ns);
}

/* The times at which it lasts; those that would begin after the run are left out, but for the first. */
static bool make_windows(const struct world *world, struct fault *fault, GError **error)
{
    const struct fault_common *common = fault->common;
    time_ns end = world->settings->time.duration_ns, from = common->at_ns;
    do {
        if (fault->windows.count == WINDOWS_MAXIMUM) {
            g_set_error(error, QUANTITY_ERROR, 0, "comes more than %d times: make `every` longer", WINDOWS_MAXIMUM);
            return prefix_error(world, fault, error);
        }
        vector_push(&fault->windows, (struct fault_window){from, window_end(fault, from)});
        from = common->every_ns == PARAM_ABSENT ? TIME_NEVER : time_add(from, common->every_ns);
    } while (from <= end);
    return true;
}

/* The names that nobody has are told of all faults; what else is wrong with one, alone. */
static bool make_fault(struct world *world, uint32_t index, const struct param_variant_value *value, GString *refusals,
                       GError **error)
{
    struct fault *fault = &world->faults[index];
    fault->kind = *(const enum fault_kind *)value->variant->plugin;
    fault->common = value->value;
    fault->name = fault_name(value);
    struct random_stream stream;
    random_stream_init(&stream, &world->seed, RANDOM_FAULT, index);
    if (!make_windows(world, fault, error))
        return false;
    fault_pick(world, fault, &stream, refusals);
    if (refusals->len)
        return true;
    if (!write_into_network(world, fault, index, &stream, error))
        return false;
    shares_note_fault(world, index);
    return true;
}

bool timetable_make(struct world *world, GError **error)
{
    const struct param_list *list = &world->settings->faults;
    world->fault_count = (uint32_t)list->count;
    world->faults = g_new0(struct fault, MAX(list->count, 1));
    GString *refusals = g_string_new(NULL);
    bool fine = true;
    for (uint32_t f = 0; f < world->fault_count && fine; f++)
        fine = make_fault(world, f, &((const struct param_variant_value *)list->items)[f], refusals, error);
    if (fine && refusals->len) {
        g_set_error(error, QUANTITY_ERROR, 0, "%s", g_strchomp(refusals->str));
        fine = false;
    }
    g_string_free(refusals, TRUE);
    return fine;
}

void timetable_release(struct world *world)
{
    if (world->is_clone)
        return;
    for (uint32_t f = 0; f < world->fault_count; f++) {
        vector_release(&world->faults[f].windows);
        g_free(world->faults[f].nodes);
        g_free(world->faults[f].toward);
        g_free(world->faults[f].side);
    }
    g_free(world->faults);
    vector_release(&world->outages);
}

static void schedule(struct world *world, time_ns at, struct clock_item item)
{
    if (at <= world->settings->time.duration_ns)
        clock_put(&world->clock, at, item);
}

void timetable_schedule(struct world *world)
{
    for (uint32_t f = 0; f < world->fault_count; f++)
        for (size_t w = 0; w < world->faults[f].windows.count; w++) {
            const struct fault_window *window = &world->faults[f].windows.at[w];
            schedule(world, window->from, (struct clock_item){ITEM_FAULT, f, 2 * w});
            if (window->until != TIME_NEVER)
                schedule(world, window->until, (struct clock_item){ITEM_FAULT, f, 2 * w + 1});
        }
    if (network_gst(world->network)) {
        schedule(world, 0, (struct clock_item){ITEM_FAULT, world->fault_count, 0});
        schedule(world, network_gst(world->network), (struct clock_item){ITEM_FAULT, world->fault_count, 1});
    }
    for (size_t i = 0; i < world->outages.count; i++) {
        const struct outage *outage = &world->outages.at[i];
        schedule(world, outage->from, (struct clock_item){ITEM_CRASH, outage->node, 0});
        if (outage->until != TIME_NEVER)
            schedule(world, outage->until, (struct clock_item){ITEM_RECOVER, outage->node, 0});
    }
}

static void tell_node(struct world *world, node_id node, enum incident_kind kind)
{
    struct trace_incident row = {.at_ns = world_now(world),
                                 .kind = kind,
                                 .chain = ID_NONE,
                                 .node = node,
                                 .validator = ID_NONE,
                                 .until_ns = TIME_NEVER};
    tell_incident(world, &row);
}

/* Its timers run on: those that come due before it is up again are gone (instant.c, step). */
void timetable_crash(struct world *world, node_id node)
{
    if (world->nodes[node].down++)
        return;
    world->nodes_down++;
    tell_node(world, node, INCIDENT_CRASH);
}

void timetable_recover(struct world *world, node_id node)
{
    if (--world->nodes[node].down)
        return;
    world->nodes_down--;
    tell_node(world, node, INCIDENT_RECOVERY);
    for (uint32_t c = 0; c < world->chain_count; c++) {
        struct chain *chain = &world->chains[c];
        for (replica_id r = 0; r < chain->replicas.count; r++) {
            struct replica *replica = &chain->replicas.at[r];
            if (replica->node != node)
                continue;
            struct event event = {.kind = EVENT_RECOVERED, .block = BLOCK_NONE};
            instant_expect(world, c, r, &event, NULL);
            for (size_t i = 0; i < replica->missed.count; i++) {
                vector_push(&world->pending, replica->missed.at[i]);
                vector_push(&world->recovered, (struct message *)replica->missed.at[i].event.message);
            }
            vector_clear(&replica->missed);
        }
    }
}

/* The number after the last fault's is the network's asynchrony before its stabilisation. */
void timetable_fault(struct world *world, uint32_t index, uint32_t window, bool begins)
{
    bool is_listed = index < world->fault_count;
    const struct fault *fault = is_listed ? &world->faults[index] : NULL;
    time_ns until = is_listed ? fault->windows.at[window].until : network_gst(world->network);
    struct trace_incident row = {
        .at_ns = world_now(world),
        .kind = begins ? INCIDENT_FAULT_BEGINS : INCIDENT_FAULT_ENDS,
        .name = is_listed ? fault->name : "gst",
        .detail = is_listed ? fault_variants.list[fault->kind].name : "asynchrony",
        .chain = ID_NONE,
        .node = ID_NONE,
        .validator = ID_NONE,
        .until_ns = begins ? until : TIME_NEVER,
    };
    tell_incident(world, &row);
}
