import KerasLosses

extension Losses {
  /// `tf.compat.v1.losses.Reduction`. Raw values are TensorFlow's strings.
  ///
  /// With losses ℓ, weights w broadcast to the losses' shape, and x ⊘ 0 = 0 for every x:
  ///
  /// | case | value | denominator | `Reduction` in Keras style |
  /// |---|---|---|---|
  /// | ``none`` | the w·ℓ themselves | none | `.none` |
  /// | ``sum`` | Σ w·ℓ | none | `.sum` |
  /// | ``sumOverBatchSize`` | Σ w·ℓ ⊘ N | the number of losses | `.sumOverBatchSize` |
  /// | ``mean`` | Σ w·ℓ ⊘ Σ w | the sum of the weights | `.meanWithSampleWeight` |
  /// | ``sumByNonzeroWeights`` | Σ w·ℓ ⊘ z | the number of weights that are not 0 | none |
  public enum Reduction: String, Sendable, Hashable, CaseIterable {
    /// The weighted losses one by one.
    case none
    /// Σ w·ℓ.
    case sum = "weighted_sum"
    /// Σ w·ℓ ⊘ N.
    case sumOverBatchSize = "weighted_sum_over_batch_size"
    /// Σ w·ℓ ⊘ Σ w. Not Keras's `"mean"`, which divides by N.
    case mean = "weighted_mean"
    /// Σ w·ℓ ⊘ z, the default of every TensorFlow 1 loss: z counts the weights that are not 0, one per
    /// element *after* broadcasting. NaN counts; −0 does not.
    case sumByNonzeroWeights = "weighted_sum_by_nonzero_weights"

    /// TensorFlow's older name of ``sumByNonzeroWeights``.
    @available(*, deprecated, renamed: "sumByNonzeroWeights")
    public static let sumOverNonzeroWeights = Reduction.sumByNonzeroWeights

    /// The reduction that TensorFlow 1 calls `name`.
    ///
    /// Throws a `LossError` with code `reduction` for any other string, Keras's included.
    public init(tensorFlow name: String) throws(LossError) {
      guard let reduction = Reduction(rawValue: name) else {
        let known = Reduction.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw LossError(.reduction, "reduction", "must be one of \(known); got \"\(name)\".")
      }
      self = reduction
    }
  }
}

extension Losses.Reduction: AccumulatorRule {
  package func denominator(of totals: LossAccumulator) -> LossAccumulator.Denominator? {
    switch self {
    case .none: nil
    case .sum: .one
    case .sumOverBatchSize: .count(totals.count)
    case .mean: .weights
    // The one line that Keras has no counterpart for.
    case .sumByNonzeroWeights: .count(totals.nonzeroWeights)
    }
  }
}
