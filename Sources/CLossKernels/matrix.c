// matrix.c: vectors and matrices, the public functions.
#include "matrix.h"

void kl_matrix_dots(const double *x, const double *rows, size_t width, size_t count, double *out) {
  KL_DISPATCH(kl_matrix_dots)(x, rows, width, count, out);
}

void kl_matrix_combination(const double *c, const double *rows, size_t width, size_t count, double *out) {
  KL_DISPATCH(kl_matrix_combination)(c, rows, width, count, out);
}
