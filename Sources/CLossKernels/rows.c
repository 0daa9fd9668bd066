// rows.c: pairs of rows, the public functions.
#include "rows.h"

#include "compensated.h"
#include "include/kl_blocks.h"

// `count` sums, compensated over blocks.
#define SUMS(real, name, count)                                                                                     \
  void name(const real *y, const real *p, size_t n, double *sums) {                                                 \
    kl_compensated totals[count] = {{0, 0}};                                                                        \
    for (size_t i = 0; i < n; i += KL_SUM_BLOCK) {                                                                  \
      KL_DISPATCH(name)(y + i, p + i, KL_BLOCK_AT(i, n), sums);                                                     \
      for (int k = 0; k < count; k++) kl_add(&totals[k], sums[k]);                                                  \
    }                                                                                                               \
    for (int k = 0; k < count; k++) sums[k] = kl_total(totals[k]);                                                  \
  }

#define TYPE(real, type)                                                                                            \
  SUMS(real, kl_rows_overlap_##type, 3)                                                                             \
  SUMS(real, kl_rows_difference_##type, 2)                                                                          \
  void kl_rows_products_##type(const real *y, const real *p, size_t n, double *sums) {                              \
    KL_DISPATCH_WIDENING(kl_rows_products_##type)(y, p, n, sums);                                                   \
  }                                                                                                                 \
  double kl_rows_residual_##type(const real *y, const real *p, double t, size_t n) {                                \
    return KL_DISPATCH(kl_rows_residual_##type)(y, p, t, n);                                                        \
  }                                                                                                                 \
  void kl_rows_residuals_##type(const real *y, const real *p, double t, double u, double scale, real *out,          \
                                size_t n) {                                                                         \
    KL_DISPATCH(kl_rows_residuals_##type)(y, p, t, u, scale, out, n);                                               \
  }                                                                                                                 \
  void kl_rows_mix_##type(const real *y, double a, double c, real *out, size_t n) {                                 \
    KL_DISPATCH(kl_rows_mix_##type)(y, a, c, out, n);                                                               \
  }                                                                                                                 \
  double kl_rows_margin_##type(const real *y, const real *p, size_t n, double *largest) {                           \
    return KL_DISPATCH_WIDENING(kl_rows_margin_##type)(y, p, n, largest);                                           \
  }                                                                                                                 \
  size_t kl_rows_margin_peaks_##type(const real *y, const real *p, double largest, size_t n) {                      \
    return KL_DISPATCH(kl_rows_margin_peaks_##type)(y, p, largest, n);                                              \
  }                                                                                                                 \
  void kl_rows_margin_gradient_##type(const real *y, const real *p, double largest, double share, double scale,     \
                                      real *out, size_t n) {                                                        \
    KL_DISPATCH(kl_rows_margin_gradient_##type)(y, p, largest, share, scale, out, n);                               \
  }                                                                                                                 \
  double kl_rows_largest_##type(const real *x, double largest, size_t n) {                                          \
    return KL_DISPATCH(kl_rows_largest_##type)(x, largest, n);                                                      \
  }                                                                                                                 \
  void kl_rows_exp_##type(const real *x, double m, double *out, size_t n) {                                         \
    KL_DISPATCH(kl_rows_exp_##type)(x, m, out, n);                                                                  \
  }

TYPE(float, f32)
TYPE(double, f64)
