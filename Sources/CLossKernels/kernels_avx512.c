// kernels_avx512.c: every kernel for AVX-512 F, DQ, BW and VL.
//
// See dispatch.h.
#include "kernels.h"

#if KL_X86
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma"))), apply_to = function)
#define KL_ISA avx512
#define KL_WIDE 1 /* 32 registers of 16 lanes */
#include "kernels_body.h"
#pragma clang attribute pop
#endif
