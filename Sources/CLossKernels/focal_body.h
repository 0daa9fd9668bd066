// focal_body.h: focal cross-entropy over rows of logits (see include/kl_focal.h).
//
// Everything after the loads is Double. e = e^(x - m), m the maximum, is good to 2^-32, x - m being exact but for
// 2^-53. No logarithm is taken of an element: log q = (x - m) - log S, S the sum of e. Where q <= 1/2 that is -0.69 or
// less and exact to 2^-32 / 0.69, and so is 1 - q >= 1/2. More than half of S only a single maximum, the *peak*, can
// have: it is left out of the sum of the others R, so that S = 1 + R, log q = -log1p(R) and 1 - q = R/S have no
// cancellation in them. A loss near 0 is the cube of R (gamma = 2), which makes 3 * 2^-32 of it.
//
// With A of one sign, as it is for labels >= 0, its sum loses nothing, and of a derivative's two terms only the
// peak's first, A (1 - q), must not be taken as a difference: it is computed apart, from 1 - q = R/S and the sum of
// the others' A.
//
// Sixteen classes at a time; the last ones are copied into a padded group and go through the same code. Class c of a
// sum is added to lane c mod 16, in order; then a fixed tree.

#define KL_FOCAL_EPSILON 1e-7
#define KL_FOCAL_LOG_LEAST -0x1.01e3b843eaa73p+4 /* log epsilon */
#define KL_FOCAL_LOG_MOST -0x1.ad7f2b1414ae8p-24 /* log(1 - epsilon) */
#define KL_FOCAL_LOWEST -700.0 /* e of what lies below is that of this: 2^-1010, nothing in any Float */

// MARK: The maximum

void KL_NAME(kl_focal_look)(kl_focal_row *row, const float *x, int64_t n) {
  kl_f32x16 max = kl_splat(row->max);
  if (row->seen == 0) max = kl_splat(-KL_INF_F32);
  kl_u32x16 most = {0};
#define KL_LOOK(v) max = kl_larger(v, max), most = __builtin_elementwise_max(most, kl_bits(kl_abs(v)))
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const kl_f32x16 v = kl_load_f32x16(x + i);
    KL_LOOK(v);
  }
  if (i < n) {
    float last[16];
    kl_store(last, kl_splat(-KL_INF_F32));
    memcpy(last, x + i, (size_t)(n - i) * sizeof(float));
    const kl_f32x16 v = kl_load_f32x16(last);
    KL_LOOK(v);
  }
#undef KL_LOOK
  row->max = kl_largest(max);
  row->has_nan |= __builtin_reduce_max(most) > 0x7f800000u;
  row->seen += n;
}

// MARK: The sum

// Of 16 h classes, 8 to a vector.
KL_INLINE void kl_focal_exp_groups(const float *x, kl_f64x8 m, kl_f64x8 *d, const int h) {
  KL_UNROLLED for (int j = 0; j < h; j++) {
    const kl_f32x16 v = kl_load_f32x16(x + 16 * j);
    d[2 * j] = kl_larger(kl_widen_low(v) - m, kl_splat(KL_FOCAL_LOWEST));
    d[2 * j + 1] = kl_larger(kl_widen_high(v) - m, kl_splat(KL_FOCAL_LOWEST));
  }
  kl_exp_short_all(d, 2 * h);
}

// A group with peaks in it: they are counted, not summed.
static __attribute__((noinline)) void KL_NAME(kl_focal_peaks)(kl_focal_row *row, int64_t first, const float *x,
                                                              const double *e, kl_sixteen *sum) {
  double others[16];
  for (int j = 0; j < 16; j++) {
    const bool is_peak = x[j] == row->max;
    others[j] = is_peak ? 0 : e[j];
    if (is_peak) row->peaks++, row->peak = first + j;
  }
  sum->low += kl_load_f64x8(others), sum->high += kl_load_f64x8(others + 8);
}

void KL_NAME(kl_focal_exp)(kl_focal_row *row, int64_t first, const float *x, double *e, int64_t n) {
  const kl_f32x16 max = kl_splat(row->max);
  const kl_f64x8 m = kl_splat((double)row->max);
  kl_sixteen sum = {kl_load_f64x8(row->others), kl_load_f64x8(row->others + 8)};
  int64_t i = 0;
  enum { GROUPS = KL_CHAINS / 2, STEP = 16 * GROUPS };
  kl_f64x8 v[KL_CHAINS];
  for (; i + STEP <= n; i += STEP) {
    kl_focal_exp_groups(x + i, m, v, GROUPS);
    kl_i32x16 peaks = {0};
    KL_UNROLLED for (int j = 0; j < KL_CHAINS; j++) kl_store(e + i + 8 * j, v[j]);
    KL_UNROLLED for (int j = 0; j < GROUPS; j++) peaks |= kl_load_f32x16(x + i + 16 * j) == max;
    if (!kl_any(peaks)) {
      KL_UNROLLED for (int j = 0; j < KL_CHAINS; j += 2) sum.low += v[j], sum.high += v[j + 1];
    } else {
      for (int j = 0; j < STEP; j += 16) KL_NAME(kl_focal_peaks)(row, first + i + j, x + i + j, e + i + j, &sum);
    }
  }
  for (; i + 16 <= n; i += 16) {
    kl_focal_exp_groups(x + i, m, v, 1);
    kl_store(e + i, v[0]), kl_store(e + i + 8, v[1]);
    if (!kl_any(kl_load_f32x16(x + i) == max)) sum.low += v[0], sum.high += v[1];
    else KL_NAME(kl_focal_peaks)(row, first + i, x + i, e + i, &sum);
  }
  if (i < n) {
    const size_t left = (size_t)(n - i);
    float last[16];
    double last_e[16];
    kl_store(last, kl_splat(-KL_INF_F32));
    memcpy(last, x + i, left * sizeof(float));
    kl_focal_exp_groups(last, m, v, 1);
    const kl_lanes lanes = kl_lanes_before(left);
    kl_store(last_e, kl_select(lanes.low, v[0], kl_splat(0.0)));
    kl_store(last_e + 8, kl_select(lanes.high, v[1], kl_splat(0.0)));
    memcpy(e + i, last_e, left * sizeof(double));
    KL_NAME(kl_focal_peaks)(row, first + i, last, last_e, &sum);
  }
  kl_store(row->others, sum.low), kl_store(row->others + 8, sum.high);
}

KL_INLINE double kl_focal_total(const double *lanes) {
  return kl_sum_lanes(kl_load_f64x8(lanes) + kl_load_f64x8(lanes + 8));
}

void KL_NAME(kl_focal_sum)(kl_focal_row *row) {
  // Of several peaks all but one are among the others.
  const double others = kl_focal_total(row->others) + (double)(row->peaks - 1);
  row->sum = 1 + others;
  row->inverse = 1 / row->sum;
  row->log_sum = kl_log1p(kl_splat(others))[0];
  row->rest = others / row->sum;
  // The logarithm of epsilon S, with a margin that is far more than what this and e are wrong by.
  const double m = (double)row->max;
  row->low = (float)(m + KL_FOCAL_LOG_LEAST + row->log_sum + 0x1p-20 * (m < 0 ? -m : m) + 0x1p-10);
}

// MARK: The losses

// Powers of 1 - q, 2^-29.5 relative where they are a Float's. Out of line: they are long, and seldom asked for.
static __attribute__((noinline)) void KL_NAME(kl_focal_power)(kl_f64x8 *o, double exponent) {
  *o = kl_larger(exponent * kl_log_brief(*o), kl_splat(KL_FOCAL_LOWEST));
  kl_exp_short_all(o, 1);
}

// (1 - q)^(gamma-1)
KL_INLINE kl_f64x8 kl_focal_focus(kl_f64x8 o, double gamma) {
  if (gamma == 2) return o;
  if (gamma == 1) return kl_splat(1.0);
  if (gamma == 3) return o * o;
  if (gamma == 4) return o * o * o;
  if (gamma == 5) return (o * o) * (o * o);
  KL_NAME(kl_focal_power)(&o, gamma - 1);
  return o;
}

// Of eight classes: adds their losses and gives A. `o` and `l` are 1 - q and log q, the bound's where q is clipped.
KL_INLINE kl_f64x8 kl_focal_terms(kl_f64x8 factor, double gamma, kl_f64x8 q, kl_f64x8 o, kl_f64x8 l, kl_f64x8 *losses) {
  const kl_f64x8 weight = factor * kl_focal_focus(o, gamma);
  *losses = kl_fma(-(weight * o), l, *losses);
  return weight * kl_fma(q * gamma, l, -o);
}

// What a row's groups need of it, in registers.
typedef struct {
  kl_f64x8 m, inverse, log_sum, rest;
  kl_f32x16 low;
  int64_t peak; // -1 if there are several
} kl_focal_view;

// Where no q is clipped, or more than 1/2.
KL_INLINE kl_f64x8 kl_focal_plain(const kl_focal_view *row, double gamma, kl_f64x8 factor, kl_f64x8 x, kl_f64x8 e,
                                  kl_f64x8 *losses) {
  const kl_f64x8 q = e * row->inverse;
  return kl_focal_terms(factor, gamma, q, 1.0 - q, (x - row->m) - row->log_sum, losses);
}

// Anywhere; `is_peak` says where 1 - q is the rest.
KL_INLINE kl_f64x8 kl_focal_any(const kl_focal_view *row, double gamma, kl_f64x8 factor, kl_f64x8 x, kl_f64x8 e,
                                kl_i64x8 is_peak, kl_f64x8 *losses) {
  const kl_f64x8 least = kl_splat(KL_FOCAL_EPSILON), most = 1.0 - least, zero = kl_splat(0.0), one = kl_splat(1.0);
  kl_f64x8 q = e * row->inverse, o = kl_select(is_peak, row->rest, 1.0 - q), l = (x - row->m) - row->log_sum;
  const kl_i64x8 below = q < least, beyond = q > most;
  o = kl_select(below, most, kl_select(beyond, least, o));
  l = kl_select(below, kl_splat(KL_FOCAL_LOG_LEAST), kl_select(beyond, kl_splat(KL_FOCAL_LOG_MOST), l));
  return kl_focal_terms(factor, gamma, q, o, l, losses) * kl_select(below | beyond, zero, one);
}

// A label with its weight; `alpha` is that of the first of sixteen classes.
KL_INLINE kl_sixteen kl_focal_factors(const kl_focal_parameters *at, kl_f32x16 y, const double *alpha, int64_t step) {
  kl_sixteen a = {kl_splat(*alpha), kl_splat(*alpha)};
  if (step) a = kl_load_sixteen(alpha);
  return (kl_sixteen){kl_fma(kl_widen_low(y), a.low * at->slope, a.low * at->offset),
                      kl_fma(kl_widen_high(y), a.high * at->slope, a.high * at->offset)};
}

// Whether a group of labels has a part in the loss.
KL_INLINE bool kl_focal_is_active(const kl_focal_parameters *at, kl_f32x16 y) {
  return at->offset != 0 || kl_any(y != 0.0f);
}

typedef struct {
  kl_sixteen losses, parts;
  double peak_part;
} kl_focal_sums;

// Sixteen classes; their weighted labels are given.
KL_INLINE void kl_focal_group(const kl_focal_view *row, double gamma, int64_t first, kl_sixteen factors, const float *x,
                              const double *e, double *parts, kl_focal_sums *sums) {
  const int64_t peak = row->peak - first;
  const kl_f32x16 x16 = kl_load_f32x16(x);
  const kl_sixteen v = kl_widen(x16);
  kl_sixteen a;
  if ((uint64_t)peak >= 16 && !kl_any(x16 < row->low)) {
    a.low = kl_focal_plain(row, gamma, factors.low, v.low, kl_load_f64x8(e), &sums->losses.low);
    a.high = kl_focal_plain(row, gamma, factors.high, v.high, kl_load_f64x8(e + 8), &sums->losses.high);
    if (parts) kl_store(parts, a.low), kl_store(parts + 8, a.high);
  } else {
    const kl_i64x8 number = {0, 1, 2, 3, 4, 5, 6, 7}, low = number == peak, high = number + 8 == peak;
    const kl_f64x8 zero = kl_splat(0.0);
    a.low = kl_focal_any(row, gamma, factors.low, v.low, kl_load_f64x8(e), low, &sums->losses.low);
    a.high = kl_focal_any(row, gamma, factors.high, v.high, kl_load_f64x8(e + 8), high, &sums->losses.high);
    if (parts) kl_store(parts, a.low), kl_store(parts + 8, a.high);
    if (parts && (uint64_t)peak < 16) sums->peak_part = parts[peak];
    a.low = kl_select(low, zero, a.low), a.high = kl_select(high, zero, a.high);
  }
  if (parts) sums->parts.low += a.low, sums->parts.high += a.high;
}

KL_INLINE void kl_focal_run(kl_focal_row *row, const kl_focal_parameters *at, const double gamma, int64_t first,
                            const float *y, const float *x, const double *e, double *parts, int64_t n) {
  const kl_focal_parameters line = *at;
  const kl_focal_view view = {kl_splat((double)row->max), kl_splat(row->inverse), kl_splat(row->log_sum),
                              kl_splat(row->rest), kl_splat(row->low), row->peaks == 1 ? row->peak : -1};
  kl_focal_sums sums = {{kl_load_f64x8(row->losses), kl_load_f64x8(row->losses + 8)},
                        {kl_load_f64x8(row->parts), kl_load_f64x8(row->parts + 8)}, row->peak_part};
  const double *alpha = line.alpha + first * line.alpha_step;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const kl_f32x16 label = kl_load_f32x16(y + i);
    if (!kl_focal_is_active(&line, label)) continue;
    const kl_sixteen factors = kl_focal_factors(&line, label, alpha + i * line.alpha_step, line.alpha_step);
    kl_focal_group(&view, gamma, first + i, factors, x + i, e + i, parts ? parts + i : 0, &sums);
  }
  if (i < n) {
    const size_t left = (size_t)(n - i);
    float last_y[16] = {0}, last_x[16];
    double last_e[16] = {0}, last_parts[16], last_alpha[16] = {0}; // the surplus labels weigh nothing
    kl_store(last_x, kl_splat(row->max));
    memcpy(last_y, y + i, left * sizeof(float)), memcpy(last_x, x + i, left * sizeof(float));
    memcpy(last_e, e + i, left * sizeof(double));
    for (size_t j = 0; j < left; j++) last_alpha[j] = alpha[(i + (int64_t)j) * line.alpha_step];
    const kl_f32x16 label = kl_load_f32x16(last_y);
    if (kl_focal_is_active(&line, label)) {
      const kl_sixteen factors = kl_focal_factors(&line, label, last_alpha, 1);
      kl_focal_group(&view, gamma, first + i, factors, last_x, last_e, parts ? last_parts : 0, &sums);
      if (parts) memcpy(parts + i, last_parts, left * sizeof(double));
    }
  }
  kl_store(row->losses, sums.losses.low), kl_store(row->losses + 8, sums.losses.high);
  kl_store(row->parts, sums.parts.low), kl_store(row->parts + 8, sums.parts.high);
  row->peak_part = sums.peak_part;
}

void KL_NAME(kl_focal_losses)(kl_focal_row *row, const kl_focal_parameters *at, int64_t first, const float *y,
                              const float *x, const double *e, double *parts, int64_t n) {
  if (at->gamma == 2)
    kl_focal_run(row, at, 2, first, y, x, e, parts, n);
  else
    kl_focal_run(row, at, at->gamma, first, y, x, e, parts, n);
}

double KL_NAME(kl_focal_loss)(const kl_focal_row *row) { return kl_focal_total(row->losses); }

// MARK: The derivatives

// Of sixteen classes but the peak. Where there is no label A is 0.
KL_INLINE kl_f32x16 kl_focal_slopes(const kl_focal_parameters *at, kl_f64x8 scale, kl_f64x8 shift, const float *y,
                                    const double *e, const double *parts) {
  kl_sixteen a = {kl_splat(0.0), kl_splat(0.0)};
  if (kl_focal_is_active(at, kl_load_f32x16(y))) a = kl_load_sixteen(parts);
  return kl_canonical(kl_narrow(kl_fma(kl_load_f64x8(e), shift, a.low * scale),
                                kl_fma(kl_load_f64x8(e + 8), shift, a.high * scale)));
}

void KL_NAME(kl_focal_gradient)(const kl_focal_row *row, const kl_focal_parameters *at, double scale, int64_t first,
                                const float *y, const double *e, const double *parts, float *out, int64_t n) {
  const double others = kl_focal_total(row->parts);
  const kl_f64x8 shift = kl_splat(-((others + row->peak_part) * row->inverse * scale)), factor = kl_splat(scale);
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) kl_store(out + i, kl_focal_slopes(at, factor, shift, y + i, e + i, parts + i));
  if (i < n) {
    const size_t left = (size_t)(n - i);
    float last_y[16] = {0}, last[16];
    double last_e[16] = {0}, last_parts[16] = {0};
    memcpy(last_y, y + i, left * sizeof(float));
    memcpy(last_e, e + i, left * sizeof(double)), memcpy(last_parts, parts + i, left * sizeof(double));
    kl_store(last, kl_focal_slopes(at, factor, shift, last_y, last_e, last_parts));
    memcpy(out + i, last, left * sizeof(float));
  }
  if (row->peaks != 1 || row->peak < first || row->peak >= first + n) return;
  const double slope = (row->peak_part * row->rest - row->inverse * others) * scale;
  out[row->peak - first] = slope == slope ? (float)slope : KL_NAN_F32;
}
