// kernels_avx2.c: every kernel for AVX2 and FMA3.
//
// See dispatch.h.
#include "kernels.h"

#if KL_X86
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KL_ISA avx2
#include "kernels_body.h"
#pragma clang attribute pop
#endif
