// rows_bodies.h: pairs of rows and of columns for floats and doubles (see rows.h and columns.h).

// The numbers of the lanes that lie before element `count` of a padded group of sixteen.
typedef struct {
  kl_i64x8 low, high;
} kl_lanes;

KL_INLINE kl_lanes kl_lanes_before(size_t count) {
  const kl_i64x8 number = {0, 1, 2, 3, 4, 5, 6, 7}, end = (kl_i64x8)(int64_t)count;
  return (kl_lanes){number < end, number + 8 < end};
}

// Sixteen doubles in KL_PARTS registers of AVX2 or AVX-512.
#if defined(KL_WIDE)
typedef kl_f64x8 kl_part;
#define KL_PARTS 2
KL_OVERLOAD kl_part kl_load_part(const double *p) { return kl_load_f64x8(p); }
KL_OVERLOAD kl_part kl_load_part(const float *p) { return __builtin_convertvector(kl_load_f32x8(p), kl_part); }
#else
typedef kl_f64x4 kl_part;
#define KL_PARTS 4
KL_OVERLOAD kl_part kl_load_part(const double *p) { return kl_load_f64x4(p); }
KL_OVERLOAD kl_part kl_load_part(const float *p) { return __builtin_convertvector(kl_load_f32x4(p), kl_part); }
#endif
#define KL_PART_LENGTH (16 / KL_PARTS)

#define REAL float
#define TYPED(x) x##_f32
#define BRIEF 1
#include "rows_body.h"
#include "overlap_body.h"
#include "columns_body.h"
#undef REAL
#undef TYPED
#undef BRIEF

#define REAL double
#define TYPED(x) x##_f64
#define BRIEF 0
#include "rows_body.h"
#include "overlap_body.h"
#include "columns_body.h"
#undef REAL
#undef TYPED
#undef BRIEF
