// blocks_pointwise_body.h: the element-wise losses over a block of REAL (see blocks_bodies.h).
//
// Sixteen elements at a time, as doubles or as floats (the last word in KL_FOR_EACH_POINTWISE); the last ones are
// copied into a padded group of sixteen, whose surplus values count as 0. Element i is added to lane i mod 16, in
// order; then a fixed tree.

typedef struct {
  const REAL *y, *p;
  double *losses;
  REAL *gradients;
  const double *scales;
  size_t step;
} TYPED(pointwise_place);

// Groups of sixteen, and the lanes of their sums.
typedef void TYPED(pointwise_groups)(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,
                                     kl_sixteen *sum);

KL_INLINE void TYPED(pointwise_next)(TYPED(pointwise_place) *to) {
  to->y += 16, to->p += 16;
  if (to->losses) to->losses += 16;
  if (to->gradients) to->gradients += 16, to->scales += 16 * to->step;
}

// Loops over groups, one for the losses alone and one for losses and gradients. `group` computes sixteen losses and
// their derivatives, which are of type `slopes`.
#define LOOPS(name, group, slopes)                                                                                 \
  static void KL_NAME(TYPED(name##_values))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,     \
                                            kl_sixteen *sum) {                                                     \
    const kl_parameters parameters = *at;                                                                          \
    kl_sixteen total = *sum;                                                                                       \
    for (; groups > 0; groups--, TYPED(pointwise_next)(&to)) {                                                     \
      slopes g;                                                                                                    \
      const kl_sixteen l = group(to.y, to.p, &parameters, &g);                                                     \
      total.low += l.low, total.high += l.high;                                                                    \
      if (to.losses) kl_store_sixteen(to.losses, l);                                                               \
    }                                                                                                              \
    *sum = total;                                                                                                  \
  }                                                                                                                \
  static void KL_NAME(TYPED(name##_gradients))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,  \
                                               kl_sixteen *sum) {                                                  \
    const kl_parameters parameters = *at;                                                                          \
    kl_sixteen total = *sum;                                                                                       \
    slopes scale;                                                                                                  \
    kl_same_scale(&scale, *to.scales);                                                                             \
    for (; groups > 0; groups--, TYPED(pointwise_next)(&to)) {                                                     \
      slopes g;                                                                                                    \
      const kl_sixteen l = group(to.y, to.p, &parameters, &g);                                                     \
      total.low += l.low, total.high += l.high;                                                                    \
      if (to.losses) kl_store_sixteen(to.losses, l);                                                               \
      if (to.step) kl_load_scales(&scale, to.scales);                                                              \
      kl_store_scaled(to.gradients, g, scale);                                                                     \
    }                                                                                                              \
    *sum = total;                                                                                                  \
  }

#define GROUP(name, slopes) \
  KL_INLINE kl_sixteen TYPED(name)(const REAL *y_at, const REAL *p_at, const kl_parameters *at, slopes *g)

#define LOSS_doubles(name)                                                                                        \
  GROUP(name##_in_doubles, kl_sixteen) {                                                                          \
    const kl_sixteen y = kl_load_sixteen(y_at), p = kl_load_sixteen(p_at);                                        \
    return (kl_sixteen){kl_##name(y.low, p.low, at, &g->low, BRIEF), kl_##name(y.high, p.high, at, &g->high, BRIEF)}; \
  }                                                                                                               \
  LOOPS(name, TYPED(name##_in_doubles), kl_sixteen)

#if BRIEF
#define LOSS_lanes(name)                                                             \
  GROUP(name##_in_lanes, kl_f32x16) {                                                \
    return kl_##name##_in_lanes(kl_load_f32x16(y_at), kl_load_f32x16(p_at), at, g);  \
  }                                                                                  \
  LOOPS(name, TYPED(name##_in_lanes), kl_f32x16)

// Where a loss is no finite float, the formula in doubles has the last word: found out by the sum, and then all is done
// once more. The result of every element is the same as if each were looked at.
#define TWICE(name, which)                                                                                            \
  static void KL_NAME(TYPED(name##_##which))(const kl_parameters *at, TYPED(pointwise_place) to, size_t groups,       \
                                             kl_sixteen *sum) {                                                       \
    const kl_sixteen before = *sum;                                                                                   \
    KL_NAME(TYPED(name##_finite_##which))(at, to, groups, sum);                                                       \
    if (!kl_any(!(kl_abs(sum->low) + kl_abs(sum->high) < KL_INF_F64))) return;                                        \
    *sum = before;                                                                                                    \
    KL_NAME(TYPED(name##_any_##which))(at, to, groups, sum);                                                          \
  }

#define LOSS_floats(name)                                                                       \
  GROUP(name##_in_floats, kl_f32x16) {                                                          \
    return kl_widen(kl_##name##_in_floats(kl_load_f32x16(y_at), kl_load_f32x16(p_at), at, g));  \
  }                                                                                             \
  GROUP(name##_of_all, kl_f32x16) {                                                             \
    const kl_f32x16 y = kl_load_f32x16(y_at), p = kl_load_f32x16(p_at);                         \
    const kl_f32x16 l = kl_##name##_in_floats(y, p, at, g);                                     \
    const kl_i32x16 covered = kl_abs(l) < KL_INF_F32;                                           \
    kl_sixteen loss = kl_widen(l);                                                              \
    kl_##name##_elsewhere(covered, y, p, at, &loss, g);                                         \
    return loss;                                                                                \
  }                                                                                             \
  LOOPS(name##_finite, TYPED(name##_in_floats), kl_f32x16)                                      \
  LOOPS(name##_any, TYPED(name##_of_all), kl_f32x16)                                            \
  TWICE(name, values)                                                                           \
  TWICE(name, gradients)

#define LOSS(name, number, how) LOSS_##how(name)
#else
#define LOSS(name, number, how) LOSS_doubles(name)
#endif
KL_FOR_EACH_POINTWISE(LOSS)
#undef LOSS
#undef LOSS_doubles
#undef LOSS_lanes
#undef LOSS_floats
#undef TWICE
#undef GROUP
#undef LOOPS

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
