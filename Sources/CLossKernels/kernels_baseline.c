// kernels_baseline.c: every kernel for the processor's base instruction set.
//
// See dispatch.h.
#include "kernels.h"

#define KL_ISA baseline
#define KL_BASELINE 1
#include "kernels_body.h"
