import KerasLosses

/// What becomes of one TensorFlow 1 call on the caller's own data: the value of each reduction on both
/// sides, and a verdict for each.
package struct MigrationReport<Scalar: LossScalar>: Sendable {
  /// Whether a reduction keeps its number, and what to write if not.
  package struct Verdict: Sendable {
    /// The TensorFlow 1 reduction.
    package let reduction: Losses.Reduction
    /// The Keras-style reduction that stands closest; nil if there is none.
    package let counterpart: KerasLosses.Reduction?
    /// Whether both sides are equal for every input of these shapes and weights.
    package let isSame: Bool
    /// The TensorFlow 1 value divided by the Keras-style one where they differ by a constant; 1 where
    /// they are the same; nil where there is no such constant.
    package let factor: Double?
    /// Why.
    package let because: String
    /// The Swift code that keeps the old number; nil where nothing has to be done.
    package let swift: String?
    /// The Python code that keeps the old number; nil where nothing has to be done.
    package let python: String?
  }

  /// A call, in both languages.
  package struct Call: Sendable {
    /// Swift.
    package let swift: String
    /// Python.
    package let python: String
  }

  /// Weighted losses one by one: all of them, or only those at both ends.
  package struct Listing: Sendable {
    /// The shape of the losses.
    package let shape: [Int]
    /// The losses in row-major order; where they are not all here, the first and the last few.
    package let scalars: [Scalar]

    package init(shape: [Int], scalars: [Scalar]) {
      self.shape = shape
      self.scalars = scalars
    }
  }

  /// What one side left.
  package struct Side: Sendable {
    package let accumulator: LossAccumulator
    package let losses: Listing

    package init(accumulator: LossAccumulator, losses: Listing) {
      self.accumulator = accumulator
      self.losses = losses
    }
  }

  /// TensorFlow's name of the function.
  package let function: String
  /// The weighted losses of the TensorFlow 1 side, its reduction `none`; nil for a function without
  /// reductions.
  package let v1Losses: Listing?
  /// The value under each other TensorFlow 1 reduction. A function without reductions is a sum.
  package let v1: [(reduction: Losses.Reduction, value: Scalar)]
  /// The call to write instead; nil if there is none.
  package let tf2Call: Call?
  /// The weighted losses of the Keras-style side; nil if it has no counterpart or refuses the arrays.
  package let tf2Losses: Listing?
  /// The value under each other Keras-style reduction but `.mean`, which is another name; empty if there
  /// is no counterpart or it refuses the arrays.
  package let tf2: [(reduction: KerasLosses.Reduction, value: Scalar)]
  /// A verdict for each TensorFlow 1 reduction.
  package let verdicts: [Verdict]

  /// - Parameters:
  ///   - plan: what was run.
  ///   - v1: what the TensorFlow 1 side left.
  ///   - tf2: what the Keras-style side left; nil if it was not run.
  ///   - facts: what the verdicts follow from.
  package init(
    _ guide: MigrationGuide, _ parameters: MigrationParameters, v1: Side, tf2: Side?,
    facts: MigrationFacts
  ) {
    let plan = guide.plan
    function = guide.function
    tf2Call = plan.keras.map {
      Self.call($0.call(parameters), plan.arrays, hasWeights: facts.weights != nil)
    }
    let reductions: [Losses.Reduction] =
      guide.reductions.isEmpty ? [.sum] : Losses.Reduction.allCases.filter { $0 != .none }
    v1Losses = guide.reductions.isEmpty ? nil : v1.losses
    self.v1 = reductions.map { ($0, Self.value(v1, $0)) }
    tf2Losses = tf2?.losses
    self.tf2 =
      tf2.map { side in
        KerasLosses.Reduction.allCases.filter { $0 != .mean && $0 != .none }
          .map { ($0, Self.value(side, $0)) }
      } ?? []
    verdicts = MigrationVerdicts(plan, parameters, facts, v1.accumulator).all()
  }

  private static func value(_ side: Side, _ rule: some AccumulatorRule) -> Scalar {
    side.accumulator.finish(rule.denominator(of: side.accumulator) ?? .one)
  }

  private static func call(
    _ call: KerasCall, _ arrays: (labels: String, predictions: String), hasWeights: Bool
  ) -> Call {
    let weight = hasWeights ? (", sampleWeight: weights", ", sample_weight=weights") : ("", "")
    return Call(
      swift: "\(call.swift())(labels, \(arrays.predictions)\(weight.0))",
      python: "\(call.python())(labels, \(arrays.predictions)\(weight.1))")
  }
}

extension MigrationReport.Listing {
  /// All the losses of a tensor.
  package init(_ losses: Tensor<Scalar>) {
    self.init(shape: losses.shape, scalars: losses.scalars)
  }

  /// Whether all the losses are here.
  package var isComplete: Bool { scalars.count == shape.reduce(1, *) }
}
