// circle.c: the circle loss, the public functions.
#include "circle.h"

void kl_circle_peaks(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                     const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                     kl_circle_result columns_to) {
  KL_DISPATCH(kl_circle_peaks)(loss, products, rows, columns, diagonal, skips, rows_to, columns_to);
}

void kl_circle_sums(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                    const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                    kl_circle_result columns_to) {
  KL_DISPATCH(kl_circle_sums)(loss, products, rows, columns, diagonal, skips, rows_to, columns_to);
}

void kl_circle_coefficients(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                            const kl_circle_side *columns, int diagonal, int skips, double *out) {
  KL_DISPATCH(kl_circle_coefficients)(loss, products, rows, columns, diagonal, skips, out);
}
