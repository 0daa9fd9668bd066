// kl_focal.h: focal cross-entropy over rows of logits (the public face).
#ifndef KL_FOCAL_H
#define KL_FOCAL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// With q = softmax(x) clipped to [epsilon, 1 - epsilon], epsilon = 1e-7, and y standing for slope * y + offset:
//
//   loss = -sum of y alpha (1 - q)^gamma log q
//   A = y alpha (1 - q)^(gamma-1) (gamma q log q - (1 - q)),  0 where q is clipped
//   derivative = A (1 - q) - q times the sum of the others' A
//
// Logits and labels are floats, all else is Double: losses and derivatives are off by 2^-30 of themselves (of the
// larger term where a derivative's two cancel) before they are rounded to Float.
typedef struct {
  double slope, offset, gamma;
  const double *alpha; // of class c: alpha[c * alpha_step], the step being 0 or 1
  int64_t alpha_step;
} kl_focal_parameters;

// A row. It is gone through block by block in class order, first by kl_focal_look, then by each of the others; blocks
// are of any size, but all of a row but the last of a multiple of 16. Begins as {0}.
typedef struct {
  float max;                            // NaN passed over; -inf if nothing is larger
  int32_t has_nan;
  int64_t seen, peaks, peak;            // classes looked at; how many equal max, and one that does
  double others[16], losses[16], parts[16]; // sums by lanes: e below max, losses, A but the peak's
  double sum, inverse, log_sum;         // the sum of e^(x - max), 1 by it, its logarithm
  double rest, peak_part;               // 1 - q and A of a single peak
  float low;                            // no q of x >= low is below epsilon
} kl_focal_row;

// The maximum. If that is not finite, or there is NaN, the others cannot go on.
void kl_focal_look(kl_focal_row *row, const float *x, int64_t n);
// e = e^(x - max) of classes `first` on, and their sum.
void kl_focal_exp(kl_focal_row *row, int64_t first, const float *x, double *e, int64_t n);
// Between the sum and the losses.
void kl_focal_sum(kl_focal_row *row);
// Adds losses; leaves A in `parts` where it is not NULL, but for groups of sixteen that have no label.
void kl_focal_losses(kl_focal_row *row, const kl_focal_parameters *at, int64_t first, const float *y, const float *x,
                     const double *e, double *parts, int64_t n);
double kl_focal_loss(const kl_focal_row *row);
// Derivatives times `scale`.
void kl_focal_gradient(const kl_focal_row *row, const kl_focal_parameters *at, double scale, int64_t first,
                       const float *y, const double *e, const double *parts, float *out, int64_t n);

#ifdef __cplusplus
}
#endif
#endif
