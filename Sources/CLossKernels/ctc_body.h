// ctc_body.h: one sample, for logits of type REAL (see ctc_bodies.h).

// e^x as m · 2^e, m in 0.7 ..< 1.42, for any x ≤ 0; 0 below −2^50 and for −inf. NaN gives NaN.
KL_INLINE kl_wide TYPED(kl_ctc_exp)(kl_f64x8 x) {
  const kl_i64x8 never = x < -0x1p50;
  x = kl_select(never, kl_splat(0.0), x);
  const kl_exp_parts e = BRIEF ? kl_exp_reduce_brief(x) : kl_exp_reduce(x, kl_splat(0.0));
  return (kl_wide){kl_select(never, kl_splat(0.0), 1.0 + (e.r + e.c)), kl_select(never, kl_splat(KL_CTC_NEVER), e.k)};
}

KL_INLINE double TYPED(kl_ctc_largest)(const REAL *x, size_t n) {
  kl_f64x8 max = kl_splat(-KL_INF_F64);
  size_t c = 0;
  for (; c + 16 <= n; c += 16) {
    const kl_sixteen v = kl_load_sixteen(x + c);
    max = kl_larger(v.low, max), max = kl_larger(v.high, max);
  }
  double largest = kl_largest(max);
  for (; c < n; c++) largest = (double)x[c] > largest ? (double)x[c] : largest;
  return largest;
}

// Fills in the row of a step. Returns its sum.
KL_INLINE double TYPED(kl_ctc_row)(const kl_ctc_memory *at, const REAL *x, size_t n) {
  const kl_f64x8 max = kl_splat(TYPED(kl_ctc_largest)(x, n));
  kl_f64x8 sum = kl_splat(0.0);
  for (size_t c = 0; c < n; c += 16) {
    REAL last[16];
    const REAL *from = x + c;
    if (c + 16 > n) {
      for (int i = 0; i < 16; i++) last[i] = (REAL)-KL_INF_F64;
      memcpy(last, from, (n - c) * sizeof(REAL));
      from = last;
    }
    const kl_sixteen v = kl_load_sixteen(from);
    const kl_wide low = TYPED(kl_ctc_exp)(v.low - max), high = TYPED(kl_ctc_exp)(v.high - max);
    kl_store(at->row + c, low.m), kl_store(at->row_e + c, low.e);
    kl_store(at->row + c + 8, high.m), kl_store(at->row_e + c + 8, high.e);
    sum += low.m * kl_wide_power(low.e);
    sum += high.m * kl_wide_power(high.e);
  }
  return kl_sum_lanes(sum);
}

// The derivatives of a step.
KL_INLINE void TYPED(kl_ctc_derive)(const kl_ctc_memory *at, double sum, double scale, REAL *out, size_t n) {
  const kl_f64x8 inverse = kl_splat(1.0 / sum), factor = kl_splat(scale);
  for (size_t c = 0; c < n; c += 16) {
    kl_sixteen g;
    const kl_wide low = kl_wide_load(at->row + c, at->row_e + c);
    const kl_wide high = kl_wide_load(at->row + c + 8, at->row_e + c + 8);
    g.low = (low.m * kl_wide_power(low.e) * inverse - kl_load_f64x8(at->occupancy + c)) * factor;
    g.high = (high.m * kl_wide_power(high.e) * inverse - kl_load_f64x8(at->occupancy + c + 8)) * factor;
    REAL last[16];
    kl_store_sixteen(c + 16 <= n ? out + c : last, g);
    if (c + 16 > n) memcpy(out + c, last, (n - c) * sizeof(REAL));
  }
}

KL_INLINE void TYPED(kl_ctc_fill)(REAL *out, size_t n, REAL value) {
  for (size_t i = 0; i < n; i++) out[i] = value;
}

double KL_NAME(TYPED(kl_ctc))(const REAL *logits, size_t steps, size_t classes, const int64_t *labels, size_t count,
                              double scale, REAL *gradient, double *scratch) {
  const kl_ctc_memory at = kl_ctc_arrange(steps, classes, count, scratch);
  for (size_t i = 0; i < at.width; i += 8) {
    kl_store(at.emission + i, kl_splat(0.0)), kl_store(at.emission_e + i, kl_splat(KL_CTC_NEVER));
    kl_store(at.skip + i, kl_splat(0.0));
  }
  for (size_t j = 1; j < count; j++) at.skip[j] = labels[j] != labels[j - 1];

  // Step −1: every path is before the first blank, which step 0 then may leave out. States of step t lie at t, or,
  // where they are not kept, at t's parity; step −1 and the betas at the two places behind.
  const size_t spare = gradient ? steps : 0;
  for (size_t t = 0; t < (gradient ? steps + 2 : 2); t++) kl_ctc_clear(&at, kl_ctc_at(&at, t));
  kl_ctc_states now = kl_ctc_at(&at, spare + 1);
  now.blank[0] = 1, now.blank_e[0] = 0;
  kl_ctc_total z = {1, 0};
  for (size_t t = 0; t < steps; t++) {
    const double sum = TYPED(kl_ctc_row)(&at, logits + t * classes, classes);
    if (sum != sum) {
      if (gradient) TYPED(kl_ctc_fill)(gradient, steps * classes, (REAL)KL_NAN_F64);
      return KL_NAN_F64;
    }
    at.sums[t] = sum;
    const kl_wide product = kl_wide_normal(kl_splat(z.m * sum), kl_splat(z.e));
    z.m = product.m[0], z.e = product.e[0];
    kl_ctc_emissions(&at, labels, count);
    const kl_ctc_states next = kl_ctc_at(&at, gradient ? t : t % 2);
    kl_ctc_forward(&at, now, next);
    now = next;
  }
  const kl_ctc_total all = kl_ctc_end(now, count);
  if (all.m == 0) {
    if (gradient) TYPED(kl_ctc_fill)(gradient, steps * classes, 0);
    return KL_INF_F64;
  }
  // ln(Z/α), of the quotient as one number where it is one: next to 1 that has the digits of the difference.
  const double d = z.e - all.e;
  const kl_f64x8 near = kl_log(kl_splat(z.m / all.m) * kl_wide_power(kl_splat(d > 0 ? -d : d)));
  const kl_f64x8 far = kl_log(kl_splat(z.m / all.m)) + kl_splat(d) * KL_LN2;
  const kl_f64x8 inverse = kl_log(kl_splat(all.m / z.m) * kl_wide_power(kl_splat(d > 0 ? -d : d)));
  const double loss = d > 500 || d < -500 ? far[0] : d > 0 ? -inverse[0] : near[0];
  // A probability that rounding has carried beyond 1.
  const double result = loss > 0 ? loss : 0;
  if (!gradient) return result;

  kl_ctc_states beta = kl_ctc_at(&at, spare), other = kl_ctc_at(&at, spare + 1);
  kl_ctc_clear(&at, other);
  beta.blank[count] = 1, beta.blank_e[count] = 0;
  if (count > 0) beta.label[count - 1] = 1, beta.label_e[count - 1] = 0;
  for (size_t t = steps; t-- > 0;) {
    // The row of the last step is still there.
    if (t + 1 < steps) TYPED(kl_ctc_row)(&at, logits + t * classes, classes);
    kl_ctc_occupy(&at, kl_ctc_at(&at, t), beta, all, labels, count, classes);
    TYPED(kl_ctc_derive)(&at, at.sums[t], scale, gradient + t * classes, classes);
    kl_ctc_emissions(&at, labels, count);
    kl_ctc_backward(&at, beta, other);
    const kl_ctc_states swap = beta;
    beta = other, other = swap;
  }
  return result;
}
