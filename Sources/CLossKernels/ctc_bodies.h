// ctc_bodies.h: connectionist temporal classification (see include/kl_ctc.h).
//
// The labels l_0 … l_(n−1) with blanks between and around them are the states of a path; at each step it stays, goes
// on to the next state, or leaves out a blank between different labels. With x_t(c) = e^(logit − the step's maximum)
// and Z_t = Σ x_t(c), and α, β the sums over paths up to and from a state:
//
//   α_t(blank_j) = (α(blank_j) + α(label_(j−1))) x_t(0)
//   α_t(label_j) = (α(label_j) + α(blank_j) + [l_j ≠ l_(j−1)] α(label_(j−1))) x_t(l_j)
//
// the α on the right being those of step t − 1. P = (α_T(blank_n) + α_T(label_(n−1))) / Π Z_t, and the derivative of
// −ln P by a logit is x_t(c)/Z_t − Σ α_t β_t / Σ α_T over the states of class c.
//
// These sums run out of the range of a double within a few dozen steps, and states lie further apart than that range is
// wide, so that no scale fits all of them. Each number is therefore kept as m · 2^e, m in 1 ..< 2 and e an integer in
// a double of its own: exact scaling, lane by lane. All terms are positive: an addition or product costs a relative
// error of 2^-53 and nothing cancels, where logarithms would lose 2^-53 of ln P at each step, and two exponentials.
#include "ctc_states.h"

#define REAL float
#define TYPED(x) x##_f32
#define BRIEF 1
#include "ctc_body.h"
#undef REAL
#undef TYPED
#undef BRIEF

#define REAL double
#define TYPED(x) x##_f64
#define BRIEF 0
#include "ctc_body.h"
#undef REAL
#undef TYPED
#undef BRIEF
