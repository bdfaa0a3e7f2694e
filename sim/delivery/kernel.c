/* SPDX-License-Identifier: MIT */
/* The kernels for each instruction set, and which of them this machine can run. */
#include "delivery/kernel.h"

#include <stdbool.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define SHORT_COLUMN 32u /* is sorted */
#define HALVINGS     7u  /* of the range, before what lies outside is left out */
#define STEP_GROWS   4u  /* from a guess outwards */

#define KERNELS_NAME(suffix)  KERNELS_NAME_(suffix)
#define KERNELS_NAME_(suffix) #suffix
#define NAMED(name, suffix)   NAMED_(name, suffix)
#define NAMED_(name, suffix)  name##_##suffix

/* MASK_OF: a bit for each lane of 32 bits, which are all set or none; without it the body makes them one by one. */
#define SUFFIX plain
#define TARGET
#define VECTOR_BYTES 16
#ifdef __x86_64__
#define MASK_OF(lanes) ((uint32_t)_mm_movemask_ps((__m128)(lanes)))
#endif
#include "delivery/kernel_body.inc"
#undef MASK_OF
#undef SUFFIX
#undef TARGET
#undef VECTOR_BYTES

#ifdef __x86_64__
#define SUFFIX         avx2
#define VECTOR_BYTES   32
#define TARGET         __attribute__((target("avx2,bmi2")))
#define MASK_OF(lanes) ((uint32_t)_mm256_movemask_ps((__m256)(lanes)))
#include "delivery/kernel_body.inc"
#undef MASK_OF
#undef SUFFIX
#undef TARGET
#undef VECTOR_BYTES

#define SUFFIX         avx512
#define VECTOR_BYTES   64
#define TARGET         __attribute__((target("avx2,bmi2,avx512f,avx512bw,avx512dq,avx512vl")))
#define MASK_OF(lanes) ((uint32_t)_mm512_movepi32_mask((__m512i)(lanes)))
#include "delivery/kernel_body.inc"
#undef MASK_OF
#undef SUFFIX
#undef TARGET
#undef VECTOR_BYTES

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const struct kernels *kernels_at(unsigned index)
{
    const struct kernels *able[4] = {&kernels_plain};
#ifdef __x86_64__
    unsigned count = 1;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        able[count++] = &kernels_avx2;
        if (has_avx512())
            able[count++] = &kernels_avx512;
    }
#endif
    return index < 4 ? able[index] : NULL;
}

const struct kernels *kernels_best(void)
{
    unsigned index = 0;
    while (kernels_at(index + 1))
        index++;
    return kernels_at(index);
}
