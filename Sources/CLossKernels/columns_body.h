// columns_body.h: linear combinations of columns of REAL (see include/kl_columns.h); included by rows_bodies.h after
// rows_body.h.

void KL_NAME(TYPED(kl_columns_mix))(const REAL *y, size_t y_stride, const double *a, const double *c, size_t columns,
                                    size_t n, REAL *out, size_t out_stride) {
  const int joined = y_stride == columns && out_stride == columns;
  const size_t rows = joined ? 16 : 1, length = rows * columns;
  double at0[16 * KL_MOST_COLUMNS], at1[16 * KL_MOST_COLUMNS];
  for (size_t r = 0; r < rows; r++)
    memcpy(at0 + r * columns, a, columns * sizeof *a), memcpy(at1 + r * columns, c, columns * sizeof *c);
  memset(at0 + length, 0, (15 & -length) * sizeof *a), memset(at1 + length, 0, (15 & -length) * sizeof *c);
  for (size_t first = 0; first < n; first += rows) {
    const REAL *ys = y + first * y_stride;
    REAL *to = out + first * out_stride;
    const size_t count = n - first < rows ? (n - first) * columns : length;
    size_t i = 0;
#define KL_MIX(half, at) kl_fma(kl_load_f64x8(at1 + i + at), v.half, kl_load_f64x8(at0 + i + at) * (1.0 - v.half))
    for (; i + 16 <= count; i += 16) {
      const kl_sixteen v = kl_load_sixteen(ys + i);
      kl_store_sixteen(to + i, (kl_sixteen){KL_MIX(low, 0), KL_MIX(high, 8)});
    }
    if (i == count) continue;
    REAL last[16] = {0};
    memcpy(last, ys + i, (count - i) * sizeof(REAL));
    const kl_sixteen v = kl_load_sixteen(last);
    TYPED(kl_rows_put)(to, i, count, (kl_sixteen){KL_MIX(low, 0), KL_MIX(high, 8)});
#undef KL_MIX
  }
}
