// softmax_body.h: softmax cross-entropy, all of it.
//
// Which kernel runs depends on the number of classes alone, so a sample's result cannot depend on the
// samples beside it. The row kernel is a template over Float and Double; KL_(f) is f_f32 or f_f64.
#include "blocks_math.h"
#include "widen.h"

enum { KL_BLOCK = 1024 };                                            // classes of a row that are taken at a time
enum { KL_LANES = 16, KL_LANES_CLASSES = 128, KL_EXACT_CLASSES = 64 }; // samples side by side, up to so many classes
enum { KL_TILES_AHEAD = 8, KL_BYTES_AHEAD = 2048 };                  // that memory is asked for

// Where the logits (labels, gradient) of sample k begin; its classes are `inner` elements apart.
KL_INLINE int64_t kl_sample_offset(const kl_softmax_cross_entropy *job, int64_t k) {
  return job->inner == 1 ? k * job->classes : (k / job->inner * job->classes) * job->inner + k % job->inner;
}

// Whether samples k ..< k + 16 are neighbours in memory.
KL_INLINE bool kl_are_neighbours(const kl_softmax_cross_entropy *job, int64_t k, int count) {
  return count == KL_LANES && job->inner >= KL_LANES && k % job->inner + KL_LANES <= job->inner;
}

#define KL_(name) KL_PASTE(name, KL_SUFFIX)

#define KL_SUFFIX f32
#define KL_IS_FLOAT 1
typedef float kl_scalar_f32;
#include "softmax_tile.h"
#undef KL_SUFFIX
#undef KL_IS_FLOAT

#define KL_SUFFIX f64
#define KL_IS_FLOAT 0
typedef double kl_scalar_f64;
#include "softmax_tile.h"
#undef KL_SUFFIX
#undef KL_IS_FLOAT

#include "softmax_lanes.h"

#define KL_SUFFIX f32
#define KL_IS_FLOAT 1
typedef kl_f32x16 kl_vector_f32;
typedef kl_i32x16 kl_mask_f32;
typedef int32_t kl_key_f32;
typedef kl_u32x16 kl_ordinals_f32;
#include "softmax_row.h"
#include "softmax_look.h"
#include "softmax_groups.h"
#include "softmax_rows.h"
#undef KL_SUFFIX
#undef KL_IS_FLOAT

#define KL_SUFFIX f64
#define KL_IS_FLOAT 0
typedef kl_f64x8 kl_vector_f64;
typedef kl_i64x8 kl_mask_f64;
typedef int64_t kl_key_f64;
typedef kl_u64x8 kl_ordinals_f64;
#include "softmax_row.h"
#include "softmax_look.h"
#include "softmax_groups.h"
#include "softmax_rows.h"
#undef KL_SUFFIX
#undef KL_IS_FLOAT

#include "softmax_lanes_f32.h"
#include "softmax_lanes_f32_gradient.h"

void KL_NAME(kl_softmax)(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  if (job->classes == 0) {
    for (int64_t k = first; k < first + count; k++) kl_put(job->type, job->losses, k, 0);
  } else if (job->classes <= KL_LANES_CLASSES) {
    if (job->type == KL_F64) kl_lanes_run_f64(job, first, count);
    else kl_lanes_run_f32(job, first, count);
  } else if (job->type == KL_F64) kl_rows_run_f64(job, first, count);
  else kl_rows_run_f32(job, first, count);
}
