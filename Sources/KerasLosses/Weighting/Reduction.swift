/// How weighted losses become one number. Raw values are Keras's strings.
///
/// With losses ℓ, weights w broadcast to the losses' shape (1 where none are given), both without
/// masked elements, and x ⊘ 0 = 0 for every x:
///
/// | case | value | denominator |
/// |---|---|---|
/// | ``sumOverBatchSize``, ``mean`` | Σ w·ℓ ⊘ n | n, the number of losses (not of non-zero weights) |
/// | ``sum`` | Σ w·ℓ | none |
/// | ``meanWithSampleWeight`` | Σ w·ℓ ⊘ Σ w | the sum of the weights |
/// | ``none`` | the w·ℓ themselves, 0 where masked | none |
///
/// TensorFlow 1's default, `SUM_BY_NONZERO_WEIGHTS`, divides by the number of non-zero weights. Keras
/// has no such reduction, and neither has this enum: see `Losses.Reduction` in the module
/// `TFCompatV1`.
public enum Reduction: String, Sendable, Hashable, CaseIterable {
  /// Σ w·ℓ ⊘ n. Keras's default.
  case sumOverBatchSize = "sum_over_batch_size"
  /// Σ w·ℓ.
  case sum
  /// Σ w·ℓ ⊘ n: another name for ``sumOverBatchSize``. It does not divide by the weights.
  case mean
  /// Σ w·ℓ ⊘ Σ w.
  case meanWithSampleWeight = "mean_with_sample_weight"
  /// One weighted loss per sample.
  case none

  /// TensorFlow 2's `Reduction.AUTO`, which outside of distribution strategies is
  /// ``sumOverBatchSize``.
  public static let auto = Reduction.sumOverBatchSize

  /// The reduction that Keras calls `keras`; `"auto"` is taken for ``sumOverBatchSize``.
  ///
  /// Throws a ``LossError`` with code ``LossError/Code/reduction`` for any other string, the
  /// TensorFlow 1 ones included.
  public init(keras name: String) throws(LossError) {
    if name == "auto" {
      self = .auto
    } else if let reduction = Reduction(rawValue: name) {
      self = reduction
    } else {
      let known = Reduction.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw LossError(.reduction, "reduction", "must be one of \(known); got \"\(name)\".")
    }
  }
}
