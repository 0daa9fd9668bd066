// blocks_bodies.h: the block functions for floats and doubles (see blocks.h).
#include "blocks_math.h"

// Sixteen numbers as doubles.
typedef struct {
  kl_f64x8 low, high;
} kl_sixteen;

KL_OVERLOAD kl_sixteen kl_load_sixteen(const float *p) {
  kl_f32x16 x = kl_load_f32x16(p);
  return (kl_sixteen){kl_widen_low(x), kl_widen_high(x)};
}
KL_OVERLOAD kl_sixteen kl_load_sixteen(const double *p) {
  return (kl_sixteen){kl_load_f64x8(p), kl_load_f64x8(p + 8)};
}
// Rounded to the type, NaN made canonical.
KL_OVERLOAD void kl_store_sixteen(float *p, kl_sixteen x) { kl_store(p, kl_canonical(kl_narrow(x.low, x.high))); }
KL_OVERLOAD void kl_store_sixteen(double *p, kl_sixteen x) {
  kl_store(p, kl_canonical(x.low));
  kl_store(p + 8, kl_canonical(x.high));
}

// The factors of sixteen derivatives, and these times them, rounded to the type.
KL_OVERLOAD void kl_same_scale(kl_sixteen *to, double scale) { *to = (kl_sixteen){kl_splat(scale), kl_splat(scale)}; }
KL_OVERLOAD void kl_same_scale(kl_f32x16 *to, double scale) { *to = kl_splat((float)scale); }
KL_OVERLOAD void kl_load_scales(kl_sixteen *to, const double *scales) { *to = kl_load_sixteen(scales); }
KL_OVERLOAD void kl_load_scales(kl_f32x16 *to, const double *scales) {
  *to = kl_narrow(kl_load_f64x8(scales), kl_load_f64x8(scales + 8));
}
KL_OVERLOAD void kl_store_scaled(float *p, kl_f32x16 x, kl_f32x16 scale) { kl_store(p, kl_canonical(x * scale)); }
KL_OVERLOAD void kl_store_scaled(float *p, kl_sixteen x, kl_sixteen scale) {
  kl_store_sixteen(p, (kl_sixteen){x.low * scale.low, x.high * scale.high});
}
KL_OVERLOAD void kl_store_scaled(double *p, kl_sixteen x, kl_sixteen scale) {
  kl_store_sixteen(p, (kl_sixteen){x.low * scale.low, x.high * scale.high});
}

#include "blocks_pointwise.h"
#include "blocks_sigmoid.h"
#include "blocks_lanes.h"
#include "blocks_floats.h"

#define REAL float
#define TYPED(x) x##_f32
#define VECTOR kl_f32x16
#define BITS kl_u32x16
#define LANES 16
#define BRIEF 1
#include "blocks_body.h"
#include "blocks_pointwise_body.h"
#include "blocks_sigmoid_body.h"
#undef REAL
#undef TYPED
#undef VECTOR
#undef BITS
#undef LANES
#undef BRIEF

#define REAL double
#define TYPED(x) x##_f64
#define VECTOR kl_f64x8
#define BITS kl_u64x8
#define LANES 8
#define BRIEF 0
#include "blocks_body.h"
#include "blocks_pointwise_body.h"
#include "blocks_sigmoid_body.h"
#undef REAL
#undef TYPED
#undef VECTOR
#undef BITS
#undef LANES
#undef BRIEF

// Without branches, so that many numbers are looked at in one instruction.
int KL_NAME(kl_is_binary)(kl_type type, const void *numbers, int64_t first, int64_t n, int64_t stride) {
  uint32_t others = 0;
#define LOOK(S, number)                                                       \
  if (stride == 1)                                                            \
    for (int64_t i = 0; i < n; i++) LOOK_AT(number(((const S *)numbers)[first + i])) \
  else                                                                        \
    for (int64_t i = 0; i < n; i++) LOOK_AT(number(((const S *)numbers)[first + i * stride]))
#define LOOK_AT(x) others |= (uint32_t)((x) == 0) ^ (uint32_t)((x) == 1) ^ 1u;
  KL_SWITCH_TYPE(type, LOOK)
#undef LOOK_AT
#undef LOOK
  return others == 0;
}

void KL_NAME(kl_block_narrow)(const double *x, float *out, size_t n) {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) kl_store(out + i, kl_narrow(kl_load_f64x8(x + i), kl_load_f64x8(x + i + 8)));
  for (; i < n; i++) out[i] = (float)x[i];
}
