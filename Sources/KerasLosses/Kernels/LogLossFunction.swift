internal import CLossKernels

/// −y·ln(p + ε) − (1 − y)·ln(1 − p + ε), in Double: TensorFlow 1's `log_loss`, which adds ε where Keras
/// clips to it.
///
/// Above ½, ln(p + ε) is taken as ln(1 + ((p − 1) + ε)), the difference being exact there; ln(1 − p + ε)
/// likewise below. A term whose label is 0 is 0 where its logarithm is that of 0; outside ε's reach of
/// 0...1 the logarithm is NaN, and so is the loss.
struct LogLossFunction: ElementwiseFunction {
  let epsilon: Double

  func evaluate(_ block: ElementwiseBlock<Double>) -> Double {
    withBlocks(3, of: Double.self) { near in
      let far = near + blockSize
      let values = block.values ?? far + blockSize
      for index in 0..<block.count {
        let p = block.predictions[index]
        let isUpper = p > 0.5
        near[index] = (isUpper ? 1 - p : p) + epsilon
        far[index] = (isUpper ? p - 1 : -p) + epsilon
      }
      kl_block_log_f64(near, near, block.count)
      kl_block_log1p_f64(far, far, block.count)
      for index in 0..<block.count {
        let (y, p) = (block.labels[index], block.predictions[index])
        let isUpper = p > 0.5
        let (own, other) = isUpper ? (far[index], near[index]) : (near[index], far[index])
        values[index] = Self.term(y, own) + Self.term(1 - y, other)
        guard let derivatives = block.derivatives else { continue }
        let derivative = Self.slope(1 - y, (1 - p) + epsilon) - Self.slope(y, p + epsilon)
        derivatives[index] = derivative * block.scale(of: index)
      }
      return kl_block_sum_f64(values, block.count)
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
