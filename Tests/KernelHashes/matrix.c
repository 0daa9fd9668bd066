// Hashes of kernels of matrices: products, and the pairs of a circle loss.
#include "hashing.h"

static void matrix(void) {
  enum { DEPTH = 41, WIDTH = 88 };
  static double x[KL_SQUARE * KL_SQUARE], y[KL_SQUARE * WIDTH], out[KL_SQUARE * WIDTH];
  random_state = 5;
  for (int i = 0; i < KL_SQUARE * KL_SQUARE; i++) x[i] = random_unit();
  for (int i = 0; i < KL_SQUARE * WIDTH; i++) y[i] = random_unit();
  uint64_t state = hash_start;
  for (size_t rows = 8; rows <= KL_SQUARE; rows += 8)
    for (size_t columns = 8; columns <= WIDTH; columns += 16)
      for (size_t depth = 1; depth < DEPTH; depth += 13) {
        kl_matrix_multiply(x, rows, y, WIDTH, columns, depth, out, WIDTH, 0);
        kl_matrix_multiply_transposed(x, rows, y, WIDTH, columns, depth, out, WIDTH, 1);
        for (size_t i = 0; i < rows; i++) state = hash(state, out + i * WIDTH, columns * sizeof out[0]);
      }
  printf("matrix f64 - %016" PRIx64 "\n", state);
}

// Squares of pairs, whole ones and ragged ones, on the diagonal and off it.
static void circle(void) {
  enum { EDGE = KL_SQUARE, SIDES = 12 };
  static double products[EDGE * EDGE], numbers[SIDES][EDGE], results[4][EDGE];
  static int64_t labels[2][EDGE];
  random_state = 7;
  uint64_t state = hash_start;
  for (int kind = 0; kind < 16; kind++) {
    const int diagonal = kind & 1, skips = kind >> 1 & 1, peaked = kind >> 2 & 1, brief = kind >> 3;
    for (size_t count = EDGE; count > 0; count = count == EDGE ? 53 : count / 3) {
      const kl_circle loss = {peaked ? 400 : 80, 0.4, peaked, brief};
      for (int i = 0; i < EDGE * EDGE; i++) products[i] = random_unit() + 0.5 * (i % 7 == 0);
      for (int i = 0; i < EDGE; i++) {
        labels[0][i] = (int64_t)(next_random() % 5), labels[1][i] = (int64_t)(next_random() % 5);
        for (int k = 0; k < SIDES; k++) numbers[k][i] = k % 6 < 2 ? 1600 + 60 * random_unit() : random_unit();
      }
      kl_circle_side sides[2];
      for (int s = 0; s < 2; s++)
        sides[s] = (kl_circle_side){s || diagonal ? count : EDGE, labels[s], {numbers[6 * s], numbers[6 * s + 1]},
                                    {numbers[6 * s + 2], numbers[6 * s + 3]}, numbers[6 * s + 4]};
      const kl_circle_side *columns = sides + !diagonal;
      const kl_circle_result to[2] = {{{results[0], results[1]}}, {{results[2], results[3]}}};
      memset(results, 0, sizeof results);
      kl_circle_peaks(&loss, products, sides, columns, diagonal, skips, to[0], to[1]);
      state = hash(state, results, sizeof results);
      kl_circle_sums(&loss, products, sides, columns, diagonal, skips, to[0], to[1]);
      state = hash(state, results, sizeof results);
      kl_circle_coefficients(&loss, products, sides, columns, diagonal, skips, products);
      state = hash(state, products, sizeof products);
    }
  }
  printf("circle f64 - %016" PRIx64 "\n", state);
}

void hash_matrix(void) {
  matrix();
  circle();
}
