// widen.h: elements of any type to Float or Double.
//
// Blocks of labels, and of Float16 logits, become Floats or Doubles in a buffer that stays in the L1 cache.
// Each conversion rounds once, to nearest even. Float16 is handled as bits: the x86 baseline has no
// instructions for it.
#ifndef KL_WIDEN_H
#define KL_WIDEN_H

typedef uint16_t kl_half; // bits
typedef struct { uint8_t byte; } kl_bool;

KL_INLINE float kl_float_of_half(kl_half h) {
  const uint32_t magnitude = (uint32_t)(h & 0x7fff) << 13, sign = (uint32_t)(h & 0x8000) << 16;
  union { uint32_t u; float f; } v = {magnitude + (112u << 23)};
  if (magnitude >= 0x7c00u << 13) v.u += 112u << 23;          // inf and NaN
  if (magnitude < 0x0400u << 13) v.u += 1u << 23, v.f -= 0x1p-14f; // subnormal: 2^-14·(1 + m) − 2^-14
  v.u |= sign;
  return v.f;
}

// A Double to Float16 in one rounding, never by way of Float.
KL_INLINE kl_half kl_half_of_double(double d) {
  union { double d; uint64_t u; } in = {d};
  const uint32_t sign = (uint32_t)(in.u >> 48) & 0x8000;
  in.u &= 0x7fffffffffffffff;
  if (in.d != in.d) return 0x7e00;
  if (in.d >= 65520) return (kl_half)(sign | 0x7c00);
  if (in.d < 0x1p-14) // subnormal: a multiple of 2^-24, rounded by the addition of 2^28
    return (kl_half)(sign | (uint32_t)(uint64_t)((in.d + 0x1p28) * 0x1p24 - 0x1p52));
  const uint64_t drop = 42, rest = in.u & (((uint64_t)1 << drop) - 1), half = (uint64_t)1 << (drop - 1);
  uint64_t m = (in.u >> drop) - ((uint64_t)1008 << 10); // exponent bias 1023 → 15
  m += rest > half || (rest == half && (m & 1));
  return (kl_half)(sign | (uint32_t)m);
}

#define KL_IDENTITY(v) (v)
#define KL_OF_BOOL(v) ((v).byte != 0)

// Runs M(type, to number) for an element type that is only known at run time.
#define KL_SWITCH_TYPE(type, M)                                                                    \
  switch (type) {                                                                                  \
  case KL_F32: M(float, KL_IDENTITY) break;                                                        \
  case KL_F64: M(double, KL_IDENTITY) break;                                                       \
  case KL_F16: M(kl_half, kl_float_of_half) break;                                                 \
  case KL_I8: M(int8_t, KL_IDENTITY) break;                                                        \
  case KL_I16: M(int16_t, KL_IDENTITY) break;                                                      \
  case KL_I32: M(int32_t, KL_IDENTITY) break;                                                      \
  case KL_I64: M(int64_t, KL_IDENTITY) break;                                                      \
  case KL_U8: M(uint8_t, KL_IDENTITY) break;                                                       \
  case KL_U16: M(uint16_t, KL_IDENTITY) break;                                                     \
  case KL_U32: M(uint32_t, KL_IDENTITY) break;                                                     \
  case KL_U64: M(uint64_t, KL_IDENTITY) break;                                                     \
  case KL_BOOL: M(kl_bool, KL_OF_BOOL) break;                                                      \
  }

// n elements of `source` from `index` on.
#define KL_WIDEN_LOOP(S, number)                                                                   \
  for (int64_t i = 0; i < n; i++) to[i] = (T)number(((const S *)source)[index + i]);
__attribute__((unused)) static void kl_widen_f32(float *to, kl_type type, const void *source, int64_t index,
                                                 int64_t n) {
  typedef float T;
  KL_SWITCH_TYPE(type, KL_WIDEN_LOOP)
}
__attribute__((unused)) static void kl_widen_f64(double *to, kl_type type, const void *source, int64_t index,
                                                 int64_t n) {
  typedef double T;
  KL_SWITCH_TYPE(type, KL_WIDEN_LOOP)
}
#undef KL_WIDEN_LOOP

// One number, written as an element of a floating-point tensor. NaN becomes canonical.
KL_INLINE void kl_put(kl_type type, void *tensor, int64_t index, double value) {
  if (value != value) value = KL_NAN_F64;
  if (type == KL_F32) ((float *)tensor)[index] = (float)value;
  else if (type == KL_F64) ((double *)tensor)[index] = value;
  else ((kl_half *)tensor)[index] = kl_half_of_double(value);
}

// Four classes of sixteen samples, as vectors along the samples ↔ as vectors along the classes: the 4×4
// blocks of four 16-lane vectors transposed. Its own inverse.
KL_INLINE void kl_transpose_4x4(kl_f32x16 v[4]) {
  kl_f32x16 a = __builtin_shufflevector(v[0], v[1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  kl_f32x16 b = __builtin_shufflevector(v[0], v[1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  kl_f32x16 c = __builtin_shufflevector(v[2], v[3], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  kl_f32x16 d = __builtin_shufflevector(v[2], v[3], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  v[0] = __builtin_shufflevector(a, c, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
  v[1] = __builtin_shufflevector(a, c, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
  v[2] = __builtin_shufflevector(b, d, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
  v[3] = __builtin_shufflevector(b, d, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
// Sixteen rows of four floats, `stride` floats apart: v[j] has rows j, 4+j, 8+j, 12+j.
KL_INLINE void kl_load_4x16(kl_f32x16 v[4], const float *p, int64_t stride) {
  for (int j = 0; j < 4; j++) {
    kl_f32x4 a = kl_load_f32x4(p + j * stride), b = kl_load_f32x4(p + (4 + j) * stride);
    kl_f32x4 c = kl_load_f32x4(p + (8 + j) * stride), d = kl_load_f32x4(p + (12 + j) * stride);
    kl_f32x8 ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);
    kl_f32x8 cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7);
    v[j] = __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  }
}
KL_INLINE void kl_store_4x16(float *p, int64_t stride, const kl_f32x16 v[4]) {
  for (int j = 0; j < 4; j++) {
    kl_store(p + j * stride, v[j].lo.lo), kl_store(p + (4 + j) * stride, v[j].lo.hi);
    kl_store(p + (8 + j) * stride, v[j].hi.lo), kl_store(p + (12 + j) * stride, v[j].hi.hi);
  }
}

#endif
