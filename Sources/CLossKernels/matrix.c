// matrix.c: products of rows, the public functions.
#include "matrix.h"

void kl_matrix_products(const double *x, size_t n, const double *rows, size_t count, size_t width, double *out) {
  KL_DISPATCH(kl_matrix_products)(x, n, rows, count, width, out);
}

void kl_matrix_combinations(const double *c, size_t n, const double *rows, size_t count, size_t width, double *out) {
  KL_DISPATCH(kl_matrix_combinations)(c, n, rows, count, width, out);
}
