/* SPDX-License-Identifier: MIT */
#include "world/world.h"

#include "base/assert.h"
#include "world/inside.h"

/* More effects without delay than this, one after another, never end. */
#define MICROSTEPS_MOST 1000000

static void make_crypto(struct world *world)
{
    const struct param_variant_value *signatures = &world->settings->signatures;
    world->signatures_cost = signatures->variant != NULL;
    if (signatures->variant)
        world->signatures = *(const struct signature_profile *)signatures->value;
    else
        signature_profile_defaults("ed25519", &world->signatures);
    world->vrf = world->settings->crypto == CRYPTO_REAL ? vrf_provider_new_real(&world->seed, ECVRF_DRAFT_03)
                                                        : vrf_provider_new_ideal(&world->seed);
}

static bool make_chains(struct world *world, GError **error)
{
    world->chain_count = 1;
    world->chains = g_new0(struct chain, world->chain_count);
    for (uint32_t c = 0; c < world->chain_count; c++)
        if (!chain_init(&world->chains[c], world, c, error))
            return false;
    return true;
}

stake_amount *world_node_stakes(const struct world *world)
{
    stake_amount *stakes = g_new(stake_amount, world->node_count);
    for (node_id node = 0; node < world->node_count; node++)
        stakes[node] = world->nodes[node].stake;
    return stakes;
}

/* After the timetable is complete, before chains join. */
static void make_carrier(struct world *world)
{
    if (!network_is_carried(world->network))
        return;
    stake_amount *stakes = world_node_stakes(world);
    world->carrier = carrier_new(world->network, stakes, &world->clock, ITEM_CARRIER);
    carrier_count_until(world->carrier, world->settings->time.duration_ns);
    g_free(stakes);
}

/* The first items: the start, each chain's calendar where its protocol wakes for it, and the timetable. */
static void schedule_start(struct world *world)
{
    clock_put(&world->clock, 0, (struct clock_item){.kind = ITEM_START});
    for (uint32_t c = 0; c < world->chain_count; c++) {
        const struct chain *chain = &world->chains[c];
        if (chain->schedule.slot_ns && (chain->protocol->wakes & WAKE(EVENT_SLOT)))
            instant_begin_calendar(world, c, ITEM_SLOT);
        if (chain->schedule.epoch_slots && (chain->protocol->wakes & WAKE(EVENT_EPOCH)))
            instant_begin_calendar(world, c, ITEM_EPOCH);
    }
    timetable_schedule(world);
}

struct world *world_new(const struct world_settings *settings, const struct world_options *options, GError **error)
{
    struct world *world = g_new0(struct world, 1);
    world->settings = settings;
    world->options = *options;
    world->seed = options->seed;
    clock_init(&world->clock, sizeof(struct clock_item));
    world->shares = world_shares_asked(settings, &world->share_count);
    make_crypto(world);
    if (!people_make(world, error))
        goto failed;
    sign_init(world);
    world->network = network_new(settings_network(settings), world->node_count, NULL, &world->seed, error);
    if (!world->network || !timetable_make(world, error) || !make_chains(world, error))
        goto failed;
    make_carrier(world);
    corrupt_set_up(world);
    schedule_start(world);
    tell_start(world);
    return world;
failed:
    world_free(world);
    return NULL;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    for (uint32_t c = 0; c < world->chain_count; c++)
        if (world->chains[c].world)
            chain_release(&world->chains[c]);
    g_free(world->chains);
    timetable_release(world);
    corrupt_release(world);
    people_release(world);
    g_free(world->nodes);
    if (!world->is_clone) {
        g_free(world->keys);
        g_free(world->shares);
    }
    carrier_free(world->carrier);
    network_free(world->network);
    vrf_provider_free(world->vrf);
    clock_release(&world->clock);
    vector_release(&world->pending);
    vector_release(&world->stepping);
    vector_release(&world->recovered);
    vector_release(&world->landing);
    vector_release(&world->effects.list);
    g_free(world);
}

static bool reached_height(const struct world *world)
{
    int64_t height = world->settings->time.stop_height;
    if (height == PARAM_ABSENT)
        return false;
    for (uint32_t c = 0; c < world->chain_count; c++)
        if (!chain_reached(&world->chains[c], (uint64_t)height))
            return false;
    return true;
}

static enum world_stop stop(struct world *world, enum world_stop why)
{
    if (world->stopped == WORLD_RUNNING) {
        world->stopped = why;
        spread_end_all(world);
        tell_end(world);
    }
    return why;
}

enum world_stop world_run(struct world *world, time_ns until)
{
    time_ns end = MIN(until, world->settings->time.duration_ns);
    while (world->stopped == WORLD_RUNNING) {
        enum clock_advance advance = clock_advance(&world->clock, end);
        if (advance == CLOCK_QUIET)
            return stop(world, WORLD_QUIESCENT);
        if (advance == CLOCK_LIMIT && end < world->settings->time.duration_ns)
            return WORLD_RUNNING;
        if (advance == CLOCK_LIMIT && spread_end_all(world))
            continue; /* what is left of them may come in this instant */
        if (advance == CLOCK_LIMIT)
            return stop(world, WORLD_DURATION);
        if (world->clock.now.microstep > MICROSTEPS_MOST)
            return stop(world, WORLD_STALLED);
        instant_pass(world);
        if (reached_height(world))
            return stop(world, WORLD_HEIGHT);
    }
    return world->stopped;
}

struct world *world_clone(const struct world *world, uint32_t branch, struct trace_sink *sink)
{
    struct world *copy = g_memdup2(world, sizeof *world);
    copy->is_clone = true;
    copy->seed.branch = branch;
    copy->options.seed.branch = branch;
    copy->options.sink = sink;
    clock_clone(&copy->clock, &world->clock);
    copy->network = network_clone(world->network);
    if (world->carrier)
        copy->carrier = carrier_clone(world->carrier, copy->network, &copy->clock);
    copy->vrf = world->settings->crypto == CRYPTO_REAL ? vrf_provider_new_real(&world->seed, ECVRF_DRAFT_03)
                                                       : vrf_provider_new_ideal(&copy->seed);
    copy->nodes = g_memdup2(world->nodes, world->node_count * sizeof *world->nodes);
    copy->pending = copy->stepping = (pending_list){0};
    copy->recovered.at = NULL;
    copy->recovered.count = copy->recovered.room = 0;
    copy->landing.at = NULL;
    copy->landing.count = copy->landing.room = 0;
    copy->effects = (struct effects){0};
    copy->groups.at = g_memdup2(world->groups.at, world->groups.room * sizeof *world->groups.at);
    for (size_t g = 0; g < copy->groups.count; g++)
        copy->groups.at[g].replicas =
            g_memdup2(world->groups.at[g].replicas, world->groups.at[g].count * sizeof *world->groups.at[g].replicas);
    copy->confinements.at = NULL;
    copy->confinements.count = copy->confinements.room = 0;
    copy->corruptions = g_memdup2(world->corruptions, world->corruption_count * sizeof *world->corruptions);
    for (uint32_t a = 0; a < copy->corruption_count; a++) {
        struct corruption *corruption = &copy->corruptions[a];
        corruption->state = g_memdup2(corruption->state, MAX(corruption->plugin->state_size, 1));
        random_stream_branch(&corruption->stream, branch);
    }
    copy->chains = g_new0(struct chain, world->chain_count);
    for (uint32_t c = 0; c < world->chain_count; c++)
        chain_clone(&copy->chains[c], &world->chains[c], copy);
    return copy;
}

const char *world_stop_name(const struct world *world)
{
    static const char *const names[] = {"running", "duration", "height", "quiescent", "stalled"};
    return names[world->stopped];
}

time_ns world_now(const struct world *world)
{
    return world->stopped == WORLD_QUIESCENT ? world->happened_ns : world->clock.now.ns;
}

uint64_t world_events(const struct world *world)
{
    return world->events;
}

uint32_t world_chains(const struct world *world)
{
    return world->chain_count;
}

void world_network_shape(const struct world *world, struct network_shape *shape)
{
    stake_amount *stakes = world_node_stakes(world);
    network_shape(world->network, stakes, shape);
    g_free(stakes);
}

bool world_is_carried(const struct world *world)
{
    return world->carrier != NULL;
}

struct delivery_counts world_deliveries(const struct world *world, chain_id chain)
{
    return delivery_counts(world->chains[chain].delivery);
}
