// dispatch.c: which instruction set to run.
//
// CPUID says what the processor has, XGETBV which registers the operating system saves; both are needed.
// The answer is one word, stored with a relaxed atomic: threads that ask at the same time find the same.
#include "dispatch.h"
#include "CLossKernels.h"

#include <stdlib.h>
#include <string.h>

#if KL_X86
#include <cpuid.h>

__attribute__((target("xsave"))) static unsigned saved_registers(void) {
  return (unsigned)__builtin_ia32_xgetbv(0);
}

static int best_isa(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return KL_ISA_BASELINE;
  const unsigned fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28;
  if ((c & (fma | osxsave | avx)) != (fma | osxsave | avx)) return KL_ISA_BASELINE;
  const unsigned saved = saved_registers(), ymm = 0x06, zmm = 0xe6; // SSE, AVX; opmask, both zmm parts
  if ((saved & ymm) != ymm || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return KL_ISA_BASELINE;
  const unsigned avx2 = 1u << 5, avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; // F, DQ, BW, VL
  if (!(b & avx2)) return KL_ISA_BASELINE;
  return (b & avx512) == avx512 && (saved & zmm) == zmm ? KL_ISA_AVX512 : KL_ISA_AVX2;
}

// AMD's family 0x19; AuthenticAMD in the registers b, d, c.
static int takes_halves(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(0, &a, &b, &c, &d) || b != 0x68747541 || d != 0x69746e65 || c != 0x444d4163) return 0;
  __get_cpuid(1, &a, &b, &c, &d);
  return (a >> 8 & 0xf) == 0xf && (a >> 20 & 0xff) == 0x19 - 0xf;
}
#else
static int best_isa(void) { return KL_ISA_BASELINE; }
static int takes_halves(void) { return 0; }
#endif

static int choose_isa(void) {
  const int best = best_isa();
  const char *wish = getenv("KERAS_LOSSES_ISA");
  if (!wish) return best;
  int isa = strcmp(wish, "baseline") == 0 ? KL_ISA_BASELINE : strcmp(wish, "avx2") == 0 ? KL_ISA_AVX2 : best;
  return isa < best ? isa : best;
}

static int choose_widening_isa(void) {
  const int isa = kl_isa();
  return isa == KL_ISA_AVX512 && !getenv("KERAS_LOSSES_ISA") && takes_halves() ? KL_ISA_AVX2 : isa;
}

// What `choose` says the first time; `chosen` is 0 before that.
static int once(int *chosen, int (*choose)(void)) {
  int isa = __atomic_load_n(chosen, __ATOMIC_RELAXED);
  if (__builtin_expect(isa == 0, 0)) {
    isa = choose();
    __atomic_store_n(chosen, isa, __ATOMIC_RELAXED);
  }
  return isa;
}

int kl_isa(void) {
  static int chosen;
  return once(&chosen, choose_isa);
}

int kl_widening_isa(void) {
  static int chosen;
  return once(&chosen, choose_widening_isa);
}

const char *kl_active_isa(void) {
  const int isa = kl_isa();
  return isa == KL_ISA_AVX512 ? "avx512" : isa == KL_ISA_AVX2 ? "avx2" : "baseline";
}
