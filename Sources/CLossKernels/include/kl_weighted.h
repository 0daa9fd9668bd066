// kl_weighted.h: weighted sums of losses of one element each (the public face).
//
// What the losses of kl_blocks.h, rounded to the elements' type, and the exact sums of kl_exact.h are together, to the
// bit. Losses are not stored, and labels, predictions and weights cross memory side by side.
#ifndef KL_WEIGHTED_H
#define KL_WEIGHTED_H

#include <stdbool.h>

#include "kl_blocks.h"
#include "kl_exact.h"

#ifdef __cplusplus
extern "C" {
#endif

// Adds n losses under their weights; without weights (NULL) each is 1. The sum of the weights is left out unless
// `sum_weights`. Gradients, if they are not NULL, become the derivative with respect to p[i] times weights[i] /
// divisor, as kl_block_divide has it; they lie apart from all else. Returns the plain sum of the losses: NaN if one of
// them is.
#define KL_ADD_LOSSES(real, type)                                                                                      \
  double kl_pointwise_add_##type(kl_exact *acc, bool sum_weights, kl_pointwise loss, const kl_parameters *at,          \
                                 const real *y, const real *p, const real *weights, double divisor, real *gradients,   \
                                 size_t n);                                                                            \
  double kl_sigmoid_cross_entropy_add_##type(kl_exact *acc, bool sum_weights, const real *y, const real *x,            \
                                             const real *weights, double divisor, real *gradients, size_t n);
KL_ADD_LOSSES(float, f32)
KL_ADD_LOSSES(double, f64)
#undef KL_ADD_LOSSES

#ifdef __cplusplus
}
#endif
#endif
