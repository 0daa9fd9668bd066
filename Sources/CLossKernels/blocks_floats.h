// blocks_floats.h: element-wise losses of floats in float lanes, sixteen at once, from end to end.
//
// Each step is rounded once. Absolute error and hinge are one step, so that nothing is lost; the percentage error is
// e, a quotient and their product, 1.95 ulp at most (measured); the logarithmic error carries its roundings along. What
// is no finite float is computed in doubles (see blocks_pointwise_body.h). Squares would lose the half unit of e twice
// over, and gain nothing out of cache: they stay doubles.
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

// 1 + x, x >= 0, rounded, and what that loses.
KL_INLINE kl_f32x16 kl_plus_one(kl_f32x16 x, kl_f32x16 *low) {
  const kl_f32x16 one = kl_splat(1.0f), sum = one + x;
  const kl_i32x16 small = x < 1.0f;
  *low = kl_select(small, x, one) - (sum - kl_select(small, one, x));
  return sum;
}

// l^2, l = log(a/b), a = 1 + p and b = 1 + y as pairs. With k = log2(a/b) to the nearest integer, c = 2^k b lies within
// a factor 2 of a, so that n = a - c is exact, and l = k ln2 + 2 atanh(n/(a + c)). s = 2n/(a + c) gets its remainder,
// the rests of a, b and a + c included; what the bound's float has too much is taken from the logarithm. l is a pair:
// head has k ln2 + s, low what that lost and the rest of the series, s^3/12 and on. From 2^124 on 2/(a + c) is no
// normal number: NaN, for the formula in doubles. Measured: loss 0.68 ulp, derivative 1.5.
FORMULA_IN_FLOATS(kl_logarithmic_error) {
  const kl_f32x16 zero = kl_splat(0.0f), least = kl_splat(KL_EPSILON_F32);
  const kl_f32x16 excess = kl_splat((float)((KL_EPSILON_F32 - KL_EPSILON) / (1 + KL_EPSILON)));
  const kl_i32x16 p_low = p < KL_EPSILON_F32, y_low = y < KL_EPSILON_F32;
  const kl_f32x16 more = kl_select(y_low, excess, zero) - kl_select(p_low, excess, zero);
  kl_f32x16 al, bl;
  const kl_f32x16 a = kl_plus_one(kl_select(p_low, least, p), &al), b = kl_plus_one(kl_select(y_low, least, y), &bl);
  const kl_u32x16 shift = (kl_bits(a) - kl_bits(b) + (1u << 22)) & 0xff800000;
  const kl_f32x16 c = kl_from_bits(kl_bits(b) + shift), cl = bl * kl_from_bits(shift + 0x3f800000);
  const kl_f32x16 n0 = a - c, n1 = al - cl, n = n0 + n1, n_low = n1 - (n - n0);
  const kl_f32x16 d = a + c, d_low = (kl_fma(a, kl_splat(2.0f), -d) - n0) + (al + cl);
  const kl_f32x16 inverse = 2.0f / d, s = n * inverse, z = s * s, h = s * -0.5f;
  const kl_f32x16 rest = kl_fma(h, d, n) + kl_fma(h, d_low, n_low);
  kl_f32x16 q = kl_fma(z, kl_splat(0x1.ed8574p-12f), kl_splat(0x1.23e9e6p-9f));
  q = kl_fma(q, z, kl_splat(0x1.999bdap-7f));
  q = kl_fma(q, z, kl_splat(0x1.555554p-4f));
  const kl_f32x16 k = __builtin_convertvector((kl_i32x16)shift >> 23, kl_f32x16);
  const kl_f32x16 base = k * 0x1.62e4p-1f, head = base + s, head_low = (base - head) + s; // 15 bits: exact
  const kl_f32x16 low = kl_fma(s * z, q, kl_fma(k, kl_splat(0x1.7f7d1cp-20f), head_low) + kl_fma(rest, inverse, more));
  // 2l/a: a quotient with its remainder.
  const kl_f32x16 twice = (head + low) * 2.0f, inverse_a = 1.0f / a, quotient = twice * inverse_a;
  const kl_f32x16 remainder = kl_fma(-quotient, al, kl_fma(-quotient, a, twice));
  *derivative = kl_select(p_low, zero, kl_fma(remainder, inverse_a, quotient));
  const kl_f32x16 square = kl_fma(head, head, low * kl_fma(head, kl_splat(2.0f), low));
  return kl_select(kl_larger(a, b) < 0x1p124f, square, kl_splat(KL_NAN_F32));
}

#undef ELSEWHERE

#endif
