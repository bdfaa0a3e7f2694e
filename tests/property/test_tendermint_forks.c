/* SPDX-License-Identifier: MIT */
/*
 * When Tendermint forks. With quorum Q of the total W two quorums share at least 2Q - W of the stake. Validators that
 * vote on both sides of a partition fork the chain if they hold that much and each side of honest ones makes a quorum
 * with them, and never otherwise. The evidence then names at least 2Q - W and nobody honest; once the partition heals
 * it is submitted, and the offenders are slashed and jailed by the chain's rule.
 */
#include "base/stake_operation.h"
#include "worlds.h"

enum { STREAM_FORKS = 3 };

/* Who stands where: 0 votes on both sides, 1 and 2 are honest. */
struct cast {
    uint32_t count;
    stake_amount stake[512];
    uint8_t side[512];
    stake_amount total, on[3];
};

static void cast_add(struct cast *cast, stake_amount stake, uint8_t side)
{
    cast->stake[cast->count] = stake;
    cast->side[cast->count++] = side;
    cast->total += stake;
    cast->on[side] += stake;
}

static stake_amount quorum(const struct cast *cast)
{
    return stake_above(cast->total, (struct ratio){2, 3});
}

static bool must_fork(const struct cast *cast)
{
    return cast->on[0] + cast->on[1] >= quorum(cast) && cast->on[0] + cast->on[2] >= quorum(cast);
}

static void list_side(GString *text, const struct cast *cast, uint8_t side)
{
    const char *separator = "";
    for (uint32_t v = 0; v < cast->count; v++) {
        if (cast->side[v] != side)
            continue;
        g_string_append_printf(text, "%s%u", separator, v);
        separator = ", ";
    }
}

static struct scenario *cast_scenario(const struct cast *cast, uint64_t number)
{
    GString *text = g_string_new(
        "posim: 1\nprotocol: {kind: tendermint, timeout_propose: 200 ms, timeout_prevote: 100 ms, timeout_precommit: "
        "100 ms, timeout_propose_delta: 50 ms, timeout_prevote_delta: 50 ms, timeout_precommit_delta: 50 ms, "
        "timeout_commit: 100 ms, help_after: 500 ms}\nnetwork: {latency: {model: constant, delay: 20 ms}}\n"
        "time: {duration: 60 s}\nvalidators: {stake: {values: [");
    for (uint32_t v = 0; v < cast->count; v++)
        g_string_append_printf(text, "%s%" G_GUINT64_FORMAT, v ? ", " : "", cast->stake[v]);
    g_string_append(text, "]}}\nadversary: {kind: double_voting, validators: [");
    list_side(text, cast, 0);
    g_string_append(text, "]}\nfaults: [{kind: partition, at: 0 s, for: 30 s, validators: [");
    list_side(text, cast, 2);
    g_string_append_printf(text, "]}]\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n", number);
    struct scenario *scenario = worlds_load(text->str);
    g_string_free(text, TRUE);
    return scenario;
}

/* Who was accused and punished. */
struct court {
    struct trace_sink sink;
    const struct cast *cast;
    bool accused[512], punished[512];
};

static void court_row(struct trace_sink *sink, enum trace_kind kind, const void *row)
{
    struct court *court = (struct court *)sink;
    if (kind == TRACE_EVIDENCE) {
        const struct trace_evidence *evidence = row;
        g_assert_cmpuint(court->cast->side[evidence->offender], ==, 0);
        court->accused[evidence->offender] = true;
    } else if (kind == TRACE_STAKE) {
        const struct trace_stake *change = row;
        g_assert_cmpuint(change->kind, ==, STAKE_EVIDENCE);
        g_assert_cmpuint(change->before, ==, court->cast->stake[change->validator]);
        g_assert_cmpuint(change->before - change->after, ==, stake_share(change->before, (struct ratio){5, 100}));
        g_assert_true(change->applied && change->jailed);
        court->punished[change->validator] = true;
    }
}

static stake_amount stake_of(const struct cast *cast, const bool *marked)
{
    stake_amount sum = 0;
    for (uint32_t v = 0; v < cast->count; v++)
        sum += marked[v] ? cast->stake[v] : 0;
    return sum;
}

/* Forks after which somebody was accused, and after which at least 2Q - W was punished. */
static uint64_t brought_to_court, brought_to_justice;

/* Runs it; whether it forked. What must hold either way is asserted. */
static bool run_cast(const struct cast *cast, uint64_t number)
{
    struct scenario *scenario = cast_scenario(cast, number);
    struct court court = {.sink.row = court_row, .cast = cast};
    struct world_result result;
    worlds_run(scenario, 0, &court.sink, &result);
    scenario_free(scenario);
    bool forked = result.verdicts[VERDICT_SAFETY].status == VERDICT_FAIL;
    g_assert_cmpint(forked, ==, must_fork(cast));
    g_assert_true(worlds_holds(&result, VERDICT_ACCOUNTABILITY, number));
    g_assert_true(worlds_holds(&result, VERDICT_CONSERVATION, number));
    g_assert_cmpuint(result.honest_convicted, ==, 0);
    if (forked) {
        stake_amount least = 2 * quorum(cast) - cast->total;
        g_assert_cmpuint(cast->on[0], >=, least);
        g_assert_cmpuint(result.evidence_stake, >=, least);
        brought_to_court += stake_of(cast, court.accused) > 0;
        brought_to_justice += stake_of(cast, court.punished) >= least;
    }
    return forked;
}

/* W equal validators of which `faulty` vote twice, the honest ones in two halves as equal as can be. */
static bool run_equal(uint32_t total, uint32_t faulty)
{
    struct cast cast = {0};
    for (uint32_t v = 0; v < total; v++) /* faulty ones spread among the others */
        cast_add(&cast, 1000, (v + 1) * faulty / total > v * faulty / total ? 0 : v % 2 ? 1 : 2);
    uint32_t on[3] = {0};
    for (uint32_t v = 0; v < total; v++) { /* deal the honest ones anew, turn by turn */
        if (cast.side[v])
            cast.side[v] = (uint8_t)(1 + (on[1] + on[2]) % 2);
        on[cast.side[v]]++;
    }
    for (int side = 0; side < 3; side++)
        cast.on[side] = 1000 * (stake_amount)on[side];
    g_assert_cmpuint(on[0], ==, faulty);
    return run_cast(&cast, total);
}

/* Exactly at 2Q - W, and one below. */
static void test_boundary(void)
{
    static const uint32_t totals[] = {4, 5, 6, 7, 8, 9, 10, 13, 21, 30, 31, 32};
    for (size_t t = 0; t < G_N_ELEMENTS(totals); t++) {
        uint32_t needed = 2 * (totals[t] * 2 / 3 + 1) - totals[t];
        g_assert_true(run_equal(totals[t], needed));
        g_assert_false(run_equal(totals[t], needed - 1));
    }
}

/* Ground truth: W = 300, Q = 201: 102 fork, 101 and 100 do not. */
static void test_three_hundred(void)
{
    g_assert_true(run_equal(300, 102));
    if (!worlds_full())
        return;
    g_assert_false(run_equal(300, 101));
    g_assert_false(run_equal(300, 100));
}

/* Random stakes on random sides: it forks exactly where both sides make a quorum. */
static void test_random_weights(void)
{
    uint64_t count = worlds_full() ? 1000 : 100, forks = 0;
    for (uint64_t number = 1; number <= count; number++) {
        struct random_stream stream = worlds_stream(STREAM_FORKS, number);
        struct cast cast = {0};
        uint64_t faulty = worlds_between(&stream, 25, 60);
        for (uint64_t v = worlds_between(&stream, 6, 24); v > 0; v--)
            cast_add(&cast, worlds_between(&stream, 1, 1000),
                     (uint8_t)(random_below(&stream, 100) < faulty ? 0 : 1 + random_below(&stream, 2)));
        if (cast.on[0] && cast.on[1] && cast.on[2])
            forks += run_cast(&cast, number);
    }
    g_test_message("%" G_GUINT64_FORMAT " worlds of random stakes: %" G_GUINT64_FORMAT
                   " fork, each where both sides had a quorum; after %" G_GUINT64_FORMAT
                   " of all forks so far somebody was accused, after %" G_GUINT64_FORMAT
                   " at least 2Q - W was punished",
                   count, forks, brought_to_court, brought_to_justice);
    g_assert_cmpuint(forks, >=, count / 10);
    g_assert_cmpuint(brought_to_justice, >=, forks / 3);
}

static void write_below(GString *text, uint64_t number, void *user)
{
    (void)user;
    struct random_stream stream = worlds_stream(STREAM_FORKS + 1, number);
    uint64_t first = worlds_between(&stream, 40, 60);
    g_string_append_printf(
        text,
        "protocol: {kind: tendermint, timeout_propose: 200 ms, timeout_prevote: 100 ms, timeout_precommit: 100 ms, "
        "timeout_commit: 100 ms}\nvalidators: {count: 30}\nnetwork: {latency: {model: uniform, min: 1 ms, max: "
        "%" G_GUINT64_FORMAT " ms}}\nadversary: {kind: double_voting, count: 10}\ntime: {duration: 40 s}\n"
        "check: {liveness_gap: 40 s}\nfaults: [{kind: partition, at: 0 s, for: 25 s, groups_by: %s, groups: "
        "[%" G_GUINT64_FORMAT " %%, %" G_GUINT64_FORMAT " %%]}]\nreplicate: {seed: %" G_GUINT64_FORMAT "}\n",
        worlds_between(&stream, 5, 100), random_below(&stream, 2) ? "nodes" : "stake", first, 100 - first, number);
}

static void judge_below(const struct scenario *scenario, const struct world_result *result, uint64_t number, void *user)
{
    (void)scenario, (void)user;
    for (enum verdict_id id = 0; id < VERDICTS; id++)
        if (!worlds_holds(result, id, number))
            g_test_fail();
}

/* 10 of 30, as 100 of 300: a third of the validators vote twice whatever the sides, and nothing forks. */
static void test_a_third_never_forks(void)
{
    struct worlds worlds = {.first = 1, .count = worlds_full() ? 1000 : 30, .write = write_below, .judge = judge_below};
    run_many(&worlds);
    g_test_message("%" G_GUINT64_FORMAT " worlds with 10 of 30 validators voting twice: no fork", worlds.count);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tendermint-forks/boundary", test_boundary);
    g_test_add_func("/tendermint-forks/three-hundred", test_three_hundred);
    g_test_add_func("/tendermint-forks/random-weights", test_random_weights);
    g_test_add_func("/tendermint-forks/a-third-never-forks", test_a_third_never_forks);
    return g_test_run();
}
