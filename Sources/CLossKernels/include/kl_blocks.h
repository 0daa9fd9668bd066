// kl_blocks.h: functions of blocks of numbers (the public face).
//
// Any n, any alignment; outputs may be inputs. The bits depend on the numbers
// alone: not on n, the position in the block, the instruction set or the optimisation level. Every NaN that
// comes out is the canonical one (positive, quiet, no payload).
#ifndef KL_BLOCKS_H
#define KL_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// How an element is stored.
typedef enum {
  KL_F32, KL_F64, KL_F16, KL_I8, KL_I16, KL_I32, KL_I64, KL_U8, KL_U16, KL_U32, KL_U64, KL_BOOL
} kl_type;

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

// Whether all of n numbers, `stride` apart, are 0 or 1.
int kl_is_binary(kl_type type, const void *numbers, int64_t first, int64_t n, int64_t stride);

// out[i] = x[i] / divisor; floats times its rounded reciprocal (1.5 ulp of double): division is slow.
void kl_block_divide_f32(const float *x, double divisor, double *out, size_t n);
void kl_block_divide_f64(const double *x, double divisor, double *out, size_t n);

// Doubles rounded to floats.
void kl_block_narrow(const double *x, float *out, size_t n);

// The sum of n numbers in Double, by a tree that depends on n alone.
double kl_block_sum_f32(const float *x, size_t n);
double kl_block_sum_f64(const double *x, size_t n);

// Losses of one element each. Common to all:
//   losses     losses[i]; or NULL
//   gradients  gradients[i] = the derivative with respect to p[i] times scales[i * step], step 0 or 1; or NULL,
//              and then `scales` is not read
// The sum of the losses is returned, by a tree that depends on n alone; beyond KL_SUM_BLOCK numbers, the compensated
// sum (Neumaier's) of those of blocks of that length. Divided by n it is the mean over a last axis of n.
#define KL_SUM_BLOCK 1024

// Of a label y and a prediction p, with e = p - y and epsilon = 1e-7 (a real number, for floats too). Losses of floats
// are computed in Double and not rounded, and within 0.51 ulp of a float if they are; those whose last word below is
// `lanes` largely in Float, scales being rounded to it: within 2 ulp of a float (of the sum of the terms' sizes);
// `floats` altogether in Float: absolute error and hinge rounded once, logarithmic error within 0.7 ulp (its derivative
// 1.5), percentage error within 2; beyond a float's range they are doubles. Their gradients must not lie where labels
// or predictions do.
//   KL_SQUARED_ERROR      e^2                                                      2e
//   KL_ABSOLUTE_ERROR     |e|                                                      sign e (0 at 0)
//   KL_PERCENTAGE_ERROR   100 |e| / max(|y|, epsilon)                              100 sign e / max(|y|, epsilon)
//   KL_LOGARITHMIC_ERROR  l^2, l = log1p(max(p, epsilon)) - the same of y          2l/(1 + p), 0 for p < epsilon
//   KL_HUBER              e^2/2 if |e| <= d, else d |e| - d^2/2, d = delta         e, clipped to +-d
//   KL_LOG_COSH           log cosh e                                               tanh e
//   KL_HINGE              max(0, m), m = 1 - y p                                   -y, 0 where m <= 0
//   KL_SQUARED_HINGE      max(0, m)^2                                              -2 y max(0, m)
//   KL_DIVERGENCE         y log(y/p), y and p clipped to [epsilon, 1]              -y/p, 0 where p is clipped
//   KL_POISSON            p - y log(p + epsilon)                                   1 - y/(p + epsilon)
//   KL_BERNOULLI          B = -y log q - (1 - y) log(1 - q),                       (p - y)/(p (1 - p)),
//                         q = p clipped to [epsilon, 1 - epsilon]                  0 where p is clipped
//   KL_FOCAL              w m^gamma B, m = y (1 - p) + (1 - y) p,                  w ((1 - 2y) gamma m^(gamma-1) B
//                         w = y weight_1 + (1 - y) weight_0                          + m^gamma B')
//   KL_FOCAL_LOGITS       the same with p = sigma(x), B as sigmoid cross-entropy,  with respect to x
//                         not clipped
//   KL_POWER_LOSS         (1 - p^q) / q, q = exponent; y is not used               -p^(q-1)
// From KL_HINGE on where a label is a class (HINGE, SQUARED_HINGE, BERNOULLI, FOCAL, FOCAL_LOGITS), y stands for
// slope * y + offset. The last word says in what floats are computed.
#define KL_FOR_EACH_POINTWISE(M) \
  M(squared_error, KL_SQUARED_ERROR, doubles) \
  M(absolute_error, KL_ABSOLUTE_ERROR, floats) \
  M(percentage_error, KL_PERCENTAGE_ERROR, floats) \
  M(logarithmic_error, KL_LOGARITHMIC_ERROR, floats) \
  M(huber, KL_HUBER, doubles) \
  M(log_cosh, KL_LOG_COSH, lanes) \
  M(hinge, KL_HINGE, floats) \
  M(squared_hinge, KL_SQUARED_HINGE, doubles) \
  M(divergence, KL_DIVERGENCE, lanes) \
  M(poisson, KL_POISSON, lanes) \
  M(bernoulli, KL_BERNOULLI, lanes) \
  M(focal, KL_FOCAL, lanes) \
  M(focal_logits, KL_FOCAL_LOGITS, lanes) \
  M(power_loss, KL_POWER_LOSS, doubles)
#define KL_ENUMERATE(name, number, how) number,
typedef enum { KL_FOR_EACH_POINTWISE(KL_ENUMERATE) } kl_pointwise;
#undef KL_ENUMERATE
typedef struct {
  double slope, offset;             // of labels that are classes
  int bits;                         // of the hinges: labels are 0 or 1, and mean -1 and 1; of others the loss is NaN
  double delta;                     // of KL_HUBER
  double gamma, weight_0, weight_1; // of the focal losses
  double exponent;                  // of KL_POWER_LOSS
} kl_parameters;
double kl_pointwise_f32(kl_pointwise loss, const kl_parameters *at, const float *y, const float *p, double *losses,
                        float *gradients, const double *scales, size_t step, size_t n);
double kl_pointwise_f64(kl_pointwise loss, const kl_parameters *at, const double *y, const double *p,
                        double *losses, double *gradients, const double *scales, size_t step, size_t n);

// Sigmoid cross-entropy of a label and a logit x:  max(x, 0) - x y + log1p(e^-|x|), the derivative sigma(x) - y.
// Losses are rounded to the element's type. Infinite logits: 0 where the label is on their side
// (y = 1 at +inf, y = 0 at -inf), else inf; the derivative is finite. Losses below the least normal number may be 0.
// Within 1 ulp (of the sum of the terms where 0 < y < 1), the derivative of max(sigma, y), for y = 0 and 1 of itself;
// the scale is rounded to the element's type.
double kl_sigmoid_cross_entropy_f32(const float *y, const float *x, double *losses, float *gradients,
                                    const double *scales, size_t step, size_t n);
double kl_sigmoid_cross_entropy_f64(const double *y, const double *x, double *losses, double *gradients,
                                    const double *scales, size_t step, size_t n);

#ifdef __cplusplus
}
#endif
#endif
