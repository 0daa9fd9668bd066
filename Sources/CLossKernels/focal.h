// focal.h: focal cross-entropy, per instruction set (internal; see dispatch.h and include/kl_focal.h).
#ifndef KL_FOCAL_INTERNAL_H
#define KL_FOCAL_INTERNAL_H

#include "dispatch.h"
#include "include/kl_focal.h"

#define KL_DECLARE(isa)                                                                                          \
  void kl_focal_look_##isa(kl_focal_row *row, const float *x, int64_t n);                                        \
  void kl_focal_exp_##isa(kl_focal_row *row, int64_t first, const float *x, double *e, int64_t n);               \
  void kl_focal_sum_##isa(kl_focal_row *row);                                                                    \
  void kl_focal_losses_##isa(kl_focal_row *row, const kl_focal_parameters *at, int64_t first, const float *y,    \
                             const float *x, const double *e, double *parts, int64_t n);                         \
  double kl_focal_loss_##isa(const kl_focal_row *row);                                                           \
  void kl_focal_gradient_##isa(const kl_focal_row *row, const kl_focal_parameters *at, double scale,             \
                               int64_t first, const float *y, const double *e, const double *parts, float *out,  \
                               int64_t n);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
