// kl_exact.h: exact, order-independent weighted sums (the public face).
//
// A `kl_exact` holds A = sum of w*l and W = sum of w as integers, so that adding elements, and merging two
// accumulators, are integer additions: associative, commutative, the same bits for any order and split.
// A reduction is an exact quotient, rounded once (to nearest, ties to even) to the result's own type.
#ifndef KL_EXACT_H
#define KL_EXACT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Limb 0's lowest bit of A weighs 2^-2160 and that of W 2^-1080: below the least product of two doubles
// (2^-2148) and the least double (2^-1074). 2^64 elements of the largest magnitude stay below 2^2112 and
// 2^1088; with a sign bit that is 4273 and 2169 bits.
#define KL_EXACT_A_LIMBS 67
#define KL_EXACT_W_LIMBS 34

// Plain data, 872 bytes. All zero is the empty sum. Two accumulators of the same elements, however they were
// fed, are equal byte for byte (two's complement has one representation per number).
typedef struct kl_exact {
  uint64_t a[KL_EXACT_A_LIMBS];  // sum of the finite w*l, two's complement, least significant limb first
  uint64_t w[KL_EXACT_W_LIMBS];  // sum of the finite w
  uint64_t n;                    // elements
  uint64_t z;                    // elements with w != 0: NaN and subnormal weights count, -0 does not
  uint64_t nan, pinf, ninf;      // products that are NaN, +inf, -inf (never the product of two finite numbers)
  uint64_t wnan, wpinf, wninf;   // weights that are NaN, +inf, -inf
} kl_exact;

void kl_exact_init(kl_exact *acc);

// Adds n elements. Without weights (NULL) each weight is 1. Any alignment.
void kl_exact_add_f32(kl_exact *acc, const float *losses, const float *weights, size_t n);
void kl_exact_add_f64(kl_exact *acc, const double *losses, const double *weights, size_t n);
// The same without W, for results that do not divide by it: less work.
void kl_exact_add_products_f32(kl_exact *acc, const float *losses, const float *weights, size_t n);
void kl_exact_add_products_f64(kl_exact *acc, const double *losses, const double *weights, size_t n);

// into += other. `other` may be `into`.
void kl_exact_merge(kl_exact *into, const kl_exact *other);

// A, A/count and A/W, each rounded once to the named type (f16: the bits of a half). Beyond the type's range
// +-inf; an exact 0 is +0; a non-zero quotient that rounds to 0 keeps its sign. Non-finite values:
//   A is NaN if any product is NaN or there are infinities of both signs, else that infinity; W the same.
//   x/0 = 0 for every x, NaN included (count 0, or a W that is finite and exactly 0).
//   Otherwise as IEEE divides: NaN if A or W is NaN or both are infinite; inf/W = inf with the quotient's sign;
//   A/inf = 0 with the quotient's sign, but +0 where A is 0.
// Every NaN is the canonical one (positive, quiet, no payload).
float kl_exact_sum_f32(const kl_exact *acc);
double kl_exact_sum_f64(const kl_exact *acc);
uint16_t kl_exact_sum_f16(const kl_exact *acc);
float kl_exact_over_count_f32(const kl_exact *acc, uint64_t count);
double kl_exact_over_count_f64(const kl_exact *acc, uint64_t count);
uint16_t kl_exact_over_count_f16(const kl_exact *acc, uint64_t count);
float kl_exact_over_weights_f32(const kl_exact *acc);
double kl_exact_over_weights_f64(const kl_exact *acc);
uint16_t kl_exact_over_weights_f16(const kl_exact *acc);

// w/W by the same rules, rounded once to Double: the factor of a gradient under a mean by weights.
double kl_exact_share(const kl_exact *acc, double weight);
// W rounded once to Double.
double kl_exact_weight_sum(const kl_exact *acc);

#ifdef __cplusplus
}
#endif
#endif
