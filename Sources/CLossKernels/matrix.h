// matrix.h: vectors and matrices, one function per instruction set (internal; see dispatch.h and include/kl_matrix.h).
#ifndef KL_MATRIX_INTERNAL_H
#define KL_MATRIX_INTERNAL_H

#include "dispatch.h"
#include "include/kl_matrix.h"

#define KL_DECLARE(isa)                                                                                             \
  void kl_matrix_products_##isa(const double *x, size_t n, const double *rows, size_t count, size_t width,          \
                                double *out);                                                                       \
  void kl_matrix_combinations_##isa(const double *c, size_t n, const double *rows, size_t count, size_t width,      \
                                    double *out);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
