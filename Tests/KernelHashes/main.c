// Hashes of what the C kernels compute: one line per kernel, type and kind of labels.
//
// The numbers that go in come from integer arithmetic alone, so that every machine has the same. The lines are
// compared with Tests/Fixtures/kernel_hashes.txt: by a test for every instruction set of the machine it runs
// on, and by .ci/arm64 for a cross-compiled build. The first line names the instruction set that ran.

#include "hashing.h"

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
      .slope = 0.75, .offset = 0.125, .delta = 0.75, .gamma = 1.5, .weight_0 = 0.75, .weight_1 = 0.25,
      .exponent = 0.625};
  KL_FOR_EACH_POINTWISE(POINTWISE)
  // Labels 0 and 1 have ways of their own.
  const kl_parameters plain = {.slope = 1, .offset = 0, .gamma = 2, .weight_0 = 0.75, .weight_1 = 0.25};
  for (int i = 0; i < BLOCK; i++) y32[i] = (float)(y64[i] = (double)(next_random() & 1));
  HASH_LOSS("bernoulli_binary", kl_pointwise, KL_BERNOULLI, &plain, );
  HASH_LOSS("focal_binary", kl_pointwise, KL_FOCAL, &plain, );
  HASH_LOSS("focal_logits_binary", kl_pointwise, KL_FOCAL_LOGITS, &plain, );
  const kl_parameters bits = {.bits = 1};
  HASH_LOSS("hinge_bits", kl_pointwise, KL_HINGE, &bits, );
  HASH_LOSS("squared_hinge_bits", kl_pointwise, KL_SQUARED_HINGE, &bits, );
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

// Sums of losses of one element each, with and without weights, and the gradients; after several chunks, a tail.
#define HASH_ADDED(real, type)                                                                                        \
  do {                                                                                                                \
    static real y[1003], p[1003], w[1003], g[4][1003];                                                                \
    const kl_parameters at = {.slope = 1};                                                                            \
    kl_exact sum = {0};                                                                                               \
    random_state = 4;                                                                                                 \
    for (int i = 0; i < 1003; i++) y[i] = (real)random_unit(), p[i] = (real)random_unit(), w[i] = (real)random_unit(); \
    kl_pointwise_add_##type(&sum, true, KL_SQUARED_ERROR, &at, y, p, w, 3, g[0], 1003);                               \
    kl_pointwise_add_##type(&sum, true, KL_SQUARED_ERROR, &at, y, p, NULL, 3, g[1], 1003);                            \
    kl_sigmoid_cross_entropy_add_##type(&sum, false, y, p, w, 3, g[2], 1003);                                         \
    kl_sigmoid_cross_entropy_add_##type(&sum, false, y, p, NULL, 3, g[3], 1003);                                      \
    printf("added " #type " sum %016" PRIx64 "\n", hash(hash_start, &sum, sizeof sum));                               \
    printf("added " #type " gradient %016" PRIx64 "\n", hash(hash_start, g, sizeof g));                               \
  } while (0)

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
  hash_rows();
  hash_matrix();
  exact();
  HASH_ADDED(float, f32);
  HASH_ADDED(double, f64);
  return 0;
}
