import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// tf.compat.v1.losses.softmax_cross_entropy and compute_weighted_loss against TensorFlow's numbers.

@Suite struct SoftmaxCrossEntropyTests {
  /// Rows in which this package returns something else on purpose; `DecisionTests` hold it.
  private static let decided: Set<String> = [
    "5.1.3/minus-inf-off-target", "5.1.3/negative-smoothing", "3.1/minus-inf-off-target",
  ]

  private static let cases = Fixtures.semantics.filter {
    ["5.1.2", "5.1.3", "5.1.3-also", "5.1.4", "8.1", "8.5", "3.1"].contains($0.section)
      && $0.function.hasPrefix("softmax_cross_entropy")
      && $0.mode == nil && !decided.contains($0.id) && $0.v1 != nil && $0.dtype == "float32"
      && $0.labels != nil && $0.id != "5.1.3/none-weights"
  }

  @Test func thereAreCases() {
    #expect(Self.cases.count > 45)
  }

  @Test(arguments: cases)
  func tensorFlow(_ recorded: SemanticsCase) throws {
    for (name, result) in try #require(recorded.v1) {
      let reduction = try #require(v1Reductions[name])
      let evaluate = { () throws -> Tensor<Float> in
        try Losses.softmaxCrossEntropy(
          onehotLabels: try #require(recorded.labels).tensor(Float.self),
          logits: try #require(recorded.logits).tensor(Float.self),
          weights: recorded.weights?.tensor() ?? 1, labelSmoothing: recorded.labelSmoothing ?? 0,
          reduction: reduction)
      }
      guard let expected = result.tensor else {
        #expect(throws: LossError.self, "\(name)") { try evaluate() }
        continue
      }
      // 8.1/right is a confident row, whose digits TensorFlow loses.
      let relative = recorded.id == "8.1/right" ? 5e-4 : 1e-6
      #expect(
        isClose(try evaluate(), expected.values, relative: relative, scale: 1e-6),
        "\(name): \(expected.values)")
    }
  }

  @Test(arguments: Fixtures.random.filter { $0.v1 != nil })
  func random(_ recorded: RandomCase) throws {
    if recorded.dtype == "float32" {
      try compare(recorded, Float.self, relative: 2e-6, floor: 1e-4)
    } else {
      try compare(recorded, Double.self, relative: 1e-12, floor: 0)
    }
  }

  private func compare<Scalar: LossScalar>(
    _ recorded: RandomCase, _ type: Scalar.Type, relative: Double, floor: Double
  ) throws {
    let none = try #require(recorded.v1?["none"]).values.map(\.magnitude)
    let terms = max(none.reduce(0, +), floor)
    for (name, expected) in try #require(recorded.v1) {
      let (value, gradient) = try Losses.softmaxCrossEntropyWithGradient(
        onehotLabels: recorded.yTrue.tensor(Scalar.self),
        logits: recorded.yPred.tensor(Scalar.self),
        weights: recorded.sampleWeight?.tensor() ?? 1, labelSmoothing: recorded.labelSmoothing,
        reduction: try #require(v1Reductions[name]))
      let scale = name == "none" ? (none.max() ?? 0) : terms
      #expect(
        isClose(value, expected.values, relative: relative, scale: max(scale, floor)),
        "\(name): \(expected.values)")
      let derivatives = try #require(recorded.v1Gradient?[name]).values
      let largest = max(derivatives.map(\.magnitude).max() ?? 0, floor)
      #expect(isClose(gradient, derivatives, relative: relative, scale: largest), "\(name)")
    }
  }

  @Test(arguments: Fixtures.semantics.filter { ["2", "8.2"].contains($0.section) })
  func computeWeightedLoss(_ recorded: SemanticsCase) throws {
    let losses = try #require(recorded.losses).tensor(Float.self)
    let weights = recorded.weights?.tensor(Float.self) ?? 1
    for (name, result) in try #require(recorded.v1) {
      let value = try Losses.computeWeightedLoss(
        losses: losses, weights: weights, reduction: try #require(v1Reductions[name]))
      #expect(isClose(value, try #require(result.tensor).values, relative: 1e-6), "\(name)")
    }
  }

  /// d/dlosses: w, w/N, w/Σw, w/z, and 0 where the denominator is 0.
  @Test func gradientOfComputeWeightedLoss() throws {
    let losses: Tensor<Double> = [1, 2, 4]
    let weights: Tensor<Double> = [0, 1, 3]
    func gradient(_ weights: Tensor<Double>, _ reduction: Losses.Reduction) throws -> [Double] {
      try Losses.computeWeightedLossWithGradient(
        losses: losses, weights: weights, reduction: reduction
      ).gradient.scalars
    }
    #expect(try gradient(weights, .none) == [0, 1, 3])
    #expect(try gradient(weights, .sum) == [0, 1, 3])
    #expect(try gradient(weights, .sumOverBatchSize) == [0, 1.0 / 3, 1])
    #expect(try gradient(weights, .mean) == [0, 0.25, 0.75])
    #expect(try gradient(weights, .sumByNonzeroWeights) == [0, 0.5, 1.5])
    #expect(try gradient([-1, 1, 0], .mean) == [0, 0, 0])
    #expect(try gradient(0, .sumByNonzeroWeights) == [0, 0, 0])
  }

  @Test func spellings() throws {
    let logits: Tensor<Double> = [[1, 2, 3]]
    let ids: Tensor<Int32> = [[0, 1, 0]]
    #expect(
      try Losses.softmaxCrossEntropy(onehotLabels: [[0, 1, 0]], logits: [[1, 2, 3]]).rank == 0)
    #expect(
      try Losses.softmaxCrossEntropy(onehotLabels: [[0, 1, 0]], logits: logits)
        == Losses.softmaxCrossEntropy(onehotLabels: ids, logits: logits, weights: 1))
    let all = try Losses.softmaxCrossEntropyWithGradient(
      onehotLabels: ids, logits: logits, weights: [2], labelSmoothing: 0.1, scope: "a",
      lossCollection: LossCollection<Double>(), reduction: .mean)
    #expect(all.gradient.shape == [1, 3])
  }

  @Test func errors() {
    let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
    func text(
      _ labels: Tensor<Float>, _ logits: Tensor<Float>, _ weights: Tensor<Float> = 1,
      smoothing: Double = 0
    ) -> String? {
      errorText {
        _ = try Losses.softmaxCrossEntropy(
          onehotLabels: labels, logits: logits, weights: weights, labelSmoothing: smoothing)
      }
    }
    #expect(
      text(labels, [[1, 2, 3]])
        == "onehotLabels: must have the shape of logits; got onehotLabels [2, 3] and logits [1, 3]."
    )
    #expect(
      text(labels.reshaped(to: [2, 3, 1]), labels)
        == "onehotLabels: must have the shape of logits; got onehotLabels [2, 3, 1] and logits [2, 3]."
    )
    #expect(
      text(1, 2)
        == "logits: must have at least one axis, the classes; got logits [] and onehotLabels [].")
    #expect(
      text(labels, labels, [[1], [2]])
        == "weights: must be a scalar, or have the rank of the losses with each size 1 or equal; got "
        + "weights [2, 1] for losses [2].")
    #expect(text(labels, labels, [1, 2, 3])?.hasPrefix("weights: must be a scalar") == true)
    #expect(text([0, 1], [1, 2], [1])?.contains("got weights [1] for losses []") == true)
    #expect(
      text(labels, labels, smoothing: .nan) == "labelSmoothing: must lie in 0...1; got nan.")
    #expect(
      errorText { _ = try Losses.Reduction(tensorFlow: "sum_over_batch_size") }
        == "reduction: must be one of \"none\", \"weighted_sum\", \"weighted_sum_over_batch_size\", "
        + "\"weighted_mean\", \"weighted_sum_by_nonzero_weights\"; got \"sum_over_batch_size\".")
  }

  @available(*, deprecated)  // so that the deprecated alias can be named without a warning
  @Test func aliasOfTheDefault() throws {
    #expect(Losses.Reduction.sumOverNonzeroWeights == .sumByNonzeroWeights)
    #expect(
      try Losses.Reduction(tensorFlow: "weighted_sum_by_nonzero_weights") == .sumByNonzeroWeights)
  }
}
