// kl_matrix.h: products of the rows of matrices of doubles (the public face).
//
// Rows lie `width` doubles apart; width is a multiple of 8, and what a row has no numbers for is 0. Each result is
// summed in an order of its own that depends on width (products) or count (combinations) alone.
#ifndef KL_MATRIX_H
#define KL_MATRIX_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// out[i count + j] = the product of row i of x, of n, and row j of rows, of count
void kl_matrix_products(const double *x, size_t n, const double *rows, size_t count, size_t width, double *out);
// row i of out, of n, = Σ c[i count + j] · row j
void kl_matrix_combinations(const double *c, size_t n, const double *rows, size_t count, size_t width, double *out);

#ifdef __cplusplus
}
#endif
#endif
