// exact.c: exact sums of weighted losses: limbs, the element-by-element path, merge, dispatch.
//
// Blocks go through the vector path of exact_body.h; what that declines (non-finite elements, a dynamic
// range beyond its slices) comes here, element by element. Both add the same integers, so the choice
// between them, and between instruction sets, cannot change a bit.
#include "exact.h"

#include <string.h>

// ---- digits: carries deferred ---------------------------------------------------------------------------

// Adding element by element goes through signed digits of 32 bits in 64-bit words: no carry is propagated,
// so a sum that changes sign often (carries through all limbs in two's complement) costs no more. A digit
// grows by less than 2^32 per element and is flushed after each block.
#define A_DIGITS (2 * KL_EXACT_A_LIMBS)
#define W_DIGITS (2 * KL_EXACT_W_LIMBS)
#define SPARE 4

typedef struct {
  int64_t d[A_DIGITS + SPARE];  // the spare ones take zeros only
  int low, high;  // digits in use: low ..< high
} digits;

static void digits_clear(digits *s, int count) {
  memset(s->d, 0, (size_t)(count + SPARE) * sizeof s->d[0]);
  s->low = count;
  s->high = 0;
}

// Adds +-magnitude * 2^bit; with the shift inside a digit the magnitude (106 bits, or 53) spans `most` digits (5 or 3).
static inline __attribute__((always_inline)) void digits_add(digits *s, unsigned __int128 magnitude, int bit,
                                                             int64_t sign, const int most) {
  const int i = bit >> 5, shift = bit & 31;
  const unsigned __int128 v = magnitude << shift;
  int64_t *d = s->d + i;
  d[0] += ((int64_t)(uint32_t)v ^ sign) - sign;
  d[1] += ((int64_t)(uint32_t)(v >> 32) ^ sign) - sign;
  d[2] += ((int64_t)(uint32_t)(v >> 64) ^ sign) - sign;
  if (most > 3) {
    d[3] += ((int64_t)(uint32_t)(v >> 96) ^ sign) - sign;
    d[4] += ((int64_t)(uint64_t)((magnitude >> 64) >> (64 - shift)) ^ sign) - sign;
  }
  s->low = i < s->low ? i : s->low;
  s->high = i + most > s->high ? i + most : s->high;
}

// Two digits and a limb at a time; the carry is the floor of what is above, hence signed.
static void digits_flush(const digits *s, uint64_t *limbs, int count) {
  if (s->low >= s->high) return;
  __int128 carry = 0;
  int j = s->low >> 1, end = (s->high + 1) >> 1;
  if (end > count) end = count;
  for (; j < end; j++) {
    __int128 t = carry + limbs[j] + s->d[2 * j] + (__int128)s->d[2 * j + 1] * ((__int128)1 << 32);
    limbs[j] = (uint64_t)t;
    carry = t >> 64;
  }
  kl_exact_add_wide(limbs, count, carry, j);
}

// ---- element by element ---------------------------------------------------------------------------------

typedef struct {
  uint64_t mantissa;  // |x| = mantissa * 2^(field - 1075)
  int field;
  int64_t sign;  // 0 or -1
} parts;

static inline parts split(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int field = (int)(bits >> 52) & 0x7ff;
  uint64_t fraction = bits & 0xfffffffffffffull;
  parts p = {field ? fraction | 0x10000000000000ull : fraction, field ? field : 1, (int64_t)bits >> 63};
  return p;
}

static inline void count_non_finite(double x, uint64_t *nan, uint64_t *pinf, uint64_t *ninf) {
  if (x != x)
    ++*nan;
  else
    ++*(x > 0 ? pinf : ninf);
}

// One block; every float is a double, so that one routine serves both (`wide`: the elements are doubles).
static inline __attribute__((always_inline)) void add_elements(kl_exact *acc, const void *losses, const void *weights,
                                                               size_t n, bool sum_weights, const int wide) {
  digits a, w;
  digits_clear(&a, A_DIGITS);
  digits_clear(&w, W_DIGITS);
  uint64_t nonzero = 0;
  for (size_t i = 0; i < n; i++) {
    double l = wide ? ((const double *)losses)[i] : (double)((const float *)losses)[i];
    double u = !weights ? 1.0 : wide ? ((const double *)weights)[i] : (double)((const float *)weights)[i];
    parts pl = split(l), pu = split(u);
    nonzero += u != 0;  // true for NaN
    if (pl.field < 0x7ff && pu.field < 0x7ff) {
      // l*u = mantissas' product * 2^(fields - 2150). Floats' mantissas end in 29 zeros, their product in 58.
      int bit = pl.field + pu.field - 2150 - KL_EXACT_A_BASE;
      if (wide)
        digits_add(&a, (unsigned __int128)pl.mantissa * pu.mantissa, bit, pl.sign ^ pu.sign, 5);
      else
        digits_add(&a, (pl.mantissa >> 29) * (pu.mantissa >> 29), bit + 58, pl.sign ^ pu.sign, 3);
    } else {
      count_non_finite(l * u, &acc->nan, &acc->pinf, &acc->ninf);
    }
    if (!weights || !sum_weights) continue;
    if (pu.field < 0x7ff)
      digits_add(&w, pu.mantissa, pu.field - 1075 - KL_EXACT_W_BASE, pu.sign, 3);
    else
      count_non_finite(u, &acc->wnan, &acc->wpinf, &acc->wninf);
  }
  digits_flush(&a, acc->a, KL_EXACT_A_LIMBS);
  digits_flush(&w, acc->w, KL_EXACT_W_LIMBS);
  if (!weights) kl_exact_add_int(acc->w, KL_EXACT_W_LIMBS, (int64_t)n, -KL_EXACT_W_BASE);
  acc->n += n;
  acc->z += nonzero;
}

static void add_elements_f32(kl_exact *acc, const float *losses, const float *weights, size_t n, bool sum_weights) {
  add_elements(acc, losses, weights, n, sum_weights, 0);
}
static void add_elements_f64(kl_exact *acc, const double *losses, const double *weights, size_t n, bool sum_weights) {
  add_elements(acc, losses, weights, n, sum_weights, 1);
}

// ---- the public operations ------------------------------------------------------------------------------

void kl_exact_init(kl_exact *acc) { memset(acc, 0, sizeof *acc); }

static void merge_limbs(uint64_t *into, const uint64_t *other, int count) {
  unsigned __int128 carry = 0;
  for (int i = 0; i < count; i++) {
    carry += (unsigned __int128)into[i] + other[i];
    into[i] = (uint64_t)carry;
    carry >>= 64;
  }
}

void kl_exact_merge(kl_exact *into, const kl_exact *other) {
  merge_limbs(into->a, other->a, KL_EXACT_A_LIMBS);
  merge_limbs(into->w, other->w, KL_EXACT_W_LIMBS);
  into->n += other->n, into->z += other->z;
  into->nan += other->nan, into->pinf += other->pinf, into->ninf += other->ninf;
  into->wnan += other->wnan, into->wpinf += other->wpinf, into->wninf += other->wninf;
}

#define ADD(real, type)                                                                             \
  static void add_##type(kl_exact *acc, const real *losses, const real *weights, size_t n, bool sum_weights) { \
    while (n > 0) {                                                                                  \
      size_t m = n < KL_EXACT_BLOCK ? n : KL_EXACT_BLOCK;                                            \
      if (!KL_DISPATCH_WIDENING(kl_exact_block_##type)(acc, losses, weights, m, sum_weights))        \
        add_elements_##type(acc, losses, weights, m, sum_weights);                                   \
      losses += m, n -= m;                                                                           \
      if (weights) weights += m;                                                                     \
    }                                                                                                \
  }                                                                                                  \
  void kl_exact_add_##type(kl_exact *acc, const real *losses, const real *weights, size_t n) {       \
    add_##type(acc, losses, weights, n, true);                                                       \
  }                                                                                                  \
  void kl_exact_add_products_##type(kl_exact *acc, const real *losses, const real *weights, size_t n) { \
    add_##type(acc, losses, weights, n, false);                                                      \
  }
ADD(float, f32)
ADD(double, f64)
