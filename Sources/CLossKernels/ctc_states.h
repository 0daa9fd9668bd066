// ctc_states.h: numbers m · 2^e, and the steps from states to states (see ctc_bodies.h).

// The exponent of 0: below every other, and its double still exact.
#define KL_CTC_NEVER (-0x1p60)

typedef struct {
  kl_f64x8 m, e;
} kl_wide;

KL_INLINE kl_wide kl_wide_load(const double *m, const double *e) {
  return (kl_wide){kl_load_f64x8(m), kl_load_f64x8(e)};
}

// 2^d for an integer d ≤ 0; below −1000 it does not matter which of the numbers that vanish beside 1.
KL_INLINE kl_f64x8 kl_wide_power(kl_f64x8 d) {
  return kl_power_of_two(kl_larger(d, kl_splat(-1000.0)) + KL_ROUNDER);
}

// m brought back to 1 ..< 2, from any normal number or 0.
KL_INLINE kl_wide kl_wide_normal(kl_f64x8 m, kl_f64x8 e) {
  const kl_u64x8 bits = kl_bits(m), biased = bits >> 52;
  const kl_i64x8 zero = m == 0.0;
  const kl_f64x8 exponent = kl_from_bits(biased | (uint64_t)0x4330000000000000) - (0x1p52 + 1023);
  const kl_f64x8 mantissa = kl_from_bits((bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1023 << 52);
  return (kl_wide){kl_select(zero, m, mantissa), kl_select(zero, kl_splat(KL_CTC_NEVER), e + exponent)};
}

KL_INLINE kl_wide kl_wide_sum2(kl_wide a, kl_wide b) {
  const kl_f64x8 e = kl_larger(a.e, b.e);
  return (kl_wide){a.m * kl_wide_power(a.e - e) + b.m * kl_wide_power(b.e - e), e};
}

// a + b + s c, s being 0 or 1.
KL_INLINE kl_wide kl_wide_sum3(kl_wide a, kl_wide b, kl_wide c, kl_f64x8 s) {
  const kl_f64x8 e = kl_larger(kl_larger(a.e, b.e), c.e);
  const kl_f64x8 ab = a.m * kl_wide_power(a.e - e) + b.m * kl_wide_power(b.e - e);
  return (kl_wide){ab + c.m * s * kl_wide_power(c.e - e), e};
}

KL_INLINE void kl_wide_store(double *m, double *e, kl_wide x) {
  const kl_wide y = kl_wide_normal(x.m, x.e);
  kl_store(m, y.m);
  kl_store(e, y.e);
}

// The states of step t in the arrays of all steps.
KL_INLINE kl_ctc_states kl_ctc_at(const kl_ctc_memory *at, size_t t) {
  double *base = at->states + 4 * at->width * t + 8;
  return (kl_ctc_states){base, base + at->width, base + 2 * at->width, base + 3 * at->width};
}

KL_INLINE void kl_ctc_clear(const kl_ctc_memory *at, kl_ctc_states s) {
  const kl_f64x8 zero = kl_splat(0.0), never = kl_splat(KL_CTC_NEVER);
  for (size_t i = 0; i < at->width; i += 8) {
    kl_store(s.blank + i - 8, zero), kl_store(s.blank_e + i - 8, never);
    kl_store(s.label + i - 8, zero), kl_store(s.label_e + i - 8, never);
  }
}

// The factors of a step, by label.
KL_INLINE void kl_ctc_emissions(const kl_ctc_memory *at, const int64_t *labels, size_t count) {
  for (size_t j = 0; j < count; j++) {
    at->emission[j] = at->row[labels[j]];
    at->emission_e[j] = at->row_e[labels[j]];
  }
}

// α of a step from that of the step before.
KL_INLINE void kl_ctc_forward(const kl_ctc_memory *at, kl_ctc_states from, kl_ctc_states to) {
  const kl_f64x8 x = kl_splat(at->row[0]), x_e = kl_splat(at->row_e[0]);
  for (size_t j = 0; j + 16 < at->width; j += 8) {
    const kl_wide blank = kl_wide_load(from.blank + j, from.blank_e + j);
    const kl_wide label = kl_wide_load(from.label + j, from.label_e + j);
    const kl_wide before = kl_wide_load(from.label + j - 1, from.label_e + j - 1);
    const kl_wide b = kl_wide_sum2(blank, before);
    const kl_wide l = kl_wide_sum3(label, blank, before, kl_load_f64x8(at->skip + j));
    kl_wide_store(to.blank + j, to.blank_e + j, (kl_wide){b.m * x, b.e + x_e});
    const kl_wide f = kl_wide_load(at->emission + j, at->emission_e + j);
    kl_wide_store(to.label + j, to.label_e + j, (kl_wide){l.m * f.m, l.e + f.e});
  }
}

// β of a step from that of the step after, whose factors are the current ones. `from` becomes β times these.
KL_INLINE void kl_ctc_backward(const kl_ctc_memory *at, kl_ctc_states from, kl_ctc_states to) {
  const kl_f64x8 x = kl_splat(at->row[0]), x_e = kl_splat(at->row_e[0]);
  for (size_t j = 0; j + 16 < at->width; j += 8) {
    const kl_wide blank = kl_wide_load(from.blank + j, from.blank_e + j);
    const kl_wide label = kl_wide_load(from.label + j, from.label_e + j);
    const kl_wide f = kl_wide_load(at->emission + j, at->emission_e + j);
    kl_store(from.blank + j, blank.m * x), kl_store(from.blank_e + j, blank.e + x_e);
    kl_store(from.label + j, label.m * f.m), kl_store(from.label_e + j, label.e + f.e);
  }
  for (size_t j = 0; j + 16 < at->width; j += 8) {
    const kl_wide blank = kl_wide_load(from.blank + j, from.blank_e + j);
    const kl_wide label = kl_wide_load(from.label + j, from.label_e + j);
    const kl_wide next_blank = kl_wide_load(from.blank + j + 1, from.blank_e + j + 1);
    const kl_wide next_label = kl_wide_load(from.label + j + 1, from.label_e + j + 1);
    kl_wide_store(to.blank + j, to.blank_e + j, kl_wide_sum2(blank, label));
    const kl_wide l = kl_wide_sum3(label, next_blank, next_label, kl_load_f64x8(at->skip + j + 1));
    kl_wide_store(to.label + j, to.label_e + j, l);
  }
}

// A sum over paths, m · 2^e.
typedef struct {
  double m, e;
} kl_ctc_total;

// The paths that end as they should.
KL_INLINE kl_ctc_total kl_ctc_end(kl_ctc_states s, size_t count) {
  const double b = s.blank[count], b_e = s.blank_e[count];
  if (count == 0) return (kl_ctc_total){b, b_e};
  const double l = s.label[count - 1], l_e = s.label_e[count - 1], e = b_e > l_e ? b_e : l_e;
  const kl_f64x8 d = {b_e - e, l_e - e}, power = kl_wide_power(d);
  return (kl_ctc_total){b * power[0] + l * power[1], e};
}

// α β over the sum of all paths, for states of one kind: the probabilities that the path is in each.
KL_INLINE kl_f64x8 kl_ctc_share(kl_wide a, kl_wide b, kl_ctc_total all) {
  // The exponent is at most 2: the share is at most 1, and three mantissas below 2.
  return a.m * b.m / all.m * kl_wide_power(a.e + b.e - all.e - 4.0) * 16.0;
}

// How probable each class is at a step.
KL_INLINE void kl_ctc_occupy(const kl_ctc_memory *at, kl_ctc_states a, kl_ctc_states b, kl_ctc_total all,
                             const int64_t *labels, size_t count, size_t classes) {
  for (size_t c = 0; c < classes; c += 8) kl_store(at->occupancy + c, kl_splat(0.0));
  kl_f64x8 blanks = kl_splat(0.0);
  for (size_t j = 0; j + 16 < at->width; j += 8) {
    const kl_wide blank = kl_wide_load(a.blank + j, a.blank_e + j), label = kl_wide_load(a.label + j, a.label_e + j);
    blanks += kl_ctc_share(blank, kl_wide_load(b.blank + j, b.blank_e + j), all);
    const kl_f64x8 share = kl_ctc_share(label, kl_wide_load(b.label + j, b.label_e + j), all);
    double shares[8];
    kl_store(shares, share);
    for (size_t k = j; k < count && k < j + 8; k++) at->occupancy[labels[k]] += shares[k - j];
  }
  at->occupancy[0] += kl_sum_lanes(blanks);
}
