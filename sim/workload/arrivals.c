/* SPDX-License-Identifier: MIT */
#include "workload/arrivals.h"

#include "base/assert.h"
#include "base/quantity.h"
#include "base/suggest.h"

#include <string.h>

#define PARTS_OF_NS   1000 /* gaps are drawn in thousandths of a nanosecond, so that fast arrivals keep their rate */
#define AMOUNT_MOST   1000000000000
#define WEIGHT_ONE    ((uint64_t)1 << 32)
#define MICRODEGREES  360000000
#define OF_ARRIVAL    0 /* draws of one chain, by what they are for */
#define OF_ENTRANCE   1
#define OF_PERIODS    2
#define DRAWS_A_CHAIN 4

static uint64_t entity(const struct arrivals *arrivals, uint32_t purpose)
{
    return (uint64_t)arrivals->chain * DRAWS_A_CHAIN + purpose;
}

static uint64_t weight_of(struct ratio share, uint64_t whole)
{
    return MAX((uint64_t)((uint128)share.numerator * whole / share.denominator), 1);
}

/* Sizes and fees. */

static void amounts_init(struct amounts *amounts, const struct param_variant_value *chosen)
{
    *amounts = (struct amounts){.kind = AMOUNT_BY_SIZE};
    if (!chosen->variant)
        return;
    if (strcmp(chosen->variant->name, "constant") == 0) {
        amounts->kind = AMOUNT_CONSTANT;
        amounts->value = ((const struct amount_constant *)chosen->value)->value;
    } else if (strcmp(chosen->variant->name, "lognormal") == 0) {
        const struct amount_lognormal *lognormal = chosen->value;
        amounts->kind = AMOUNT_LOGNORMAL;
        amounts->lognormal = lognormal_of_median(lognormal->median, lognormal->sigma);
    } else {
        const struct param_list *values = &((const struct amount_choice *)chosen->value)->values;
        uint64_t *weights = g_new(uint64_t, values->count);
        amounts->kind = AMOUNT_CHOICE;
        amounts->choices = values->items;
        for (size_t i = 0; i < values->count; i++)
            weights[i] = weight_of(amounts->choices[i].share, WEIGHT_ONE);
        alias_table_init(&amounts->table, weights, (uint32_t)values->count);
        g_free(weights);
    }
}

static uint64_t amount_at(const struct amounts *amounts, uint64_t draw, uint64_t size)
{
    switch (amounts->kind) {
    case AMOUNT_BY_SIZE:
        return size;
    case AMOUNT_CONSTANT:
        return (uint64_t)amounts->value;
    case AMOUNT_LOGNORMAL:
        return (uint64_t)CLAMP(lognormal_quantile(draw, &amounts->lognormal), 1, AMOUNT_MOST);
    case AMOUNT_CHOICE:
        break;
    }
    struct random_block block = {{draw, draw << 32}};
    return (uint64_t)amounts->choices[alias_table_at(&amounts->table, &block)].value;
}

static void amounts_clone(struct amounts *copy)
{
    struct alias_table *table = &copy->table;
    table->threshold = g_memdup2(table->threshold, table->count * sizeof *table->threshold);
    table->alias = g_memdup2(table->alias, table->count * sizeof *table->alias);
}

/* Where they enter. */

static uint32_t count_nodes(const struct workload_nodes *nodes, const char *region)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < nodes->count; n++)
        count += strcmp(nodes->regions[n], region) == 0;
    return count;
}

/* A line more about a name that is no region's. */
static void refuse_region(GString *refusals, const char *name, const struct workload_nodes *nodes)
{
    char *message = suggest_region(name, nodes->regions, nodes->count);
    g_string_append_printf(refusals, "%stransactions.enter.regions: %s", refusals->len ? "\n" : "", message);
    g_free(message);
}

/* Of a region's share each of its nodes has as much. */
static bool weigh_regions(struct arrivals *arrivals, const struct param_list *regions,
                          const struct workload_nodes *nodes, GError **error)
{
    uint64_t *weights = g_new0(uint64_t, nodes->count);
    GString *refusals = g_string_new(NULL);
    for (size_t i = 0; i < regions->count; i++) {
        const struct entrance_region *region = &((const struct entrance_region *)regions->items)[i];
        uint32_t count = count_nodes(nodes, region->name);
        for (uint32_t n = 0; n < nodes->count; n++)
            if (strcmp(nodes->regions[n], region->name) == 0)
                weights[n] = weight_of(region->share, WEIGHT_ONE / count);
        if (count == 0)
            refuse_region(refusals, region->name, nodes);
    }
    bool fine = refusals->len == 0;
    if (fine)
        alias_table_init(&arrivals->node_table, weights, nodes->count);
    else
        g_set_error(error, QUANTITY_ERROR, 0, "%s", refusals->str);
    g_string_free(refusals, TRUE);
    g_free(weights);
    return fine;
}

static bool set_entrance(struct arrivals *arrivals, const struct workload_common *common,
                         const struct workload_nodes *nodes, GError **error)
{
    arrivals->by_region = strcmp(common->enter.variant->name, "regions") == 0;
    if (strcmp(common->enter.variant->name, "everywhere") != 0)
        arrivals->nodes = nodes->count;
    if (!arrivals->by_region)
        return true;
    return weigh_regions(arrivals, &((const struct entrance_regions *)common->enter.value)->regions, nodes, error);
}

static node_id entrance_at(const struct arrivals *arrivals, uint64_t number)
{
    if (!arrivals->nodes)
        return ID_NONE;
    struct random_block block = random_at256(&arrivals->seed, RANDOM_WORKLOAD, entity(arrivals, OF_ENTRANCE), number);
    if (arrivals->by_region)
        return alias_table_at(&arrivals->node_table, &block);
    return (node_id)((uint128)block.word[0] * arrivals->nodes >> 64);
}

/* When they enter. */

static void start_bursts(struct arrivals *arrivals)
{
    const struct workload_drawn *drawn = arrivals->drawn;
    struct ratio on = {(uint64_t)drawn->on_ns, (uint64_t)(drawn->on_ns + drawn->off_ns)};
    random_stream_init(&arrivals->periods, &arrivals->seed, RANDOM_WORKLOAD, entity(arrivals, OF_PERIODS));
    if (!chance_happens(random_u64(&arrivals->periods), on))
        arrivals->at_ns = sample_exponential(&arrivals->periods, drawn->off_ns);
    arrivals->on_left_ns = sample_exponential(&arrivals->periods, drawn->on_ns);
}

static int64_t mean_gap(const struct workload_drawn *drawn, enum workload_kind kind)
{
    uint128 gap = (uint128)SECOND * PARTS_OF_NS * TX_RATE_ONE / drawn->rate;
    if (kind == WORKLOAD_BURSTS)
        gap = gap * (uint64_t)drawn->on_ns / (uint64_t)(drawn->on_ns + drawn->off_ns);
    if (kind == WORKLOAD_POISSON)
        gap = gap * drawn->diurnal.denominator / (drawn->diurnal.denominator + drawn->diurnal.numerator);
    return (int64_t)MAX(gap, 1);
}

/* Moves by a gap in thousandths of a nanosecond; within a burst where there are such. */
static void move(struct arrivals *arrivals, int64_t gap)
{
    gap = gap > INT64_MAX - PARTS_OF_NS ? INT64_MAX : gap + arrivals->rest;
    time_ns whole_ns = gap / PARTS_OF_NS;
    arrivals->rest = (uint32_t)(gap % PARTS_OF_NS);
    while (arrivals->kind == WORKLOAD_BURSTS && whole_ns > arrivals->on_left_ns) {
        whole_ns -= arrivals->on_left_ns;
        time_ns off_ns = sample_exponential(&arrivals->periods, arrivals->drawn->off_ns);
        arrivals->at_ns = time_add(time_add(arrivals->at_ns, arrivals->on_left_ns), off_ns);
        arrivals->on_left_ns = sample_exponential(&arrivals->periods, arrivals->drawn->on_ns);
    }
    arrivals->on_left_ns -= whole_ns;
    arrivals->at_ns = time_add(arrivals->at_ns, whole_ns);
}

/* Thinning: candidates come at the highest rate, and each stays with the share of it that the rate has then. */
static bool stays(const struct arrivals *arrivals, uint64_t draw)
{
    const struct workload_drawn *drawn = arrivals->drawn;
    if (arrivals->kind != WORKLOAD_POISSON || !drawn->diurnal.numerator)
        return true;
    time_ns into_ns = arrivals->at_ns % drawn->period_ns;
    int32_t angle = (int32_t)((int128)into_ns * MICRODEGREES / drawn->period_ns);
    q64 swing = q64_from_ratio(drawn->diurnal);
    q64 rate = Q64_ONE + q64_multiply(swing, (q64)q62_sin_microdegree(angle) * 4);
    return q64_multiply((q64)draw, Q64_ONE + swing) < rate;
}

static void draw_next(struct arrivals *arrivals, struct transaction *transaction)
{
    struct random_block block;
    do {
        block = random_at256(&arrivals->seed, RANDOM_WORKLOAD, entity(arrivals, OF_ARRIVAL), arrivals->number++);
        if (arrivals->kind == WORKLOAD_CONSTANT)
            arrivals->at_ns = (time_ns)((uint128)arrivals->number * SECOND * TX_RATE_ONE / arrivals->drawn->rate);
        else
            move(arrivals, exponential_quantile(block.word[0], arrivals->mean_gap));
    } while (!stays(arrivals, block.word[3]));
    transaction->entered_ns = arrivals->at_ns;
    transaction->bytes = amount_at(&arrivals->size, block.word[1], 1);
    transaction->fee = amount_at(&arrivals->fee, block.word[2], transaction->bytes);
}

/* Of a file. */

static bool check_row(const struct arrivals *arrivals, size_t row, int64_t values[3], int64_t *last, GError **error)
{
    static const uint32_t scales[3] = {(uint32_t)SECOND, 1, 1};
    const struct table_file *file = arrivals->file;
    for (int c = 0; c < 3; c++)
        if (!table_file_number(file, row, arrivals->columns[c], scales[c], &values[c], error))
            return false;
    int wrong = values[0] < *last ? 0 : values[1] < 1 || values[1] > AMOUNT_MOST ? 1 : values[2] > AMOUNT_MOST ? 2 : 3;
    static const char *const why[] = {"is before the row above: rows must be in the order of time",
                                      "is not a size from 1 to 1_000_000_000_000 bytes",
                                      "is more than a fee of 1_000_000_000_000"};
    if (wrong < 3)
        table_file_refuse(file, row, arrivals->columns[wrong], error, "\"%s\" %s",
                          table_file_cell(file, row, arrivals->columns[wrong]), why[wrong]);
    *last = values[0];
    return wrong == 3;
}

static bool read_file(struct arrivals *arrivals, const char *path, GError **error)
{
    static const char *const names[3] = {"entered_s", "size_bytes", "fee"};
    int64_t values[3], last = 0;
    arrivals->file = table_file_read(path, error);
    for (int c = 0; c < 3; c++)
        if (!arrivals->file || !table_file_need(arrivals->file, names[c], &arrivals->columns[c], error))
            return false;
    for (size_t row = 0; row < arrivals->file->row_count; row++)
        if (!check_row(arrivals, row, values, &last, error))
            return false;
    return true;
}

static bool read_next(struct arrivals *arrivals, struct transaction *transaction)
{
    int64_t values[3], last = 0;
    if (arrivals->number >= arrivals->file->row_count)
        return false;
    bool fine = check_row(arrivals, arrivals->number++, values, &last, NULL);
    REQUIRE(fine);
    *transaction = (struct transaction){values[0], (uint64_t)values[1], (uint64_t)values[2], ID_NONE};
    return true;
}

bool arrivals_init(struct arrivals *arrivals, enum workload_kind kind, const void *settings, chain_id chain,
                   const struct random_seed *seed, const struct workload_nodes *nodes, GError **error)
{
    *arrivals = (struct arrivals){.kind = kind, .seed = *seed, .chain = chain};
    if (!set_entrance(arrivals, settings, nodes, error))
        return false;
    if (kind == WORKLOAD_TRACE)
        return read_file(arrivals, ((const struct workload_trace *)settings)->file, error);
    arrivals->drawn = settings;
    amounts_init(&arrivals->size, &arrivals->drawn->size);
    amounts_init(&arrivals->fee, &arrivals->drawn->fee);
    arrivals->mean_gap = mean_gap(arrivals->drawn, kind);
    if (kind == WORKLOAD_BURSTS)
        start_bursts(arrivals);
    return true;
}

void arrivals_release(struct arrivals *arrivals)
{
    alias_table_release(&arrivals->size.table);
    alias_table_release(&arrivals->fee.table);
    alias_table_release(&arrivals->node_table);
    if (!arrivals->is_clone)
        table_file_free(arrivals->file);
}

void arrivals_clone(struct arrivals *copy, const struct arrivals *arrivals, const struct random_seed *seed)
{
    struct amounts node = {.table = arrivals->node_table};
    *copy = *arrivals;
    copy->seed = *seed;
    random_stream_branch(&copy->periods, seed->branch);
    amounts_clone(&copy->size);
    amounts_clone(&copy->fee);
    amounts_clone(&node);
    copy->node_table = node.table;
    copy->is_clone = true;
}

bool arrivals_next(struct arrivals *arrivals, struct transaction *transaction)
{
    uint64_t number = arrivals->number;
    if (!arrivals->file)
        draw_next(arrivals, transaction);
    else if (!read_next(arrivals, transaction))
        return false;
    transaction->node = entrance_at(arrivals, number);
    return transaction->entered_ns != TIME_NEVER;
}
