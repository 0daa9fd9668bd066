internal import CLossKernels

/// A function of one label and one prediction that is given as a closure, in Double.
struct FormulaFunction: ElementwiseFunction {
  let formula: PointwiseLoss.Formula

  func evaluate(_ block: ElementwiseBlock<Double>) -> Double {
    withBlocks(1, of: Double.self) { buffer in
      let values = block.values ?? buffer
      for index in 0..<block.count {
        let (value, derivative) = formula(block.labels[index], block.predictions[index])
        values[index] = value
        block.derivatives?[index] = derivative * block.scale(of: index)
      }
      return kl_block_sum_f64(values, block.count)
    }
  }
}
