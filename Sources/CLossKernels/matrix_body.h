// matrix_body.h: vectors and matrices of doubles (see include/kl_matrix.h).
//
// Several rows or columns at a time keep as many sums going as a processor has additions under way. Each sum is
// still made in its own order, so that the neighbours do not matter.

// `n` ≤ 8 rows.
KL_INLINE void kl_matrix_some_dots(const double *x, const double *rows, size_t width, const int n, double *out) {
  kl_f64x8 sums[8];
  for (int j = 0; j < n; j++) sums[j] = kl_splat(0.0);
  for (size_t i = 0; i < width; i += 8) {
    const kl_f64x8 v = kl_load_f64x8(x + i);
    for (int j = 0; j < n; j++) sums[j] = kl_fma(v, kl_load_f64x8(rows + (size_t)j * width + i), sums[j]);
  }
  for (int j = 0; j < n; j++) out[j] = kl_sum_lanes(sums[j]);
}

void KL_NAME(kl_matrix_dots)(const double *x, const double *rows, size_t width, size_t count, double *out) {
  size_t j = 0;
  for (; j + 8 <= count; j += 8) kl_matrix_some_dots(x, rows + j * width, width, 8, out + j);
  for (; j < count; j++) kl_matrix_some_dots(x, rows + j * width, width, 1, out + j);
}

// `n` ≤ 8 vectors of eight columns.
KL_INLINE void kl_matrix_some_columns(const double *c, const double *rows, size_t width, size_t count, const int n,
                                      double *out) {
  kl_f64x8 sums[8];
  for (int k = 0; k < n; k++) sums[k] = kl_splat(0.0);
  for (size_t j = 0; j < count; j++) {
    const kl_f64x8 factor = kl_splat(c[j]);
    for (int k = 0; k < n; k++) sums[k] = kl_fma(factor, kl_load_f64x8(rows + j * width + 8 * (size_t)k), sums[k]);
  }
  for (int k = 0; k < n; k++) kl_store(out + 8 * k, sums[k]);
}

void KL_NAME(kl_matrix_combination)(const double *c, const double *rows, size_t width, size_t count, double *out) {
  size_t i = 0;
  for (; i + 64 <= width; i += 64) kl_matrix_some_columns(c, rows + i, width, count, 8, out + i);
  for (; i < width; i += 8) kl_matrix_some_columns(c, rows + i, width, count, 1, out + i);
}
