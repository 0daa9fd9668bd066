// blocks_sigmoid_body.h: sigmoid cross-entropy over a block of REAL (see blocks_bodies.h).
//
//   loss = t + L,   t = max(x, 0) - x y,   L = log1p(z),   z = e^-|x| in [0, 1]
//
// Nothing cancels but inside t, where 0 < y < 1 (or the label is beyond). t is exact as a pair: the product with its
// fused residual, the difference with its own. L: z <= 1/2: log1p(z); else log 2 + log1p((z - 1)/2), z - 1 being
// exact; with f = z or (z - 1)/2 that is [log 2] + f + tail(f), f and log 2 added with the sum's error. z's low part
// adds zl/(1 + z) (the factor within 5 %: zl is half an ulp). The large terms t and [log 2] + f are added with
// their error, then everything small at once, so that the result is rounded once and carries besides only
// what the tail (at most a quarter of L) and z are wrong by. Measured: 0.89 ulp for floats, 0.93 for doubles.
//
//   gradient = sigma - y:   n - y where x < 0,  (1 - y) - n elsewhere,   n = z/(1 + z)
//
// n as a pair, good to an ulp and more of its small values: z i and its residual, with i = 1/(1 + z) corrected by its
// remainder e = 1 - i (1 + z), and z's low part. 1 - y and the last difference are taken with their errors.
//
// In two passes over 256 elements in L1, z and its low part stored between them: shorter chains, fewer live values.
// The first one also finds out whether the chunk holds an infinity, a NaN or anything near overflow; the second is
// cheaper without.

typedef VECTOR TYPED(loose) __attribute__((aligned(sizeof(REAL)), may_alias));
#define AT(p) (*(TYPED(loose) *)(p))
#define CHUNK 256

// An infinite logit counts as the largest number, so that 0 times it is 0. NaN stays.
KL_INLINE VECTOR TYPED(bounded)(VECTOR x, REAL most) {
  const VECTOR top = (VECTOR)most, bottom = (VECTOR)-most;
  x = top < x ? top : x;
  return bottom > x ? bottom : x;
}

KL_INLINE VECTOR TYPED(sigmoid_loss)(VECTOR y, VECTOR x, VECTOR z, VECTOR zl, const int plain) {
  REAL ln2, ln2_low, most, grow;
  TYPED(kl_constants)(&ln2, &ln2_low, &most, &grow);
  const VECTOR zero = (VECTOR)(REAL)0, half = (VECTOR)(REAL)0.5, b = plain ? x : TYPED(bounded)(x, most);
  const VECTOR product = b * y, top = b > zero ? b : zero, t = top - product;
  const VECTOR t_low = ((top - t) - product) - kl_fma(b, y, -product);
  const VECTOR f = z <= half ? z : kl_fma(z, half, -half);
  const VECTOR base = z <= half ? zero : (VECTOR)ln2, base_low = z <= half ? zero : (VECTOR)ln2_low;
  const VECTOR head = base + f, head_low = (f - (head - base)) + base_low;
  const VECTOR slope = kl_fma(z, (VECTOR)(REAL)-0.4853, (VECTOR)(REAL)0.9571);  // 1/(1 + z)
  const VECTOR tail = kl_fma(zl, slope, head_low) + kl_log1p_tail(f);
  // Both are >= 0 for labels in [0, 1]: the lesser added to the larger.
  const VECTOR larger = t > head ? t : head, lesser = t > head ? head : t, sum = larger + lesser;
  const VECTOR loss = sum + (((lesser - (sum - larger)) + t_low) + tail);
  return plain ? loss : kl_canonical((x == b) ? loss : loss * grow);
}

KL_INLINE VECTOR TYPED(sigmoid_gradient)(VECTOR y, VECTOR x, VECTOR z, VECTOR zl, const int plain) {
  const VECTOR zero = (VECTOR)(REAL)0, one = (VECTOR)(REAL)1;
  const VECTOR d = one + z, dl = (z - (d - one)) + zl, i = one / d, e = kl_fma(-i, dl, kl_fma(-i, d, one));
  VECTOR n = z * i, n_low = kl_fma(n, e, kl_fma(zl, i, kl_fma(z, i, -n)));
  const VECTOR c = one - y, c_low = (one - c) - y;
  const VECTOR a = x < zero ? -y : c, a_low = x < zero ? zero : c_low;
  n = x < zero ? n : -n, n_low = x < zero ? n_low : -n_low;
  const VECTOR g = a + n, v = g - a, lost = (a - (g - v)) + (n - v), y_g = g + (lost + (a_low + n_low));
  return plain ? y_g : kl_canonical(y_g);
}

// n is a multiple of LANES. Both results are there before either is stored over an input.
KL_INLINE void TYPED(sigmoid_second)(TYPED(pointwise_place) to, const REAL *z, const REAL *low, size_t n,
                                     kl_sixteen *sum, const int stored, const int wanted, const int plain) {
  VECTOR scale = (VECTOR)(REAL)(wanted ? *to.scales : 0);
  for (size_t i = 0; i < n; i += LANES) {
    const VECTOR y = AT(to.y + i), x = AT(to.p + i);
    VECTOR g, loss = TYPED(sigmoid_loss)(y, x, AT(z + i), AT(low + i), plain);
    if (wanted) g = TYPED(sigmoid_gradient)(y, x, AT(z + i), AT(low + i), plain);
    kl_add_lanes(sum, i, loss);
    if (stored) kl_store_widened(to.losses + i, loss);
    if (!wanted) continue;
    if (to.step) TYPED(kl_load_rounded)(to.scales + i, &scale);
    // Canonical once more: the scale may be NaN, or infinite where the derivative is 0.
    AT(to.gradients + i) = kl_canonical(g * scale);
  }
}

// n is a multiple of LANES, at most CHUNK.
KL_INLINE void TYPED(sigmoid_chunk)(TYPED(pointwise_place) to, size_t n, kl_sixteen *sum, const int stored,
                                    const int wanted) {
  REAL z[CHUNK], low[CHUNK];
  const BITS large = kl_bits((VECTOR)(REAL)0x1p60);
  BITS largest = kl_bits((VECTOR)(REAL)0);
  for (size_t i = 0; i < n; i += LANES) {
    const VECTOR a = kl_abs(AT(to.p + i));
    VECTOR zl;
    AT(z + i) = kl_exp_negative(a, &zl);
    AT(low + i) = zl;
    const BITS p = kl_bits(a), q = kl_bits(kl_abs(AT(to.y + i)));
    largest = __builtin_elementwise_max(largest, __builtin_elementwise_max(p, q));
  }
  if (__builtin_reduce_max(largest) < large[0])
    TYPED(sigmoid_second)(to, z, low, n, sum, stored, wanted, 1);
  else
    TYPED(sigmoid_second)(to, z, low, n, sum, stored, wanted, 0);
}

KL_INLINE double TYPED(sigmoid_block)(TYPED(pointwise_place) to, size_t n, const int stored, const int wanted) {
  kl_sixteen sum = {kl_splat(0.0), kl_splat(0.0)};
  while (n >= LANES) {
    const size_t m = n < CHUNK ? n / LANES * LANES : CHUNK;
    TYPED(sigmoid_chunk)(to, m, &sum, stored, wanted);
    n -= m, to.y += m, to.p += m;
    if (stored) to.losses += m;
    if (wanted) to.gradients += m, to.scales += m * to.step;
  }
  if (n > 0) {
    // Padding with label 0 at -infinity, whose loss is 0.
    REAL y[LANES] = {0}, x[LANES], gradients[LANES];
    double losses[LANES], scales[LANES] = {0};
    for (size_t j = 0; j < LANES; j++) x[j] = (REAL)-KL_INF_F32;
    memcpy(y, to.y, n * sizeof(REAL));
    memcpy(x, to.p, n * sizeof(REAL));
    if (wanted) memcpy(scales, to.scales, (to.step ? n : 1) * sizeof(double));
    TYPED(sigmoid_chunk)
    ((TYPED(pointwise_place)){y, x, losses, gradients, scales, to.step}, LANES, &sum, stored, wanted);
    if (stored) memcpy(to.losses, losses, n * sizeof(double));
    if (wanted) memcpy(to.gradients, gradients, n * sizeof(REAL));
  }
  return TYPED(total)(sum);
}

double KL_NAME(TYPED(kl_sigmoid_cross_entropy))(const REAL *y, const REAL *x, double *losses, REAL *gradients,
                                                const double *scales, size_t step, size_t n) {
  const TYPED(pointwise_place) to = {y, x, losses, gradients, scales, step};
  if (gradients) return losses ? TYPED(sigmoid_block)(to, n, 1, 1) : TYPED(sigmoid_block)(to, n, 0, 1);
  return losses ? TYPED(sigmoid_block)(to, n, 1, 0) : TYPED(sigmoid_block)(to, n, 0, 0);
}

#undef AT
#undef CHUNK
