// softmax.c: softmax cross-entropy, the public function.
#include "softmax.h"

void kl_softmax_cross_entropy_run(const kl_softmax_cross_entropy *job, int64_t first, int64_t count) {
  KL_DISPATCH(kl_softmax)(job, first, count);
}
