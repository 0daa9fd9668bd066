// vectors.h: fixed-width vectors.
//
// The vectors that every kernel is written in: 16 Floats or 8 Doubles, whatever the machine's registers
// are. The compiler splits them (4 SSE or NEON registers, 2 AVX, 1 AVX-512) without changing any result,
// since each lane is a separate IEEE operation; this is what makes the bits the same on every
// instruction set. The rules that keep it so:
//
//  - FP_CONTRACT is off: a*b+c is fused only where kl_fma is written. On x86 without FMA3 kl_fma becomes
//    a call of libm's fma for each lane: same bits, slow.
//  - Maxima are compare-and-select, as the max instructions differ in NaN and signed zeros.
//  - No estimates (rcp, rsqrt); division and conversion are IEEE's.
//  - A NaN that leaves a kernel is made canonical, as x86 and Arm make different default NaNs.
//
// This header is included inside the target region of a file that is compiled for one instruction set
// (see dispatch.h). Its functions are always inlined, so vectors are never passed by an ABI's rules and
// -Wpsabi, which warns of those rules, does not apply.
#ifndef KL_VECTORS_H
#define KL_VECTORS_H

#pragma STDC FP_CONTRACT OFF
#pragma clang diagnostic ignored "-Wpsabi"

#define KL_INLINE static inline __attribute__((always_inline, unused))
#define KL_NOINLINE static __attribute__((noinline, unused)) /* seldom called: kept out of the way */
#define KL_OVERLOAD static inline __attribute__((always_inline, overloadable, unused))

typedef float kl_f32x4 __attribute__((ext_vector_type(4)));
typedef float kl_f32x8 __attribute__((ext_vector_type(8)));
typedef float kl_f32x16 __attribute__((ext_vector_type(16)));
typedef int32_t kl_i32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t kl_u32x16 __attribute__((ext_vector_type(16)));
typedef uint16_t kl_u16x16 __attribute__((ext_vector_type(16)));
typedef double kl_f64x4 __attribute__((ext_vector_type(4)));
typedef double kl_f64x8 __attribute__((ext_vector_type(8)));
typedef int64_t kl_i64x8 __attribute__((ext_vector_type(8)));
typedef uint64_t kl_u64x8 __attribute__((ext_vector_type(8)));

#define KL_INF_F32 __builtin_inff()
#define KL_INF_F64 __builtin_inf()
#define KL_NAN_F32 __builtin_nanf("") /* 0x7fc00000, the canonical NaN */
#define KL_NAN_F64 __builtin_nan("")

// Vectors that are worth working on side by side: as many chains of dependent operations as registers hold.
#if defined(KL_WIDE)
#define KL_CHAINS 8
#else
#define KL_CHAINS 4
#endif
#define KL_UNROLLED _Pragma("clang loop unroll(full)")
// For each of n vectors, n being known when this is compiled.
#define KL_EACH KL_UNROLLED for (int j = 0; j < n; j++)

// MARK: Memory. Alignment to the element is enough.

#define KL_MEMORY(name, V, T)                                                                      \
  KL_OVERLOAD V kl_load_##name(const T *p) {                                                       \
    typedef V U __attribute__((aligned(1), may_alias));                                            \
    return *(const U *)p;                                                                          \
  }                                                                                                \
  KL_OVERLOAD void kl_store(T *p, V v) {                                                           \
    typedef V U __attribute__((aligned(1), may_alias));                                            \
    *(U *)p = v;                                                                                   \
  }
KL_MEMORY(f32x4, kl_f32x4, float)
KL_MEMORY(f32x8, kl_f32x8, float)
KL_MEMORY(f32x16, kl_f32x16, float)
KL_MEMORY(f64x4, kl_f64x4, double)
KL_MEMORY(f64x8, kl_f64x8, double)
KL_MEMORY(u16x16, kl_u16x16, uint16_t)
KL_MEMORY(i32x16, kl_i32x16, int32_t)
KL_MEMORY(i64x8, kl_i64x8, int64_t)
#undef KL_MEMORY

// MARK: Lanes

// a·b + c, rounded once.
#if KL_X86 && defined(KL_BASELINE) && !defined(__FMA__)
// By libm, out of line: as inline code these calls would make up most of the library.
#define KL_SLOW_FMA(V, fma)                                                                        \
  static __attribute__((noinline, overloadable, unused)) void kl_fma_lanes(V *r, const V *a, const V *b, const V *c) { \
    for (unsigned i = 0; i < sizeof(V) / sizeof((*a)[0]); i++) (*r)[i] = fma((*a)[i], (*b)[i], (*c)[i]); \
  }                                                                                                \
  KL_OVERLOAD V kl_fma(V a, V b, V c) {                                                            \
    V r;                                                                                           \
    kl_fma_lanes(&r, &a, &b, &c);                                                                  \
    return r;                                                                                      \
  }
KL_SLOW_FMA(kl_f32x16, __builtin_fmaf)
KL_SLOW_FMA(kl_f32x8, __builtin_fmaf)
KL_SLOW_FMA(kl_f64x4, __builtin_fma)
KL_SLOW_FMA(kl_f64x8, __builtin_fma)
#undef KL_SLOW_FMA
#else
#define kl_fma __builtin_elementwise_fma
#endif

KL_OVERLOAD kl_f32x16 kl_splat(float x) { return (kl_f32x16)x; }
KL_OVERLOAD kl_f64x8 kl_splat(double x) { return (kl_f64x8)x; }

// Bit patterns.
KL_OVERLOAD kl_u32x16 kl_bits(kl_f32x16 x) { return (union { kl_f32x16 f; kl_u32x16 u; }){x}.u; }
KL_OVERLOAD kl_u64x8 kl_bits(kl_f64x8 x) { return (union { kl_f64x8 f; kl_u64x8 u; }){x}.u; }
KL_OVERLOAD kl_f32x16 kl_from_bits(kl_u32x16 x) { return (union { kl_u32x16 u; kl_f32x16 f; }){x}.f; }
KL_OVERLOAD kl_f64x8 kl_from_bits(kl_u64x8 x) { return (union { kl_u64x8 u; kl_f64x8 f; }){x}.f; }

// mask ? a : b by lanes; a mask is what a comparison gives (0 or −1).
KL_OVERLOAD kl_f32x16 kl_select(kl_i32x16 mask, kl_f32x16 a, kl_f32x16 b) { return mask ? a : b; }
KL_OVERLOAD kl_f64x8 kl_select(kl_i64x8 mask, kl_f64x8 a, kl_f64x8 b) { return mask ? a : b; }
KL_OVERLOAD kl_i32x16 kl_select(kl_i32x16 mask, kl_i32x16 a, kl_i32x16 b) { return mask ? a : b; }
KL_OVERLOAD kl_i64x8 kl_select(kl_i64x8 mask, kl_i64x8 a, kl_i64x8 b) { return mask ? a : b; }

KL_OVERLOAD kl_f32x16 kl_abs(kl_f32x16 x) { return __builtin_elementwise_abs(x); }
KL_OVERLOAD kl_f64x8 kl_abs(kl_f64x8 x) { return __builtin_elementwise_abs(x); }

// a where a > b, b otherwise: also where either is NaN.
KL_OVERLOAD kl_f32x16 kl_larger(kl_f32x16 a, kl_f32x16 b) { return kl_select(a > b, a, b); }
KL_OVERLOAD kl_f64x8 kl_larger(kl_f64x8 a, kl_f64x8 b) { return kl_select(a > b, a, b); }

// The canonical NaN wherever x is NaN.
KL_OVERLOAD kl_f32x16 kl_canonical(kl_f32x16 x) { return kl_select(x == x, x, kl_splat(KL_NAN_F32)); }
KL_OVERLOAD kl_f64x8 kl_canonical(kl_f64x8 x) { return kl_select(x == x, x, kl_splat(KL_NAN_F64)); }

// MARK: Conversion

// Lanes 0…7 and 8…15, widened (exact).
KL_INLINE kl_f64x8 kl_widen_low(kl_f32x16 x) { return __builtin_convertvector(x.lo, kl_f64x8); }
KL_INLINE kl_f64x8 kl_widen_high(kl_f32x16 x) { return __builtin_convertvector(x.hi, kl_f64x8); }

// Two Double vectors rounded to one Float vector.
KL_INLINE kl_f32x16 kl_narrow(kl_f64x8 low, kl_f64x8 high) {
  kl_f32x8 a = __builtin_convertvector(low, kl_f32x8), b = __builtin_convertvector(high, kl_f32x8);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// MARK: Across lanes, by a fixed tree

KL_OVERLOAD float kl_largest(kl_f32x16 x) {
  kl_f32x8 a = x.lo > x.hi ? x.lo : x.hi;
  kl_f32x4 b = a.lo > a.hi ? a.lo : a.hi;
  float c = b[0] > b[2] ? b[0] : b[2], d = b[1] > b[3] ? b[1] : b[3];
  return c > d ? c : d;
}
KL_OVERLOAD double kl_largest(kl_f64x8 x) {
  kl_f64x4 a = x.lo > x.hi ? x.lo : x.hi;
  double c = a[0] > a[2] ? a[0] : a[2], d = a[1] > a[3] ? a[1] : a[3];
  return c > d ? c : d;
}
KL_INLINE double kl_sum_lanes(kl_f64x8 x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}
// Whether a mask is set in any lane.
KL_OVERLOAD bool kl_any(kl_i32x16 mask) { return __builtin_reduce_or(mask) != 0; }
KL_OVERLOAD bool kl_any(kl_i64x8 mask) { return __builtin_reduce_or(mask) != 0; }
// Number of lanes in which a mask is set.
KL_OVERLOAD int64_t kl_count(kl_i32x16 mask) { return -(int64_t)__builtin_reduce_add(mask); }
KL_OVERLOAD int64_t kl_count(kl_i64x8 mask) { return -(int64_t)__builtin_reduce_add(mask); }

// MARK: Error-free transformation

// s + e = a + b exactly, s = a + b rounded (Knuth). Holds for every order of magnitude.
KL_INLINE kl_f64x8 kl_two_sum(kl_f64x8 a, kl_f64x8 b, kl_f64x8 *e) {
  kl_f64x8 s = a + b, t = s - a;
  *e = (a - (s - t)) + (b - t);
  return s;
}

#endif
