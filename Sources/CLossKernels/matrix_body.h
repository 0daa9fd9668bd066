// matrix_body.h: products of matrices of doubles (see include/kl_matrix.h).
//
// Tiles whose sums fill the registers: each vector of y that is loaded is used for all rows of a tile, and there are
// more sums under way than an addition takes cycles. Tiles of the same columns follow each other, so that these
// columns stay in the first-level cache.
#if defined(KL_WIDE)
#define KL_TILE_ROWS 8
#define KL_TILE_VECTORS 2
#else
#define KL_TILE_ROWS 6
#define KL_TILE_VECTORS 1
#endif

// x(i, k) is x[i row + k column].
KL_INLINE void kl_matrix_tile(const double *x, const size_t row, const size_t column, const size_t rows,
                              const double *y, size_t stride, const size_t vectors, size_t depth, double *out,
                              size_t width, int adds) {
  kl_f64x8 sums[KL_TILE_ROWS][KL_TILE_VECTORS];
  KL_UNROLLED for (size_t i = 0; i < rows; i++)
    KL_UNROLLED for (size_t j = 0; j < vectors; j++)
      sums[i][j] = adds ? kl_load_f64x8(out + i * width + 8 * j) : kl_splat(0.0);
  for (size_t k = 0; k < depth; k++, x += column, y += stride) {
    kl_f64x8 v[KL_TILE_VECTORS];
    KL_UNROLLED for (size_t j = 0; j < vectors; j++) v[j] = kl_load_f64x8(y + 8 * j);
    KL_UNROLLED for (size_t i = 0; i < rows; i++) {
      const kl_f64x8 factor = kl_splat(x[i * row]);
      KL_UNROLLED for (size_t j = 0; j < vectors; j++) sums[i][j] = kl_fma(factor, v[j], sums[i][j]);
    }
  }
  KL_UNROLLED for (size_t i = 0; i < rows; i++)
    KL_UNROLLED for (size_t j = 0; j < vectors; j++) kl_store(out + i * width + 8 * j, sums[i][j]);
}

KL_INLINE void kl_matrix_strip(const double *x, const size_t row, const size_t column, size_t rows, const double *y,
                               size_t stride, const size_t vectors, size_t depth, double *out, size_t width, int adds) {
  size_t i = 0;
#define KL_TILES(n)                   \
  for (; i + n <= rows; i += n)       \
    kl_matrix_tile(x + i * row, row, column, n, y, stride, vectors, depth, out + i * width, width, adds);
  KL_TILES(KL_TILE_ROWS)
#if KL_TILE_ROWS == 6
  KL_TILES(4)
  KL_TILES(2)
#endif
#undef KL_TILES
}

KL_INLINE void kl_matrix_strips(const double *x, const size_t row, const size_t column, size_t rows, const double *y,
                                size_t stride, size_t columns, size_t depth, double *out, size_t width, int adds) {
  const size_t step = 8 * KL_TILE_VECTORS;
  size_t j = 0;
  for (; j + step <= columns; j += step)
    kl_matrix_strip(x, row, column, rows, y + j, stride, KL_TILE_VECTORS, depth, out + j, width, adds);
  if (j < columns) kl_matrix_strip(x, row, column, rows, y + j, stride, 1, depth, out + j, width, adds);
}

void KL_NAME(kl_matrix_multiply_transposed)(const double *x, size_t rows, const double *y, size_t stride,
                                            size_t columns, size_t depth, double *out, size_t width, int adds) {
  kl_matrix_strips(x, 1, KL_SQUARE, rows, y, stride, columns, depth, out, width, adds);
}

void KL_NAME(kl_matrix_multiply)(const double *x, size_t rows, const double *y, size_t stride, size_t columns,
                                 size_t depth, double *out, size_t width, int adds) {
  kl_matrix_strips(x, KL_SQUARE, 1, rows, y, stride, columns, depth, out, width, adds);
}

#undef KL_TILE_ROWS
#undef KL_TILE_VECTORS
