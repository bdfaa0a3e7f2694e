/* SPDX-License-Identifier: MIT */
/*
 * The private lottery of Ouroboros Praos with Cardano's randomness. A validator leads a slot if a number that only it
 * can compute, drawn on the slot and the epoch's nonce, is below phi_f of its share of the stake (David, Gazi, Kiayias,
 * Russell 2018, section 3.3). The stake is that of the epoch's electorate. The nonce comes from the chain itself, as in
 * ouroboros-consensus (Protocol.Praos, tickChainDepState and reupdateChainDepState): each block evolves a nonce; a
 * candidate follows it until randomness_stability_slots before the epoch's end; the next epoch's nonce combines the
 * candidate with the last block of the epoch before.
 *
 * Real cryptography: the number is H("L" || output) of the validator's proof, a slot at a time. Ideal: it is drawn by
 * candidates.h under a name made of (epoch nonce, chain, validator), so that whole days without a win cost almost
 * nothing. A lead's proof is the beginning of the raw output, which nothing else depends on but ties and nonces; the
 * ideal one is a second draw.
 */
#include "base/assert.h"
#include "base/phi.h"
#include "contract/election.h"
#include "crypto/vrf.h"
#include "election/candidates.h"
#include "election/praos_nonce.h"

#include <string.h>

struct praos_lottery_parameters {
    char nothing;
};

static const struct param_table praos_lottery_table = {
    .name = "praos_lottery", .meaning = "a private lottery by stake", .size = sizeof(struct praos_lottery_parameters)};

/* What a validator draws with in one epoch. */
struct chance {
    bool known;
    uint64_t name; /* ideal draws */
    struct phi phi;
};

/* Those of all validators, as they come to be known: blocks of one epoch and nonce have them in common. */
struct chances {
    uint32_t uses;
    electorate_id electorate; /* once there is any */
    uint32_t count;
    struct chance *of; /* by validator */
};

/* PraosState, as of a block. */
struct praos_state {
    uint64_t epoch;
    struct chances *chances; /* of that epoch; NULL in one that no block has reached */
    struct praos_nonce epoch_nonce;
    struct praos_nonce evolving;
    struct praos_nonce candidate;
    struct praos_nonce last_block;       /* labNonce: the hash of the block's parent */
    struct praos_nonce last_epoch_block; /* labNonce at the end of the epoch before */
};

/* One validator's draws in one epoch. */
struct lottery {
    const struct election_context *context;
    struct praos_nonce nonce;
    struct phi phi;
    uint64_t name; /* ideal draws */
    validator_id validator;
};

static bool is_ideal(const struct election_context *context)
{
    return !context->vrf || strcmp(context->vrf->name, "ideal") == 0;
}

static uint64_t epoch_of(const struct election_context *context, uint64_t slot)
{
    return slot / context->schedule.epoch_slots;
}

static void *keep(const struct praos_state *state)
{
    struct praos_state *kept = g_memdup2(state, sizeof *state);
    if (!kept->chances)
        kept->chances = g_new0(struct chances, 1);
    kept->chances->uses++;
    return kept;
}

static void *praos_state_clone(const void *state)
{
    return keep(state);
}

static void praos_state_free(void *freed)
{
    struct praos_state *state = freed;
    if (state && --state->chances->uses == 0) {
        g_free(state->chances->of);
        g_free(state->chances);
    }
    g_free(state);
}

static void *praos_genesis(const struct election_context *context, const struct electorate *electorate)
{
    (void)electorate;
    REQUIRE(context->schedule.epoch_slots && context->schedule.active_slot_coefficient.denominator);
    struct random_block drawn = random_at256(context->seed, RANDOM_ELECTION, context->chain, 0);
    struct praos_nonce first = {.neutral = false};
    for (int i = 0; i < 32; i++)
        first.value.bytes[i] = (uint8_t)(drawn.word[i / 8] >> (56 - 8 * (i % 8)));
    struct praos_state genesis = {.epoch_nonce = first,
                                  .evolving = first,
                                  .candidate = first,
                                  .last_block.neutral = true,
                                  .last_epoch_block.neutral = true};
    return keep(&genesis);
}

/*
 * tickChainDepState: the state as it stands at a slot of that epoch. Epochs without a block do not count: from the last
 * block's epoch to the slot's is one step, however long.
 */
static struct praos_state tick(const struct praos_state *state, uint64_t epoch)
{
    struct praos_state ticked = *state;
    if (epoch > state->epoch) {
        ticked.epoch = epoch;
        ticked.chances = NULL;
        ticked.epoch_nonce = praos_nonce_combine(&state->candidate, &state->last_epoch_block);
        ticked.last_epoch_block = state->last_block;
    }
    return ticked;
}

/* What a block adds to the nonce. An ideal output is the block's proof itself. */
static struct hash256 contribution(const struct election_context *context, const struct praos_nonce *epoch_nonce,
                                   const struct block *block)
{
    if (is_ideal(context)) {
        uint8_t bytes[8];
        for (int i = 0; i < 8; i++)
            bytes[i] = (uint8_t)(block->proof >> (56 - 8 * i));
        return praos_nonce_value(bytes, sizeof bytes);
    }
    struct hash256 bytes = praos_vrf_input(block->slot, epoch_nonce);
    struct vrf_input input;
    struct vrf_evaluation evaluation;
    vrf_input_init(&input, bytes.bytes, sizeof bytes.bytes);
    context->vrf->evaluate(context->vrf, block->proposer, &input, &evaluation);
    return praos_nonce_value(evaluation.output.bytes, sizeof evaluation.output.bytes);
}

/* reupdateChainDepState */
static void *praos_advance(const struct election_context *context, const struct election_place *parent,
                           const struct block *block, const struct electorate *next)
{
    (void)next;
    uint64_t epoch = epoch_of(context, block->slot);
    struct praos_state state = tick(parent->state, epoch);
    struct hash256 added = contribution(context, &state.epoch_nonce, block);
    state.evolving = praos_nonce_evolve(&state.evolving, added.bytes, sizeof added.bytes);
    uint64_t first_of_next = (epoch + 1) * context->schedule.epoch_slots;
    if (block->slot + context->schedule.randomness_stability_slots < first_of_next)
        state.candidate = state.evolving;
    if (parent->parent->parent == BLOCK_NONE)
        state.last_block.neutral = true;
    else
        state.last_block = praos_nonce_of_block(parent->parent->hash);
    return keep(&state);
}

/* Ideal draws go by a name of 64 bits: H(nonce || chain || validator). */
static uint64_t name_of(const struct lottery *lottery)
{
    uint32_t ids[2] = {lottery->context->chain, lottery->validator};
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(ids[i / 4] >> (24 - 8 * (i % 4)));
    const struct hash_piece pieces[] = {{lottery->nonce.value.bytes, 32}, {bytes, sizeof bytes}};
    struct hash256 hash = hash_blake2b_256_pieces(pieces, 2);
    uint64_t name = 0;
    for (int i = 0; i < 8; i++)
        name = name << 8 | hash.bytes[i];
    return name;
}

static const struct electorate *electorate_at(const struct election_place *place, uint64_t epoch)
{
    const struct praos_state *state = place->state;
    if (epoch == state->epoch || !place->electorate_of_epoch)
        return place->electorate;
    return place->electorate_of_epoch(place, epoch);
}

/* Where the validator's chance is kept; NULL where none is, which is not so while an epoch's blocks come. */
static struct chance *chance_of(struct chances *chances, const struct electorate *electorate, validator_id validator)
{
    if (!chances)
        return NULL;
    if (!chances->of) {
        chances->electorate = electorate->id;
        chances->count = electorate->members[electorate->count - 1].validator + 1;
        chances->of = g_new0(struct chance, chances->count);
    }
    REQUIRE(chances->electorate != electorate->id || validator < chances->count);
    return chances->electorate == electorate->id ? &chances->of[validator] : NULL;
}

/* False where the validator has no stake in that epoch. */
static bool lottery_init(struct lottery *lottery, const struct election_context *context,
                         const struct election_place *place, validator_id validator, uint64_t epoch)
{
    const struct electorate *electorate = electorate_at(place, epoch);
    stake_amount stake = electorate_stake(electorate, validator);
    if (!stake)
        return false;
    struct praos_state state = tick(place->state, epoch);
    *lottery = (struct lottery){.context = context, .nonce = state.epoch_nonce, .validator = validator};
    struct chance *chance = chance_of(state.chances, electorate, validator);
    if (chance && chance->known) {
        lottery->phi = chance->phi;
        lottery->name = chance->name;
        return true;
    }
    phi_init(&lottery->phi, context->schedule.active_slot_coefficient, stake, electorate->total);
    if (is_ideal(context))
        lottery->name = name_of(lottery);
    if (chance)
        *chance = (struct chance){true, lottery->name, lottery->phi};
    return true;
}

static bool take(const struct lottery *lottery, uint64_t slot, struct lead *lead)
{
    *lead = (struct lead){.slot = slot, .proof = candidate_tag(lottery->context->seed, lottery->name, slot)};
    return true;
}

/* Ideal, small chances: whole windows at a time. */
static bool search_candidates(const struct lottery *lottery, uint64_t from, uint64_t until, struct lead *lead)
{
    struct candidate candidates[CANDIDATES_IN_A_WINDOW];
    const struct random_seed *seed = lottery->context->seed;
    for (uint64_t window = from / CANDIDATE_WINDOW; window * CANDIDATE_WINDOW < until; window++) {
        uint32_t count = candidates_draw(seed, lottery->name, window, candidates);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t slot = window * CANDIDATE_WINDOW + candidates[i].offset;
            if (slot < from || candidates[i].word > lottery->phi.high)
                continue;
            if (slot >= until)
                return false;
            struct random_block number = {{candidates[i].word, 0, 0, 0}};
            if (number.word[0] >= lottery->phi.low)
                number = candidate_refine(seed, lottery->name, slot, number.word[0]);
            if (phi_wins(&lottery->phi, &number))
                return take(lottery, slot, lead);
        }
    }
    return false;
}

/* Ideal, chances above 2^-10: slot by slot. */
static bool search_slots(const struct lottery *lottery, uint64_t from, uint64_t until, struct lead *lead)
{
    for (uint64_t slot = from; slot < until; slot++) {
        struct random_block number = candidate_slot(lottery->context->seed, lottery->name, slot);
        if (phi_wins(&lottery->phi, &number))
            return take(lottery, slot, lead);
    }
    return false;
}

/* Real: the proof of each slot, until one wins. */
static bool search_proofs(const struct lottery *lottery, uint64_t from, uint64_t until, struct lead *lead)
{
    struct vrf_provider *vrf = lottery->context->vrf;
    for (uint64_t slot = from; slot < until; slot++) {
        struct hash256 bytes = praos_vrf_input(slot, &lottery->nonce);
        struct vrf_input input;
        struct vrf_evaluation evaluation;
        vrf_input_init(&input, bytes.bytes, sizeof bytes.bytes);
        vrf->evaluate(vrf, lottery->validator, &input, &evaluation);
        struct hash256 value = praos_leader_value(evaluation.output.bytes, sizeof evaluation.output.bytes);
        if (!phi_exceeds_bytes(&lottery->phi, value.bytes, sizeof value.bytes))
            continue;
        *lead = (struct lead){.slot = slot};
        for (int i = 0; i < 8; i++)
            lead->proof = lead->proof << 8 | evaluation.output.bytes[i];
        return true;
    }
    return false;
}

static bool search(const struct lottery *lottery, uint64_t from, uint64_t until, struct lead *lead)
{
    if (!is_ideal(lottery->context))
        return search_proofs(lottery, from, until, lead);
    if (lottery->phi.high < CANDIDATE_LIMIT)
        return search_candidates(lottery, from, until, lead);
    return search_slots(lottery, from, until, lead);
}

/* The first lead in the interval, epoch by epoch; `parent` may be of an earlier epoch than the slots. */
static bool find_lead(const struct election_context *context, const struct election_place *place,
                      validator_id validator, uint64_t from, uint64_t until, struct lead *lead)
{
    const struct praos_state *state = place->state;
    REQUIRE(from >= until || epoch_of(context, from) >= state->epoch);
    while (from < until) {
        uint64_t epoch = epoch_of(context, from);
        uint64_t end = MIN(until, (epoch + 1) * context->schedule.epoch_slots);
        struct lottery lottery;
        if (lottery_init(&lottery, context, place, validator, epoch) && search(&lottery, from, end, lead))
            return true;
        from = end;
    }
    return false;
}

static bool praos_next_lead(const struct election_context *context, const struct election_place *place,
                            validator_id validator, uint64_t from_slot, uint64_t until_slot, struct lead *lead)
{
    if (!find_lead(context, place, validator, from_slot, until_slot, lead))
        return false;
    if (context->drawn)
        context->drawn(context->user, validator, lead->slot, lead->proof);
    return true;
}

static bool praos_verify(const struct election_context *context, const struct election_place *place,
                         const struct block *block)
{
    struct lead lead;
    return block->slot > place->parent->slot &&
           find_lead(context, place, block->proposer, block->slot, block->slot + 1, &lead) &&
           lead.proof == block->proof;
}

extern const struct election election_praos_lottery;
const struct election election_praos_lottery = {
    .name = "praos_lottery",
    .meaning = "each slot, each validator leads by a private draw with chance phi_f of its stake",
    .source = "David, Gazi, Kiayias, Russell 2018 (eprint 2017/573), section 3.3; ouroboros-consensus, Protocol.Praos",
    .params = &praos_lottery_table,
    .form = ELECTION_LOTTERY,
    .bias = "a block withheld before the candidate freezes changes the next epoch's nonce",
    .known = "a leader knows its slots of an epoch once the nonce is fixed; others see them block by block",
    .genesis = praos_genesis,
    .advance = praos_advance,
    .state_free = praos_state_free,
    .state_clone = praos_state_clone,
    .next_lead = praos_next_lead,
    .verify = praos_verify,
};
