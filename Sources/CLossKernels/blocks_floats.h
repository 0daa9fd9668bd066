// blocks_floats.h: element-wise losses of floats in float lanes, sixteen at once: formulas of blocks_pointwise.h that
// take only a few steps.
//
// Each step is rounded once. Absolute error and hinge are one step, so that nothing is lost; the percentage error is
// e, a quotient and their product, 1.95 ulp at most (measured). What is no finite float is computed in doubles (see
// blocks_pointwise_body.h). Squares would lose the half unit of e twice over, and gain nothing out of cache: they stay
// doubles.
#ifndef KL_BLOCKS_FLOATS_H
#define KL_BLOCKS_FLOATS_H

// The signature of a formula.
#define FORMULA_IN_FLOATS(name)                                                                 \
  ELSEWHERE(name)                                                                               \
  KL_INLINE kl_f32x16 name##_in_floats(kl_f32x16 y, kl_f32x16 p, const kl_parameters *at __attribute__((unused)), \
                                       kl_f32x16 *derivative)

// slope where e > 0, -slope below, 0 at 0; NaN stays.
KL_INLINE kl_f32x16 kl_slope_by_sign(kl_f32x16 e, kl_f32x16 slope) {
  const kl_f32x16 zero = kl_splat(0.0f), signed_slope = kl_from_bits(kl_bits(slope) | (kl_bits(e) & 0x80000000u));
  return kl_select(e == zero, zero, kl_select(e == e, signed_slope, e));
}

FORMULA_IN_FLOATS(kl_absolute_error) {
  const kl_f32x16 e = p - y;
  *derivative = kl_slope_by_sign(e, kl_splat(1.0f));
  return kl_abs(e);
}

FORMULA_IN_FLOATS(kl_percentage_error) {
  const kl_f32x16 e = p - y, size = kl_abs(y), least = kl_splat(KL_EPSILON_F32);
  const kl_f32x16 slope = 100.0f / kl_select(size < least, least, size);
  *derivative = kl_slope_by_sign(e, slope);
  return kl_abs(e) * slope;
}

// As kl_side. The label's line is that of 0 and 1 to -1 and 1, or none: exact.
KL_INLINE kl_f32x16 kl_side_in_floats(kl_f32x16 y, const kl_parameters *at) {
  const kl_f32x16 one = kl_splat(1.0f);
  return at->bits ? kl_select(y == one, one, kl_select(y == 0.0f, -one, kl_splat(KL_NAN_F32)))
                  : y * (float)at->slope + (float)at->offset;
}

FORMULA_IN_FLOATS(kl_hinge) {
  const kl_f32x16 zero = kl_splat(0.0f), t = kl_side_in_floats(y, at);
  const kl_f32x16 m = kl_fma(-t, p, kl_splat(1.0f));
  *derivative = kl_select(m <= zero, zero, kl_select(m == m, -t, m));
  return kl_select(m <= zero, zero, m);
}

#undef ELSEWHERE

#endif
