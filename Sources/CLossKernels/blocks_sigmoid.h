// blocks_sigmoid.h: the parts of sigmoid cross-entropy that differ between floats and doubles.
//
// Floats stay in float lanes, twice as many per instruction; what one float cannot hold is carried in a second.
#ifndef KL_BLOCKS_SIGMOID_H
#define KL_BLOCKS_SIGMOID_H

// z = e^-a, a >= 0, as the rounded z and what that lost; 0 from a = 88 (709) on, and below about the least normal
// number. r, k, c as in blocks_math.h; `magic` also adds the exponent's bias, so that its low bits are those of 2^k,
// and those of 0 for the least k. 1 + r, rounded, and its error with c: the pair is good to 2^-28 (2^-57).
// The float polynomials are evaluated in halves, which shortens the chain. NaN stays.
KL_OVERLOAD kl_f32x16 kl_exp_negative(kl_f32x16 a, kl_f32x16 *low) {
  const kl_f32x16 most = (kl_f32x16)88.0f, x = -(most < a ? most : a), magic = (kl_f32x16)(0x1.8p23f + 127);
  const kl_f32x16 t = kl_fma(x, (kl_f32x16)((float)KL_LOG2E), magic), k = t - magic;
  const kl_f32x16 r0 = kl_fma(k, (kl_f32x16)(-0x1.62e430p-1f), x);  // exact: 21 bits times 7
  const kl_f32x16 r = kl_fma(k, (kl_f32x16)0x1.05c610p-29f, r0), rl = kl_fma(k, (kl_f32x16)0x1.05c610p-29f, r0 - r);
  const kl_f32x16 r2 = r * r, q01 = kl_fma(r, (kl_f32x16)0x1.55548cp-3f, (kl_f32x16)0x1.fffffcp-2f);
  kl_f32x16 q = kl_fma(r, (kl_f32x16)0x1.123de0p-7f, (kl_f32x16)0x1.555858p-5f);
  q = kl_fma(r2, kl_fma(r2, (kl_f32x16)0x1.6ac74ep-10f, q), q01);
  const kl_f32x16 one = 1.0f + r, rest = (r - (one - 1.0f)) + kl_fma(r2, q, rl), z = one + rest;
  const kl_f32x16 scale = kl_from_bits(kl_bits(t) << 23);
  *low = (rest - (z - one)) * scale;
  return z * scale;
}

KL_OVERLOAD kl_f64x8 kl_exp_negative(kl_f64x8 a, kl_f64x8 *low) {
  const kl_f64x8 most = (kl_f64x8)709.0;
  const kl_exp_parts e = kl_exp_reduce(-(most < a ? most : a), (kl_f64x8)0.0);
  const kl_f64x8 one = 1.0 + e.r, rest = (e.r - (one - 1.0)) + e.c, z = one + rest;
  const kl_f64x8 scale = kl_power_of_two(e.k + KL_ROUNDER);
  *low = (rest - (z - one)) * scale;
  return z * scale;
}

// log(1 + f) - f, f in [-1/4, 1/2]: -f^2/2 + f^3 Q(f), 2^-27.6 relative to log(1 + f); f^2 with its error, so that one
// rounding counts ...
KL_OVERLOAD kl_f32x16 kl_log1p_tail(kl_f32x16 f) {
  const kl_f32x16 f2 = f * f, f2_low = kl_fma(f, f, -f2), f4 = f2 * f2;
  const kl_f32x16 q01 = kl_fma(f, (kl_f32x16)(-0x1.000046p-2f), (kl_f32x16)(0x1.5555a4p-2f));
  const kl_f32x16 q23 = kl_fma(f, (kl_f32x16)(-0x1.54ed86p-3f), (kl_f32x16)(0x1.99695ep-3f));
  const kl_f32x16 q45 = kl_fma(f, (kl_f32x16)(-0x1.0da4dep-3f), (kl_f32x16)(0x1.288488p-3f));
  const kl_f32x16 q67 = kl_fma(f, (kl_f32x16)(-0x1.71e60ep-5f), (kl_f32x16)(0x1.ad09b2p-4f));
  const kl_f32x16 q = kl_fma(f4, kl_fma(f2, q67, q45), kl_fma(f2, q23, q01));
  return kl_fma(f2, (kl_f32x16)(-0.5f), kl_fma(f2_low, (kl_f32x16)(-0.5f), (f2 * f) * q));
}

// ... and s (f^2/2 + s^2 P(s^2)) - f^2/2 with s = f/(2 + f), 2^-61.
KL_OVERLOAD kl_f64x8 kl_log1p_tail(kl_f64x8 f) {
  const kl_f64x8 s = f / (2.0 + f), z = s * s, h = 0.5 * f * f;
  kl_f64x8 p = kl_splat(0x1.1b68807111722p-3);
  p = kl_fma(p, z, kl_splat(0x1.0dcf551753838p-3));
  p = kl_fma(p, z, kl_splat(0x1.3b3586fe7da45p-3));
  p = kl_fma(p, z, kl_splat(0x1.745c4ca70a969p-3));
  p = kl_fma(p, z, kl_splat(0x1.c71c7487f6933p-3));
  p = kl_fma(p, z, kl_splat(0x1.24924921ed41cp-2));
  p = kl_fma(p, z, kl_splat(0x1.999999999c0dep-2));
  p = kl_fma(p, z, kl_splat(0x1.555555555554fp-1));
  return kl_fma(s, kl_fma(z, p, h), -h);
}

// ln 2 as a pair, and the ends of the types.
KL_INLINE void kl_constants_f32(float *ln2, float *ln2_low, float *most, float *grow) {
  *ln2 = 0x1.62e430p-1f, *ln2_low = -0x1.05c610p-29f, *most = 0x1.fffffep127f, *grow = 0x1p127f;
}
KL_INLINE void kl_constants_f64(double *ln2, double *ln2_low, double *most, double *grow) {
  *ln2 = KL_LN2, *ln2_low = 0x1.abc9e3b39803fp-56, *most = 0x1.fffffffffffffp1023, *grow = 0x1p1023;
}

// Adds a vector to sixteen Doubles; element i goes to lane i mod 16.
KL_OVERLOAD void kl_add_lanes(kl_sixteen *sum, size_t i, kl_f32x16 x) {
  (void)i;
  sum->low += kl_widen_low(x), sum->high += kl_widen_high(x);
}
KL_OVERLOAD void kl_add_lanes(kl_sixteen *sum, size_t i, kl_f64x8 x) {
  if (i & 8)
    sum->high += x;
  else
    sum->low += x;
}

// Elements as doubles, and doubles rounded to the element's type.
KL_OVERLOAD void kl_store_widened(double *p, kl_f32x16 x) {
  kl_store(p, kl_widen_low(x));
  kl_store(p + 8, kl_widen_high(x));
}
KL_OVERLOAD void kl_store_widened(double *p, kl_f64x8 x) { kl_store(p, x); }
KL_INLINE void kl_load_rounded_f32(const double *p, kl_f32x16 *x) {
  *x = kl_narrow(kl_load_f64x8(p), kl_load_f64x8(p + 8));
}
KL_INLINE void kl_load_rounded_f64(const double *p, kl_f64x8 *x) { *x = kl_load_f64x8(p); }

#endif
