// blocks_body.h: loops over blocks of REAL: functions, sums and element-wise losses (see blocks_bodies.h).
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

// MARK: Element-wise losses

// In doubles e = p - t of floats is exact to 2^-53, so that a float loss is rounded once; of doubles it is rounded
// once. Huber: with m = min(|e|, delta) both branches are m (|e| - m/2). The derivatives are e's, rounded once.
enum { TYPED(squared), TYPED(absolute), TYPED(huber) };

KL_INLINE kl_f64x8 TYPED(element)(const int kind, kl_f64x8 t, kl_f64x8 p, kl_f64x8 delta, kl_f64x8 *gradient) {
  const kl_f64x8 e = p - t, a = kl_abs(e);
  if (kind == TYPED(squared)) {
    *gradient = e + e;
    return e * e;
  }
  if (kind == TYPED(absolute)) {
    *gradient = kl_select(e == 0.0, kl_splat(0.0), kl_select(e == e, kl_with_sign(kl_splat(1.0), e), e));
    return a;
  }
  const kl_f64x8 m = kl_select(a > delta, delta, a);
  *gradient = kl_with_sign(m, e);
  return m * (a - 0.5 * m);
}

KL_INLINE void TYPED(elements)(const int kind, const REAL *t, const REAL *p, kl_f64x8 delta, REAL *losses,
                               REAL *gradients, kl_sixteen *sum) {
  const kl_sixteen y = kl_load_sixteen(t), x = kl_load_sixteen(p);
  kl_sixteen l, g;
  l.low = TYPED(element)(kind, y.low, x.low, delta, &g.low);
  l.high = TYPED(element)(kind, y.high, x.high, delta, &g.high);
  sum->low += l.low, sum->high += l.high;
  if (losses) kl_store_sixteen(losses, l);
  if (gradients) kl_store_sixteen(gradients, g);
}

KL_INLINE double TYPED(elementwise)(const int kind, const REAL *t, const REAL *p, double delta, REAL *losses,
                                    REAL *gradients, size_t n) {
  const kl_f64x8 limit = kl_splat(delta);
  kl_sixteen sum = {kl_splat(0.0), kl_splat(0.0)};
  size_t i = 0;
  if (!losses && !gradients) {
    for (; i + 16 <= n; i += 16) TYPED(elements)(kind, t + i, p + i, limit, 0, 0, &sum);
  } else {
    for (; i + 16 <= n; i += 16)
      TYPED(elements)(kind, t + i, p + i, limit, losses ? losses + i : 0, gradients ? gradients + i : 0, &sum);
  }
  if (i < n) {
    PADDED(last_t, t + i, n - i);
    PADDED(last_p, p + i, n - i);
    REAL last_l[16], last_g[16];
    TYPED(elements)(kind, last_t, last_p, limit, last_l, last_g, &sum);
    if (losses) memcpy(losses + i, last_l, (n - i) * sizeof(REAL));
    if (gradients) memcpy(gradients + i, last_g, (n - i) * sizeof(REAL));
  }
  return TYPED(total)(sum);
}

double KL_NAME(TYPED(kl_squared_error))(const REAL *t, const REAL *p, REAL *losses, REAL *gradients, size_t n) {
  return TYPED(elementwise)(TYPED(squared), t, p, 0, losses, gradients, n);
}
double KL_NAME(TYPED(kl_absolute_error))(const REAL *t, const REAL *p, REAL *losses, REAL *gradients, size_t n) {
  return TYPED(elementwise)(TYPED(absolute), t, p, 0, losses, gradients, n);
}
double KL_NAME(TYPED(kl_huber))(const REAL *t, const REAL *p, double delta, REAL *losses, REAL *gradients, size_t n) {
  return TYPED(elementwise)(TYPED(huber), t, p, delta, losses, gradients, n);
}

#undef PADDED
