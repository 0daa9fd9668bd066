// rows_body.h: loops over pairs of rows of REAL (see rows_bodies.h).
//
// Sixteen elements at a time as doubles; the last ones are copied into groups padded by zeros and go through the
// same code. Element i of a sum is added to lane i mod 16, in order; then a fixed tree.

// Runs `step(i, y, p)` for groups of sixteen: `y` and `p` are kl_sixteen, `i` the number of the first element.
// For the last, padded group `lanes` says which count; before that it is all of them.
#define KL_EACH_GROUP(step)                                                     \
  kl_lanes lanes = kl_lanes_before(16);                                         \
  size_t i = 0;                                                                 \
  for (; i + 16 <= n; i += 16) {                                                \
    const kl_sixteen y = kl_load_sixteen(ys + i), p = kl_load_sixteen(ps + i);  \
    (void)p; /* some steps look at one row */                                   \
    step(i, y, p)                                                               \
  }                                                                             \
  if (i < n) {                                                                  \
    REAL last_y[16] = {0}, last_p[16] = {0};                                    \
    memcpy(last_y, ys + i, (n - i) * sizeof(REAL));                             \
    memcpy(last_p, ps + i, (n - i) * sizeof(REAL));                             \
    const kl_sixteen y = kl_load_sixteen(last_y), p = kl_load_sixteen(last_p);  \
    (void)p;                                                                    \
    lanes = kl_lanes_before(n - i);                                             \
    step(i, y, p)                                                               \
  }                                                                             \
  (void)lanes

KL_INLINE double TYPED(kl_rows_total)(kl_f64x8 low, kl_f64x8 high) {
  const double sum = kl_sum_lanes(low + high);
  return sum == sum ? sum : KL_NAN_F64;
}

KL_INLINE void TYPED(kl_rows_put)(REAL *out, size_t i, size_t n, kl_sixteen x) {
  if (i + 16 <= n) return kl_store_sixteen(out + i, x);
  REAL last[16];
  kl_store_sixteen(last, x);
  memcpy(out + i, last, (n - i) * sizeof(REAL));
}

// MARK: Sums of products

// Adds Σ y y, Σ y p, Σ p p of groups of sixteen to `lanes`, sixteen of each, register by register, and in a function of
// its own: loaded together, or with code around it that needs vectors, a sum or two would not stay in AVX2's sixteen
// registers, and the loop waits for memory that is written and read in every turn: more than twice as long.
KL_NOINLINE void KL_NAME(TYPED(kl_rows_add_products))(const REAL *ys, const REAL *ps, size_t groups, double *lanes) {
  kl_part parts[KL_PARTS][3];
  for (size_t j = 0; j < KL_PARTS; j++)
    for (size_t k = 0; k < 3; k++) parts[j][k] = kl_load_part(lanes + 16 * k + KL_PART_LENGTH * j);
  for (size_t i = 0; i < 16 * groups; i += 16)
    KL_UNROLLED for (size_t j = 0; j < KL_PARTS; j++) {
      const kl_part y = kl_load_part(ys + i + KL_PART_LENGTH * j), p = kl_load_part(ps + i + KL_PART_LENGTH * j);
      parts[j][0] = kl_fma(y, y, parts[j][0]);
      parts[j][1] = kl_fma(y, p, parts[j][1]);
      parts[j][2] = kl_fma(p, p, parts[j][2]);
      __asm__("" ::: "memory");
    }
  for (size_t j = 0; j < KL_PARTS; j++)
    for (size_t k = 0; k < 3; k++) kl_store(lanes + 16 * k + KL_PART_LENGTH * j, parts[j][k]);
}

void KL_NAME(TYPED(kl_rows_products))(const REAL *ys, const REAL *ps, size_t n, double *sums) {
  double lanes[16 * 3] = {0};
  const size_t left = n % 16;
  KL_NAME(TYPED(kl_rows_add_products))(ys, ps, n / 16, lanes);
  if (left > 0) {
    REAL y[16] = {0}, p[16] = {0};
    memcpy(y, ys + n - left, left * sizeof(REAL));
    memcpy(p, ps + n - left, left * sizeof(REAL));
    KL_NAME(TYPED(kl_rows_add_products))(y, p, 1, lanes);
  }
  for (size_t k = 0; k < 3; k++)
    sums[k] = TYPED(kl_rows_total)(kl_load_f64x8(lanes + 16 * k), kl_load_f64x8(lanes + 16 * k + 8));
}

// MARK: Linear combinations

double KL_NAME(TYPED(kl_rows_residual))(const REAL *ys, const REAL *ps, double t, size_t n) {
  const kl_f64x8 minus = kl_splat(-t);
  kl_f64x8 low = kl_splat(0.0), high = kl_splat(0.0);
#define KL_STEP(i, y, p)                                  \
  low = kl_fma(kl_fma(minus, p.low, y.low), p.low, low);  \
  high = kl_fma(kl_fma(minus, p.high, y.high), p.high, high);
  KL_EACH_GROUP(KL_STEP);
#undef KL_STEP
  return TYPED(kl_rows_total)(low, high);
}

void KL_NAME(TYPED(kl_rows_residuals))(const REAL *ys, const REAL *ps, double t, double u, double scale, REAL *out,
                                       size_t n) {
  const kl_f64x8 first = kl_splat(-t), second = kl_splat(-u), factor = kl_splat(scale);
#define KL_RESIDUAL(half) (kl_fma(second, p.half, kl_fma(first, p.half, y.half)) * factor)
#define KL_STEP(i, y, p) TYPED(kl_rows_put)(out, i, n, (kl_sixteen){KL_RESIDUAL(low), KL_RESIDUAL(high)});
  KL_EACH_GROUP(KL_STEP);
#undef KL_STEP
#undef KL_RESIDUAL
}

void KL_NAME(TYPED(kl_rows_mix))(const REAL *ys, double a, double c, REAL *out, size_t n) {
  const kl_f64x8 at0 = kl_splat(a), at1 = kl_splat(c);
  const REAL *ps = ys;
#define KL_MIX(half) kl_fma(at1, y.half, at0 * (1.0 - y.half))
#define KL_STEP(i, y, p) TYPED(kl_rows_put)(out, i, n, (kl_sixteen){KL_MIX(low), KL_MIX(high)});
  KL_EACH_GROUP(KL_STEP);
#undef KL_STEP
#undef KL_MIX
}

// MARK: Margins

// (1 - y) p, rounded once.
#define KL_OTHER(half) kl_fma(-y.half, p.half, p.half)

double KL_NAME(TYPED(kl_rows_margin))(const REAL *ys, const REAL *ps, size_t n, double *largest) {
  kl_f64x8 low = kl_splat(0.0), high = kl_splat(0.0), max = kl_splat(*largest), other;
#define KL_STEP(i, y, p)                                                       \
  low = kl_fma(y.low, p.low, low), high = kl_fma(y.high, p.high, high);        \
  other = KL_OTHER(low), max = kl_select(lanes.low & (other > max), other, max); \
  other = KL_OTHER(high), max = kl_select(lanes.high & (other > max), other, max);
  KL_EACH_GROUP(KL_STEP);
#undef KL_STEP
  *largest = kl_largest(max);
  return TYPED(kl_rows_total)(low, high);
}

size_t KL_NAME(TYPED(kl_rows_margin_peaks))(const REAL *ys, const REAL *ps, double largest, size_t n) {
  const kl_f64x8 max = kl_splat(largest);
  int64_t count = 0;
#define KL_STEP(i, y, p)                                                \
  count += kl_count(lanes.low & (KL_OTHER(low) == max));        \
  count += kl_count(lanes.high & (KL_OTHER(high) == max));
  KL_EACH_GROUP(KL_STEP);
#undef KL_STEP
  return (size_t)count;
}

void KL_NAME(TYPED(kl_rows_margin_gradient))(const REAL *ys, const REAL *ps, double largest, double share,
                                             double scale, REAL *out, size_t n) {
  const kl_f64x8 max = kl_splat(largest), at_peak = kl_splat(share), minus = kl_splat(-scale), zero = kl_splat(0.0);
#define KL_MARGIN(half) \
  kl_fma(minus, y.half, kl_select(KL_OTHER(half) == max, at_peak * (1.0 - y.half), zero))
#define KL_STEP(i, y, p) TYPED(kl_rows_put)(out, i, n, (kl_sixteen){KL_MARGIN(low), KL_MARGIN(high)});
  KL_EACH_GROUP(KL_STEP);
#undef KL_STEP
#undef KL_MARGIN
}
#undef KL_OTHER

// MARK: Softmax weights

double KL_NAME(TYPED(kl_rows_largest))(const REAL *x, double largest, size_t n) {
  kl_f64x8 max = kl_splat(largest);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const kl_sixteen v = kl_load_sixteen(x + i);
    max = kl_larger(v.low, max), max = kl_larger(v.high, max);
  }
  largest = kl_largest(max);
  for (; i < n; i++) largest = (double)x[i] > largest ? (double)x[i] : largest;
  return largest;
}

void KL_NAME(TYPED(kl_rows_exp))(const REAL *x, double m, double *out, size_t n) {
  const kl_f64x8 peak = kl_splat(m);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const kl_sixteen v = kl_load_sixteen(x + i);
    kl_store(out + i, kl_exp_any(v.low - peak, BRIEF));
    kl_store(out + i + 8, kl_exp_any(v.high - peak, BRIEF));
  }
  if (i == n) return;
  REAL last[16] = {0};
  double e[16];
  memcpy(last, x + i, (n - i) * sizeof(REAL));
  const kl_sixteen v = kl_load_sixteen(last);
  kl_store(e, kl_exp_any(v.low - peak, BRIEF));
  kl_store(e + 8, kl_exp_any(v.high - peak, BRIEF));
  memcpy(out + i, e, (n - i) * sizeof(double));
}

#undef KL_EACH_GROUP
