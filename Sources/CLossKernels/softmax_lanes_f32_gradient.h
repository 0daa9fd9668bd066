// softmax_lanes_f32_gradient.h: sixteen samples in Float: losses, gradient.
//
// Included after softmax_lanes_f32.h.
//
//   g = e·A + T,   A = scale·Σy/Σe,   T = −(y (1 − s) + s/C)·scale,
// and g = scale·(p (Σy − y) − y·rest/S) in Double for a maximum that outweighs the others, as in softmax_rows.h.
//
// Up to 64 classes e, A and T are pairs of Floats. The rounding errors of the product of the first parts and of the sum
// are known (by a fused operation and by Knuth's two-sum) and join the second parts, so that one rounding, of the
// result, counts: ½ ulp, e 0.26, Σe less than that, the second parts 0.2; measured 0.85 in all.

// 1/E: known before the sums, beside which it costs little.
KL_INLINE void kl_float_lanes_inverse(const kl_float_lanes *f, kl_lanes_state *s) {
  const kl_f64x16 max = kl_widened(f->max), base = kl_widened(f->base);
  const kl_f64x16 N = kl_widened(kl_exp_magic_f32(0) - f->magic + (float)KL_LANES_HEADROOM);
  KL_BOTH(h) {
    const kl_f64x8 x = kl_fma(N.v[h], kl_splat(KL_LN2), base.v[h] - max.v[h]);
    s->inverse.v[h] = kl_exp_short(x) * (1.0 / (1 << KL_LANES_HEADROOM));
  }
}

// Sums to losses.
KL_INLINE void kl_float_lanes_finish(const kl_softmax_cross_entropy *job, const kl_float_lanes *f, kl_lanes_state *s,
                                     int64_t k, int count, bool masked) {
  const double smoothing = job->smoothing, kept = 1 - smoothing, share = smoothing / (double)job->classes;
  const kl_f64x16 max = kl_widened(f->max), others = kl_halves(f->others);
  const kl_f64x16 peaks = kl_widened(__builtin_convertvector(f->peaks, kl_f32x16));
  const kl_f64x16 y = kl_halves(f->labels), sum_z = kl_halves(f->sum_z);
  kl_f64x16 label_z = kl_halves(f->label_z);
  kl_i64x8 careful[2];
  KL_BOTH(h) {
    s->labels.v[h] = smoothing == 0 ? y.v[h] : kept * y.v[h] + smoothing;
    if (smoothing != 0) label_z.v[h] = kept * label_z.v[h] + share * sum_z.v[h];
    careful[h] = (kl_abs(max.v[h]) < KL_INF_F64) & !(kl_abs(label_z.v[h]) < KL_INF_F64);
  }
  if (kl_any(careful[0] | careful[1]))
    for (int i = 0; i < count; i++)
      if (careful[i / 8][i % 8] && !(masked && !job->keep[k + i]))
        label_z.v[i / 8][i % 8] = kl_careful_label_z_f32(job, k + i, max.v[i / 8][i % 8]);
  KL_BOTH(h) {
    const kl_f64x8 rest = s->rest.v[h] = kl_fma(others.v[h], s->inverse.v[h], peaks.v[h] - 1.0);
    const kl_f64x8 loss = kl_fma(s->labels.v[h], kl_log1p_brief(rest), -label_z.v[h]);
    const kl_i64x8 defined = (kl_abs(max.v[h]) < KL_INF_F64) & (rest == rest);
    s->loss.v[h] = kl_canonical(kl_select(defined, loss, kl_splat(KL_NAN_F64)));
  }
}

// A pair of Floats.
typedef struct { kl_f32x16 high, low; } kl_float_pair;
KL_INLINE kl_float_pair kl_float_pair_of(kl_f64x16 v) {
  const kl_f32x16 high = kl_narrow(v.v[0], v.v[1]);
  const kl_f64x16 back = kl_widened(high);
  return (kl_float_pair){high, kl_narrow(v.v[0] - back.v[0], v.v[1] - back.v[1])};
}

// y·b + k, in which nothing cancels.
KL_INLINE kl_float_pair kl_label_term(kl_f32x16 y, kl_float_pair b, kl_float_pair k, const bool smooth) {
  if (!smooth) {
    const kl_f32x16 high = y * b.high;
    return (kl_float_pair){high, kl_fma(y, b.low, kl_fma(y, b.high, -high))};
  }
  const kl_f32x16 high = kl_fma(y, b.high, k.high), d = high - k.high;
  return (kl_float_pair){high, kl_fma(y, b.low, k.low) + ((k.high - (high - d)) + kl_fma(y, b.high, -d))};
}

// (h + l)·A + T. `ordered`: T is 0 or at least h·A, and a shorter two-sum does. `careful`: infinities may occur, of
// which the parts make NaN.
KL_INLINE kl_f32x16 kl_gradient_exact(kl_f32x16 h, kl_f32x16 l, kl_float_pair A, kl_float_pair T, const bool ordered,
                                      const bool careful) {
  const kl_f32x16 product = h * A.high, sum = product + T.high, d = sum - T.high;
  kl_f32x16 lost = product - d;
  if (!ordered) lost += T.high - (sum - d);
  lost += kl_fma(h, A.high, -product);
  const kl_f32x16 g = sum + (lost + kl_fma(h, A.low, kl_fma(l, A.high, T.low)));
  return careful ? kl_select(g == g, g, kl_canonical(sum)) : g;
}

// What the gradients of sixteen samples have in common.
typedef struct {
  kl_float_pair A, b, k, none, own; // none, own: T of labels 0 and 1
  kl_f32x16 top;                    // g of the maximum, where it is computed apart:
  kl_i32x16 where;                  // class, or −1
  kl_f64x16 factor;                 // of all of them, which is not 1
  bool extreme;                     // in some lane
} kl_float_factors;

// A scale for which second parts would be lost, or first ones overflow, is taken apart: into its digits and a power of
// 2, by which the gradient is multiplied at the end. NaN and infinity are factors, too.
KL_INLINE kl_f64x8 kl_moderate_scale(kl_f64x8 scale, kl_f64x8 *factor, bool *extreme) {
  const kl_i64x8 ordinary = ((kl_abs(scale) >= 0x1p-60) & (kl_abs(scale) <= 0x1p60)) | (scale == 0.0);
  *factor = kl_splat(1.0);
  if (!kl_any(!ordinary)) return scale;
  const kl_f64x8 digits = kl_from_bits((kl_bits(scale) & 0x000fffffffffffff) | 0x3ff0000000000000);
  *factor = kl_select(ordinary, *factor, scale / digits), *extreme = true;
  return kl_select(ordinary, scale, digits);
}

KL_INLINE kl_float_factors kl_float_lanes_factors(const kl_softmax_cross_entropy *job, const kl_float_lanes *f,
                                                  const kl_lanes_state *s,
                                                  const bool dense, const bool smooth) {
  const double kept = 1 - job->smoothing, share = job->smoothing / (double)job->classes;
  kl_float_factors r = {.extreme = false};
  kl_f64x16 A, b, k, top, rest;
  const kl_f64x16 y_top = kl_widened(dense ? f->y_top : kl_select(f->top == f->id, kl_splat(1.0f), kl_splat(0.0f)));
  KL_BOTH(h) {
    // A NaN loss makes every element of its gradient NaN.
    kl_f64x8 scale = kl_select(s->loss.v[h] == s->loss.v[h], s->scale.v[h], s->loss.v[h]);
    scale = kl_moderate_scale(scale, &r.factor.v[h], &r.extreme);
    const kl_f64x8 p = kl_quotient(kl_splat(1.0), 1.0 + s->rest.v[h], 1); // of a maximum
    const kl_f64x8 yt = y_top.v[h] * kept + share;
    A.v[h] = scale * s->labels.v[h] * (p * s->inverse.v[h]);
    b.v[h] = -kept * scale, k.v[h] = -share * scale;
    top.v[h] = kl_canonical(scale * (((s->labels.v[h] - yt) - yt * s->rest.v[h]) * p));
    rest.v[h] = s->rest.v[h];
  }
  r.A = kl_float_pair_of(A), r.b = kl_float_pair_of(b), r.k = kl_float_pair_of(k);
  r.top = kl_narrow(top.v[0], top.v[1]);
  r.none = (kl_float_pair){kl_splat(0.0f), kl_splat(0.0f)}, r.own = r.b;
  if (smooth) r.none = r.k, r.own = kl_label_term(kl_splat(1.0f), r.b, r.k, true);
  r.where = kl_select(kl_narrow(rest.v[0], rest.v[1]) < 1.0f, f->top, (kl_i32x16)-1);
  return r;
}

// e to gradients.
KL_INLINE void kl_float_lanes_turn(const kl_float_factors *factors, kl_i32x16 id, int classes, kl_tile_f32 e,
                                   kl_tile_f32 low, kl_tile_f32 y,
                                   const bool exact, const bool dense, const bool smooth) {
  const kl_float_factors r = *factors; // in registers
  for (int c = 0; c < classes; c++) {
    const kl_f32x16 h = kl_load_f32x16(e[c]);
    kl_float_pair T = r.none;
    if (dense) T = kl_label_term(kl_load_f32x16(y[c]), r.b, r.k, smooth);
    else T.high = kl_select(id == c, r.own.high, T.high), T.low = kl_select(id == c, r.own.low, T.low);
    kl_f32x16 g = kl_fma(h, r.A.high, T.high);
    if (exact) g = kl_gradient_exact(h, kl_load_f32x16(low[c]), r.A, T, !dense && !smooth, dense);
    else if (dense) g = kl_canonical(g);
    kl_store(e[c], kl_select(r.where == c, r.top, g));
  }
}

KL_INLINE void kl_float_lanes_gradient(const kl_softmax_cross_entropy *job, const kl_float_lanes *f,
                                       const kl_lanes_state *s, kl_tile_f32 e,
                                       kl_tile_f32 low, kl_tile_f32 y, const bool exact) {
  const int classes = (int)job->classes;
  kl_float_factors r;
#define KL_CASE(D, S)                                                                              \
  case (D) * 2 + (S):                                                                              \
    r = kl_float_lanes_factors(job, f, s, D, S);                                                   \
    kl_float_lanes_turn(&r, f->id, classes, e, low, y, exact, D, S);                               \
    break;
  switch ((job->labels != NULL) * 2 + (job->smoothing != 0)) { KL_CASE(0, 0) KL_CASE(0, 1) KL_CASE(1, 0) KL_CASE(1, 1) }
#undef KL_CASE
  for (int c = 0; r.extreme && c < classes; c++) {
    const kl_f64x16 g = kl_widened(kl_load_f32x16(e[c]));
    kl_store(e[c], kl_canonical(kl_narrow(g.v[0] * r.factor.v[0], g.v[1] * r.factor.v[1])));
  }
}

// Asks for the memory that gradients of the samples from k on will be written to, if they lie together.
KL_INLINE void kl_float_lanes_ask(const kl_softmax_cross_entropy *job, int64_t k) {
  if (job->type != KL_F32 || job->inner != 1) return;
  const char *p = (const char *)job->gradient + k * job->classes * (int64_t)sizeof(float);
#pragma clang loop unroll(disable)
  for (int64_t i = 0; i < job->classes; i++) __builtin_prefetch(p + i * 64, 1); // a line for sixteen Floats
}

KL_INLINE void kl_float_lanes_tiles(const kl_softmax_cross_entropy *job, int64_t first, int64_t count,
                                    const bool exact) {
  kl_tile_f32 x, y, low;
  const int classes = (int)job->classes;
  const bool dense = job->labels != NULL, gradient = job->gradient != NULL;
  for (int64_t k = first; k < first + count; k += KL_LANES) {
    const int n = first + count - k < KL_LANES ? (int)(first + count - k) : KL_LANES;
    kl_lanes_state s;
    kl_float_lanes f;
    if (gradient && n == KL_LANES) kl_float_lanes_ask(job, k);
    const bool masked = kl_lanes_begin(job, &s, k, n);
    kl_load_tile_f32(x, job, job->type, job->logits, k, n);
    if (dense) kl_load_tile_f32(y, job, job->label_type, job->labels, k, n);
    const bool plain = kl_float_lanes_begin(&f, x, y, classes, exact, dense);
    kl_float_lanes_inverse(&f, &s);
    if (!dense) kl_float_lanes_targets(&f, &s, x, exact);
    if (job->smoothing != 0) kl_float_lanes_smooth(&f, x, classes);
#define KL_CASE(D, P, G) \
  case (D) * 4 + (P) * 2 + (G): kl_float_lanes_sum(&f, x, y, low, classes, exact, D, P, G); break;
    switch (dense * 4 + plain * 2 + gradient) {
      KL_CASE(0, 0, 0) KL_CASE(0, 0, 1) KL_CASE(0, 1, 0) KL_CASE(0, 1, 1)
      KL_CASE(1, 0, 0) KL_CASE(1, 0, 1) KL_CASE(1, 1, 0) KL_CASE(1, 1, 1)
    }
#undef KL_CASE
    kl_float_lanes_finish(job, &f, &s, k, n, masked);
    kl_lanes_end(job, &s, k, n, masked);
    if (!gradient) continue;
    kl_float_lanes_gradient(job, &f, &s, x, low, y, exact);
    if (masked) kl_clear_masked_f32(x, job, k, n);
    kl_store_tile_f32(x, job, k, n);
  }
}

static void kl_lanes_run_f32(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  if (job->classes <= KL_EXACT_CLASSES) kl_float_lanes_tiles(job, first, count, true);
  else kl_float_lanes_tiles(job, first, count, false);
}
