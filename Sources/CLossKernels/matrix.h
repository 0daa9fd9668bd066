// matrix.h: products of matrices, one function per instruction set (internal; see dispatch.h and include/kl_matrix.h).
#ifndef KL_MATRIX_INTERNAL_H
#define KL_MATRIX_INTERNAL_H

#include "dispatch.h"
#include "include/kl_matrix.h"

#define KL_DECLARE(isa)                                                                                             \
  void kl_matrix_multiply_transposed_##isa(const double *x, size_t rows, const double *y, size_t stride,            \
                                           size_t columns, size_t depth, double *out, size_t width, int adds);      \
  void kl_matrix_multiply_##isa(const double *x, size_t rows, const double *y, size_t stride, size_t columns,       \
                                size_t depth, double *out, size_t width, int adds);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
