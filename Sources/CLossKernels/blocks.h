// blocks.h: the block functions, one per instruction set (internal; see dispatch.h and include/kl_blocks.h).
//
//   blocks_math.h            the functions on vectors of doubles
//   blocks_body.h            loops over blocks: functions and sums; once per type
//   blocks_pointwise.h       the formulas of the element-wise losses, on vectors of doubles
//   blocks_lanes.h           those of floats that are largely in float lanes
//   blocks_floats.h          those that are in float lanes altogether
//   blocks_pointwise_body.h  the loop over them; once per type
//   blocks_sigmoid_body.h    sigmoid cross-entropy; once per type
//   blocks_bodies.h          includes them
//   blocks.c                 the public functions
#ifndef KL_BLOCKS_INTERNAL_H
#define KL_BLOCKS_INTERNAL_H

#include "dispatch.h"
#include "include/kl_blocks.h"

#define KL_FOR_EACH_UNARY(M, ...) M(exp, __VA_ARGS__) M(log, __VA_ARGS__) M(log1p, __VA_ARGS__) M(expm1, __VA_ARGS__) \
    M(tanh, __VA_ARGS__)

// `step` is 0 (one exponent) or 1.
#define KL_DECLARE_UNARY(name, real, type, isa) \
  void kl_block_##name##_##type##_##isa(const real *x, real *out, size_t n);
#define KL_DECLARE_TYPE(real, type, isa)                                                                        \
  KL_FOR_EACH_UNARY(KL_DECLARE_UNARY, real, type, isa)                                                          \
  void kl_block_pow_##type##_##isa(const real *x, const real *y, size_t step, real *out, size_t n);             \
  void kl_block_divide_##type##_##isa(const real *x, double divisor, double *out, size_t n);                    \
  double kl_block_sum_##type##_##isa(const real *x, size_t n);                                                  \
  double kl_pointwise_##type##_##isa(kl_pointwise loss, const kl_parameters *at, const real *y, const real *p,    \
                                     double *l, real *g, const double *scales, size_t step, size_t n);            \
  double kl_sigmoid_cross_entropy_##type##_##isa(const real *y, const real *x, double *l, real *g,                \
                                                 const double *scales, size_t step, size_t n);
#define KL_DECLARE(isa)                                                                                     \
  void kl_block_narrow_##isa(const double *x, float *out, size_t n);                                           \
  int kl_is_binary_##isa(kl_type type, const void *numbers, int64_t first, int64_t n, int64_t stride);       \
  KL_DECLARE_TYPE(float, f32, isa) KL_DECLARE_TYPE(double, f64, isa)
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE
#undef KL_DECLARE_TYPE
#undef KL_DECLARE_UNARY

#endif
