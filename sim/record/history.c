/* SPDX-License-Identifier: MIT */
#include "record/history.h"

#include "base/assert.h"

#include <glib.h>

void history_init(struct history *history)
{
    *history = (struct history){0};
}

static void chain_release(struct history_chain *chain)
{
    for (size_t i = 0; i < chain->validators.count; i++)
        g_free(chain->validators.at[i].name);
    g_free((char *)chain->rules.protocol);
    g_free((char *)chain->rules.election);
    g_free((char *)chain->rules.vote_kinds);
    vector_release(&chain->blocks);
    vector_release(&chain->validators);
    vector_release(&chain->validator_index);
    vector_release(&chain->node_stake);
}

void history_release(struct history *history)
{
    for (size_t i = 0; i < history->chains.count; i++)
        chain_release(&history->chains.at[i]);
    for (size_t i = 0; i < history->nodes.count; i++) {
        g_free(history->nodes.at[i].region);
        vector_release(&history->nodes.at[i].outages);
    }
    vector_release(&history->chains);
    vector_release(&history->nodes);
}

struct history_chain *history_chain(const struct history *history, chain_id chain)
{
    REQUIRE(chain < history->chains.count);
    return &history->chains.at[chain];
}

const struct history_block *history_block(const struct history_chain *chain, block_id block)
{
    REQUIRE(block < chain->blocks.count);
    return &chain->blocks.at[block];
}

uint32_t history_validator_index(const struct history_chain *chain, validator_id validator)
{
    return validator < chain->validator_index.count ? chain->validator_index.at[validator] : ID_NONE;
}

static struct history_node *node_at(struct history *history, node_id node)
{
    REQUIRE(node != ID_NONE);
    while (history->nodes.count <= node)
        vector_push(&history->nodes, (struct history_node){0});
    return &history->nodes.at[node];
}

bool history_honest(const struct history *history, node_id node)
{
    return node >= history->nodes.count || !history->nodes.at[node].corrupt;
}

bool history_was_down(const struct history *history, node_id node, uint64_t sequence)
{
    if (node >= history->nodes.count)
        return false;
    const struct history_node *at = &history->nodes.at[node];
    for (size_t i = at->outages.count; i-- > 0;)
        if (at->outages.at[i].from <= sequence)
            return sequence < at->outages.at[i].until;
    return false;
}

bool history_is_down(const struct history *history, node_id node)
{
    return history_was_down(history, node, history->sequence);
}

block_id history_common(const struct history_chain *chain, block_id a, block_id b)
{
    while (a != b) {
        if (history_block(chain, a)->height >= history_block(chain, b)->height)
            a = history_block(chain, a)->parent;
        else
            b = history_block(chain, b)->parent;
    }
    return a;
}

char *history_vote_kind(const struct history_chain *chain, uint32_t kind)
{
    char **names = g_strsplit(chain->rules.vote_kinds ? chain->rules.vote_kinds : "", " ", -1);
    char *name = kind < g_strv_length(names) ? g_strdup(names[kind]) : g_strdup_printf("%u", kind);
    g_strfreev(names);
    return name;
}

static void add_chain(struct history *history, const struct trace_chain *row)
{
    REQUIRE(row->chain == history->chains.count);
    struct history_chain chain = {.rules = *row};
    chain.rules.protocol = g_strdup(row->protocol);
    chain.rules.election = g_strdup(row->election);
    chain.rules.vote_kinds = g_strdup(row->vote_kinds);
    struct history_block genesis = {.parent = BLOCK_NONE, .proposer = ID_NONE};
    vector_push(&chain.blocks, genesis);
    vector_push(&history->chains, chain);
}

static void add_node(struct history *history, const struct trace_node *row)
{
    history->membership++;
    struct history_node *node = node_at(history, row->node);
    REQUIRE(!node->known);
    node->known = true;
    node->corrupt = row->corrupt;
    history->corrupt_nodes += row->corrupt;
    node->region = g_strdup(row->region);
}

static void add_validator(struct history *history, const struct trace_validator *row)
{
    history->membership++;
    struct history_chain *chain = history_chain(history, row->chain);
    REQUIRE(history_validator_index(chain, row->validator) == ID_NONE);
    while (chain->validator_index.count <= row->validator)
        vector_push(&chain->validator_index, ID_NONE);
    chain->validator_index.at[row->validator] = (uint32_t)chain->validators.count;
    struct history_validator validator = {.validator = row->validator,
                                          .node = row->node,
                                          .stake = row->stake,
                                          .name = g_strdup(row->name),
                                          .corrupt = row->corrupt};
    vector_push(&chain->validators, validator);
    while (chain->node_stake.count <= row->node)
        vector_push(&chain->node_stake, 0);
    if (!row->corrupt)
        chain->node_stake.at[row->node] += row->stake;
}

static void add_block(struct history *history, const struct trace_block *row)
{
    struct history_chain *chain = history_chain(history, row->chain);
    struct history_block block = {.hash = row->hash,
                                  .height = row->height,
                                  .slot = row->slot,
                                  .proposed_ns = row->proposed_ns,
                                  .sequence = history->sequence,
                                  .electorate_stake = row->electorate_stake,
                                  .parent = row->parent,
                                  .proposer = row->proposer,
                                  .round = row->round,
                                  .variant = row->variant,
                                  .size_bytes = row->size_bytes,
                                  .transactions = row->transactions};
    history->end_ns = time_max(history->end_ns, row->proposed_ns);
    if (row->block == BLOCK_GENESIS) { /* some worlds write it, some do not */
        chain->blocks.at[BLOCK_GENESIS] = block;
        return;
    }
    REQUIRE(row->block == chain->blocks.count && row->parent < row->block);
    REQUIRE(row->height == history_block(chain, row->parent)->height + 1);
    vector_push(&chain->blocks, block);
}

static void add_incident(struct history *history, const struct trace_incident *row)
{
    history->end_ns = time_max(history->end_ns, row->at_ns);
    if (row->node == ID_NONE)
        return;
    history->membership++;
    struct history_node *node = node_at(history, row->node);
    bool down = history_is_down(history, row->node);
    struct outage outage = {history->sequence, UINT64_MAX};
    if (row->kind == INCIDENT_CRASH && !down)
        vector_push(&node->outages, outage);
    if (row->kind == INCIDENT_RECOVERY && down)
        node->outages.at[node->outages.count - 1].until = history->sequence;
}

void history_row(struct history *history, enum trace_kind kind, const void *row)
{
    history->sequence++;
    switch ((int)kind) {
    case TRACE_CHAIN:
        add_chain(history, row);
        break;
    case TRACE_NODE:
        add_node(history, row);
        break;
    case TRACE_VALIDATOR:
        add_validator(history, row);
        break;
    case TRACE_BLOCK:
        add_block(history, row);
        break;
    case TRACE_INCIDENT:
        add_incident(history, row);
        break;
    case TRACE_END:
        history->end_ns = ((const struct trace_end *)row)->at_ns;
        break;
    default:
        break;
    }
}
