// compensated.h: the sum of blocks, in order, with the rounding errors carried along, as Swift's CompensatedSum:
// whether the blocks of a row come in one call or each in its own does not change a bit.
#ifndef KL_COMPENSATED_H
#define KL_COMPENSATED_H

typedef struct {
  double high, low;
} kl_compensated;

// Neumaier, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen, 1974.
static inline void kl_add(kl_compensated *sum, double term) {
  const double high = sum->high + term;
  const int larger = __builtin_fabs(sum->high) >= __builtin_fabs(term);
  sum->low += larger ? (sum->high - high) + term : (term - high) + sum->high;
  sum->high = high;
}

static inline double kl_total(kl_compensated sum) {
  return __builtin_fabs(sum.high) < __builtin_inf() ? sum.high + sum.low : sum.high;
}

// The length of the block that begins at `i`, of n numbers.
#define KL_BLOCK_AT(i, n) ((n) - (i) < KL_SUM_BLOCK ? (n) - (i) : KL_SUM_BLOCK)

#endif
