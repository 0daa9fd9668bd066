import KerasLosses
import TestSupport
import Testing

// 400 random cases recorded from Keras 3 (float64 as the Double reference), values and gradients.

@Suite struct RandomCaseTests {
  @Test func thereAreEnough() {
    #expect(Fixtures.random.count >= 300)
    #expect(Set(Fixtures.random.map(\.dtype)) == ["float32", "float64"])
  }

  @Test(arguments: Fixtures.random)
  func keras(_ recorded: RandomCase) throws {
    if recorded.dtype == "float32" {
      try compare(recorded, Float.self, relative: 2e-6)
    } else {
      try compare(recorded, Double.self, relative: 1e-12)
    }
  }

  private func compare<Scalar: LossScalar>(
    _ recorded: RandomCase, _ type: Scalar.Type, relative: Double
  ) throws {
    let yTrue = recorded.yTrue.tensor(Scalar.self)
    let yPred = recorded.yPred.tensor(Scalar.self)
    let weights = recorded.sampleWeight?.tensor(Scalar.self)
    for (name, expected) in recorded.keras {
      let loss = CategoricalCrossentropy(
        fromLogits: recorded.fromLogits, labelSmoothing: recorded.labelSmoothing,
        axis: recorded.axis, reduction: try Reduction(keras: name))
      let (value, gradient) = try loss.valueWithGradient(
        yTrue, yPred, sampleWeight: weights, mask: recorded.mask?.mask)
      // Float32 TensorFlow loses a confident row: its errors are relative to 1, not to the loss.
      let floor = recorded.dtype == "float32" ? 1e-4 : 0
      // Where weights have both signs the terms cancel: an error is relative to what they add up to
      // without their signs, as far as the reduction scales that.
      let losses = try #require(recorded.keras["none"]).values.map(\.magnitude)
      let sum = try #require(recorded.keras["sum"]).values[0].magnitude
      let cancellation = sum == 0 ? 1 : max(1, losses.reduce(0, +) / sum)
      let scale =
        name == "none" ? losses.max() ?? 0 : expected.values[0].magnitude * cancellation
      #expect(
        isClose(value, expected.values, relative: relative, scale: max(scale, floor)),
        "\(name) of \(recorded)")
      let derivatives = try #require(recorded.kerasGradient[name]).values
      let largest = derivatives.map(\.magnitude).max() ?? 0
      #expect(
        isClose(gradient, derivatives, relative: relative, scale: max(largest, floor)),
        "gradient of \(name) of \(recorded)")
      #expect(
        try loss.evaluate(
          yTrue, yPred, sampleWeight: weights, mask: recorded.mask?.mask) == value)
    }
  }
}
