/* SPDX-License-Identifier: MIT */
/*
 * The Praos lottery: Cardano's published nonces, proofs and leaders (vectors/cardano_praos), the thinned draws against
 * their distribution, and the election along a chain.
 */
#include "../shared.h"
#include "base/phi.h"
#include "contract/election.h"
#include "crypto/vrf.h"
#include "election/candidates.h"
#include "election/praos_nonce.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

extern const struct election election_praos_lottery;

static const struct random_seed seed = {.seed = 2017, .replication = 573};

/* Rows of a CSV file, fields by column; a field may stand in quotes. */
typedef void (*visit_row)(GHashTable *row);

static char **split_row(const char *line)
{
    GPtrArray *fields = g_ptr_array_new();
    GString *field = g_string_new(NULL);
    bool quoted = false;
    for (const char *at = line; *at; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (*at == ',' && !quoted)
            g_ptr_array_add(fields, g_string_free(g_steal_pointer(&field), FALSE)), field = g_string_new(NULL);
        else
            g_string_append_c(field, *at);
    }
    g_ptr_array_add(fields, g_string_free(field, FALSE));
    g_ptr_array_add(fields, NULL);
    return (char **)g_ptr_array_free(fields, FALSE);
}

static int for_each_row(const char *relative, visit_row visit)
{
    char *path = shared_path(relative);
    if (!path)
        return -1;
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    char **header = split_row(g_strchomp(lines[0]));
    int rows = 0;
    for (char **line = lines + 1; *line && **line; line++, rows++) {
        char **fields = split_row(g_strchomp(*line));
        g_assert_cmpuint(g_strv_length(fields), ==, g_strv_length(header));
        GHashTable *row = g_hash_table_new(g_str_hash, g_str_equal);
        for (int i = 0; header[i]; i++)
            g_hash_table_insert(row, header[i], fields[i]);
        visit(row);
        g_hash_table_unref(row);
        g_strfreev(fields);
    }
    g_strfreev(header);
    g_strfreev(lines);
    g_free(text);
    g_free(path);
    return rows;
}

static const char *field(GHashTable *row, const char *column)
{
    const char *value = g_hash_table_lookup(row, column);
    g_assert_nonnull(value);
    return value;
}

static size_t hex_bytes(const char *text, uint8_t *bytes, size_t room)
{
    size_t length = strlen(text) / 2;
    g_assert_cmpuint(length, <=, room);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]));
    return length;
}

static struct praos_nonce nonce_of(const char *text)
{
    struct praos_nonce nonce = {.neutral = !*text};
    if (*text)
        g_assert_true(hash256_from_hex(&nonce.value, text));
    return nonce;
}

static uint64_t unsigned_of(const char *text)
{
    return g_ascii_strtoull(text, NULL, 10);
}

/* Rolling nonces of mainnet's first blocks, and epoch nonces, one of them with extra entropy. */
static void check_nonce(GHashTable *row)
{
    struct praos_nonce first = nonce_of(field(row, "in1")), result;
    if (strcmp(field(row, "kind"), "rolling") == 0) {
        uint8_t output[64];
        size_t length = hex_bytes(field(row, "in2"), output, sizeof output);
        result = praos_nonce_evolve(&first, output, length);
    } else {
        struct praos_nonce second = nonce_of(field(row, "in2")), extra = nonce_of(field(row, "extra_entropy"));
        result = praos_nonce_combine(&first, &second);
        result = praos_nonce_combine(&result, &extra);
    }
    char hex[HASH256_HEX_SIZE];
    g_assert_cmpstr(hash256_hex(&result.value, hex), ==, field(row, "expected"));
}

static void test_published_nonces(void)
{
    int rows = for_each_row("vectors/cardano_praos/nonce.csv", check_nonce);
    g_assert_true(rows == 32 || rows == -1);
}

/* "0.02" as an exact fraction. */
static struct ratio decimal_of(const char *text)
{
    struct ratio ratio = {0, 1};
    for (bool fraction = false; *text; text++) {
        if (*text == '.') {
            fraction = true;
            continue;
        }
        ratio.numerator = ratio.numerator * 10 + (uint64_t)(*text - '0');
        ratio.denominator *= fraction ? 10 : 1;
    }
    return ratio;
}

static bool proof_is_valid(GHashTable *row, const void *input, size_t length)
{
    struct edwards_point key = {0};
    struct ecvrf_proof proof = {0};
    struct ecvrf_output output;
    uint8_t expected[64] = {0};
    hex_bytes(field(row, "vrf_vkey"), key.bytes, sizeof key.bytes);
    hex_bytes(field(row, "vrf_proof"), proof.bytes, sizeof proof.bytes);
    hex_bytes(field(row, "vrf_output"), expected, sizeof expected);
    return ecvrf_verify(ECVRF_DRAFT_03, &key, input, length, &proof, &output) &&
           memcmp(output.bytes, expected, sizeof expected) == 0;
}

/* Headers that the Haskell node made or spoilt: input, proof, leader value, and whether all of the stake would lead. */
static void check_header(GHashTable *row)
{
    struct praos_nonce nonce = nonce_of(field(row, "epoch_nonce"));
    struct hash256 input = praos_vrf_input(unsigned_of(field(row, "slot")), &nonce);
    char hex[HASH256_HEX_SIZE];
    g_assert_cmpstr(hash256_hex(&input, hex), ==, field(row, "vrf_input"));
    g_assert_cmpint(proof_is_valid(row, input.bytes, 32), ==, *field(row, "vrf_valid") == '1');

    uint8_t output[64];
    size_t length = hex_bytes(field(row, "vrf_output"), output, sizeof output);
    struct hash256 value = praos_leader_value(output, length);
    g_assert_cmpstr(hash256_hex(&value, hex), ==, field(row, "leader_value"));
    struct phi phi;
    phi_init(&phi, decimal_of(field(row, "active_slot_coeff")), 1, 1);
    g_assert_cmpint(phi_exceeds_bytes(&phi, value.bytes, 32), ==, *field(row, "is_leader_full_stake") == '1');
}

static void test_published_headers(void)
{
    int rows = for_each_row("vectors/cardano_praos/header_vrf_leader.csv", check_header);
    g_assert_true(rows == 107 || rows == -1);
}

/* Blocks of mainnet with their pools' real stakes. Before Babbage the output itself decided, on an input of its own. */
static void check_mainnet_block(GHashTable *row)
{
    struct praos_nonce nonce = nonce_of(field(row, "epoch_nonce"));
    struct hash256 input = praos_vrf_input(unsigned_of(field(row, "slot")), &nonce);
    bool praos = strcmp(field(row, "protocol"), "praos") == 0;
    if (!praos) {
        static const uint8_t universal[8] = {[7] = 1};
        struct hash256 seed_leader = hash_blake2b_256(universal, sizeof universal);
        for (int i = 0; i < 32; i++)
            input.bytes[i] ^= seed_leader.bytes[i];
    }
    char hex[HASH256_HEX_SIZE];
    g_assert_cmpstr(hash256_hex(&input, hex), ==, field(row, "vrf_input"));
    g_assert_true(proof_is_valid(row, input.bytes, 32));

    uint8_t value[64];
    size_t length = hex_bytes(field(row, "leader_value"), value, sizeof value);
    if (praos) {
        uint8_t output[64];
        struct hash256 derived = praos_leader_value(output, hex_bytes(field(row, "vrf_output"), output, 64));
        g_assert_cmpmem(derived.bytes, 32, value, (int)length);
    }
    struct phi phi;
    struct ratio f = {unsigned_of(field(row, "f_num")), unsigned_of(field(row, "f_den"))};
    phi_init(&phi, f, unsigned_of(field(row, "pool_stake")), unsigned_of(field(row, "total_stake")));
    g_assert_cmpint(phi_exceeds_bytes(&phi, value, length), ==, *field(row, "is_leader") == '1');
}

static void test_published_leaders(void)
{
    int rows = for_each_row("vectors/cardano_praos/leader_check_mainnet.csv", check_mainnet_block);
    g_assert_true(rows == 4 || rows == -1);
}

/* Over 200,000 windows: counts as the binomial has them, every place equally likely, numbers below the limit. */
static void test_candidates(void)
{
    enum { WINDOWS = 200000 };
    uint64_t counts[CANDIDATES_IN_A_WINDOW + 1] = {0}, quarters[4] = {0}, total = 0, upper = 0;
    uint64_t places[CANDIDATE_WINDOW] = {0};
    for (uint64_t window = 0; window < WINDOWS; window++) {
        struct candidate found[CANDIDATES_IN_A_WINDOW];
        uint32_t count = candidates_draw(&seed, 99, window, found);
        counts[count]++;
        total += count;
        for (uint32_t i = 0; i < count; i++) {
            g_assert_true(found[i].word < CANDIDATE_LIMIT && found[i].offset < CANDIDATE_WINDOW);
            g_assert_true(!i || found[i].offset > found[i - 1].offset);
            places[found[i].offset]++;
            quarters[found[i].word >> 52]++;
            upper += found[i].offset >= CANDIDATE_WINDOW / 2;
        }
    }
    double chance = pow(1023.0 / 1024, 1024), seen = 0;
    for (int k = 0; k < 6; k++) {
        double expected = WINDOWS * chance;
        seen += pow((double)counts[k] - expected, 2) / expected;
        chance *= (1024.0 - k) / (k + 1) / 1023;
    }
    g_assert_cmpfloat(seen, <, 27.9); /* chi squared, 6 cells with the rest left out: beyond with chance 1e-4 */
    double squares = 0, mean = (double)total / CANDIDATE_WINDOW;
    for (uint32_t i = 0; i < CANDIDATE_WINDOW; i++)
        squares += pow((double)places[i] - mean, 2) / mean;
    g_assert_cmpfloat(fabs(squares - 1023) / sqrt(2 * 1023), <, 4);
    for (int i = 0; i < 4; i++)
        g_assert_cmpfloat(fabs((double)quarters[i] - (double)total / 4) / sqrt((double)total * 3 / 16), <, 4);
    g_assert_cmpfloat(fabs((double)upper - (double)total / 2) / sqrt((double)total / 4), <, 4);
}

/* What the election is asked with, and a chain of `count` equal validators whose epochs are long. */
struct stand {
    struct election_context context;
    struct electorate electorate, later;
    struct electorate_member *members;
    struct block genesis;
    void *state;
};

static void stand_init(struct stand *stand, uint32_t count, struct ratio f, uint64_t epoch_slots,
                       struct vrf_provider *vrf)
{
    *stand = (struct stand){
        .context = {.seed = &seed,
                    .vrf = vrf,
                    .schedule = {.slot_ns = SECOND,
                                 .epoch_slots = epoch_slots,
                                 .randomness_stability_slots = epoch_slots * 2 / 5,
                                 .active_slot_coefficient = f}},
        .members = g_new0(struct electorate_member, count),
        .genesis = {.hash = 1, .parent = BLOCK_NONE},
    };
    for (uint32_t i = 0; i < count; i++)
        stand->members[i] = (struct electorate_member){i, 1000};
    stand->electorate =
        (struct electorate){.count = count, .total = 1000 * (stake_amount)count, .members = stand->members};
    stand->state = election_praos_lottery.genesis(&stand->context, &stand->electorate);
}

static void stand_release(struct stand *stand)
{
    election_praos_lottery.state_free(stand->state);
    g_free(stand->members);
}

static struct election_place place_of(const struct stand *stand, const void *state, const struct block *parent)
{
    return (struct election_place){.state = state, .electorate = &stand->electorate, .parent = parent};
}

/* Counts the leaders of each slot by asking everybody for lead after lead. */
static uint8_t *count_leaders(const struct stand *stand, uint64_t slots)
{
    struct election_place place = place_of(stand, stand->state, &stand->genesis);
    uint8_t *leaders = g_new0(uint8_t, slots);
    for (uint32_t v = 0; v < stand->electorate.count; v++) {
        struct lead lead;
        for (uint64_t from = 0; election_praos_lottery.next_lead(&stand->context, &place, v, from, slots, &lead);
             from = lead.slot + 1)
            leaders[lead.slot]++;
    }
    return leaders;
}

/* `seen` of `trials` with this chance: within four standard deviations. */
static void check_chance(uint64_t seen, uint64_t trials, double chance)
{
    double expected = (double)trials * chance, deviation = sqrt(expected * (1 - chance));
    g_test_message("%.0f expected, %" G_GUINT64_FORMAT " seen, deviation %.0f", expected, seen, deviation);
    g_assert_cmpfloat(fabs((double)seen - expected), <, 4 * deviation);
}

/*
 * f = 5 %: one slot in twenty has a leader. Of those, several lead in .02543 for infinitely many pools (Praos); for n
 * equal ones in (f - n p (1-f) / (1-p)) / f with 1-p = (1-f)^(1/n). Pools below and above the chance of 2^-10.
 */
static void test_active_slots(void)
{
    static const struct {
        uint32_t pools;
        uint64_t slots;
    } cases[] = {{1000, 1000000}, {40, 400000}, {3, 400000}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct stand stand;
        stand_init(&stand, cases[i].pools, (struct ratio){1, 20}, cases[i].slots, NULL);
        uint8_t *leaders = count_leaders(&stand, cases[i].slots);
        uint64_t active = 0, several = 0;
        for (uint64_t slot = 0; slot < cases[i].slots; slot++) {
            active += leaders[slot] > 0;
            several += leaders[slot] > 1;
        }
        double n = cases[i].pools, p = 1 - pow(.95, 1 / n), expected = (.05 - n * p * .95 / (1 - p)) / .05;
        check_chance(active, cases[i].slots, .05);
        check_chance(several, active, expected);
        g_free(leaders);
        stand_release(&stand);
    }
}

/* Lead after lead gives exactly the slots that win when each is asked for alone, over windows and epochs. */
static void test_search_equals_single_slots(void)
{
    static const uint32_t pools[] = {2, 200};
    for (size_t i = 0; i < G_N_ELEMENTS(pools); i++) {
        struct stand stand;
        stand_init(&stand, pools[i], (struct ratio){1, 2}, 3000, NULL);
        struct election_place place = place_of(&stand, stand.state, &stand.genesis);
        uint64_t from = 500, found = 0;
        struct lead lead, alone;
        for (uint64_t slot = 500; slot < 9500; slot++) {
            bool wins = election_praos_lottery.next_lead(&stand.context, &place, 1, slot, slot + 1, &alone);
            if (!wins)
                continue;
            g_assert_true(election_praos_lottery.next_lead(&stand.context, &place, 1, from, 9500, &lead));
            g_assert_cmpuint(lead.slot, ==, slot);
            g_assert_cmpuint(lead.proof, ==, alone.proof);
            from = slot + 1;
            found++;
        }
        g_assert_false(election_praos_lottery.next_lead(&stand.context, &place, 1, from, 9500, &lead));
        g_assert_cmpuint(found, >, 10);
        stand_release(&stand);
    }
}

/* One validator's stake doubles: it still wins where it won, and everybody else's luck is what it was. */
static void test_luck_of_others(void)
{
    struct stand before, after;
    stand_init(&before, 500, (struct ratio){1, 10}, 100000, NULL);
    stand_init(&after, 500, (struct ratio){1, 10}, 100000, NULL);
    after.members[7].stake = 1500;
    after.members[8].stake = 500;
    struct election_place old = place_of(&before, before.state, &before.genesis);
    struct election_place new = place_of(&after, after.state, &after.genesis);
    struct lead a, b;
    int wins = 0;
    for (uint64_t from = 0; election_praos_lottery.next_lead(&before.context, &old, 7, from, 100000, &a);
         from = a.slot + 1, wins++)
        g_assert_true(election_praos_lottery.next_lead(&after.context, &new, 7, a.slot, a.slot + 1, &b));
    g_assert_cmpint(wins, >, 5);
    for (uint32_t v = 9; v < 500; v++) {
        bool one = election_praos_lottery.next_lead(&before.context, &old, v, 0, 100000, &a);
        bool two = election_praos_lottery.next_lead(&after.context, &new, v, 0, 100000, &b);
        g_assert_true(one == two && (!one || (a.slot == b.slot && a.proof == b.proof)));
    }
    stand_release(&before);
    stand_release(&after);
}

static struct block child_of(const struct block *parent, uint64_t slot, uint64_t hash, uint64_t proof)
{
    return (struct block){
        .hash = hash, .height = parent->height + 1, .slot = slot, .proof = proof, .parent = 0, .proposer = 0};
}

static void *advance(const struct stand *stand, const void *state, const struct block *parent,
                     const struct block *block)
{
    struct election_place place = place_of(stand, state, parent);
    return election_praos_lottery.advance(&stand->context, &place, block, &stand->electorate);
}

/* The first lead of validator 0 in epoch `epoch` on the chain that ends in `parent`. */
static uint64_t first_lead(const struct stand *stand, const void *state, const struct block *parent, uint64_t epoch)
{
    struct election_place place = place_of(stand, state, parent);
    uint64_t slots = stand->context.schedule.epoch_slots;
    struct lead lead;
    g_assert_true(
        election_praos_lottery.next_lead(&stand->context, &place, 0, epoch * slots, (epoch + 1) * slots, &lead));
    return lead.slot;
}

/*
 * Epochs of 10,000 slots whose randomness is fixed 4,000 before the end. Blocks of slot 100 that differ give the next
 * epoch other leaders; blocks of slot 7,000 do not, but change the epoch after it (the last block's parent counts
 * then).
 */
static void test_nonce_along_branches(void)
{
    struct stand stand;
    stand_init(&stand, 20, (struct ratio){1, 10}, 10000, NULL);
    struct block early_a = child_of(&stand.genesis, 100, 11, 1), early_b = child_of(&stand.genesis, 100, 12, 2);
    void *a = advance(&stand, stand.state, &stand.genesis, &early_a);
    void *b = advance(&stand, stand.state, &stand.genesis, &early_b);
    g_assert_cmpuint(first_lead(&stand, a, &early_a, 0), ==, first_lead(&stand, b, &early_b, 0));
    g_assert_cmpuint(first_lead(&stand, a, &early_a, 1), !=, first_lead(&stand, b, &early_b, 1));

    struct block late_a = child_of(&early_a, 7000, 13, 3), late_b = child_of(&early_a, 7001, 14, 4);
    void *aa = advance(&stand, a, &early_a, &late_a), *ab = advance(&stand, a, &early_a, &late_b);
    g_assert_cmpuint(first_lead(&stand, aa, &late_a, 1), ==, first_lead(&stand, a, &early_a, 1));
    g_assert_cmpuint(first_lead(&stand, aa, &late_a, 1), ==, first_lead(&stand, ab, &late_b, 1));

    /* In epoch 1 the same block after both: what was drawn late in epoch 0 lives on in the evolving nonce. */
    struct block next = child_of(&late_a, 12000, 15, 5);
    void *na = advance(&stand, aa, &late_a, &next), *nb = advance(&stand, ab, &late_b, &next);
    g_assert_cmpuint(first_lead(&stand, na, &next, 1), ==, first_lead(&stand, nb, &next, 1));
    g_assert_cmpuint(first_lead(&stand, na, &next, 2), !=, first_lead(&stand, nb, &next, 2));
    void *states[] = {a, b, aa, ab, na, nb};
    for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
        election_praos_lottery.state_free(states[i]);
    stand_release(&stand);
}

static const struct electorate *later_electorate(const struct election_place *place, uint64_t epoch)
{
    const struct stand *stand = place->user;
    return epoch == 0 ? &stand->electorate : &stand->later;
}

/* A slot of a later epoch than the parent's is decided by that epoch's electorate: here validator 1 is gone from it. */
static void test_electorate_of_the_epoch(void)
{
    struct stand stand;
    stand_init(&stand, 2, (struct ratio){1, 2}, 1000, NULL);
    stand.later = (struct electorate){.id = 1, .count = 1, .total = 1000, .members = stand.members};
    struct election_place place = place_of(&stand, stand.state, &stand.genesis);
    place.electorate_of_epoch = later_electorate;
    place.user = &stand;
    struct lead lead;
    g_assert_true(election_praos_lottery.next_lead(&stand.context, &place, 1, 0, 1000, &lead));
    g_assert_false(election_praos_lottery.next_lead(&stand.context, &place, 1, 1000, 2000, &lead));
    g_assert_true(election_praos_lottery.next_lead(&stand.context, &place, 0, 1000, 2000, &lead));
    stand_release(&stand);
}

static uint64_t count_leads(const struct stand *stand, const struct election_place *place)
{
    struct lead lead;
    uint64_t leads = 0;
    for (uint64_t from = 0; election_praos_lottery.next_lead(&stand->context, place, 0, from, 1000, &lead);
         from = lead.slot + 1)
        leads++;
    return leads;
}

/* What a state keeps of an electorate is not taken for another one's; a clone needs nothing of its original. */
static void test_chances_are_of_an_electorate(void)
{
    struct stand stand;
    stand_init(&stand, 50, (struct ratio){1, 2}, 1000, NULL);
    struct election_place place = place_of(&stand, stand.state, &stand.genesis);
    uint64_t few = count_leads(&stand, &place);
    struct electorate alone = {.id = 1, .count = 1, .total = stand.members[0].stake, .members = stand.members};
    place.electorate = &alone;
    check_chance(count_leads(&stand, &place), 1000, .5);
    place.electorate = &stand.electorate;
    g_assert_cmpuint(count_leads(&stand, &place), ==, few);
    void *original = election_praos_lottery.state_clone(stand.state);
    void *clone = election_praos_lottery.state_clone(original);
    election_praos_lottery.state_free(original);
    place.state = clone;
    g_assert_cmpuint(count_leads(&stand, &place), ==, few);
    election_praos_lottery.state_free(clone);
    stand_release(&stand);
}

/* A claim stands only for the validator, slot and proof that won, and after the parent's slot. */
static void check_claims(struct stand *stand)
{
    struct election_place place = place_of(stand, stand->state, &stand->genesis);
    struct lead lead;
    g_assert_true(election_praos_lottery.next_lead(&stand->context, &place, 0, 1, 1000, &lead));
    struct block block = child_of(&stand->genesis, lead.slot, 5, lead.proof);
    g_assert_true(election_praos_lottery.verify(&stand->context, &place, &block));
    block.proof++;
    g_assert_false(election_praos_lottery.verify(&stand->context, &place, &block));
    block.proof--;
    struct block parent = stand->genesis;
    parent.slot = lead.slot;
    place.parent = &parent;
    g_assert_false(election_praos_lottery.verify(&stand->context, &place, &block));
    place.parent = &stand->genesis;
    struct lead other;
    if (!election_praos_lottery.next_lead(&stand->context, &place, 1, lead.slot, lead.slot + 1, &other)) {
        block.proposer = 1;
        g_assert_false(election_praos_lottery.verify(&stand->context, &place, &block));
    }
}

static void test_claims(void)
{
    struct stand stand;
    stand_init(&stand, 3, (struct ratio){1, 10}, 1000, NULL);
    check_claims(&stand);
    stand_release(&stand);
}

/* With real proofs: the same claims, the same chance, and a nonce that comes from the output. */
static void test_real_proofs(void)
{
    struct vrf_provider *vrf = vrf_provider_new_real(&seed, ECVRF_DRAFT_03);
    struct stand stand;
    stand_init(&stand, 3, (struct ratio){1, 2}, 600, vrf);
    check_claims(&stand);
    uint8_t *leaders = count_leaders(&stand, 600);
    uint64_t active = 0;
    for (int slot = 0; slot < 600; slot++)
        active += leaders[slot] > 0;
    check_chance(active, 600, .5);
    struct block block = child_of(&stand.genesis, 10, 5, 0), other = child_of(&stand.genesis, 10, 5, 77);
    void *a = advance(&stand, stand.state, &stand.genesis, &block);
    void *b = advance(&stand, stand.state, &stand.genesis, &other);
    g_assert_cmpuint(first_lead(&stand, a, &block, 1), ==, first_lead(&stand, b, &other, 1));
    election_praos_lottery.state_free(a);
    election_praos_lottery.state_free(b);
    g_free(leaders);
    stand_release(&stand);
    vrf_provider_free(vrf);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/praos-lottery/published-nonces", test_published_nonces);
    g_test_add_func("/praos-lottery/published-headers", test_published_headers);
    g_test_add_func("/praos-lottery/published-leaders", test_published_leaders);
    g_test_add_func("/praos-lottery/candidates", test_candidates);
    g_test_add_func("/praos-lottery/active-slots", test_active_slots);
    g_test_add_func("/praos-lottery/search-equals-single-slots", test_search_equals_single_slots);
    g_test_add_func("/praos-lottery/luck-of-others", test_luck_of_others);
    g_test_add_func("/praos-lottery/nonce-along-branches", test_nonce_along_branches);
    g_test_add_func("/praos-lottery/electorate-of-the-epoch", test_electorate_of_the_epoch);
    g_test_add_func("/praos-lottery/chances-are-of-an-electorate", test_chances_are_of_an_electorate);
    g_test_add_func("/praos-lottery/claims", test_claims);
    g_test_add_func("/praos-lottery/real-proofs", test_real_proofs);
    return g_test_run();
}
