// kl_blocks.h: functions of blocks of numbers (the public face).
//
// Any n (losses use blocks of 1024, in L1), any alignment; outputs may be inputs. The bits depend on the numbers
// alone: not on n, the position in the block, the instruction set or the optimisation level. Every NaN that
// comes out is the canonical one (positive, quiet, no payload).
#ifndef KL_BLOCKS_H
#define KL_BLOCKS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// out[i] = f(x[i]) over f's whole domain, subnormal results included; and f of one number, to the same bits.
// Floats: within 0.51 ulp (exp, log, log1p 0.501, over every float); doubles: within 1.1 ulp.
#define KL_UNARY_BLOCKS(name)                                             \
  void kl_block_##name##_f32(const float *x, float *out, size_t n);       \
  void kl_block_##name##_f64(const double *x, double *out, size_t n);     \
  float kl_##name##_f32(float x);                                         \
  double kl_##name##_f64(double x);
KL_UNARY_BLOCKS(exp)
KL_UNARY_BLOCKS(log)
KL_UNARY_BLOCKS(log1p)
KL_UNARY_BLOCKS(expm1)
KL_UNARY_BLOCKS(tanh)
#undef KL_UNARY_BLOCKS

// out[i] = x[i]^y[i], as C's pow; _scalar: one exponent for all. Floats: within 0.51 ulp; doubles: 1.5 ulp.
void kl_block_pow_f32(const float *x, const float *y, float *out, size_t n);
void kl_block_pow_f64(const double *x, const double *y, double *out, size_t n);
void kl_block_pow_scalar_f32(const float *x, float y, float *out, size_t n);
void kl_block_pow_scalar_f64(const double *x, double y, double *out, size_t n);
float kl_pow_f32(float x, float y);
double kl_pow_f64(double x, double y);

// The sum of n numbers in Double, by a tree that depends on n alone.
double kl_block_sum_f32(const float *x, size_t n);
double kl_block_sum_f64(const double *x, size_t n);

// Losses of one element each, with e = y_pred - y_true: losses[i], and its derivative with respect to y_pred.
// `losses` and `gradients` may be NULL. Returns the sum of the losses in Double, before they are rounded to the
// element's type, by a tree that depends on n alone: divided by n, the mean over a last axis of n.
//   squared   e^2                                         2e
//   absolute  |e|                                         sign e (0 at 0)
//   huber     e^2/2 if |e| <= delta, else delta |e| - delta^2/2      e, clipped to +-delta
double kl_squared_error_f32(const float *y_true, const float *y_pred, float *losses, float *gradients, size_t n);
double kl_squared_error_f64(const double *y_true, const double *y_pred, double *losses, double *gradients, size_t n);
double kl_absolute_error_f32(const float *y_true, const float *y_pred, float *losses, float *gradients, size_t n);
double kl_absolute_error_f64(const double *y_true, const double *y_pred, double *losses, double *gradients, size_t n);
double kl_huber_f32(const float *y_true, const float *y_pred, double delta, float *losses, float *gradients, size_t n);
double kl_huber_f64(const double *y_true, const double *y_pred, double delta, double *losses, double *gradients,
                    size_t n);

// Sigmoid cross-entropy from logits, element by element, and its derivative sigma(x) - y with respect to the
// logit:  max(x, 0) - x y + log1p(e^-|x|). `losses` and `gradients` may be NULL. Returns the sum of the losses
// (as rounded to the element's type) by the same tree. Infinite logits: 0 where the label is on their side
// (y = 1 at +inf, y = 0 at -inf), else inf; the derivative is finite. Losses below the least normal number may be 0. Within 1 ulp (of the sum of the
// terms where 0 < y < 1), the derivative of max(sigma, y), for y = 0 and 1 of itself.
double kl_sigmoid_cross_entropy_f32(const float *labels, const float *logits, float *losses, float *gradients,
                                    size_t n);
double kl_sigmoid_cross_entropy_f64(const double *labels, const double *logits, double *losses, double *gradients,
                                    size_t n);

#ifdef __cplusplus
}
#endif
#endif
