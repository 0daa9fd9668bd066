// columns.h: pairs of columns, one function per instruction set (internal; see dispatch.h and include/kl_columns.h).
#ifndef KL_COLUMNS_INTERNAL_H
#define KL_COLUMNS_INTERNAL_H

#include "dispatch.h"
#include "include/kl_columns.h"

#define KL_DECLARE_TYPE(real, type, isa)                                                                               \
  void kl_columns_overlap_##type##_##isa(const real *y, size_t y_stride, const real *p, size_t p_stride,               \
                                         size_t columns, size_t n, double *sums);                                      \
  void kl_columns_difference_##type##_##isa(const real *y, size_t y_stride, const real *p, size_t p_stride,            \
                                            size_t columns, size_t n, double *sums);                                   \
  void kl_columns_mix_##type##_##isa(const real *y, size_t y_stride, const double *a, const double *c, size_t columns, \
                                     size_t n, real *out, size_t out_stride);
#define KL_DECLARE(isa) KL_DECLARE_TYPE(float, f32, isa) KL_DECLARE_TYPE(double, f64, isa)
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE
#undef KL_DECLARE_TYPE

#endif
