/* SPDX-License-Identifier: MIT */
/*
 * CometBFT's proposer selection: its own test cases (vectors/tendermint_proposer/ops.txt, whose SOURCE.txt explains the
 * operations) against the pure algorithm, and the election that keeps priorities along the chain.
 */
#include "../shared.h"
#include "base/assert.h"
#include "contract/election.h"
#include "election/proposer_priority.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

extern const struct election election_weighted_round_robin;

/* One line of the file at work: the set so far, and the names whose byte order stands for that of the addresses. */
struct machine {
    GPtrArray *names; /* sorted; a name's place is its address */
    struct priority_set *set;
    struct priority_set *before; /* the last update, to compare orders */
};

struct item {
    uint32_t address;
    int64_t number, priority;
};

static uint32_t address_of(const struct machine *machine, const char *name)
{
    for (guint i = 0; i < machine->names->len; i++)
        if (strcmp(machine->names->pdata[i], name) == 0)
            return i;
    g_error("unknown name %s", name);
}

/* "name:number" or "name:number:priority" */
static struct item parse_item(const struct machine *machine, const char *text)
{
    char **parts = g_strsplit(text, ":", 3);
    struct item item = {.address = address_of(machine, parts[0])};
    if (parts[1])
        item.number = g_ascii_strtoll(parts[1], NULL, 10);
    if (parts[1] && parts[2])
        item.priority = g_ascii_strtoll(parts[2], NULL, 10);
    g_strfreev(parts);
    return item;
}

static struct priority_change *parse_changes(const struct machine *machine, char **words, uint32_t count)
{
    struct priority_change *changes = g_new0(struct priority_change, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        struct item item = parse_item(machine, words[i]);
        changes[i] = (struct priority_change){item.address, item.number};
    }
    return changes;
}

static void replace(struct machine *machine, struct priority_set *set)
{
    priority_set_free(machine->set);
    machine->set = set;
}

static uint32_t proposer(const struct machine *machine)
{
    return machine->set->address[priority_set_proposer(machine->set)];
}

static uint32_t index_of(const struct priority_set *set, uint32_t address)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (set->address[i] == address)
            return i;
    g_error("address %u is no member", address);
}

static bool sets_equal(const struct priority_set *a, const struct priority_set *b)
{
    size_t bytes = a->count * sizeof(int64_t);
    return a->count == b->count && a->total == b->total &&
           memcmp(a->address, b->address, a->count * sizeof *a->address) == 0 &&
           memcmp(a->power, b->power, bytes) == 0 && memcmp(a->priority, b->priority, bytes) == 0;
}

static void do_build(struct machine *machine, char **words, uint32_t count, bool refused)
{
    struct priority_change *changes = parse_changes(machine, words, count);
    enum priority_error error;
    struct priority_set *built = priority_set_build(changes, count, &error);
    g_assert_true((built == NULL) == refused && (error != PRIORITY_FINE) == refused);
    if (built)
        replace(machine, built);
    g_free(changes);
}

static void do_raw(struct machine *machine, char **words, uint32_t count)
{
    struct priority_set *set = priority_set_new(count);
    for (uint32_t i = 0; i < count; i++) {
        struct item item = parse_item(machine, words[i]);
        REQUIRE(!i || item.address > set->address[i - 1]);
        set->address[i] = item.address;
        set->power[i] = item.number;
        set->priority[i] = item.priority;
        set->total += item.number;
    }
    replace(machine, set);
}

static void do_update(struct machine *machine, char **words, uint32_t count, bool refused)
{
    struct priority_change *changes = parse_changes(machine, words, count);
    struct priority_set *before = priority_set_copy(machine->set);
    enum priority_error error;
    struct priority_set *updated = priority_set_update(machine->set, changes, count, &error);
    g_assert_true((updated == NULL) == refused && (error != PRIORITY_FINE) == refused);
    g_assert_true(sets_equal(before, machine->set));
    if (updated)
        replace(machine, updated);
    priority_set_free(before);
    g_free(changes);
}

/* Heap's algorithm: every order of the changes gives the same set. */
static void permute(struct machine *machine, struct priority_change *changes, uint32_t count, uint32_t fixed)
{
    if (fixed == count) {
        enum priority_error error;
        struct priority_set *updated = priority_set_update(machine->set, changes, count, &error);
        g_assert_nonnull(updated);
        if (!machine->before)
            machine->before = priority_set_copy(updated);
        g_assert_true(sets_equal(machine->before, updated));
        priority_set_free(updated);
        return;
    }
    for (uint32_t i = fixed; i < count; i++) {
        struct priority_change swapped = changes[fixed];
        changes[fixed] = changes[i];
        changes[i] = swapped;
        permute(machine, changes, count, fixed + 1);
        changes[i] = changes[fixed];
        changes[fixed] = swapped;
    }
}

static void do_update_any_order(struct machine *machine, char **words, uint32_t count)
{
    struct priority_change *changes = parse_changes(machine, words, count);
    machine->before = NULL;
    permute(machine, changes, count, 0);
    replace(machine, machine->before);
    g_free(changes);
}

static void do_merge(struct machine *machine, char **words, uint32_t count)
{
    struct priority_change *changes = parse_changes(machine, words, count);
    replace(machine, priority_set_merge(machine->set, changes, count, 0));
    g_free(changes);
}

static void expect_sequence(struct machine *machine, char **words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        g_assert_cmpuint(proposer(machine), ==, address_of(machine, words[i]));
        priority_set_increment(machine->set, 1);
    }
}

/* How often each member proposes in the next `rounds` rounds, by address. */
static uint64_t *count_proposals(struct machine *machine, int64_t rounds)
{
    uint64_t *counts = g_new0(uint64_t, machine->names->len);
    for (int64_t i = 0; i < rounds; i++) {
        counts[proposer(machine)]++;
        priority_set_increment(machine->set, 1);
    }
    return counts;
}

static void expect_counts(struct machine *machine, char **words, uint32_t count)
{
    uint64_t *counts = count_proposals(machine, g_ascii_strtoll(words[0], NULL, 10));
    for (uint32_t i = 1; i < count; i++) {
        struct item item = parse_item(machine, words[i]);
        g_assert_cmpuint(counts[item.address], ==, (uint64_t)item.number);
    }
    g_free(counts);
}

static void expect_frequency(struct machine *machine)
{
    uint64_t *counts = count_proposals(machine, machine->set->total);
    for (uint32_t i = 0; i < machine->set->count; i++)
        g_assert_cmpint(ABS((int64_t)counts[machine->set->address[i]] - machine->set->power[i]), <=,
                        machine->set->count - 1);
    g_free(counts);
}

static void expect_cycle(struct machine *machine, int64_t period, int64_t length)
{
    uint32_t *sequence = g_new0(uint32_t, length);
    bool *seen = g_new0(bool, machine->names->len);
    int64_t distinct = 0;
    for (int64_t i = 0; i < length; i++) {
        sequence[i] = proposer(machine);
        distinct += !seen[sequence[i]];
        seen[sequence[i]] = true;
        if (i >= period)
            g_assert_cmpuint(sequence[i], ==, sequence[i - period]);
        priority_set_increment(machine->set, 1);
    }
    g_assert_cmpint(distinct, ==, period);
    g_free(sequence);
    g_free(seen);
}

static void expect_priorities(struct machine *machine, char **words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct item item = parse_item(machine, words[i]);
        g_assert_cmpint(machine->set->priority[index_of(machine->set, item.address)], ==, item.number);
    }
}

static void expect_members(struct machine *machine, char **words, uint32_t count)
{
    g_assert_cmpuint(machine->set->count, ==, count);
    for (uint32_t i = 0; i < count; i++) {
        struct item item = parse_item(machine, words[i]);
        g_assert_cmpint(machine->set->power[index_of(machine->set, item.address)], ==, item.number);
    }
}

/* CometBFT stores members by power, then address; here they are in the order of addresses: sort, then compare. */
static void expect_set(struct machine *machine, char **words, uint32_t count)
{
    expect_members(machine, words, count);
    for (uint32_t i = 1; i < count; i++) {
        struct item left = parse_item(machine, words[i - 1]), right = parse_item(machine, words[i]);
        g_assert_true(left.number > right.number || (left.number == right.number && left.address < right.address));
    }
}

static void expect_lowest(struct machine *machine, char **words, uint32_t count)
{
    int64_t lowest = machine->set->priority[index_of(machine->set, address_of(machine, words[0]))];
    for (uint32_t i = 0; i < machine->set->count; i++)
        g_assert_cmpint(machine->set->priority[i], >=, lowest);
    for (uint32_t i = 0; i < count; i++)
        g_assert_cmpint(machine->set->priority[index_of(machine->set, address_of(machine, words[i]))], ==, lowest);
}

static void expect_change_after(struct machine *machine, int64_t rounds)
{
    uint32_t before = proposer(machine);
    int64_t taken = 0;
    do {
        priority_set_increment(machine->set, 1);
        taken++;
    } while (proposer(machine) == before && taken < 1000);
    g_assert_cmpint(taken, ==, rounds);
}

static void verify(const struct machine *machine)
{
    int128 sum = 0;
    int64_t lowest = INT64_MAX, highest = INT64_MIN;
    for (uint32_t i = 0; i < machine->set->count; i++) {
        sum += machine->set->priority[i];
        lowest = MIN(lowest, machine->set->priority[i]);
        highest = MAX(highest, machine->set->priority[i]);
    }
    g_assert_true(sum < machine->set->count && -sum < machine->set->count);
    g_assert_cmpint(highest - lowest, <=, 2 * machine->set->total);
}

static void run_line(struct machine *machine, char **words, uint32_t count)
{
    const char *what = words[0];
    char **rest = words + 1;
    int64_t number = count && rest[0] ? g_ascii_strtoll(rest[0], NULL, 10) : 0;
    if (strcmp(what, "new") == 0)
        do_build(machine, rest, count, false);
    else if (strcmp(what, "new_err") == 0)
        do_build(machine, rest, count, true);
    else if (strcmp(what, "raw") == 0)
        do_raw(machine, rest, count);
    else if (strcmp(what, "empty") == 0)
        replace(machine, priority_set_new(0));
    else if (strcmp(what, "incr") == 0)
        priority_set_increment(machine->set, (uint32_t)number);
    else if (strcmp(what, "incr_each") == 0)
        for (int64_t i = 0; i < number; i++)
            priority_set_increment(machine->set, 1);
    else if (strcmp(what, "update") == 0)
        do_update(machine, rest, count, false);
    else if (strcmp(what, "update_err") == 0)
        do_update(machine, rest, count, true);
    else if (strcmp(what, "update_any_order") == 0)
        do_update_any_order(machine, rest, count);
    else if (strcmp(what, "merge") == 0)
        do_merge(machine, rest, count);
    else if (strcmp(what, "expect_sequence") == 0)
        expect_sequence(machine, rest, count);
    else if (strcmp(what, "expect_counts") == 0)
        expect_counts(machine, rest, count);
    else if (strcmp(what, "expect_cycle") == 0)
        expect_cycle(machine, number, g_ascii_strtoll(rest[1], NULL, 10));
    else if (strcmp(what, "expect_avg") == 0)
        g_assert_cmpint(priority_set_average(machine->set), ==, number);
    else if (strcmp(what, "expect_prio") == 0)
        expect_priorities(machine, rest, count);
    else if (strcmp(what, "expect_proposer") == 0)
        g_assert_cmpuint(proposer(machine), ==, address_of(machine, rest[0]));
    else if (strcmp(what, "expect_set") == 0)
        expect_set(machine, rest, count);
    else if (strcmp(what, "expect_members") == 0)
        expect_members(machine, rest, count);
    else if (strcmp(what, "expect_len") == 0)
        g_assert_cmpint(machine->set->count, ==, number);
    else if (strcmp(what, "expect_lowest_equal_prio") == 0)
        expect_lowest(machine, rest, count);
    else if (strcmp(what, "expect_proposer_change_after") == 0)
        expect_change_after(machine, number);
    else if (strcmp(what, "expect_freq_within_n_minus_1") == 0)
        expect_frequency(machine);
    else if (strcmp(what, "verify") == 0)
        verify(machine);
    else
        g_error("unknown operation %s", what);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every name that the file mentions, in byte order, once. */
static GPtrArray *collect_names(char **lines)
{
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, "case "))
            continue;
        char **words = g_strsplit_set(*line, " :", -1);
        for (char **word = words; *word; word++)
            if (g_ascii_isalpha(**word))
                g_hash_table_add(seen, g_strdup(*word));
        g_strfreev(words);
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    void *name;
    g_hash_table_iter_init(&iter, seen);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_ptr_array_add(names, g_strdup(name));
    qsort(names->pdata, names->len, sizeof *names->pdata, compare_names);
    g_hash_table_unref(seen);
    return names;
}

/* All of CometBFT's published cases, in the file's order. */
static void test_published_cases(void)
{
    char *path = shared_path("vectors/tendermint_proposer/ops.txt");
    if (!path)
        return;
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    struct machine machine = {.names = collect_names(lines)};
    int cases = 0, operations = 0;
    for (char **line = lines; *line; line++) {
        char **words = g_strsplit(g_strstrip(*line), " ", -1);
        if (words[0] && strcmp(words[0], "case") == 0) {
            g_test_message("%s", words[1]);
            replace(&machine, NULL);
            cases++;
        } else if (words[0] && *words[0]) {
            run_line(&machine, words, g_strv_length(words) - 1);
            operations++;
        }
        g_strfreev(words);
    }
    g_test_message("%d cases, %d operations", cases, operations);
    g_assert_cmpint(cases, >, 90);
    replace(&machine, NULL);
    g_ptr_array_unref(machine.names);
    g_strfreev(lines);
    g_free(text);
    g_free(path);
}

/* The election over a short chain: who leads round 0 of each height is the set's own sequence. */
static void test_along_a_chain(void)
{
    struct electorate_member members[] = {{0, 1000}, {1, 300}, {2, 330}};
    struct electorate electorate = {.id = 0, .count = 3, .total = 1630, .members = members};
    struct election_context context = {0};
    struct block blocks[51] = {0};
    struct priority_change changes[] = {{0, 1000}, {1, 300}, {2, 330}};
    enum priority_error error;
    struct priority_set *set = priority_set_build(changes, 3, &error);
    void *state = election_weighted_round_robin.genesis(&context, &electorate);
    for (uint64_t height = 1; height <= 50; height++) {
        blocks[height].height = height;
        struct election_place place = {.state = state, .electorate = &electorate, .parent = &blocks[height - 1]};
        struct priority_set *ahead = priority_set_copy(set);
        for (uint32_t round = 0; round < 5; round++) {
            g_assert_cmpuint(election_weighted_round_robin.leader(&context, &place, 0, round), ==,
                             ahead->address[ahead->proposer]);
            priority_set_increment(ahead, 1);
        }
        /* Asked out of order, the same answers. */
        g_assert_cmpuint(election_weighted_round_robin.leader(&context, &place, 0, 0), ==, set->address[set->proposer]);
        void *next = election_weighted_round_robin.advance(&context, &place, &blocks[height], &electorate);
        g_assert_nonnull(next);
        election_weighted_round_robin.state_free(state);
        state = next;
        priority_set_increment(set, 1);
        priority_set_free(ahead);
    }
    election_weighted_round_robin.state_free(state);
    priority_set_free(set);
}

/* Validator 0 is jailed on one branch and stays on the other; a newcomer enters at -1.125 times the total power. */
static void test_branches_elect_differently(void)
{
    struct electorate_member before[] = {{0, 100}, {1, 100}}, jailed[] = {{1, 100}},
                             joined[] = {{0, 100}, {1, 100}, {5, 40}};
    struct electorate all = {.id = 0, .count = 2, .total = 200, .members = before};
    struct electorate one = {.id = 1, .count = 1, .total = 100, .members = jailed};
    struct electorate three = {.id = 2, .count = 3, .total = 240, .members = joined};
    struct election_context context = {0};
    struct block genesis = {0}, child = {.height = 1};
    void *state = election_weighted_round_robin.genesis(&context, &all);
    struct election_place place = {.state = state, .electorate = &all, .parent = &genesis};
    void *left = election_weighted_round_robin.advance(&context, &place, &child, &one);
    void *right = election_weighted_round_robin.advance(&context, &place, &child, &three);

    struct election_place at_left = {.state = left, .electorate = &one, .parent = &child};
    for (uint32_t round = 0; round < 4; round++)
        g_assert_cmpuint(election_weighted_round_robin.leader(&context, &at_left, 0, round), ==, 1);

    enum priority_error error;
    struct priority_set *set = priority_set_build((struct priority_change[]){{0, 100}, {1, 100}}, 2, &error);
    struct priority_set *updated = priority_set_update(set, &(struct priority_change){5, 40}, 1, &error);
    priority_set_increment(updated, 1);
    struct election_place at_right = {.state = right, .electorate = &three, .parent = &child};
    void *copy = election_weighted_round_robin.state_clone(right);
    struct election_place at_copy = at_right;
    at_copy.state = copy;
    for (uint32_t round = 0; round < 30; round++) {
        validator_id expected = updated->address[updated->proposer];
        g_assert_cmpuint(election_weighted_round_robin.leader(&context, &at_right, 0, round), ==, expected);
        g_assert_cmpuint(election_weighted_round_robin.leader(&context, &at_copy, 0, round), ==, expected);
        priority_set_increment(updated, 1);
    }
    priority_set_free(set);
    priority_set_free(updated);
    void *states[] = {state, left, right, copy};
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
        election_weighted_round_robin.state_free(states[i]);
}

/* Stakes beyond CometBFT's largest total are halved until they fit; shares stay what they were. */
static void test_large_stakes(void)
{
    struct electorate_member members[] = {{0, UINT64_MAX / 4 * 3}, {1, UINT64_MAX / 4}, {2, 1}};
    struct electorate electorate = {.count = 3, .total = members[0].stake + members[1].stake + 1, .members = members};
    struct election_context context = {0};
    struct block genesis = {0};
    void *state = election_weighted_round_robin.genesis(&context, &electorate);
    struct election_place place = {.state = state, .electorate = &electorate, .parent = &genesis};
    int leads[3] = {0};
    for (uint32_t round = 0; round < 400; round++)
        leads[election_weighted_round_robin.leader(&context, &place, 0, round)]++;
    g_assert_cmpint(leads[0], ==, 300);
    g_assert_cmpint(leads[1], ==, 100);
    election_weighted_round_robin.state_free(state);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/weighted-round-robin/published-cases", test_published_cases);
    g_test_add_func("/weighted-round-robin/along-a-chain", test_along_a_chain);
    g_test_add_func("/weighted-round-robin/branches-elect-differently", test_branches_elect_differently);
    g_test_add_func("/weighted-round-robin/large-stakes", test_large_stakes);
    return g_test_run();
}
