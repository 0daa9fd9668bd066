// Hashes of what the C kernels compute: one line per kernel, type and kind of labels.
//
// The numbers that go in come from integer arithmetic alone, so that every machine has the same. The lines are
// compared with Tests/Fixtures/kernel_hashes.txt: by a test for every instruction set of the machine it runs
// on, and by .ci/arm64 for a cross-compiled build. The first line names the instruction set that ran.

#include "CLossKernels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state;

static uint64_t next_random(void) {
  random_state += 0x9e3779b97f4a7c15u;
  uint64_t z = random_state;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// In −1 … 1, exact in a Float.
static double random_unit(void) { return (double)((int64_t)(next_random() >> 40) - (1 << 23)) * 0x1p-23; }

static uint64_t hash(uint64_t state, const void *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) state = (state ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3u;
  return state;
}

static const uint64_t hash_start = 0xcbf29ce484222325u;

static size_t width(kl_type type) {
  switch (type) {
  case KL_F64: case KL_I64: case KL_U64: return 8;
  case KL_F32: case KL_I32: case KL_U32: return 4;
  case KL_F16: case KL_I16: case KL_U16: return 2;
  default: return 1;
  }
}

// A half from a number that is exact in one.
static uint16_t half_bits(double x) {
  const float f = (float)x;
  uint32_t bits;
  memcpy(&bits, &f, 4);
  if ((bits & 0x7fffffff) == 0) return (uint16_t)(bits >> 16);
  return (uint16_t)((bits >> 16 & 0x8000) | (((bits >> 23 & 0xff) - 112) << 10) | (bits >> 13 & 0x3ff));
}

static void put(kl_type type, void *base, size_t i, double x) {
  switch (type) {
  case KL_F64: ((double *)base)[i] = x; break;
  case KL_F32: ((float *)base)[i] = (float)x; break;
  case KL_F16: ((uint16_t *)base)[i] = half_bits(x); break;
  case KL_I64: case KL_U64: ((int64_t *)base)[i] = (int64_t)x; break;
  case KL_I32: case KL_U32: ((int32_t *)base)[i] = (int32_t)x; break;
  case KL_I16: case KL_U16: ((int16_t *)base)[i] = (int16_t)x; break;
  default: ((int8_t *)base)[i] = (int8_t)x; break;
  }
}

// Logits of several kinds: moderate, far apart, with −inf, shifted, and confident rows. Exact in a half.
static double logit(int kind, int64_t c, int64_t label) {
  const double x = (double)((int64_t)(next_random() >> 54) - 512) * 0x1p-6; // −8 … 8
  switch (kind % 5) {
  case 0: return x;
  case 1: return x * 8;
  case 2: return (next_random() & 7) == 0 && c != label ? -__builtin_inf() : x;
  case 3: return x + 1024;
  default: return c == label ? 40 : x;
  }
}

enum { MAX_ELEMENTS = 1 << 16 };

typedef struct {
  kl_type type, label_type;
  int64_t classes, inner, outer;
  double smoothing;
  int sparse, shift;
} layout;

// One tensor of a layout: hashes losses alone, then losses with gradients, computed in two pieces.
static uint64_t softmax_hash(uint64_t state, layout l, int kind) {
  static uint8_t logits[MAX_ELEMENTS * 8 + 16], labels[MAX_ELEMENTS * 8 + 16], gradient[MAX_ELEMENTS * 8 + 16];
  static uint8_t losses[MAX_ELEMENTS * 8 + 16], keep[MAX_ELEMENTS];
  static double scales[MAX_ELEMENTS];
  static int64_t ids[MAX_ELEMENTS];
  const int64_t samples = l.outer * l.inner;
  const size_t size = width(l.type), start = (size_t)l.shift * size;
  for (int64_t k = 0; k < samples; k++) {
    ids[k] = (int64_t)(next_random() % (uint64_t)l.classes);
    keep[k] = next_random() % 9 != 0;
    scales[k] = random_unit();
    for (int64_t c = 0; c < l.classes; c++) {
      const size_t at = (size_t)((k / l.inner * l.classes + c) * l.inner + k % l.inner);
      put(l.type, logits + start, at, logit(kind, c, ids[k]));
      const double y = kind % 2 ? (double)(c == ids[k]) : (double)(next_random() >> 62);
      put(l.label_type, labels + l.shift * width(l.label_type), at, y);
    }
  }
  kl_softmax_cross_entropy job = {
      .type = l.type, .label_type = l.label_type, .logits = logits + start,
      .labels = l.sparse ? NULL : labels + l.shift * width(l.label_type), .class_ids = l.sparse ? ids : NULL,
      .classes = l.classes, .inner = l.inner, .smoothing = l.smoothing, .keep = kind % 3 ? NULL : keep,
      .losses = losses + start};
  kl_softmax_cross_entropy_run(&job, 0, samples);
  state = hash(state, losses + start, (size_t)samples * size);
  job.scale = scales;
  job.gradient = gradient + start;
  kl_softmax_cross_entropy_run(&job, 0, samples / 3);
  kl_softmax_cross_entropy_run(&job, samples / 3, samples - samples / 3);
  state = hash(state, losses + start, (size_t)samples * size);
  return hash(state, gradient + start, (size_t)(samples * l.classes) * size);
}

static const char *const type_names[] = {"f32", "f64", "f16", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool"};

// All class counts of the small kernel, and tails 0 … 31 around blocks of the large one; class axis last
// and not last; aligned and not.
static void softmax(kl_type type, kl_type label_type, int sparse) {
  uint64_t state = hash_start;
  random_state = 1;
  for (int64_t classes = 1; classes < 1060; classes += classes < 70 || (classes > 255 && classes < 290) ? 1 : 37)
    for (int64_t inner = 1; inner < 20; inner += 18)
      for (int shift = 0; shift < 2; shift++) {
        const layout l = {type, label_type, classes, inner, inner == 1 ? 19 : 2, shift ? 0.125 : 0, sparse, shift};
        state = softmax_hash(state, l, (int)(classes + shift));
      }
  printf("softmax_cross_entropy %s %s %016" PRIx64 "\n", type_names[type], sparse ? "ids" : type_names[label_type], state);
}

// Block functions on numbers of all sizes.
static double any_number(int i) {
  switch (i % 4) {
  case 0: return random_unit();
  case 1: return random_unit() * 90;
  case 2: return random_unit() * 0x1p-20;
  default: return random_unit() * random_unit() * 0x1p40;
  }
}

enum { BLOCK = 777 };

#define HASH_UNARY(name)                                                        \
  do {                                                                          \
    kl_block_##name##_f32(x32, out32, BLOCK);                                   \
    kl_block_##name##_f64(x64, out64, BLOCK);                                   \
    printf(#name " f32 - %016" PRIx64 "\n", hash(hash_start, out32, sizeof out32)); \
    printf(#name " f64 - %016" PRIx64 "\n", hash(hash_start, out64, sizeof out64)); \
  } while (0)

// Losses with and without gradients, one scale and many, for all lengths of a block's end.
#define HASH_LOSS(title, function, ...)                                                         \
  do {                                                                                          \
    uint64_t s32 = hash_start, s64 = hash_start;                                                \
    for (size_t n = 1; n < BLOCK; n += 1 + n / 9) {                                             \
      double sum = function##_f32(__VA_ARGS__ y32, x32, losses, g32, scales, n % 2, n);         \
      sum += function##_f32(__VA_ARGS__ y32, x32, NULL, NULL, NULL, 0, n);                      \
      s32 = hash(hash(hash(s32, &sum, 8), losses, n * 8), g32, n * 4);                          \
      sum = function##_f64(__VA_ARGS__ y64, x64, losses, g64, scales, n % 2, n);                \
      sum += function##_f64(__VA_ARGS__ y64, x64, NULL, NULL, NULL, 0, n);                      \
      s64 = hash(hash(hash(s64, &sum, 8), losses, n * 8), g64, n * 8);                          \
    }                                                                                           \
    printf("%s f32 - %016" PRIx64 "\n", title, s32);                                            \
    printf("%s f64 - %016" PRIx64 "\n", title, s64);                                            \
  } while (0)

static void blocks(void) {
  static float x32[BLOCK], y32[BLOCK], out32[BLOCK], g32[BLOCK];
  static double x64[BLOCK], y64[BLOCK], out64[BLOCK], g64[BLOCK];
  random_state = 2;
  for (int i = 0; i < BLOCK; i++) x32[i] = (float)(x64[i] = any_number(i)), y32[i] = (float)(y64[i] = random_unit());
  HASH_UNARY(exp);
  HASH_UNARY(log);
  HASH_UNARY(log1p);
  HASH_UNARY(expm1);
  HASH_UNARY(tanh);
  kl_block_pow_f32(x32, y32, out32, BLOCK);
  kl_block_pow_f64(x64, y64, out64, BLOCK);
  printf("pow f32 - %016" PRIx64 "\n", hash(hash_start, out32, sizeof out32));
  printf("pow f64 - %016" PRIx64 "\n", hash(hash_start, out64, sizeof out64));
  static double losses[BLOCK], quotients[BLOCK], scales[BLOCK];
  for (int i = 0; i < BLOCK; i++) scales[i] = random_unit();
  kl_block_divide_f32(x32, 3, quotients, BLOCK);
  printf("divide f32 - %016" PRIx64 "\n", hash(hash_start, quotients, sizeof quotients));
  kl_block_divide_f64(x64, 3, quotients, BLOCK);
  printf("divide f64 - %016" PRIx64 "\n", hash(hash_start, quotients, sizeof quotients));
  HASH_LOSS("sigmoid_cross_entropy", kl_sigmoid_cross_entropy, );
#define POINTWISE(name, number, how) HASH_LOSS(#name, kl_pointwise, number, &at, );
  const kl_parameters at = {
      .slope = 0.75, .offset = 0.125, .delta = 0.75, .gamma = 1.5, .weight_0 = 0.75, .weight_1 = 0.25};
  KL_FOR_EACH_POINTWISE(POINTWISE)
}

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

static void exact(void) {
  static float l32[5000], w32[5000];
  static double l64[5000], w64[5000];
  random_state = 3;
  for (int i = 0; i < 5000; i++) {
    l32[i] = (float)(l64[i] = any_number(i));
    w32[i] = (float)(w64[i] = any_number(i + 1));
  }
  kl_exact sum = {0}, part = {0};
  kl_exact_add_f32(&sum, l32, w32, 5000);
  kl_exact_add_f64(&part, l64, w64, 4999);
  kl_exact_add_f32(&part, l32, NULL, 4999);
  kl_exact_merge(&sum, &part);
  printf("exact all - %016" PRIx64 "\n", hash(hash_start, &sum, sizeof sum));
}

int main(void) {
  printf("%s\n", kl_active_isa());
  static const kl_type scalars[] = {KL_F32, KL_F64, KL_F16};
  for (int i = 0; i < 3; i++) {
    softmax(scalars[i], scalars[i], 0);
    softmax(scalars[i], scalars[i], 1);
  }
  for (kl_type label = KL_F32; label <= KL_BOOL; label++)
    if (label != KL_F32) softmax(KL_F32, label, 0);
  blocks();
  rows();
  columns();
  matrix();
  circle();
  ctc();
  exact();
  return 0;
}
