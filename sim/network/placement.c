/* SPDX-License-Identifier: MIT */
#include "network/placement.h"

#include "base/assert.h"

#include <string.h>

struct placed_region {
    const char *name;
    struct ratio share;
};

struct placement_shares_params {
    struct param_list regions; /* of struct placed_region */
};

static const struct param region_params[] = {
    {.key = "name",
     .type = PARAM_TEXT,
     .offset = offsetof(struct placed_region, name),
     .meaning = "a region of the latency model"},
    {.key = "share",
     .type = PARAM_SHARE,
     .offset = offsetof(struct placed_region, share),
     .meaning = "share of the nodes that are there"},
};
static const struct param_table region_table =
    PARAM_TABLE("placement region", "a region and its share of the nodes", struct placed_region, region_params);
static const struct param one_region = {.key = "region", .type = PARAM_STRUCT, .table = &region_table};

static const struct param shares_params[] = {
    {.key = "regions",
     .type = PARAM_MAP,
     .offset = offsetof(struct placement_shares_params, regions),
     .meaning = "share of the nodes by region; together 100 %",
     .element = &one_region},
};
static const struct param_table shares_table = PARAM_TABLE(
    "placement by shares", "regions take given shares of the nodes", struct placement_shares_params, shares_params);

static const struct param_variant kinds[] = {
    {.name = "distribution",
     .meaning = "regions take the shares that a file gives",
     .table = &placement_distribution_table,
     .implied_by = "distribution"},
    {.name = "equal", .meaning = "every region of the latency model takes as many nodes"},
    {.name = "file",
     .meaning = "nodes are where the rows of a file say, by coordinates or regions",
     .table = &placement_file_table,
     .implied_by = "file"},
    {.name = "shares",
     .meaning = "regions take given shares of the nodes",
     .table = &shares_table,
     .implied_by = "regions"},
};
const struct param_variants placement_kinds = {kinds, G_N_ELEMENTS(kinds)};

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Adds exactly; false where the sum's denominator no longer fits. */
static bool add_share(struct ratio *sum, struct ratio share)
{
    uint64_t divisor = common_divisor(sum->denominator, share.denominator);
    uint128 denominator = (uint128)(sum->denominator / divisor) * share.denominator;
    uint128 numerator = (uint128)sum->numerator * (share.denominator / divisor) +
                        (uint128)share.numerator * (sum->denominator / divisor);
    if (denominator > UINT64_MAX || numerator > UINT64_MAX)
        return false;
    divisor = common_divisor((uint64_t)numerator, (uint64_t)denominator);
    *sum = (struct ratio){(uint64_t)numerator / divisor, (uint64_t)denominator / divisor};
    return true;
}

/* Shares by region of the latency model, from the scenario's map. */
static bool read_shares(const struct param_list *given, const struct latency *latency, struct ratio *shares,
                        GError **error)
{
    struct ratio sum = {0, 1};
    for (size_t i = 0; i < given->count; i++) {
        const struct placed_region *placed = &((const struct placed_region *)given->items)[i];
        uint32_t region = latency_find_region(latency, placed->name);
        if (region == ID_NONE) {
            latency_refuse_region(latency, "network.placement.regions", placed->name, error);
            return false;
        }
        shares[region] = placed->share;
        if (!add_share(&sum, placed->share)) {
            g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                        "network.placement.regions: the share of %s is too fine to add up exactly", placed->name);
            return false;
        }
    }
    if (sum.numerator == sum.denominator)
        return true;
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                "network.placement.regions: the shares add up to %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT
                ", they must add up to 100 %%",
                sum.numerator, sum.denominator);
    return false;
}

/* remainder[a] > remainder[b], both below their denominators. */
static bool remainder_exceeds(struct ratio a, struct ratio b)
{
    return (uint128)a.numerator * b.denominator > (uint128)b.numerator * a.denominator;
}

/* How many of `nodes` each region takes: the floor of its share, and the rest to the largest remainders, in order. */
static void largest_remainders(const struct ratio *shares, uint32_t regions, uint32_t nodes, uint32_t *counts)
{
    struct ratio *remainders = g_new(struct ratio, regions);
    uint32_t left = nodes;
    for (uint32_t region = 0; region < regions; region++) {
        uint128 scaled = (uint128)nodes * shares[region].numerator;
        counts[region] = (uint32_t)(scaled / shares[region].denominator);
        remainders[region] =
            (struct ratio){(uint64_t)(scaled % shares[region].denominator), shares[region].denominator};
        left -= counts[region];
    }
    for (; left > 0; left--) {
        uint32_t best = 0;
        for (uint32_t region = 1; region < regions; region++)
            if (remainder_exceeds(remainders[region], remainders[best]))
                best = region;
        counts[best]++;
        remainders[best].numerator = 0;
    }
    g_free(remainders);
}

/* Fisher and Yates, from the last to the first. */
static void shuffle(uint32_t *items, uint32_t count, const struct random_seed *seed)
{
    struct random_stream stream;
    random_stream_init(&stream, seed, RANDOM_PLACE, 0);
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = (uint32_t)random_below(&stream, i);
        uint32_t kept = items[i - 1];
        items[i - 1] = items[other];
        items[other] = kept;
    }
}

/* Gives nodes without a region (ID_NONE) theirs, in node order from a shuffled hand of regions. */
static void deal(const struct ratio *shares, const struct latency *latency, uint32_t node_count, uint32_t unplaced,
                 const struct random_seed *seed, uint32_t *region_of)
{
    uint32_t *counts = g_new(uint32_t, latency->region_count);
    uint32_t *hand = g_new(uint32_t, unplaced);
    largest_remainders(shares, latency->region_count, unplaced, counts);
    uint32_t dealt = 0;
    for (uint32_t region = 0; region < latency->region_count; region++)
        for (uint32_t i = 0; i < counts[region]; i++)
            hand[dealt++] = region;
    CHECK(dealt == unplaced);
    shuffle(hand, unplaced, seed);
    for (node_id node = 0; node < node_count; node++)
        if (region_of[node] == ID_NONE)
            region_of[node] = hand[--dealt];
    g_free(hand);
    g_free(counts);
}

/* Takes the regions that the scenario gives by node; *unplaced counts the others. */
static bool place_by_name(const struct latency *latency, uint32_t node_count, const char *const *names,
                          uint32_t *region_of, uint32_t *unplaced, GError **error)
{
    *unplaced = 0;
    for (node_id node = 0; node < node_count; node++) {
        const char *name = names ? names[node] : NULL;
        region_of[node] = name ? latency_find_region(latency, name) : ID_NONE;
        if (name && region_of[node] == ID_NONE) {
            char *whose = g_strdup_printf("node %u", node);
            latency_refuse_region(latency, whose, name, error);
            g_free(whose);
            return false;
        }
        *unplaced += !name;
    }
    return true;
}

static bool is_kind(const struct placement *placement, const char *name)
{
    return placement->chosen->variant && strcmp(placement->chosen->variant->name, name) == 0;
}

bool placement_open(struct placement *placement, const struct param_variant_value *chosen,
                    const struct param_variant_value *model, struct latency *latency, GError **error)
{
    const struct latency_model *plugin = model->variant->plugin;
    *placement = (struct placement){.chosen = chosen};
    return is_kind(placement, "file") ? placement_file_open(placement, model, latency, error)
                                      : plugin->describe(model->value, latency, error);
}

void placement_release(struct placement *placement)
{
    g_free(placement->region_of_row);
    g_free(placement->lines);
    g_free(placement->file);
    *placement = (struct placement){0};
}

/* Shares by region as they were chosen. */
static bool find_shares(const struct placement *placement, const struct latency *latency, struct ratio *shares,
                        GError **error)
{
    const void *given = placement->chosen->value;
    bool by_region = is_kind(placement, "shares"), by_file = is_kind(placement, "distribution");
    for (uint32_t region = 0; region < latency->region_count; region++)
        shares[region] = by_region || by_file ? (struct ratio){0, 1} : (struct ratio){1, latency->region_count};
    if (by_file)
        return placement_distribution_read(given, latency, shares, error);
    return !by_region || read_shares(&((const struct placement_shares_params *)given)->regions, latency, shares, error);
}

bool placement_assign(struct placement *placement, const struct latency *latency, uint32_t node_count,
                      const char *const *names, const struct random_seed *seed, uint32_t *region_of, GError **error)
{
    uint32_t unplaced;
    if (!place_by_name(latency, node_count, names, region_of, &unplaced, error))
        return false;
    if (is_kind(placement, "file"))
        return placement_file_assign(placement, node_count, seed, region_of, error);
    struct ratio *shares = g_new(struct ratio, latency->region_count);
    bool fine = find_shares(placement, latency, shares, error);
    if (fine)
        deal(shares, latency, node_count, unplaced, seed, region_of);
    g_free(shares);
    return fine;
}
