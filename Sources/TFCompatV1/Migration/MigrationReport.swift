import KerasLosses

/// What becomes of one TensorFlow 1 call on the caller's own data: the value of each reduction on both
/// sides, and a verdict for each.
public struct MigrationReport<Scalar: LossScalar>: Sendable {
  /// Whether a reduction keeps its number, and what to write if not.
  public struct Verdict: Sendable {
    /// The TensorFlow 1 reduction.
    public let reduction: Losses.Reduction
    /// The Keras-style reduction that stands closest.
    public let counterpart: KerasLosses.Reduction
    /// Whether both sides are equal for every input of these shapes and weights.
    public let isSame: Bool
    /// The TensorFlow 1 value divided by the Keras-style one where they differ by a constant; 1 where
    /// they are the same; nil where there is no such constant.
    public let factor: Double?
    /// Why.
    public let because: String
    /// The Swift code that keeps the old number; nil where nothing has to be done.
    public let swift: String?
    /// The Python code that keeps the old number; nil where nothing has to be done.
    public let python: String?
  }

  /// A call, in both languages.
  public struct Call: Sendable {
    /// Swift.
    public let swift: String
    /// Python.
    public let python: String
  }

  /// TensorFlow's name of the function.
  public let function: String
  /// The value under each TensorFlow 1 reduction.
  public let v1: [(reduction: Losses.Reduction, value: Tensor<Scalar>)]
  /// The call to write instead.
  public let tf2Call: Call
  /// The value under each Keras-style reduction but `.mean`, which is another
  /// name.
  public let tf2: [(reduction: KerasLosses.Reduction, value: Tensor<Scalar>)]
  /// A verdict for each TensorFlow 1 reduction.
  public let verdicts: [Verdict]

  /// The report on a softmax cross-entropy.
  ///
  /// - Parameters:
  ///   - accumulator: what the weighted losses left.
  ///   - weightedLosses: the weighted losses themselves.
  ///   - labelSmoothing: the smoothing of the call.
  ///   - weights: the shape of the weights; nil if there are none.
  package init(
    softmaxCrossEntropy accumulator: LossAccumulator, weightedLosses: Tensor<Scalar>,
    labelSmoothing: Double, weights: [Int]?
  ) {
    function = MigrationGuide.softmaxCrossEntropy.function
    tf2Call = Self.call(labelSmoothing: labelSmoothing, hasWeights: weights != nil)
    func value(_ rule: some AccumulatorRule) -> Tensor<Scalar> {
      rule.denominator(of: accumulator).map { Tensor(accumulator.finish($0)) } ?? weightedLosses
    }
    v1 = Losses.Reduction.allCases.map { ($0, value($0)) }
    tf2 = KerasLosses.Reduction.allCases.filter { $0 != .mean }.map { ($0, value($0)) }
    let recipe = MigrationGuide.softmaxNonzeroRecipe(
      labels: "labels", logits: "logits", labelSmoothing: labelSmoothing)
    verdicts = Losses.Reduction.allCases.map { reduction in
      Self.verdict(
        reduction, accumulator, weights: weights, losses: weightedLosses.shape, recipe: recipe)
    }
  }

  private static func call(labelSmoothing: Double, hasWeights: Bool) -> Call {
    let smoothing = MigrationGuide.softmaxSmoothing(labelSmoothing)
    let weight = hasWeights ? (", sampleWeight: weights", ", sample_weight=weights") : ("", "")
    return Call(
      swift:
        "CategoricalCrossentropy(fromLogits: true\(smoothing.swift))(labels, logits\(weight.0))",
      python: "tf.keras.losses.CategoricalCrossentropy(from_logits=True\(smoothing.python))"
        + "(labels, logits\(weight.1))")
  }

  private static func verdict(
    _ reduction: Losses.Reduction, _ totals: LossAccumulator, weights: [Int]?, losses: [Int],
    recipe: MigrationGuide.Recipe
  ) -> Verdict {
    func same(_ counterpart: KerasLosses.Reduction, _ because: String) -> Verdict {
      Verdict(
        reduction: reduction, counterpart: counterpart, isSame: true, factor: 1, because: because,
        swift: nil, python: nil)
    }
    switch reduction {
    case .none: return same(.none, "both return w·loss for each loss")
    case .sum: return same(.sum, "both return the sum of w·loss")
    case .sumOverBatchSize:
      return same(.sumOverBatchSize, "both divide by n = \(totals.count), the number of losses")
    case .mean:
      let isBroadcast = weights.map { $0 != losses } ?? false
      return same(
        .meanWithSampleWeight,
        "both divide by the sum of the weights"
          + (isBroadcast
            ? "; Keras 3 would take the sum before broadcasting: broadcast the weights first" : ""))
    case .sumByNonzeroWeights: return nonzeroVerdict(totals, recipe)
    }
  }

  private static func nonzeroVerdict(
    _ totals: LossAccumulator, _ recipe: MigrationGuide.Recipe
  ) -> Verdict {
    let n = totals.count
    let z = totals.nonzeroWeights
    let because =
      if z == n {
        "no weight is 0, so both divide by n = \(n)"
      } else if z == 0 {
        "all \(n) weights are 0: v1 returns 0 whatever the losses are, Keras 0 unless a loss is NaN "
          + "or infinite"
      } else {
        "\(n - z) of \(n) weights \(n - z == 1 ? "is" : "are") 0: v1 divides by \(z), Keras by \(n)"
      }
    return Verdict(
      reduction: .sumByNonzeroWeights, counterpart: .sumOverBatchSize, isSame: z == n,
      factor: z == 0 && n > 0 ? nil : (n == 0 ? 1 : Double(n) / Double(z)), because: because,
      swift: z == n ? nil : recipe.swift, python: z == n ? nil : recipe.python)
  }
}
