// kl_columns.h: sums over pairs of columns that lie next to each other, as classes do that come last (the public face).
//
// A column has n numbers, one in each row; the rows of y are y_stride numbers apart, those of p p_stride. Each column
// gives the bits that it would give to the function of kl_rows.h if it lay by itself, but memory is read in its order.
#ifndef KL_COLUMNS_H
#define KL_COLUMNS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// The most columns of one call.
enum { KL_MOST_COLUMNS = 32 };

#define KL_COLUMNS(real, type)                                                                                    \
  /* sums[3 i … 3 i + 2] = kl_rows_overlap of column i, of `columns` */                                           \
  void kl_columns_overlap_##type(const real *y, size_t y_stride, const real *p, size_t p_stride, size_t columns,  \
                                 size_t n, double *sums);                                                         \
  /* sums[2 i … 2 i + 1] = kl_rows_difference of column i */                                                      \
  void kl_columns_difference_##type(const real *y, size_t y_stride, const real *p, size_t p_stride,               \
                                    size_t columns, size_t n, double *sums);                                      \
  /* out = a (1 − y) + c y, with a and c of each column; not a tensor that is read */                             \
  void kl_columns_mix_##type(const real *y, size_t y_stride, const double *a, const double *c, size_t columns,    \
                             size_t n, real *out, size_t out_stride);
KL_COLUMNS(float, f32)
KL_COLUMNS(double, f64)
#undef KL_COLUMNS

#ifdef __cplusplus
}
#endif
#endif
