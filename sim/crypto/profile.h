/* SPDX-License-Identifier: MIT */
/*
 * What a signature scheme costs: bytes on the wire and time on a processor. A scenario chooses one,
 *
 *     signatures: {kind: ml_dsa_44, verify_time: 100 us}
 *
 * and may set every figure. A profile says nothing of security: whether votes are really signed is another choice, and
 * the simulator never runs the post-quantum schemes. The defaults are published measurements of optimised code on one
 * core of x86-64; they come from different processors, so compare schemes by orders of magnitude, or set your own.
 * Pure functions, callable at any time; the tables are static.
 */
#ifndef POSIM_CRYPTO_PROFILE_H
#define POSIM_CRYPTO_PROFILE_H

#include "base/param.h"

/* The struct that every variant's table fills. */
struct signature_profile {
    uint64_t public_key_size_bytes;
    uint64_t signature_size_bytes;
    bool aggregate; /* signatures of one message add up to one */
    time_ns sign_time_ns;
    time_ns verify_time_ns;
    time_ns aggregate_time_ns; /* added to verify_time for each signer of an aggregate */
};

/* By `kind`: bls12_381, ed25519, falcon_512, ml_dsa_44, ml_dsa_65, slh_dsa_128f, slh_dsa_128s. */
extern const struct param_variants signature_profiles;

/* The variant of that name, or NULL. */
const struct param_variant *signature_profile_find(const char *kind);

/* The profile of that kind with its defaults; false when there is no such kind. */
bool signature_profile_defaults(const char *kind, struct signature_profile *profile);

/*
 * The bytes of a certificate that shows `signers` signatures of an electorate of `electorate` validators: all of them;
 * or, of an aggregate, one signature and a bitmap of the electorate. Identities beside plain signatures are not
 * counted. `signers` must not exceed `electorate`.
 */
uint64_t signature_certificate_size_bytes(const struct signature_profile *profile, uint64_t signers,
                                          uint64_t electorate);

/* The time to verify it on one core, held at TIME_NEVER: each signature; or, of an aggregate, one and every key. */
time_ns signature_certificate_verify_time_ns(const struct signature_profile *profile, uint64_t signers);

#endif
