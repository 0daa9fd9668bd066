// exact_body.h: the vector path of the exact sums, one block of one type. No include guard: exact_bodies.h
// includes it twice per instruction set, with
//   NAME(x)  the name of x for this type       FLOAT  1: float, 0: double
//   FMA      1: the target has a fused multiply-add
//
// Slicing. Let every |x| < 2^(k-1) and s = 1.5 * 2^k. Then s + x lies in [2^k, 2^(k+1)], where doubles are
// the multiples of u = 2^(k-52), so that t = fl(s + x) = s + q with q the multiple of u nearest to x; and the
// bits of t, as an integer, are the bits of s plus q/u exactly (the grid is uniform, its upper end included).
// Adding those integers over a block and subtracting m times the bits of s leaves sum(q)/u, exactly: each
// |q/u| <= 2^51, a block has at most 1024 elements, and what wraps meanwhile does not matter. q = t - s is
// exact, and so is r = x - q: it is a multiple of x's last bit, and |r| <= min(u/2, |x|). |r| <= 2^(k-53)
// in turn is sliced by s' = 1.5 * 2^(k-52), down to multiples of 2^(k-104), and so on: 52 bits a level. Once
// every x is a multiple of a level's unit, that level takes all that is left.
//
// How many levels that needs is known beforehand, from the exponents of the largest and of the smallest
// non-zero |x| of the block, which a first pass over it collects (on integers; it is in L1 for the second).
// For products these are the sums of those of the factors: an upper and a lower bound.
// Floats: w*l has 48 bits and is exact in a double; two levels hold losses and weights that spread over 53
// bits together (16 decades), three 105, five 209. Weights: one level holds a spread of 27 bits, two 79.
// Doubles: w*l = hi + lo with lo = fma(w, l, -hi), |lo| <= 2^-53 |hi|, exact as long as the product's last bit
// is a double. lo enters at the second level. 106 bits: three levels hold a spread of 47 bits, four 99, six 203.
// A block that needs more, or holds a NaN or an infinity, is left to the element-by-element path.

#if FLOAT
#define REAL float
#define BITS_V kl_u32x16
#define EIGHT kl_f32x8
#define LOAD_EIGHT kl_load_f32x8
#define BITS uint32_t
#define LANES 16
#define FRACTION 23
#else
#define REAL double
#define BITS_V kl_u64x8
#define EIGHT kl_f64x8
#define LOAD_EIGHT kl_load_f64x8
#define BITS uint64_t
#define LANES 8
#define FRACTION 52
#endif
#define ABS_MASK ((BITS)~(BITS)0 >> 1)
#define INF_FIELD ((int)(ABS_MASK >> FRACTION))
#define BIAS (INF_FIELD / 2 - 1)  // |x| < 2^(field - BIAS), subnormals included

// What an array holds: exponent fields of the largest |x| and of the smallest non-zero |x| (or one less;
// beyond all fields if there is none), and how many are zero, if they are counted.
typedef struct {
  int high, low;
  uint64_t zeros;
} NAME(range);

typedef struct {
  BITS_V high, low, zeros;
} NAME(scan);

KL_INLINE void NAME(look)(NAME(scan) * s, const REAL *p, const int counts_zeros) {
  BITS_V b;
  memcpy(&b, p, sizeof b);
  b &= ABS_MASK;
  s->high = __builtin_elementwise_max(s->high, b);
  s->low = __builtin_elementwise_min(s->low, b - (BITS)1);  // unsigned: zero becomes the largest
  if (counts_zeros) s->zeros -= (BITS_V)(b == (BITS)0);
}

KL_INLINE NAME(range) NAME(look_at)(const REAL *p, size_t n, const int counts_zeros) {
  NAME(scan) s = {(BITS_V)(BITS)0, (BITS_V)~(BITS)0, (BITS_V)(BITS)0};
  size_t i = 0, padding = 0;
  for (; i + LANES <= n; i += LANES) NAME(look)(&s, p + i, counts_zeros);
  if (i < n) {
    REAL tail[LANES] = {0};
    memcpy(tail, p + i, (n - i) * sizeof(REAL));
    NAME(look)(&s, tail, counts_zeros);
    padding = i + LANES - n;
  }
  NAME(range) r = {(int)(__builtin_reduce_max(s.high) >> FRACTION), (int)(__builtin_reduce_min(s.low) >> FRACTION),
                      counts_zeros ? __builtin_reduce_add(s.zeros) - padding : 0};
  return r;
}

// 1.5 * 2^k as bits, k in [-1022, 1023].
#define STEP_BITS(k) ((uint64_t)((k) + 1023) << 52 | (uint64_t)1 << 51)
#define MOST_LEVELS 6

typedef struct {
  kl_f64x8 step[MOST_LEVELS];  // s of each level
  kl_u64x8 sum[MOST_LEVELS];   // sums of the bits of t
} NAME(slices);

KL_INLINE void NAME(prepare)(NAME(slices) * s, int top, const int levels) {
  for (int j = 0; j < levels; j++) {
    s->step[j] = kl_from_bits((kl_u64x8)STEP_BITS(top - LEVEL * j));
    s->sum[j] = (kl_u64x8)0;
  }
}

// x into the levels first ..< levels.
KL_INLINE void NAME(take)(NAME(slices) * s, kl_f64x8 x, const int first, const int levels) {
  for (int j = first; j < levels; j++) {
    kl_f64x8 t = x + s->step[j];
    s->sum[j] += kl_bits(t);
    x -= t - s->step[j];
  }
}

// `times` numbers per lane went into each level (twice as many below the first if `paired`).
KL_INLINE void NAME(deliver)(const NAME(slices) * s, int top, const int levels, uint64_t times,
                                       const int paired, uint64_t *limbs, int count, int base) {
  for (int j = 0; j < levels; j++) {
    int k = top - LEVEL * j;
    uint64_t sum = __builtin_reduce_add(s->sum[j]) - (times << (paired && j > 0)) * STEP_BITS(k);
    kl_exact_add_int(limbs, count, (int64_t)sum, k - LEVEL - base);
  }
}

// Without weights if they are NULL; without a sum of the weights if w_levels is 0.
KL_INLINE void NAME(step)(NAME(slices) * a, NAME(slices) * w, const REAL *losses, const REAL *weights,
                                    const int a_levels, const int w_levels) {
  kl_f64x8 l = __builtin_convertvector(LOAD_EIGHT(losses), kl_f64x8);
  if (!weights) {
    NAME(take)(a, l, 0, a_levels);
    return;
  }
  kl_f64x8 u = __builtin_convertvector(LOAD_EIGHT(weights), kl_f64x8);
#if FLOAT && FMA
  // The product need not be formed: t = fma(l, u, s) = fl(s + l*u), r = fma(l, u, s - t).
  kl_f64x8 t = kl_fma(l, u, a->step[0]);
  a->sum[0] += kl_bits(t);
  NAME(take)(a, kl_fma(l, u, a->step[0] - t), 1, a_levels);
#else
  kl_f64x8 product = l * u;
  NAME(take)(a, product, 0, a_levels);
#if !FLOAT && FMA
  NAME(take)(a, kl_fma(l, u, -product), 1, a_levels);
#endif
#endif
  NAME(take)(w, u, 0, w_levels);
}

KL_INLINE void NAME(slice)(kl_exact *acc, const REAL *losses, const REAL *weights, size_t n, int a_top,
                                     int w_top, const int a_levels, const int w_levels) {
  NAME(slices) a, w;
  NAME(prepare)(&a, a_top, a_levels);
  NAME(prepare)(&w, w_top, w_levels);
  size_t i = 0;
  for (; i + 8 <= n; i += 8) NAME(step)(&a, &w, losses + i, weights ? weights + i : 0, a_levels, w_levels);
  if (i < n) {
    REAL l[8] = {0}, u[8] = {0};
    memcpy(l, losses + i, (n - i) * sizeof(REAL));
    if (weights) memcpy(u, weights + i, (n - i) * sizeof(REAL));
    NAME(step)(&a, &w, l, weights ? u : 0, a_levels, w_levels);
    i += 8;
  }
  NAME(deliver)(&a, a_top, a_levels, i, !FLOAT && weights, acc->a, KL_EXACT_A_LIMBS, KL_EXACT_A_BASE);
  NAME(deliver)(&w, w_top, w_levels, i, 0, acc->w, KL_EXACT_W_LIMBS, KL_EXACT_W_BASE);
}

// Numbers below 2^(top - 1) that are multiples of 2^last: the levels they need, or more than any if a level
// would leave the range of doubles.
KL_INLINE int NAME(levels)(int top, int last) {
  int levels = (top - last + LEVEL - 1) / LEVEL;
  return top > 1000 || top - LEVEL * MOST_LEVELS < -1074 ? MOST_LEVELS + 1 : levels < 1 ? 1 : levels;
}

int KL_NAME(NAME(kl_exact_block))(kl_exact *acc, const REAL *losses, const REAL *weights, size_t n, bool sum_weights) {
  NAME(range) l = NAME(look_at)(losses, n, 0);
  if (l.high == INF_FIELD) return 0;
  const int last = -BIAS - FRACTION - 1;  // the last bit of x is at least 2^(field + last)
  if (!weights) {
    int top = l.high - BIAS + 1, levels = NAME(levels)(top, l.low + last);
    if (levels > 4) return 0;
    if (levels <= 2)
      NAME(slice)(acc, losses, 0, n, top, 0, 2, 0);
    else
      NAME(slice)(acc, losses, 0, n, top, 0, 4, 0);
    kl_exact_add_int(acc->w, KL_EXACT_W_LIMBS, (int64_t)n, -KL_EXACT_W_BASE);
    acc->n += n, acc->z += n;
    return 1;
  }
  if (!FLOAT && !FMA) return 0;  // no error-free product here
  NAME(range) w = NAME(look_at)(weights, n, 1);
  if (w.high == INF_FIELD) return 0;
  int a_top = l.high + w.high - 2 * BIAS + 1, w_top = w.high - BIAS + 1, a_last = l.low + w.low + 2 * last;
  int a_levels = NAME(levels)(a_top, a_last), w_levels = NAME(levels)(w_top, w.low + last);
  if (!FLOAT && a_last < -1074) return 0;
  const int more = FLOAT ? 0 : 1;
  if (!sum_weights && a_levels <= 2 + more)
    NAME(slice)(acc, losses, weights, n, a_top, w_top, 2 + more, 0);
  else if (!sum_weights && a_levels <= 3 + more)
    NAME(slice)(acc, losses, weights, n, a_top, w_top, 3 + more, 0);
  else if (!sum_weights && a_levels <= 5 + more)
    NAME(slice)(acc, losses, weights, n, a_top, w_top, 5 + more, 0);
  else if (!sum_weights)
    return 0;
  else if (a_levels <= 2 + more && w_levels <= 1 + more)
    NAME(slice)(acc, losses, weights, n, a_top, w_top, 2 + more, 1 + more);
  else if (a_levels <= 3 + more && w_levels <= 2 + more)
    NAME(slice)(acc, losses, weights, n, a_top, w_top, 3 + more, 2 + more);
  else if (a_levels <= 5 + more && w_levels <= 4)
    NAME(slice)(acc, losses, weights, n, a_top, w_top, 5 + more, 4);
  else
    return 0;
  acc->n += n;
  acc->z += n - w.zeros;
  return 1;
}

#undef REAL
#undef BITS_V
#undef EIGHT
#undef LOAD_EIGHT
#undef BITS
#undef LANES
#undef FRACTION
#undef ABS_MASK
#undef INF_FIELD
#undef BIAS
#undef STEP_BITS
#undef MOST_LEVELS
