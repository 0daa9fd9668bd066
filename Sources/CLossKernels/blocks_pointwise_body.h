// blocks_pointwise_body.h: an element-wise loss over a block of REAL (see blocks_bodies.h).
//
// Sixteen elements at a time as doubles; the last ones are copied into a padded group of sixteen, whose surplus
// values count as 0. Element i is added to lane i mod 16, in order; then a fixed tree.

typedef struct {
  const REAL *y, *p;
  REAL *losses, *gradients;
  const double *scales;
  size_t step;
} TYPED(pointwise_place);

KL_INLINE kl_sixteen TYPED(pointwise_sixteen)(const kl_pointwise loss, kl_parameters at, TYPED(pointwise_place) to,
                                              kl_sixteen scale, const int wanted) {
  const kl_sixteen y = kl_load_sixteen(to.y), p = kl_load_sixteen(to.p);
  kl_sixteen l, g;
  l.low = kl_pointwise_formula(loss, at, y.low, p.low, &g.low, BRIEF);
  l.high = kl_pointwise_formula(loss, at, y.high, p.high, &g.high, BRIEF);
  if (wanted) kl_store_sixteen(to.gradients, (kl_sixteen){g.low * scale.low, g.high * scale.high});
  if (to.losses) kl_store_sixteen(to.losses, l);
  return l;
}

KL_INLINE double TYPED(pointwise_block)(const kl_pointwise loss, kl_parameters at, TYPED(pointwise_place) to, size_t n,
                                        const int wanted) {
  const kl_i64x8 lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  const kl_f64x8 zero = kl_splat(0.0), first = kl_splat(wanted ? *to.scales : 0.0);
  kl_sixteen sum = {zero, zero}, scale = {first, first};
  for (; n >= 16; n -= 16) {
    if (wanted && to.step) scale = kl_load_sixteen(to.scales), to.scales += 16;
    const kl_sixteen l = TYPED(pointwise_sixteen)(loss, at, to, scale, wanted);
    sum.low += l.low, sum.high += l.high;
    to.y += 16, to.p += 16;
    if (to.losses) to.losses += 16;
    if (wanted) to.gradients += 16;
  }
  if (n > 0) {
    REAL y[16] = {0}, p[16] = {0}, losses[16], gradients[16];
    memcpy(y, to.y, n * sizeof(REAL));
    memcpy(p, to.p, n * sizeof(REAL));
    if (wanted && to.step) {
      double scales[16] = {0};
      memcpy(scales, to.scales, n * sizeof(double));
      scale = kl_load_sixteen(scales);
    }
    const TYPED(pointwise_place) last = {y, p, losses, gradients, 0, 0};
    const kl_sixteen l = TYPED(pointwise_sixteen)(loss, at, last, scale, wanted);
    sum.low += kl_select(lanes < (int64_t)n, l.low, zero);
    sum.high += kl_select(lanes + 8 < (int64_t)n, l.high, zero);
    if (to.losses) memcpy(to.losses, losses, n * sizeof(REAL));
    if (wanted) memcpy(to.gradients, gradients, n * sizeof(REAL));
  }
  return TYPED(total)(sum);
}

double KL_NAME(TYPED(kl_pointwise))(kl_pointwise loss, const double *parameters, const REAL *y, const REAL *p,
                                    REAL *losses, REAL *gradients, const double *scales, size_t step, size_t n) {
  const kl_parameters at = {parameters[0], parameters[1], parameters[2]};
  const TYPED(pointwise_place) to = {y, p, losses, gradients, scales, step};
#define LOSS(name)                                                      \
  case name:                                                            \
    return gradients ? TYPED(pointwise_block)(name, at, to, n, 1) : TYPED(pointwise_block)(name, at, to, n, 0);
  switch (loss) { KL_FOR_EACH_POINTWISE(LOSS) }
#undef LOSS
  return 0;
}
