// overlap_body.h: what rows and columns of REAL have in common and what they have not (see rows_bodies.h).
//
// The sums of Dice and Tversky. Elements are taken 32 at a time, as four times eight in their own type: i, i + 8,
// i + 16 and i + 24 are added in that type, two and two, and what they give to lane i mod 8 of sums that are doubles;
// then a fixed tree. So of floats a quarter of the terms is widened, and no label or prediction. The last elements are
// copied into zeros, whose terms are 0.
//
// Errors of floats, with u = 2^-24, for labels and predictions in 0…1, where all terms have one sign: a term is rounded
// once (u) at most, and once more (in the factor 1 − 2y) if its label is neither 0 nor 1; the two additions are 2u.
// That is 3u or 4u of a sum in which all are as wrong as can be, and in the same direction; among many they cancel.
// Sums that leave the range of floats on the way are made in doubles.

#if BRIEF
#define EIGHT kl_f32x8
#define LOAD_EIGHT kl_load_f32x8
#else
#define EIGHT kl_f64x8
#define LOAD_EIGHT kl_load_f64x8
#endif

enum { TYPED(KL_OVERLAP), TYPED(KL_DIFFERENCE) };

// The number of sums: Σ y p, Σ y (1 − p), Σ p (1 − y), or the first and Σ y (1 − p) + p (1 − y) = Σ (1 − 2y) p + y.
KL_INLINE int TYPED(kl_overlap_count)(const int kind) { return kind == TYPED(KL_DIFFERENCE) ? 2 : 3; }

// The terms of what is not common.
KL_INLINE void TYPED(kl_overlap_others)(const int kind, EIGHT y, EIGHT p, EIGHT *terms) {
  if (kind == TYPED(KL_DIFFERENCE)) {
    terms[0] = kl_fma(kl_fma((EIGHT)(REAL)-2, y, (EIGHT)(REAL)1), p, y);
  } else {
    terms[0] = kl_fma(-y, p, y);
    terms[1] = kl_fma(-p, y, p);
  }
}

// Adds 32 elements to the sums.
KL_INLINE void TYPED(kl_overlap_add)(const int kind, const REAL *y, const REAL *p, kl_f64x8 *sums) {
  const int others = TYPED(kl_overlap_count)(kind) - 1;
  EIGHT common[2], rest[2][2], terms[2];
  KL_UNROLLED for (size_t pair = 0; pair < 2; pair++, y += 16, p += 16) {
    const EIGHT y0 = LOAD_EIGHT(y), p0 = LOAD_EIGHT(p), y1 = LOAD_EIGHT(y + 8), p1 = LOAD_EIGHT(p + 8);
    common[pair] = kl_fma(y1, p1, y0 * p0);
    TYPED(kl_overlap_others)(kind, y0, p0, rest[pair]);
    TYPED(kl_overlap_others)(kind, y1, p1, terms);
    for (int k = 0; k < others; k++) rest[pair][k] += terms[k];
  }
  sums[0] += __builtin_convertvector(common[0] + common[1], kl_f64x8);
  for (int k = 0; k < others; k++) sums[k + 1] += __builtin_convertvector(rest[0][k] + rest[1][k], kl_f64x8);
}

// The sums of n elements in doubles, one by one.
KL_NOINLINE void KL_NAME(TYPED(kl_overlap_beyond))(int kind, const REAL *y, size_t y_stride, const REAL *p,
                                                   size_t p_stride, size_t n, double *sums) {
  double common = 0, missed = 0, wrong = 0;
  for (size_t i = 0; i < n; i++) {
    const double a = (double)y[i * y_stride], b = (double)p[i * p_stride];
    common += a * b, missed += a * (1 - b), wrong += b * (1 - a);
  }
  sums[0] = common;
  sums[1] = kind == TYPED(KL_DIFFERENCE) ? missed + wrong : missed;
  if (kind == TYPED(KL_OVERLAP)) sums[2] = wrong;
}

// Lanes to sums; `y` and `p` are where they come from.
KL_INLINE void TYPED(kl_overlap_end)(const int kind, const kl_f64x8 *lanes, const REAL *y, size_t y_stride,
                                     const REAL *p, size_t p_stride, size_t n, double *sums) {
  const int count = TYPED(kl_overlap_count)(kind);
  double all = 0;
  for (int k = 0; k < count; k++) sums[k] = kl_sum_lanes(lanes[k]), all += sums[k];
  if (BRIEF && !(__builtin_fabs(all) < KL_INF_F64))
    KL_NAME(TYPED(kl_overlap_beyond))(kind, y, y_stride, p, p_stride, n, sums);
  for (int k = 0; k < count; k++) sums[k] = sums[k] == sums[k] ? sums[k] : KL_NAN_F64;
}

// MARK: Rows

KL_INLINE void TYPED(kl_overlap_row)(const int kind, const REAL *y, const REAL *p, size_t n, double *sums) {
  kl_f64x8 lanes[3] = {kl_splat(0.0), kl_splat(0.0), kl_splat(0.0)};
  size_t i = 0;
  for (; i + 32 <= n; i += 32) TYPED(kl_overlap_add)(kind, y + i, p + i, lanes);
  if (i < n) {
    REAL last_y[32] = {0}, last_p[32] = {0};
    memcpy(last_y, y + i, (n - i) * sizeof(REAL)), memcpy(last_p, p + i, (n - i) * sizeof(REAL));
    TYPED(kl_overlap_add)(kind, last_y, last_p, lanes);
  }
  TYPED(kl_overlap_end)(kind, lanes, y, 1, p, 1, n, sums);
}

void KL_NAME(TYPED(kl_rows_overlap))(const REAL *y, const REAL *p, size_t n, double *sums) {
  TYPED(kl_overlap_row)(TYPED(KL_OVERLAP), y, p, n, sums);
}

void KL_NAME(TYPED(kl_rows_difference))(const REAL *y, const REAL *p, size_t n, double *sums) {
  TYPED(kl_overlap_row)(TYPED(KL_DIFFERENCE), y, p, n, sums);
}

// MARK: Columns (see include/kl_columns.h)
//
// Lane l of a column has rows l, l + 8, …: eight rows make eight times as many sums as there are columns. Memory is
// read from end to end, four times eight rows, and what they have given so far waits in the first cache: read side by
// side they would be eight streams, for which memory takes three times as long (0.33 → 1.0 ns). Rows with gaps between
// them, and the last ones, are copied.

// 32 rows without gaps, or `left` and zeros.
KL_INLINE const REAL *TYPED(kl_columns_rows)(const REAL *x, size_t stride, size_t columns, size_t left, REAL *copy) {
  if (stride == columns && left >= 32) return x;
  const size_t rows = left < 32 ? left : 32;
  for (size_t r = 0; r < rows; r++) memcpy(copy + r * columns, x + r * stride, columns * sizeof(REAL));
  memset(copy + rows * columns, 0, (32 - rows) * columns * sizeof(REAL));
  return copy;
}

// Sums of two times eight rows of terms: the common ones, and the others.
typedef struct {
  REAL common[2][8 * KL_MOST_COLUMNS], rest[2][2][8 * KL_MOST_COLUMNS];
} TYPED(kl_pairs);

// Eight rows, the `quarter`th of four: as kl_overlap_add, the second time to the first, the last time to the lanes.
KL_INLINE void TYPED(kl_columns_quarter)(const int kind, const int quarter, const REAL *y, const REAL *p, size_t length,
                                         TYPED(kl_pairs) * pairs, double (*lanes)[8 * KL_MOST_COLUMNS]) {
  const int others = TYPED(kl_overlap_count)(kind) - 1, pair = quarter / 2;
  for (size_t i = 0; i < length; i += 8) {
    const EIGHT a = LOAD_EIGHT(y + i), b = LOAD_EIGHT(p + i);
    EIGHT rest[2];
    TYPED(kl_overlap_others)(kind, a, b, rest);
    const EIGHT common = quarter % 2 ? kl_fma(a, b, LOAD_EIGHT(pairs->common[pair] + i)) : a * b;
    for (int k = 0; quarter % 2 && k < others; k++) rest[k] = LOAD_EIGHT(pairs->rest[pair][k] + i) + rest[k];
    if (quarter < 3) {
      kl_store(pairs->common[pair] + i, common);
      for (int k = 0; k < others; k++) kl_store(pairs->rest[pair][k] + i, rest[k]);
      continue;
    }
    const EIGHT all = LOAD_EIGHT(pairs->common[0] + i) + common;
    kl_store(lanes[0] + i, kl_load_f64x8(lanes[0] + i) + __builtin_convertvector(all, kl_f64x8));
    for (int k = 0; k < others; k++) {
      rest[k] = LOAD_EIGHT(pairs->rest[0][k] + i) + rest[k];
      kl_store(lanes[k + 1] + i, kl_load_f64x8(lanes[k + 1] + i) + __builtin_convertvector(rest[k], kl_f64x8));
    }
  }
}

KL_INLINE void TYPED(kl_overlap_columns)(const int kind, const REAL *y, size_t y_stride, const REAL *p,
                                         size_t p_stride, size_t columns, size_t n, double *sums) {
  const int count = TYPED(kl_overlap_count)(kind);
  double lanes[3][8 * KL_MOST_COLUMNS];
  REAL copy_y[32 * KL_MOST_COLUMNS], copy_p[32 * KL_MOST_COLUMNS];
  TYPED(kl_pairs) pairs;
  const size_t length = 8 * columns;
  for (int k = 0; k < count; k++) memset(lanes[k], 0, length * sizeof(double));
  for (size_t r = 0; r < n; r += 32) {
    const REAL *rows_y = TYPED(kl_columns_rows)(y + r * y_stride, y_stride, columns, n - r, copy_y);
    const REAL *rows_p = TYPED(kl_columns_rows)(p + r * p_stride, p_stride, columns, n - r, copy_p);
    KL_UNROLLED for (int q = 0; q < 4; q++, rows_y += length, rows_p += length)
      TYPED(kl_columns_quarter)(kind, q, rows_y, rows_p, length, &pairs, lanes);
  }
  for (size_t c = 0; c < columns; c++, sums += count) {
    kl_f64x8 column[3];
    for (int k = 0; k < count; k++)
      for (size_t l = 0; l < 8; l++) column[k][l] = lanes[k][l * columns + c];
    TYPED(kl_overlap_end)(kind, column, y + c, y_stride, p + c, p_stride, n, sums);
  }
}

void KL_NAME(TYPED(kl_columns_overlap))(const REAL *y, size_t y_stride, const REAL *p, size_t p_stride, size_t columns,
                                        size_t n, double *sums) {
  TYPED(kl_overlap_columns)(TYPED(KL_OVERLAP), y, y_stride, p, p_stride, columns, n, sums);
}

void KL_NAME(TYPED(kl_columns_difference))(const REAL *y, size_t y_stride, const REAL *p, size_t p_stride,
                                           size_t columns, size_t n, double *sums) {
  TYPED(kl_overlap_columns)(TYPED(KL_DIFFERENCE), y, y_stride, p, p_stride, columns, n, sums);
}

#undef EIGHT
#undef LOAD_EIGHT
