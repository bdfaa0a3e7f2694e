/* SPDX-License-Identifier: MIT */
/* Views: what one replica can see, answered from the delivery, the ledger and the election of its chain. */
#include "world/inside.h"

static struct chain *chain_of(const struct view *view)
{
    return view->context;
}

static bool has_block(const struct view *view, block_id block)
{
    return delivery_has_block(chain_of(view)->delivery, view->replica, block);
}

static stake_amount weight(const struct view *view, const struct vote_query *query)
{
    return delivery_weight(chain_of(view)->delivery, view->replica, query);
}

static void each_vote(const struct view *view, const struct vote_query *query,
                      void (*visit)(void *user, const struct message *vote), void *user)
{
    delivery_each_vote(chain_of(view)->delivery, view->replica, query, visit, user);
}

static bool best_payload(const struct view *view, const struct vote_query *query, struct message *best)
{
    return delivery_best_payload(chain_of(view)->delivery, view->replica, query, best);
}

static block_id heaviest_subtree(const struct view *view, const struct vote_query *query, block_id root,
                                 stake_amount threshold)
{
    return delivery_heaviest_subtree(chain_of(view)->delivery, view->replica, query, root, threshold);
}

static const struct electorate *electorate(const struct view *view, block_id parent)
{
    return chain_electorate(chain_of(view), parent);
}

static validator_id leader(const struct view *view, block_id parent, uint64_t slot, uint32_t round)
{
    struct chain *chain = chain_of(view);
    struct election_place place;
    chain_election_place(chain, parent, &place);
    return chain->election->leader(&chain->election_context, &place, slot, round);
}

static bool next_lead(const struct view *view, validator_id validator, block_id parent, uint64_t from_slot,
                      uint64_t until_slot, struct lead *lead)
{
    struct chain *chain = chain_of(view);
    struct election_place place;
    chain_election_place(chain, parent, &place);
    return chain->election->next_lead(&chain->election_context, &place, validator, from_slot, until_slot, lead);
}

static uint64_t random_number(const struct view *view)
{
    return random_u64(&chain_of(view)->replicas.at[view->replica].stream);
}

static const struct view_calls calls = {
    .has_block = has_block,
    .weight = weight,
    .each_vote = each_vote,
    .best_payload = best_payload,
    .heaviest_subtree = heaviest_subtree,
    .electorate = electorate,
    .leader = leader,
    .next_lead = next_lead,
    .random = random_number,
};

struct view see(struct chain *chain, replica_id replica)
{
    node_id node = chain->replicas.at[replica].node;
    return (struct view){
        .calls = &calls,
        .context = chain,
        .parameters = chain->parameters,
        .tree = &chain->tree,
        .validators = chain->world->nodes[node].validators,
        .validator_count = chain->world->nodes[node].validator_count,
        .chain = chain->id,
        .replica = replica,
        .node = node,
        .now_ns = network_clock_shows(chain->world->network, node, world_now(chain->world)),
    };
}
