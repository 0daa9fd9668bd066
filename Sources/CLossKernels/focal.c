// focal.c: focal cross-entropy, the public functions.
#include "focal.h"

void kl_focal_look(kl_focal_row *row, const float *x, int64_t n) { KL_DISPATCH(kl_focal_look)(row, x, n); }

void kl_focal_exp(kl_focal_row *row, int64_t first, const float *x, double *e, int64_t n) {
  KL_DISPATCH(kl_focal_exp)(row, first, x, e, n);
}

void kl_focal_sum(kl_focal_row *row) { KL_DISPATCH(kl_focal_sum)(row); }

void kl_focal_losses(kl_focal_row *row, const kl_focal_parameters *at, int64_t first, const float *y, const float *x,
                     const double *e, double *parts, int64_t n) {
  KL_DISPATCH(kl_focal_losses)(row, at, first, y, x, e, parts, n);
}

double kl_focal_loss(const kl_focal_row *row) { return KL_DISPATCH(kl_focal_loss)(row); }

void kl_focal_gradient(const kl_focal_row *row, const kl_focal_parameters *at, double scale, int64_t first,
                       const float *y, const double *e, const double *parts, float *out, int64_t n) {
  KL_DISPATCH(kl_focal_gradient)(row, at, scale, first, y, e, parts, out, n);
}
