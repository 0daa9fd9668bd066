import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Every function of tf.compat.v1.losses against the numbers that TensorFlow returned, and against its
// formula in longer arithmetic.

@Suite struct V1ConformanceTests {
  /// What this package returns otherwise on purpose; `DecisionTests` hold it, or the true values below.
  static let decided: Set<String> = [
    // A negative smoothing, or one above 1, is an error.
    "5.2/sigmoid-negative-smoothing", "1.1.5/smoothing-1.5",
    // ln(1 + ε) has all its digits.
    "5.2/log-extreme-1-1", "5.2/log-extreme-0-0", "design5/log-loss-perfect",
    // 0 · ln 0 is 0.
    "1.1.2/epsilon-0-right", "design5/log-loss-epsilon-0",
    // Infinite logits: 0 on the side of the label.
    "5.2/sigmoid-infinite",
    // Double stays Double.
    "1.0.5/double", "design5/mse-double",
    // Class ids of a floating-point type.
    "5.2/sparse-float-labels",
  ]

  static let cases = Fixtures.semantics.filter {
    !$0.function.hasPrefix("softmax") && $0.v1 != nil && $0.mask == nil
      && ["1.", "5.2", "8.", "design5"].contains(where: $0.section.hasPrefix)
      && !decided.contains($0.id)
  }

  @Test func thereAreCases() {
    #expect(Self.cases.count > 190)
    #expect(Set(Self.cases.map(\.function)).count == 11 - 1)
    let ids = Set(Fixtures.semantics.map(\.id))
    #expect(Self.decided.isSubset(of: ids))
  }

  @Test(arguments: cases)
  func tensorFlow(_ recorded: SemanticsCase) throws {
    let evaluation = Evaluation(recorded, Float.self)
    for (name, result) in try #require(recorded.v1) {
      let reduction = try #require(v1Reductions[name])
      guard let expected = result.tensor else {
        #expect(throws: LossError.self, "\(name)") { try evaluation.v1(reduction) }
        continue
      }
      let (value, gradient) = try evaluation.v1(reduction)
      #expect(value.shape == expected.shape, "\(name)")
      // Terms of size 1 and more cancel in a few of the cases.
      #expect(
        isClose(value, expected.values, relative: 1e-6, scale: 0.2),
        "\(name): \(value.scalars) for \(expected.values)")
      guard let derivatives = recorded.v1Gradient?[name]?.tensor else { continue }
      #expect(gradient.shape == derivatives.shape, "\(name)")
      let largest = derivatives.values.map(\.magnitude).filter(\.isFinite).max() ?? 0
      #expect(
        isClose(gradient, derivatives.values, relative: 2e-6, scale: largest),
        "gradient of \(name): \(gradient.scalars) for \(derivatives.values)")
    }
  }

  private static let exact = Fixtures.semantics.filter {
    !$0.function.hasPrefix("softmax") && $0.v1 != nil && $0.trueLosses != nil && $0.weights == nil
  }

  /// The formula itself, from 50 digits.
  @Test(arguments: exact)
  func formula(_ recorded: SemanticsCase) throws {
    let losses = try #require(recorded.trueLosses).values
    let derivatives = try #require(recorded.trueGradient).values
    if recorded.dtype == "float32" {
      let (value, gradient) = try Evaluation(recorded, Float.self).v1(.none)
      // Below 2^-126 a result may be 0.
      #expect(isClose(value, losses, relative: 1.2e-7, scale: 1e-31), "\(value.scalars)")
      #expect(isClose(gradient, derivatives, relative: 2.4e-7, scale: 1e-31))
    }
    // Float inputs are Doubles, too.
    let (value, gradient) = try Evaluation(recorded, Double.self).v1(.none)
    #expect(isClose(value, losses, relative: 1e-15), "\(value.scalars)")
    #expect(isClose(gradient, derivatives, relative: 1e-15), "\(gradient.scalars)")
  }
}
