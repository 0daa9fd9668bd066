// matrix_body.h: products of rows of doubles (see include/kl_matrix.h).
//
// Four rows by four at a time: each number that is loaded is used four times, and as many sums are under way as a
// processor has additions. Each sum is still made in its own order, so that the neighbours do not matter.

// `a` ≤ 4 rows of x by `b` ≤ 4 rows.
KL_INLINE void kl_matrix_tile(const double *x, const int a, const double *rows, const int b, size_t width,
                              size_t count, double *out) {
  kl_f64x8 sums[4][4];
  for (int i = 0; i < a; i++)
    for (int j = 0; j < b; j++) sums[i][j] = kl_splat(0.0);
  for (size_t k = 0; k < width; k += 8) {
    kl_f64x8 v[4];
    for (int j = 0; j < b; j++) v[j] = kl_load_f64x8(rows + (size_t)j * width + k);
    for (int i = 0; i < a; i++) {
      const kl_f64x8 u = kl_load_f64x8(x + (size_t)i * width + k);
      for (int j = 0; j < b; j++) sums[i][j] = kl_fma(u, v[j], sums[i][j]);
    }
  }
  for (int i = 0; i < a; i++)
    for (int j = 0; j < b; j++) out[(size_t)i * count + (size_t)j] = kl_sum_lanes(sums[i][j]);
}

KL_INLINE void kl_matrix_strip(const double *x, const int a, const double *rows, size_t count, size_t width,
                               double *out) {
  size_t j = 0;
  for (; j + 4 <= count; j += 4) kl_matrix_tile(x, a, rows + j * width, 4, width, count, out + j);
  for (; j < count; j++) kl_matrix_tile(x, a, rows + j * width, 1, width, count, out + j);
}

void KL_NAME(kl_matrix_products)(const double *x, size_t n, const double *rows, size_t count, size_t width,
                                 double *out) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) kl_matrix_strip(x + i * width, 4, rows, count, width, out + i * count);
  for (; i < n; i++) kl_matrix_strip(x + i * width, 1, rows, count, width, out + i * count);
}

// `a` ≤ 4 combinations, `b` ≤ 4 vectors of eight columns of each.
KL_INLINE void kl_matrix_columns(const double *c, const int a, const double *rows, size_t count, const int b,
                                 size_t width, double *out) {
  kl_f64x8 sums[4][4];
  for (int i = 0; i < a; i++)
    for (int k = 0; k < b; k++) sums[i][k] = kl_splat(0.0);
  for (size_t j = 0; j < count; j++) {
    kl_f64x8 v[4];
    for (int k = 0; k < b; k++) v[k] = kl_load_f64x8(rows + j * width + 8 * (size_t)k);
    for (int i = 0; i < a; i++) {
      const kl_f64x8 factor = kl_splat(c[(size_t)i * count + j]);
      for (int k = 0; k < b; k++) sums[i][k] = kl_fma(factor, v[k], sums[i][k]);
    }
  }
  for (int i = 0; i < a; i++)
    for (int k = 0; k < b; k++) kl_store(out + (size_t)i * width + 8 * (size_t)k, sums[i][k]);
}

KL_INLINE void kl_matrix_combine(const double *c, const int a, const double *rows, size_t count, size_t width,
                                 double *out) {
  size_t k = 0;
  for (; k + 32 <= width; k += 32) kl_matrix_columns(c, a, rows + k, count, 4, width, out + k);
  for (; k < width; k += 8) kl_matrix_columns(c, a, rows + k, count, 1, width, out + k);
}

void KL_NAME(kl_matrix_combinations)(const double *c, size_t n, const double *rows, size_t count, size_t width,
                                     double *out) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) kl_matrix_combine(c + i * count, 4, rows, count, width, out + i * width);
  for (; i < n; i++) kl_matrix_combine(c + i * count, 1, rows, count, width, out + i * width);
}
