/* SPDX-License-Identifier: MIT */
#include "transcript.h"

#include "base/quantity.h"

#include <string.h>

extern const struct protocol protocol_praos, protocol_tendermint;

/* A statement in words; `failure` is the first thing that was wrong with it. */
struct statement {
    struct replica *replica;
    char **words;
    char *failure;
};

static void fail(struct statement *statement, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void fail(struct statement *statement, const char *format, ...)
{
    if (statement->failure)
        return;
    va_list arguments;
    va_start(arguments, format);
    statement->failure = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

/* The value of key=value among the words, or NULL. */
static const char *argument(const struct statement *statement, const char *key)
{
    size_t length = strlen(key);
    for (char **word = statement->words; *word; word++)
        if (strncmp(*word, key, length) == 0 && (*word)[length] == '=')
            return *word + length + 1;
    return NULL;
}

static int64_t number(const struct statement *statement, const char *key, int64_t otherwise)
{
    const char *text = argument(statement, key);
    return text ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

static bool has_word(const struct statement *statement, const char *wanted)
{
    for (char **word = statement->words; *word; word++)
        if (g_str_equal(*word, wanted))
            return true;
    return false;
}

static block_id find_block(struct statement *statement, const char *name)
{
    if (!name || g_str_equal(name, "nil"))
        return BLOCK_NONE;
    for (size_t b = 0; b < statement->replica->blocks.count; b++)
        if (g_str_equal(statement->replica->blocks.at[b].name, name))
            return (block_id)b;
    fail(statement, "no block %s", name);
    return BLOCK_NONE;
}

/* The second word: a block that must be there. */
static block_id subject_block(struct statement *statement)
{
    block_id block = find_block(statement, statement->words[1]);
    if (block == BLOCK_NONE)
        fail(statement, "a block is needed");
    return block;
}

/* The view: what the transcript has said. */

static const struct replica *replica_of(const struct view *view)
{
    return view->context;
}

static bool has_block(const struct view *view, block_id block)
{
    return replica_of(view)->blocks.at[block].arrived;
}

static const struct electorate *electorate(const struct view *view, block_id parent)
{
    (void)parent;
    return &replica_of(view)->electorate;
}

/* Who was said to lead, else the validators in turn. */
static validator_id leader(const struct view *view, block_id parent, uint64_t slot, uint32_t round)
{
    (void)slot;
    const struct replica *replica = replica_of(view);
    uint64_t height = block_tree_get(view->tree, parent)->height + 1;
    for (size_t i = replica->leaders.count; i-- > 0;)
        if (replica->leaders.at[i].height == height && replica->leaders.at[i].round == round)
            return replica->leaders.at[i].validator;
    return (validator_id)((height - 1 + round) % replica->electorate.count);
}

static bool next_lead(const struct view *view, validator_id validator, block_id parent, uint64_t from_slot,
                      uint64_t until_slot, struct lead *lead)
{
    const struct replica *replica = replica_of(view);
    bool found = false;
    for (size_t i = 0; i < replica->wins.count; i++) {
        const struct said_win *win = &replica->wins.at[i];
        if (win->validator != validator || win->slot < from_slot || win->slot >= until_slot ||
            !block_tree_descends(view->tree, parent, win->after) || (found && lead->slot <= win->slot))
            continue;
        *lead = (struct lead){.slot = win->slot, .proof = win->proof};
        found = true;
    }
    return found;
}

static void each_vote(const struct view *view, const struct vote_query *query,
                      void (*visit)(void *user, const struct message *vote), void *user)
{
    const struct replica *replica = replica_of(view);
    for (size_t i = 0; i < replica->votes.count; i++) {
        const struct message *vote = &replica->votes.at[i];
        if ((query->kinds & 1u << vote->type) && vote->height >= query->height_first &&
            vote->height <= query->height_last && vote->round >= query->round_first && vote->round <= query->round_last)
            visit(user, vote);
    }
}

static uint64_t random_number(const struct view *view)
{
    (void)view;
    return 0;
}

static const struct view_calls calls = {.has_block = has_block,
                                        .each_vote = each_vote,
                                        .electorate = electorate,
                                        .leader = leader,
                                        .next_lead = next_lead,
                                        .random = random_number};

/* Statements that set the scene. */

static void name_block(struct replica *replica, const char *name, bool arrived)
{
    vector_push(&replica->blocks, (struct named_block){g_strdup(name), arrived});
}

static void say_protocol(struct statement *statement)
{
    static const struct protocol *const known[] = {&protocol_praos, &protocol_tendermint};
    struct replica *replica = statement->replica;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(known[i]->name, statement->words[1]))
            replica->protocol = known[i];
    if (!replica->protocol) {
        fail(statement, "no protocol %s", statement->words[1]);
        return;
    }
    replica->state = g_malloc0(replica->protocol->state_size);
    replica->parameters = g_malloc0(replica->protocol->params->size);
    param_table_defaults(replica->protocol->params, replica->parameters);
    block_tree_init(&replica->tree, 1);
    name_block(replica, "genesis", true);
}

static void say_set(struct statement *statement)
{
    const struct param *param = param_table_find(statement->replica->protocol->params, statement->words[1]);
    if (!param) {
        fail(statement, "no parameter %s", statement->words[1]);
        return;
    }
    char *value = g_strjoinv(" ", statement->words + 2);
    GError *error = NULL;
    if (!quantity_parse(param, value, (char *)statement->replica->parameters + param->offset, &error)) {
        fail(statement, "%s", error->message);
        g_error_free(error);
    }
    g_free(value);
}

static void say_stakes(struct statement *statement)
{
    struct replica *replica = statement->replica;
    for (char **word = statement->words + 1; *word; word++) {
        stake_amount stake = g_ascii_strtoull(*word, NULL, 10);
        vector_push(&replica->members,
                    (struct electorate_member){.validator = (validator_id)replica->members.count, .stake = stake});
        replica->electorate.total += stake;
    }
    replica->electorate.count = (uint32_t)replica->members.count;
    replica->electorate.members = replica->members.at;
}

static void say_hosts(struct statement *statement)
{
    for (char **word = statement->words + 1; *word; word++)
        vector_push(&statement->replica->hosted, (validator_id)g_ascii_strtoull(*word, NULL, 10));
}

static void say_leader(struct statement *statement)
{
    vector_push(&statement->replica->leaders,
                (struct said_leader){.height = (uint64_t)number(statement, "height", 1),
                                     .round = (uint32_t)number(statement, "round", 0),
                                     .validator = (validator_id)number(statement, "validator", 0)});
}

static void say_win(struct statement *statement)
{
    const char *after = argument(statement, "after");
    vector_push(&statement->replica->wins,
                (struct said_win){.validator = (validator_id)number(statement, "validator", 0),
                                  .slot = (uint64_t)number(statement, "slot", 0),
                                  .proof = (uint64_t)number(statement, "proof", 0),
                                  .after = after ? find_block(statement, after) : BLOCK_GENESIS});
}

static void say_block(struct statement *statement)
{
    struct replica *replica = statement->replica;
    struct block block = {.parent = find_block(statement, argument(statement, "parent")),
                          .reference = BLOCK_NONE,
                          .proposer = (validator_id)number(statement, "by", 0),
                          .round = (uint32_t)number(statement, "round", 0),
                          .slot = (uint64_t)number(statement, "slot", 0),
                          .proof = (uint64_t)number(statement, "proof", 0),
                          .variant = (uint32_t)number(statement, "variant", 0)};
    if (block.parent == BLOCK_NONE)
        fail(statement, "a block needs a parent");
    if (statement->failure)
        return;
    block_tree_add(&replica->tree, &block, NULL, 0);
    name_block(replica, statement->words[1], !has_word(statement, "unseen"));
}

static uint16_t vote_kind(struct statement *statement, const char *name)
{
    const struct protocol *protocol = statement->replica->protocol;
    for (uint32_t kind = 0; kind < protocol->vote_kind_count; kind++)
        if (name && g_str_equal(protocol->vote_kinds[kind].name, name))
            return (uint16_t)kind;
    fail(statement, "no kind of vote %s", name ? name : "");
    return 0;
}

static void say_vote(struct statement *statement)
{
    vector_push(&statement->replica->votes, (struct message){.kind = MESSAGE_VOTE,
                                                             .type = vote_kind(statement, statement->words[1]),
                                                             .height = (uint64_t)number(statement, "height", 1),
                                                             .round = (uint32_t)number(statement, "round", 0),
                                                             .origin = (replica_id)number(statement, "from", 0)});
}

static void say_at(struct statement *statement)
{
    char *text = g_strjoinv(" ", statement->words + 1);
    time_ns at_ns;
    if (!quantity_parse_duration(text, &at_ns, NULL) || at_ns < statement->replica->now_ns)
        fail(statement, "%s is not a later time", text);
    else
        statement->replica->now_ns = at_ns;
    g_free(text);
}

/* Effects: what a watch or timer was set to is remembered, so that only what was set can fire. */

static void take_watch(struct replica *replica, uint64_t tag)
{
    for (size_t i = 0; i < replica->watches.count; i++)
        if (replica->watches.at[i].tag == tag)
            replica->watches.at[i--] = replica->watches.at[--replica->watches.count];
}

static void take_timer(struct replica *replica, uint64_t tag)
{
    for (size_t i = 0; i < replica->timers.count; i++)
        if (replica->timers.at[i].tag == tag)
            replica->timers.at[i--] = replica->timers.at[--replica->timers.count];
}

static void make_block(struct replica *replica, struct effect *effect)
{
    struct block block = {.parent = effect->parent,
                          .reference = BLOCK_NONE,
                          .proposer = effect->validator,
                          .round = effect->round,
                          .slot = effect->slot,
                          .proof = effect->proof,
                          .size_bytes = effect->size_bytes};
    effect->block = block_tree_add(&replica->tree, &block, NULL, 0);
    char *name = g_strdup_printf("own-%d", ++replica->own_blocks);
    name_block(replica, name, true);
    g_free(name);
}

static void carry_out(struct replica *replica, struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_PROPOSE:
        if (effect->block == BLOCK_NONE)
            make_block(replica, effect);
        break;
    case EFFECT_WATCH:
        take_watch(replica, effect->watch.tag);
        vector_push(&replica->watches, effect->watch);
        break;
    case EFFECT_UNWATCH:
        take_watch(replica, effect->tag);
        break;
    case EFFECT_FORGET:
        for (size_t i = 0; i < replica->watches.count; i++)
            if (replica->watches.at[i].votes.height_last < effect->height)
                replica->watches.at[i--] = replica->watches.at[--replica->watches.count];
        break;
    case EFFECT_TIMER_SET:
        take_timer(replica, effect->tag);
        vector_push(&replica->timers, (struct set_timer){effect->tag, effect->at_ns});
        break;
    case EFFECT_TIMER_CANCEL:
        take_timer(replica, effect->tag);
        break;
    default:
        break;
    }
}

static void deliver(struct statement *statement, const struct event *event)
{
    struct replica *replica = statement->replica;
    if (statement->failure)
        return;
    if (event->kind != EVENT_START && !(replica->protocol->wakes & WAKE(event->kind))) {
        fail(statement, "the protocol is not woken by this");
        return;
    }
    replica->view = (struct view){.calls = &calls,
                                  .context = replica,
                                  .parameters = replica->parameters,
                                  .tree = &replica->tree,
                                  .validators = replica->hosted.at,
                                  .validator_count = (uint32_t)replica->hosted.count,
                                  .now_ns = replica->now_ns};
    replica->protocol->step(replica->state, &replica->view, event, &replica->effects);
    for (size_t i = 0; i < replica->effects.list.count; i++)
        carry_out(replica, &replica->effects.list.at[i]);
}

/* Statements that are events. */

static void happen_plain(struct statement *statement, enum event_kind kind)
{
    deliver(statement, &(struct event){.kind = kind, .block = BLOCK_NONE});
}

static void happen_epoch(struct statement *statement)
{
    uint64_t epoch = g_ascii_strtoull(statement->words[1], NULL, 10);
    deliver(statement, &(struct event){.kind = EVENT_EPOCH, .number = epoch, .block = BLOCK_NONE});
}

static void happen_arrive(struct statement *statement)
{
    block_id block = subject_block(statement);
    if (statement->failure)
        return;
    statement->replica->blocks.at[block].arrived = true;
    if (statement->replica->protocol->wakes & WAKE(EVENT_BLOCK))
        deliver(statement, &(struct event){.kind = EVENT_BLOCK, .block = block});
}

static struct message compose(struct statement *statement, enum message_kind kind, block_id block)
{
    return (struct message){.kind = (uint8_t)kind,
                            .height = (uint64_t)number(statement, "height", 1),
                            .round = (uint32_t)number(statement, "round", 0),
                            .sender = (validator_id)number(statement, "from", 0),
                            .origin = (replica_id)number(statement, "from", 0),
                            .subject = ID_NONE,
                            .block = block};
}

static void happen_message(struct statement *statement, enum event_kind event_kind, struct message message)
{
    struct event event = {.kind = event_kind,
                          .validator = message.sender,
                          .number = message.height,
                          .round = message.round,
                          .block = message.block,
                          .message = &message};
    deliver(statement, &event);
}

static void happen_proposal(struct statement *statement)
{
    struct message message = compose(statement, MESSAGE_PROPOSAL, subject_block(statement));
    message.payload = (uint64_t)(number(statement, "valid-round", -1) + 1);
    happen_message(statement, EVENT_PROPOSAL, message);
}

static void happen_response(struct statement *statement)
{
    block_id block = find_block(statement, argument(statement, "block"));
    if (!statement->failure && block != BLOCK_NONE)
        statement->replica->blocks.at[block].arrived = true;
    happen_message(statement, EVENT_RESPONSE, compose(statement, MESSAGE_RESPONSE, block));
}

static void happen_equivocation(struct statement *statement)
{
    struct message message = compose(statement, MESSAGE_VOTE, BLOCK_NONE);
    const char *kind = statement->words[1];
    if (g_str_equal(kind, "proposal"))
        message.kind = MESSAGE_PROPOSAL;
    else
        message.type = vote_kind(statement, kind);
    happen_message(statement, EVENT_EQUIVOCATION, message);
}

static bool within(uint64_t value, uint64_t first, uint64_t last)
{
    return value >= first && value <= last;
}

/* Whether votes that this watch counts could have met it so. */
static bool could_be_met(const struct replica *replica, const struct watch *watch, const struct event *event)
{
    const struct vote_query *votes = &watch->votes;
    if (!within(event->number, votes->height_first, votes->height_last) ||
        !within(event->round, votes->round_first, votes->round_last))
        return false;
    if (votes->join_block && (event->block == BLOCK_NONE || !replica->blocks.at[event->block].arrived))
        return false;
    switch (votes->value) {
    case WATCH_BLOCK:
        return event->block == votes->block;
    case WATCH_SOME_BLOCK:
        return event->block != BLOCK_NONE;
    default:
        return event->block == BLOCK_NONE;
    }
}

static void happen_watch(struct statement *statement)
{
    struct replica *replica = statement->replica;
    for (size_t i = 0; i < replica->watches.count; i++) {
        struct watch watch = replica->watches.at[i];
        char *name = describe_watch(replica, watch.tag);
        bool meant = g_str_equal(name, statement->words[1]);
        g_free(name);
        if (!meant)
            continue;
        struct event event = {.kind = EVENT_WATCH,
                              .tag = watch.tag,
                              .number = (uint64_t)number(statement, "height", (int64_t)watch.votes.height_first),
                              .round = (uint32_t)number(statement, "round", watch.votes.round_first),
                              .block = find_block(statement, argument(statement, "block"))};
        if (!could_be_met(replica, &watch, &event))
            fail(statement, "the watch %s cannot be met so", statement->words[1]);
        take_watch(replica, watch.tag);
        deliver(statement, &event);
        return;
    }
    fail(statement, "the watch %s was never set, or has fired", statement->words[1]);
}

static void happen_timer(struct statement *statement)
{
    struct replica *replica = statement->replica;
    for (size_t i = 0; i < replica->timers.count; i++) {
        struct set_timer timer = replica->timers.at[i];
        char *name = describe_timer(replica, timer.tag);
        bool meant = g_str_equal(name, statement->words[1]);
        g_free(name);
        if (!meant)
            continue;
        replica->now_ns = time_max(replica->now_ns, timer.at_ns);
        take_timer(replica, timer.tag);
        deliver(statement, &(struct event){.kind = EVENT_TIMER, .tag = timer.tag, .block = BLOCK_NONE});
        return;
    }
    fail(statement, "the timer %s was never set, or has fired", statement->words[1]);
}

static void happen_start(struct statement *statement)
{
    happen_plain(statement, EVENT_START);
}

static void happen_recovered(struct statement *statement)
{
    happen_plain(statement, EVENT_RECOVERED);
}

static void happen_request(struct statement *statement)
{
    happen_message(statement, EVENT_REQUEST, compose(statement, MESSAGE_REQUEST, BLOCK_NONE));
}

static const struct {
    const char *word;
    void (*run)(struct statement *statement);
    unsigned least; /* words after the first */
} statements[] = {
    {"arrive", happen_arrive, 1},
    {"at", say_at, 1},
    {"block", say_block, 2},
    {"epoch", happen_epoch, 1},
    {"equivocation", happen_equivocation, 1},
    {"hosts", say_hosts, 0},
    {"leader", say_leader, 1},
    {"proposal", happen_proposal, 1},
    {"protocol", say_protocol, 1},
    {"recovered", happen_recovered, 0},
    {"request", happen_request, 1},
    {"response", happen_response, 1},
    {"set", say_set, 2},
    {"stakes", say_stakes, 1},
    {"start", happen_start, 0},
    {"timer", happen_timer, 1},
    {"vote", say_vote, 1},
    {"watch", happen_watch, 1},
    {"win", say_win, 1},
};

static void run_statement(struct statement *statement)
{
    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
        if (g_str_equal(statements[i].word, statement->words[0])) {
            if (g_strv_length(statement->words) - 1 < statements[i].least)
                fail(statement, "%s needs more", statement->words[0]);
            else if (!statement->replica->protocol && !g_str_equal(statements[i].word, "protocol"))
                fail(statement, "the protocol must be named first");
            else
                statements[i].run(statement);
            return;
        }
    fail(statement, "unknown statement %s", statement->words[0]);
}

static void replica_free(struct replica *replica)
{
    if (replica->protocol) {
        if (replica->protocol->release)
            replica->protocol->release(replica->state);
        block_tree_release(&replica->tree);
    }
    for (size_t i = 0; i < replica->blocks.count; i++)
        g_free(replica->blocks.at[i].name);
    g_free(replica->state);
    g_free(replica->parameters);
    vector_release(&replica->blocks);
    vector_release(&replica->members);
    vector_release(&replica->hosted);
    vector_release(&replica->watches);
    vector_release(&replica->timers);
    vector_release(&replica->votes);
    vector_release(&replica->leaders);
    vector_release(&replica->wins);
    vector_release(&replica->effects.list);
    g_free(replica);
}

/* One line of the transcript and what follows from it; what is wrong with it, or NULL. */
static char *run_line(struct replica *replica, const char *line, GString *output)
{
    g_string_append_printf(output, "%s\n", line);
    char *plain = g_strstrip(g_strndup(line, strcspn(line, "#")));
    struct statement statement = {.replica = replica, .words = g_strsplit_set(plain, " ", -1)};
    if (*plain) {
        vector_clear(&replica->effects.list);
        run_statement(&statement);
        for (size_t i = 0; i < replica->effects.list.count; i++) {
            g_string_append(output, "    ");
            describe_effect(replica, &replica->effects.list.at[i], output);
            g_string_append_c(output, '\n');
        }
    }
    g_strfreev(statement.words);
    g_free(plain);
    return statement.failure;
}

char *transcript_run(const char *text, char **failure)
{
    struct replica *replica = g_new0(struct replica, 1);
    GString *output = g_string_new(NULL);
    char **lines = g_strsplit(text, "\n", -1);
    *failure = NULL;
    for (guint i = 0; lines[i] && !*failure; i++) {
        bool effect = g_str_has_prefix(lines[i], "    "), last = !lines[i + 1] && !*lines[i];
        if (effect || last)
            continue;
        char *wrong = run_line(replica, lines[i], output);
        if (wrong)
            *failure = g_strdup_printf("line %u: %s", i + 1, wrong);
        g_free(wrong);
    }
    g_strfreev(lines);
    replica_free(replica);
    return g_string_free(output, FALSE);
}
