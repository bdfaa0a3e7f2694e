/* SPDX-License-Identifier: MIT */
#include "record/column.h"
#include "record/securing.h"
#include "record/table.h"

const char *const securing_kinds[SECURING_KINDS + 1] = {"region", "node", "validator", "chain", NULL};

struct securing_row {
    time_ns at_ns;
    chain_id chain;
    block_id block;
    uint32_t from_kind, from;
    const char *from_name;
    bool corrupt;
    uint32_t to_kind, to;
    const char *to_name;
    stake_amount stake;
    struct ratio share;
};

static const struct column columns[] = {
    TIME(securing_row, at_ns, "at_s", "from when on it holds: the start, or when the block was proposed"),
    U32(securing_row, chain, "chain", "the chain that the stake secures"),
    U32(securing_row, block, "block", "the block of the main chain after which it holds; 0: from the start"),
    NAME(securing_row, from_kind, "from_kind", "what secures: region, node or validator", securing_kinds),
    U32(securing_row, from, "from_id", "its number; regions are numbered as nodes in them come"),
    TEXT(securing_row, from_name, "from_name", "its name"),
    FLAG(securing_row, corrupt, "corrupt", "whether the adversary controls it"),
    NAME(securing_row, to_kind, "to_kind",
         "what it secures: the nodes of a region, the validators of a node, the chain of a validator", securing_kinds),
    U32(securing_row, to, "to_id", "the number of that"),
    TEXT(securing_row, to_name, "to_name", "its name; a chain has that of its protocol"),
    STAKE(securing_row, stake, "stake", "stake that counts, in base units; 0 of who is jailed"),
    RATIO(securing_row, share, "stake_share", "that as a share of all that counts on the chain from then on"),
};

/* What counts at an instant of one chain. */
struct allocation {
    const struct history *history;
    const struct history_chain *facts;
    size_t node_count;
    const uint32_t *region_of; /* by node; ID_NONE: nowhere */
    struct holding *held;      /* by the validator's index */
    stake_amount *of_node;
    stake_amount total;
    chain_id chain;
    block_id block; /* the last one that changed it */
    time_ns at_ns;
    void (*write)(void *user, const void *row);
    void *user;
};

static stake_amount counting(const struct holding *holding)
{
    return holding->jailed ? 0 : holding->stake;
}

/* Nodes of which a row tells, or on which a validator is. */
static size_t count_nodes(const struct history *history)
{
    size_t count = history->nodes.count;
    for (chain_id chain = 0; chain < history->chains.count; chain++)
        count = MAX(count, history->chains.at[chain].node_stake.count);
    return count;
}

/* Numbers of regions by node, in the order of the nodes. */
static uint32_t *number_regions(const struct history *history, size_t node_count)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    uint32_t *region_of = g_new(uint32_t, node_count + 1);
    for (size_t node = 0; node < node_count; node++) {
        char *name = node < history->nodes.count ? history->nodes.at[node].region : NULL;
        gpointer number = NULL;
        region_of[node] = ID_NONE;
        if (!name)
            continue;
        if (!g_hash_table_lookup_extended(known, name, NULL, &number)) {
            number = GUINT_TO_POINTER(g_hash_table_size(known));
            g_hash_table_insert(known, name, number);
        }
        region_of[node] = GPOINTER_TO_UINT(number);
    }
    g_hash_table_unref(known);
    return region_of;
}

static void write_edge(const struct allocation *all, struct securing_row row)
{
    row.at_ns = all->at_ns;
    row.chain = all->chain;
    row.block = all->block;
    row.share = (struct ratio){row.stake, all->total};
    all->write(all->user, &row);
}

static void write_region(const struct allocation *all, node_id node)
{
    if (all->region_of[node] == ID_NONE)
        return;
    write_edge(all, (struct securing_row){.from_kind = SECURING_REGION,
                                          .from = all->region_of[node],
                                          .from_name = all->history->nodes.at[node].region,
                                          .to_kind = SECURING_NODE,
                                          .to = node,
                                          .stake = all->of_node[node]});
}

static void write_node(const struct allocation *all, uint32_t index)
{
    const struct history_validator *validator = &all->facts->validators.at[index];
    write_edge(all, (struct securing_row){.from_kind = SECURING_NODE,
                                          .from = validator->node,
                                          .corrupt = !history_honest(all->history, validator->node),
                                          .to_kind = SECURING_VALIDATOR,
                                          .to = validator->validator,
                                          .to_name = validator->name,
                                          .stake = counting(&all->held[index])});
}

static void write_validator(const struct allocation *all, uint32_t index)
{
    const struct history_validator *validator = &all->facts->validators.at[index];
    write_edge(all, (struct securing_row){.from_kind = SECURING_VALIDATOR,
                                          .from = validator->validator,
                                          .from_name = validator->name,
                                          .corrupt = validator->corrupt,
                                          .to_kind = SECURING_CHAIN,
                                          .to = all->chain,
                                          .to_name = all->facts->rules.protocol,
                                          .stake = counting(&all->held[index])});
}

static void begin(struct allocation *all)
{
    size_t count = all->facts->validators.count;
    bool *hosts = g_new0(bool, all->node_count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct history_validator *validator = &all->facts->validators.at[i];
        all->held[i].stake = validator->stake;
        all->of_node[validator->node] += validator->stake;
        all->total += validator->stake;
        hosts[validator->node] = true;
    }
    for (node_id node = 0; node < all->node_count; node++)
        if (hosts[node])
            write_region(all, node);
    for (uint32_t i = 0; i < count; i++)
        write_node(all, i);
    for (uint32_t i = 0; i < count; i++)
        write_validator(all, i);
    g_free(hosts);
}

/* Numbers that a block changed, each once. */
struct touched {
    VECTOR(uint32_t) numbers;
    block_id *in; /* by number: the last block that did */
};

static void touch(struct touched *touched, uint32_t number, block_id block)
{
    if (touched->in[number] != block)
        vector_push(&touched->numbers, number);
    touched->in[number] = block;
}

struct touched_all {
    struct touched validators, nodes;
};

static void change(struct allocation *all, const struct holding_change *change, struct touched_all *touched)
{
    uint32_t index = history_validator_index(all->facts, change->validator);
    if (index == ID_NONE)
        return;
    node_id node = all->facts->validators.at[index].node;
    stake_amount before = counting(&all->held[index]);
    all->held[index] = (struct holding){change->after, change->jailed};
    stake_amount after = counting(&all->held[index]);
    if (before == after)
        return;
    all->of_node[node] = all->of_node[node] - before + after;
    all->total = all->total - before + after;
    touch(&touched->validators, index, change->block);
    touch(&touched->nodes, node, change->block);
}

static void write_touched(const struct allocation *all, struct touched_all *touched)
{
    for (size_t i = 0; i < touched->nodes.numbers.count; i++)
        write_region(all, touched->nodes.numbers.at[i]);
    for (size_t i = 0; i < touched->validators.numbers.count; i++)
        write_node(all, touched->validators.numbers.at[i]);
    for (size_t i = 0; i < touched->validators.numbers.count; i++)
        write_validator(all, touched->validators.numbers.at[i]);
    vector_clear(&touched->nodes.numbers);
    vector_clear(&touched->validators.numbers);
}

static void follow(struct allocation *all, const struct chain_holdings *holdings, const bool *on_main)
{
    struct touched_all touched = {.validators.in = g_new0(block_id, all->facts->validators.count + 1),
                                  .nodes.in = g_new0(block_id, all->node_count + 1)};
    for (size_t i = 0; i < holdings->changes.count; i++) {
        const struct holding_change *next = &holdings->changes.at[i];
        if (!on_main[next->block])
            continue;
        if (next->block != all->block)
            write_touched(all, &touched);
        all->block = next->block;
        all->at_ns = history_block(all->facts, next->block)->proposed_ns;
        change(all, next, &touched);
    }
    write_touched(all, &touched);
    vector_release(&touched.validators.numbers);
    vector_release(&touched.nodes.numbers);
    g_free(touched.validators.in);
    g_free(touched.nodes.in);
}

static void each_row(const struct reductions *all, void (*write)(void *user, const void *row), void *user)
{
    size_t node_count = count_nodes(&all->history);
    uint32_t *region_of = number_regions(&all->history, node_count);
    for (chain_id chain = 0; chain < all->history.chains.count; chain++) {
        const struct history_chain *facts = history_chain(&all->history, chain);
        struct allocation allocation = {.history = &all->history,
                                        .facts = facts,
                                        .node_count = node_count,
                                        .region_of = region_of,
                                        .held = g_new0(struct holding, facts->validators.count + 1),
                                        .of_node = g_new0(stake_amount, node_count + 1),
                                        .chain = chain,
                                        .write = write,
                                        .user = user};
        begin(&allocation);
        follow(&allocation, &all->holdings.chains.at[chain], all->outcomes.at[chain].on_main);
        g_free(allocation.held);
        g_free(allocation.of_node);
    }
    g_free(region_of);
}

const struct table_info securing_table = {
    .name = "securing",
    .file = "securing.csv",
    .meaning = "who secures what: at the start, and where a block of the main chain changed it",
    .columns = columns,
    .column_count = G_N_ELEMENTS(columns),
    .key = {"chain", "block", "from_kind", "from_id", "to_kind", "to_id"},
    .by_default = true,
    .each_row = each_row};
