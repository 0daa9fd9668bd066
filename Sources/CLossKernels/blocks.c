// blocks.c: the public block functions: the choice of the instruction set, and their scalar forms.
#include "blocks.h"

#include "compensated.h"

int kl_is_binary(kl_type type, const void *numbers, int64_t first, int64_t n, int64_t stride) {
  return KL_DISPATCH(kl_is_binary)(type, numbers, first, n, stride);
}

void kl_block_narrow(const double *x, float *out, size_t n) { KL_DISPATCH(kl_block_narrow)(x, out, n); }

// `call(i, m)` for the blocks i ..< i + m of n numbers.
#define OVER_BLOCKS(n, call)                              \
  if (n <= KL_SUM_BLOCK) return call(0, n);               \
  kl_compensated sum = {0, 0};                            \
  for (size_t i = 0; i < n; i += KL_SUM_BLOCK)            \
    kl_add(&sum, call(i, KL_BLOCK_AT(i, n)));             \
  return kl_total(sum);

// A function of one number is the block function on a block of one.
#define UNARY(name, real, type)                                        \
  void kl_block_##name##_##type(const real *x, real *out, size_t n) {  \
    KL_DISPATCH(kl_block_##name##_##type)(x, out, n);                  \
  }                                                                    \
  real kl_##name##_##type(real x) {                                    \
    KL_DISPATCH(kl_block_##name##_##type)(&x, &x, 1);                  \
    return x;                                                          \
  }

// A block of the arguments of these functions.
#define PLACES(i) l ? l + i : l, g ? g + i : g, scales + i * step, step
#define POINTWISE_f32(i, m) KL_DISPATCH(kl_pointwise_f32)(loss, at, y + i, p + i, PLACES(i), m)
#define POINTWISE_f64(i, m) KL_DISPATCH(kl_pointwise_f64)(loss, at, y + i, p + i, PLACES(i), m)
#define SIGMOID_f32(i, m) KL_DISPATCH(kl_sigmoid_cross_entropy_f32)(y + i, x + i, PLACES(i), m)
#define SIGMOID_f64(i, m) KL_DISPATCH(kl_sigmoid_cross_entropy_f64)(y + i, x + i, PLACES(i), m)

#define TYPE(real, type)                                                                                           \
  KL_FOR_EACH_UNARY(UNARY, real, type)                                                                             \
  void kl_block_pow_##type(const real *x, const real *y, real *out, size_t n) {                                    \
    KL_DISPATCH(kl_block_pow_##type)(x, y, 1, out, n);                                                             \
  }                                                                                                                \
  void kl_block_pow_scalar_##type(const real *x, real y, real *out, size_t n) {                                    \
    KL_DISPATCH(kl_block_pow_##type)(x, &y, 0, out, n);                                                            \
  }                                                                                                                \
  real kl_pow_##type(real x, real y) {                                                                             \
    KL_DISPATCH(kl_block_pow_##type)(&x, &y, 0, &x, 1);                                                            \
    return x;                                                                                                      \
  }                                                                                                                \
  void kl_block_divide_##type(const real *x, double divisor, double *out, size_t n) {                              \
    KL_DISPATCH(kl_block_divide_##type)(x, divisor, out, n);                                                       \
  }                                                                                                                \
  double kl_block_sum_##type(const real *x, size_t n) { return KL_DISPATCH(kl_block_sum_##type)(x, n); }           \
  double kl_pointwise_##type(kl_pointwise loss, const kl_parameters *at, const real *y, const real *p, double *l,  \
                             real *g, const double *scales, size_t step, size_t n) {                               \
    OVER_BLOCKS(n, POINTWISE_##type)                                                                               \
  }                                                                                                                \
  double kl_sigmoid_cross_entropy_##type(const real *y, const real *x, double *l, real *g, const double *scales,   \
                                         size_t step, size_t n) {                                                  \
    OVER_BLOCKS(n, SIGMOID_##type)                                                                                 \
  }

TYPE(float, f32)
TYPE(double, f64)
