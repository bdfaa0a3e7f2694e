/* SPDX-License-Identifier: MIT */
/*
 * Ouroboros Praos (David, Gazi, Kiayias, Russell 2018, eprint 2017/573) as Cardano runs it: slots, a private lottery
 * for their leaders, the longest chain, settlement by depth. Nothing happens at a slot in which none of the node's
 * validators leads: leads are looked up an epoch at a time, and a timer waits for the next.
 */
#include "protocol/praos/praos.h"

#include "base/assert.h"

static const struct param parameters[] = {
    {.key = "slot",
     .type = PARAM_DURATION,
     .offset = offsetof(struct praos_parameters, slot_ns),
     .by_default = "1 s",
     .minimum = "1 ms",
     .maximum = "1 h",
     .meaning = "length of a slot",
     .source = "Cardano mainnet, Shelley genesis: slotLength"},
    {.key = "active_slot_coefficient",
     .type = PARAM_SHARE,
     .offset = offsetof(struct praos_parameters, active_slot_coefficient),
     .by_default = "5 %",
     .minimum = "0.0001 %",
     .maximum = "99.9999 %",
     .meaning = "f, the chance that a slot has a leader when all stake takes part",
     .source = "Cardano mainnet, Shelley genesis: activeSlotsCoeff"},
    {.key = "security_parameter",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct praos_parameters, security_parameter),
     .by_default = "2_160",
     .minimum = "1",
     .maximum = "1_000_000",
     .meaning = "k, the most blocks that a node ever rolls back",
     .source = "Cardano mainnet, Shelley genesis: securityParam"},
    {.key = "settlement_depth",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct praos_parameters, settlement_depth),
     .minimum = "0",
     .maximum = "1_000_000",
     .optional = true,
     .meaning = "how many blocks must follow a block before it counts as final; by default security_parameter"},
    {.key = "epoch",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct praos_parameters, epoch_slots),
     .minimum = "1",
     .maximum = "1_000_000_000_000",
     .optional = true,
     .meaning = "slots of an epoch; by default 10 k / f, which is 432,000 on mainnet",
     .source = "Cardano mainnet, Shelley genesis: epochLength"},
    {.key = "randomness_stability",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct praos_parameters, randomness_stability_slots),
     .minimum = "0",
     .maximum = "1_000_000_000_000",
     .optional = true,
     .meaning = "slots before an epoch's end from which on blocks do not change the next epoch's leaders; by default "
                "4/10 of the epoch, which is 4 k / f on mainnet",
     .source = "ouroboros-consensus, praosRandomnessStabilisationWindow (Conway)"},
    {.key = "tie_break_distance",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct praos_parameters, tie_break_distance),
     .by_default = "5",
     .minimum = "0",
     .maximum = "1_000_000_000_000",
     .meaning = "chains of one length are compared by their tips' lottery outputs if these are at most this many slots "
                "apart; else the first to come stays",
     .source = "ouroboros-consensus, RestrictedVRFTiebreaker 5 (Conway)"},
    {.key = "block_size",
     .type = PARAM_SIZE,
     .offset = offsetof(struct praos_parameters, block_size_bytes),
     .by_default = "90_112 B",
     .minimum = "0 B",
     .maximum = "100 MiB",
     .meaning = "bytes of a block; where the scenario has `transactions`, the most that it carries",
     .source = "Cardano mainnet, protocol parameters: maxBlockBodySize"},
    {.key = "block_transactions",
     .type = PARAM_INTEGER,
     .offset = offsetof(struct praos_parameters, block_transactions),
     .by_default = "50",
     .minimum = "0",
     .maximum = "10_000_000",
     .meaning = "transactions in a block; where the scenario has `transactions`, the most that it carries",
     .source = "an assumption"},
};

static uint64_t epoch_slots_of(const struct praos_parameters *set)
{
    if (set->epoch_slots != PARAM_ABSENT)
        return (uint64_t)set->epoch_slots;
    struct ratio f = set->active_slot_coefficient;
    return (uint64_t)(((uint128)10 * (uint64_t)set->security_parameter * f.denominator + f.numerator - 1) /
                      f.numerator);
}

static uint64_t stability_slots_of(const struct praos_parameters *set)
{
    if (set->randomness_stability_slots != PARAM_ABSENT)
        return (uint64_t)set->randomness_stability_slots;
    return (uint64_t)((uint128)epoch_slots_of(set) * 4 / 10);
}

static const char *check_parameters(const void *filled, char **message)
{
    const struct praos_parameters *set = filled;
    if (stability_slots_of(set) >= epoch_slots_of(set)) {
        *message = g_strdup_printf("must be below the epoch's %" G_GUINT64_FORMAT " slots", epoch_slots_of(set));
        return "randomness_stability";
    }
    if (set->settlement_depth != PARAM_ABSENT && set->settlement_depth > set->security_parameter) {
        *message = g_strdup_printf("must be at most security_parameter, %" G_GINT64_FORMAT, set->security_parameter);
        return "settlement_depth";
    }
    return NULL;
}

static const struct param_table praos_table = PARAM_TABLE_CHECKED(
    "praos", "Ouroboros Praos as Cardano runs it", struct praos_parameters, parameters, check_parameters);

static uint64_t settlement_depth_of(const struct praos_parameters *set)
{
    return (uint64_t)(set->settlement_depth != PARAM_ABSENT ? set->settlement_depth : set->security_parameter);
}

static uint64_t block_size(const void *filled)
{
    return ((const struct praos_parameters *)filled)->block_size_bytes;
}

static void schedule(const void *filled, struct schedule *schedule)
{
    const struct praos_parameters *set = filled;
    *schedule = (struct schedule){.slot_ns = set->slot_ns,
                                  .epoch_slots = epoch_slots_of(set),
                                  .randomness_stability_slots = stability_slots_of(set),
                                  .active_slot_coefficient = set->active_slot_coefficient};
}

/* What a step works with. */
struct praos {
    const struct praos_parameters *parameters;
    struct praos_state *state;
    const struct view *view;
    struct effects *effects;
};

/* Tags of timers: a validator's next lead, or a block that came before its slot. */
#define TAG_EARLY_BLOCK ((uint64_t)1 << 32)

static uint64_t slot_now(const struct praos *run)
{
    return (uint64_t)(run->view->now_ns / run->parameters->slot_ns);
}

/* The first slot whose beginning is not over. */
static uint64_t slot_to_come(const struct praos *run)
{
    return slot_now(run) + (run->view->now_ns % run->parameters->slot_ns > 0);
}

static uint64_t epoch_end(const struct praos *run)
{
    return (run->state->epoch + 1) * epoch_slots_of(run->parameters);
}

static void wait_for_slot(const struct praos *run, uint64_t tag, uint64_t slot)
{
    effects_timer(run->effects, tag, (time_ns)slot * run->parameters->slot_ns);
}

/* Looks up the validator's next lead in this epoch, from a slot on. */
static void look_up(struct praos *run, struct praos_lead *lead, uint64_t from)
{
    uint64_t until = epoch_end(run);
    lead->waiting =
        from < until && view_next_lead(run->view, lead->validator, run->state->head, from, until, &lead->lead);
    if (lead->waiting)
        wait_for_slot(run, lead->validator, lead->lead.slot);
}

/* The last block of the head's chain before the epoch: with it the epoch's randomness is fixed. */
static block_id find_boundary(const struct praos *run)
{
    const uint64_t first_slot = run->state->epoch * epoch_slots_of(run->parameters);
    block_id block = run->state->head;
    while (block != BLOCK_GENESIS && view_block(run->view, block)->slot >= first_slot)
        block = view_block(run->view, block)->parent;
    return block;
}

/* Every validator's next lead, by the chain that is the head now. */
static void look_up_all(struct praos *run)
{
    struct praos_state *state = run->state;
    state->boundary = find_boundary(run);
    uint64_t from = MAX(state->next_slot, slot_to_come(run));
    for (size_t i = 0; i < state->leads.count; i++) {
        struct praos_lead *lead = &state->leads.at[i];
        bool was_waiting = lead->waiting;
        look_up(run, lead, from);
        if (was_waiting && !lead->waiting)
            effects_add(run->effects, EFFECT_TIMER_CANCEL)->tag = lead->validator;
    }
}

static void begin(struct praos *run)
{
    struct praos_state *state = run->state;
    state->begun = true;
    state->head = BLOCK_GENESIS;
    state->settled = BLOCK_NONE;
    state->next_slot = 1; /* genesis holds slot 0 */
    state->epoch = slot_now(run) / epoch_slots_of(run->parameters);
    for (uint32_t i = 0; i < run->view->validator_count; i++)
        vector_push(&state->leads, (struct praos_lead){.validator = run->view->validators[i]});
    look_up_all(run);
}

static void on_epoch(struct praos *run, uint64_t epoch)
{
    if (epoch == run->state->epoch)
        return;
    run->state->epoch = epoch;
    look_up_all(run);
}

/*
 * The head's ancestor at a height. Where the head has just been extended by one block, that is a child of the one
 * settled before, and mostly its only one.
 */
static block_id find_settled(const struct praos_state *state, const struct block_tree *tree, uint64_t height,
                             bool extended)
{
    block_id before = state->settled;
    if (extended && before != BLOCK_NONE) {
        block_id child = tree->first_child.at[before];
        if (tree->next_sibling.at[child] == BLOCK_NONE)
            return child;
    }
    return block_tree_ancestor(tree, state->head, height);
}

/*
 * The block settlement_depth below the head, and so what is before it, is final; BLOCK_NONE while that is genesis.
 * Another chain of the same length can put another block there: then what was final was not, and that is told.
 */
static block_id settle(struct praos_state *state, const struct praos_parameters *set, const struct block_tree *tree,
                       bool extended)
{
    uint64_t height = block_tree_get(tree, state->head)->height, depth = settlement_depth_of(set);
    if (height < depth)
        return BLOCK_NONE;
    state->settled = find_settled(state, tree, height - depth, extended);
    return height > depth ? state->settled : BLOCK_NONE;
}

/*
 * A chain may bring another past with it. Where it has another last block before the epoch, the epoch's randomness is
 * another, and leads are looked up again.
 */
static void adopt(struct praos *run, block_id block)
{
    struct praos_state *state = run->state;
    bool extended = view_block(run->view, block)->parent == state->head;
    block_id fork = extended ? state->head : block_tree_common(run->view->tree, state->head, block);
    block_id settled_before = state->settled;
    state->head = block;
    effects_head(run->effects, block);
    block_id settled = settle(state, run->parameters, run->view->tree, extended);
    if (settled != BLOCK_NONE && settled != settled_before)
        effects_finalise(run->effects, settled);
    bool past_changed = view_block(run->view, fork)->slot < state->epoch * epoch_slots_of(run->parameters);
    if (past_changed && find_boundary(run) != state->boundary)
        look_up_all(run);
}

/*
 * Blocks whose slots have begun, on chains that fork from the head's within the epoch or at its last block before: they
 * leave the epoch's past as it is.
 */
static block_id extend(void *own, const void *filled, const struct block_tree *tree, block_id head)
{
    struct praos_state *state = own;
    bool by_one = block_tree_get(tree, head)->parent == state->head;
    state->head = head;
    return settle(state, filled, tree, by_one);
}

static bool prefers(const void *filled, const struct block_tree *tree, block_id head, block_id candidate)
{
    return praos_prefers(filled, tree, head, candidate);
}

/* Chains that hold blocks of slots to come are not looked at before these have come. */
static void consider(struct praos *run, block_id block)
{
    const struct block *candidate = view_block(run->view, block);
    if (candidate->slot > slot_now(run))
        wait_for_slot(run, TAG_EARLY_BLOCK | block, candidate->slot);
    else if (praos_prefers(run->parameters, run->view->tree, run->state->head, block))
        adopt(run, block);
}

/*
 * What a leader builds upon: its chain; without the tip where another leader of the same slot made that, with whom it
 * then competes. ouroboros-consensus, NodeKernel, mkCurrentBlockContext.
 */
static block_id choose_parent(const struct praos *run, uint64_t slot)
{
    block_id parent = run->state->head;
    while (parent != BLOCK_GENESIS && view_block(run->view, parent)->slot >= slot)
        parent = view_block(run->view, parent)->parent;
    return parent;
}

/*
 * The slot of a lead begins. The new block comes back to this replica as everybody else's does, one microstep later,
 * and is adopted then.
 */
static void lead_slot(struct praos *run, struct praos_lead *own)
{
    struct praos_state *state = run->state;
    const uint64_t slot = own->lead.slot;
    struct effect *proposal = effects_add(run->effects, EFFECT_PROPOSE);
    proposal->validator = own->validator;
    proposal->slot = slot;
    proposal->proof = own->lead.proof;
    proposal->parent = choose_parent(run, slot);
    proposal->height = view_block(run->view, proposal->parent)->height + 1;
    proposal->size_bytes = (uint32_t)run->parameters->block_size_bytes;
    proposal->transactions = (uint32_t)run->parameters->block_transactions;
    state->next_slot = MAX(state->next_slot, slot + 1);
    look_up(run, own, slot + 1);
}

static void on_timer(struct praos *run, uint64_t tag)
{
    if (tag & TAG_EARLY_BLOCK) {
        consider(run, (block_id)tag);
        return;
    }
    for (size_t i = 0; i < run->state->leads.count; i++) {
        struct praos_lead *own = &run->state->leads.at[i];
        if (own->validator == tag && own->waiting && own->lead.slot == slot_now(run))
            lead_slot(run, own);
    }
}

/* Slots that passed while the node was down are lost; so may be the beginning of an epoch. */
static void on_recovered(struct praos *run)
{
    run->state->epoch = slot_now(run) / epoch_slots_of(run->parameters);
    look_up_all(run);
}

static void step(void *own, const struct view *view, const struct event *event, struct effects *effects)
{
    struct praos run = {view->parameters, own, view, effects};
    if (!run.state->begun) {
        if (event->kind == EVENT_START || event->kind == EVENT_RECOVERED)
            begin(&run);
        return;
    }
    switch (event->kind) {
    case EVENT_RECOVERED:
        on_recovered(&run);
        break;
    case EVENT_EPOCH:
        on_epoch(&run, event->number);
        break;
    case EVENT_BLOCK:
        consider(&run, event->block);
        break;
    case EVENT_TIMER:
        on_timer(&run, event->tag);
        break;
    default:
        break;
    }
}

/*
 * Half of the stake is enough to make a chain: with it a slot has a leader with chance phi_f(1/2) >= f/2, and a block
 * can be built upon D seconds later, so d blocks take d (2 slots / f + D) on average. Beyond that, the chance that
 * 89 / f slots pass without a leader is at most (1-f)^(89/(2f)) < e^-44 < 2^-63. So the first block is final, and the
 * next after any other, within
 *     (settlement_depth + 1) (2 slots / f + D) + 89 slots / f.
 */
static void verdict_rules(const void *filled, time_ns delay_ns, uint32_t validator_count, struct verdict_rules *rules)
{
    (void)validator_count;
    const struct praos_parameters *set = filled;
    struct ratio f = set->active_slot_coefficient;
    int128 slots_per_f = (int128)set->slot_ns * (int128)f.denominator / (int128)f.numerator;
    int128 bound = (int128)(settlement_depth_of(set) + 1) * (2 * slots_per_f + delay_ns) + 89 * slots_per_f;
    *rules = (struct verdict_rules){.accountability = ACCOUNTABLE_NOT,
                                    .liveness_bound_ns = bound < TIME_NEVER ? (time_ns)bound : 0};
}

/* Another block for the same slot, made with the same proof. */
static bool conflict(const struct view *view, const struct effect *effect, block_id alternative, struct effect *other)
{
    (void)view, (void)alternative;
    if (effect->kind != EFFECT_PROPOSE)
        return false;
    *other = *effect;
    other->variant = effect->variant + 1;
    return true;
}

static void clone_state(void *state, const void *original)
{
    struct praos_state *copy = state;
    const struct praos_state *from = original;
    copy->leads.at = g_memdup2(from->leads.at, from->leads.room * sizeof *from->leads.at);
}

static void release_state(void *state)
{
    struct praos_state *own = state;
    vector_release(&own->leads);
}

extern const struct protocol protocol_praos;
const struct protocol protocol_praos = {
    .name = "praos",
    .meaning = "Ouroboros Praos: private slot leaders, the longest chain, final by depth",
    .source = "David, Gazi, Kiayias, Russell 2018 (eprint 2017/573); ouroboros-consensus, Protocol.Praos",
    .params = &praos_table,
    .state_size = sizeof(struct praos_state),
    .wakes = WAKE(EVENT_START) | WAKE(EVENT_RECOVERED) | WAKE(EVENT_EPOCH) | WAKE(EVENT_BLOCK) | WAKE(EVENT_TIMER),
    .election_form = ELECTION_LOTTERY,
    .default_election = "praos_lottery",
    .final_by_depth = true,
    .step = step,
    .extend = extend,
    .prefers = prefers,
    .schedule = schedule,
    .block_size = block_size,
    .verdict_rules = verdict_rules,
    .conflict = conflict,
    .clone = clone_state,
    .release = release_state,
};
