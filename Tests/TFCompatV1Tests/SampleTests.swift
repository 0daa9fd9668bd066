import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// More of the Swift code of MIGRATION.md, run: see RecipeTests.swift.

/// The arrays of a recorded case.
private func arrays(
  _ id: String
) throws -> (yTrue: Tensor<Float>, yPred: Tensor<Float>, weights: Tensor<Float>) {
  let evaluation = Evaluation(Fixtures.semantics(id), Float.self)
  return (evaluation.labels, evaluation.predictions, evaluation.weights ?? 1)
}

private func expect(
  _ loss: Tensor<Float>, _ guide: MigrationGuide, _ location: SourceLocation = #_sourceLocation
) {
  #expect(eightDigits(Double(loss.item)) == guide.example.v1, sourceLocation: location)
}

@Suite struct SampleTests {
  @Test func meanSquaredError() throws {
    let (yTrue, yPred, _) = try arrays("5.2/mse-unweighted")
    do {
      // code: mean_squared_error.shim
      let loss = try Losses.meanSquaredError(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .meanSquaredError)
    }
    do {
      // code: mean_squared_error.keras
      let mse = MeanSquaredError()
      let loss = mse(yTrue, yPred)
      // end
      expect(loss, .meanSquaredError)
    }
  }

  @Test func absoluteDifference() throws {
    let (yTrue, yPred, _) = try arrays("5.2/mae-unweighted")
    do {
      // code: absolute_difference.shim
      let loss = try Losses.absoluteDifference(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .absoluteDifference)
    }
    do {
      // code: absolute_difference.keras
      let mae = MeanAbsoluteError()
      let loss = mae(yTrue, yPred)
      // end
      expect(loss, .absoluteDifference)
    }
  }

  @Test func huberLoss() throws {
    let (yTrue, yPred, _) = try arrays("5.2/huber-unweighted")
    do {
      // code: huber_loss.shim
      let loss = try Losses.huberLoss(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .huberLoss)
    }
    do {
      // code: huber_loss.keras
      let huber = Huber()
      let loss = huber(yTrue, yPred)
      // end
      expect(loss, .huberLoss)
    }
  }

  @Test func sigmoidCrossEntropy() throws {
    let (yTrue, yPred, _) = try arrays("5.2/sigmoid-unweighted")
    do {
      // code: sigmoid_cross_entropy.shim
      let loss = try Losses.sigmoidCrossEntropy(
        multiClassLabels: yTrue, logits: yPred)
      // end
      expect(loss, .sigmoidCrossEntropy)
    }
    do {
      // code: sigmoid_cross_entropy.keras
      let bce = BinaryCrossentropy(fromLogits: true)
      let loss = bce(yTrue, yPred)
      // end
      expect(loss, .sigmoidCrossEntropy)
    }
  }

  @Test func sparseSoftmaxCrossEntropy() throws {
    let (yTrue, yPred, weights) = try arrays("5.2/sparse-example")
    do {
      // code: sparse_softmax_cross_entropy.shim
      let loss = try Losses.sparseSoftmaxCrossEntropy(
        labels: yTrue, logits: yPred, weights: weights)
      // end
      expect(loss, .sparseSoftmaxCrossEntropy)
    }
    do {
      // code: sparse_softmax_cross_entropy.keras
      let scce = SparseCategoricalCrossentropy(fromLogits: true)
      let loss = scce(yTrue, yPred, sampleWeight: weights)
      // end
      expect(loss, .sparseSoftmaxCrossEntropy)
    }
  }

  @Test func sparseRecipes() throws {
    let (yTrue, yPred, _) = try arrays("5.2/sparse-example")
    for weights: Tensor<Float> in [[0, 0.7], [0, 0], [0.3, 0.7]] {
      let old = try Losses.sparseSoftmaxCrossEntropy(labels: yTrue, logits: yPred, weights: weights)
      // code: sparseNonzero
      let scce = SparseCategoricalCrossentropy(fromLogits: true, reduction: .sum)
      let sum = scce(yTrue, yPred, sampleWeight: weights).item
      // One weight per loss: broadcast them first if they are fewer.
      let nonzero = weights.scalars.count { $0 != 0 }
      let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
      // end
      #expect(loss == old.item)
    }
    do {
      let paddedIDs: Tensor<Int32> = [1, -1]
      // code: padding
      let scce = SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: -1)
      let loss = scce(paddedIDs, yPred)
      // end
      let recorded = Fixtures.semantics("5.2/sparse-ignore-class")
      #expect(eightDigits(Double(loss.item)) == recorded.keras3?["sum_over_batch_size"]?.text)
      // What TensorFlow 1 gives if the padding is a class of weight 0.
      #expect(
        try Losses.sparseSoftmaxCrossEntropy(
          labels: [1, 0] as Tensor<Int32>, logits: yPred, weights: [1, 0]) == loss)
    }
  }

  @Test func hingeLoss() throws {
    let (yTrue, yPred, _) = try arrays("5.2/hinge-binary")
    do {
      // code: hinge_loss.shim
      let loss = try Losses.hingeLoss(
        labels: yTrue, logits: yPred)
      // end
      expect(loss, .hingeLoss)
    }
    do {
      // code: hinge_loss.keras
      let hinge = Hinge()
      let loss = hinge(yTrue, yPred)
      // end
      expect(loss, .hingeLoss)
    }
  }

  @Test(arguments: ["5.2/hinge-binary", "5.2/hinge-signed", "5.2/hinge-soft"])
  func signedHinge(_ id: String) throws {
    let (yTrue, yPred, _) = try arrays(id)
    // code: signed
    let signed = Tensor(
      shape: yTrue.shape, scalars: yTrue.scalars.map { 2 * $0 - 1 })
    let hinge = Hinge()
    let shape = yPred.shape + [1]
    let loss = hinge(
      signed.reshaped(to: shape), yPred.reshaped(to: shape))
    // end
    #expect(loss == (try Losses.hingeLoss(labels: yTrue, logits: yPred)))
  }

  @Test func logLoss() throws {
    let (yTrue, yPred, _) = try arrays("5.2/log-unweighted")
    do {
      // code: log_loss.shim
      let loss = try Losses.logLoss(
        labels: yTrue, predictions: yPred)
      // end
      expect(loss, .logLoss)
    }
    do {
      // code: log_loss.keras
      let bce = BinaryCrossentropy()
      let loss = bce(yTrue, yPred)
      // end
      #expect(eightDigits(Double(loss.item)) == MigrationGuide.logLoss.example.keras)
    }
  }

  @Test(arguments: ["5.2/log-unweighted", "8.1/log-unweighted", "1.1.2/wrong"])
  func logLossAsAFormula(_ id: String) throws {
    let (yTrue, yPred, _) = try arrays(id)
    // code: epsilon
    let logLoss = PointwiseLoss { y, p in
      let (own, other) = (p + 1e-07, 1 - p + 1e-07)
      return (
        value: -y * Double.log(own) - (1 - y) * Double.log(other),
        derivative: (1 - y) / other - y / own
      )
    }
    let shape = yPred.shape + [1]
    let loss = logLoss(
      yTrue.reshaped(to: shape), yPred.reshaped(to: shape))
    // end
    let old = try Losses.logLossWithGradient(labels: yTrue, predictions: yPred)
    #expect(isClose(loss, [Double(old.value.item)], relative: 1e-7))
    let gradient = try logLoss.valueWithGradient(
      yTrue.reshaped(to: shape), yPred.reshaped(to: shape)
    ).gradient
    #expect(isClose(gradient, old.gradient.scalars.map { Double($0) }, relative: 2.4e-7))
  }

  @Test func cosineDistance() throws {
    let (yTrue, yPred, _) = try arrays("5.2/cosine-unit")
    do {
      // code: cosine_distance.shim
      let loss = try Losses.cosineDistance(
        labels: yTrue, predictions: yPred, axis: -1)
      // end
      expect(loss, .cosineDistance)
    }
    do {
      // code: cosine_distance.keras
      let cosine = CosineSimilarity()
      let loss = cosine(yTrue, yPred)
      // end
      #expect(eightDigits(Double(loss.item)) == MigrationGuide.cosineDistance.example.keras)
    }
    do {
      // code: unit
      let cosine = CosineSimilarity(axis: -1)
      let loss = 1 + cosine(yTrue, yPred).item
      // end
      let old = try Losses.cosineDistance(labels: yTrue, predictions: yPred, axis: -1)
      #expect(isClose(Double(loss), Double(old.item), relative: 1e-7))
    }
  }

  @Test func innerProduct() throws {
    let (yTrue, yPred, weights) = try arrays("5.2/cosine-zero-sample")
    // code: innerProduct
    // The function itself: 1 − Σ p·y, with the axis kept.
    let loss = try Losses.cosineDistance(
      labels: yTrue, predictions: yPred, axis: -1, weights: weights)
    // end
    let recorded = Fixtures.semantics("5.2/cosine-zero-sample")
    let old = try #require(recorded.v1?["sum_by_nonzero_weights"]?.tensor).values
    #expect(isClose(loss, old, relative: 1e-6))
  }

  @Test(arguments: [[1, 1], [1.2, 3.4], [0, 3.4], [0, 0]] as [Tensor<Float>])
  func pairwise(_ weights: Tensor<Float>) throws {
    let (yTrue, yPred, _) = try arrays("1.1.6/unweighted")
    // code: pairwise
    struct MeanPairwiseSquaredError: Loss {
      let reduction = KerasLosses.Reduction.sum

      func losses<Label: TensorElement, Scalar: LossScalar>(
        _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
      ) throws(LossError) -> Tensor<Scalar> {
        let labels = Tensor<Scalar>(converting: yTrue)
        let n = yPred.scalars.count / yPred.shape[0]
        let terms = (0..<yPred.shape[0]).map { sample -> Scalar in
          let errors = (sample * n..<(sample + 1) * n).map {
            yPred.scalars[$0] - labels.scalars[$0]
          }
          let mean = errors.reduce(0, +) / Scalar(n)
          return 2 * errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Scalar(max(n - 1, 1))
        }
        return Tensor(shape: [yPred.shape[0]], scalars: terms)
      }
    }
    let pairwise = MeanPairwiseSquaredError()
    let loss = pairwise(yTrue, yPred, sampleWeight: weights)
    // end
    let old = try Losses.meanPairwiseSquaredError(
      labels: yTrue, predictions: yPred, weights: weights.reshaped(to: [2, 1]))
    #expect(isClose(loss, [Double(old.item)], relative: 1e-6))
  }

  @Test func pairwiseShim() throws {
    let (yTrue, yPred, _) = try arrays("1.1.6/unweighted")
    // code: mean_pairwise_squared_error.shim
    let loss = try Losses.meanPairwiseSquaredError(
      labels: yTrue, predictions: yPred)
    // end
    expect(loss, .meanPairwiseSquaredError)
  }

  @Test(
    arguments: [
      [[1, 0], [0, 2]], [[0], [2]], [[1, 0]], 2, 0, [[0, 0], [0, 0]],
    ] as [Tensor<Float>])
  func elements(_ weights: Tensor<Float>) throws {
    let (yTrue, yPred, _) = try arrays("5.2/mse-unweighted")
    do {
      // code: elements
      let mse = MeanSquaredError(reduction: .sum)
      let shape = yPred.shape + [1]
      let loss = mse(
        yTrue.reshaped(to: shape), yPred.reshaped(to: shape), sampleWeight: weights)
      // end
      #expect(
        loss
          == (try Losses.meanSquaredError(
            labels: yTrue, predictions: yPred, weights: weights, reduction: .sum)))
    }
    do {
      // code: elementsNonzero
      let mse = MeanSquaredError(reduction: .sum)
      let shape = yPred.shape + [1]
      let sum = mse(
        yTrue.reshaped(to: shape), yPred.reshaped(to: shape), sampleWeight: weights
      ).item
      // Each weight counts as often as it is repeated.
      let repetitions = yPred.scalars.count / weights.scalars.count
      let nonzero = weights.scalars.count { $0 != 0 } * repetitions
      let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
      // end
      let old = try Losses.meanSquaredError(labels: yTrue, predictions: yPred, weights: weights)
      #expect(loss == old.item)
    }
  }
}
