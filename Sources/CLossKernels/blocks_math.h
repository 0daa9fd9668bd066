// blocks_math.h: exp, log, log1p, expm1, tanh and pow on vectors of doubles, over their full domains.
//
// Functions of floats are computed here too, on widened lanes ("brief": shorter polynomials, exact to about
// 2^-33), and rounded once: within 0.51 ulp, hence nearly always the correctly rounded float. No intermediate
// result of theirs is subnormal.
//
// The polynomials are our own fits (Tests/KernelFits/fit_blocks.py). NaN arguments give some NaN; the caller makes it
// the canonical one. log and log1p of doubles are exp_log.h's.
#ifndef KL_BLOCKS_MATH_H
#define KL_BLOCKS_MATH_H

#define KL_ROUNDER 0x1.8p52 /* x + this has x, rounded to an integer, in its low bits; |x| < 2^51 */
#define KL_LN2_HIGH 0x1.62e42fefa4000p-1 /* 40 bits: times an integer below 2^13 it is exact */
#define KL_LN2_LOW (-0x1.8432a1b0e2634p-43)

// 2^k, k an integer in [-1022, 1023]; `rounded` is k + KL_ROUNDER.
KL_INLINE kl_f64x8 kl_power_of_two(kl_f64x8 rounded) { return kl_from_bits((kl_bits(rounded) + 1023) << 52); }

KL_INLINE kl_f64x8 kl_clamp(kl_f64x8 x, double low, double high) {  // NaN stays
  x = kl_select(x < low, kl_splat(low), x);
  return kl_select(x > high, kl_splat(high), x);
}

KL_INLINE kl_f64x8 kl_with_sign(kl_f64x8 magnitude, kl_f64x8 sign) {
  return kl_from_bits(kl_bits(magnitude) | (kl_bits(sign) & ((uint64_t)1 << 63)));
}

// n/d; for floats by a reciprocal in float that a step of Newton's method makes good to 2^-44. |d| in a
// float's range.
KL_INLINE kl_f64x8 kl_quotient(kl_f64x8 n, kl_f64x8 d, const int brief) {
  if (!brief) return n / d;
  const kl_f32x8 reciprocal = 1.0f / __builtin_convertvector(d, kl_f32x8);
  const kl_f64x8 r = __builtin_convertvector(reciprocal, kl_f64x8);
  return n * kl_fma(r, kl_fma(-d, r, kl_splat(1.0)), r);
}

// MARK: exp

// e^(x + tail) = 2^k (1 + r + c): r = x + tail - k ln2, |r| <= 0.347, and c = r^2 Q(r) plus the error of r.
// k ln2_high is exact and so is x - k ln2_high (|x| < 2^12: a multiple of 2^-52 below 1); adding the rest rounds
// r, by less than 2^-54, which c carries. Q: 2^-60.3 relative to e^r.
typedef struct {
  kl_f64x8 k, r, c;
} kl_exp_parts;

KL_INLINE kl_exp_parts kl_exp_reduce(kl_f64x8 x, kl_f64x8 tail) {
  kl_exp_parts e;
  e.k = kl_fma(x, kl_splat(KL_LOG2E), kl_splat(KL_ROUNDER)) - KL_ROUNDER;
  const kl_f64x8 r0 = kl_fma(e.k, kl_splat(-KL_LN2_HIGH), x);
  const kl_f64x8 rest = kl_fma(e.k, kl_splat(-KL_LN2_LOW), tail), r = r0 + rest;
  kl_f64x8 q = kl_splat(0x1.1e3d21e5ae5e3p-29);
  q = kl_fma(q, r, kl_splat(0x1.af6be7c997a89p-26));
  q = kl_fma(q, r, kl_splat(0x1.27e5b44ea897dp-22));
  q = kl_fma(q, r, kl_splat(0x1.71ddf020e130ep-19));
  q = kl_fma(q, r, kl_splat(0x1.a01a01368ac59p-16));
  q = kl_fma(q, r, kl_splat(0x1.a01a01b37e2dap-13));
  q = kl_fma(q, r, kl_splat(0x1.6c16c16c304a0p-10));
  q = kl_fma(q, r, kl_splat(0x1.111111110ec5dp-7));
  q = kl_fma(q, r, kl_splat(0x1.5555555555503p-5));
  q = kl_fma(q, r, kl_splat(0x1.555555555555bp-3));
  q = kl_fma(q, r, kl_splat(0.5));
  e.r = r;
  e.c = kl_fma(r * r, q, rest - (r - r0));
  return e;
}

// The same to 2^-34.
KL_INLINE kl_exp_parts kl_exp_reduce_brief(kl_f64x8 x) {
  kl_exp_parts e;
  e.k = kl_fma(x, kl_splat(KL_LOG2E), kl_splat(KL_ROUNDER)) - KL_ROUNDER;
  const kl_f64x8 r = kl_fma(e.k, kl_splat(-KL_LN2), x);
  kl_f64x8 q = kl_splat(0x1.9f0899d4bb42dp-13);
  q = kl_fma(q, r, kl_splat(0x1.6d8d06c84ad01p-10));
  q = kl_fma(q, r, kl_splat(0x1.111270b09946bp-7));
  q = kl_fma(q, r, kl_splat(0x1.55548dc4b6547p-5));
  q = kl_fma(q, r, kl_splat(0x1.555554433d5f6p-3));
  q = kl_fma(q, r, kl_splat(0x1.0000003a23579p-1));
  e.r = r;
  e.c = r * r * q;
  return e;
}

// e^(x + tail), |tail| < 2^-40. 1 + r is rounded and its error joins c: the result is rounded from a sum good
// to 2^-57, 0.57 ulp. The scale goes on in two factors, 2^k being out of range at both ends: overflow gives
// inf; a subnormal result is rounded once more, to its own grid (< 1 ulp of it in all).
KL_INLINE kl_f64x8 kl_exp_full(kl_f64x8 x, kl_f64x8 tail) {
  const kl_exp_parts e = kl_exp_reduce(kl_clamp(x, -746, 710), tail);
  const kl_f64x8 one = 1.0 + e.r, rest = (e.r - (one - 1.0)) + e.c;
  const kl_f64x8 half = kl_fma(e.k, kl_splat(0.5), kl_splat(KL_ROUNDER));
  const kl_f64x8 other = e.k - (half - KL_ROUNDER) + KL_ROUNDER;
  return (one + rest) * kl_power_of_two(half) * kl_power_of_two(other);
}

KL_INLINE kl_f64x8 kl_exp_brief(kl_f64x8 x) {
  const kl_exp_parts e = kl_exp_reduce_brief(kl_clamp(x, -110, 100));
  return (1.0 + (e.r + e.c)) * kl_power_of_two(e.k + KL_ROUNDER);
}

// MARK: expm1

// 2^k (1 + p) - 1 = 2^k p + (2^k - 1), p = r + c as an exact pair p + q. The sum and what it lost are added last:
// one rounding that counts. Halved throughout and doubled at the end, as 2^1024 is no double. `low` takes what
// is left over then, for tanh.
KL_INLINE kl_f64x8 kl_expm1_pair(kl_f64x8 x, kl_f64x8 *low) {
  const kl_exp_parts e = kl_exp_reduce(kl_clamp(x, -40, 710), kl_splat(0.0));
  const kl_f64x8 p = e.r + e.c, q = e.c - (p - e.r), scale = kl_power_of_two(e.k - 1.0 + KL_ROUNDER);
  const kl_f64x8 base = scale - 0.5, sum = kl_fma(scale, p, base);
  // What the fused sum lost (|scale p| < |base|, or base is 0), what base lost, and q.
  const kl_f64x8 lost = kl_fma(scale, q, kl_fma(scale, p, base - sum) + ((scale - base) - 0.5));
  const kl_f64x8 y = sum + lost;
  *low = (lost - (y - sum)) * 2.0;
  return y * 2.0;
}

KL_INLINE kl_f64x8 kl_expm1_full(kl_f64x8 x) {
  kl_f64x8 low, y = kl_expm1_pair(x, &low);
  return kl_select(kl_abs(x) < 0x1p-54, x, y);  // also -0, and subnormals that halving would round
}

KL_INLINE kl_f64x8 kl_expm1_brief(kl_f64x8 x) {
  const kl_exp_parts e = kl_exp_reduce_brief(kl_clamp(x, -40, 100));
  const kl_f64x8 scale = kl_power_of_two(e.k + KL_ROUNDER);
  return kl_select(x == 0.0, x, kl_fma(scale, e.r + e.c, scale - 1.0));  // -0
}

// MARK: tanh

// With t = e^(2|x|) - 1 = th + tl: tanh|x| = t / (t + 2). One division, 1/(th + 2); the quotient's remainder,
// with the low parts of t and of t + 2, corrects it: <= 1 ulp. From |x| = 22 on the result is 1.
KL_INLINE kl_f64x8 kl_tanh_full(kl_f64x8 x) {
  const kl_f64x8 a = kl_clamp(kl_abs(x), 0, 22);
  kl_f64x8 tl, th = kl_expm1_pair(a + a, &tl);
  const kl_f64x8 d = th + 2.0, dl = (th - (d - 2.0)) + tl, inverse = 1.0 / d, q = th * inverse;
  const kl_f64x8 rest = kl_fma(-q, d, th) + kl_fma(-q, dl, tl);
  return kl_with_sign(kl_select(a < 0x1p-28, a, kl_fma(rest, inverse, q)), x);
}

KL_INLINE kl_f64x8 kl_tanh_brief(kl_f64x8 x) {
  const kl_f64x8 a = kl_clamp(kl_abs(x), 0, 10), t = kl_expm1_brief(a + a);
  return kl_with_sign(kl_quotient(t, t + 2.0, 1), x);
}

// MARK: log

// log(2^k (1 + f)), 1 + f in [sqrt(1/2), sqrt 2): s = f/(2 + f), log(1 + f) = 2s + s^3 P(s^2), to 2^-37. Where
// k = 0 the result is as small as f, and as accurate; elsewhere it is at least 0.34.
KL_INLINE kl_f64x8 kl_log_core_brief(kl_f64x8 k, kl_f64x8 f) {
  const kl_f64x8 s = kl_quotient(f, 2.0 + f, 1), z = s * s;
  kl_f64x8 p = kl_splat(0x1.e2f39463db5f3p-3);
  p = kl_fma(p, z, kl_splat(0x1.2438ec9c6811bp-2));
  p = kl_fma(p, z, kl_splat(0x1.999a7a2bf8dd9p-2));
  p = kl_fma(p, z, kl_splat(0x1.555554fdd9aecp-1));
  return kl_fma(k, kl_splat(KL_LN2), kl_fma(s * z, p, s + s));
}

// x > 0 and normal (a widened float is).
KL_INLINE kl_f64x8 kl_log_brief(kl_f64x8 x) {
  kl_f64x8 m, k = kl_log_split(x, &m);
  return kl_log_core_brief(k, m - 1.0);
}

// x > -1, a widened float. 1 + x loses at most 2^-53, which matters only next to x = 0, where f is x itself.
KL_INLINE kl_f64x8 kl_log1p_brief(kl_f64x8 x) {
  kl_f64x8 m, k = kl_log_split(1.0 + x, &m);
  return kl_log_core_brief(k, kl_select(k == 0.0, x, m - 1.0));
}

// log(a/b) of positive normal doubles (widened floats, and sums and products of them), d = a - b exactly: a difference
// of logarithms without cancellation, by one division. k is log2(a/b) to the nearest integer, taking a double's bits
// for its logarithm: the quotient m of a and 2^k b lies in [2/3, 3/2], s = (a - 2^k b)/(a + 2^k b) in [-1/5, 1/5], and
// log m = 2s + s^3 P(s^2), to 2^-35. Where a/b is near 1, k is 0 and the numerator d. d stands where it is not finite.
KL_INLINE kl_f64x8 kl_log_ratio_brief(kl_f64x8 a, kl_f64x8 b, kl_f64x8 d) {
  const uint64_t bias = 1024;
  const kl_u64x8 biased = (kl_bits(a) - kl_bits(b) + ((bias << 52) + ((uint64_t)1 << 51))) >> 52; // k + 1024
  const kl_f64x8 k = kl_from_bits(biased | (uint64_t)0x4330000000000000) - (0x1p52 + 1024);
  const kl_f64x8 c = kl_from_bits(kl_bits(b) + ((biased - bias) << 52));
  const kl_f64x8 s = kl_quotient(kl_select(k == 0.0, d, a - c), a + c, 1), z = s * s;
  kl_f64x8 p = kl_splat(0x1.ed85749211cd3p-3);
  p = kl_fma(p, z, kl_splat(0x1.23e9e6cb8b052p-2));
  p = kl_fma(p, z, kl_splat(0x1.999bda252979fp-2));
  p = kl_fma(p, z, kl_splat(0x1.555554239d803p-1));
  return kl_select(kl_abs(d) < KL_INF_F64, kl_fma(k, kl_splat(KL_LN2), kl_fma(s * z, p, s + s)), d);
}

// log x as a pair good to 2^-64 (relative), x > 0: what pow needs, as y log x reaches 745 and its absolute
// error is the relative error of the power. With s = sh + sl: log(1 + f) = 2s + (2/3) s^3 + s^5 P(s^2), the
// first two terms as pairs; the third is below 2^-11 of the first, so that its rounding is 2^-64.
KL_INLINE kl_f64x8 kl_log_pair(kl_f64x8 x, kl_f64x8 *low) {
  const kl_i64x8 tiny = x < 0x1p-1022;
  kl_f64x8 m, k = kl_log_split(kl_select(tiny, x * 0x1p54, x), &m), dl;
  k -= kl_select(tiny, kl_splat(54.0), kl_splat(0.0));
  const kl_f64x8 f = m - 1.0, d = kl_two_sum(m, kl_splat(1.0), &dl), inverse = 1.0 / d;
  const kl_f64x8 s = f * inverse, sl = (kl_fma(-s, d, f) - s * dl) * inverse;
  const kl_f64x8 z = s * s, zl = kl_fma(s, s, -z) + 2.0 * s * sl;
  const kl_f64x8 u = s * z, ul = kl_fma(s, z, -u) + kl_fma(s, zl, sl * z);
  const kl_f64x8 third = kl_splat(0x1.5555555555555p-1), v = third * u;
  const kl_f64x8 vl = kl_fma(third, u, -v) + kl_fma(third, ul, 0x1.5555555555555p-55 * u);
  kl_f64x8 p = kl_splat(0x1.0e40de6c64fa1p-3);
  p = kl_fma(p, z, kl_splat(0x1.0f801dc45cdcbp-3));
  p = kl_fma(p, z, kl_splat(0x1.3b1ee9b1b4a3ap-3));
  p = kl_fma(p, z, kl_splat(0x1.745ce9f10b1ffp-3));
  p = kl_fma(p, z, kl_splat(0x1.c71c722d3c6c6p-3));
  p = kl_fma(p, z, kl_splat(0x1.2492492457f54p-2));
  p = kl_fma(p, z, kl_splat(0x1.9999999999b2fp-2));
  kl_f64x8 e1, e2;
  const kl_f64x8 a = kl_two_sum(k * KL_LN2_HIGH, s + s, &e1), b = kl_two_sum(a, v, &e2);
  const kl_f64x8 rest = kl_fma(k, kl_splat(KL_LN2_LOW), e1 + e2) + (kl_fma(u * z, p, vl) + (sl + sl));
  const kl_f64x8 y = b + rest;
  *low = rest - (y - b);
  return y;
}

// MARK: Full domains, for floats (brief) and doubles

KL_INLINE kl_f64x8 kl_exp_any(kl_f64x8 x, const int brief) {
  return brief ? kl_exp_brief(x) : kl_exp_full(x, kl_splat(0.0));
}
KL_INLINE kl_f64x8 kl_expm1_any(kl_f64x8 x, const int brief) { return brief ? kl_expm1_brief(x) : kl_expm1_full(x); }
KL_INLINE kl_f64x8 kl_tanh_any(kl_f64x8 x, const int brief) { return brief ? kl_tanh_brief(x) : kl_tanh_full(x); }
KL_INLINE kl_f64x8 kl_log_any(kl_f64x8 x, const int brief) {
  if (!brief) return kl_log(x);
  kl_f64x8 y = kl_select(x < KL_INF_F64, kl_log_brief(x), x);  // inf and NaN as they are
  y = kl_select(x > 0.0, y, kl_splat(KL_NAN_F64));
  return kl_select(x == 0.0, kl_splat(-KL_INF_F64), y);
}
KL_INLINE kl_f64x8 kl_log1p_any(kl_f64x8 x, const int brief) {
  kl_f64x8 y = brief ? kl_log1p_brief(x) : kl_log1p(x);
  y = kl_select((x < KL_INF_F64) & (x != 0.0), y, x);  // inf, NaN and -0 as they are
  y = kl_select(x > -1.0, y, kl_splat(KL_NAN_F64));
  return kl_select(x == -1.0, kl_splat(-KL_INF_F64), y);
}

// MARK: pow

// C's pow: x^0 = 1^y = 1 whatever the other is, (-1)^(+-inf) = 1; a negative finite base needs an integer.
KL_INLINE kl_f64x8 kl_pow_any(kl_f64x8 x, kl_f64x8 y, const int brief) {
  const kl_f64x8 a = kl_abs(x), inf = kl_splat(KL_INF_F64), one = kl_splat(1.0), zero = kl_splat(0.0);
  kl_f64x8 power;
  if (brief) {
    // y log x for floats: |error| < 104 * 2^-52 where the result is finite and not 0. Full length in log for that.
    kl_f64x8 m, k = kl_log_split(a, &m);
    power = kl_exp_brief(y * kl_log_core(k, m - 1.0, zero));
  } else {
    kl_f64x8 low, l = kl_log_pair(a, &low);
    const kl_f64x8 h = y * l, t = kl_fma(y, l, -h) + y * low;
    power = kl_exp_full(h, kl_select(kl_abs(h) < 1024.0, t, zero));
  }
  // Where a factor of y log|x| is infinite its sign decides.
  const kl_i64x8 extreme = (a == 0.0) | (a == inf) | (kl_abs(y) == inf);
  const kl_i64x8 grows = (a > 1.0) == (y > 0.0);
  power = kl_select(extreme & (y == y), kl_select(grows, inf, zero), power);
  // Integers: doubles from 2^52 on are, from 2^53 on they are even.
  const kl_f64x8 b = kl_abs(y), half = b * 0.5;
  const kl_i64x8 whole = (b >= 0x1p52) | ((b + 0x1p52) - 0x1p52 == b);
  const kl_i64x8 odd = whole & (b < 0x1p53) & ((half + 0x1p52) - 0x1p52 != half);
  power = kl_select((x < 0.0) & (a < inf) & ~whole, kl_splat(KL_NAN_F64), power);
  power = kl_select(odd, kl_with_sign(power, x), power);
  power = kl_select((x == x) & (y == y), power, kl_splat(KL_NAN_F64));
  return kl_select((y == 0.0) | (x == 1.0) | ((a == 1.0) & (b == inf)), one, power);
}

#endif
