// CLossKernels.h: the C kernels of KerasLosses.
//
// Fused row kernels. Every function gives the same bits on every instruction set, for every alignment (that
// of the element is enough), for every split of the samples over calls and threads; none of them allocates,
// keeps state or uses more than 160 KiB of stack.
#ifndef C_LOSS_KERNELS_H
#define C_LOSS_KERNELS_H

#include <stdint.h>

#include "kl_blocks.h"
#include "kl_circle.h"
#include "kl_columns.h"
#include "kl_ctc.h"
#include "kl_exact.h"
#include "kl_focal.h"
#include "kl_matrix.h"
#include "kl_memory.h"
#include "kl_rows.h"
#include "kl_weighted.h"

#ifdef __cplusplus
extern "C" {
#endif

// "avx512", "avx2" or "baseline": what the kernels run on. KERAS_LOSSES_ISA in the environment, read at
// the first call, can ask for less than the processor has, not for more.
const char *kl_active_isa(void);

// A softmax cross-entropy. Logits are a tensor [outer, classes, inner]; sample k = o·inner + i has the logits at
// (o·classes + c)·inner + i. Arrays of samples (class_ids, keep, scale, losses) are indexed by k.
//
//   p = softmax(x),   y′ = y·(1 − smoothing) + smoothing/classes
//   loss = −Σ y′ log p,   gradient = scale·(p·Σy′ − y′)
//
// * labels: dense, of any type, laid out as the logits; converted to the logits' type (Float for F16).
//   Or NULL, and class_ids then says which class has y = 1; ids of kept samples must be in 0 ..< classes.
// * keep: NULL, or 0 for samples to skip: logits, labels and id have no influence, loss and gradient are +0.
// * scale: factor of each sample's gradient; needed with gradient.
// * losses, gradient: of the logits' type; gradient is a whole tensor laid out as the logits, of which only
//   the samples of a call are written, or NULL. It must not overlap anything else.
//
// A logit −inf contributes nothing where y′ is 0; where it is not, the loss is ±inf and the gradient finite.
// A +inf logit, all logits −inf, or NaN anywhere in a sample: its loss and gradient are the canonical NaN.
// Labels may be negative and need not sum to 1. No classes: loss 0.
typedef struct {
  kl_type type; // of the logits: KL_F32, KL_F64, KL_F16
  kl_type label_type;
  const void *logits;
  const void *labels;
  const int64_t *class_ids;
  int64_t classes;
  int64_t inner;
  double smoothing;
  const uint8_t *keep;
  const double *scale;
  void *losses;
  void *gradient;
} kl_softmax_cross_entropy;

// Computes samples first ..< first + count. Calls for different samples may run at the same time.
void kl_softmax_cross_entropy_run(const kl_softmax_cross_entropy *job, int64_t first, int64_t count);

#ifdef __cplusplus
}
#endif
#endif
