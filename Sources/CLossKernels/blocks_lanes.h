// blocks_lanes.h: element-wise losses of floats in float lanes, sixteen at once: formulas of blocks_pointwise.h
// that take logarithms.
//
// Twice as many lanes per instruction as doubles. What makes up for the shorter numbers: every logarithm is a sum
// of terms of one sign, its argument's distance from 1 is exact, and terms are not subtracted from each other. They
// are widened where they are multiplied by labels. Within 2 ulp of a float. NaN is made canonical by the caller.
#ifndef KL_BLOCKS_LANES_H
#define KL_BLOCKS_LANES_H

// The bounds as floats. No float lies between a bound and its float, so that x < KL_EPSILON and x < KL_EPSILON_F32
// are the same, and x > 1 - KL_EPSILON is x > KL_MOST_F32; a bound's logarithm is wrong by 1.2e-8.
#define KL_EPSILON_F32 1e-7f
#define KL_MOST_F32 0x1.fffffcp-1f /* 1 - 2^-23; only 1 - 2^-24 lies between 1 - epsilon and 1 */
#define KL_LN2_F32 0x1.62e430p-1f /* 2^-29 too much, 2^-28.4 of it */

// log(1 + f), -1/2 <= f <= 0: f + f^2 S(f), all negative; S to 2^-28 of the result. In halves, for a shorter chain.
KL_INLINE kl_f32x16 kl_log1p_negative(kl_f32x16 f) {
  const kl_f32x16 f2 = f * f, f4 = f2 * f2;
  const kl_f32x16 s01 = kl_fma(f, kl_splat(0x1.5542f4p-2f), kl_splat(-0x1.00001ep-1f));
  const kl_f32x16 s23 = kl_fma(f, kl_splat(0x1.68291ep-3f), kl_splat(-0x1.01ea22p-2f));
  const kl_f32x16 s45 = kl_fma(f, kl_splat(-0x1.2f745cp-1f), kl_splat(-0x1.5c5666p-2f));
  const kl_f32x16 s67 = kl_fma(f, kl_splat(-0x1.3d2084p+1f), kl_splat(-0x1.f8cc04p+0f));
  const kl_f32x16 high = kl_fma(f4, kl_splat(-0x1.be7574p+0f), kl_fma(f2, s67, s45));
  return kl_fma(f2, kl_fma(f4, high, kl_fma(f2, s23, s01)), f);
}

// log w of a probability w, 0 < w < 1 and normal; `other` is 1 - w, which is exact where w >= 1/2 and not used below.
// w = 2^k (1 + f), 1/2 <= 1 + f < 1: k ln2 and log(1 + f) are both negative.
KL_INLINE kl_f32x16 kl_log_probability(kl_f32x16 w, kl_f32x16 other) {
  const kl_u32x16 bits = kl_bits(w);
  const kl_f32x16 k = __builtin_convertvector((kl_i32x16)(bits >> 23) - 126, kl_f32x16);
  const kl_f32x16 m = kl_from_bits((bits & 0x7fffff) | 0x3f000000);
  const kl_f32x16 l = kl_log1p_negative(kl_select(w < 0.5f, m - 1.0f, -other));
  return kl_fma(k, kl_splat(KL_LN2_F32), l);
}

// What is left to be done in doubles: sixteen numbers as two vectors of eight.
KL_INLINE kl_sixteen kl_widen(kl_f32x16 x) { return (kl_sixteen){kl_widen_low(x), kl_widen_high(x)}; }

// t a + (1 - t) b of sixteen labels.
KL_INLINE kl_sixteen kl_mix(kl_sixteen t, kl_f32x16 a, kl_f32x16 b) {
  return (kl_sixteen){kl_fma(t.low, kl_widen_low(a), (1.0 - t.low) * kl_widen_low(b)),
                      kl_fma(t.high, kl_widen_high(a), (1.0 - t.high) * kl_widen_high(b))};
}

// The signature of a formula: the loss, and the derivative, rounded.
#define FORMULA_IN_LANES(name)                                                                                  \
  KL_INLINE kl_sixteen name##_in_lanes(kl_f32x16 y, kl_f32x16 p, const kl_parameters *at, kl_f32x16 *derivative)

// A label is 0 or 1, and stands for itself.
KL_INLINE kl_i32x16 kl_is_plain(kl_f32x16 y, const kl_parameters *at) {
  const kl_i32x16 none = (kl_i32x16)0;
  return at->slope == 1 && at->offset == 0 ? (y == 0.0f) | (y == 1.0f) : none;
}

// Measured: loss 1.6 ulp, derivative 1.4.
//
// Where all labels are 0 or 1 there is one logarithm, of the probability w of what is so, and the derivative is
// -+1/w. The bits are those of the general formula, in which 0 times the other logarithm is added.
FORMULA_IN_LANES(kl_bernoulli) {
  const kl_f32x16 one = kl_splat(1.0f), least = kl_splat(KL_EPSILON_F32);
  const kl_i32x16 below = p < KL_EPSILON_F32, beyond = p > KL_MOST_F32, is_one = y == 1.0f, plain = kl_is_plain(y, at);
  // q and 1 - q: the smaller is exact, or as exact as the bound.
  const kl_f32x16 q = kl_select(beyond, 1.0f - least, kl_select(below, least, p));
  const kl_f32x16 other = kl_select(beyond, least, 1.0f - q);
  const kl_f32x16 w = kl_select(is_one, q, other), sign = kl_select(is_one, -one, one);
  const kl_f32x16 nan = kl_splat(KL_NAN_F32); // the logarithms are of numbers
  kl_sixteen loss;
  kl_f32x16 slope;
  if (!kl_any(~plain)) {
    loss = kl_widen(kl_select(p == p, -kl_log_probability(w, kl_select(is_one, other, q)), nan));
    slope = sign / w;
  } else {
    const kl_sixteen wide = kl_widen(y), t = {kl_label(wide.low, at), kl_label(wide.high, at)};
    const kl_f32x16 l = -kl_log_probability(q, other), l_other = -kl_log_probability(other, q);
    loss = kl_mix(t, kl_select(p == p, l, nan), l_other);
    // (p - t) / (q (1 - q)): both as pairs, q (1 - q) being n - n^2 with n <= 1/2; then a quotient with its remainder.
    const kl_f32x16 n = kl_select(p > 0.5f, other, q), d = kl_fma(-n, n, n), d_low = kl_fma(-n, n, n - d);
    const kl_f64x8 e0 = kl_widen_low(p) - t.low, e1 = kl_widen_high(p) - t.high;
    const kl_f32x16 e = kl_narrow(e0, e1), e_low = kl_narrow(e0 - kl_widen_low(e), e1 - kl_widen_high(e));
    const kl_f32x16 inverse = 1.0f / kl_select(plain, w, d), quotient = e * inverse;
    const kl_f32x16 remainder = kl_fma(-quotient, d_low, kl_fma(-quotient, d, e)) + e_low;
    const kl_f32x16 close = kl_select(kl_abs(quotient) < KL_INF_F32, kl_fma(remainder, inverse, quotient), quotient);
    slope = kl_select(plain, sign * inverse, close);
  }
  *derivative = kl_select(below | beyond, kl_splat(0.0f), slope);
  return loss;
}

// w m^gamma B in doubles, given B and its derivative. The label, the focus and the weight are as in blocks_pointwise.h.
KL_INLINE kl_f64x8 kl_focal_of(kl_f64x8 y, kl_f64x8 p, kl_f64x8 b, const kl_parameters *at, kl_f64x8 *derivative) {
  const kl_f64x8 t = kl_label(y, at), weight = kl_class_weight(t, at);
  kl_f64x8 df, m = kl_fma(t, 1.0 - p, (1.0 - t) * p), f = kl_focus(m, at->gamma, &df, 1);
  *derivative = weight * kl_fma(df * (1.0 - 2.0 * t), b, f * *derivative);
  return weight * f * b;
}

// Measured: loss 1.9 ulp, derivative 1.9.
FORMULA_IN_LANES(kl_focal) {
  kl_f32x16 slope;
  const kl_sixteen b = kl_bernoulli_in_lanes(y, p, at, &slope);
  kl_sixteen wide = kl_widen(slope), loss;
  loss.low = kl_focal_of(kl_widen_low(y), kl_widen_low(p), b.low, at, &wide.low);
  loss.high = kl_focal_of(kl_widen_high(y), kl_widen_high(p), b.high, at, &wide.high);
  *derivative = kl_narrow(wide.low, wide.high);
  return loss;
}

#endif
