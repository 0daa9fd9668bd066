// kl_matrix.h: products of matrices of doubles (the public face).
#ifndef KL_MATRIX_H
#define KL_MATRIX_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Rows and columns of the squares that large matrices are cut into.
enum { KL_SQUARE = 64 };

// out(i, j) = sum over k < depth of x(i, k) y(k, j), or with `adds` that added to what is there, for i < rows and
// j < columns, multiples of 8.
//
//   x(i, k)   is x[k · KL_SQUARE + i], or x[i · KL_SQUARE + k] in the second form
//   y(k, j)   is y[k · stride + j]
//   out(i, j) is out[i · width + j]
//
// Each sum is made in the order of k, one fused addition after the other, whatever lies around it: x xᵀ is symmetric
// to the bit, and a sum may be cut into several calls.
void kl_matrix_multiply_transposed(const double *x, size_t rows, const double *y, size_t stride, size_t columns,
                                   size_t depth, double *out, size_t width, int adds);
void kl_matrix_multiply(const double *x, size_t rows, const double *y, size_t stride, size_t columns, size_t depth,
                        double *out, size_t width, int adds);

#ifdef __cplusplus
}
#endif
#endif
