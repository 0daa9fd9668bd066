import KerasLosses

/// The shapes of a call of `mean_pairwise_squared_error`, checked.
package struct PairwiseShapes: Sendable {
  /// B, and the number of elements of a sample.
  package let sampleCount: Int
  package let sampleSize: Int
  /// The number of weights that belong to a sample; all samples have the same ones unless
  /// `hasWeightsPerSample`.
  package let weightsPerSample: Int
  package let hasWeightsPerSample: Bool

  /// Throws unless the weights fit the labels and labels and predictions have one shape of rank 1 or
  /// more, in this order: TensorFlow's.
  package init(
    labels: [Int], predictions: [Int], weights: [Int], names: ArgumentNames
  ) throws(LossError) {
    let aligned = try v1AlignedShape(ofWeights: weights, losses: labels, names: names)
    try v1RequireSameShape(labels: labels, predictions: predictions, names: names)
    guard let samples = labels.first else {
      throw LossError(
        .rank, names.predictions,
        "must have at least one axis, the samples; got \(names.predictions) \(predictions) and "
          + "\(names.labels) \(labels).")
    }
    sampleCount = samples
    sampleSize = labels.dropFirst().reduce(1, *)
    weightsPerSample = aligned.dropFirst().reduce(1, *)
    hasWeightsPerSample = aligned[0] != 1
  }

  /// The same for a part of the samples.
  package init(_ whole: PairwiseShapes, sampleCount: Int) {
    self.sampleCount = sampleCount
    sampleSize = whole.sampleSize
    weightsPerSample = whole.weightsPerSample
    hasWeightsPerSample = whole.hasWeightsPerSample
  }
}

/// `mean_pairwise_squared_error` over samples: the terms, one per sample, and what their weighted sum
/// leaves.
package struct PairwiseCall<Label: TensorElement, Scalar: LossScalar>: Sendable {
  private let shapes: PairwiseShapes
  private let loop: SampleLoop<Label, Scalar>
  private let weights: Tensor<Scalar>

  /// A call with operands of these shapes, however many axes they have.
  package init(
    _ shapes: PairwiseShapes, _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>,
    _ weights: Tensor<Scalar>
  ) {
    self.shapes = shapes
    self.weights = weights
    let geometry = SampleGeometry(shape: [shapes.sampleCount, shapes.sampleSize], axis: 1)
    loop = SampleLoop(
      kernel: PairwiseSquaredErrorKernel(Self.samples(shapes, weights)), geometry: geometry,
      yTrue: labels, yPred: predictions)
  }

  /// For each sample the number of its weights that are not 0, after broadcasting, and their sum, before.
  private static func samples(
    _ shapes: PairwiseShapes, _ weights: Tensor<Scalar>
  ) -> [PairwiseSquaredErrorKernel.Sample] {
    let own = shapes.weightsPerSample
    let repetitions = own == 0 ? 0 : shapes.sampleSize / own
    let rows = shapes.hasWeightsPerSample ? shapes.sampleCount : 1
    return (0..<rows).map { row in
      let weights = weights.scalars[row * own..<(row + 1) * own]
      var sum = CompensatedSum()
      for weight in weights { sum.add(Double(weight)) }
      return PairwiseSquaredErrorKernel.Sample(
        count: repetitions * weights.count { $0 != 0 }, factor: sum.value)
    }
  }

  private var pass: LossPass<SampleLoop<Label, Scalar>> {
    let shape = [shapes.sampleCount]
    return LossPass(
      loop, weights: SampleWeights(lossShape: shape, weights: nil, alignedShape: shape, mask: nil))
  }

  /// The terms without weights.
  package func terms() -> Tensor<Scalar> { pass.value(Losses.Reduction.none) }

  /// The terms, and the gradient of their weighted sum.
  func termsWithGradient() -> (terms: Tensor<Scalar>, gradient: [Scalar]) {
    let (terms, gradient) = pass.valueWithGradient(Losses.Reduction.none)
    return (terms, gradient)
  }

  /// What the weighted terms leave: each as often as it has weights.
  package func accumulated(_ terms: Tensor<Scalar>) -> LossAccumulator {
    let own = shapes.weightsPerSample
    let shape = [shapes.sampleCount, own]
    let repeated =
      own == 1 ? terms.scalars : terms.scalars.flatMap { repeatElement($0, count: own) }
    let weights = SampleWeights(
      v1: weights, alignedShape: [shapes.hasWeightsPerSample ? shapes.sampleCount : 1, own],
      losses: shape)
    return LossPass(GivenLosses(Tensor(unchecked: shape, scalars: repeated)), weights: weights)
      .accumulated()
  }
}
