// weighted.c: weighted sums of losses of one element each.
#include "include/kl_weighted.h"

// Losses are computed and added by turns, so many at a time. Memory is read while they are computed, and waits while
// they are added: the shorter the turns are, the more of it comes in meanwhile, and the more often a turn begins.
// 1e7 squared errors of floats under weights take 0.78, 0.67 and 0.67 ns each by turns of 256, 512 and 1024, and with
// gradients, for which there is half as much room in the first cache, 1.05, 1.1 and 1.5.
#define CHUNK 512
#define CHUNK_WITH_GRADIENTS 256

static void add_f32(kl_exact *acc, bool sum_weights, const double *losses, const float *weights, size_t n) {
  float rounded[CHUNK];
  kl_block_narrow(losses, rounded, n);
  (sum_weights ? kl_exact_add_f32 : kl_exact_add_products_f32)(acc, rounded, weights, n);
}

static void add_f64(kl_exact *acc, bool sum_weights, const double *losses, const double *weights, size_t n) {
  (sum_weights ? kl_exact_add_f64 : kl_exact_add_products_f64)(acc, losses, weights, n);
}

// `losses`: a call that computes the losses of elements i ..< i + m, and returns their sum.
#define ADD_LOSSES(real, type, losses)                                 \
  double wide[CHUNK], scales[CHUNK_WITH_GRADIENTS], sum = 0;           \
  const size_t step = weights ? 1 : 0;                                 \
  const size_t most = gradients ? CHUNK_WITH_GRADIENTS : CHUNK;        \
  for (size_t i = 0, m; i < n; i += m) {                               \
    m = n - i < most ? n - i : most;                                   \
    const real *w = weights ? weights + i : weights;                   \
    real *g = gradients ? gradients + i : gradients;                   \
    if (g && w) kl_block_divide_##type(w, divisor, scales, m);         \
    if (g && !w) *scales = 1 / divisor;                                \
    sum += losses;                                                     \
    add_##type(acc, sum_weights, wide, w, m);                          \
  }                                                                    \
  return sum;

#define TYPE(real, type)                                                                                               \
  double kl_pointwise_add_##type(kl_exact *acc, bool sum_weights, kl_pointwise loss, const kl_parameters *at,          \
                                 const real *y, const real *p, const real *weights, double divisor, real *gradients,   \
                                 size_t n) {                                                                           \
    ADD_LOSSES(real, type, kl_pointwise_##type(loss, at, y + i, p + i, wide, g, scales, step, m))                      \
  }                                                                                                                    \
  double kl_sigmoid_cross_entropy_add_##type(kl_exact *acc, bool sum_weights, const real *y, const real *x,            \
                                             const real *weights, double divisor, real *gradients, size_t n) {         \
    ADD_LOSSES(real, type, kl_sigmoid_cross_entropy_##type(y + i, x + i, wide, g, scales, step, m))                    \
  }
TYPE(float, f32)
TYPE(double, f64)
