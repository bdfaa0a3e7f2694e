/* SPDX-License-Identifier: MIT */
/* Effects: what a protocol, or an adversary in its place, wants done. */
#include "base/assert.h"
#include "world/inside.h"

/* Bytes of a message beside its signatures and what it carries: addresses, height, round, hash and framing. */
#define MESSAGE_HEADER_BYTES 120

struct doing {
    struct chain *chain;
    struct world *world;
    struct replica *replica;
    replica_id id;
};

static struct message compose(const struct doing *doing, const struct effect *effect, enum message_kind kind)
{
    const struct world *world = doing->world;
    return (struct message){
        .kind = (uint8_t)kind,
        .type = effect->type,
        .chain = doing->chain->id,
        .height = effect->height,
        .round = effect->round,
        .block = effect->block,
        .payload = effect->payload,
        .sender = effect->validator,
        .origin = doing->id,
        .subject = effect->subject,
        .electorate = effect->electorate,
        .instance = doing->replica->instance,
        .sent_ns = world_now(world),
        .size_bytes = (uint32_t)(MESSAGE_HEADER_BYTES + world->signatures.signature_size_bytes) + effect->size_bytes,
    };
}

static void address(const struct doing *doing, const struct effect *effect, struct delivery_options *options)
{
    const struct world *world = doing->world;
    options->extra_delay_ns = effect->extra_delay_ns;
    options->receiver_ns = world->signatures_cost ? world->signatures.verify_time_ns : 0;
    switch (effect->recipients.kind) {
    case RECIPIENTS_ALL:
        break;
    case RECIPIENTS_REPLICA:
        options->target = (struct delivery_target){&effect->recipients.which, 1};
        break;
    case RECIPIENTS_GROUP: {
        const struct replica_group *group = &world->groups.at[effect->recipients.which];
        options->target = (struct delivery_target){group->replicas, group->count};
        options->passed_on = network_relays_targeted(world->network);
        break;
    }
    case RECIPIENTS_HOST: /* a node's own replica has the node's number; twins come after all of these */
        options->target = (struct delivery_target){&world->node_of_validator[effect->recipients.which], 1};
        break;
    }
}

static void send(const struct doing *doing, const struct effect *effect, struct message *message, uint32_t repetition,
                 bool with_ancestors)
{
    struct chain *chain = doing->chain;
    uint64_t hash = message->block == BLOCK_NONE ? 0 : block_tree_get(&chain->tree, message->block)->hash;
    message->id = message_identify(message, hash, repetition);
    sign_message(doing->world, message, hash);
    struct delivery_options options = {.with_ancestors = with_ancestors, .certificate = effect->certificate};
    if (message->kind == MESSAGE_PROPOSAL)
        spread_allow(chain, message->block, &options);
    address(doing, effect, &options);
    tell_message(chain, message);
    uint32_t spreading = delivery_spreads(chain->delivery);
    delivery_send(chain->delivery, message, &options);
    spread_end_unless_begun(chain, spreading);
    corrupt_observe(chain, message);
}

/* Whether the lottery gives the block's proposer the slot; every receiver would check it, here it is done once. */
static bool may_lead(const struct chain *chain, const struct block *block)
{
    if (chain->election->form != ELECTION_LOTTERY)
        return true;
    struct election_place place;
    chain_election_place(chain, block->parent, &place);
    return chain->election->verify(&chain->election_context, &place, block);
}

/* Where there are transactions, the block carries what waits; what the protocol says is what it has room for. */
static void fill(const struct doing *doing, struct block *block)
{
    struct workload_load room = {block->size_bytes, block->transactions};
    struct workload_load load =
        workload_fill(doing->chain->workload, block->parent, doing->replica->node, block->proposed_ns, &room);
    block->size_bytes = (uint32_t)load.bytes;
    block->transactions = load.transactions;
}

/* A new block, with the evidence that waits in the pool; BLOCK_NONE where its proposer has no right to it. */
static block_id make_block(const struct doing *doing, const struct effect *effect)
{
    struct chain *chain = doing->chain;
    struct replica *replica = doing->replica;
    ledger_version ledger = chain->states.at[effect->parent].ledger;
    struct block block = {
        .parent = effect->parent,
        .slot = effect->slot,
        .round = effect->round,
        .proposer = effect->validator,
        .variant = effect->variant,
        .proof = effect->proof,
        .payload = effect->payload,
        .reference = effect->reference,
        .size_bytes = effect->size_bytes,
        .transactions = effect->transactions,
        .proposed_ns = world_now(doing->world),
    };
    if (!may_lead(chain, &block))
        return BLOCK_NONE;
    if (chain->workload)
        fill(doing, &block);
    VECTOR(struct stake_operation) carried = {0};
    for (size_t i = 0; i < replica->evidence.count; i++)
        if (!ledger_punished(chain->ledger, ledger, replica->evidence.at[i].validator))
            vector_push(&carried, replica->evidence.at[i]);
    block_id id = chain_add_block(chain, &block, carried.at, (uint32_t)carried.count);
    vector_release(&carried);
    if (chain->workload)
        workload_made(chain->workload, id);
    return id;
}

static void propose(const struct doing *doing, const struct effect *effect)
{
    struct effect proposal = *effect;
    spread_end_unless_rival(doing->chain, effect->parent);
    if (proposal.block == BLOCK_NONE)
        proposal.block = make_block(doing, effect);
    if (proposal.block == BLOCK_NONE)
        return; /* nobody would accept it */
    proposal.size_bytes = block_tree_get(&doing->chain->tree, proposal.block)->size_bytes;
    struct message message = compose(doing, &proposal, MESSAGE_PROPOSAL);
    send(doing, &proposal, &message, 0, doing->chain->protocol->election_form == ELECTION_LOTTERY);
}

static const struct electorate *electorate_of(const struct doing *doing, const struct effect *effect)
{
    struct chain *chain = doing->chain;
    if (effect->electorate != ID_NONE)
        return ledger_electorate_by_id(chain->ledger, effect->electorate);
    block_id parent =
        effect->block == BLOCK_NONE ? doing->replica->head : block_tree_get(&chain->tree, effect->block)->parent;
    return chain_electorate(chain, parent == BLOCK_NONE ? BLOCK_GENESIS : parent);
}

/* Who is not in the electorate (any more) has no vote: nothing is sent. */
static void vote(const struct doing *doing, const struct effect *effect)
{
    const struct electorate *electorate = electorate_of(doing, effect);
    struct message message = compose(doing, effect, MESSAGE_VOTE);
    message.electorate = electorate->id;
    message.weight = effect->weight ? effect->weight : electorate_stake(electorate, effect->validator);
    if (!message.weight)
        return;
    send(doing, effect, &message, 0, false);
    tell_vote(doing->chain, &message);
}

static void submit_evidence(const struct doing *doing, const struct effect *effect)
{
    for (size_t i = 0; i < doing->replica->evidence.count; i++)
        if (doing->replica->evidence.at[i].validator == effect->subject)
            return;
    struct message message = compose(doing, effect, MESSAGE_EVIDENCE);
    struct trace_evidence row = {
        .at_ns = message.sent_ns,
        .chain = message.chain,
        .reporter = effect->validator,
        .offender = effect->subject,
        .type = effect->type == EVIDENCE_OF_PROPOSALS ? UINT32_MAX : effect->type,
        .height = effect->height,
        .round = effect->round,
    };
    send(doing, effect, &message, 0, false);
    tell_evidence(doing->chain, &row);
}

static void send_other(const struct doing *doing, const struct effect *effect, enum message_kind kind)
{
    struct message message = compose(doing, effect, kind);
    send(doing, effect, &message, kind == MESSAGE_OTHER ? 0 : ++doing->replica->requests, kind == MESSAGE_RESPONSE);
}

static uint32_t timer_place(struct replica *replica, uint64_t tag)
{
    for (uint32_t t = 0; t < replica->timers.count; t++)
        if (replica->timers.at[t].tag == tag)
            return t;
    for (uint32_t t = 0; t < replica->timers.count; t++)
        if (!replica->timers.at[t].armed)
            return t;
    vector_push(&replica->timers, (struct timer){0});
    return (uint32_t)replica->timers.count - 1;
}

/* Times in it are by the node's own clock. */
static void set_watch(const struct doing *doing, const struct effect *effect)
{
    struct watch watch = effect->watch;
    if (watch.not_before_ns)
        watch.not_before_ns = network_clock_reaches(doing->world->network, doing->replica->node, watch.not_before_ns);
    delivery_watch(doing->chain->delivery, doing->id, &watch);
}

/* The same of a timer. */
static void set_timer(const struct doing *doing, const struct effect *effect)
{
    struct clock *clock = &doing->world->clock;
    uint32_t place = timer_place(doing->replica, effect->tag);
    struct timer *timer = &doing->replica->timers.at[place];
    if (timer->armed)
        clock_cancel(clock, timer->event);
    time_ns at_ns = network_clock_reaches(doing->world->network, doing->replica->node, effect->at_ns);
    struct clock_item item = {ITEM_TIMER, doing->id, (uint64_t)doing->chain->id << 32 | place};
    *timer = (struct timer){
        .tag = effect->tag, .armed = true, .event = clock_put(clock, time_max(at_ns, world_now(doing->world)), item)};
}

void carry_out_timer(struct chain *chain, replica_id replica, const struct effect *effect)
{
    struct doing doing = {chain, chain->world, &chain->replicas.at[replica], replica};
    time_ns at_ns = network_clock_reaches(doing.world->network, doing.replica->node, effect->at_ns);
    if (at_ns > world_now(doing.world)) {
        set_timer(&doing, effect);
        return;
    }
    uint32_t place = timer_place(doing.replica, effect->tag);
    doing.replica->timers.at[place] = (struct timer){.tag = effect->tag, .armed = true};
    instant_ring(doing.world, chain->id, replica, place);
}

static void cancel_timer(const struct doing *doing, uint64_t tag)
{
    for (size_t t = 0; t < doing->replica->timers.count; t++) {
        struct timer *timer = &doing->replica->timers.at[t];
        if (timer->tag != tag || !timer->armed)
            continue;
        clock_cancel(&doing->world->clock, timer->event);
        timer->armed = false;
    }
}

static void set_head(const struct doing *doing, block_id block)
{
    struct chain *chain = doing->chain;
    block_id before = doing->replica->head;
    if (before == block)
        return;
    spread_end(chain, false); /* a block that has waited for the clock may come while all have one head */
    doing->replica->head = block;
    tell_head(chain, doing->id, before, block);
    if (chain->workload && doing->replica->adversary == ID_NONE)
        workload_head(chain->workload, block, world_now(doing->world));
    bool heard = chain->protocol->wakes & WAKE(EVENT_SET_CHANGED);
    if (heard && chain_electorate(chain, before) != chain_electorate(chain, block))
        clock_put(&doing->world->clock, world_now(doing->world), (struct clock_item){ITEM_SET, doing->id, chain->id});
}

static void finalise(const struct doing *doing, block_id block)
{
    if (doing->replica->final == block)
        return;
    doing->replica->final = block;
    tell_final(doing->chain, doing->id, block);
    chain_free_old_states(doing->chain);
}

static void carry_out_one(const struct doing *doing, const struct effect *effect)
{
    struct delivery *delivery = doing->chain->delivery;
    switch (effect->kind) {
    case EFFECT_PROPOSE:
        propose(doing, effect);
        break;
    case EFFECT_VOTE:
        vote(doing, effect);
        break;
    case EFFECT_SEND:
        send_other(doing, effect, MESSAGE_OTHER);
        break;
    case EFFECT_REQUEST:
        send_other(doing, effect, MESSAGE_REQUEST);
        break;
    case EFFECT_RESPOND:
        send_other(doing, effect, MESSAGE_RESPONSE);
        break;
    case EFFECT_EVIDENCE:
        submit_evidence(doing, effect);
        break;
    case EFFECT_TIMER_SET:
        set_timer(doing, effect);
        break;
    case EFFECT_TIMER_CANCEL:
        cancel_timer(doing, effect->tag);
        break;
    case EFFECT_WATCH:
        set_watch(doing, effect);
        break;
    case EFFECT_UNWATCH:
        delivery_unwatch(delivery, doing->id, effect->tag);
        break;
    case EFFECT_FORGET:
        delivery_forget(delivery, doing->id, effect->height);
        break;
    case EFFECT_HEAD:
        set_head(doing, effect->block);
        break;
    case EFFECT_FINALISE:
        finalise(doing, effect->block);
        break;
    case EFFECT_KINDS:
        REQUIRE(effect->kind < EFFECT_KINDS);
    }
}

void carry_out(struct chain *chain, replica_id replica, const struct effects *effects)
{
    for (size_t i = 0; i < effects->list.count; i++) {
        struct doing doing = {chain, chain->world, &chain->replicas.at[replica], replica};
        const struct effect *wanted = &effects->list.at[i];
        if (wanted->kind == EFFECT_HEAD ||
            wanted->kind == EFFECT_FINALISE) { /* all that most receipts of blocks want */
            carry_out_one(&doing, wanted);
            continue;
        }
        struct effect effect = *wanted; /* an adversary that observes may add to the list */
        carry_out_one(&doing, &effect);
    }
}
