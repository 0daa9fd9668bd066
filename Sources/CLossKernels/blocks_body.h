// blocks_body.h: loops over blocks of REAL: functions and sums (see blocks_bodies.h).
//
// Sixteen elements at a time as doubles; the last ones are copied into a padded group of sixteen and go through the
// same code. Sums: element i is added to lane i mod 16, in order, padding adds +0; then a fixed tree.

#define PADDED(name, from, count)   \
  REAL name[16] = {0};              \
  memcpy(name, from, (count) * sizeof(REAL))

// MARK: Functions

#define UNARY(name, ...)                                                                     \
  KL_INLINE kl_sixteen TYPED(name##_sixteen)(kl_sixteen x) {                                 \
    return (kl_sixteen){kl_##name##_any(x.low, BRIEF), kl_##name##_any(x.high, BRIEF)};      \
  }                                                                                          \
  void KL_NAME(TYPED(kl_block_##name))(const REAL *x, REAL *out, size_t n) {                 \
    size_t i = 0;                                                                            \
    for (; i + 16 <= n; i += 16)                                                             \
      kl_store_sixteen(out + i, TYPED(name##_sixteen)(kl_load_sixteen(x + i)));              \
    if (i == n) return;                                                                      \
    PADDED(last, x + i, n - i);                                                              \
    kl_store_sixteen(last, TYPED(name##_sixteen)(kl_load_sixteen(last)));                    \
    memcpy(out + i, last, (n - i) * sizeof(REAL));                                           \
  }
KL_FOR_EACH_UNARY(UNARY, )
#undef UNARY

KL_INLINE kl_sixteen TYPED(pow_sixteen)(kl_sixteen x, kl_sixteen y) {
  return (kl_sixteen){kl_pow_any(x.low, y.low, BRIEF), kl_pow_any(x.high, y.high, BRIEF)};
}

void KL_NAME(TYPED(kl_block_pow))(const REAL *x, const REAL *y, size_t step, REAL *out, size_t n) {
  const kl_f64x8 one = kl_splat((double)(n > 0 ? *y : 0));
  kl_sixteen e = {one, one};
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    if (step) e = kl_load_sixteen(y + i);
    kl_store_sixteen(out + i, TYPED(pow_sixteen)(kl_load_sixteen(x + i), e));
  }
  if (i == n) return;
  PADDED(last, x + i, n - i);
  if (step) {
    PADDED(last_y, y + i, n - i);
    e = kl_load_sixteen(last_y);
  }
  kl_store_sixteen(last, TYPED(pow_sixteen)(kl_load_sixteen(last), e));
  memcpy(out + i, last, (n - i) * sizeof(REAL));
}

// MARK: Quotients

void KL_NAME(TYPED(kl_block_divide))(const REAL *x, double divisor, double *out, size_t n) {
  const double reciprocal = 1 / divisor;
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const kl_sixteen v = kl_load_sixteen(x + i);
    kl_store(out + i, sizeof(REAL) == 4 ? v.low * reciprocal : v.low / divisor);
    kl_store(out + i + 8, sizeof(REAL) == 4 ? v.high * reciprocal : v.high / divisor);
  }
  for (; i < n; i++) out[i] = sizeof(REAL) == 4 ? (double)x[i] * reciprocal : (double)x[i] / divisor;
}

// MARK: Sums

KL_INLINE double TYPED(total)(kl_sixteen sum) {
  double s = kl_sum_lanes(sum.low + sum.high);
  return s == s ? s : KL_NAN_F64;
}

double KL_NAME(TYPED(kl_block_sum))(const REAL *x, size_t n) {
  kl_sixteen sum = {kl_splat(0.0), kl_splat(0.0)}, v;
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    v = kl_load_sixteen(x + i);
    sum.low += v.low, sum.high += v.high;
  }
  if (i < n) {
    PADDED(last, x + i, n - i);
    v = kl_load_sixteen(last);
    sum.low += v.low, sum.high += v.high;
  }
  return TYPED(total)(sum);
}

#undef PADDED
