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

// Losses of one element each. Common to all:
//   losses     losses[i], rounded once; or NULL
//   gradients  gradients[i] = the derivative with respect to p[i] times scales[i * step], step 0 or 1; or NULL,
//              and then `scales` is not read
// The sum of the losses is returned in Double, by a tree that depends on n alone.

// Of a label y and a prediction p, with e = p - y and parameters a, b, c. The sum is that of the losses before they are
// rounded to the element's type: divided by n, the mean over a last axis of n.
//   KL_SQUARED_ERROR    e^2                                                     2e
//   KL_ABSOLUTE_ERROR   |e|                                                     sign e (0 at 0)
//   KL_HUBER            e^2/2 if |e| <= a, else a |e| - a^2/2                   e, clipped to +-a
//   KL_HINGE            max(0, m), m = 1 - y p                                  -y (0 where m <= 0)
//   KL_SQUARED_HINGE    max(0, m)^2                                             -2 y max(0, m)
#define KL_FOR_EACH_POINTWISE(M) \
  M(KL_SQUARED_ERROR) M(KL_ABSOLUTE_ERROR) M(KL_HUBER) M(KL_HINGE) M(KL_SQUARED_HINGE)
#define KL_ENUMERATE(name) name,
typedef enum { KL_FOR_EACH_POINTWISE(KL_ENUMERATE) } kl_pointwise;
#undef KL_ENUMERATE
double kl_pointwise_f32(kl_pointwise loss, const double parameters[3], const float *y, const float *p, float *losses,
                        float *gradients, const double *scales, size_t step, size_t n);
double kl_pointwise_f64(kl_pointwise loss, const double parameters[3], const double *y, const double *p,
                        double *losses, double *gradients, const double *scales, size_t step, size_t n);

// Sigmoid cross-entropy of a label and a logit x:  max(x, 0) - x y + log1p(e^-|x|), the derivative sigma(x) - y.
// The sum is that of the losses as rounded to the element's type. Infinite logits: 0 where the label is on their side
// (y = 1 at +inf, y = 0 at -inf), else inf; the derivative is finite. Losses below the least normal number may be 0.
// Within 1 ulp (of the sum of the terms where 0 < y < 1), the derivative of max(sigma, y), for y = 0 and 1 of itself;
// the scale is rounded to the element's type.
double kl_sigmoid_cross_entropy_f32(const float *y, const float *x, float *losses, float *gradients,
                                    const double *scales, size_t step, size_t n);
double kl_sigmoid_cross_entropy_f64(const double *y, const double *x, double *losses, double *gradients,
                                    const double *scales, size_t step, size_t n);

#ifdef __cplusplus
}
#endif
#endif
