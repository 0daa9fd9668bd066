internal import CLossKernels

/// Makes `quotients` hold `weights[i] / divisor` for `count` samples, 1 / divisor without weights; 0 if the
/// divisor is 0.
package func divide<Scalar: LossScalar>(
  _ weights: ArraySlice<Scalar>?, by divisor: Double, count: Int, into quotients: inout [Double]
) {
  guard let weights, divisor != 0, count > 0 else {
    quotients = [Double](repeating: divisor == 0 ? 0 : 1 / divisor, count: count)
    return
  }
  if quotients.count != count { quotients = [Double](repeating: 0, count: count) }
  weights.withUnsafeBytes { bytes in
    quotients.withUnsafeMutableBufferPointer { quotients in
      guard let base = bytes.baseAddress, let target = quotients.baseAddress,
        weights.count == count
      else { fatalError("divide: as many weights as samples are needed.") }
      // By kind: code that is generic over the scalar runs many times slower.
      switch Scalar._kind {
      case .float32:
        kl_block_divide_f32(base.assumingMemoryBound(to: Float.self), divisor, target, count)
      case .float64:
        kl_block_divide_f64(base.assumingMemoryBound(to: Double.self), divisor, target, count)
      default:
        for (index, weight) in weights.enumerated() { target[index] = Double(weight) / divisor }
      }
    }
  }
}
