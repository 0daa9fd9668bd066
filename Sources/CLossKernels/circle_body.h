// circle_body.h: the pairs of a square of the circle loss (see include/kl_circle.h).
//
// Eight columns at a time. A row's sums are made in eight lanes and then by a fixed tree, a column's in the order of
// the rows. Lanes that hold no pair, those beyond the last column and a row with itself, are taken out by a mask;
// most squares have none and go through a copy of the loop without it.

typedef struct {
  kl_f64x8 v;
  kl_f64x8 derivative; // dv/dp
  kl_i64x8 same;       // the labels are equal
} kl_circle_pair;

// p >= 1 is distance 0, and flat; so is a weight of 0. NaN stays.
KL_INLINE kl_circle_pair kl_circle_look(const kl_circle *loss, kl_f64x8 p, kl_i64x8 same) {
  const kl_f64x8 zero = kl_splat(0.0), one = kl_splat(1.0), gamma = kl_splat(loss->gamma);
  const kl_i64x8 near = p >= one;
  const kl_f64x8 s = kl_select(near, one, p), u = kl_select(same, one - s, s), weight = u + loss->margin;
  const kl_i64x8 flat = weight <= zero;
  const kl_f64x8 slope = kl_select(same, -2.0 * gamma, 2.0 * gamma);
  kl_circle_pair pair;
  pair.v = kl_select(flat, zero, gamma * weight * (u - loss->margin));
  pair.derivative = kl_select(flat | near, zero, slope * u);
  pair.same = same;
  return pair;
}

KL_INLINE kl_f64x8 kl_circle_exp(kl_f64x8 x, const int peaked, const int brief) {
  if (!brief) return kl_exp_full(x, kl_splat(0.0));
  return kl_exp_short(peaked ? kl_select(x < KL_EXP_MIN_F64, kl_splat(KL_EXP_MIN_F64), x) : x);
}

// e^(v - peak), with the peaks of both kinds.
KL_INLINE kl_f64x8 kl_circle_power(kl_circle_pair pair, kl_f64x8 same_peak, kl_f64x8 other_peak, const int peaked,
                                   const int brief) {
  return kl_circle_exp(peaked ? pair.v - kl_select(pair.same, same_peak, other_peak) : pair.v, peaked, brief);
}

// The lanes of columns j … j + 7 that are no pair with row i; `self` is that row's own column, or -1.
KL_INLINE kl_i64x8 kl_circle_none(size_t j, size_t count, int64_t self) {
  const kl_i64x8 index = (kl_i64x8){0, 1, 2, 3, 4, 5, 6, 7} + (int64_t)j;
  return (index >= (int64_t)count) | (index == self);
}

KL_INLINE kl_circle_pair kl_circle_at(const kl_circle *loss, const double *products, const kl_circle_side *columns,
                                      int64_t label, size_t i, size_t j) {
  return kl_circle_look(loss, kl_load_f64x8(products + i * KL_SQUARE + j), kl_load_i64x8(columns->labels + j) == label);
}

// A peak that is -inf is that of no pairs: nothing is looked at less it.
KL_INLINE kl_f64x8 kl_circle_finite(kl_f64x8 peak) { return kl_select(peak == -KL_INF_F64, kl_splat(0.0), peak); }

// MARK: Peaks

void KL_NAME(kl_circle_peaks)(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                              const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                              kl_circle_result columns_to) {
  const kl_f64x8 least = kl_splat(-KL_INF_F64);
  kl_f64x8 largest[2][KL_SQUARE / 8];
  for (size_t j = 0; j < KL_SQUARE / 8; j++) largest[0][j] = largest[1][j] = least;
  for (size_t i = 0; i < rows->count; i++) {
    kl_f64x8 own[2] = {least, least};
    for (size_t j = 0; j < columns->count; j += 8) {
      const kl_circle_pair pair = kl_circle_at(loss, products, columns, rows->labels[i], i, j);
      const kl_i64x8 none = kl_circle_none(j, columns->count, diagonal && skips ? (int64_t)i : -1);
      const kl_f64x8 v = kl_select(none, least, pair.v);
      const kl_f64x8 same = kl_select(pair.same, v, least), other = kl_select(pair.same, least, v);
      own[0] = kl_larger(same, own[0]), own[1] = kl_larger(other, own[1]);
      largest[0][j / 8] = kl_larger(same, largest[0][j / 8]), largest[1][j / 8] = kl_larger(other, largest[1][j / 8]);
    }
    for (int kind = 0; kind < 2; kind++) rows_to.kinds[kind][i] = kl_largest(own[kind]);
  }
  if (diagonal) return;
  for (int kind = 0; kind < 2; kind++)
    for (size_t j = 0; j < KL_SQUARE / 8; j++) kl_store(columns_to.kinds[kind] + 8 * j, largest[kind][j]);
}

// MARK: Sums

KL_INLINE void kl_circle_sums_of(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                                 const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                                 kl_circle_result columns_to, const int masked, const int peaked, const int brief) {
  const kl_f64x8 zero = kl_splat(0.0);
  kl_f64x8 sums[2][KL_SQUARE / 8];
  for (size_t j = 0; j < KL_SQUARE / 8; j++) sums[0][j] = sums[1][j] = zero;
  for (size_t i = 0; i < rows->count; i++) {
    kl_f64x8 own[2] = {zero, zero}, peaks[2] = {zero, zero};
    for (int kind = 0; peaked && kind < 2; kind++) peaks[kind] = kl_circle_finite(kl_splat(rows->peaks[kind][i]));
    for (size_t j = 0; j < columns->count; j += 8) {
      const kl_circle_pair pair = kl_circle_at(loss, products, columns, rows->labels[i], i, j);
      kl_i64x8 same = pair.same, other = ~pair.same;
      if (masked) {
        const kl_i64x8 none = kl_circle_none(j, columns->count, diagonal && skips ? (int64_t)i : -1);
        same &= ~none, other &= ~none;
      }
      kl_f64x8 e = kl_circle_power(pair, peaks[0], peaks[1], peaked, brief);
      own[0] += kl_select(same, e, zero), own[1] += kl_select(other, e, zero);
      if (peaked && !diagonal)
        e = kl_circle_power(pair, kl_circle_finite(kl_load_f64x8(columns->peaks[0] + j)),
                            kl_circle_finite(kl_load_f64x8(columns->peaks[1] + j)), peaked, brief);
      sums[0][j / 8] += kl_select(same, e, zero), sums[1][j / 8] += kl_select(other, e, zero);
    }
    for (int kind = 0; kind < 2; kind++) rows_to.kinds[kind][i] = kl_sum_lanes(own[kind]);
  }
  if (diagonal) return;
  for (int kind = 0; kind < 2; kind++)
    for (size_t j = 0; j < KL_SQUARE / 8; j++) kl_store(columns_to.kinds[kind] + 8 * j, sums[kind][j]);
}

void KL_NAME(kl_circle_sums)(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                             const kl_circle_side *columns, int diagonal, int skips, kl_circle_result rows_to,
                             kl_circle_result columns_to) {
#define KL_SUMS(masked, peaked, brief) \
  kl_circle_sums_of(loss, products, rows, columns, diagonal, skips, rows_to, columns_to, masked, peaked, brief)
  if (loss->peaked)
    loss->brief ? KL_SUMS(1, 1, 1) : KL_SUMS(1, 1, 0);
  else if (diagonal || columns->count < KL_SQUARE)
    loss->brief ? KL_SUMS(1, 0, 1) : KL_SUMS(1, 0, 0);
  else
    loss->brief ? KL_SUMS(0, 0, 1) : KL_SUMS(0, 0, 0);
#undef KL_SUMS
}

// MARK: Coefficients

KL_INLINE void kl_circle_coefficients_of(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                                         const kl_circle_side *columns, int diagonal, int skips, double *out,
                                         const int masked, const int peaked, const int brief) {
  const kl_f64x8 zero = kl_splat(0.0);
  for (size_t i = 0; i < rows->count; i++) {
    kl_f64x8 peaks[2] = {zero, zero};
    for (int kind = 0; peaked && kind < 2; kind++) peaks[kind] = kl_circle_finite(kl_splat(rows->peaks[kind][i]));
    const kl_f64x8 inverses[2] = {kl_splat(rows->inverses[0][i]), kl_splat(rows->inverses[1][i])};
    for (size_t j = 0; j < columns->count; j += 8) {
      const kl_circle_pair pair = kl_circle_at(loss, products, columns, rows->labels[i], i, j);
      const kl_f64x8 e = kl_circle_power(pair, peaks[0], peaks[1], peaked, brief);
      kl_f64x8 other_e = e;
      if (peaked)
        other_e = kl_circle_power(pair, kl_circle_finite(kl_load_f64x8(columns->peaks[0] + j)),
                                  kl_circle_finite(kl_load_f64x8(columns->peaks[1] + j)), peaked, brief);
      const kl_f64x8 inverse = kl_select(pair.same, inverses[0], inverses[1]);
      const kl_f64x8 other_inverse = kl_select(pair.same, kl_load_f64x8(columns->inverses[0] + j),
                                               kl_load_f64x8(columns->inverses[1] + j));
      // The factors come last: shares lie in 0 … 1, whatever the sums are.
      const kl_f64x8 share = (e * inverse) * rows->factors[i];
      const kl_f64x8 other_share = (other_e * other_inverse) * kl_load_f64x8(columns->factors + j);
      kl_f64x8 c = pair.derivative * (share + other_share);
      if (masked) c = kl_select(kl_circle_none(j, columns->count, diagonal && skips ? (int64_t)i : -1), zero, c);
      kl_store(out + i * KL_SQUARE + j, c);
    }
  }
}

void KL_NAME(kl_circle_coefficients)(const kl_circle *loss, const double *products, const kl_circle_side *rows,
                                     const kl_circle_side *columns, int diagonal, int skips, double *out) {
#define KL_COEFFICIENTS(masked, peaked, brief) \
  kl_circle_coefficients_of(loss, products, rows, columns, diagonal, skips, out, masked, peaked, brief)
  if (loss->peaked)
    loss->brief ? KL_COEFFICIENTS(1, 1, 1) : KL_COEFFICIENTS(1, 1, 0);
  else if (diagonal || columns->count < KL_SQUARE)
    loss->brief ? KL_COEFFICIENTS(1, 0, 1) : KL_COEFFICIENTS(1, 0, 0);
  else
    loss->brief ? KL_COEFFICIENTS(0, 0, 1) : KL_COEFFICIENTS(0, 0, 0);
#undef KL_COEFFICIENTS
}
