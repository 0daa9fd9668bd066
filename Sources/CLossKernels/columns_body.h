// columns_body.h: pairs of columns of REAL (see include/kl_columns.h); included by rows_bodies.h after rows_body.h.
//
// A row of numbers by itself is summed in sixteen lanes, element i in lane i mod 16. Here lane l of a column is the sum
// over rows l, l + 16, …, and sixteen rows are added to sixteen times as many sums. Where rows follow each other
// without a gap, sixteen of them are one line of memory, whatever the number of columns.

// Adds sixteen numbers, or the first `count` of them, to as many sums.
KL_INLINE void TYPED(kl_columns_step)(const int kind, const REAL *y, const REAL *p, const size_t count,
                                      double (*sums)[16 * KL_MOST_COLUMNS]) {
  const int numbers = TYPED(kl_rows_count)(kind);
  kl_f64x8 low[3], high[3];
  for (int k = 0; k < numbers; k++) low[k] = kl_load_f64x8(sums[k]), high[k] = kl_load_f64x8(sums[k] + 8);
  kl_sixteen a, b;
  if (count == 16) {
    a = kl_load_sixteen(y), b = kl_load_sixteen(p);
  } else {
    REAL last_y[16] = {0}, last_p[16] = {0};
    memcpy(last_y, y, count * sizeof(REAL)), memcpy(last_p, p, count * sizeof(REAL));
    a = kl_load_sixteen(last_y), b = kl_load_sixteen(last_p);
  }
  TYPED(kl_rows_terms)(kind, a.low, b.low, low);
  TYPED(kl_rows_terms)(kind, a.high, b.high, high);
  for (int k = 0; k < numbers; k++) kl_store(sums[k], low[k]), kl_store(sums[k] + 8, high[k]);
}

KL_INLINE void TYPED(kl_columns_add)(const int kind, const REAL *y, const REAL *p, size_t length, double *sums) {
  size_t i = 0;
  for (; i + 16 <= length; i += 16) TYPED(kl_columns_step)(kind, y + i, p + i, 16, (void *)(sums + i));
  if (i < length) TYPED(kl_columns_step)(kind, y + i, p + i, length - i, (void *)(sums + i));
}

KL_INLINE void TYPED(kl_columns_sums)(const int kind, const REAL *y, size_t y_stride, const REAL *p, size_t p_stride,
                                      size_t columns, size_t n, double *sums) {
  const int numbers = TYPED(kl_rows_count)(kind);
  double lanes[3][16 * KL_MOST_COLUMNS];
  // Whether sixteen rows are a line; else each is one, and its sums begin at a multiple of sixteen. Memory is read from
  // end to end, and the sums of a line, which stay in the first cache, are gone through again and again: several lines
  // at a time for each of the sums would save that, and wait for memory twice as long.
  const int joined = y_stride == columns && p_stride == columns;
  const size_t rows = joined ? 16 : 1, room = joined ? columns : (columns + 15) / 16 * 16;
  for (int k = 0; k < numbers; k++) memset(lanes[k], 0, 16 * room * sizeof(double));
  for (size_t first = 0; first < n; first += rows) {
    const size_t left = n - first < rows ? n - first : rows;
    TYPED(kl_columns_add)(kind, y + first * y_stride, p + first * p_stride, left * columns,
                          lanes[0] + first % 16 / rows * room);
  }
  for (size_t c = 0; c < columns; c++)
    for (int k = 0; k < numbers; k++) {
      kl_f64x8 low, high;
      for (size_t l = 0; l < 8; l++) low[l] = lanes[k][l * room + c], high[l] = lanes[k][(l + 8) * room + c];
      *sums++ = TYPED(kl_rows_total)(low, high);
    }
}

void KL_NAME(TYPED(kl_columns_overlap))(const REAL *y, size_t y_stride, const REAL *p, size_t p_stride, size_t columns,
                                        size_t n, double *sums) {
  TYPED(kl_columns_sums)(TYPED(KL_OVERLAP), y, y_stride, p, p_stride, columns, n, sums);
}

void KL_NAME(TYPED(kl_columns_difference))(const REAL *y, size_t y_stride, const REAL *p, size_t p_stride,
                                           size_t columns, size_t n, double *sums) {
  TYPED(kl_columns_sums)(TYPED(KL_DIFFERENCE), y, y_stride, p, p_stride, columns, n, sums);
}

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
