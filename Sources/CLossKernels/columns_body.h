// columns_body.h: pairs of columns of REAL (see include/kl_columns.h); included by rows_bodies.h after rows_body.h.
//
// A row of numbers by itself is summed in sixteen lanes, element i in lane i mod 16. Here lane l of a column is the sum
// over rows l, l + 16, …, and sixteen rows are added to sixteen times as many sums. Where rows follow each other
// without a gap, sixteen of them are one line of memory, whatever the number of columns.

enum { TYPED(KL_LINES) = 4 }; // sixteen rows each, that are added to the sums while these are in registers

// Adds `lines` runs of `length` numbers, so far apart, to the same sums, in order.
KL_INLINE void TYPED(kl_columns_add)(const REAL *y, size_t y_step, const REAL *p, size_t p_step, const size_t lines,
                                     size_t length, double (*sums)[16 * KL_MOST_COLUMNS]) {
  for (size_t i = 0; i < length; i += 16) {
    kl_f64x8 low[3], high[3];
    for (int k = 0; k < 3; k++) low[k] = kl_load_f64x8(sums[k] + i), high[k] = kl_load_f64x8(sums[k] + i + 8);
    KL_UNROLLED for (size_t line = 0; line < lines; line++) {
      const REAL *ys = y + line * y_step + i, *ps = p + line * p_step + i;
      REAL last_y[16] = {0}, last_p[16] = {0};
      if (i + 16 > length) {
        memcpy(last_y, ys, (length - i) * sizeof(REAL)), memcpy(last_p, ps, (length - i) * sizeof(REAL));
        ys = last_y, ps = last_p;
      }
      const kl_sixteen a = kl_load_sixteen(ys), b = kl_load_sixteen(ps);
      TYPED(kl_rows_terms)(TYPED(KL_OVERLAP), a.low, b.low, low);
      TYPED(kl_rows_terms)(TYPED(KL_OVERLAP), a.high, b.high, high);
    }
    for (int k = 0; k < 3; k++) kl_store(sums[k] + i, low[k]), kl_store(sums[k] + i + 8, high[k]);
  }
}

void KL_NAME(TYPED(kl_columns_overlap))(const REAL *y, size_t y_stride, const REAL *p, size_t p_stride, size_t columns,
                                        size_t n, double *sums) {
  double lanes[3][16 * KL_MOST_COLUMNS];
  // Whether sixteen rows are a line; else each is one, and its sums begin at a multiple of sixteen.
  const int joined = y_stride == columns && p_stride == columns;
  const size_t rows = joined ? 16 : 1, length = rows * columns, room = joined ? columns : (columns + 15) / 16 * 16;
  for (int k = 0; k < 3; k++) memset(lanes[k], 0, 16 * room * sizeof(double));
  size_t first = 0;
  for (; first + 16 * TYPED(KL_LINES) <= n; first += 16 * TYPED(KL_LINES))
    for (size_t r = 0; r < 16; r += rows) {
      double(*to)[16 * KL_MOST_COLUMNS] = (void *)(lanes[0] + r * room);
      TYPED(kl_columns_add)(y + (first + r) * y_stride, 16 * y_stride, p + (first + r) * p_stride, 16 * p_stride,
                            TYPED(KL_LINES), length, to);
    }
  for (; first < n; first += 16) {
    const size_t left = n - first < 16 ? n - first : 16;
    for (size_t r = 0; r < left; r += rows) {
      double(*to)[16 * KL_MOST_COLUMNS] = (void *)(lanes[0] + r * room);
      TYPED(kl_columns_add)(y + (first + r) * y_stride, 0, p + (first + r) * p_stride, 0, 1,
                            joined ? left * columns : columns, to);
    }
  }
  for (size_t c = 0; c < columns; c++)
    for (int k = 0; k < 3; k++) {
      kl_f64x8 low, high;
      for (size_t l = 0; l < 8; l++) low[l] = lanes[k][l * room + c], high[l] = lanes[k][(l + 8) * room + c];
      sums[3 * c + (size_t)k] = TYPED(kl_rows_total)(low, high);
    }
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
    for (size_t i = 0; i < count; i += 16) {
      REAL last[16] = {0};
      if (i + 16 > count) memcpy(last, ys + i, (count - i) * sizeof(REAL));
      const kl_sixteen v = kl_load_sixteen(i + 16 > count ? last : ys + i);
#define KL_MIX(half, at) kl_fma(kl_load_f64x8(at1 + i + at), v.half, kl_load_f64x8(at0 + i + at) * (1.0 - v.half))
      TYPED(kl_rows_put)(to, i, count, (kl_sixteen){KL_MIX(low, 0), KL_MIX(high, 8)});
#undef KL_MIX
    }
  }
}
