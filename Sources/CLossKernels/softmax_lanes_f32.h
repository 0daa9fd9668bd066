//===--- softmax_lanes_f32.h - 65 to 128 classes: sixteen samples at a time, in Float ---*- C -*-===//
//
// The lanes of softmax_lanes.h with the arithmetic, and the bounds, of softmax_row.h: e = exp(x − base)·2^−N with N from
// the sample's own maximum, which is known before the first e; groups of four classes are added in Float, groups in
// Double. Every lane is computed as if it were alone: `plain` changes no bit.
//
//===--------------------------------------------------------------------===//

/// Sixteen samples: what is known of them before their classes are summed, and the sums.
typedef struct {
  kl_f32x16 max, base, magic, lowest;          // as in softmax_row.h
  kl_sum_f32 others, labels, label_z, sum_z;   // Σ e below max, Σ y, Σ y z, Σ z
  kl_i32x16 peaks, top;                        // how many x equal max; the first of them
  kl_f32x16 y_top;
} kl_float_lanes;

/// Maxima, and what follows from them. True if in all samples base is 0, everything is finite and no e is 0.
/// Rows beyond the last class become maxima with y = 0, which changes no sum.
KL_NOINLINE bool kl_float_lanes_begin(kl_float_lanes *s, kl_tile_f32 x, kl_tile_f32 y, int classes, bool dense) {
  const int n = 4; // chains
  kl_f32x16 largest[4], least[4];
  KL_EACH largest[j] = kl_splat(-KL_INF_F32), least[j] = kl_splat(KL_INF_F32);
  kl_i32x16 nan = 0;
  for (int c = classes; c % 4 != 0; c++) kl_store(x[c], kl_load_f32x16(x[0]));
  for (int c = 0; c < classes; c += 4) {
    kl_f32x16 v[4];
    KL_EACH v[j] = kl_load_f32x16(x[c + j]);
    KL_EACH largest[j] = kl_larger(v[j], largest[j]), least[j] = kl_select(v[j] < least[j], v[j], least[j]);
    KL_EACH nan |= v[j] != v[j];
  }
  const kl_f32x16 max = kl_larger(kl_larger(largest[0], largest[1]), kl_larger(largest[2], largest[3]));
  const kl_f32x16 low = kl_larger(-least[0], -least[1]), min = -kl_larger(kl_larger(low, -least[2]), -least[3]);
  for (int c = classes; c % 4 != 0; c++) {
    kl_store(x[c], max);
    if (dense) kl_store(y[c], kl_splat(0.0f));
  }
  const kl_i32x16 far = !(kl_abs(max) <= 256.0f); // or NaN, which is none
  const kl_f32x16 shift = kl_splat(0x1.8p23f), zero = kl_splat(0.0f);
  const kl_f32x16 N = kl_select(far, zero, kl_fma(max, kl_splat((float)KL_LOG2E), shift) - shift) - 30.0f;
  s->max = max, s->base = kl_select(far, max, zero), s->magic = kl_exp_magic_f32(0) - N;
  s->lowest = (N - 125.99f) * (float)KL_LN2;
  const kl_sum_f32 none = {kl_splat(0.0), kl_splat(0.0)};
  s->others = s->labels = s->label_z = s->sum_z = none;
  s->peaks = s->top = 0, s->y_top = zero;
  return !kl_any(far | nan | !(min >= s->lowest));
}

/// Adds n classes from c on, n being 4 or 8. Their e replace x if `keep_e`.
KL_INLINE void kl_float_lanes_add(kl_float_lanes *s, kl_tile_f32 x, kl_tile_f32 y, int c, const int n, const bool dense,
                                  const bool plain, const bool keep_e) {
  const kl_f32x16 zero = kl_splat(0.0f);
  kl_f32x16 e[8];
  KL_EACH e[j] = plain ? kl_load_f32x16(x[c + j]) : kl_load_f32x16(x[c + j]) - s->base;
  if (plain) kl_exp_normal_all(e, n, s->magic);
  else {
    kl_exp_scaled_all(e, n, s->magic);
    KL_EACH e[j] = kl_select(kl_load_f32x16(x[c + j]) - s->base < s->lowest, zero, e[j]);
  }
  KL_UNROLLED for (int i = n - 4; i >= 0; i -= 4) {
    kl_f32x16 z[4], ys[4];
    KL_UNROLLED for (int j = 3; j >= 0; j--) {
      const kl_f32x16 xj = kl_load_f32x16(x[c + i + j]);
      const kl_i32x16 is_peak = xj == s->max;
      if (dense) ys[j] = kl_load_f32x16(y[c + i + j]);
      if (dense) z[j] = plain ? xj - s->max : kl_select(ys[j] == 0.0f, zero, xj - s->max); // 0·(−inf) is 0 here
      s->peaks -= is_peak;
      if (keep_e) {
        s->top = kl_select(is_peak, (kl_i32x16)(c + i + j), s->top);
        if (dense) s->y_top = kl_select(is_peak, ys[j], s->y_top);
        kl_store(x[c + i + j], e[i + j]);
      }
      e[i + j] = kl_select(is_peak, zero, e[i + j]);
    }
    kl_sum_add_f32(&s->others, (e[i] + e[i + 1]) + (e[i + 2] + e[i + 3]));
    if (!dense) continue;
    kl_sum_add_f32(&s->labels, (ys[0] + ys[1]) + (ys[2] + ys[3]));
    kl_sum_add_f32(&s->label_z, kl_fma(ys[1], z[1], ys[0] * z[0]) + kl_fma(ys[3], z[3], ys[2] * z[2]));
  }
}

KL_INLINE void kl_float_lanes_sum(kl_float_lanes *state, kl_tile_f32 x, kl_tile_f32 y, int classes, const bool dense,
                                  const bool plain, const bool keep_e) {
  kl_float_lanes s = *state; // in registers
  int c = (classes + 3) / 4 * 4; // downwards: what stands beyond the classes comes first
  for (; c >= KL_CHAINS; c -= KL_CHAINS)
    kl_float_lanes_add(&s, x, y, c - KL_CHAINS, KL_CHAINS, dense, plain, keep_e);
  if (c) kl_float_lanes_add(&s, x, y, 0, 4, dense, plain, keep_e);
  *state = s;
}

/// Σ z, for smoothing.
KL_NOINLINE void kl_float_lanes_smooth(kl_float_lanes *s, kl_tile_f32 x, int classes) {
  for (int c = 0; c < classes; c += 4) {
    kl_f32x16 z[4];
    KL_UNROLLED for (int j = 0; j < 4; j++) z[j] = kl_load_f32x16(x[c + j]) - s->max;
    kl_sum_add_f32(&s->sum_z, (z[0] + z[1]) + (z[2] + z[3]));
  }
}

/// Both halves of sixteen Doubles, of a sum or of Floats.
KL_INLINE kl_f64x16 kl_halves(kl_sum_f32 sum) { return (kl_f64x16){{sum.a, sum.b}}; }
KL_INLINE kl_f64x16 kl_widened(kl_f32x16 v) { return (kl_f64x16){{kl_widen_low(v), kl_widen_high(v)}}; }

/// Sums to losses, as kl_rows_finish.
static void kl_float_lanes_finish(const kl_softmax_cross_entropy *job, const kl_float_lanes *f, kl_lanes_state *s, int64_t k, int count) {
  const double smoothing = job->smoothing, kept = 1 - smoothing, share = smoothing / (double)job->classes;
  const int beyond = (int)((4 - job->classes % 4) % 4);
  const kl_f64x16 max = kl_widened(f->max), base = kl_widened(f->base), N = kl_widened(kl_exp_magic_f32(0) - f->magic);
  const kl_f64x16 others = kl_halves(f->others), sum_z = kl_halves(f->sum_z), y = kl_halves(f->labels);
  const kl_f64x16 peaks = kl_widened(__builtin_convertvector(f->peaks - beyond, kl_f32x16));
  kl_f64x16 label_z = kl_halves(f->label_z);
  KL_BOTH(h) {
    s->labels.v[h] = smoothing == 0 ? y.v[h] : kept * y.v[h] + smoothing;
    if (smoothing != 0) label_z.v[h] = kept * label_z.v[h] + share * sum_z.v[h];
  }
  for (int i = 0; i < count; i++) {
    const double m = max.v[i / 8][i % 8], z = label_z.v[i / 8][i % 8];
    const bool skip = job->keep && !job->keep[k + i];
    if (m - m == 0 && !(z - z == 0) && !skip) label_z.v[i / 8][i % 8] = kl_careful_label_z_f32(job, k + i, m);
  }
  KL_BOTH(h) {
    const kl_f64x8 E = kl_exp_scaled(max.v[h] - base.v[h], kl_exp_magic_f64(0) - N.v[h]);
    const kl_f64x8 rest = others.v[h] / E + (peaks.v[h] - 1.0);
    const kl_f64x8 loss = kl_fma(s->labels.v[h], kl_log1p(rest), -label_z.v[h]);
    s->loss.v[h] = kl_canonical(kl_select(kl_abs(max.v[h]) < KL_INF_F64, loss, kl_splat(KL_NAN_F64)));
    s->E.v[h] = E, s->rest.v[h] = rest, s->sum.v[h] = kl_fma(peaks.v[h], E, others.v[h]);
  }
}

/// e to gradients, as kl_gradient_block.
static void kl_float_lanes_gradient(const kl_softmax_cross_entropy *job, const kl_float_lanes *f, const kl_lanes_state *s,
                                    kl_tile_f32 e, kl_tile_f32 y, const bool dense) {
  const double kept = 1 - job->smoothing, share = job->smoothing / (double)job->classes;
  kl_f64x16 A, top;
  kl_f64x8 scale[2];
  const kl_i32x16 id = __builtin_convertvector(kl_narrow(s->id.v[0], s->id.v[1]), kl_i32x16);
  const kl_f64x16 y_top = kl_widened(dense ? f->y_top : kl_select(f->top == id, kl_splat(1.0f), kl_splat(0.0f)));
  kl_i64x8 confident[2];
  KL_BOTH(h) {
    // A NaN loss makes every element of its gradient NaN.
    scale[h] = kl_select(s->loss.v[h] == s->loss.v[h], s->scale.v[h], s->loss.v[h]);
    kl_f64x8 low;
    A.v[h] = kl_product_over(scale[h], s->labels.v[h], s->sum.v[h], &low);
    const kl_f64x8 yt = y_top.v[h] * kept + share;
    top.v[h] = kl_canonical(scale[h] * (((s->labels.v[h] - yt) - yt * s->rest.v[h]) / (1.0 + s->rest.v[h])));
    confident[h] = s->rest.v[h] < 1.0;
  }
  const kl_f32x16 a = kl_narrow(A.v[0], A.v[1]), b = kl_narrow(-kept * scale[0], -kept * scale[1]);
  const kl_f32x16 share_term = kl_narrow(-share * scale[0], -share * scale[1]);
  const kl_f32x16 none = kl_fma(kl_splat(0.0f), b, share_term), own = kl_fma(kl_splat(1.0f), b, share_term);
  for (int c = 0; c < job->classes; c++) {
    const kl_f32x16 term = dense ? kl_fma(kl_load_f32x16(y[c]), b, share_term) : kl_select(id == c, own, none);
    kl_store(e[c], kl_canonical(kl_fma(kl_load_f32x16(e[c]), a, term)));
  }
  for (int i = 0; i < KL_LANES; i++)
    if (confident[i / 8][i % 8]) e[f->top[i]][i] = (float)top.v[i / 8][i % 8];
}

/// Σ y and Σ y z of class ids.
KL_INLINE void kl_float_lanes_targets(kl_float_lanes *f, const kl_lanes_state *s, kl_tile_f32 x) {
  float target[KL_LANES];
  for (int i = 0; i < KL_LANES; i++) target[i] = x[(int)s->id.v[i / 8][i % 8]][i];
  const kl_f32x16 z = kl_load_f32x16(target) - f->max;
  f->labels = (kl_sum_f32){kl_splat(1.0), kl_splat(1.0)};
  f->label_z = (kl_sum_f32){kl_widen_low(z), kl_widen_high(z)};
}

static void kl_lanes_run_f32(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  kl_tile_f32 x, y;
  const bool dense = job->labels != NULL, gradient = job->gradient != NULL;
  for (int64_t k = first; k < first + count; k += KL_LANES) {
    const int n = first + count - k < KL_LANES ? (int)(first + count - k) : KL_LANES;
    kl_lanes_state s;
    kl_float_lanes f;
    const bool masked = kl_lanes_begin(job, &s, k, n);
    kl_load_tile_f32(x, job, job->type, job->logits, k, n);
    if (dense) kl_load_tile_f32(y, job, job->label_type, job->labels, k, n);
    const bool plain = kl_float_lanes_begin(&f, x, y, (int)job->classes, dense);
    if (!dense) kl_float_lanes_targets(&f, &s, x);
    if (job->smoothing != 0) kl_float_lanes_smooth(&f, x, (int)job->classes);
#define KL_CASE(D, P, G) case (D) * 4 + (P) * 2 + (G): kl_float_lanes_sum(&f, x, y, (int)job->classes, D, P, G); break;
    switch (dense * 4 + plain * 2 + gradient) {
      KL_CASE(0, 0, 0) KL_CASE(0, 0, 1) KL_CASE(0, 1, 0) KL_CASE(0, 1, 1)
      KL_CASE(1, 0, 0) KL_CASE(1, 0, 1) KL_CASE(1, 1, 0) KL_CASE(1, 1, 1)
    }
#undef KL_CASE
    kl_float_lanes_finish(job, &f, &s, k, n);
    if (gradient) {
      if (dense) kl_float_lanes_gradient(job, &f, &s, x, y, true);
      else kl_float_lanes_gradient(job, &f, &s, x, y, false);
    }
    kl_lanes_end(job, &s, k, n, masked);
    if (!gradient) continue;
    if (masked) kl_clear_masked_f32(x, job, k, n);
    kl_store_tile_f32(x, job, k, n);
  }
}
