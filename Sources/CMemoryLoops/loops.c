// loops.c: the loops for every instruction set.
//
// One body, compiled for each; the caller says which one runs.
#include "CMemoryLoops.h"

#include <string.h>

#define ML_PASTE_(a, b) ml_##a##_##b
#define ML_PASTE(a, b) ML_PASTE_(a, b)
#define ML_NAME(name) ML_PASTE(name, ML_ISA)

#define ML_ISA baseline
#define ML_LANES 4
#define ML_TARGET
#include "loops_body.h"

#if defined(__x86_64__)
#define ML_ISA avx2
#define ML_LANES 8
#define ML_TARGET __attribute__((target("avx2,fma")))
#include "loops_body.h"

#define ML_ISA avx512
#define ML_LANES 16
#define ML_TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma")))
#include "loops_body.h"
#endif

ml_isa ml_isa_named(const char *name) {
  return strcmp(name, "avx512") == 0 ? ML_AVX512 : strcmp(name, "avx2") == 0 ? ML_AVX2 : ML_BASELINE;
}

float ml_run(ml_isa isa, ml_loop loop, const float *x, const float *y, float *g, size_t n) {
#if defined(__x86_64__)
  if (isa == ML_AVX512) return ml_run_avx512(loop, x, y, g, n);
  if (isa == ML_AVX2) return ml_run_avx2(loop, x, y, g, n);
#endif
  (void)isa;
  return ml_run_baseline(loop, x, y, g, n);
}
