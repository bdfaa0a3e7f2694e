/* SPDX-License-Identifier: MIT */
/*
 * GHOST as GRANDPA and Ethereum use it, on published cases of others' implementations: one replica holds the votes and
 * asks for weights below blocks and for the heaviest path.
 */
#include "delivery_fixture.h"

#include "../shared.h"

#include <stdlib.h>

enum { PREVOTE, PRECOMMIT, ATTESTATION };

/* The lines of a file, or NULL where it is not here. */
static char **read_lines(const char *relative)
{
    char *path = shared_path(relative);
    if (!path)
        return NULL;
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    g_free(text);
    g_free(path);
    return lines;
}

/* What is sent to oneself arrives in the next microstep. */
static void land(struct fixture *fixture)
{
    fixture_run(fixture, fixture->clock.now.ns);
}

/* ---- GRANDPA: lines of parity's finality-grandpa ---- */

struct grandpa {
    enum delivery_backend backend;
    struct fixture *fixture;
    GHashTable *blocks; /* name: id + 1 */
    GHashTable *voters; /* name: number + 1 */
    stake_amount weights[1024], total;
    uint64_t height; /* votes of one graph, round or commit */
    block_id base, target;
    validator_id next_voter;
    unsigned equivocations; /* by the last votes */
    unsigned checked, left_out;
};

static block_id block_of(const struct grandpa *grandpa, const char *name)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(grandpa->blocks, name));
    return number ? number - 1 : BLOCK_NONE;
}

static void grandpa_end(struct grandpa *grandpa)
{
    if (!grandpa->fixture)
        return;
    fixture_free(grandpa->fixture);
    g_hash_table_unref(grandpa->blocks);
    g_hash_table_unref(grandpa->voters);
}

static void grandpa_begin(struct grandpa *grandpa, char **words)
{
    (void)words;
    grandpa_end(grandpa);
    grandpa->fixture = fixture_new(grandpa->backend, 1, NULL);
    grandpa->blocks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    grandpa->voters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert(grandpa->blocks, g_strdup("genesis"), GUINT_TO_POINTER(1));
    grandpa->total = 0;
    grandpa->height = 1;
    grandpa->next_voter = 0;
}

static void chain(struct grandpa *grandpa, char **words)
{
    block_id block = block_of(grandpa, words[1]);
    for (char **word = words + 2; *word; word++) {
        block = fixture_block(grandpa->fixture, block);
        g_hash_table_insert(grandpa->blocks, g_strdup(*word), GUINT_TO_POINTER(block + 1));
        fixture_propose(grandpa->fixture, 0, 1, block, block);
    }
    land(grandpa->fixture);
}

static void base(struct grandpa *grandpa, char **words)
{
    grandpa->base = block_of(grandpa, words[g_strv_length(words) - 1]);
}

static void cast(struct grandpa *grandpa, validator_id voter, stake_amount weight, uint16_t type, block_id block)
{
    unsigned before = fixture_count(grandpa->fixture, FIXTURE_EQUIVOCATION, 0, NULL);
    fixture_vote(grandpa->fixture, voter, weight, type, grandpa->height, 0, block);
    land(grandpa->fixture);
    grandpa->equivocations = fixture_count(grandpa->fixture, FIXTURE_EQUIVOCATION, 0, NULL) - before;
}

/* A weight at a block, by a voter of its own. */
static void insert(struct grandpa *grandpa, char **words)
{
    cast(grandpa, grandpa->next_voter++, strtoull(words[2], NULL, 10), PREVOTE, block_of(grandpa, words[1]));
}

static void voters(struct grandpa *grandpa, char **words)
{
    for (unsigned i = 0; words[i + 1]; i++) {
        char **pair = g_strsplit(words[i + 1], ":", 2);
        g_hash_table_insert(grandpa->voters, g_strdup(pair[0]), GUINT_TO_POINTER(i + 1));
        grandpa->weights[i] = strtoull(pair[1], NULL, 10);
        grandpa->total += grandpa->weights[i];
        g_strfreev(pair);
    }
}

static void voters_range(struct grandpa *grandpa, char **words)
{
    unsigned first = (unsigned)atoi(words[1]), last = (unsigned)atoi(words[2]);
    memset(grandpa->weights, 0, sizeof grandpa->weights);
    for (unsigned i = first; i <= last; i++) {
        grandpa->weights[i] = strtoull(words[3], NULL, 10);
        grandpa->total += grandpa->weights[i];
    }
    grandpa->base = BLOCK_GENESIS;
}

static void vote(struct grandpa *grandpa, char **words)
{
    guint voter = GPOINTER_TO_UINT(g_hash_table_lookup(grandpa->voters, words[1])) - 1;
    cast(grandpa, voter, grandpa->weights[voter], strcmp(words[0], "prevote") == 0 ? PREVOTE : PRECOMMIT,
         block_of(grandpa, words[2]));
}

/* `B:LO-HI`: those voters precommit to B; who is not in the set has no weight. */
static void commit(struct grandpa *grandpa, char **words)
{
    grandpa->height++;
    grandpa->target = block_of(grandpa, words[1]);
    unsigned equivocations = 0;
    for (char **word = words + 2; *word; word++) {
        char **pair = g_strsplit_set(*word, ":-", 3);
        unsigned first = (unsigned)atoi(pair[1]), last = pair[2] ? (unsigned)atoi(pair[2]) : first;
        for (unsigned voter = first; voter <= last; voter++) {
            cast(grandpa, voter, grandpa->weights[voter], PRECOMMIT, block_of(grandpa, pair[0]));
            equivocations += grandpa->equivocations;
        }
        g_strfreev(pair);
    }
    grandpa->equivocations = equivocations;
}

static stake_amount weight_below(const struct grandpa *grandpa, uint16_t type, block_id block)
{
    struct vote_query query = votes_of(type, grandpa->height, 0);
    query.value = WATCH_SUBTREE;
    query.block = block;
    query.duplicates = DUPLICATES_EVERYWHERE;
    return delivery_weight(grandpa->fixture->delivery, 0, &query);
}

/* The smallest supermajority of the set: total - floor((total - 1) / 3). */
static stake_amount supermajority(const struct grandpa *grandpa)
{
    return grandpa->total - (grandpa->total - 1) / 3;
}

/* The deepest block from `root` on with that weight; BLOCK_NONE where root has less. */
static block_id ghost(const struct grandpa *grandpa, uint16_t type, block_id root, stake_amount threshold)
{
    struct vote_query query = votes_of(type, grandpa->height, 0);
    query.duplicates = DUPLICATES_EVERYWHERE;
    if (weight_below(grandpa, type, root) < threshold)
        return BLOCK_NONE;
    return delivery_heaviest_subtree(grandpa->fixture->delivery, 0, &query, root, threshold);
}

static void expect_cumulative(struct grandpa *grandpa, char **words)
{
    g_assert_cmpuint(weight_below(grandpa, PREVOTE, block_of(grandpa, words[1])), ==, strtoull(words[2], NULL, 10));
}

static void expect_ghost(struct grandpa *grandpa, char **words)
{
    block_id root = strcmp(words[1], "none") == 0 ? grandpa->base : block_of(grandpa, words[1]);
    g_assert_cmpuint(ghost(grandpa, PREVOTE, root, strtoull(words[2], NULL, 10)), ==, block_of(grandpa, words[3]));
}

static void expect_ancestor(struct grandpa *grandpa, char **words)
{
    block_id at = block_of(grandpa, words[1]);
    while (weight_below(grandpa, PREVOTE, at) < strtoull(words[2], NULL, 10))
        at = block_tree_get(&grandpa->fixture->tree, at)->parent;
    g_assert_cmpuint(at, ==, block_of(grandpa, words[3]));
}

static void expect_prevote_ghost(struct grandpa *grandpa, char **words)
{
    g_assert_cmpuint(ghost(grandpa, PREVOTE, grandpa->base, supermajority(grandpa)), ==, block_of(grandpa, words[1]));
}

/* Final is what has a supermajority of precommits and lies below the prevotes' ghost or is it. */
static void expect_finalized(struct grandpa *grandpa, char **words)
{
    block_id prevoted = ghost(grandpa, PREVOTE, grandpa->base, supermajority(grandpa));
    block_id precommitted = ghost(grandpa, PRECOMMIT, grandpa->base, supermajority(grandpa));
    block_id final = prevoted == BLOCK_NONE || precommitted == BLOCK_NONE
                         ? BLOCK_NONE
                         : block_tree_common(&grandpa->fixture->tree, prevoted, precommitted);
    g_assert_cmpuint(final, ==, block_of(grandpa, words[1]));
}

static void expect_equivocations(struct grandpa *grandpa, char **words)
{
    g_assert_cmpuint(grandpa->equivocations, ==, (unsigned)atoi(words[1]));
}

static void expect_commit_valid(struct grandpa *grandpa, char **words)
{
    bool valid =
        grandpa->target != BLOCK_NONE && weight_below(grandpa, PRECOMMIT, grandpa->target) >= supermajority(grandpa);
    g_assert_cmpint(valid, ==, atoi(words[1]));
}

static const struct operation {
    const char *name;
    void (*act)(struct grandpa *grandpa, char **words);
} operations[] = {
    {"adjust_base", base},
    {"case", grandpa_begin},
    {"chain", chain},
    {"commit", commit},
    {"expect_ancestor", expect_ancestor},
    {"expect_commit_equivocations", expect_equivocations},
    {"expect_commit_valid", expect_commit_valid},
    {"expect_cumulative", expect_cumulative},
    {"expect_finalized", expect_finalized},
    {"expect_ghost", expect_ghost},
    {"expect_new_equivocation", expect_equivocations},
    {"expect_prevote_ghost", expect_prevote_ghost},
    {"graph", base},
    {"insert", insert},
    {"precommit", vote},
    {"prevote", vote},
    {"round", base},
    {"voters", voters},
    {"voters_range", voters_range},
};

static void grandpa_line(struct grandpa *grandpa, const char *line)
{
    char **words = g_strsplit(line, " ", -1);
    bool expects = g_str_has_prefix(line, "expect");
    size_t i = 0;
    while (i < G_N_ELEMENTS(operations) && strcmp(operations[i].name, words[0]) != 0)
        i++;
    if (i < G_N_ELEMENTS(operations))
        operations[i].act(grandpa, words);
    grandpa->checked += expects && i < G_N_ELEMENTS(operations);
    grandpa->left_out += i == G_N_ELEMENTS(operations);
    g_strfreev(words);
}

/*
 * finality-grandpa's vote graph, rounds and commits. Left out: what is not a question to votes (the shape of its
 * compact graph, estimates and completability).
 */
static void grandpa_cases(gconstpointer data)
{
    char **lines = read_lines("vectors/grandpa/ops.txt");
    if (!lines)
        return;
    struct grandpa grandpa = {.backend = (enum delivery_backend)GPOINTER_TO_UINT(data)};
    for (char **line = lines; *line; line++)
        if (**line)
            grandpa_line(&grandpa, *line);
    g_test_message("%u expectations checked, %u lines left out", grandpa.checked, grandpa.left_out);
    g_assert_cmpuint(grandpa.checked, >=, 60);
    grandpa_end(&grandpa);
    g_strfreev(lines);
}

/* ---- LMD-GHOST: lines of Lighthouse's fork choice tests ---- */

struct lmd_block {
    uint64_t root, parent;
    char *justified, *finalised;
};

struct lmd_vote {
    validator_id validator;
    uint64_t root, epoch;
};

struct lmd {
    enum delivery_backend backend;
    GArray *blocks, *votes;
    unsigned checked, left_out;
};

/* The value of `key=value` among the words. */
static const char *value_of(char **words, const char *key)
{
    size_t length = strlen(key);
    for (; *words; words++)
        if (strncmp(*words, key, length) == 0 && (*words)[length] == '=')
            return *words + length + 1;
    return NULL;
}

static uint64_t number_of(char **words, const char *key)
{
    return strtoull(value_of(words, key), NULL, 10);
}

/* `VxC`: C validators of balance V; or a comma list. */
static stake_amount balance_of(const char *balances, validator_id validator)
{
    const char *times = strchr(balances, 'x');
    if (times)
        return validator < strtoull(times + 1, NULL, 10) ? strtoull(balances, NULL, 10) : 0;
    char **list = g_strsplit(balances, ",", -1);
    stake_amount balance = validator < g_strv_length(list) ? strtoull(list[validator], NULL, 10) : 0;
    g_strfreev(list);
    return balance;
}

static uint64_t checkpoint_root(const char *checkpoint)
{
    return strtoull(strchr(checkpoint, ':') + 1, NULL, 10);
}

static block_id with_root(const struct block_tree *tree, uint64_t root)
{
    for (block_id block = 0; block < tree->blocks.count; block++)
        if (block_tree_get(tree, block)->hash == root)
            return block;
    return BLOCK_NONE;
}

/* The tree as the file has it, roots in place of hashes, all of it here; blocks without parents are left out. */
static struct fixture *lmd_tree(const struct lmd *lmd)
{
    struct fixture *fixture = fixture_new(lmd->backend, 1, NULL);
    fixture->tree.blocks.at[BLOCK_GENESIS].hash = g_array_index(lmd->blocks, struct lmd_block, 0).root;
    for (guint i = 1; i < lmd->blocks->len; i++) {
        const struct lmd_block *given = &g_array_index(lmd->blocks, struct lmd_block, i);
        block_id parent = with_root(&fixture->tree, given->parent);
        if (parent == BLOCK_NONE)
            continue;
        block_id block = fixture_block(fixture, parent);
        fixture->tree.blocks.at[block].hash = given->root;
        fixture_propose(fixture, 0, 1, block, block);
    }
    return fixture;
}

/* Which blocks may be a head at all is not for votes to say: only where every block from the root on may. */
static bool all_viable(const struct lmd *lmd, const struct fixture *fixture, block_id root, char **words)
{
    for (guint i = 1; i < lmd->blocks->len; i++) {
        const struct lmd_block *block = &g_array_index(lmd->blocks, struct lmd_block, i);
        block_id id = with_root(&fixture->tree, block->root);
        if (id == BLOCK_NONE || id == root || !block_tree_descends(&fixture->tree, id, root))
            continue;
        if (strcmp(block->justified, value_of(words, "just")) != 0 ||
            strcmp(block->finalised, value_of(words, "fin")) != 0)
            return false;
    }
    return true;
}

/* The latest attestation by target epoch counts; a second one of an epoch does not replace the first. */
static void find_head(struct lmd *lmd, char **words)
{
    struct fixture *fixture = lmd_tree(lmd);
    block_id root = with_root(&fixture->tree, checkpoint_root(value_of(words, "just")));
    bool boosted = value_of(words, "boost") && strcmp(value_of(words, "boost"), "none") != 0;
    if (root == BLOCK_NONE || boosted || strcmp(value_of(words, "head"), "ERROR") == 0 ||
        !all_viable(lmd, fixture, root, words)) {
        lmd->left_out++;
        fixture_free(fixture);
        return;
    }
    for (guint i = 0; i < lmd->votes->len; i++) {
        const struct lmd_vote *given = &g_array_index(lmd->votes, struct lmd_vote, i);
        fixture_vote(fixture, given->validator, balance_of(value_of(words, "bal"), given->validator), ATTESTATION,
                     given->epoch, 0, with_root(&fixture->tree, given->root));
        land(fixture);
    }
    land(fixture);
    struct vote_query query = votes_of(ATTESTATION, 0, 0);
    query.height_last = UINT64_MAX;
    query.duplicates = DUPLICATES_FIRST;
    block_id head = delivery_heaviest_subtree(fixture->delivery, 0, &query, root, 0);
    g_assert_cmpuint(block_tree_get(&fixture->tree, head)->hash, ==, number_of(words, "head"));
    lmd->checked++;
    fixture_free(fixture);
}

static void lmd_clear(struct lmd *lmd)
{
    for (guint i = 0; i < lmd->blocks->len; i++) {
        g_free(g_array_index(lmd->blocks, struct lmd_block, i).justified);
        g_free(g_array_index(lmd->blocks, struct lmd_block, i).finalised);
    }
    g_array_set_size(lmd->blocks, 0);
    g_array_set_size(lmd->votes, 0);
}

static void lmd_line(struct lmd *lmd, char **words)
{
    if (strcmp(words[0], "case") == 0) {
        lmd_clear(lmd);
        struct lmd_block anchor = {.root = checkpoint_root(value_of(words, "fin"))};
        g_array_append_val(lmd->blocks, anchor);
    } else if (strcmp(words[0], "block") == 0) {
        struct lmd_block block = {number_of(words, "root"), number_of(words, "parent"),
                                  g_strdup(value_of(words, "just")), g_strdup(value_of(words, "fin"))};
        g_array_append_val(lmd->blocks, block);
    } else if (strcmp(words[0], "vote") == 0) {
        struct lmd_vote given = {(validator_id)number_of(words, "validator"), number_of(words, "root"),
                                 number_of(words, "target_epoch")};
        g_array_append_val(lmd->votes, given);
    } else if (strcmp(words[0], "find_head") == 0) {
        find_head(lmd, words);
    }
}

/* Until something is invalidated, which is not a matter of votes. */
static void lmd_cases(gconstpointer data)
{
    char **lines = read_lines("vectors/lmd_ghost_lighthouse/ops.txt");
    if (!lines)
        return;
    struct lmd lmd = {.backend = (enum delivery_backend)GPOINTER_TO_UINT(data),
                      .blocks = g_array_new(FALSE, FALSE, sizeof(struct lmd_block)),
                      .votes = g_array_new(FALSE, FALSE, sizeof(struct lmd_vote))};
    bool invalidated = false;
    for (char **line = lines; *line; line++) {
        char **words = g_strsplit(*line, " ", -1);
        invalidated =
            words[0] && (strcmp(words[0], "invalidate") == 0 || (invalidated && strcmp(words[0], "case") != 0));
        if (words[0] && !invalidated)
            lmd_line(&lmd, words);
        g_strfreev(words);
    }
    g_test_message("%u heads checked, %u left out", lmd.checked, lmd.left_out);
    g_assert_cmpuint(lmd.checked, >=, 30);
    lmd_clear(&lmd);
    g_array_free(lmd.blocks, TRUE);
    g_array_free(lmd.votes, TRUE);
    g_strfreev(lines);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    gpointer events = GUINT_TO_POINTER(DELIVERY_EVENTS), late = GUINT_TO_POINTER(DELIVERY_LATE);
    g_test_add_data_func("/ghost-clients/events/grandpa", events, grandpa_cases);
    g_test_add_data_func("/ghost-clients/events/lmd", events, lmd_cases);
    g_test_add_data_func("/ghost-clients/late/grandpa", late, grandpa_cases);
    g_test_add_data_func("/ghost-clients/late/lmd", late, lmd_cases);
    return g_test_run();
}
