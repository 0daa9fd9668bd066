internal import CLossKernels

/// max(x, 0) − x·y + ln(1 + e^−|x|): cross-entropy between a label and the sigmoid of a logit.
struct SigmoidCrossEntropyFunction: FloatElementwiseFunction {
  func evaluate(
    _ labels: UnsafePointer<Float>, _ predictions: UnsafePointer<Float>,
    values: UnsafeMutablePointer<Float>, derivatives: UnsafeMutablePointer<Float>?, count: Int
  ) {
    _ = kl_sigmoid_cross_entropy_f32(labels, predictions, values, derivatives, count)
  }

  func evaluate(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    values: UnsafeMutablePointer<Double>, derivatives: UnsafeMutablePointer<Double>?, count: Int
  ) {
    _ = kl_sigmoid_cross_entropy_f64(labels, predictions, values, derivatives, count)
  }
}
