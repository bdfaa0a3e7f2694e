/* SPDX-License-Identifier: MIT */
/* The kernels of jitter.h for each instruction set, and which of them this machine can run. */
#include "network/jitter.h"

#include "network/quantiles.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define NAMED(name, suffix)  NAMED_(name, suffix)
#define NAMED_(name, suffix) name##_##suffix
#define TEXT_OF(suffix)      TEXT_OF_(suffix)
#define TEXT_OF_(suffix)     #suffix

/* MULTIPLY: the lower halves of the lanes of 64 bits to whole products. */
#define SUFFIX plain
#define TARGET
#define VECTOR_BYTES 16
#ifdef __x86_64__
#define MULTIPLY(a, b) ((LANES64)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#else
#define MULTIPLY(a, b) (((a)&UINT32_MAX) * ((b)&UINT32_MAX))
#endif
#include "network/jitter_body.inc"
#undef SUFFIX
#undef TARGET
#undef VECTOR_BYTES
#undef MULTIPLY

#ifdef __x86_64__
#define SUFFIX         avx2
#define TARGET         __attribute__((target("avx2,bmi2")))
#define VECTOR_BYTES   32
#define MULTIPLY(a, b) ((LANES64)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#include "network/jitter_body.inc"
#undef SUFFIX
#undef TARGET
#undef VECTOR_BYTES
#undef MULTIPLY

#define SUFFIX         avx512
#define TARGET         __attribute__((target("avx2,bmi2,avx512f,avx512bw,avx512dq,avx512vl")))
#define VECTOR_BYTES   64
#define MULTIPLY(a, b) ((LANES64)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#include "network/jitter_body.inc"
#undef SUFFIX
#undef TARGET
#undef VECTOR_BYTES
#undef MULTIPLY

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const struct jitter_kernels *jitter_kernels_at(unsigned index)
{
    const struct jitter_kernels *able[4] = {&jitter_kernels_plain};
#ifdef __x86_64__
    unsigned count = 1;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        able[count++] = &jitter_kernels_avx2;
        if (has_avx512())
            able[count++] = &jitter_kernels_avx512;
    }
#endif
    return index < 4 ? able[index] : NULL;
}

const struct jitter_kernels *jitter_kernels_best(void)
{
    unsigned index = 0;
    while (jitter_kernels_at(index + 1))
        index++;
    return jitter_kernels_at(index);
}

struct jitter_key jitter_key_of(const struct random_seed *seed)
{
    uint64_t drawn = random_at(seed, RANDOM_LATENCY, 0, 0);
    return (struct jitter_key){{(uint32_t)drawn, (uint32_t)(drawn >> 32)}};
}
