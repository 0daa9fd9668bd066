// dispatch.h: one body, several instruction sets.
//
// Each kernel has one body, which is compiled once per instruction set. A family of kernels is
//
//   family.h       declares, for each instruction set, a function with the same signature:
//                    #define KL_DECLARE(isa) void kl_thing_##isa(const float *x, size_t n);
//                    KL_FOR_EACH_ISA(KL_DECLARE)
//   family_body.h  defines it, as KL_NAME(kl_thing); included by kernels_baseline.c, kernels_avx2.c and
//                  kernels_avx512.c inside their target regions, with vectors.h and exp_log.h
//   family.c       the public function: KL_DISPATCH(kl_thing)(x, n);
//
// The choice is made once: by what the processor has and the operating system saves, or less if
// KERAS_LOSSES_ISA in the environment says so.
#ifndef KL_DISPATCH_H
#define KL_DISPATCH_H

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#define KL_X86 1
#define KL_FOR_EACH_ISA(M) M(baseline) M(avx2) M(avx512)
#define KL_DISPATCH(name)                                                                          \
  (kl_isa() == KL_ISA_AVX512 ? name##_avx512 : kl_isa() == KL_ISA_AVX2 ? name##_avx2 : name##_baseline)
// For kernels that do little else than widen floats: see kl_widening_isa.
#define KL_DISPATCH_WIDENING(name) \
  (kl_widening_isa() == KL_ISA_AVX2 ? name##_avx2 : KL_DISPATCH(name))
#else
#define KL_X86 0
#define KL_FOR_EACH_ISA(M) M(baseline)
#define KL_DISPATCH(name) (name##_baseline)
#define KL_DISPATCH_WIDENING(name) KL_DISPATCH(name)
#endif

// KL_NAME(f) is f_baseline, f_avx2 or f_avx512; KL_ISA is set by the file that includes a body.
#define KL_PASTE_(a, b) a##_##b
#define KL_PASTE(a, b) KL_PASTE_(a, b)
#define KL_NAME(name) KL_PASTE(name, KL_ISA)

enum { KL_ISA_BASELINE = 1, KL_ISA_AVX2 = 2, KL_ISA_AVX512 = 3 };

// The instruction set in use. Decided by the first call; any thread may make it.
int kl_isa(void);

// AVX2 instead of AVX-512, unless that was asked for, on a processor that takes 512 bits in two halves (AMD's Zen 4):
// eight floats become doubles in 1.35 cycles there, and twice four of them in 1.1.
int kl_widening_isa(void);

#endif
