/* SPDX-License-Identifier: MIT */
/* Signature cost profiles: published sizes, certificates, and tables that a scenario can read. */
#include "crypto/profile.h"

#include <glib.h>

static struct signature_profile defaults_of(const char *kind)
{
    struct signature_profile profile;
    g_assert_true(signature_profile_defaults(kind, &profile));
    return profile;
}

/* The sizes that the standards print. */
static void sizes_are_those_of_the_standards(void)
{
    static const struct {
        const char *kind;
        uint64_t public_key, signature;
        bool aggregate;
    } expected[] = {{"bls12_381", 48, 96, true},      {"ed25519", 32, 64, false},
                    {"falcon_512", 897, 666, false},  {"ml_dsa_44", 1312, 2420, false},
                    {"ml_dsa_65", 1952, 3309, false}, {"slh_dsa_128f", 32, 17088, false},
                    {"slh_dsa_128s", 32, 7856, false}};
    g_assert_cmpuint(signature_profiles.count, ==, G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_cmpstr(signature_profiles.list[i].name, ==, expected[i].kind);
        struct signature_profile profile = defaults_of(expected[i].kind);
        g_assert_cmpuint(profile.public_key_size_bytes, ==, expected[i].public_key);
        g_assert_cmpuint(profile.signature_size_bytes, ==, expected[i].signature);
        g_assert_cmpint(profile.aggregate, ==, expected[i].aggregate);
    }
    struct signature_profile untouched;
    g_assert_false(signature_profile_defaults("rsa_2048", &untouched));
}

/* A certificate of 134 signatures, two thirds of 200 validators. */
static void certificates_of_134_signatures(void)
{
    static const struct {
        const char *kind;
        uint64_t size_bytes;
    } expected[] = {{"ed25519", 8576},         {"ml_dsa_44", 324280}, {"falcon_512", 89244}, {"slh_dsa_128s", 1052704},
                    {"slh_dsa_128f", 2289792}, {"ml_dsa_65", 443406}, {"bls12_381", 96 + 25}};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        struct signature_profile profile = defaults_of(expected[i].kind);
        g_assert_cmpuint(signature_certificate_size_bytes(&profile, 134, 200), ==, expected[i].size_bytes);
    }
}

/* An aggregate's size depends on the electorate only, by whole bytes; a plain certificate's on the signers only. */
static void aggregates_grow_with_the_electorate(void)
{
    struct signature_profile bls = defaults_of("bls12_381"), ed25519 = defaults_of("ed25519");
    g_assert_cmpuint(signature_certificate_size_bytes(&bls, 1, 8), ==, 97);
    g_assert_cmpuint(signature_certificate_size_bytes(&bls, 8, 8), ==, 97);
    g_assert_cmpuint(signature_certificate_size_bytes(&bls, 8, 9), ==, 98);
    g_assert_cmpuint(signature_certificate_size_bytes(&ed25519, 8, 9), ==,
                     signature_certificate_size_bytes(&ed25519, 8, 1000));
    g_assert_cmpuint(signature_certificate_size_bytes(&ed25519, 0, 9), ==, 0);
}

/* Verification: every signature one by one; an aggregate once, and its keys added up. It never overflows. */
static void certificates_take_time(void)
{
    struct signature_profile bls = defaults_of("bls12_381"), ed25519 = defaults_of("ed25519");
    g_assert_cmpint(signature_certificate_verify_time_ns(&ed25519, 134), ==, 134 * ed25519.verify_time_ns);
    g_assert_cmpint(signature_certificate_verify_time_ns(&bls, 128), ==, 824877 + 128 * 409);
    g_assert_cmpint(signature_certificate_verify_time_ns(&ed25519, UINT64_MAX), ==, TIME_NEVER);
    g_assert_cmpint(signature_certificate_verify_time_ns(&ed25519, 0), ==, 0);
}

/* The cited measurements, recomputed from what the sources print (cycles and clock, or operations a second). */
static void times_follow_from_their_sources(void)
{
    static const struct {
        const char *kind;
        double sign_ns, verify_ns;
    } expected[] = {
        {"bls12_381", 286462, 824877},
        {"ed25519", 87548 / 2.4, 273364 / 2.4},
        {"falcon_512", 1e9 / 5948.1, 1e9 / 27933.0},
        {"ml_dsa_44", 333013 / 2.6, 118412 / 2.6},
        {"ml_dsa_65", 529106 / 2.6, 179424 / 2.6},
        {"slh_dsa_128f", 33651546 / 3.1, 2150290 / 3.1},
        {"slh_dsa_128s", 644740090 / 3.1, 861478 / 3.1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        struct signature_profile profile = defaults_of(expected[i].kind);
        g_assert_cmpfloat_with_epsilon((double)profile.sign_time_ns, expected[i].sign_ns, expected[i].sign_ns * 2e-3);
        g_assert_cmpfloat_with_epsilon((double)profile.verify_time_ns, expected[i].verify_ns,
                                       expected[i].verify_ns * 2e-3);
    }
}

/* What a scenario needs of the tables: the keys it may set, each with a default, a meaning and a source; in order. */
static void tables_describe_every_figure(void)
{
    static const char *const keys[] = {"aggregate", "aggregate_time", "public_key_size",
                                       "sign_time", "signature_size", "verify_time"};
    for (size_t i = 0; i < signature_profiles.count; i++) {
        const struct param_variant *variant = &signature_profiles.list[i];
        g_assert_true(signature_profile_find(variant->name) == variant);
        g_assert_cmpuint(variant->table->size, ==, sizeof(struct signature_profile));
        g_assert_cmpuint(variant->table->count, ==, G_N_ELEMENTS(keys));
        if (i > 0)
            g_assert_cmpstr(signature_profiles.list[i - 1].name, <, variant->name);
        for (size_t j = 0; j < G_N_ELEMENTS(keys); j++) {
            const struct param *param = param_table_find(variant->table, keys[j]);
            g_assert_nonnull(param);
            g_assert_nonnull(param->by_default);
            g_assert_nonnull(param->meaning);
            g_assert_nonnull(param->source);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/signature profile/sizes are those of the standards", sizes_are_those_of_the_standards);
    g_test_add_func("/signature profile/certificates of 134 signatures", certificates_of_134_signatures);
    g_test_add_func("/signature profile/aggregates grow with the electorate", aggregates_grow_with_the_electorate);
    g_test_add_func("/signature profile/certificates take time", certificates_take_time);
    g_test_add_func("/signature profile/times follow from their sources", times_follow_from_their_sources);
    g_test_add_func("/signature profile/tables describe every figure", tables_describe_every_figure);
    return g_test_run();
}
