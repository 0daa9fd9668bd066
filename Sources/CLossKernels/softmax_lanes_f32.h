// softmax_lanes_f32.h: up to 128 classes: sixteen samples at a time, in Float.
//
// The lanes of softmax_lanes.h with arithmetic in Float: e = exp(x − base)·2^−N with N from the sample's own maximum,
// which is known before the first e; base is 0 or the maximum, as in softmax_row.h. Every lane is computed as if it
// were alone: `plain` changes no bit.
//
// From 65 classes on errors and sums are those of softmax_row.h. Up to 64 (`exact`) e is a pair of Floats: the first
// ones are added in Double, the second, a twelfth of them at most, in Float by groups and these in Double. Σ y and Σ y
// z are Double throughout. With u = 2^-24: e 0.27 u, the groups 0.17 u  ⇒  rest within 0.44 u, the loss within 0.95
// ulp.

// Sixteen samples: what is known of them before their classes are summed, and the sums.
typedef struct {
  kl_f32x16 max, base, magic, lowest;          // as in softmax_row.h
  kl_sum_f32 others, labels, label_z, sum_z;   // Σ e below max, Σ y, Σ y z, Σ z
  kl_i32x16 peaks, top;                        // how many x equal max; one of them
  kl_f32x16 y_top;
  kl_i32x16 id;                                // the class with y = 1 (sparse)
} kl_float_lanes;

// log₂ of e(max), nearly: e then keeps its second part down to p = 2^-138.
enum { KL_LANES_HEADROOM = 16 };

// Both halves of sixteen Doubles, of a sum or of Floats.
KL_INLINE kl_f64x16 kl_halves(kl_sum_f32 sum) { return (kl_f64x16){{sum.a, sum.b}}; }
KL_INLINE kl_f64x16 kl_widened(kl_f32x16 v) { return (kl_f64x16){{kl_widen_low(v), kl_widen_high(v)}}; }

// Classes are taken in groups of four, of up to 64 classes the last two may be a group: so many rows there are.
KL_INLINE int kl_float_lanes_rows(int classes, const bool exact) {
  return exact ? (classes + 1) / 2 * 2 : (classes + 3) / 4 * 4;
}

// Maxima, and what follows from them. True if in all samples base is 0, everything is finite and no e is 0.
// Rows beyond the last class become maxima with y = 0, which changes no sum.
KL_INLINE bool kl_float_lanes_begin(kl_float_lanes *s, kl_tile_f32 x, kl_tile_f32 y, int classes, const bool exact,
                                    bool dense) {
  const int n = 2, rows = kl_float_lanes_rows(classes, exact); // n chains
  kl_f32x16 largest[2], least[2];
  KL_EACH largest[j] = kl_splat(-KL_INF_F32), least[j] = kl_splat(KL_INF_F32);
  kl_i32x16 nan = 0;
  for (int c = classes; c < rows; c++) kl_store(x[c], kl_load_f32x16(x[0]));
  for (int c = 0; c < rows; c += 2) {
    kl_f32x16 v[2];
    KL_EACH v[j] = kl_load_f32x16(x[c + j]);
    KL_EACH largest[j] = kl_larger(v[j], largest[j]), least[j] = kl_select(v[j] < least[j], v[j], least[j]);
    if (!exact) KL_EACH nan |= v[j] != v[j]; // a pair is multiplied by its power of 2: it remains NaN
  }
  const kl_f32x16 max = kl_larger(largest[0], largest[1]), min = -kl_larger(-least[0], -least[1]);
  for (int c = classes; c < rows; c++) {
    kl_store(x[c], max);
    if (dense) kl_store(y[c], kl_splat(0.0f));
  }
  const kl_i32x16 far = !(kl_abs(max) <= 256.0f); // or NaN, which is none
  const kl_f32x16 shift = kl_splat(0x1.8p23f), zero = kl_splat(0.0f);
  const kl_f32x16 power = kl_fma(max, kl_splat((float)KL_LOG2E), shift) - shift;
  const kl_f32x16 N = kl_select(far, zero, power) - (float)KL_LANES_HEADROOM;
  s->max = max, s->base = kl_select(far, max, zero), s->magic = kl_exp_magic_f32(0) - N;
  s->lowest = (N - 125.99f) * (float)KL_LN2;
  const kl_sum_f32 none = {kl_splat(0.0), kl_splat(0.0)};
  s->others = s->labels = s->label_z = s->sum_z = none;
  s->peaks = classes - rows, s->top = 0, s->y_top = zero; // less those beyond
  return !kl_any(far | nan | !(min >= s->lowest));
}

// Whether class c, which is x, is a maximum: counted, and remembered where there will be a gradient.
KL_INLINE kl_i32x16 kl_float_lanes_peak(kl_float_lanes *s, kl_f32x16 x, kl_tile_f32 y, int c, const bool dense,
                                        const bool keep_e) {
  const kl_i32x16 is_peak = x == s->max;
  s->peaks = kl_select(is_peak, s->peaks + 1, s->peaks);
  if (keep_e) s->top = kl_select(is_peak, (kl_i32x16)c, s->top);
  if (keep_e && dense) s->y_top = kl_select(is_peak, kl_load_f32x16(y[c]), s->y_top);
  return is_peak;
}

// From 65 classes on: adds n of them from c on, n being 4 or 8. Their e replace x if `keep_e`.
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
      const kl_i32x16 is_peak = kl_float_lanes_peak(s, xj, y, c + i + j, dense, keep_e);
      if (dense) ys[j] = kl_load_f32x16(y[c + i + j]);
      if (dense) z[j] = plain ? xj - s->max : kl_select(ys[j] == 0.0f, zero, xj - s->max); // 0·(−inf) is 0 here
      if (keep_e) kl_store(x[c + i + j], e[i + j]);
      e[i + j] = kl_select(is_peak, zero, e[i + j]);
    }
    kl_sum_add_f32(&s->others, (e[i] + e[i + 1]) + (e[i + 2] + e[i + 3]));
    if (!dense) continue;
    kl_sum_add_f32(&s->labels, (ys[0] + ys[1]) + (ys[2] + ys[3]));
    kl_sum_add_f32(&s->label_z, kl_fma(ys[1], z[1], ys[0] * z[0]) + kl_fma(ys[3], z[3], ys[2] * z[2]));
  }
}

// Up to 64: y and y z of one class.
KL_INLINE void kl_float_lanes_label(kl_float_lanes *s, kl_f32x16 x, kl_f32x16 y, const bool plain) {
  const kl_f64x16 yw = kl_widened(y), xw = kl_widened(x), max = kl_widened(s->max);
  kl_f64x16 z;
  KL_BOTH(h) z.v[h] = plain ? xw.v[h] - max.v[h] : kl_select(yw.v[h] == 0.0, kl_splat(0.0), xw.v[h] - max.v[h]);
  s->labels.a += yw.v[0], s->labels.b += yw.v[1];
  s->label_z.a = kl_fma(yw.v[0], z.v[0], s->label_z.a), s->label_z.b = kl_fma(yw.v[1], z.v[1], s->label_z.b);
}

// Up to 64: adds n of them from c on, n being 2 or 4. If `keep_e` the first parts of e replace x, the second go to
// `low`.
KL_INLINE void kl_float_lanes_add_exact(kl_float_lanes *s, kl_tile_f32 x, kl_tile_f32 y, kl_tile_f32 low, int c,
                                        const int n,
                                        const bool dense, const bool plain, const bool keep_e) {
  const kl_f32x16 zero = kl_splat(0.0f);
  const bool early = plain && !keep_e; // e of maxima is not needed: it is 0 from the beginning
  kl_f32x16 e[4], l[4];
  kl_i32x16 is_peak[4];
  KL_EACH e[j] = plain ? kl_load_f32x16(x[c + j]) : kl_load_f32x16(x[c + j]) - s->base;
  KL_UNROLLED for (int j = n - 1; j >= 0; j--)
    is_peak[j] = kl_float_lanes_peak(s, kl_load_f32x16(x[c + j]), y, c + j, dense, keep_e);
  kl_exp_pair_all(e, l, n, s->magic, early ? is_peak : NULL);
  if (!plain) KL_EACH {
    const kl_i32x16 nothing = kl_load_f32x16(x[c + j]) - s->base < s->lowest;
    e[j] = kl_select(nothing, zero, e[j]), l[j] = kl_select(nothing, zero, l[j]);
  }
  KL_UNROLLED for (int j = n - 1; j >= 0; j--) {
    if (dense) kl_float_lanes_label(s, kl_load_f32x16(x[c + j]), kl_load_f32x16(y[c + j]), plain);
    if (keep_e) kl_store(x[c + j], e[j]), kl_store(low[c + j], l[j]);
    if (!early) e[j] = kl_select(is_peak[j], zero, e[j]), l[j] = kl_select(is_peak[j], zero, l[j]);
    kl_sum_add_f32(&s->others, e[j]);
  }
  kl_sum_add_f32(&s->others, n == 2 ? l[0] + l[1] : (l[0] + l[1]) + (l[2] + l[3]));
}

KL_INLINE void kl_float_lanes_sum(kl_float_lanes *state, kl_tile_f32 x, kl_tile_f32 y, kl_tile_f32 low, int classes,
                                  const bool exact, const bool dense, const bool plain, const bool keep_e) {
  kl_float_lanes s = *state; // in registers
  int c = kl_float_lanes_rows(classes, exact); // downwards: what stands beyond the classes comes first
  if (exact) {
    for (; c >= 4; c -= 4) kl_float_lanes_add_exact(&s, x, y, low, c - 4, 4, dense, plain, keep_e);
    if (c) kl_float_lanes_add_exact(&s, x, y, low, 0, 2, dense, plain, keep_e);
  } else {
    for (; c >= KL_CHAINS; c -= KL_CHAINS) kl_float_lanes_add(&s, x, y, c - KL_CHAINS, KL_CHAINS, dense, plain, keep_e);
    if (c) kl_float_lanes_add(&s, x, y, 0, 4, dense, plain, keep_e);
  }
  *state = s;
}

// Σ z, for smoothing, in Double.
KL_NOINLINE void kl_float_lanes_smooth(kl_float_lanes *s, kl_tile_f32 x, int classes) {
  const kl_f64x16 max = kl_widened(s->max);
  for (int c = 0; c < classes; c++) {
    const kl_f64x16 xw = kl_widened(kl_load_f32x16(x[c]));
    s->sum_z.a += xw.v[0] - max.v[0], s->sum_z.b += xw.v[1] - max.v[1];
  }
}

// Σ y and Σ y z of class ids.
KL_INLINE void kl_float_lanes_targets(kl_float_lanes *f, const kl_lanes_state *s, kl_tile_f32 x, const bool exact) {
  float target[KL_LANES];
  f->id = kl_lane_ids(s);
  for (int i = 0; i < KL_LANES; i++) target[i] = x[s->ids[i]][i];
  const kl_f32x16 t = kl_load_f32x16(target);
  f->labels = (kl_sum_f32){kl_splat(1.0), kl_splat(1.0)};
  const kl_f64x16 z = kl_widened(t - f->max), tw = kl_widened(t), max = kl_widened(f->max);
  if (exact) f->label_z = (kl_sum_f32){tw.v[0] - max.v[0], tw.v[1] - max.v[1]};
  else f->label_z = (kl_sum_f32){z.v[0], z.v[1]};
}
