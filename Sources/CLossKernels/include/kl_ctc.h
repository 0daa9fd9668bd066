// kl_ctc.h: connectionist temporal classification of one sample (the public face).
//
// −ln of the probability that a path through `steps` rows of softmax(logits), one class per step, becomes the
// labels when repetitions are merged and class 0, the blank, is left out.
#ifndef KL_CTC_H
#define KL_CTC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// The number of doubles that a sample needs as scratch.
size_t kl_ctc_scratch(size_t steps, size_t classes, size_t labels, int with_gradient);

// logits[steps × classes]; labels[count], each in 0 ..< classes; steps and classes at least 1. Returns the loss: +inf
// if there is no such path; the canonical NaN if a row has a NaN or a +inf, or is all −inf. Unless it is NULL,
// gradient[steps × classes] becomes `scale` times the derivative: 0 where the loss is +inf, NaN where it is NaN. Each
// step adds at most (5 + classes/8) · 2^-53 to the relative error of the probability, by its additions and products,
// and the errors of its e^x (doubles: 1 ulp; floats: 2^-33) times the derivatives.
double kl_ctc_f32(const float *logits, size_t steps, size_t classes, const int64_t *labels, size_t count,
                  double scale, float *gradient, double *scratch);
double kl_ctc_f64(const double *logits, size_t steps, size_t classes, const int64_t *labels, size_t count,
                  double scale, double *gradient, double *scratch);

#ifdef __cplusplus
}
#endif
#endif
