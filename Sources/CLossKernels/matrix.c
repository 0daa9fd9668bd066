// matrix.c: products of matrices, the public functions.
#include "matrix.h"

void kl_matrix_multiply_transposed(const double *x, size_t rows, const double *y, size_t stride, size_t columns,
                                   size_t depth, double *out, size_t width, int adds) {
  KL_DISPATCH(kl_matrix_multiply_transposed)(x, rows, y, stride, columns, depth, out, width, adds);
}

void kl_matrix_multiply(const double *x, size_t rows, const double *y, size_t stride, size_t columns, size_t depth,
                        double *out, size_t width, int adds) {
  KL_DISPATCH(kl_matrix_multiply)(x, rows, y, stride, columns, depth, out, width, adds);
}
