internal import CLossKernels

/// −y·ln(p + ε) − (1 − y)·ln(1 − p + ε), in Double: TensorFlow 1's `log_loss`, which adds ε where Keras
/// clips to it.
///
/// Above ½, ln(p + ε) is taken as ln(1 + ((p − 1) + ε)), the difference being exact there; ln(1 − p + ε)
/// likewise below. A term whose label is 0 is 0 where its logarithm is that of 0; outside ε's reach of
/// 0...1 the logarithm is NaN, and so is the loss.
package struct LogLossFunction: ElementwiseFunction {
  let epsilon: Double

  package func evaluate(
    _ labels: UnsafePointer<Double>, _ predictions: UnsafePointer<Double>,
    values: UnsafeMutablePointer<Double>, derivatives: UnsafeMutablePointer<Double>?, count: Int
  ) {
    withBlocks(2, of: Double.self) { near in
      let far = near + blockSize
      for index in 0..<count {
        let p = predictions[index]
        let isUpper = p > 0.5
        near[index] = (isUpper ? 1 - p : p) + epsilon
        far[index] = (isUpper ? p - 1 : -p) + epsilon
      }
      kl_block_log_f64(near, near, count)
      kl_block_log1p_f64(far, far, count)
      for index in 0..<count {
        let (y, p) = (labels[index], predictions[index])
        let isUpper = p > 0.5
        let (own, other) = isUpper ? (far[index], near[index]) : (near[index], far[index])
        values[index] = Self.term(y, own) + Self.term(1 - y, other)
      }
      guard let derivatives else { return }
      for index in 0..<count {
        let (y, p) = (labels[index], predictions[index])
        derivatives[index] =
          Self.slope(1 - y, (1 - p) + epsilon) - Self.slope(y, p + epsilon)
      }
    }
  }

  @inline(__always)
  private static func term(_ label: Double, _ logarithm: Double) -> Double {
    label == 0 && logarithm == -.infinity ? 0 : -label * logarithm
  }

  @inline(__always)
  private static func slope(_ label: Double, _ probability: Double) -> Double {
    label == 0 && probability == 0 ? 0 : label / probability
  }
}

extension LossPlan {
  /// The loss of every element of an axis of size 1.
  package static func logLoss(epsilon: Double) -> LossPlan {
    LossPlan(ElementwiseKernel(axis: -1, function: LogLossFunction(epsilon: epsilon)))
  }
}
