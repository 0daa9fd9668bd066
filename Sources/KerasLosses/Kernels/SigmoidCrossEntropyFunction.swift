internal import CLossKernels

/// max(x, 0) − x·y + ln(1 + e^−|x|): cross-entropy between a label and the sigmoid of a logit.
struct SigmoidCrossEntropyFunction: FloatElementwiseFunction {
  func sum(
    _ labels: UnsafePointer<Float>, _ predictions: UnsafePointer<Float>,
    derivatives: UnsafeMutablePointer<Float>?, count: Int
  ) -> Double {
    kl_sigmoid_cross_entropy_f32(labels, predictions, nil, derivatives, count)
  }

  func sum(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    derivatives: UnsafeMutablePointer<Double>?, count: Int
  ) -> Double {
    kl_sigmoid_cross_entropy_f64(labels, predictions, nil, derivatives, count)
  }
}
