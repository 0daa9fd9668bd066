// softmax_row.h: one row of many classes, block by block.
//
// A row is taken in blocks of 1024 classes, each read from memory once: its maximum first (softmax_look.h), then,
// now in L1 (softmax_groups.h),
//   e = exp(x − base)·2^−N,   rest += e,   Σy += y,   Σyz += y·z  with  z = x − reference.
// base and N keep e in range. They are chosen from the first block's maximum (e ≈ 2^30, so that p is not lost
// down to 2^-156) and stay until a maximum would give e > 2^70: then a new *epoch* begins and the sums are scaled.
// They do not follow the maximum, so a new one costs nothing and e of most rows needs no factor but the row's. base is
// 0 unless |max| > 256 (Double: 1500): then it is the maximum, and x − base is exact (Sterbenz) for every x whose e is
// not 0.
//
// The elements equal to the maximum so far (*peaks*) are counted, not summed, so that the sum of the
// others is there without cancellation when the row is confident. Only a group of vectors that holds a peak pays
// for that; when a larger one appears the old peaks join the sum.
//
// Sums: four vectors by a tree, then in Double by lanes (Double rows: with two-sum). The last group is
// padded with x = −inf, y = 0. The shape depends on the number of classes only. Float error, u = 2^-24:
//   e 0.89 ulp (exp_log.h), two additions 1 ulp  ⇒  rest within 1.9 ulp;  y z: z ½, product and fma chain
//   1, addition ½  ⇒  2 ulp.  Both are sums of like signs (y ≥ 0), the rest is Double, and the loss is a
//   sum of the two: ≤ 2 + ½ ulp, where a single element makes up the sum. Sums of many come out better.

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
#define LINE (64 / (int)sizeof(T)) /* numbers that memory brings together */
#define HEADROOM 30

// A sum by lanes. Float: lanes 0…7 in a, 8…15 in b. Double: a + b, b the error of a.
typedef struct { kl_f64x8 a, b; } KL_(kl_sum);

KL_INLINE void KL_(kl_sum_add)(KL_(kl_sum) *s, V x) {
#if KL_IS_FLOAT
  s->a += kl_widen_low(x), s->b += kl_widen_high(x);
#else
  kl_add(&s->a, &s->b, x);
#endif
}
// sum += Σ other·factor
KL_INLINE void KL_(kl_sum_add_scaled)(KL_(kl_sum) *s, KL_(kl_sum) other, double factor) {
  const kl_f64x8 f = kl_splat(factor);
#if KL_IS_FLOAT
  s->a = kl_fma(other.a, f, s->a), s->b = kl_fma(other.b, f, s->b);
#else
  const kl_f64x8 p = other.a * f;
  kl_add(&s->a, &s->b, p);
  s->b += kl_fma(other.a, f, -p) + other.b * f;
#endif
}
// sum += x, once. x is exact in T for labels; elsewhere it may have been rounded.
KL_INLINE void KL_(kl_sum_add_one)(KL_(kl_sum) *s, double x) {
  kl_f64x8 v = kl_splat(0.0);
  v[0] = x;
#if KL_IS_FLOAT
  s->a += v;
#else
  kl_add(&s->a, &s->b, v);
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

// base, and N in the magic number, from block `first_block` on.
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

// The smallest x − base with an e > 0.
KL_INLINE T KL_(kl_lowest)(T magic) { return (T)(((double)(MAGIC(0) - magic) - LOWEST) * KL_LN2); }

static void KL_(kl_row_begin)(KL_(kl_row) *r) {
  const KL_(kl_sum) zero = {kl_splat(0.0), kl_splat(0.0)};
  r->max = r->limit = -INFINITE, r->reference = 0;
  r->peaks = r->seen = r->peak_block = r->epochs = 0;
  r->others = r->labels = r->label_z = r->sum_z = zero;
  r->now = (KL_(kl_epoch)){0, 0, MAGIC(0)}, r->lowest = KL_(kl_lowest)(MAGIC(0)); // as long as max is −inf
}
KL_INLINE int KL_(kl_exponent)(const KL_(kl_epoch) *p) { return (int)(MAGIC(0) - p->magic); } // N

// What multiplies e of one epoch to make it an e of a later one: a power of 2, unless base has changed.
static double KL_(kl_epoch_factor)(const KL_(kl_epoch) *from, const KL_(kl_epoch) *to) {
  const double d = (double)from->base - (double)to->base;
  const int N = KL_(kl_exponent)(to) - KL_(kl_exponent)(from);
  if (!(d - N * KL_LN2 > -700)) return 0;
  return kl_exp_scaled(kl_splat(d), kl_splat(kl_exp_magic_f64(N)))[0];
}

// e of a maximum in the epoch, as the blocks would have it.
KL_INLINE T KL_(kl_peak)(T max, const KL_(kl_epoch) *p) {
  return kl_exp_scaled(kl_splat(max - p->base), kl_splat(p->magic))[0];
}

// Σ y z and Σ z of the blocks before, for a new maximum; the old peaks join the others.
KL_NOINLINE void KL_(kl_row_carry)(KL_(kl_row) *r, T max) {
  if (r->peaks) KL_(kl_sum_add_one)(&r->others, (double)r->peaks * (double)KL_(kl_peak)(r->max, &r->now));
  const double step = (double)r->reference - (double)max;
  KL_(kl_sum_add_scaled)(&r->label_z, r->labels, step);
  KL_(kl_sum_add_one)(&r->sum_z, (double)r->seen * step);
}
// Σ e in the epoch to come.
KL_NOINLINE void KL_(kl_row_scale)(KL_(kl_row) *r, const KL_(kl_epoch) *next) {
  const KL_(kl_sum) old = r->others;
  r->others = (KL_(kl_sum)){kl_splat(0.0), kl_splat(0.0)};
  KL_(kl_sum_add_scaled)(&r->others, old, KL_(kl_epoch_factor)(&r->now, next));
}
// A larger maximum, met in `block`. Every row begins with one: so this is inline and its calls are for
// those that come later.
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
