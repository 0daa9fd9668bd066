// exact.h: what the parts of the exact accumulator share (internal).
//
//   exact.c         limbs, digits, the element-by-element path, merge, choice of the instruction set
//   exact_body.h    the vector path, compiled once per type (exact_bodies.h) and instruction set
//   exact_finish.c  quotients rounded once
#ifndef KL_EXACT_INTERNAL_H
#define KL_EXACT_INTERNAL_H

#include "dispatch.h"
#include <stdbool.h>
#include "include/kl_exact.h"

// The weight of bit 0 of A and of W, as a power of two.
#define KL_EXACT_A_BASE (-2160)
#define KL_EXACT_W_BASE (-1080)

// Which targets have a fused multiply-add (the baseline of arm64 has).
#define KL_HAS_FMA_baseline (!KL_X86)
#define KL_HAS_FMA_avx2 1
#define KL_HAS_FMA_avx512 1

// Elements per block of the vector path. Each lane sum grows by less than 2^52 per element (two slices of
// the same level for doubles), so that 1024 elements stay below 2^62.
#define KL_EXACT_BLOCK 1024

// limbs += v * 2^(64 j), carrying as far as needed. Arithmetic is modulo 2^(64 count): the head room of the
// representation makes the final sum fit, and intermediate wrapping cannot matter.
static inline void kl_exact_add_wide(uint64_t *limbs, int count, __int128 v, int j) {
  while (j < count && v != 0) {
    __int128 t = (__int128)limbs[j] + (uint64_t)v;
    limbs[j++] = (uint64_t)t;
    v = (v >> 64) + (t >> 64);
  }
}

// limbs += value * 2^bit. |value| < 2^63 and the shift within a limb is below 64: the product fits 127 bits.
static inline void kl_exact_add_int(uint64_t *limbs, int count, int64_t value, int bit) {
  kl_exact_add_wide(limbs, count, (__int128)((unsigned __int128)(__int128)value << (bit & 63)), bit >> 6);
}

// The vector path: returns 1 if it added the block, 0 if it left `acc` alone because the block holds
// non-finite numbers or a range too wide to slice. n <= KL_EXACT_BLOCK. Weights, if there are any, are added up
// themselves only if `sum_weights`.
#define KL_DECLARE(isa)                                                                                      \
  int kl_exact_block_f32_##isa(kl_exact *acc, const float *losses, const float *weights, size_t n, bool sum_weights); \
  int kl_exact_block_f64_##isa(kl_exact *acc, const double *losses, const double *weights, size_t n, bool sum_weights);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
