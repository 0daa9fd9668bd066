import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// What keeps a number where a row says that it differs: the recipes of MIGRATION.md, run.

private let yTrue: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
private let yPred: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]

@Suite struct RecipeTests {
  @Test func nonzero() throws {
    for weights: Tensor<Float> in [[0, 0.7], [0.3, 0], [0, 0], [0.3, 0.7]] {
      let old = try Losses.softmaxCrossEntropy(
        onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2)
      // code: nonzero
      let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2, reduction: .sum)
      let sum = cce(yTrue, yPred, sampleWeight: weights).item
      // One weight per loss: broadcast them first if they are fewer.
      let nonzero = weights.scalars.count { $0 != 0 }
      let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
      // end
      #expect(loss == old.item)
    }
  }

  @Test func broadcast() throws {
    let weights: Tensor<Float> = 2
    let old = try Losses.softmaxCrossEntropy(
      onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2, reduction: .mean)
    // code: broadcast
    let cce = CategoricalCrossentropy(
      fromLogits: true, labelSmoothing: 0.2, reduction: .meanWithSampleWeight)
    let loss = cce(yTrue, yPred, sampleWeight: weights)
    // end
    #expect(loss == old)
  }

  @Test func column() throws {
    let columnWeights: Tensor<Float> = [[0.3], [0.7]]
    // code: column
    let loss = try Losses.softmaxCrossEntropy(
      onehotLabels: yTrue, logits: yPred,
      weights: columnWeights.reshaped(to: Array(yPred.shape.dropLast())), labelSmoothing: 0.2)
    // end
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
    #expect(loss == cce(yTrue, yPred, sampleWeight: columnWeights))
  }

  @Test func clamp() throws {
    let smoothing = -0.2
    // code: clamp
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: max(0, smoothing))
    let loss = cce(yTrue, yPred)
    // end
    let recorded = Fixtures.semantics("5.1.3/negative-smoothing")
    #expect(eightDigits(Double(loss.item)) == recorded.v1?["sum_by_nonzero_weights"]?.text)
  }

  @Test func logits() throws {
    let weights: Tensor<Float> = [0.3, 0.7]
    // code: logits
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
    let loss = cce(yTrue, yPred, sampleWeight: weights)
    // end
    #expect(eightDigits(Double(loss.item)) == "0.57618052")
  }

  @Test func mask() throws {
    let yPred: Tensor<Float> = [[.nan, 0.95, 0], [0.1, 0.8, 0.1]]
    // code: mask
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
    let loss = cce(yTrue, yPred, mask: [false, true])
    // end
    #expect(eightDigits(Double(loss.item)) == "1.34306")
  }

  @Test func perSampleAndPerStep() throws {
    let recorded = Fixtures.semantics("5.1.3/rank-3-per-sample")
    let sequenceLabels = try #require(recorded.labels).tensor(Float.self)
    let sequenceLogits = try #require(recorded.logits).tensor(Float.self)
    do {
      let sampleWeights: Tensor<Float> = [1, 10]
      // code: perSample
      let loss = try Losses.softmaxCrossEntropy(
        onehotLabels: sequenceLabels, logits: sequenceLogits,
        weights: sampleWeights.reshaped(to: [2, 1]))
      // end
      let cce = CategoricalCrossentropy(fromLogits: true)
      #expect(loss == cce(sequenceLabels, sequenceLogits, sampleWeight: sampleWeights))
    }
    do {
      let stepWeights: Tensor<Float> = [1, 10, 100]
      // code: perStep
      let cce = CategoricalCrossentropy(fromLogits: true)
      let loss = cce(
        sequenceLabels, sequenceLogits, sampleWeight: stepWeights.reshaped(to: [1, 3]))
      // end
      let step = Fixtures.semantics("5.1.3/rank-3-per-step")
      #expect(eightDigits(Double(loss.item)) == step.keras3?["sum_over_batch_size"]?.text)
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

  @Test func unitRows() throws {
    let (yTrue, yPred, _) = try arrays("5.2/cosine-unit")
    // code: unit
    let cosine = CosineSimilarity(axis: -1)
    let loss = 1 + cosine(yTrue, yPred).item
    // end
    let old = try Losses.cosineDistance(labels: yTrue, predictions: yPred, axis: -1)
    #expect(isClose(Double(loss), Double(old.item), relative: 1e-7))
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
