// circle.h: the circle loss, one function per instruction set (internal; see dispatch.h and include/kl_circle.h).
#ifndef KL_CIRCLE_INTERNAL_H
#define KL_CIRCLE_INTERNAL_H

#include "dispatch.h"
#include "include/kl_circle.h"
#include "include/kl_matrix.h"

#define KL_DECLARE(isa)                                                                                             \
  void kl_circle_peaks_##isa(const kl_circle *loss, const double *products, const kl_circle_side *rows,             \
                             const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,      \
                             kl_circle_result columns_to);                                                          \
  void kl_circle_sums_##isa(const kl_circle *loss, const double *products, const kl_circle_side *rows,              \
                            const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,       \
                            kl_circle_result columns_to);                                                           \
  void kl_circle_coefficients_##isa(const kl_circle *loss, const double *products, const kl_circle_side *rows,      \
                                    const kl_circle_side *columns, int diagonal, int skips, double *out);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
