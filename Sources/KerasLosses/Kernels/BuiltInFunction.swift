internal import CLossKernels

/// A function of a label y and a prediction p whose formula is written in C, once for both types: see
/// blocks_pointwise.h there.
struct BuiltInFunction: FloatElementwiseFunction {
  private let loss: kl_pointwise
  private let parameters: (Double, Double, Double)

  private init(_ loss: kl_pointwise, _ parameters: (Double, Double, Double) = (0, 0, 0)) {
    self.loss = loss
    self.parameters = parameters
  }

  /// (p − y)².
  static let squaredError = BuiltInFunction(KL_SQUARED_ERROR)

  /// |p − y|.
  static let absoluteError = BuiltInFunction(KL_ABSOLUTE_ERROR)

  /// (p − y)²/2 up to a distance of `delta`, from there on straight.
  static func huber(delta: Double) -> BuiltInFunction {
    BuiltInFunction(KL_HUBER, (delta, 0, 0))
  }

  /// max(0, 1 − y·p).
  static let hinge = BuiltInFunction(KL_HINGE)

  /// max(0, 1 − y·p)².
  static let squaredHinge = BuiltInFunction(KL_SQUARED_HINGE)

  func evaluate(_ block: ElementwiseBlock<Float>) -> Double {
    withParameters {
      kl_pointwise_f32(
        loss, $0, block.labels, block.predictions, block.values, block.derivatives, block.scales,
        block.scaleStep, block.count)
    }
  }

  func evaluate(_ block: ElementwiseBlock<Double>) -> Double {
    withParameters {
      kl_pointwise_f64(
        loss, $0, block.labels, block.predictions, block.values, block.derivatives, block.scales,
        block.scaleStep, block.count)
    }
  }

  private func withParameters(_ body: (UnsafePointer<Double>) -> Double) -> Double {
    withUnsafeBytes(of: parameters) { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      return body(base.assumingMemoryBound(to: Double.self))
    }
  }
}
