import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Where TensorFlow is not followed: what this package gives instead, held to the recorded data, to the
// true losses and gradients in longer arithmetic, or to the framework that gets it right.

@Suite struct DecisionTests {
  private static let cce = CategoricalCrossentropy(fromLogits: true, reduction: .none)

  private func operands<Scalar: LossScalar>(
    _ id: String, _ type: Scalar.Type = Float.self
  ) throws -> (recorded: SemanticsCase, labels: Tensor<Scalar>, logits: Tensor<Scalar>) {
    let recorded = Fixtures.semantics("design5/\(id)")
    return (
      recorded, try #require(recorded.labels).tensor(), try #require(recorded.logits).tensor()
    )
  }

  @Test(arguments: ["weights-b-on-b-t", "weights-b-on-b-b"])
  func weightsArePerSample(_ id: String) throws {
    let (recorded, labels, logits) = try operands(id)
    let value = CategoricalCrossentropy(fromLogits: true)(
      labels, logits, sampleWeight: try #require(recorded.weights).tensor())
    let keras2 = try #require(recorded.keras2?["sum_over_batch_size"]?.tensor)
    #expect(isClose(value, keras2.values, relative: 1e-6))
    #expect(recorded.keras3?["sum_over_batch_size"]?.text != eightDigits(keras2.values[0]))
  }

  @Test func nothingIsMultipliedOut() throws {
    let (recorded, labels, logits) = try operands("square-weights")
    let weights = try #require(recorded.weights).tensor(Float.self)
    #expect(throws: LossError.self) {
      try Self.cce.evaluate(labels, logits, sampleWeight: weights)
    }
    let (_, vector, matrix) = try operands("labels-n")
    #expect(throws: LossError.self) { try Self.cce.evaluate(vector, matrix) }
  }

  @Test func oneSampleWithManyOutputs() throws {
    let (recorded, labels, logits) = try operands("rank-1-weights")
    let weights = try #require(recorded.weights).tensor(Float.self)
    let n = logits.shape[0]
    #expect(
      errorText { _ = try Self.cce.evaluate(labels, logits, sampleWeight: weights) }?
        .contains("one sample with \(n) outputs; for \(n) samples reshape to [\(n), 1]") == true)
  }

  @Test(
    arguments: [
      "minus-inf-off-target", "minus-inf-target", "plus-inf", "all-minus-inf",
      "labels-not-summing-to-1", "confident-40", "confident-25", "confident-20",
    ])
  func trueValueAndDerivative(_ id: String) throws {
    let (recorded, labels, logits) = try operands(id)
    let (value, gradient) = try Self.cce.valueWithGradient(labels, logits)
    let losses = try #require(recorded.trueLosses).values
    let derivative = try #require(recorded.trueGradient).values
    #expect(isClose(value, losses, relative: 1e-7))
    #expect(isClose(gradient, derivative, relative: 2e-7))
  }

  @Test func clippingBoundsAreRealNumbers() throws {
    let bounds: [Double] = [16.11809565095832, 1.0000000500000033e-07]
    let probabilities = CategoricalCrossentropy(reduction: .none)
    let (_, labels, p) = try operands("probability-0-and-1-float32")
    #expect(isClose(probabilities(labels, p), bounds, relative: 6e-8))
    #expect(eightDigits(Double(probabilities(labels, p).scalars[0])) == "16.118095")
    let (_, wideLabels, wide) = try operands("probability-0-and-1-float64", Double.self)
    #expect(isClose(probabilities(wideLabels, wide), bounds, relative: 1e-15))
    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
      let (_, halfLabels, half) = try operands("probability-0-and-1-float16", Float16.self)
      #expect(probabilities(halfLabels, half).scalars == bounds.map { Float16($0) })
    #endif
  }

  @Test func doubleStaysDouble() throws {
    let (recorded, labels, logits) = try operands("double", Double.self)
    let value = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)(
      labels, logits, sampleWeight: try #require(recorded.weights).tensor())
    #expect(isClose(value.item, 0.5761805092918248, relative: 1e-15))
    let (rounding, ids, row) = try operands("double-rounding", Double.self)
    #expect(isClose(Self.cce(ids, row), try #require(rounding.trueLosses).values, relative: 1e-15))
  }

  @Test(arguments: [
    "mean-scalar-weight", "mean-single-weight", "mean-column-weights", "mean-row-weights",
  ])
  func meanDividesByBroadcastWeights(_ id: String) throws {
    let (recorded, labels, logits) = try operands(id)
    let mean = CategoricalCrossentropy(
      fromLogits: true, labelSmoothing: recorded.labelSmoothing ?? 0,
      reduction: .meanWithSampleWeight)
    let value = mean(labels, logits, sampleWeight: try #require(recorded.weights).tensor())
    #expect(
      isClose(value, try #require(recorded.v1?["mean"]?.tensor).values, relative: 1e-6))
  }

  @Test func maskedIsNotRead() throws {
    let (recorded, labels, logits) = try operands("masked-nan")
    let (value, gradient) = try Self.cce.valueWithGradient(
      labels, logits, mask: try #require(recorded.mask).mask)
    #expect(value.scalars[1] == 0)
    #expect(gradient.scalars[3..<6].allSatisfy { $0 == 0 })
    // ln(1 + 2e⁻⁷); TensorFlow's 0.0018220028 has lost half of its digits.
    #expect(isClose(Double(value.scalars[0]), 0.00182210293, relative: 1e-7))
    #expect(isClose(Double(value.scalars[2]), 0.16984604, relative: 1e-6))
  }

  @Test(arguments: [-0.2, 1.5])
  func smoothingOutsideItsDomain(_ smoothing: Double) throws {
    let (_, labels, logits) = try operands("smoothing-\(smoothing == 1.5 ? "1.5" : "minus-0.2")")
    #expect(
      errorText {
        _ = try Losses.softmaxCrossEntropy(
          onehotLabels: labels, logits: logits, labelSmoothing: smoothing)
      } == "labelSmoothing: must lie in 0...1; got \(smoothing).")
  }

  @Test func nothingToAdd() throws {
    for id in ["empty-batch", "no-classes"] {
      let (_, labels, logits) = try operands(id)
      for reduction in Reduction.allCases where reduction != .none {
        let cce = CategoricalCrossentropy(
          fromLogits: true, labelSmoothing: 0.2, reduction: reduction)
        #expect(cce(labels, logits) == 0)
      }
    }
  }

  @Test func smoothingCountsTheClassesOfTheAxis() throws {
    let (recorded, labels, p) = try operands("smoothing-axis-1")
    let cce = CategoricalCrossentropy(labelSmoothing: 0.1, axis: 1)
    let keras2 = try #require(recorded.keras2?["sum_over_batch_size"]?.tensor)
    #expect(isClose(cce(labels, p), keras2.values, relative: 1e-6))
  }

  @Test func nothingIsMultipliedOutElementByElement() throws {
    let mse = MeanSquaredError()
    let (square, labels, predictions) = try operands("elementwise-square-weights")
    #expect(throws: LossError.self) {
      try mse.evaluate(
        labels, predictions, sampleWeight: try #require(square.weights).tensor())
    }
    let (_, vector, matrix) = try operands("elementwise-labels-n")
    #expect(throws: LossError.self) { try mse.evaluate(vector, matrix) }
    let (rank1, y, p) = try operands("elementwise-rank-1-weights")
    #expect(
      errorText { _ = try mse.evaluate(y, p, sampleWeight: try #require(rank1.weights).tensor()) }?
        .contains("one sample with 3 outputs; for 3 samples reshape to [3, 1]") == true)
  }

  @Test(arguments: ["log-loss-perfect", "log-loss-epsilon-0", "mse-double"])
  func trueValueAndDerivativeOfElements(_ id: String) throws {
    let recorded = Fixtures.semantics("design5/\(id)")
    let losses = try #require(recorded.trueLosses).values
    let derivatives = try #require(recorded.trueGradient).values
    if recorded.dtype == "float32" {
      let (value, gradient) = try Evaluation(recorded, Float.self).v1(.none)
      #expect(isClose(value, losses, relative: 1.2e-7))
      #expect(isClose(gradient, derivatives, relative: 2.4e-7))
    }
    let (value, gradient) = try Evaluation(recorded, Double.self).v1(.none)
    #expect(isClose(value, losses, relative: 1e-15))
    #expect(isClose(gradient, derivatives, relative: 1e-15))
    // TensorFlow's number is another.
    let tensorFlow = try #require(recorded.v1?["none"]?.tensor).values
    #expect(!isClose(value, tensorFlow, relative: 1e-6))
  }

  @Test func classIDsFromProbabilitiesAreOneHotToTheBit() throws {
    let recorded = Fixtures.semantics("design5/sparse-from-probabilities")
    let ids = try #require(recorded.labels).ids
    let p = try #require(recorded.logits).tensor(Float.self)
    let oneHot = Tensor(
      shape: [3, 3],
      scalars: ids.scalars.flatMap { id in (0..<3).map { Float($0 == id ? 1 : 0) } })
    let sparse = SparseCategoricalCrossentropy(reduction: .none)(ids, p)
    #expect(sparse == CategoricalCrossentropy(reduction: .none)(oneHot, p))
    let keras3 = try #require(recorded.keras3?["none"]?.tensor).values
    #expect(isClose(sparse, keras3, relative: 1e-6))
  }

  @Test func classIDOutOfRange() throws {
    let evaluation = Evaluation(
      Fixtures.semantics("design5/class-id-out-of-range"), Float.self)
    #expect(
      errorText { _ = try evaluation.v1(.sumByNonzeroWeights) }
        == "labels: class ids must be integers in 0..<3; got 5 for sample 1 of labels [2] and logits "
        + "[2, 3].")
    let ids = try #require(evaluation.ids)
    let scce = SparseCategoricalCrossentropy(fromLogits: true)
    #expect(
      try scce.evaluate(ids, evaluation.predictions, mask: [true, false])
        == SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: 5)
        .evaluate(ids, evaluation.predictions))
  }

  @Test func pairwiseCountsTheWeightsOfTheSample() throws {
    let recorded = Fixtures.semantics("design5/pairwise-eager")
    let value = try Evaluation(recorded, Float.self).v1(.sum).value
    #expect(isClose(value, try #require(recorded.v1?["sum"]?.tensor).values, relative: 1e-6))
    #expect(recorded.v1Eager?.text == "107.8")
  }

  @Test func huberKeepsItsDelta() throws {
    let recorded = Fixtures.semantics("design5/huber-saved")
    #expect(recorded.keras3ConfigurationKeys?.contains("delta") == false)
    let huber = Huber(delta: try #require(recorded.delta))
    let saved = try JSONEncoder().encode(huber)
    #expect(try JSONDecoder().decode(Huber.self, from: saved) == huber)
  }

  @Test func logCoshSubtractsLn2Itself() throws {
    let (recorded, labels, predictions) = try operands("log-cosh-double", Double.self)
    let losses = try #require(recorded.trueLosses).values
    let (value, gradient) = try LogCosh(reduction: .none).valueWithGradient(labels, predictions)
    #expect(isClose(value, losses, relative: 1e-15))
    #expect(isClose(gradient, try #require(recorded.trueGradient).values, relative: 1e-15))
    let rounding = Foundation.log(2) - Double(Foundation.log(Float(2)))
    for keras in [recorded.keras2, recorded.keras3InDtype] {
      let values = try #require(keras?["none"]?.tensor).values
      #expect(isClose(values[0], rounding, relative: 1e-6))
      #expect(isClose(values[1], losses[1] + rounding, relative: 1e-6))
    }
  }

  @Test func alphasAreNotRounded() throws {
    let (recorded, labels, p) = try operands("focal-alphas-double", Double.self)
    let focal = CategoricalFocalCrossentropy(alpha: try #require(recorded.alpha), reduction: .none)
    let (value, gradient) = try focal.valueWithGradient(labels, p)
    #expect(isClose(value, try #require(recorded.trueLosses).values, relative: 1e-15))
    #expect(isClose(gradient, try #require(recorded.trueGradient).values, relative: 2e-15))
    #expect(isClose(value, try #require(recorded.keras2?["none"]?.tensor).values, relative: 1e-15))
    let keras3 = try #require(recorded.keras3InDtype?["none"]?.tensor).values
    #expect(!isClose(value, keras3, relative: 1e-8) && isClose(value, keras3, relative: 2e-8))
  }

  @Test func maskedRowsLeaveTheBatchOfCircle() throws {
    let (recorded, labels, rows) = try operands("circle-masked")
    let (kept, keptLabels, keptRows) = try operands("circle-kept")
    let mask = try #require(recorded.mask).mask
    for (name, result) in try #require(kept.keras3) {
      let circle = Circle(
        gamma: try #require(recorded.gamma), reduction: try Reduction(keras: name))
      let value = try circle.evaluate(labels, rows, mask: mask)
      let alone = try circle.evaluate(keptLabels, keptRows)
      #expect(value.scalars == alone.scalars + (name == "none" ? [0] : []))
      #expect(isClose(alone, try #require(result.tensor).values, relative: 1e-6))
      #expect(recorded.keras3?[name]?.text != result.text)
    }
  }
}
