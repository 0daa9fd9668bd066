// columns.c: pairs of columns, the public functions.
#include "columns.h"

#define TYPE(real, type)                                                                                            \
  void kl_columns_overlap_##type(const real *y, size_t y_stride, const real *p, size_t p_stride, size_t columns,    \
                                 size_t n, double *sums) {                                                          \
    KL_DISPATCH(kl_columns_overlap_##type)(y, y_stride, p, p_stride, columns, n, sums);                             \
  }                                                                                                                 \
  void kl_columns_difference_##type(const real *y, size_t y_stride, const real *p, size_t p_stride, size_t columns, \
                                    size_t n, double *sums) {                                                       \
    KL_DISPATCH(kl_columns_difference_##type)(y, y_stride, p, p_stride, columns, n, sums);                          \
  }                                                                                                                 \
  void kl_columns_mix_##type(const real *y, size_t y_stride, const double *a, const double *c, size_t columns,      \
                             size_t n, real *out, size_t out_stride) {                                              \
    KL_DISPATCH(kl_columns_mix_##type)(y, y_stride, a, c, columns, n, out, out_stride);                             \
  }

TYPE(float, f32)
TYPE(double, f64)
