import KerasLosses
import TestSupport
import Testing

// The numbers that Keras gives for the tables of cases in Tests/Fixtures/semantics.json.

@Suite struct SemanticsTests {
  /// Cases whose recorded number this package does not return on purpose; `DecisionTests` and
  /// `specialValues` hold what it returns.
  private static let decided: Set<String> = [
    "5.1.3/minus-inf-off-target", "5.1.3/negative-smoothing", "3.1/minus-inf-off-target",
    // TensorFlow loses the digits of confident rows: held to the true losses below.
    "8.1/right", "8.4/logits", "8.4/logits-scalar", "8.4/logits-column",
  ]

  /// Cases with a Keras 2 number for labels, logits, and weights that Keras 2 accepts.
  private static let cases = Fixtures.semantics.filter {
    ["5.1.2", "5.1.3", "5.1.3-also", "5.1.4", "8.1", "8.4", "8.5", "3.1"].contains($0.section)
      && $0.function.hasPrefix("softmax_cross_entropy")
      && $0.mode == nil && !decided.contains($0.id) && $0.keras2 != nil && $0.dtype == "float32"
      && $0.labels != nil
  }

  @Test func thereAreCases() {
    #expect(Self.cases.count > 50)
  }

  @Test(arguments: SemanticsTests.cases)
  func keras(_ recorded: SemanticsCase) throws {
    for (name, result) in try #require(recorded.keras2) {
      let loss = CategoricalCrossentropy(
        fromLogits: recorded.fromLogits ?? true, labelSmoothing: recorded.labelSmoothing ?? 0,
        axis: recorded.axis ?? -1, reduction: try Reduction(keras: name))
      let evaluate = { () throws -> Tensor<Float> in
        try loss.evaluate(
          try #require(recorded.labels).tensor(Float.self),
          try #require(recorded.logits).tensor(Float.self),
          sampleWeight: recorded.weights?.tensor())
      }
      guard let expected = result.tensor else {
        #expect(throws: LossError.self, "\(name)") { try evaluate() }
        continue
      }
      #expect(
        isClose(try evaluate(), expected.values, relative: 1e-6, scale: 1e-6),
        "\(name): \(expected.values)")
    }
  }

  /// Keras 3 has a reduction that Keras 2 lacks.
  @Test(arguments: SemanticsTests.cases.filter { ["5.1.2", "8.4"].contains($0.section) })
  func meanWithSampleWeight(_ recorded: SemanticsCase) throws {
    let expected = try #require(recorded.keras3?["mean_with_sample_weight"]?.tensor)
    // Keras 3 does not broadcast the weights before it adds them up: section 5 of the decisions.
    let lossCount = try #require(recorded.keras3?["none"]?.tensor).values.count
    guard recorded.weights.map({ $0.values.count == lossCount }) ?? true else { return }
    let loss = CategoricalCrossentropy(
      fromLogits: recorded.fromLogits ?? true, labelSmoothing: recorded.labelSmoothing ?? 0,
      reduction: .meanWithSampleWeight)
    let value = loss(
      try #require(recorded.labels).tensor(Float.self),
      try #require(recorded.logits).tensor(Float.self), sampleWeight: recorded.weights?.tensor())
    #expect(isClose(value, expected.values, relative: 1e-6))
  }

  /// What the recorder computed in float64 without cancellation, value and derivative.
  @Test(
    arguments: Fixtures.semantics.filter {
      $0.trueLosses != nil && $0.dtype == "float32"
        && $0.function.hasPrefix("softmax_cross_entropy")
    })
  func trueLossesAndGradients(_ recorded: SemanticsCase) throws {
    let loss = CategoricalCrossentropy(
      fromLogits: true, labelSmoothing: recorded.labelSmoothing ?? 0, reduction: .none)
    let logits = try #require(recorded.logits).tensor(Float.self)
    var labels = try #require(recorded.labels).tensor(Float.self)
    if recorded.id == "8.5/labels-broadcast" {
      // TensorFlow repeats the one label of each row; here the caller does.
      labels = Tensor(labels.scalars.map { [Float](repeating: $0, count: logits.shape[1]) })
    }
    let (value, gradient) = try loss.valueWithGradient(labels, logits)
    let losses = try #require(recorded.trueLosses).values.map { Double(Float($0)) }
    #expect(isClose(value, losses, relative: 1.2e-7))
    if let expected = recorded.trueGradient {
      #expect(isClose(gradient, expected.values, relative: 3e-7, scale: 1e-8))
    }
  }

  /// TensorFlow's number for rows that are nearly right, which this package gets right: close enough to
  /// recognize, and no closer.
  @Test(arguments: ["8.1/right", "8.4/logits", "8.4/logits-scalar", "8.4/logits-column"])
  func confidentRows(_ id: String) throws {
    let recorded = Fixtures.semantics(id)
    let loss = CategoricalCrossentropy(fromLogits: true)
    let value = loss(
      try #require(recorded.labels).tensor(Float.self),
      try #require(recorded.logits).tensor(Float.self), sampleWeight: recorded.weights?.tensor())
    let expected = try #require(recorded.keras2?["sum_over_batch_size"]?.tensor)
    #expect(isClose(value, expected.values, relative: 5e-4))
  }

  @Test(arguments: Fixtures.semantics.filter { $0.section == "4.6" })
  func masks(_ recorded: SemanticsCase) throws {
    let losses = try #require(recorded.losses ?? recorded.logits).tensor(Float.self)
    let mask = try #require(recorded.mask).mask
    for (name, result) in try #require(recorded.keras3) {
      let loss = GivenLoss(reduction: try Reduction(keras: name))
      let value = try loss.evaluate(
        losses, losses, sampleWeight: recorded.weights?.tensor(), mask: mask)
      let expected = try #require(result.tensor).values
      if recorded.id == "4.6/masked-nan" {
        // Keras multiplies NaN by 0; a masked element is not read here.
        #expect(!value.scalars.contains { $0.isNaN })
      } else {
        #expect(isClose(value, expected, relative: 1e-6), "\(name)")
      }
    }
  }

  /// −inf, +inf, NaN and far-apart logits: the values that section 3.1 has in TensorFlow, but for an
  /// impossible class without label.
  @Test func specialValues() throws {
    let cce = CategoricalCrossentropy(fromLogits: true, reduction: .none)
    func losses(_ y: Tensor<Double>, _ x: Tensor<Double>) throws -> ([Double], [Double]) {
      let (value, gradient) = try cce.valueWithGradient(y, x)
      return (value.scalars, gradient.scalars)
    }
    let infinity = Double.infinity
    #expect(try losses([[1, 0]], [[1, .negativeInfinity]]) == ([0], [0, 0]))
    #expect(try losses([[0, 1]], [[1, .negativeInfinity]]) == ([infinity], [1, -1]))
    #expect(try losses([[0, 1]], [[1000, -1000]]) == ([2000], [1, -1]))
    #expect(try losses([[1, 0]], [[1000, -1000]]) == ([0], [0, 0]))
    let overflow = try losses([[0, 1]], [[1.7e308, -1.7e308]])
    #expect(overflow == ([infinity], [1, -1]))
    for row: Tensor<Double> in [
      [[.infinity, 1]], [[.negativeInfinity, .negativeInfinity]], [[.nan, 0]],
    ] {
      let (value, gradient) = try losses([[1, 0]], row)
      #expect(value[0].bitPattern == Double.nan.bitPattern)
      #expect(gradient.allSatisfy { $0.bitPattern == Double.nan.bitPattern })
    }
    #expect(try losses([[1]], [[3]]) == ([0], [0]))
    #expect(CategoricalCrossentropy()([[0, 0]], [[0, 0]]).item.isNaN)
  }
}

/// A loss that takes its predictions for losses.
struct GivenLoss: Loss {
  let reduction: Reduction

  func losses<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> { yPred }
}
