// exp_log.h: exp, log, log1p on vectors.
//
// exp(x) = 2^k (1 + r + r² Q(r)),  k = x/ln 2 rounded to an integer,  r = x − k ln 2.
//
// k is rounded by adding 1.5·2^23 (2^52 for Double): the sum has k in its low bits. With 127 − N added
// to that number, those bits moved to the exponent field are the float 2^(k−N). So exp(x)·2^−N costs no
// more than exp(x), and the softmax kernel takes its largest logit out by N instead of by subtracting:
// x − max would be rounded, x − k ln 2 hardly is. That costs nothing and is what makes e accurate to an
// ulp however far below the maximum it lies.
//
// Error, Float, with u = 2^-24: x − k·ln2_high is exact (fused, and the difference is a multiple of
// 2^-25 less than 1/2), adding k·ln2_low rounds r: 2^-26. 1 + r·q: q rounded to 2^-24 (r > 0) or 2^-25, times
// |r| ≤ 0.347; the polynomial is within 2^-28.2; the last sum is rounded. Together ≤ 0.5 + 0.38 + 0.05
// ulp; measured over every Float in [−87.33, −0]: 0.8913. Double: see below.
//
// The polynomials are our own Remez fits on |r| ≤ 1.0005·ln2/2 (Tests/KernelFits/fit_exp.py).
#ifndef KL_EXP_LOG_H
#define KL_EXP_LOG_H

#define KL_LN2 0x1.62e42fefa39efp-1
#define KL_LOG2E 0x1.71547652b82fep+0

// Below these, exp is +0: the results are never subnormal, so no flush-to-zero mode matters.
#define KL_EXP_MIN_F32 (-0x1.5d589ep+6f) /* −87.33654 */
#define KL_EXP_MIN_F64 (-708.0)

// The number whose addition rounds to an integer and prepares 2^(k−N) (above), |k − N| < 127 or 1023.
KL_INLINE float kl_exp_magic_f32(int N) { return (float)(0x1.8p23 + 127 - N); }
KL_INLINE double kl_exp_magic_f64(int N) { return 0x1.8p52 + 1023 - N; }

// Q, the highest power first.
#define KL_EXP_Q_F32 0x1.6ac6e2p-10f, 0x1.123de2p-7f, 0x1.555858p-5f, 0x1.55548cp-3f, 0x1.fffffcp-2f

// p[j] with exp(x[j]) = p[j]·2^k, and t[j] with k in its low bits, of n ≤ 8 vectors. Step by step: each is a chain of
// a dozen dependent operations, and a processor's scheduler does not reach from one chain into enough others unless
// they are interleaved in the code.
KL_OVERLOAD void kl_exp_split(const kl_f32x16 *x, kl_f32x16 *p, kl_f32x16 *t, const int n, kl_f32x16 magic) {
  const float c[] = {KL_EXP_Q_F32, 1.0f, 1.0f};
  kl_f32x16 k[8], r[8];
  KL_EACH t[j] = kl_fma(x[j], kl_splat((float)KL_LOG2E), magic);
  KL_EACH k[j] = t[j] - magic;
  KL_EACH r[j] = kl_fma(k[j], kl_splat(-0x1.62e430p-1f), x[j]);
  KL_EACH r[j] = kl_fma(k[j], kl_splat(0x1.05c610p-29f), r[j]);
  KL_EACH p[j] = kl_splat(c[0]);
  KL_UNROLLED for (int i = 1; i < 7; i++) KL_EACH p[j] = kl_fma(p[j], r[j], kl_splat(c[i]));
}
// exp(x)·2^−N, in place, for |x| ≤ 512 where the result is a normal number; NaN gives a NaN, not canonical.
KL_OVERLOAD void kl_exp_scaled_all(kl_f32x16 *x, const int n, kl_f32x16 magic) {
  kl_f32x16 p[8], t[8];
  kl_exp_split(x, p, t, n, magic);
  KL_EACH x[j] = p[j] * kl_from_bits(kl_bits(t[j]) << 23);
}
// The same bits for finite x with a normal result: there 2^(k−N) can be added to the exponent, on units that
// are not busy with the polynomial. No number rounds to another k for it: x log₂e is never halfway.
KL_OVERLOAD void kl_exp_normal_all(kl_f32x16 *x, const int n, kl_f32x16 magic) {
  kl_f32x16 p[8], t[8];
  kl_exp_split(x, p, t, n, magic - 127.0f);
  KL_EACH x[j] = kl_from_bits(kl_bits(p[j]) + (kl_bits(t[j]) << 23));
}
KL_OVERLOAD kl_f32x16 kl_exp_scaled(kl_f32x16 x, kl_f32x16 magic) {
  kl_exp_scaled_all(&x, 1, magic);
  return x;
}

// exp(x)·2^−N as the sum of two Floats, in place and in `low`, for |x| ≤ 512 where the result is a normal number:
// 1 + r is rounded, and r² Q(r) joins what that lost. x − k·ln2_high is exact, and k·ln2_low an addend of r² Q as well.
// Measured over every Float in [−60, −0]: an error of 0.263·2^-24 of exp(x), and `low` is 0.0822 of the first at most.
// Finite numbers in `nothing`, if that is not NULL, give 0.
KL_INLINE void kl_exp_pair_all(kl_f32x16 *x, kl_f32x16 *low, const int n, kl_f32x16 magic, const kl_i32x16 *nothing) {
  const float c[] = {KL_EXP_Q_F32};
  kl_f32x16 t[4], k[4], r[4], q[4];
  KL_EACH t[j] = kl_fma(x[j], kl_splat((float)KL_LOG2E), magic);
  KL_EACH k[j] = t[j] - magic;
  KL_EACH x[j] = kl_fma(k[j], kl_splat(-0x1.62e430p-1f), x[j]);
  KL_EACH low[j] = k[j] * 0x1.05c610p-29f;
  KL_EACH r[j] = x[j] + low[j];
  KL_EACH q[j] = kl_splat(c[0]);
  KL_UNROLLED for (int i = 1; i < 5; i++) KL_EACH q[j] = kl_fma(q[j], r[j], kl_splat(c[i]));
  KL_EACH low[j] = kl_fma(r[j] * r[j], q[j], low[j]);
  KL_EACH r[j] = 1.0f + x[j];
  KL_EACH low[j] += x[j] - (r[j] - 1.0f);
  KL_EACH {
    kl_f32x16 power = kl_from_bits(kl_bits(t[j]) << 23);
    if (nothing) power = kl_select(nothing[j], kl_splat(0.0f), power);
    x[j] = r[j] * power, low[j] *= power;
  }
}

// The same for |x| ≤ 4096, and nearly correctly rounded: the errors of r and of 1 + r are carried to the last
// addition, so that its rounding (½ ulp) and those of r²Q are left; measured 0.65 ulp.
KL_OVERLOAD kl_f64x8 kl_exp_scaled(kl_f64x8 x, kl_f64x8 magic) {
  const kl_f64x8 t = kl_fma(x, kl_splat(KL_LOG2E), magic);
  const kl_f64x8 k = t - magic, ln2_low = kl_splat(0x1.8432a1b0e2634p-43);
  const kl_f64x8 s = kl_fma(k, kl_splat(-0x1.62e42fefa4000p-1), x); // 40 bits: exact
  const kl_f64x8 r = kl_fma(k, ln2_low, s), r_low = kl_fma(k, ln2_low, s - r);
  kl_f64x8 q = kl_splat(0x1.1e3cfb37dc969p-29);
  q = kl_fma(q, r, kl_splat(0x1.af6c1e4f4485fp-26));
  q = kl_fma(q, r, kl_splat(0x1.27e5b49b98bf1p-22));
  q = kl_fma(q, r, kl_splat(0x1.71ddf00223758p-19));
  q = kl_fma(q, r, kl_splat(0x1.a01a013649b66p-16));
  q = kl_fma(q, r, kl_splat(0x1.a01a01b38a410p-13));
  q = kl_fma(q, r, kl_splat(0x1.6c16c16c305edp-10));
  q = kl_fma(q, r, kl_splat(0x1.111111110ec3fp-7));
  q = kl_fma(q, r, kl_splat(0x1.5555555555503p-5));
  q = kl_fma(q, r, kl_splat(0x1.555555555555bp-3));
  q = kl_fma(q, r, kl_splat(0.5));
  const kl_f64x8 high = 1.0 + r, low = (r - (high - 1.0)) + r_low;
  return (high + kl_fma(r * r, q, low)) * kl_from_bits(kl_bits(t) << 52);
}

KL_OVERLOAD void kl_exp_scaled_all(kl_f64x8 *x, const int n, kl_f64x8 magic) {
  for (int j = 0; j < n; j++) x[j] = kl_exp_scaled(x[j], magic); // fills the scheduler by itself
}
KL_OVERLOAD void kl_exp_normal_all(kl_f64x8 *x, const int n, kl_f64x8 magic) { kl_exp_scaled_all(x, n, magic); }

// exp(x) for −708 ≤ x ≤ 0 to 2^-32 relative: what a Float result needs, at half the price.
KL_INLINE kl_f64x8 kl_exp_short(kl_f64x8 x) {
  const kl_f64x8 magic = kl_splat(kl_exp_magic_f64(0));
  const kl_f64x8 t = kl_fma(x, kl_splat(KL_LOG2E), magic);
  const kl_f64x8 k = t - magic;
  const kl_f64x8 r = kl_fma(k, kl_splat(-KL_LN2), x);
  kl_f64x8 p = kl_splat(0x1.6c759eccd0c67p-13);
  p = kl_fma(p, r, kl_splat(0x1.6d75148f36d2bp-10));
  p = kl_fma(p, r, kl_splat(0x1.113d1db232dc5p-7));
  p = kl_fma(p, r, kl_splat(0x1.5554ad1a0ba5ep-5));
  p = kl_fma(p, r, kl_splat(0x1.55552af679d62p-3));
  p = kl_fma(p, r, kl_splat(0x1.00000028538a5p-1));
  p = kl_fma(p, r, kl_splat(0x1.000000143e721p+0));
  p = kl_fma(p, r, kl_splat(1.0));
  return p * kl_from_bits(kl_bits(t) << 52);
}

// The same of n ≤ 8 vectors, step by step as above; no NaN. 2^k is added to the exponent.
KL_INLINE void kl_exp_short_all(kl_f64x8 *x, const int n) {
  const double c[] = {0x1.6c759eccd0c67p-13, 0x1.6d75148f36d2bp-10, 0x1.113d1db232dc5p-7, 0x1.5554ad1a0ba5ep-5,
                      0x1.55552af679d62p-3,  0x1.00000028538a5p-1,  0x1.000000143e721p+0, 1.0};
  const kl_f64x8 magic = kl_splat(0x1.8p52);
  kl_f64x8 t[8], r[8], p[8];
  KL_EACH t[j] = kl_fma(x[j], kl_splat(KL_LOG2E), magic);
  KL_EACH r[j] = kl_fma(t[j] - magic, kl_splat(-KL_LN2), x[j]);
  KL_EACH p[j] = kl_splat(c[0]);
  KL_UNROLLED for (int i = 1; i < 8; i++) KL_EACH p[j] = kl_fma(p[j], r[j], kl_splat(c[i]));
  KL_EACH x[j] = kl_from_bits(kl_bits(p[j]) + (kl_bits(t[j]) << 52));
}

// exp of any number: +0 below KL_EXP_MIN, +inf on overflow, the canonical NaN for NaN.
// Positive x are scaled by 2^−1 and doubled at the end, as 2^128 is not a Float.
KL_OVERLOAD kl_f32x16 kl_exp(kl_f32x16 x) {
  const kl_i32x16 up = x > 0.0f;
  kl_f32x16 e = kl_exp_scaled(x, kl_select(up, kl_splat(kl_exp_magic_f32(1)), kl_splat(kl_exp_magic_f32(0))));
  e *= kl_select(up, kl_splat(2.0f), kl_splat(1.0f));
  e = kl_select(x < KL_EXP_MIN_F32, kl_splat(0.0f), e);
  e = kl_select(x > 0x1.62e42ep+6f, kl_splat(KL_INF_F32), e); // log(FLT_MAX)
  return kl_canonical(e);
}
KL_OVERLOAD kl_f64x8 kl_exp(kl_f64x8 x) {
  const kl_i64x8 up = x > 0.0;
  kl_f64x8 e = kl_exp_scaled(x, kl_select(up, kl_splat(kl_exp_magic_f64(1)), kl_splat(kl_exp_magic_f64(0))));
  e *= kl_select(up, kl_splat(2.0), kl_splat(1.0));
  e = kl_select(x < KL_EXP_MIN_F64, kl_splat(0.0), e);
  e = kl_select(x > 0x1.62e42fefa39efp+9, kl_splat(KL_INF_F64), e); // log(DBL_MAX)
  return kl_canonical(e);
}

// MARK: Logarithms
//
// log(2^k (1+f)) with 1+f in [√½, √2): fdlibm's scheme (Sun Microsystems, e_log.c, freely usable) and its
// minimax polynomial, |error| < 2^-58.45:  s = f/(2+f),  log(1+f) = f − f²/2 + s (f²/2 + R(s²)).

// The above; `tail` is added to it at the last digit. Error < 1 ulp.
KL_INLINE kl_f64x8 kl_log_core(kl_f64x8 k, kl_f64x8 f, kl_f64x8 tail) {
  const kl_f64x8 s = f / (2.0 + f), z = s * s, h = 0.5 * f * f;
  kl_f64x8 R = kl_splat(0x1.2f112df3e5244p-3);
  R = kl_fma(R, z, kl_splat(0x1.39a09d078c69fp-3));
  R = kl_fma(R, z, kl_splat(0x1.7466496cb03dep-3));
  R = kl_fma(R, z, kl_splat(0x1.c71c51d8e78afp-3));
  R = kl_fma(R, z, kl_splat(0x1.2492494229359p-2));
  R = kl_fma(R, z, kl_splat(0x1.999999997fa04p-2));
  R = kl_fma(R, z, kl_splat(0x1.5555555555593p-1));
  R *= z;
  const kl_f64x8 low = kl_fma(s, h + R, kl_fma(k, kl_splat(0x1.a39ef35793c76p-33), tail));
  return kl_fma(k, kl_splat(0x1.62e42feep-1), -((h - low) - f)); // k·ln2_high: 32 bits, exact
}

// Splits a positive normal u into 2^k·m, m in [√½, √2).
KL_INLINE kl_f64x8 kl_log_split(kl_f64x8 u, kl_f64x8 *m) {
  const uint64_t root_half = 0x3fe6a09e667f3bcd, one = (uint64_t)1023 << 52;
  const kl_u64x8 biased = (kl_bits(u) - root_half + one) >> 52; // k + 1023
  *m = kl_from_bits(kl_bits(u) - ((biased - 1023) << 52));
  // An integer below 2^52 to Double: as the low bits of 2^52.
  return kl_from_bits(biased | (uint64_t)0x4330000000000000) - (0x1p52 + 1023);
}

// log(x); −inf at 0, NaN (canonical) below. Subnormal numbers too.
KL_OVERLOAD kl_f64x8 kl_log(kl_f64x8 x) {
  const kl_i64x8 tiny = x < 0x1p-1022;
  kl_f64x8 m, k = kl_log_split(kl_select(tiny, x * 0x1p54, x), &m);
  k -= kl_select(tiny, kl_splat(54.0), kl_splat(0.0));
  kl_f64x8 y = kl_log_core(k, m - 1.0, kl_splat(0.0));
  y = kl_select(x == KL_INF_F64, x, y);
  y = kl_select(x == 0.0, kl_splat(-KL_INF_F64), y);
  return kl_select(x >= 0.0, y, kl_splat(KL_NAN_F64));
}

// log of Floats, by way of Double: within 0.500001 ulp.
KL_OVERLOAD kl_f32x16 kl_log(kl_f32x16 x) {
  return kl_narrow(kl_log(kl_widen_low(x)), kl_log(kl_widen_high(x)));
}

// log(1 + v). u = 1 + v is rounded, its error c is known, and log(u + c) = log u + c/u. Where u needs no
// scaling (k = 0) f is v itself. −inf at −1, NaN below. Error < 1 ulp.
KL_OVERLOAD kl_f64x8 kl_log1p(kl_f64x8 v) {
  kl_f64x8 c, m, u = kl_two_sum(kl_splat(1.0), v, &c);
  const kl_f64x8 k = kl_log_split(u, &m);
  const kl_i64x8 near = k == 0.0;
  kl_f64x8 y = kl_log_core(k, kl_select(near, v, m - 1.0), kl_select(near, kl_splat(0.0), c / u));
  y = kl_select(v == KL_INF_F64, v, y);
  y = kl_select(v == -1.0, kl_splat(-KL_INF_F64), y);
  return kl_select(v >= -1.0, y, kl_splat(KL_NAN_F64));
}

#endif
