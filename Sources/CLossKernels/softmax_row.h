//===--- softmax_row.h - one row of many classes, block by block ---*- C -*-===//
//
// A row is taken in blocks of 512 classes, each read from memory once: its maximum first, then, now in L1,
//   e = exp(x − base)·2^−N,   rest += e,   Σy += y,   Σyz += y·z  with  z = x − reference.
// base and N keep e in range. They are chosen from the first block's maximum (e ≈ 2^30, so that p is not lost
// down to 2^-156) and stay until a maximum would give e > 2^70: then a new *epoch* begins and the sums are scaled. They do not follow the maximum,
// so a new one costs nothing and e of most rows needs no factor but the row's. base is 0 unless |max| > 256 (Double:
// 1500): then it is the maximum, and x − base is exact (Sterbenz) for every x whose e is not 0.
//
// The elements equal to the maximum so far (*peaks*) are counted, not summed, so that the sum of the
// others is there without cancellation when the row is confident. Only a block that holds a peak pays for
// that; when a larger one appears the old peaks join the sum.
//
// Sums: four vectors by a tree, then in Double by lanes (Double rows: with two-sum). The last group is
// padded with x = −inf, y = 0. The shape depends on the number of classes only. Float error, u = 2^-24:
//   e 0.89 ulp (exp_log.h), two additions 1 ulp  ⇒  rest within 1.9 ulp;  y z: z ½, product and fma chain
//   1, addition ½  ⇒  2 ulp.  Both are sums of like signs (y ≥ 0), the rest is Double, and the loss is a
//   sum of the two: ≤ 2 + ½ ulp, where a single element makes up the sum. Sums of many come out better.
//
//===--------------------------------------------------------------------===//

#define T KL_(kl_scalar)
#define V KL_(kl_vector)
#define MASK KL_(kl_mask)

#if KL_IS_FLOAT
#define LANES 16
#define KL_OWN KL_F32
#define BASE_LIMIT 256.0f
#define LOWEST 125.99 /* e ≥ 2^-126: normal */
#define MAGIC kl_exp_magic_f32
#define LOAD kl_load_f32x16
#define WIDEN kl_widen_f32
#define INFINITE KL_INF_F32
#define ORDINALS ((kl_i32x16){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
#else
#define LANES 8
#define KL_OWN KL_F64
#define BASE_LIMIT 1500.0
#define LOWEST 1021.99
#define MAGIC kl_exp_magic_f64
#define LOAD kl_load_f64x8
#define WIDEN kl_widen_f64
#define INFINITE KL_INF_F64
#define ORDINALS ((kl_i64x8){0, 1, 2, 3, 4, 5, 6, 7})
#endif
#define GROUP (4 * LANES)
#define HEADROOM 30

/// A sum by lanes. Float: lanes 0…7 in a, 8…15 in b. Double: a + b, b the error of a.
typedef struct { kl_f64x8 a, b; } KL_(kl_sum);

KL_INLINE void KL_(kl_sum_add)(KL_(kl_sum) *s, V x) {
#if KL_IS_FLOAT
  s->a += kl_widen_low(x), s->b += kl_widen_high(x);
#else
  kl_add(&s->a, &s->b, x, true);
#endif
}
/// sum += Σ other·factor
KL_INLINE void KL_(kl_sum_add_scaled)(KL_(kl_sum) *s, KL_(kl_sum) other, double factor) {
  const kl_f64x8 f = kl_splat(factor);
#if KL_IS_FLOAT
  s->a = kl_fma(other.a, f, s->a), s->b = kl_fma(other.b, f, s->b);
#else
  const kl_f64x8 p = other.a * f;
  kl_add(&s->a, &s->b, p, true);
  s->b += kl_fma(other.a, f, -p) + other.b * f;
#endif
}
/// sum += x, once. x is exact in T for labels; elsewhere it may have been rounded.
KL_INLINE void KL_(kl_sum_add_one)(KL_(kl_sum) *s, double x) {
  kl_f64x8 v = kl_splat(0.0);
  v[0] = x;
#if KL_IS_FLOAT
  s->a += v;
#else
  kl_add(&s->a, &s->b, v, true);
#endif
}
static double KL_(kl_sum_total)(const KL_(kl_sum) *s) {
#if KL_IS_FLOAT
  return kl_sum_lanes(s->a + s->b);
#else
  double sum = s->a[0], error = kl_sum_lanes(s->b);
  for (int i = 1; i < 8; i++) {
    const double x = s->a[i], t = sum + x, v = t - sum;
    error += (sum - (t - v)) + (x - v);
    sum = t;
  }
  return sum - sum == 0 ? sum + error : sum;
#endif
}

/// base, and N in the magic number, from block `first_block` on.
typedef struct { int64_t first_block; T base, magic; } KL_(kl_epoch);
enum { KL_(KL_EPOCHS) = 5 };

typedef struct {
  T max;                         // so far; −inf at first
  T reference;                   // of z: max, but 0 as long as max is −inf
  T limit;                       // of the maximum in this epoch
  int64_t peaks, peak_block;     // how many x equal max; the first block with one
  int64_t seen;                  // classes in z
  KL_(kl_sum) others, labels, label_z, sum_z; // Σ e below max, Σ y, Σ y z, Σ z
  int epochs;                    // begun so far; the last five are kept: e of older ones is below 2^-160
  KL_(kl_epoch) epoch[KL_(KL_EPOCHS)];
} KL_(kl_row);

static void KL_(kl_row_begin)(KL_(kl_row) *r) {
  const KL_(kl_sum) zero = {kl_splat(0.0), kl_splat(0.0)};
  r->max = r->limit = -INFINITE, r->reference = 0;
  r->peaks = r->seen = r->peak_block = r->epochs = 0;
  r->others = r->labels = r->label_z = r->sum_z = zero;
  r->epoch[KL_(KL_EPOCHS) - 1] = (KL_(kl_epoch)){0, 0, MAGIC(0)}; // as long as max is −inf
}
KL_INLINE const KL_(kl_epoch) *KL_(kl_row_epoch)(const KL_(kl_row) *r) {
  return &r->epoch[(r->epochs + KL_(KL_EPOCHS) - 1) % KL_(KL_EPOCHS)];
}
KL_INLINE int KL_(kl_exponent)(const KL_(kl_epoch) *p) { return (int)(MAGIC(0) - p->magic); } // N
/// The smallest x − base with an e > 0.
KL_INLINE T KL_(kl_lowest)(T magic) { return (T)(((double)(MAGIC(0) - magic) - LOWEST) * KL_LN2); }

/// What multiplies e of one epoch to make it an e of a later one: a power of 2, unless base has changed.
static double KL_(kl_epoch_factor)(const KL_(kl_epoch) *from, const KL_(kl_epoch) *to) {
  const double d = (double)from->base - (double)to->base;
  const int N = KL_(kl_exponent)(to) - KL_(kl_exponent)(from);
  if (!(d - N * KL_LN2 > -700)) return 0;
  return kl_exp_scaled(kl_splat(d), kl_splat(kl_exp_magic_f64(N)))[0];
}

/// e of a maximum in the epoch, as the blocks would have it.
KL_INLINE T KL_(kl_peak)(T max, const KL_(kl_epoch) *p) {
  return kl_exp_scaled(kl_splat(max - p->base), kl_splat(p->magic))[0];
}

/// A larger maximum, met in `block`.
static __attribute__((noinline)) void KL_(kl_row_raise)(KL_(kl_row) *r, T max, int64_t block) {
  if (r->peaks) KL_(kl_sum_add_one)(&r->others, (double)r->peaks * (double)KL_(kl_peak)(r->max, KL_(kl_row_epoch)(r)));
  const double step = (double)r->reference - (double)max;
  KL_(kl_sum_add_scaled)(&r->label_z, r->labels, step);
  KL_(kl_sum_add_one)(&r->sum_z, (double)r->seen * step);
  if (max > r->limit && max < INFINITE) {
    const T shift = (T)(KL_IS_FLOAT ? 0x1.8p23 : 0x1.8p52), k = (T)KL_LOG2E * max + shift;
    const bool far = (max < 0 ? -max : max) > BASE_LIMIT;
    const KL_(kl_epoch) next = {block, far ? max : 0, MAGIC((far ? 0 : (int)(k - shift)) - HEADROOM)};
    if (r->epochs) {
      const KL_(kl_sum) old = r->others;
      r->others = (KL_(kl_sum)){kl_splat(0.0), kl_splat(0.0)};
      KL_(kl_sum_add_scaled)(&r->others, old, KL_(kl_epoch_factor)(KL_(kl_row_epoch)(r), &next));
    }
    r->epoch[r->epochs++ % KL_(KL_EPOCHS)] = next;
    r->limit = max + (T)27.7; // 40 ln 2
  }
  r->max = r->reference = max;
  r->peaks = 0;
  r->peak_block = block;
}

/// e of a vector: 0 below `lowest`; NaN stays NaN.
KL_INLINE V KL_(kl_softmax_e)(V x, V base, V magic, V lowest) {
  const V a = x - base;
  return kl_select(a < lowest, kl_splat((T)0), kl_exp_scaled(a, magic));
}

/// Lanes of a row's last vector that belong to it: the vector ends with the row, so that nothing is read
/// beyond, and begins among classes that have had their turn. (Buffers have LANES elements in front.)
KL_INLINE MASK KL_(kl_last_lanes)(int count) { return ORDINALS >= LANES - count; }

/// What a row's vectors need of it, in registers while a block is done.
typedef struct { V max, reference, base, magic, lowest; KL_(kl_sum) others, labels, label_z; MASK peaks; } KL_(kl_state);

KL_INLINE KL_(kl_state) KL_(kl_row_open)(const KL_(kl_row) *r) {
  const KL_(kl_epoch) *p = KL_(kl_row_epoch)(r);
  return (KL_(kl_state)){kl_splat(r->max), kl_splat(r->reference), kl_splat(p->base), kl_splat(p->magic),
                         kl_splat(KL_(kl_lowest)(p->magic)), r->others, r->labels, r->label_z, (MASK)0};
}
KL_INLINE void KL_(kl_row_close)(KL_(kl_row) *r, const KL_(kl_state) *s, const bool peak) {
  r->others = s->others, r->labels = s->labels, r->label_z = s->label_z;
  if (peak) r->peaks += kl_count(s->peaks);
}

/// Adds a group of four vectors of logits (and labels) to the sums; x becomes e.
KL_INLINE void KL_(kl_row_group)(KL_(kl_state) *s, V x[4], const V y[4], const bool peak, const bool dense) {
  const V zero = kl_splat((T)0);
  V e_sum[2], y_sum[2], yz_sum[2];
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j += 2) {
    V e[2], z[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
      const V xv = x[j + i];
      x[j + i] = e[i] = KL_(kl_softmax_e)(xv, s->base, s->magic, s->lowest);
      if (peak) {
        const MASK is = xv == s->max;
        s->peaks += is;
        e[i] = kl_select(is, zero, e[i]);
      }
      if (dense) z[i] = kl_select(y[j + i] == 0, zero, xv - s->reference); // 0·(−inf) is 0 here
    }
    e_sum[j / 2] = e[0] + e[1];
    if (dense) y_sum[j / 2] = y[j] + y[j + 1], yz_sum[j / 2] = kl_fma(y[j + 1], z[1], y[j] * z[0]);
  }
  KL_(kl_sum_add)(&s->others, e_sum[0] + e_sum[1]);
  if (dense) KL_(kl_sum_add)(&s->labels, y_sum[0] + y_sum[1]), KL_(kl_sum_add)(&s->label_z, yz_sum[0] + yz_sum[1]);
}

/// The last group, of which there are `count` classes: the rest is −inf with label 0.
static __attribute__((noinline)) void KL_(kl_row_end)(KL_(kl_row) *r, const T *x, const T *y, T *e, int count) {
  const V zero = kl_splat((T)0), nothing = kl_splat(-INFINITE);
  const MASK in = KL_(kl_last_lanes)(count % LANES);
  const int whole = count / LANES;
  V xv[4], yv[4];
  for (int j = 0; j < 4; j++) {
    xv[j] = j < whole ? LOAD(x + j * LANES) : nothing;
    yv[j] = y && j < whole ? LOAD(y + j * LANES) : zero;
  }
  if (count % LANES) {
    xv[whole] = kl_select(in, LOAD(x + count - LANES), nothing);
    if (y) yv[whole] = kl_select(in, LOAD(y + count - LANES), zero);
  }
  KL_(kl_state) s = KL_(kl_row_open)(r);
  KL_(kl_row_group)(&s, xv, yv, true, true);
  KL_(kl_row_close)(r, &s, r->max > -INFINITE);
  for (int j = 0; e && j < whole; j++) kl_store(e + j * LANES, xv[j]);
  if (e && count % LANES) kl_store(e + count - LANES, kl_select(in, xv[whole], LOAD(e + count - LANES)));
}

/// Adds z to its sum, for smoothing.
static __attribute__((noinline)) void KL_(kl_row_smooth)(KL_(kl_row) *r, const T *x, int n) {
  const V reference = kl_splat(r->reference), zero = kl_splat((T)0);
  V z[4] = {zero, zero, zero, zero};
  for (int i = 0, j = 0; i < n; i += LANES, j++) {
    const bool whole = i + LANES <= n;
    const V v = LOAD(x + (whole ? i : n - LANES)) - reference;
    z[j % 4] = whole ? v : kl_select(KL_(kl_last_lanes)(n - i), v, zero);
    if (j % 4 == 3 || i + LANES >= n) {
      KL_(kl_sum_add)(&r->sum_z, (z[0] + z[1]) + (z[2] + z[3]));
      z[0] = z[1] = z[2] = z[3] = zero;
    }
  }
}

/// Maximum of n classes, with the same kind of last vector; NaN is passed over.
static T KL_(kl_row_max)(const T *x, int n) {
  V m = kl_splat(-INFINITE);
  for (int i = 0; i + LANES <= n; i += LANES) m = kl_larger(LOAD(x + i), m);
  if (n % LANES) m = kl_larger(LOAD(x + n - LANES), m);
  return kl_largest(m);
}

KL_INLINE T KL_(kl_row_groups)(KL_(kl_row) *r, const T *x, const T *y, T *e, int n, const T *ahead, int ahead_n,
                               const bool peak, const bool dense, const bool store) {
  KL_(kl_state) s = KL_(kl_row_open)(r);
  V m = kl_splat(-INFINITE);
  for (int i = 0; i < n; i += GROUP) {
    V xv[4], yv[4];
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      xv[j] = LOAD(x + i + j * LANES);
      if (dense) yv[j] = LOAD(y + i + j * LANES);
      if (i < ahead_n) m = kl_larger(LOAD(ahead + i + j * LANES), m);
    }
    KL_(kl_row_group)(&s, xv, yv, peak, dense);
    for (int j = 0; store && j < 4; j++) kl_store(e + i + j * LANES, xv[j]);
  }
  KL_(kl_row_close)(r, &s, peak);
  return kl_largest(m);
}

/// One block: n ≤ 512 classes at x, of which max is the largest; their labels at y or NULL; e is stored if not
/// NULL. Returns the maximum of the block to come, `ahead`, found meanwhile: so memory is read evenly, and
/// at the beginning of a block (or row) nothing waits.
static T KL_(kl_row_block)(KL_(kl_row) *r, int64_t block, T max, const T *x, const T *y, T *e, int n, const T *ahead, int ahead_n, bool smooth) {
  if (max > r->max) KL_(kl_row_raise)(r, max, block);
  const bool peak = max == r->max && max > -INFINITE;
  const int whole = n / GROUP * GROUP, both = ahead_n / GROUP * GROUP < whole ? ahead_n / GROUP * GROUP : whole;
  r->seen += n;
  T next = -INFINITE;
#define KL_CASE(P, D, S) case (P) * 4 + (D) * 2 + (S): next = KL_(kl_row_groups)(r, x, y, e, whole, ahead, both, P, D, S); break;
  switch (peak * 4 + (y != NULL) * 2 + (e != NULL)) {
    KL_CASE(0, 0, 0) KL_CASE(0, 0, 1) KL_CASE(0, 1, 0) KL_CASE(0, 1, 1)
    KL_CASE(1, 0, 0) KL_CASE(1, 0, 1) KL_CASE(1, 1, 0) KL_CASE(1, 1, 1)
  }
#undef KL_CASE
  if (whole < n) KL_(kl_row_end)(r, x + whole, y ? y + whole : NULL, e ? e + whole : NULL, n - whole);
  if (smooth) KL_(kl_row_smooth)(r, x, n);
  if (both < ahead_n) {
    const T rest = KL_(kl_row_max)(ahead + both, ahead_n - both);
    next = rest > next ? rest : next;
  }
  return next;
}
