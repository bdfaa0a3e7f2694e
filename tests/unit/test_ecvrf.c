/* SPDX-License-Identifier: MIT */
/* ECVRF against published vectors, and against what an adversary may send. */
#include "crypto/ecvrf.h"
#include "crypto/ecvrf_steps.h"
#include "crypto/signature.h"

#include "../shared.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

static const enum ecvrf_suite suites[] = {ECVRF_TAI, ECVRF_DRAFT_03};

static size_t read_hex(uint8_t *bytes, size_t room, const char *text)
{
    size_t length;
    g_assert_cmpint(sodium_hex2bin(bytes, room, text, strlen(text), NULL, &length, NULL), ==, 0);
    return length;
}

/* A row of ecvrf.csv: source,suite,name,sk,pk,alpha,pi,beta. */
struct row {
    enum ecvrf_suite suite;
    uint8_t seed[32];
    struct edwards_point public_key;
    uint8_t alpha[64];
    size_t length;
    struct ecvrf_proof proof;
    struct ecvrf_output output;
};

static bool read_suite(enum ecvrf_suite *suite, const char *name)
{
    if (strcmp(name, "ECVRF-EDWARDS25519-SHA512-TAI") == 0)
        *suite = ECVRF_TAI;
    else if (strcmp(name, "ietfdraft03") == 0)
        *suite = ECVRF_DRAFT_03;
    else
        return false;
    return true;
}

/* The rows of the suites that are here, and how many are of others; NULL when the data is not at hand. */
static GArray *read_rows(unsigned *others)
{
    char *path = shared_path("vectors/ecvrf/ecvrf.csv");
    if (!path)
        return NULL;
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(struct row));
    *others = 0;
    for (char **line = lines + 1; *line && **line; line++) {
        char **field = g_strsplit(g_strchomp(*line), ",", -1);
        g_assert_cmpuint(g_strv_length(field), ==, 8);
        struct row row;
        if (read_suite(&row.suite, field[1])) {
            g_assert_cmpuint(read_hex(row.seed, 32, field[3]), ==, 32);
            g_assert_cmpuint(read_hex(row.public_key.bytes, 32, field[4]), ==, 32);
            row.length = read_hex(row.alpha, sizeof row.alpha, field[5]);
            g_assert_cmpuint(read_hex(row.proof.bytes, 80, field[6]), ==, 80);
            g_assert_cmpuint(read_hex(row.output.bytes, 64, field[7]), ==, 64);
            g_array_append_val(rows, row);
        } else {
            (*others)++;
        }
        g_strfreev(field);
    }
    g_strfreev(lines);
    g_free(text);
    g_free(path);
    return rows;
}

/* Each row: the key follows from the seed, the prover makes exactly pi, and all three ways to the output give beta. */
static void published_proofs_are_made_and_verified(void)
{
    unsigned others;
    GArray *rows = read_rows(&others);
    if (!rows)
        return;
    for (guint i = 0; i < rows->len; i++) {
        const struct row *row = &g_array_index(rows, struct row, i);
        struct ecvrf_key_pair pair;
        ecvrf_key_pair_init(&pair, row->seed);
        g_assert_cmpmem(pair.public_key.bytes, 32, row->public_key.bytes, 32);

        struct ecvrf_proof proof = ecvrf_prove(row->suite, &pair, row->alpha, row->length);
        g_assert_cmpmem(proof.bytes, 80, row->proof.bytes, 80);

        struct ecvrf_output output;
        g_assert_true(ecvrf_verify(row->suite, &row->public_key, row->alpha, row->length, &row->proof, &output));
        g_assert_cmpmem(output.bytes, 64, row->output.bytes, 64);
        g_assert_true(ecvrf_proof_to_hash(row->suite, &row->proof, &output));
        g_assert_cmpmem(output.bytes, 64, row->output.bytes, 64);
        output = ecvrf_evaluate(row->suite, &pair, row->alpha, row->length);
        g_assert_cmpmem(output.bytes, 64, row->output.bytes, 64);
    }
    g_test_message("%u rows; %u of suites that are not here", rows->len, others);
    g_assert_cmpuint(rows->len, ==, 41);
    g_array_unref(rows);
}

/* Each row: one bit changed in the proof, in alpha or in the key; the other suite; a missing byte of alpha: refused. */
static void changed_proofs_are_refused(void)
{
    unsigned others;
    GArray *rows = read_rows(&others);
    if (!rows)
        return;
    for (guint i = 0; i < rows->len; i++) {
        struct row *row = &g_array_index(rows, struct row, i);
        for (size_t bit = i % 8; bit < 8 * ECVRF_PROOF_SIZE; bit += 8) {
            struct ecvrf_proof changed = row->proof;
            changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            g_assert_false(ecvrf_verify(row->suite, &row->public_key, row->alpha, row->length, &changed, NULL));
        }
        for (size_t byte = 0; byte < row->length; byte++) {
            row->alpha[byte] ^= (uint8_t)(1 << i % 8);
            g_assert_false(ecvrf_verify(row->suite, &row->public_key, row->alpha, row->length, &row->proof, NULL));
            row->alpha[byte] ^= (uint8_t)(1 << i % 8);
        }
        for (size_t byte = 0; byte < 32; byte += 4) {
            struct edwards_point changed = row->public_key;
            changed.bytes[byte] ^= (uint8_t)(1 << i % 8);
            g_assert_false(ecvrf_verify(row->suite, &changed, row->alpha, row->length, &row->proof, NULL));
        }
        if (row->length > 0)
            g_assert_false(ecvrf_verify(row->suite, &row->public_key, row->alpha, row->length - 1, &row->proof, NULL));
        enum ecvrf_suite other = suites[row->suite == suites[0]];
        g_assert_false(ecvrf_verify(other, &row->public_key, row->alpha, row->length, &row->proof, NULL));
    }
    g_array_unref(rows);
}

static void assert_field(const uint8_t *bytes, size_t length, const char *expected)
{
    uint8_t read[64];
    g_assert_cmpuint(read_hex(read, sizeof read, expected), ==, length);
    g_assert_cmpint(memcmp(bytes, read, length), ==, 0);
}

/* The values that RFC 9381 prints on the way (examples 16 to 21): name,suite,x,tai_ctr,H,k_string,k,U,V. */
static void steps_give_published_intermediates(void)
{
    static const char *const seeds[] = {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                                        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                                        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7"};
    static const char *const alphas[] = {"", "72", "af82"};
    char *path = shared_path("vectors/ecvrf/rfc9381_intermediates.csv");
    if (!path)
        return;
    char *text;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char **lines = g_strsplit(text, "\n", -1);
    for (int i = 0; i < 6; i++) {
        char **field = g_strsplit(g_strchomp(lines[i + 1]), ",", -1);
        uint8_t seed[32], alpha[2];
        read_hex(seed, 32, seeds[i % 3]);
        size_t length = read_hex(alpha, 2, alphas[i % 3]);
        struct ecvrf_key_pair pair;
        ecvrf_key_pair_init(&pair, seed);
        assert_field(pair.secret.bytes, 32, field[2]);

        struct edwards_point hashed;
        if (strcmp(field[1], "TAI") == 0) {
            int tries;
            hashed = ecvrf_encode_to_curve(ECVRF_TAI, &pair.public_key, alpha, length, &tries);
            assert_field(hashed.bytes, 32, field[4]);
            g_assert_cmpint(tries, ==, g_ascii_strtoll(field[3], NULL, 10));
        } else {
            read_hex(hashed.bytes, 32, field[4]);
        }
        struct edwards_scalar nonce = ecvrf_nonce(&pair, &hashed);
        struct edwards_point u = edwards_multiply(&nonce, &edwards_base), v = edwards_multiply(&nonce, &hashed);
        assert_field(nonce.bytes, 32, field[6]);
        assert_field(u.bytes, 32, field[7]);
        assert_field(v.bytes, 32, field[8]);
        g_strfreev(field);
    }
    g_strfreev(lines);
    g_free(text);
    g_free(path);
}

/* A VRF key is the Ed25519 key of the same seed. */
static void keys_are_those_of_ed25519(void)
{
    for (uint8_t i = 0; i < 20; i++) {
        const uint8_t seed[32] = {i, 1, 2, 3};
        struct ecvrf_key_pair pair;
        struct signature_key_pair signing;
        ecvrf_key_pair_init(&pair, seed);
        signature_key_pair_init(&signing, seed);
        g_assert_cmpmem(pair.public_key.bytes, 32, signing.public_key.bytes, 32);
        g_assert_true(ecvrf_key_is_valid(&pair.public_key));
    }
}

/* The eight points of small order, and two encodings that are not canonical. */
static const char *const small_order[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
};
static const char *const not_canonical[] = {
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* y = p + 1, the identity again */
    "0100000000000000000000000000000000000000000000000000000000000080", /* x = 0 with the sign set */
};

/* A proof has one form: s + L solves the same equations and must be refused; so must a second writing of Gamma. */
static void proofs_have_one_form(void)
{
    uint8_t order[32];
    read_hex(order, 32, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    struct ecvrf_key_pair pair;
    ecvrf_key_pair_init(&pair, (const uint8_t[32]){5});
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        struct ecvrf_output output;
        struct ecvrf_proof proof = ecvrf_prove(suites[i], &pair, "slot 7", 6);
        g_assert_true(ecvrf_verify(suites[i], &pair.public_key, "slot 7", 6, &proof, NULL));
        struct ecvrf_proof changed = proof;
        sodium_add(changed.bytes + 48, order, 32);
        g_assert_false(ecvrf_verify(suites[i], &pair.public_key, "slot 7", 6, &changed, NULL));
        g_assert_false(ecvrf_proof_to_hash(suites[i], &changed, &output));
        for (size_t j = 0; j < G_N_ELEMENTS(not_canonical); j++) {
            changed = proof;
            read_hex(changed.bytes, 32, not_canonical[j]);
            g_assert_false(ecvrf_proof_to_hash(suites[i], &changed, &output));
        }
    }
}

/* A prover that knows the secret and adds points of small order to Gamma and to its key. */
static struct ecvrf_proof prove_with_torsion(enum ecvrf_suite suite, const struct ecvrf_key_pair *pair,
                                             const struct edwards_point *gamma_torsion, uint32_t alpha,
                                             struct edwards_scalar *challenge)
{
    struct ecvrf_statement statement = {.public_key = pair->public_key};
    statement.hashed = ecvrf_encode_to_curve(suite, &pair->public_key, &alpha, sizeof alpha, NULL);
    statement.gamma = edwards_multiply(&pair->secret, &statement.hashed);
    statement.gamma = edwards_add(&statement.gamma, gamma_torsion);
    struct edwards_scalar nonce = ecvrf_nonce(pair, &statement.hashed);
    statement.u = edwards_multiply(&nonce, &edwards_base);
    statement.v = edwards_multiply(&nonce, &statement.hashed);
    *challenge = ecvrf_challenge(suite, &statement);
    struct edwards_scalar response = edwards_scalar_multiply_add(challenge, &pair->secret, &nonce);
    struct ecvrf_proof proof;
    memcpy(proof.bytes, statement.gamma.bytes, 32);
    memcpy(proof.bytes + 32, challenge->bytes, 16);
    memcpy(proof.bytes + 48, response.bytes, 32);
    return proof;
}

/*
 * A key of small order is the key of nobody's secret: with Y and Gamma the identity everybody can prove every input,
 * to one known output. Refused, as is a key written in a second way.
 */
static void bad_keys_are_refused(void)
{
    struct edwards_point key;
    for (size_t i = 0; i < G_N_ELEMENTS(small_order); i++) {
        read_hex(key.bytes, 32, small_order[i]);
        g_assert_true(edwards_point_is_valid(&key));
        g_assert_false(ecvrf_key_is_valid(&key));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(not_canonical); i++) {
        read_hex(key.bytes, 32, not_canonical[i]);
        g_assert_false(edwards_point_is_valid(&key));
        g_assert_false(ecvrf_key_is_valid(&key));
    }
    const struct ecvrf_key_pair nobody = {.public_key = edwards_identity, .nonce_key = {1}};
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        const uint32_t alpha = 7;
        struct edwards_scalar challenge;
        struct ecvrf_proof forged = prove_with_torsion(suites[i], &nobody, &edwards_identity, alpha, &challenge);
        g_assert_false(ecvrf_verify(suites[i], &nobody.public_key, &alpha, sizeof alpha, &forged, NULL));
    }
}

/*
 * Gamma or the key leaves the main subgroup by a point of order 8. RFC 9381 accepts exactly when c is a multiple of 8,
 * and the output is that of the honest proof; libsodium alone would refuse them all, and such a node would fork off.
 */
static void points_outside_the_subgroup_are_judged_as_rfc_9381_does(void)
{
    struct edwards_point torsion;
    read_hex(torsion.bytes, 32, small_order[4]);
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++)
        for (int of_key = 0; of_key < 2; of_key++) {
            struct ecvrf_key_pair pair;
            ecvrf_key_pair_init(&pair, (const uint8_t[32]){11});
            if (of_key)
                pair.public_key = edwards_add(&pair.public_key, &torsion);
            g_assert_true(ecvrf_key_is_valid(&pair.public_key));
            unsigned accepted = 0;
            for (uint32_t alpha = 0; alpha < 24; alpha++) {
                struct edwards_scalar challenge;
                struct ecvrf_proof proof =
                    prove_with_torsion(suites[i], &pair, of_key ? &edwards_identity : &torsion, alpha, &challenge);
                struct ecvrf_output output, honest = ecvrf_evaluate(suites[i], &pair, &alpha, sizeof alpha);
                bool valid = ecvrf_verify(suites[i], &pair.public_key, &alpha, sizeof alpha, &proof, &output);
                g_assert_cmpint(valid, ==, challenge.bytes[0] % 8 == 0);
                if (valid)
                    g_assert_cmpmem(output.bytes, 64, honest.bytes, 64);
                accepted += valid;
            }
            g_assert_cmpuint(accepted, >, 0);
        }
}

/* Multiplication where libsodium gives up: scalars 0 and L, and points P + T: n(P + T) - nT = nP. */
static void multiplication_covers_the_whole_curve(void)
{
    struct edwards_scalar zero = {{0}}, order, scalar;
    read_hex(order.bytes, 32, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    g_assert_true(edwards_scalar_is_canonical(&zero));
    g_assert_false(edwards_scalar_is_canonical(&order));

    struct ecvrf_key_pair pair;
    ecvrf_key_pair_init(&pair, (const uint8_t[32]){3});
    struct edwards_point product = edwards_multiply(&zero, &pair.public_key);
    g_assert_true(edwards_point_equal(&product, &edwards_identity));
    product = edwards_multiply(&order, &pair.public_key);
    g_assert_true(edwards_point_equal(&product, &edwards_identity));
    product = edwards_multiply(&zero, &edwards_base);
    g_assert_true(edwards_point_equal(&product, &edwards_identity));
    for (size_t i = 0; i < G_N_ELEMENTS(small_order); i++) {
        struct edwards_point torsion, sum, direct;
        read_hex(torsion.bytes, 32, small_order[i]);
        scalar = pair.secret;
        scalar.bytes[0] = (uint8_t)(i * 37 + 1);
        sum = edwards_add(&pair.public_key, &torsion);
        sum = edwards_multiply(&scalar, &sum);
        torsion = edwards_multiply(&scalar, &torsion);
        sum = edwards_subtract(&sum, &torsion);
        direct = edwards_multiply(&scalar, &pair.public_key);
        g_assert_true(edwards_point_equal(&sum, &direct));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ecvrf/published proofs are made and verified", published_proofs_are_made_and_verified);
    g_test_add_func("/ecvrf/changed proofs are refused", changed_proofs_are_refused);
    g_test_add_func("/ecvrf/steps give published intermediates", steps_give_published_intermediates);
    g_test_add_func("/ecvrf/keys are those of ed25519", keys_are_those_of_ed25519);
    g_test_add_func("/ecvrf/bad keys are refused", bad_keys_are_refused);
    g_test_add_func("/ecvrf/proofs have one form", proofs_have_one_form);
    g_test_add_func("/ecvrf/points outside the subgroup are judged as rfc 9381 does",
                    points_outside_the_subgroup_are_judged_as_rfc_9381_does);
    g_test_add_func("/ecvrf/multiplication covers the whole curve", multiplication_covers_the_whole_curve);
    return g_test_run();
}
