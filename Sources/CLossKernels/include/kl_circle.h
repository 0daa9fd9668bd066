// kl_circle.h: the pairs of a square of the circle loss (the public face).
//
// With s = min(p, 1) for the product p of two rows, u = 1 - s if both have one label and u = s if not,
//
//     v = gamma max(u + margin, 0) (u - margin)
//
// A square holds the products of up to KL_SQUARE rows with as many others, the columns: that of row i and column j
// at i KL_SQUARE + j. What is summed over pairs is kept apart by kind: [0] of one label, [1] of two.
#ifndef KL_CIRCLE_H
#define KL_CIRCLE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  double gamma, margin;
  int peaked; // whether exponents have peaks taken out; without, |v| <= 600 is needed
  int brief;  // whether exponentials are wanted to 2^-32 only: for results that become floats
} kl_circle;

// The rows or columns of a square. All arrays have KL_SQUARE readable elements.
typedef struct {
  size_t count;
  const int64_t *labels;
  const double *peaks[2];    // what is taken out of exponents; not read unless `peaked`
  const double *inverses[2]; // 1 / sum of e^(v - peak); of coefficients alone, as is
  const double *factors;     // the derivative of the result by a row's loss, times softplus'
} kl_circle_side;

// Where a sum or maximum goes per row or column, KL_SQUARE of each kind.
typedef struct {
  double *kinds[2];
} kl_circle_result;

// The largest v of each row and each column; -inf where there are no pairs, NaN is passed over. If the square lies on
// the diagonal, its columns are its rows, `columns_to` is not written, and with `skips` no row is paired with itself.
void kl_circle_peaks(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                     const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                     kl_circle_result columns_to);

// The sums of e^(v - peak), the peak being the row's or the column's own.
void kl_circle_sums(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                    const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                    kl_circle_result columns_to);

// The derivatives by the products, into a square that may be that of the products: of the row's loss and of the
// column's, each times its factor. The same bits if rows and columns are exchanged. 0 where a row is paired with
// itself but should not be, and up to seven columns beyond the last.
void kl_circle_coefficients(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                            const kl_circle_side *columns, int diagonal, int skips, double *out);

#ifdef __cplusplus
}
#endif
#endif
