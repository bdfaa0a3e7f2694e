/* SPDX-License-Identifier: MIT */
/* Ed25519 key pairs, signatures and refusals. */
#include "crypto/signature.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

static void read_hex(uint8_t *bytes, size_t size, const char *text)
{
    size_t length;
    g_assert_cmpint(sodium_hex2bin(bytes, size, text, strlen(text), NULL, &length, NULL), ==, 0);
    g_assert_cmpuint(length, ==, size);
}

static const struct {
    const char *seed, *public_key, *message, *signature;
} rfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
     "655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
     "b00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
     "c027beceea1ec40a"},
};

/* RFC 8032, section 7.1, tests 1 to 3. */
static void signatures_are_those_of_rfc_8032(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rfc8032); i++) {
        uint8_t seed[32], public_key[32], message[8], expected[64];
        size_t length = strlen(rfc8032[i].message) / 2;
        read_hex(seed, 32, rfc8032[i].seed);
        read_hex(public_key, 32, rfc8032[i].public_key);
        read_hex(message, length, rfc8032[i].message);
        read_hex(expected, 64, rfc8032[i].signature);

        struct signature_key_pair pair;
        signature_key_pair_init(&pair, seed);
        g_assert_cmpmem(pair.public_key.bytes, 32, public_key, 32);
        struct signature signature = signature_sign(&pair, message, length);
        g_assert_cmpmem(signature.bytes, 64, expected, 64);
        g_assert_true(signature_verify(&pair.public_key, message, length, &signature));
    }
}

/* One bit changed anywhere in the signature, the message or the key: refused. */
static void any_change_is_refused(void)
{
    struct signature_key_pair pair;
    signature_key_pair_init(&pair, (const uint8_t[32]){7});
    uint8_t message[] = "precommit 17/0 for block 3";
    struct signature signature = signature_sign(&pair, message, sizeof message);

    for (size_t bit = 0; bit < 8 * sizeof signature.bytes; bit++) {
        struct signature changed = signature;
        changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_false(signature_verify(&pair.public_key, message, sizeof message, &changed));
    }
    for (size_t bit = 0; bit < 8 * sizeof pair.public_key.bytes; bit++) {
        struct public_key changed = pair.public_key;
        changed.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_false(signature_verify(&changed, message, sizeof message, &signature));
    }
    for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
        g_assert_false(signature_verify(&pair.public_key, message, sizeof message, &signature));
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    g_assert_false(signature_verify(&pair.public_key, message, sizeof message - 1, &signature));
    g_assert_true(signature_verify(&pair.public_key, message, sizeof message, &signature));
}

/* A signature has one form: s + L, which solves the same equation, is refused (RFC 8032, section 5.1.7). */
static void malleated_signature_is_refused(void)
{
    uint8_t order[32];
    read_hex(order, 32, "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    struct signature_key_pair pair;
    signature_key_pair_init(&pair, (const uint8_t[32]){9});
    struct signature signature = signature_sign(&pair, "vote", 4);
    sodium_add(signature.bytes + 32, order, 32);
    g_assert_false(signature_verify(&pair.public_key, "vote", 4, &signature));
}

/* The identity as public key would let R = B*s sign every message: keys of small order are refused. */
static void key_of_small_order_is_refused(void)
{
    struct public_key identity = {{1}};
    struct signature signature = {{0}};
    signature.bytes[0] = 1; /* R is the identity, s is 0 */
    g_assert_false(signature_verify(&identity, "any", 3, &signature));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signature/signatures are those of rfc 8032", signatures_are_those_of_rfc_8032);
    g_test_add_func("/signature/any change is refused", any_change_is_refused);
    g_test_add_func("/signature/malleated signature is refused", malleated_signature_is_refused);
    g_test_add_func("/signature/key of small order is refused", key_of_small_order_is_refused);
    return g_test_run();
}
