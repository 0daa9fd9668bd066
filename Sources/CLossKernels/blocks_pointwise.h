// blocks_pointwise.h: the element-wise losses, one formula each, on eight labels and predictions as doubles.
//
// Floats are widened, so that a loss of theirs is rounded once and their differences and products are exact; their
// functions and quotients are brief (blocks_math.h). `brief` and `loss` are constants wherever this is called.
// A NaN goes through every formula; the caller makes it the canonical one.
#ifndef KL_BLOCKS_POINTWISE_H
#define KL_BLOCKS_POINTWISE_H

#define KL_EPSILON 1e-7

// The signature of a formula.
#define FORMULA(name)                                                                                          \
  KL_INLINE kl_f64x8 name(kl_f64x8 y, kl_f64x8 p, const kl_parameters *at __attribute__((unused)),             \
                          kl_f64x8 *derivative, const int brief __attribute__((unused)))

// 1 where x > 0, -1 below, 0 at 0; NaN stays.
KL_INLINE kl_f64x8 kl_sign(kl_f64x8 x) {
  return kl_select(x == 0.0, kl_splat(0.0), kl_select(x == x, kl_with_sign(kl_splat(1.0), x), x));
}

// e^2
FORMULA(kl_squared_error) {
  const kl_f64x8 e = p - y;
  *derivative = e + e;
  return e * e;
}

// |e|
FORMULA(kl_absolute_error) {
  const kl_f64x8 e = p - y;
  *derivative = kl_sign(e);
  return kl_abs(e);
}

// With m = min(|e|, delta) both branches are m (|e| - m/2).
FORMULA(kl_huber) {
  const kl_f64x8 e = p - y, a = kl_abs(e), m = kl_select(a > at->delta, kl_splat(at->delta), a);
  *derivative = kl_with_sign(m, e);
  return m * (a - 0.5 * m);
}

// A label that enters as slope * y + offset.
KL_INLINE kl_f64x8 kl_label(kl_f64x8 y, const kl_parameters *at) {
  return kl_fma(y, kl_splat(at->slope), kl_splat(at->offset));
}

// A label that is -1 or 1.
KL_INLINE kl_f64x8 kl_side(kl_f64x8 y, const kl_parameters *at) {
  const kl_f64x8 one = kl_splat(1.0);
  return at->bits ? kl_select(y == one, one, kl_select(y == 0.0, -one, kl_splat(KL_NAN_F64))) : kl_label(y, at);
}

// max(0, m), m = 1 - y p; labels are -1 or 1. The derivative at m = 0 is 0.
FORMULA(kl_hinge) {
  const kl_f64x8 t = kl_side(y, at), m = kl_fma(-t, p, kl_splat(1.0)), zero = kl_splat(0.0);
  *derivative = kl_select(m <= 0.0, zero, kl_select(m == m, -t, m));
  return kl_select(m <= 0.0, zero, m);
}

// Its square.
FORMULA(kl_squared_hinge) {
  const kl_f64x8 h = kl_hinge(y, p, at, derivative, brief);
  *derivative *= h + h;
  return h * h;
}

// 100 |e| / max(|y|, epsilon)
FORMULA(kl_percentage_error) {
  const kl_f64x8 e = p - y, size = kl_abs(y), least = kl_splat(KL_EPSILON);
  const kl_f64x8 slope = kl_quotient(kl_splat(100.0), kl_select(size < least, least, size), brief);
  *derivative = kl_sign(e) * slope;
  return kl_abs(e) * slope;
}

// log(a/b), d = a - b: of doubles sign d log1p(|d| / min(a, b)), which is well conditioned, the argument being
// positive.
KL_INLINE kl_f64x8 kl_log_ratio(kl_f64x8 a, kl_f64x8 b, kl_f64x8 d, const int brief) {
  if (brief) return kl_log_ratio_brief(a, b, d);
  return kl_with_sign(kl_log1p_any(kl_abs(d) / kl_select(a < b, a, b), 0), d);
}

// (log(1 + max(p, epsilon)) - log(1 + max(y, epsilon)))^2; the derivative is 0 below epsilon.
FORMULA(kl_logarithmic_error) {
  const kl_f64x8 least = kl_splat(KL_EPSILON), a = kl_select(p < least, least, p), b = kl_select(y < least, least, y);
  const kl_f64x8 l = kl_log_ratio(1.0 + a, 1.0 + b, a - b, brief);
  *derivative = kl_select(p < least, kl_splat(0.0), kl_quotient(l + l, 1.0 + a, brief));
  return l * l;
}

// log cosh e. With v = e^(2|e|) - 1:  cosh^2 e = (v + 2)^2 / (4 (v + 1)), whose numerator and denominator differ by
// v^2, and tanh |e| = v/(v + 2); everything is positive, so that nothing cancels near 0. From 20 on |e| - log 2 is as
// good as exact.
FORMULA(kl_log_cosh) {
  const kl_f64x8 e = p - y, a = kl_abs(e), b = kl_select(a > 20.0, kl_splat(20.0), a);
  const kl_f64x8 v = kl_expm1_any(b + b, brief), w = v + 2.0;
  const kl_f64x8 near = 0.5 * kl_log_ratio(w * w, 4.0 + 4.0 * v, v * v, brief);
  *derivative = kl_with_sign(kl_quotient(v, w, brief), e);
  return kl_select(a > 20.0, a - KL_LN2, near);
}

// y log(y/p), both clipped to [epsilon, 1]; the derivative through a clipped p is 0.
FORMULA(kl_divergence) {
  const kl_f64x8 t = kl_clamp(y, KL_EPSILON, 1), q = kl_clamp(p, KL_EPSILON, 1);
  *derivative = kl_select((p < KL_EPSILON) | (p > 1.0), kl_splat(0.0), kl_quotient(-t, q, brief));
  return t * kl_log_ratio(t, q, t - q, brief);
}

// p - y log(p + epsilon), with what p + epsilon loses of doubles (it matters next to 1). The derivative
// 1 - y/(p + epsilon) as one quotient.
FORMULA(kl_poisson) {
  kl_f64x8 low, q = kl_two_sum(p, kl_splat(KL_EPSILON), &low), l;
  if (brief) {
    l = kl_select(q > 0.0, kl_log_ratio_brief(q, kl_splat(1.0), q - 1.0), kl_splat(KL_NAN_F64)); // no float makes q 0
  } else {
    l = kl_log(q);
    l = kl_select(q > 0.0, l + low / q, l);
  }
  *derivative = kl_quotient((p - y) + KL_EPSILON, q, brief);
  return p - y * l;
}

// -y log q - (1 - y) log(1 - q), q = p clipped to [epsilon, 1 - epsilon]. Both logarithms are taken of the
// smaller of q and 1 - q, which is exact, one as log and one as log1p. The derivative (1 - y)/(1 - p) - y/p as one
// quotient, 0 through a clipped p.
FORMULA(kl_bernoulli) {
  const kl_f64x8 t = kl_label(y, at), q = kl_clamp(p, KL_EPSILON, 1 - KL_EPSILON);
  const kl_i64x8 upper = p > 0.5, beyond = p > 1 - KL_EPSILON;
  const kl_f64x8 n = kl_select(beyond, kl_splat(KL_EPSILON), kl_select(upper, 1.0 - q, q));
  const kl_f64x8 one = kl_splat(1.0);
  const kl_f64x8 near = brief ? kl_log_ratio_brief(n, one, n - one) : kl_log(n);
  const kl_f64x8 far = brief ? kl_log_ratio_brief(one - n, one, -n) : kl_log1p(-n);
  *derivative = kl_select((p < KL_EPSILON) | beyond, kl_splat(0.0), kl_quotient(p - t, q * (1.0 - q), brief));
  const kl_f64x8 loss = -t * kl_select(upper, far, near) - (1.0 - t) * kl_select(upper, near, far);
  return kl_select(p == p, loss, p); // the logarithms are of numbers
}

// m^gamma and its derivative, for m >= 0. The powers out of line: they are long, and seldom asked for.
static __attribute__((noinline, unused)) void KL_NAME(kl_focus_power)(kl_f64x8 *m, kl_f64x8 *derivative, double gamma,
                                                                      int brief) {
  *derivative = gamma * kl_pow_any(*m, kl_splat(gamma - 1), 0);
  *m = brief ? kl_pow_any(*m, kl_splat(gamma), 1) : kl_pow_any(*m, kl_splat(gamma), 0);
}

KL_INLINE kl_f64x8 kl_focus(kl_f64x8 m, double gamma, kl_f64x8 *derivative, const int brief) {
  if (gamma == 2) {
    *derivative = m + m;
    return m * m;
  }
  if (gamma == 0) {
    *derivative = kl_splat(0.0);
    return kl_splat(1.0);
  }
  kl_f64x8 power = m, slope; // only these are in memory
  KL_NAME(kl_focus_power)(&power, &slope, gamma, brief);
  *derivative = slope;
  return power;
}

KL_INLINE kl_f64x8 kl_class_weight(kl_f64x8 t, const kl_parameters *at) {
  return kl_fma(t, kl_splat(at->weight_1 - at->weight_0), kl_splat(at->weight_0));
}

// w m^gamma B: B as above, m = y (1 - p) + (1 - y) p the probability of what is not so, and a weight w by label.
FORMULA(kl_focal) {
  kl_f64x8 db, df;
  const kl_f64x8 t = kl_label(y, at), weight = kl_class_weight(t, at), b = kl_bernoulli(y, p, at, &db, brief);
  const kl_f64x8 m = t * (1.0 - p) + (1.0 - t) * p, f = kl_focus(m, at->gamma, &df, brief);
  *derivative = weight * (df * (1.0 - 2.0 * t) * b + f * db);
  return weight * f * b;
}

// The same of a logit x, p = sigma(x): B = y softplus(-x) + (1 - y) softplus(x), not clipped. With z = e^-|x|:
// softplus(+-x) = max(+-x, 0) + log1p(z), and sigma(+-x) are z/(1 + z) and 1/(1 + z). An infinite logit counts as the
// largest number, so that 0 times it is 0.
FORMULA(kl_focal_logits) {
  const kl_f64x8 zero = kl_splat(0.0), most = kl_splat(0x1.fffffffffffffp1023);
  const kl_f64x8 t = kl_label(y, at), other = 1.0 - t, weight = kl_class_weight(t, at);
  const kl_f64x8 size = kl_abs(p), a = kl_select(size > most, most, size);
  const kl_i64x8 up = p > 0.0;
  const kl_f64x8 z = kl_select(size > most, zero, kl_exp_any(-a, brief));
  const kl_f64x8 l = brief ? kl_log_ratio_brief(1.0 + z, kl_splat(1.0), z) : kl_log1p(z);
  const kl_f64x8 large = kl_quotient(kl_splat(1.0), 1.0 + z, brief), small = z * large;
  const kl_f64x8 s = kl_select(up, large, small), s_other = kl_select(up, small, large);
  const kl_f64x8 b = t * (kl_select(up, zero, a) + l) + other * (kl_select(up, a, zero) + l);
  const kl_f64x8 m = t * s_other + other * s;
  kl_f64x8 df, f = kl_focus(m, at->gamma, &df, brief);
  df = kl_select(m == 0.0, zero, df); // may be infinite, where large * small is 0
  *derivative = weight * (df * (1.0 - 2.0 * t) * (large * small) * b + f * (other * s - t * s_other));
  const kl_f64x8 value = weight * f * b;
  return kl_select((size > most) & (value > 0.0), size, value);
}

// (1 - p^q) / q as -(e^(q log p) - 1) / q, without the difference: p near 1 costs no digits.
FORMULA(kl_power_loss) {
  (void)y;
  *derivative = -kl_pow_any(p, kl_splat(at->exponent - 1), brief);
  return (0.0 - kl_expm1_any(at->exponent * kl_log_any(p, brief), brief)) * (1 / at->exponent);
}

#endif
