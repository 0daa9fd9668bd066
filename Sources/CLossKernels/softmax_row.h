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
  KL_(kl_epoch) now;             // the last of them again: looked up by every block
  T lowest;                      // the smallest x − base with an e > 0 in it
} KL_(kl_row);

/// The smallest x − base with an e > 0.
KL_INLINE T KL_(kl_lowest)(T magic) { return (T)(((double)(MAGIC(0) - magic) - LOWEST) * KL_LN2); }

static void KL_(kl_row_begin)(KL_(kl_row) *r) {
  const KL_(kl_sum) zero = {kl_splat(0.0), kl_splat(0.0)};
  r->max = r->limit = -INFINITE, r->reference = 0;
  r->peaks = r->seen = r->peak_block = r->epochs = 0;
  r->others = r->labels = r->label_z = r->sum_z = zero;
  r->now = (KL_(kl_epoch)){0, 0, MAGIC(0)}, r->lowest = KL_(kl_lowest)(MAGIC(0)); // as long as max is −inf
}
KL_INLINE int KL_(kl_exponent)(const KL_(kl_epoch) *p) { return (int)(MAGIC(0) - p->magic); } // N

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

/// Σ y z and Σ z of the blocks before, for a new maximum; the old peaks join the others.
static __attribute__((noinline)) void KL_(kl_row_carry)(KL_(kl_row) *r, T max) {
  if (r->peaks) KL_(kl_sum_add_one)(&r->others, (double)r->peaks * (double)KL_(kl_peak)(r->max, &r->now));
  const double step = (double)r->reference - (double)max;
  KL_(kl_sum_add_scaled)(&r->label_z, r->labels, step);
  KL_(kl_sum_add_one)(&r->sum_z, (double)r->seen * step);
}
/// Σ e in the epoch to come.
static __attribute__((noinline)) void KL_(kl_row_scale)(KL_(kl_row) *r, const KL_(kl_epoch) *next) {
  const KL_(kl_sum) old = r->others;
  r->others = (KL_(kl_sum)){kl_splat(0.0), kl_splat(0.0)};
  KL_(kl_sum_add_scaled)(&r->others, old, KL_(kl_epoch_factor)(&r->now, next));
}
/// A larger maximum, met in `block`. Every row begins with one: so this is inline and its calls are for
/// those that come later.
KL_INLINE void KL_(kl_row_raise)(KL_(kl_row) *r, T max, int64_t block) {
  if (r->seen) KL_(kl_row_carry)(r, max);
  if (max > r->limit && max < INFINITE) {
    const T shift = (T)(KL_IS_FLOAT ? 0x1.8p23 : 0x1.8p52), k = (T)KL_LOG2E * max + shift;
    const bool far = (max < 0 ? -max : max) > BASE_LIMIT;
    const KL_(kl_epoch) next = {block, far ? max : 0, MAGIC((far ? 0 : (int)(k - shift)) - HEADROOM)};
    if (r->epochs) KL_(kl_row_scale)(r, &next);
    r->now = r->epoch[r->epochs++ % KL_(KL_EPOCHS)] = next;
    r->lowest = KL_(kl_lowest)(next.magic);
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
  return (KL_(kl_state)){kl_splat(r->max), kl_splat(r->reference), kl_splat(r->now.base), kl_splat(r->now.magic),
                         kl_splat(r->lowest), r->others, r->labels, r->label_z, (MASK)0};
}
KL_INLINE void KL_(kl_row_close)(KL_(kl_row) *r, const KL_(kl_state) *s, const bool peak) {
  r->others = s->others, r->labels = s->labels, r->label_z = s->label_z;
  if (peak) r->peaks += kl_count(s->peaks);
}

/// Adds a group of four vectors of logits (and labels) to the sums; x becomes e.
KL_INLINE void KL_(kl_row_group)(KL_(kl_state) *s, V x[4], const V y[4], const bool peak, const bool dense) {
  const V zero = kl_splat((T)0);
  V e_sum[2], y_sum[2], yz_sum[2];
  V all[4] = {x[0] - s->base, x[1] - s->base, x[2] - s->base, x[3] - s->base};
  kl_exp_scaled_all(all, 4, s->magic);
#pragma clang loop unroll(full)
  for (int j = 0; j < 4; j += 2) {
    V e[2], z[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
      const V xv = x[j + i];
      x[j + i] = e[i] = kl_select(xv - s->base < s->lowest, zero, all[j + i]); // as kl_softmax_e
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

/// The last group, of which there are `count` classes: the rest is `padding`.
KL_INLINE void KL_(kl_last_load)(V v[4], const T *p, int count, T padding) {
#pragma clang loop unroll(full)
  for (int j = 0, here = count; j < 4; j++, here -= LANES) {
    v[j] = here >= LANES ? LOAD(p + j * LANES) : kl_splat(padding);
    if (here > 0 && here < LANES) v[j] = kl_select(KL_(kl_last_lanes)(here), LOAD(p + count - LANES), v[j]);
  }
}
KL_INLINE void KL_(kl_last_store)(T *p, const V v[4], int count) {
#pragma clang loop unroll(full)
  for (int j = 0, here = count; j < 4; j++, here -= LANES) {
    if (here >= LANES) kl_store(p + j * LANES, v[j]);
    else if (here > 0) kl_store(p + count - LANES, kl_select(KL_(kl_last_lanes)(here), v[j], LOAD(p + count - LANES)));
  }
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

/// Maximum of m and classes i … n−1, with the same kind of last vector; NaN is passed over.
KL_INLINE T KL_(kl_max_from)(V m, const T *x, int i, int n) {
  for (; i + LANES <= n; i += LANES) m = kl_larger(LOAD(x + i), m);
  if (i < n) m = kl_larger(LOAD(x + n - LANES), m);
  return kl_largest(m);
}
static T KL_(kl_row_max)(const T *x, int n) { return KL_(kl_max_from)(kl_splat(-INFINITE), x, 0, n); }

KL_INLINE T KL_(kl_row_groups)(KL_(kl_row) *r, const T *x, const T *y, T *e, int n, const T *ahead, int ahead_n,
                               const bool peak, const bool dense, const bool store) {
  KL_(kl_state) s = KL_(kl_row_open)(r);
  V m = kl_splat(-INFINITE);
  const int whole = n / GROUP * GROUP, both = ahead_n / GROUP * GROUP < whole ? ahead_n / GROUP * GROUP : whole;
  V xv[4], yv[4];
  for (int i = 0; i < whole; i += GROUP) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
      xv[j] = LOAD(x + i + j * LANES);
      if (dense) yv[j] = LOAD(y + i + j * LANES);
      if (i < both) m = kl_larger(LOAD(ahead + i + j * LANES), m);
    }
    KL_(kl_row_group)(&s, xv, yv, peak, dense);
    for (int j = 0; store && j < 4; j++) kl_store(e + i + j * LANES, xv[j]);
  }
  if (whole < n) { // here, as the sums are in registers still: short rows have many of these
    KL_(kl_last_load)(xv, x + whole, n - whole, -INFINITE);
    if (dense) KL_(kl_last_load)(yv, y + whole, n - whole, 0);
    KL_(kl_row_group)(&s, xv, yv, peak, dense);
    if (store) KL_(kl_last_store)(e + whole, xv, n - whole);
  }
  KL_(kl_row_close)(r, &s, peak);
  return KL_(kl_max_from)(m, ahead, both, ahead_n);
}

/// One block: n ≤ 512 classes at x, of which max is the largest; their labels at y or NULL; e is stored if not
/// NULL. Returns the maximum of the block to come, `ahead`, found meanwhile: so memory is read evenly, and
/// at the beginning of a block (or row) nothing waits.
static T KL_(kl_row_block)(KL_(kl_row) *r, int64_t block, T max, const T *x, const T *y, T *e, int n, const T *ahead, int ahead_n, bool smooth) {
  if (max > r->max) KL_(kl_row_raise)(r, max, block);
  const bool peak = max == r->max && max > -INFINITE;
  r->seen += n;
  T next = -INFINITE;
#define KL_CASE(P, D, S) case (P) * 4 + (D) * 2 + (S): next = KL_(kl_row_groups)(r, x, y, e, n, ahead, ahead_n, P, D, S); break;
  switch (peak * 4 + (y != NULL) * 2 + (e != NULL)) {
    KL_CASE(0, 0, 0) KL_CASE(0, 0, 1) KL_CASE(0, 1, 0) KL_CASE(0, 1, 1)
    KL_CASE(1, 0, 0) KL_CASE(1, 0, 1) KL_CASE(1, 1, 0) KL_CASE(1, 1, 1)
  }
#undef KL_CASE
  if (smooth) KL_(kl_row_smooth)(r, x, n);
  return next;
}
