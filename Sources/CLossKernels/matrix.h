// matrix.h: vectors and matrices, one function per instruction set (internal; see dispatch.h and include/kl_matrix.h).
#ifndef KL_MATRIX_INTERNAL_H
#define KL_MATRIX_INTERNAL_H

#include "dispatch.h"
#include "include/kl_matrix.h"

#define KL_DECLARE(isa)                                                                                       \
  void kl_matrix_dots_##isa(const double *x, const double *rows, size_t width, size_t count, double *out);    \
  void kl_matrix_combination_##isa(const double *c, const double *rows, size_t width, size_t count, double *out);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
