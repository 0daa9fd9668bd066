// blocks_pointwise_body.h: the element-wise losses over a block of REAL (see blocks_bodies.h).
//
// Sixteen elements at a time as doubles; the last ones are copied into a padded group of sixteen, whose surplus
// values count as 0. Element i is added to lane i mod 16, in order; then a fixed tree.

typedef struct {
  const REAL *y, *p;
  double *losses;
  REAL *gradients;
  const double *scales;
  size_t step;
} TYPED(pointwise_place);

// Groups of sixteen, and the lanes of their sums.
typedef void TYPED(pointwise_groups)(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups, kl_sixteen *sum);

KL_INLINE void TYPED(pointwise_next)(TYPED(pointwise_place) *to) {
  to->y += 16, to->p += 16;
  if (to->losses) to->losses += 16;
  if (to->gradients) to->gradients += 16, to->scales += 16 * to->step;
}

// One function for the losses alone and one for losses and gradients. `name` is the formula's.
#define IN_DOUBLES(name)                                                                                         \
  static void KL_NAME(TYPED(name##_values))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,     \
                                            kl_sixteen *sum) {                                                     \
    const kl_parameters parameters = *at;                                                                          \
    kl_sixteen total = *sum;                                                                                       \
    for (; groups > 0; groups--, TYPED(pointwise_next)(&to)) {                                                     \
      const kl_sixteen y = kl_load_sixteen(to.y), p = kl_load_sixteen(to.p);                                       \
      kl_sixteen g;                                                                                                \
      const kl_sixteen l = {kl_##name(y.low, p.low, &parameters, &g.low, BRIEF),                                   \
                            kl_##name(y.high, p.high, &parameters, &g.high, BRIEF)};                               \
      total.low += l.low, total.high += l.high;                                                                    \
      if (to.losses) kl_store_sixteen(to.losses, l);                                                               \
    }                                                                                                              \
    *sum = total;                                                                                                  \
  }                                                                                                                \
  static void KL_NAME(TYPED(name##_gradients))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,  \
                                               kl_sixteen *sum) {                                                  \
    const kl_parameters parameters = *at;                                                                          \
    kl_sixteen total = *sum;                                                                                       \
    kl_sixteen scale = {kl_splat(*to.scales), kl_splat(*to.scales)};                                               \
    for (; groups > 0; groups--, TYPED(pointwise_next)(&to)) {                                                     \
      const kl_sixteen y = kl_load_sixteen(to.y), p = kl_load_sixteen(to.p);                                       \
      if (to.step) scale = kl_load_sixteen(to.scales);                                                             \
      kl_sixteen g;                                                                                                \
      const kl_sixteen l = {kl_##name(y.low, p.low, &parameters, &g.low, BRIEF),                                   \
                            kl_##name(y.high, p.high, &parameters, &g.high, BRIEF)};                               \
      total.low += l.low, total.high += l.high;                                                                    \
      if (to.losses) kl_store_sixteen(to.losses, l);                                                               \
      kl_store_sixteen(to.gradients, (kl_sixteen){g.low * scale.low, g.high * scale.high});                        \
    }                                                                                                              \
    *sum = total;                                                                                                  \
  }

#if BRIEF
// The same of floats that stay floats.
#define IN_LANES(name)                                                                                             \
  static void KL_NAME(TYPED(name##_values))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,     \
                                            kl_sixteen *sum) {                                                     \
    const kl_parameters parameters = *at;                                                                          \
    kl_sixteen total = *sum;                                                                                       \
    for (; groups > 0; groups--, TYPED(pointwise_next)(&to)) {                                                     \
      kl_f32x16 g;                                                                                                 \
      const kl_sixteen l = kl_##name##_in_lanes(kl_load_f32x16(to.y), kl_load_f32x16(to.p), &parameters, &g);      \
      total.low += l.low, total.high += l.high;                                                                    \
      if (to.losses) kl_store_sixteen(to.losses, l);                                                               \
    }                                                                                                              \
    *sum = total;                                                                                                  \
  }                                                                                                                \
  static void KL_NAME(TYPED(name##_gradients))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,  \
                                               kl_sixteen *sum) {                                                  \
    const kl_parameters parameters = *at;                                                                          \
    kl_sixteen total = *sum;                                                                                       \
    kl_f32x16 scale = kl_splat((float)*to.scales);                                                                 \
    for (; groups > 0; groups--, TYPED(pointwise_next)(&to)) {                                                     \
      kl_f32x16 g;                                                                                                 \
      const kl_sixteen l = kl_##name##_in_lanes(kl_load_f32x16(to.y), kl_load_f32x16(to.p), &parameters, &g);      \
      total.low += l.low, total.high += l.high;                                                                    \
      if (to.losses) kl_store_sixteen(to.losses, l);                                                               \
      if (to.step) scale = kl_narrow(kl_load_f64x8(to.scales), kl_load_f64x8(to.scales + 8));                      \
      kl_store(to.gradients, kl_canonical(g * scale));                                                             \
    }                                                                                                              \
    *sum = total;                                                                                                  \
  }
#define LOSS(name, number, how) LOSS_##how(name)
#define LOSS_doubles IN_DOUBLES
#define LOSS_lanes IN_LANES
#else
#define LOSS(name, number, how) IN_DOUBLES(name)
#endif
KL_FOR_EACH_POINTWISE(LOSS)
#undef LOSS
#undef LOSS_doubles
#undef LOSS_lanes
#undef IN_DOUBLES
#undef IN_LANES

static double KL_NAME(TYPED(pointwise_block))(TYPED(pointwise_groups) *run, const kl_parameters *at,
                                              TYPED(pointwise_place) to, size_t n) {
  const kl_i64x8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  const kl_f64x8 zero = kl_splat(0.0);
  kl_sixteen sum = {zero, zero}, rest = {zero, zero};
  const size_t whole = n / 16 * 16, left = n - whole;
  run(at, to, n / 16, &sum);
  if (left > 0) {
    REAL y[16] = {0}, p[16] = {0}, gradients[16];
    double losses[16], scales[16] = {0};
    memcpy(y, to.y + whole, left * sizeof(REAL));
    memcpy(p, to.p + whole, left * sizeof(REAL));
    if (to.gradients) memcpy(scales, to.scales + whole * to.step, (to.step ? left : 1) * sizeof(double));
    const TYPED(pointwise_place) last = {y, p, losses, to.gradients ? gradients : 0, scales, to.step};
    run(at, last, 1, &rest);
    sum.low += kl_select(lanes < (int64_t)left, rest.low, zero);
    sum.high += kl_select(lanes + 8 < (int64_t)left, rest.high, zero);
    if (to.losses) memcpy(to.losses + whole, losses, left * sizeof(double));
    if (to.gradients) memcpy(to.gradients + whole, gradients, left * sizeof(REAL));
  }
  return TYPED(total)(sum);
}

double KL_NAME(TYPED(kl_pointwise))(kl_pointwise loss, const kl_parameters *at, const REAL *y, const REAL *p,
                                    double *losses, REAL *gradients, const double *scales, size_t step, size_t n) {
  const TYPED(pointwise_place) to = {y, p, losses, gradients, scales, step};
#define LOSS(name, number, how)                                                                                      \
  case number:                                                                                                  \
    return KL_NAME(TYPED(pointwise_block))(                                                                     \
        gradients ? KL_NAME(TYPED(name##_gradients)) : KL_NAME(TYPED(name##_values)), at, to, n);
  switch (loss) { KL_FOR_EACH_POINTWISE(LOSS) }
#undef LOSS
  return 0;
}
