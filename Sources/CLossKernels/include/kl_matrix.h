// kl_matrix.h: products of a vector and the rows of a matrix of doubles (the public face).
//
// Rows lie `width` doubles apart; width is a multiple of 8, and what a row has no numbers for is 0. Each result is
// summed in an order of its own that depends on width (dots) or count (combination) alone.
#ifndef KL_MATRIX_H
#define KL_MATRIX_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// out[j] = the product of x and row j
void kl_matrix_dots(const double *x, const double *rows, size_t width, size_t count, double *out);
// out = Σ c[j] · row j
void kl_matrix_combination(const double *c, const double *rows, size_t width, size_t count, double *out);

#ifdef __cplusplus
}
#endif
#endif
