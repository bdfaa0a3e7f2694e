/* SPDX-License-Identifier: MIT */
#include "crypto/profile.h"

#include "base/assert.h"

#include <string.h>

/* The parameters of one scheme, all but its figures the same in each. */
#define PROFILE_PARAMS(public_key, signature, size_source, aggregates, sign, verify, add, time_source)                 \
    {                                                                                                                  \
        {.key = "aggregate",                                                                                           \
         .type = PARAM_FLAG,                                                                                           \
         .offset = offsetof(struct signature_profile, aggregate),                                                      \
         .by_default = (aggregates),                                                                                   \
         .meaning = "whether signatures of one message add up to one",                                                 \
         .source = (size_source)},                                                                                     \
            {.key = "aggregate_time",                                                                                  \
             .type = PARAM_DURATION,                                                                                   \
             .offset = offsetof(struct signature_profile, aggregate_time_ns),                                          \
             .by_default = (add),                                                                                      \
             .minimum = "0",                                                                                           \
             .meaning = "time added to verify_time for each signer of an aggregate",                                   \
             .source = (time_source)},                                                                                 \
            {.key = "public_key_size",                                                                                 \
             .type = PARAM_SIZE,                                                                                       \
             .offset = offsetof(struct signature_profile, public_key_size_bytes),                                      \
             .by_default = (public_key),                                                                               \
             .maximum = "1 MiB",                                                                                       \
             .meaning = "size of a public key",                                                                        \
             .source = (size_source)},                                                                                 \
            {.key = "sign_time",                                                                                       \
             .type = PARAM_DURATION,                                                                                   \
             .offset = offsetof(struct signature_profile, sign_time_ns),                                               \
             .by_default = (sign),                                                                                     \
             .minimum = "0",                                                                                           \
             .meaning = "processor time to make a signature",                                                          \
             .source = (time_source)},                                                                                 \
            {.key = "signature_size",                                                                                  \
             .type = PARAM_SIZE,                                                                                       \
             .offset = offsetof(struct signature_profile, signature_size_bytes),                                       \
             .by_default = (signature),                                                                                \
             .maximum = "1 MiB",                                                                                       \
             .meaning = "size of a signature",                                                                         \
             .source = (size_source)},                                                                                 \
            {.key = "verify_time",                                                                                     \
             .type = PARAM_DURATION,                                                                                   \
             .offset = offsetof(struct signature_profile, verify_time_ns),                                             \
             .by_default = (verify),                                                                                   \
             .minimum = "0",                                                                                           \
             .meaning = "processor time to verify a signature",                                                        \
             .source = (time_source)},                                                                                 \
    }

/* 286462, 824877 and, for one message and 128 keys, 877281 ns: (877281 - 824877) / 128 = 409 ns a key. */
static const struct param bls12_381_params[] = PROFILE_PARAMS(
    "48 B", "96 B", "draft-irtf-cfrg-bls-signature-05, minimal-pubkey-size", "on", "286462 ns", "824877 ns", "409 ns",
    "blst 0.3.12 on AMD Ryzen 7840U: Constantine v0.1.0 announcement, ethresear.ch t/19990, July 2024");

/* 87548 and 273364 cycles at 2.4 GHz. */
static const struct param ed25519_params[] =
    PROFILE_PARAMS("32 B", "64 B", "RFC 8032, section 5.1", "off", "36.5 us", "113.9 us", "0",
                   "Intel Xeon E5620 (Westmere, 2.4 GHz): Bernstein, Duif, Lange, Schwabe, Yang, CHES 2011, section 1");

/* 5948.1 signatures and 27933.0 verifications a second. */
static const struct param falcon_512_params[] =
    PROFILE_PARAMS("897 B", "666 B", "Falcon specification 1.2", "off", "168.1 us", "35.8 us", "0",
                   "Intel Core i5-8259U at 2.3 GHz: falcon-sign.info");

/* 333013 and 118412 cycles at 2.6 GHz. */
static const struct param ml_dsa_44_params[] =
    PROFILE_PARAMS("1312 B", "2420 B", "FIPS 204, table 2", "off", "128.1 us", "45.5 us", "0",
                   "Intel Core i7-6600U (Skylake, 2.6 GHz), AVX2: pq-crystals.org/dilithium (round 3)");

/* 529106 and 179424 cycles at 2.6 GHz. */
static const struct param ml_dsa_65_params[] =
    PROFILE_PARAMS("1952 B", "3309 B", "FIPS 204, table 2", "off", "203.5 us", "69 us", "0",
                   "Intel Core i7-6600U (Skylake, 2.6 GHz), AVX2: pq-crystals.org/dilithium (round 3)");

/* 33651546 and 2150290 cycles at 3.1 GHz. */
static const struct param slh_dsa_128f_params[] =
    PROFILE_PARAMS("32 B", "17088 B", "FIPS 205, table 2", "off", "10855 us", "693.6 us", "0",
                   "Intel Xeon E3-1220 (Haswell, 3.1 GHz), AVX2: SPHINCS+ specification 3.1, table 6, SHA2-simple");

/* 644740090 and 861478 cycles at 3.1 GHz. */
static const struct param slh_dsa_128s_params[] =
    PROFILE_PARAMS("32 B", "7856 B", "FIPS 205, table 2", "off", "207981 us", "277.9 us", "0",
                   "Intel Xeon E3-1220 (Haswell, 3.1 GHz), AVX2: SPHINCS+ specification 3.1, table 6, SHA2-simple");

#define PROFILE_TABLE(scheme, table_meaning)                                                                           \
    static const struct param_table scheme##_table =                                                                   \
        PARAM_TABLE(#scheme, table_meaning, struct signature_profile, scheme##_params)

PROFILE_TABLE(bls12_381, "BLS signatures on BLS12-381, which aggregate");
PROFILE_TABLE(ed25519, "Ed25519 signatures");
PROFILE_TABLE(falcon_512, "Falcon-512 signatures, post-quantum, of NTRU lattices");
PROFILE_TABLE(ml_dsa_44, "ML-DSA-44 (Dilithium2) signatures, post-quantum, of module lattices");
PROFILE_TABLE(ml_dsa_65, "ML-DSA-65 (Dilithium3) signatures, post-quantum, of module lattices");
PROFILE_TABLE(slh_dsa_128f, "SLH-DSA-SHA2-128f (SPHINCS+) signatures, post-quantum, of hashes, fast to sign");
PROFILE_TABLE(slh_dsa_128s, "SLH-DSA-SHA2-128s (SPHINCS+) signatures, post-quantum, of hashes, small");

static const struct param_variant variants[] = {
    {.name = "bls12_381", .meaning = "BLS12-381, aggregated: 96 bytes for any number", .table = &bls12_381_table},
    {.name = "ed25519", .meaning = "Ed25519: 64 bytes", .table = &ed25519_table},
    {.name = "falcon_512", .meaning = "Falcon-512, post-quantum: 666 bytes", .table = &falcon_512_table},
    {.name = "ml_dsa_44", .meaning = "ML-DSA-44, post-quantum: 2420 bytes", .table = &ml_dsa_44_table},
    {.name = "ml_dsa_65", .meaning = "ML-DSA-65, post-quantum: 3309 bytes", .table = &ml_dsa_65_table},
    {.name = "slh_dsa_128f", .meaning = "SLH-DSA-128f, post-quantum: 17088 bytes", .table = &slh_dsa_128f_table},
    {.name = "slh_dsa_128s", .meaning = "SLH-DSA-128s, post-quantum: 7856 bytes", .table = &slh_dsa_128s_table},
};

const struct param_variants signature_profiles = {.list = variants, .count = G_N_ELEMENTS(variants)};

const struct param_variant *signature_profile_find(const char *kind)
{
    for (size_t i = 0; i < signature_profiles.count; i++)
        if (strcmp(signature_profiles.list[i].name, kind) == 0)
            return &signature_profiles.list[i];
    return NULL;
}

bool signature_profile_defaults(const char *kind, struct signature_profile *profile)
{
    const struct param_variant *variant = signature_profile_find(kind);
    if (!variant)
        return false;
    param_table_defaults(variant->table, profile);
    return true;
}

uint64_t signature_certificate_size_bytes(const struct signature_profile *profile, uint64_t signers,
                                          uint64_t electorate)
{
    REQUIRE(signers <= electorate);
    if (profile->aggregate)
        return profile->signature_size_bytes + electorate / 8 + (electorate % 8 != 0);
    uint128 size = (uint128)signers * profile->signature_size_bytes;
    REQUIRE(size <= UINT64_MAX);
    return (uint64_t)size;
}

time_ns signature_certificate_verify_time_ns(const struct signature_profile *profile, uint64_t signers)
{
    uint128 each = (uint128)(uint64_t)(profile->aggregate ? profile->aggregate_time_ns : profile->verify_time_ns);
    uint128 time = each * signers + (uint64_t)(profile->aggregate ? profile->verify_time_ns : 0);
    return time < (uint128)TIME_NEVER ? (time_ns)time : TIME_NEVER;
}
