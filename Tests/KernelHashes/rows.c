// Hashes of kernels of rows: pairs of them, columns, sequences, logits under a focal loss.
#include "hashing.h"

// Pairs of rows of all lengths.
#define HASH_ROWS(real, type, y, p, out)                                                            \
  do {                                                                                              \
    uint64_t state = hash_start;                                                                    \
    for (size_t n = 1; n < BLOCK; n += 1 + n / 9) {                                                 \
      double sums[3], e[BLOCK], largest = -90;                                                      \
      kl_rows_products_##type(y, p, n, sums);                                                       \
      state = hash(state, sums, sizeof sums);                                                       \
      kl_rows_overlap_##type(y, p, n, sums);                                                        \
      state = hash(state, sums, sizeof sums);                                                       \
      kl_rows_difference_##type(y, p, n, sums);                                                     \
      state = hash(state, sums, 2 * sizeof sums[0]);                                                \
      sums[0] = kl_rows_residual_##type(y, p, 0.3, n);                                              \
      sums[1] = kl_rows_margin_##type(y, p, n, &largest);                                           \
      sums[2] = largest;                                                                            \
      state = hash(state, sums, sizeof sums);                                                       \
      sums[0] = (double)kl_rows_margin_peaks_##type(y, p, largest, n);                              \
      sums[1] = kl_rows_largest_##type(p, -90, n);                                                  \
      state = hash(state, sums, 2 * sizeof sums[0]);                                                \
      kl_rows_residuals_##type(y, p, 0.3, 0.01, 1.7, out, n);                                       \
      state = hash(state, out, n * sizeof(real));                                                   \
      kl_rows_mix_##type(y, 0.3, -1.7, out, n);                                                     \
      state = hash(state, out, n * sizeof(real));                                                   \
      kl_rows_margin_gradient_##type(y, p, largest, 0.5, 1.7, out, n);                              \
      state = hash(state, out, n * sizeof(real));                                                   \
      kl_rows_exp_##type(y, 1, e, n);                                                               \
      state = hash(state, e, n * sizeof e[0]);                                                      \
    }                                                                                               \
    printf("rows " #type " - %016" PRIx64 "\n", state);                                             \
  } while (0)

static void rows(void) {
  static float y32[BLOCK], p32[BLOCK], out32[BLOCK];
  static double y64[BLOCK], p64[BLOCK], out64[BLOCK];
  random_state = 4;
  for (int i = 0; i < BLOCK; i++) y32[i] = (float)(y64[i] = random_unit()), p32[i] = (float)(p64[i] = random_unit() * 8);
  HASH_ROWS(float, f32, y32, p32, out32);
  HASH_ROWS(double, f64, y64, p64, out64);
}

// Columns next to each other and among others; their number and that of the rows are no multiples of anything.
#define HASH_COLUMNS(real, type, y, p, out)                                                                         \
  do {                                                                                                              \
    uint64_t state = hash_start;                                                                                    \
    for (size_t columns = 1; columns <= KL_MOST_COLUMNS; columns += 1 + columns / 3)                                \
      for (size_t n = 1; n * 40 <= MOST; n += 1 + n / 2)                                                            \
        for (size_t stride = columns; stride <= 40; stride += 40 - columns) {                                       \
          double sums[3 * KL_MOST_COLUMNS];                                                                         \
          kl_columns_overlap_##type(y, columns, p, stride, columns, n, sums);                                       \
          state = hash(state, sums, 3 * columns * sizeof sums[0]);                                                  \
          kl_columns_difference_##type(y, columns, p, stride, columns, n, sums + columns);                          \
          state = hash(state, sums + columns, 2 * columns * sizeof sums[0]);                                        \
          memset(out, 0, MOST * sizeof(real));                                                                      \
          kl_columns_mix_##type(y, stride, sums, sums + columns, columns, n, out, columns);                         \
          kl_columns_mix_##type(y, stride, sums, sums + columns, columns, n, out, stride);                          \
          state = hash(state, out, MOST * sizeof(real));                                                            \
        }                                                                                                           \
    printf("columns " #type " - %016" PRIx64 "\n", state);                                                          \
  } while (0)

static void columns(void) {
  enum { MOST = 40 * 200 };
  static float y32[MOST], p32[MOST], out32[MOST];
  static double y64[MOST], p64[MOST], out64[MOST];
  random_state = 8;
  for (int i = 0; i < MOST; i++) y32[i] = (float)(y64[i] = random_unit()), p32[i] = (float)(p64[i] = random_unit());
  HASH_COLUMNS(float, f32, y32, p32, out32);
  HASH_COLUMNS(double, f64, y64, p64, out64);
}

// Sequences with repetitions, with none, and as long as the steps; logits far apart and with -inf.
#define HASH_CTC(real, type)                                                                                    \
  do {                                                                                                          \
    static real logits[MOST], gradient[MOST];                                                                   \
    static double scratch[1 << 17];                                                                             \
    uint64_t state = hash_start;                                                                                \
    random_state = 6;                                                                                           \
    for (size_t steps = 1; steps < 60; steps += 1 + steps / 3)                                                  \
      for (size_t classes = 2; classes < 40; classes += 9)                                                      \
        for (size_t count = 0; count <= steps; count += 1 + steps / 4) {                                        \
          int64_t labels[60];                                                                                   \
          for (size_t j = 0; j < count; j++) labels[j] = 1 + (int64_t)(next_random() % (classes - 1));          \
          for (size_t i = 0; i < steps * classes; i++) logits[i] = (real)logit((int)i % 4, 0, 0);               \
          if (kl_ctc_scratch(steps, classes, count, 1) > sizeof scratch / sizeof scratch[0]) abort();           \
          double loss = kl_ctc_##type(logits, steps, classes, labels, count, 0, NULL, scratch);                 \
          state = hash(state, &loss, sizeof loss);                                                              \
          loss = kl_ctc_##type(logits, steps, classes, labels, count, 0.7, gradient, scratch);                  \
          state = hash(hash(state, &loss, sizeof loss), gradient, steps * classes * sizeof(real));              \
        }                                                                                                       \
    printf("ctc " #type " - %016" PRIx64 "\n", state);                                                          \
  } while (0)

static void ctc(void) {
  enum { MOST = 60 * 40 };
  HASH_CTC(float, f32);
  HASH_CTC(double, f64);
}

// Rows of all lengths and kinds of logits; one-hot, soft and smoothed labels; one weight or many, all kinds of powers.
static void focal(void) {
  enum { MOST = 1200 };
  static float x[MOST], y[MOST], out[MOST];
  static double e[MOST], parts[MOST], alpha[MOST];
  static const double gammas[] = {2, 0, 1, 3, 4, 5, 1.5, 20.25};
  uint64_t state = hash_start;
  random_state = 7;
  for (int i = 0; i < MOST; i++) alpha[i] = 1 + random_unit();
  for (int n = 1, kind = 0; n <= MOST; n += 1 + n / 9)
    for (int g = 0; g < 8; g++, kind++) {
      const int64_t target = (int64_t)(next_random() % (uint64_t)n);
      for (int c = 0; c < n; c++) x[c] = (float)logit(kind, c, target);
      for (int c = 0; c < n; c++) y[c] = kind % 3 ? (float)(c == target) : (float)(1 + random_unit()) / (float)n;
      const double smoothing = kind % 4 ? 0 : 0.125;
      const kl_focal_parameters at = {1 - smoothing, smoothing / n, gammas[g], alpha, kind % 2};
      const int cut = n / 32 * 16; // in two blocks
      kl_focal_row row = {0};
      kl_focal_look(&row, x, cut), kl_focal_look(&row, x + cut, n - cut);
      kl_focal_exp(&row, 0, x, e, cut), kl_focal_exp(&row, cut, x + cut, e + cut, n - cut);
      kl_focal_sum(&row);
      kl_focal_losses(&row, &at, 0, y, x, e, parts, cut);
      kl_focal_losses(&row, &at, cut, y + cut, x + cut, e + cut, parts + cut, n - cut);
      const double loss = kl_focal_loss(&row);
      kl_focal_gradient(&row, &at, 0.7, 0, y, e, parts, out, cut);
      kl_focal_gradient(&row, &at, 0.7, cut, y + cut, e + cut, parts + cut, out + cut, n - cut);
      state = hash(hash(state, &loss, sizeof loss), out, (size_t)n * sizeof out[0]);
    }
  printf("focal_rows f32 - %016" PRIx64 "\n", state);
}

void hash_rows(void) {
  rows();
  columns();
  ctc();
  focal();
}
