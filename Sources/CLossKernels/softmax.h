// softmax.h: softmax cross-entropy, per instruction set.
#ifndef KL_SOFTMAX_H
#define KL_SOFTMAX_H

#include "CLossKernels.h"
#include "dispatch.h"

#define KL_DECLARE(isa) void kl_softmax_##isa(const kl_softmax_cross_entropy *, int64_t first, int64_t count);
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE

#endif
