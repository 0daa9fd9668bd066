// blocks_pointwise.h: the element-wise losses, one formula each, on eight labels and predictions as doubles.
//
// Floats are widened, so that a loss of theirs is rounded once and their differences and products are exact; their
// functions and quotients are brief (blocks_math.h). `brief` and `loss` are constants wherever this is called.
// A NaN goes through every formula; the caller makes it the canonical one.
#ifndef KL_BLOCKS_POINTWISE_H
#define KL_BLOCKS_POINTWISE_H

typedef struct {
  double a, b, c;
} kl_parameters;

// 1 where x > 0, -1 below, 0 at 0; NaN stays.
KL_INLINE kl_f64x8 kl_sign(kl_f64x8 x) {
  return kl_select(x == 0.0, kl_splat(0.0), kl_select(x == x, kl_with_sign(kl_splat(1.0), x), x));
}

// e^2
KL_INLINE kl_f64x8 kl_squared_error(kl_f64x8 y, kl_f64x8 p, kl_f64x8 *derivative) {
  const kl_f64x8 e = p - y;
  *derivative = e + e;
  return e * e;
}

// |e|
KL_INLINE kl_f64x8 kl_absolute_error(kl_f64x8 y, kl_f64x8 p, kl_f64x8 *derivative) {
  const kl_f64x8 e = p - y;
  *derivative = kl_sign(e);
  return kl_abs(e);
}

// With m = min(|e|, delta) both branches are m (|e| - m/2).
KL_INLINE kl_f64x8 kl_huber(kl_f64x8 y, kl_f64x8 p, double delta, kl_f64x8 *derivative) {
  const kl_f64x8 e = p - y, a = kl_abs(e), m = kl_select(a > delta, kl_splat(delta), a);
  *derivative = kl_with_sign(m, e);
  return m * (a - 0.5 * m);
}

// max(0, m), m = 1 - y p; labels are -1 or 1. The derivative at m = 0 is 0.
KL_INLINE kl_f64x8 kl_hinge(kl_f64x8 y, kl_f64x8 p, kl_f64x8 *derivative) {
  const kl_f64x8 m = kl_fma(-y, p, kl_splat(1.0)), zero = kl_splat(0.0);
  *derivative = kl_select(m <= 0.0, zero, kl_select(m == m, -y, m));
  return kl_select(m <= 0.0, zero, m);
}

// Its square.
KL_INLINE kl_f64x8 kl_squared_hinge(kl_f64x8 y, kl_f64x8 p, kl_f64x8 *derivative) {
  const kl_f64x8 h = kl_hinge(y, p, derivative);
  *derivative *= h + h;
  return h * h;
}

KL_INLINE kl_f64x8 kl_pointwise_formula(const kl_pointwise loss, kl_parameters at, kl_f64x8 y, kl_f64x8 p,
                                        kl_f64x8 *derivative, const int brief) {
  (void)brief;
  switch (loss) {
  case KL_SQUARED_ERROR: return kl_squared_error(y, p, derivative);
  case KL_ABSOLUTE_ERROR: return kl_absolute_error(y, p, derivative);
  case KL_HUBER: return kl_huber(y, p, at.a, derivative);
  case KL_HINGE: return kl_hinge(y, p, derivative);
  case KL_SQUARED_HINGE: return kl_squared_hinge(y, p, derivative);
  }
}

#endif
