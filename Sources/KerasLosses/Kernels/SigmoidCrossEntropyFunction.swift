internal import CLossKernels

/// max(x, 0) − x·y + ln(1 + e^−|x|): cross-entropy between a label and the sigmoid of a logit.
struct SigmoidCrossEntropyFunction: FloatElementwiseFunction {
  var takesLongBlocks: Bool { true }

  func evaluate(_ block: ElementwiseBlock<Float>) -> Double {
    kl_sigmoid_cross_entropy_f32(
      block.labels, block.predictions, block.values, block.derivatives, block.scales,
      block.scaleStep, block.count)
  }

  func evaluate(_ block: ElementwiseBlock<Double>) -> Double {
    kl_sigmoid_cross_entropy_f64(
      block.labels, block.predictions, block.values, block.derivatives, block.scales,
      block.scaleStep, block.count)
  }

  func add(_ block: WeightedBlock<Float>, to sum: inout ExactSum) -> Double? {
    sum.withState { state, sumsWeights in
      kl_sigmoid_cross_entropy_add_f32(
        state, sumsWeights, block.labels, block.predictions, block.weights, block.divisor,
        block.derivatives, block.count)
    }
  }

  func add(_ block: WeightedBlock<Double>, to sum: inout ExactSum) -> Double? {
    sum.withState { state, sumsWeights in
      kl_sigmoid_cross_entropy_add_f64(
        state, sumsWeights, block.labels, block.predictions, block.weights, block.divisor,
        block.derivatives, block.count)
    }
  }
}
