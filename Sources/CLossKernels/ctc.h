// ctc.h: connectionist temporal classification, one function per instruction set (internal; see dispatch.h and
// include/kl_ctc.h).
#ifndef KL_CTC_INTERNAL_H
#define KL_CTC_INTERNAL_H

#include "dispatch.h"
#include "include/kl_ctc.h"

#define KL_DECLARE_TYPE(real, type, isa)                                                                          \
  double kl_ctc_##type##_##isa(const real *logits, size_t steps, size_t classes, const int64_t *labels,           \
                               size_t count, double scale, real *gradient, double *scratch);
#define KL_DECLARE(isa) KL_DECLARE_TYPE(float, f32, isa) KL_DECLARE_TYPE(double, f64, isa)
KL_FOR_EACH_ISA(KL_DECLARE)
#undef KL_DECLARE
#undef KL_DECLARE_TYPE

// The states of one step: blanks 0 … count and labels 0 … count − 1, each as a number m · 2^e; m is 0 or in 1 ..< 2,
// and e an integer. Before and after the numbers there are eight zeros.
typedef struct {
  double *blank, *blank_e, *label, *label_e;
} kl_ctc_states;

// The width of an array of `n` numbers with the zeros around it, in whole vectors of eight.
static inline size_t kl_ctc_width(size_t n) { return (n + 7) / 8 * 8 + 16; }

// The number of doubles that lie before the states.
static inline size_t kl_ctc_before_states(size_t steps, size_t classes, size_t labels) {
  return 3 * kl_ctc_width(classes) + 3 * kl_ctc_width(labels + 1) + kl_ctc_width(steps);
}

// Where the arrays of a sample begin.
typedef struct {
  size_t width;          // of an array of states
  double *row, *row_e;   // e^(x − max x) of a step, by class, as m · 2^e
  double *occupancy;     // how probable it is that the path has a class at a step, by class
  double *emission, *emission_e, *skip; // by label
  double *states;        // of two steps, or of all and two more
  double *sums;          // Σ e^(x − max x), by step
} kl_ctc_memory;

static inline kl_ctc_memory kl_ctc_arrange(size_t steps, size_t classes, size_t labels, double *scratch) {
  const size_t width = kl_ctc_width(labels + 1), row = kl_ctc_width(classes);
  kl_ctc_memory at = {.width = width, .row = scratch};
  at.row_e = at.row + row;
  at.occupancy = at.row_e + row;
  at.emission = at.occupancy + row;
  at.emission_e = at.emission + width;
  at.skip = at.emission_e + width;
  at.sums = at.skip + width;
  at.states = scratch + kl_ctc_before_states(steps, classes, labels);
  return at;
}

#endif
