// loops_body.h: the loops, for one instruction set.
//
// Included once per instruction set, with ML_ISA its name, ML_LANES the floats of its widest vector and
// ML_TARGET the attribute that lets a function use it. No prefetching, no non-temporal stores: what plain code
// does. Eight vectors are in flight per iteration, so that a sum does not wait for its own last addition.

typedef float ML_NAME(vector) __attribute__((ext_vector_type(ML_LANES)));
typedef ML_NAME(vector) ML_NAME(unaligned) __attribute__((aligned(4), may_alias));

#define V ML_NAME(vector)
#define LOAD(p) (*(const ML_NAME(unaligned) *)(p))
#define STORE(p, v) (*(ML_NAME(unaligned) *)(p) = (v))
#define FOR_EACH_VECTOR(k, count) _Pragma("clang loop unroll(full)") for (size_t k = 0; k < (count); k++)

#define SUM(a, b) ((a) + (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

// Reads x, and y too if `streams` is 2.
#define READING(name, streams, OP)                                                                 \
  ML_TARGET static float ML_NAME(name)(const float *x, const float *y, size_t n) {                 \
    enum { vectors = 8 / streams, step = vectors * ML_LANES };                                     \
    V a[8] = {0};                                                                                  \
    size_t i = 0;                                                                                  \
    for (; i + step <= n; i += step) {                                                             \
      FOR_EACH_VECTOR(k, vectors) {                                                                \
        a[k] = OP(a[k], LOAD(x + i + k * ML_LANES));                                               \
        if (streams == 2) a[k + 4] = OP(a[k + 4], LOAD(y + i + k * ML_LANES));                     \
      }                                                                                            \
    }                                                                                              \
    FOR_EACH_VECTOR(k, 7) a[0] = OP(a[0], a[k + 1]);                                               \
    float result = 0;                                                                              \
    FOR_EACH_VECTOR(k, ML_LANES) result = OP(result, a[0][k]);                                     \
    for (; i < n; i++) {                                                                           \
      result = OP(result, x[i]);                                                                   \
      if (streams == 2) result = OP(result, y[i]);                                                 \
    }                                                                                              \
    return result;                                                                                 \
  }

// Writes what `expression` makes of the vector (or number) at offset j.
#define WRITING(name, expression)                                                                  \
  ML_TARGET static float ML_NAME(name)(const float *x, const float *y, float *g, size_t n) {       \
    enum { vectors = 8, step = vectors * ML_LANES };                                               \
    const float a = 0.75f;                                                                         \
    size_t i = 0;                                                                                  \
    for (; i + step <= n; i += step) {                                                             \
      FOR_EACH_VECTOR(k, vectors) {                                                                \
        const size_t j = i + k * ML_LANES;                                                         \
        STORE(g + j, (V)(expression(LOAD)));                                                       \
      }                                                                                            \
    }                                                                                              \
    for (size_t j = i; j < n; j++) g[j] = expression(NUMBER);                                      \
    (void)x, (void)y;                                                                              \
    return 0;                                                                                      \
  }

#define NUMBER(p) (*(p))
#define SCALED(AT) (AT(x + j) * a)
#define SCALED_PLUS(AT) (AT(x + j) * a + AT(y + j))

READING(read_sum, 1, SUM)
READING(read_max, 1, MAX)
READING(read_two_sum, 2, SUM)
READING(read_two_max, 2, MAX)
WRITING(read_write, SCALED)
WRITING(read_read_write, SCALED_PLUS)

static float ML_NAME(run)(ml_loop loop, const float *x, const float *y, float *g, size_t n) {
  switch (loop) {
  case ML_READ_SUM: return ML_NAME(read_sum)(x, y, n);
  case ML_READ_MAX: return ML_NAME(read_max)(x, y, n);
  case ML_READ_TWO_SUM: return ML_NAME(read_two_sum)(x, y, n);
  case ML_READ_TWO_MAX: return ML_NAME(read_two_max)(x, y, n);
  case ML_READ_WRITE: return ML_NAME(read_write)(x, y, g, n);
  case ML_READ_READ_WRITE: return ML_NAME(read_read_write)(x, y, g, n);
  }
}

#undef V
#undef LOAD
#undef STORE
#undef FOR_EACH_VECTOR
#undef SUM
#undef MAX
#undef READING
#undef WRITING
#undef NUMBER
#undef SCALED
#undef SCALED_PLUS
#undef ML_ISA
#undef ML_LANES
#undef ML_TARGET
