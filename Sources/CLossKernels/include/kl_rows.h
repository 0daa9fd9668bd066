// kl_rows.h: sums over pairs of rows, and linear combinations of them (the public face).
//
// Everything is computed in double and rounded once, but for the terms of floats in kl_rows_overlap and
// kl_rows_difference, which are added four at a time as floats: for y and p in 0…1 within 4·2^-24 of the sum, and far
// closer for many. Sums are by a tree that depends on n alone; their NaN is the canonical one. Any alignment; `out` may
// be an input. The bits do not depend on the instruction set.
#ifndef KL_ROWS_H
#define KL_ROWS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KL_ROWS(real, type)                                                                                       \
  /* sums[0…2] = Σ y y, Σ y p, Σ p p */                                                                           \
  void kl_rows_products_##type(const real *y, const real *p, size_t n, double *sums);                             \
  /* sums[0…2] = Σ y p, Σ y (1 − p), Σ p (1 − y), compensated sums of blocks of KL_SUM_BLOCK */                   \
  void kl_rows_overlap_##type(const real *y, const real *p, size_t n, double *sums);                              \
  /* sums[0…1] = Σ y p, Σ (y (1 − p) + p (1 − y)), likewise */                                                    \
  void kl_rows_difference_##type(const real *y, const real *p, size_t n, double *sums);                           \
  /* Σ (y − t p) p, the difference rounded once */                                                                \
  double kl_rows_residual_##type(const real *y, const real *p, double t, size_t n);                               \
  /* out = scale ((y − t p) − u p), both differences rounded once */                                              \
  void kl_rows_residuals_##type(const real *y, const real *p, double t, double u, double scale, real *out,        \
                                size_t n);                                                                        \
  /* out = a (1 − y) + c y */                                                                                     \
  void kl_rows_mix_##type(const real *y, double a, double c, real *out, size_t n);                                \
  /* Σ y p; *largest becomes the larger of itself and max (1 − y) p, NaN left out */                              \
  double kl_rows_margin_##type(const real *y, const real *p, size_t n, double *largest);                          \
  /* How many (1 − y) p equal `largest` */                                                                        \
  size_t kl_rows_margin_peaks_##type(const real *y, const real *p, double largest, size_t n);                     \
  /* out = share (1 − y) where (1 − y) p equals `largest`, else 0, less scale y */                                \
  void kl_rows_margin_gradient_##type(const real *y, const real *p, double largest, double share, double scale,   \
                                      real *out, size_t n);                                                       \
  /* The largest of `largest` and all x; NaN is left out */                                                       \
  double kl_rows_largest_##type(const real *x, double largest, size_t n);                                         \
  /* out = e^(x − m), accurate enough for a result of x's type: floats to 2^-33 and not below e^-110 */           \
  void kl_rows_exp_##type(const real *x, double m, double *out, size_t n);
KL_ROWS(float, f32)
KL_ROWS(double, f64)
#undef KL_ROWS

#ifdef __cplusplus
}
#endif
#endif
