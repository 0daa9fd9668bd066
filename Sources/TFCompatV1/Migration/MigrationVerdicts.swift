import KerasLosses

/// What decides whether a reduction keeps its number: shapes, weights and, for one function, the kind of
/// the labels; never the values of two rounded numbers.
package struct MigrationFacts: Sendable {
  /// The shape of the predictions.
  package let predictions: [Int]
  /// The shape of TensorFlow 1's losses.
  package let losses: [Int]
  /// The shape of the weights; nil if there are none.
  package let weights: [Int]?
  /// Whether every label is 0 or 1.
  package var labelsAreBinary = true
  /// What the Keras-style side says to these arrays; nil if it takes them.
  package var refusal: String?

  package init(
    predictions: [Int], losses: [Int], weights: [Int]?, labelsAreBinary: Bool = true,
    refusal: String? = nil
  ) {
    self.predictions = predictions
    self.losses = losses
    self.weights = weights
    self.labelsAreBinary = labelsAreBinary
    self.refusal = refusal
  }
}

/// The verdicts on one call.
struct MigrationVerdicts<Scalar: LossScalar> {
  typealias Verdict = MigrationReport<Scalar>.Verdict

  private let plan: MigrationPlan
  private let parameters: MigrationParameters
  private let facts: MigrationFacts
  /// The number of losses and of weights that are not 0, on the TensorFlow 1 side.
  private let n: UInt64
  private let z: UInt64

  init(
    _ plan: MigrationPlan, _ parameters: MigrationParameters, _ facts: MigrationFacts,
    _ totals: LossAccumulator
  ) {
    self.plan = plan
    self.parameters = parameters
    self.facts = facts
    n = totals.count
    z = totals.nonzeroWeights
  }

  func all() -> [Verdict] { Losses.Reduction.allCases.map(verdict) }

  private func verdict(_ reduction: Losses.Reduction) -> Verdict {
    switch plan.relation {
    case .noCounterpart(let because): return unrelated(reduction, because)
    case .otherFormula(let because): return unrelated(reduction, because)
    case .meanOverLastAxisOfBinaryLabels where !facts.labelsAreBinary:
      return unrelated(
        reduction,
        "not all labels are 0 or 1: v1 turns y into 2·y − 1 all the same, Keras takes them as they are"
      )
    case .sameLosses, .meanOverLastAxis, .meanOverLastAxisOfBinaryLabels: break
    }
    if let refusal = facts.refusal {
      return differs(
        reduction, nil, "Keras does not take these arrays: \(refusal)", code(reduction))
    }
    switch reduction {
    case .none: return noneVerdict
    case .sum: return sumVerdict
    case .sumOverBatchSize: return batchSizeVerdict
    case .mean: return meanVerdict
    case .sumByNonzeroWeights: return nonzeroVerdict
    }
  }

  /// D, where Keras takes the mean of D losses for one; 1 where it does not.
  private var averaged: Int {
    if case .sameLosses = plan.relation { return 1 }
    return facts.predictions.last ?? 1
  }

  private var noneVerdict: Verdict {
    if case .sameLosses = plan.relation { return same(.none, "both return w·loss for each loss") }
    if averaged == 1 {
      return same(.none, "the last axis has size 1, so its mean is its only loss; Keras drops it")
    }
    return differs(
      .none, nil, "v1 has a loss for each element, Keras the mean of \(averaged) for each sample",
      code(.none))
  }

  private var sumVerdict: Verdict {
    if averaged == 1 || n == 0 { return same(.sum, "both return the sum of w·loss") }
    return differs(
      .sum, Double(averaged),
      "v1 adds up every element, Keras the means of \(averaged) elements", code(.sum))
  }

  private var batchSizeVerdict: Verdict {
    same(
      .sumOverBatchSize,
      averaged == 1
        ? "both divide by n = \(n), the number of losses"
        : "a mean over \(n / UInt64(max(averaged, 1))) means of \(averaged) elements each is the mean "
          + "over all \(n)")
  }

  private var meanVerdict: Verdict {
    let isBroadcast = facts.weights.map { $0.reduce(1, *) != facts.losses.reduce(1, *) } ?? false
    return same(
      .mean,
      "both divide by the sum of the weights"
        + (isBroadcast
          ? "; Keras 3 would take the sum before broadcasting: broadcast the weights first" : ""))
  }

  private var nonzeroVerdict: Verdict {
    if z == n { return same(.sumByNonzeroWeights, "no weight is 0, so both divide by n = \(n)") }
    let because =
      z == 0
      ? "all \(n) weights are 0: v1 returns 0 whatever the losses are, Keras 0 unless a loss is NaN "
        + "or infinite"
      : "\(n - z) of \(n) weights \(n - z == 1 ? "is" : "are") 0: v1 divides by \(z), Keras by \(n)"
    return differs(
      .sumByNonzeroWeights, z == 0 ? nil : Double(n) / Double(z), because,
      code(.sumByNonzeroWeights))
  }

  private var names: ArrayNames {
    ArrayNames("labels", plan.arrays.predictions, weights: facts.weights.map { _ in "weights" })
  }

  /// The code that keeps the number of a reduction on Keras's side.
  private func code(_ reduction: Losses.Reduction) -> MigrationGuide.Recipe? {
    guard let call = plan.keras?.call(parameters) else { return nil }
    if case .sameLosses = plan.relation {
      return reduction == .sumByNonzeroWeights ? .nonzero(call, names) : nil
    }
    return elements(call, reduction)
  }

  private func elements(
    _ call: KerasCall, _ reduction: Losses.Reduction
  ) -> MigrationGuide.Recipe {
    // Without weights none of them is 0.
    reduction == .sumByNonzeroWeights && facts.weights != nil
      ? .elementsNonzero(call, names)
      : .elements(call, names, reduction.counterpart ?? .sumOverBatchSize)
  }

  /// The code that stands for a formula that Keras does not have.
  private func replacement(_ reduction: Losses.Reduction) -> MigrationGuide.Recipe? {
    switch plan.replacement {
    case .elements(let call): elements(call(parameters, names), reduction)
    case .code(let code): code(parameters, names)
    case nil: nil
    }
  }

  private func same(_ reduction: Losses.Reduction, _ because: String) -> Verdict {
    Verdict(
      reduction: reduction, counterpart: reduction.counterpart ?? .sumOverBatchSize, isSame: true,
      factor: 1, because: because, swift: nil, python: nil)
  }

  private func differs(
    _ reduction: Losses.Reduction, _ factor: Double?, _ because: String,
    _ recipe: MigrationGuide.Recipe?
  ) -> Verdict {
    Verdict(
      reduction: reduction, counterpart: reduction.counterpart ?? .sumOverBatchSize,
      isSame: false, factor: factor, because: because, swift: recipe?.swift,
      python: recipe?.python)
  }

  private func unrelated(_ reduction: Losses.Reduction, _ because: String) -> Verdict {
    let recipe = replacement(reduction)
    return Verdict(
      reduction: reduction,
      counterpart: plan.keras == nil ? nil : reduction.counterpart ?? .sumOverBatchSize,
      isSame: false, factor: nil, because: because, swift: recipe?.swift, python: recipe?.python)
  }
}
