// ctc.c: connectionist temporal classification, the public functions.
#include "ctc.h"

size_t kl_ctc_scratch(size_t steps, size_t classes, size_t labels, int with_gradient) {
  const size_t states = 4 * kl_ctc_width(labels + 1) * (2 + (with_gradient ? steps : 0));
  return kl_ctc_before_states(steps, classes, labels) + states;
}

double kl_ctc_f32(const float *logits, size_t steps, size_t classes, const int64_t *labels, size_t count,
                  double scale, float *gradient, double *scratch) {
  return KL_DISPATCH(kl_ctc_f32)(logits, steps, classes, labels, count, scale, gradient, scratch);
}

double kl_ctc_f64(const double *logits, size_t steps, size_t classes, const int64_t *labels, size_t count,
                  double scale, double *gradient, double *scratch) {
  return KL_DISPATCH(kl_ctc_f64)(logits, steps, classes, labels, count, scale, gradient, scratch);
}
