// softmax_lanes.h: up to 128 classes: sixteen samples at a time, in Double.
//
// Sixteen samples lie across the lanes and the classes run in a loop, so nothing is ever summed across
// lanes and log1p is taken of sixteen rows at once. The logits of the sixteen become a tile [class][16] of
// Doubles in L1; e replaces x there, and the gradient replaces e. For Float see softmax_lanes_f32.h.
//
//   e = exp(x)·2^−N, N = max/ln 2 rounded, as in exp_log.h, or exp(x − max) where |max| > 1500 (there the
//   difference is exact for every x that counts), so that e is within 1 ulp however small it is;
//   sums carry their rounding errors along (two-sum), as does E = e(max);
// loss ≤ 4 ulp: e/E 2.5, log1p 1, and the roundings of the last two operations.
//
// Neither loses anything to cancellation: rest = Σ e/E over all but one of the largest, 1 + rest = Σ e/E,
//   loss = Σy·log1p(rest) + Σ y (max − x),   g = scale·(p (Σy − y) − y·(Σ others)/(1 + rest)).

// Sixteen Doubles.
typedef struct { kl_f64x8 v[2]; } kl_f64x16;

#define KL_BOTH(h) for (int h = 0; h < 2; h++)

// What is known of sixteen samples before their classes are gone through, and after.
typedef struct {
  const int64_t *ids; // the classes with y = 1 (sparse)
  int64_t own_ids[KL_LANES];
  kl_f64x16 scale; // of the gradient
  kl_f64x16 E, sum; // e(max), Σ e
  kl_f64x16 inverse; // 1/E: lanes of Floats have this instead of the two
  kl_f64x16 rest, labels, loss;
} kl_lanes_state;

// *sum += x, with the rounding error kept in *error.
KL_INLINE void kl_add(kl_f64x8 *sum, kl_f64x8 *error, kl_f64x8 x) {
  kl_f64x8 e;
  *sum = kl_two_sum(*sum, x, &e);
  *error += e;
}
// sum + error, where the error means anything.
KL_INLINE kl_f64x8 kl_total(kl_f64x8 sum, kl_f64x8 error) {
  return kl_select(kl_abs(sum) < KL_INF_F64, sum + error, sum);
}

// The class ids, as lanes of Floats have them.
KL_INLINE kl_i32x16 kl_lane_ids(const kl_lanes_state *s) {
  typedef int32_t half __attribute__((ext_vector_type(8)));
  const half a = __builtin_convertvector(kl_load_i64x8(s->ids), half);
  const half b = __builtin_convertvector(kl_load_i64x8(s->ids + 8), half);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// y of class c: from the tile, or 1 for the class that is the sample's.
KL_INLINE kl_f64x8 kl_lane_label(const double *tile_y, const kl_lanes_state *s, int64_t c, int h, const bool dense) {
  if (dense) return kl_load_f64x8(tile_y + 8 * h);
  return kl_select(kl_load_i64x8(s->ids + 8 * h) == c, kl_splat(1.0), kl_splat(0.0));
}

// Losses; leaves e in the tile of x if `keep_e`.
KL_INLINE void kl_lanes_loss(const kl_softmax_cross_entropy *job, kl_tile_f64 x, kl_tile_f64 y, kl_lanes_state *s,
                             const bool dense, const bool keep_e) {
  const int64_t classes = job->classes;
  const kl_f64x8 zero = kl_splat(0.0);
  const double smoothing = job->smoothing, kept = 1 - smoothing, share = smoothing / (double)classes;
  kl_f64x16 max = {{kl_splat(-KL_INF_F64), kl_splat(-KL_INF_F64)}};
  for (int64_t c = 0; c < classes; c++) KL_BOTH(h) max.v[h] = kl_larger(kl_load_f64x8(x[c] + 8 * h), max.v[h]);
  KL_BOTH(h) {
    const kl_f64x8 m = max.v[h];
    // e = exp(x − base)·2^−N, N in the magic number.
    const kl_i64x8 far = kl_abs(m) > 1500.0;
    const kl_f64x8 t = kl_fma(m, kl_splat(KL_LOG2E), kl_splat(0x1.8p52)), base = kl_select(far, m, zero);
    // e(max) ≈ 2^30: p keeps its digits to 2^-1050
    const kl_f64x8 magic = kl_exp_magic_f64(0) - (kl_select(far, zero, t - 0x1.8p52) - 30.0);
    const kl_f64x8 lowest = kl_fma(magic - kl_exp_magic_f64(0), kl_splat(-KL_LN2), kl_splat(KL_EXP_MIN_F64 + 1));
    kl_f64x8 others = zero, others_error = zero, peaks = zero; // Σ e below the maximum; how many reach it
    kl_f64x8 labels = zero, labels_error = zero;               // Σ y
    kl_f64x8 label_z = zero, label_z_error = zero;             // Σ y (x − max)
    kl_f64x8 sum_z = zero, sum_z_error = zero;                 // Σ (x − max)
    for (int64_t c = 0; c < classes; c++) {
      const kl_f64x8 xc = kl_load_f64x8(x[c] + 8 * h), z = xc - m, a = xc - base;
      const kl_f64x8 e = kl_select(a < lowest, zero, kl_exp_scaled(a, magic));
      if (keep_e) kl_store(x[c] + 8 * h, e);
      const kl_i64x8 peak = xc == m;
      peaks += kl_select(peak, kl_splat(1.0), zero);
      kl_add(&others, &others_error, kl_select(peak, zero, e));
      if (dense) {
        const kl_f64x8 yc = kl_load_f64x8(y[c] + 8 * h);
        kl_add(&labels, &labels_error, yc);
        kl_add(&label_z, &label_z_error, yc * kl_select(yc == 0.0, zero, z)); // 0·(−inf) is 0 here
      } else {
        label_z = kl_select(kl_load_i64x8(s->ids + 8 * h) == c, z, label_z);
      }
      if (smoothing != 0) kl_add(&sum_z, &sum_z_error, z);
    }
    const kl_f64x8 E = kl_exp_scaled(m - base, magic);
    const kl_f64x8 rest = kl_total(others, others_error) / E + (peaks - 1.0);
    label_z = kl_total(label_z, label_z_error);
    labels = dense ? kl_total(labels, labels_error) : kl_splat(1.0);
    if (smoothing != 0) {
      const kl_f64x8 of_labels = kept == 0 ? zero : kept * label_z;
      label_z = kl_fma(kl_total(sum_z, sum_z_error), kl_splat(share), of_labels);
      labels = kl_fma(labels, kl_splat(kept), kl_splat(smoothing));
    }
    kl_f64x8 loss = kl_fma(labels, kl_log1p(rest), -label_z);
    loss = kl_select(kl_abs(m) < KL_INF_F64, loss, kl_splat(KL_NAN_F64));
    s->E.v[h] = E, s->sum.v[h] = kl_fma(peaks, E, kl_total(others, others_error)), s->rest.v[h] = rest;
    s->labels.v[h] = labels, s->loss.v[h] = kl_canonical(loss);
  }
}

// a·b/c as the sum of two Doubles.
KL_OVERLOAD kl_f64x8 kl_product_over(kl_f64x8 a, kl_f64x8 b, kl_f64x8 c, kl_f64x8 *low) {
  const kl_f64x8 p = a * b, q = p / c;
  *low = (kl_fma(-q, c, p) + kl_fma(a, b, -p)) / c;
  return q;
}

// Gradients, in place of e. That is e·A − y·scale with A = scale·Σy/Σe in two parts, which for other elements than the
// maximum does not cancel beyond one bit; for a maximum it is (e (Σy − y) − y·E·rest)·scale/Σe.
KL_INLINE void kl_lanes_gradient(const kl_softmax_cross_entropy *job, kl_tile_f64 e, kl_tile_f64 y,
                                 const kl_lanes_state *s, const bool dense) {
  const kl_f64x8 kept = kl_splat(1 - job->smoothing), share = kl_splat(job->smoothing / (double)job->classes);
  KL_BOTH(h) {
    const kl_f64x8 sum = s->sum.v[h], E = s->E.v[h], rest = s->rest.v[h] * E;
    // A NaN loss makes every element of its gradient NaN.
    const kl_f64x8 scale = kl_select(s->loss.v[h] == s->loss.v[h], s->scale.v[h], s->loss.v[h]), factor = scale / sum;
    kl_f64x8 A_low, A = kl_product_over(scale, s->labels.v[h], sum, &A_low);
    for (int64_t c = 0; c < job->classes; c++) {
      const kl_f64x8 ec = kl_load_f64x8(e[c] + 8 * h);
      const kl_f64x8 yc = kl_fma(kl_lane_label(y[c], s, c, h, dense), kept, share);
      const kl_f64x8 at_peak = kl_fma(ec, s->labels.v[h] - yc, -(yc * rest)) * factor;
      const kl_f64x8 g = kl_select(ec == E, at_peak, kl_fma(ec, A, kl_fma(ec, A_low, -(yc * scale))));
      kl_store(e[c] + 8 * h, kl_canonical(g));
    }
  }
}

// Class ids and scales of samples k ..< k + n; whether one of them is masked.
static bool kl_lanes_begin(const kl_softmax_cross_entropy *job, kl_lanes_state *s, int64_t k, int n) {
  const bool dense = job->labels != NULL, gradient = job->gradient != NULL;
  s->ids = dense ? NULL : job->class_ids + k;
  if (n == KL_LANES && !job->keep) {
    KL_BOTH(h) s->scale.v[h] = gradient ? kl_load_f64x8(job->scale + k + 8 * h) : kl_splat(0.0);
    return false;
  }
  double scale[KL_LANES] = {0};
  bool masked = false;
  s->ids = memset(s->own_ids, 0, sizeof s->own_ids);
#pragma clang loop vectorize(disable) // of sixteen at most, and branches
  for (int i = 0; i < n; i++) {
    const bool skip = job->keep && !job->keep[k + i];
    masked |= skip;
    if (!dense && !skip) s->own_ids[i] = job->class_ids[k + i];
    if (gradient && !skip) scale[i] = job->scale[k + i];
  }
  KL_BOTH(h) s->scale.v[h] = kl_load_f64x8(scale + 8 * h);
  return masked;
}

// Writes the losses.
static void kl_lanes_end(const kl_softmax_cross_entropy *job, const kl_lanes_state *s, int64_t k, int n, bool masked) {
  if (job->type == KL_F32 && n == KL_LANES && !masked) {
    kl_store((float *)job->losses + k, kl_narrow(s->loss.v[0], s->loss.v[1]));
    return;
  }
  double loss[KL_LANES];
  KL_BOTH(h) kl_store(loss + 8 * h, s->loss.v[h]);
  for (int i = 0; i < n; i++) kl_put(job->type, job->losses, k + i, masked && !job->keep[k + i] ? 0 : loss[i]);
}

static void kl_lanes_run_f64(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  kl_tile_f64 x, y;
  const bool dense = job->labels != NULL, gradient = job->gradient != NULL;
  for (int64_t k = first; k < first + count; k += KL_LANES) {
    const int n = first + count - k < KL_LANES ? (int)(first + count - k) : KL_LANES;
    kl_lanes_state s;
    const bool masked = kl_lanes_begin(job, &s, k, n);
    kl_load_tile_f64(x, job, job->type, job->logits, k, n);
    if (dense) kl_load_tile_f64(y, job, job->label_type, job->labels, k, n);
#define KL_CASE(D, G)                                                                              \
  case (D) * 2 + (G):                                                                              \
    kl_lanes_loss(job, x, y, &s, D, G);                                                            \
    if (G) kl_lanes_gradient(job, x, y, &s, D);                                                    \
    break;
    switch (dense * 2 + gradient) { KL_CASE(0, 0) KL_CASE(0, 1) KL_CASE(1, 0) KL_CASE(1, 1) }
#undef KL_CASE
    kl_lanes_end(job, &s, k, n, masked);
    if (!gradient) continue;
    if (masked) kl_clear_masked_f64(x, job, k, n);
    kl_store_tile_f64(x, job, k, n);
  }
}
