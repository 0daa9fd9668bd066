internal import CLossKernels

/// −y·ln q − (1 − y)·ln(1 − q), q = p clipped to [ε, 1 − ε]; in Double.
///
/// Above ½, ln q is taken as ln(1 − (1 − q)), the difference being exact there; ln(1 − q) likewise
/// below. The derivative is 0 through a clipped element.
struct BernoulliCrossEntropyFunction: ElementwiseFunction {
  func evaluate(_ block: ElementwiseBlock<Double>) -> Double {
    let epsilon = ProbabilityCrossEntropyKernel.epsilon
    return withBlocks(3, of: Double.self) { near in
      let far = near + blockSize
      let values = block.values ?? far + blockSize
      for index in 0..<block.count {
        let p = block.predictions[index]
        let q = p < epsilon ? epsilon : p > 1 - epsilon ? 1 - epsilon : p
        // The smaller of q and 1 − q, of which both logarithms are well conditioned.
        near[index] = p > 1 - epsilon ? epsilon : q > 0.5 ? 1 - q : q
        far[index] = -near[index]
      }
      kl_block_log_f64(near, near, block.count)
      kl_block_log1p_f64(far, far, block.count)
      for index in 0..<block.count {
        let (y, p) = (block.labels[index], block.predictions[index])
        let isUpper = p > 0.5
        let (own, other) = isUpper ? (far[index], near[index]) : (near[index], far[index])
        values[index] = -y * own - (1 - y) * other
        let isClipped = p < epsilon || p > 1 - epsilon
        let derivative = isClipped ? 0 : (1 - y) / (1 - p) - y / p
        block.derivatives?[index] = derivative * block.scale(of: index)
      }
      return kl_block_sum_f64(values, block.count)
    }
  }
}
