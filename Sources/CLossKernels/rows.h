// rows.h: pairs of rows, one function per instruction set (internal; see dispatch.h and include/kl_rows.h).
#ifndef KL_ROWS_INTERNAL_H
#define KL_ROWS_INTERNAL_H

#include "dispatch.h"
#include "include/kl_rows.h"

#define KL_DECLARE_TYPE(real, type, isa)                                                                               \
  void kl_rows_products_##type##_##isa(const real *y, const real *p, size_t n, double *sums);                          \
  void kl_rows_overlap_##type##_##isa(const real *y, const real *p, size_t n, double *sums);                           \
  void kl_rows_difference_##type##_##isa(const real *y, const real *p, size_t n, double *sums);                        \
  double kl_rows_residual_##type##_##isa(const real *y, const real *p, double t, size_t n);                            \
  void kl_rows_residuals_##type##_##isa(const real *y, const real *p, double t, double u, double scale, real *out,     \
                                        size_t n);                                                                     \
  void kl_rows_mix_##type##_##isa(const real *y, double a, double c, real *out, size_t n);                             \
  double kl_rows_margin_##type##_##isa(const real *y, const real *p, size_t n, double *largest);                       \
  size_t kl_rows_margin_peaks_##type##_##isa(const real *y, const real *p, double largest, size_t n);                  \
  void kl_rows_margin_gradient_##type##_##isa(const real *y, const real *p, double largest, double share,              \
                                              double scale, real *out, size_t n);                                      \
  double kl_rows_largest_##type##_##isa(const real *x, double largest, size_t n);                                      \
  void kl_rows_exp_##type##_##isa(const real *x, double m, double *out, size_t n);
#define KL_DECLARE(isa) KL_DECLARE_TYPE(float, f32, isa) KL_DECLARE_TYPE(double, f64, isa)
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE
#undef KL_DECLARE_TYPE

#endif
