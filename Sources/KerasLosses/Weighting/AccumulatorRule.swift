/// A way to finish a ``LossAccumulator``: what every reduction is.
package protocol AccumulatorRule: Sendable {
  /// What the sum of the weighted losses is divided by, given the weights' totals; nil where the
  /// weighted losses are returned one by one.
  func denominator(of totals: LossAccumulator) -> LossAccumulator.Denominator?

  /// Whether the denominator depends on the weights, and not on the number of elements alone.
  var readsWeights: Bool { get }
}

extension AccumulatorRule {
  package var readsWeights: Bool { true }

  /// Whether the sum of the weights is the denominator.
  package var dividesByWeights: Bool { denominator(of: LossAccumulator()) == .weights }
}

extension Reduction: AccumulatorRule {
  package var readsWeights: Bool { self == .meanWithSampleWeight }

  package func denominator(of totals: LossAccumulator) -> LossAccumulator.Denominator? {
    switch self {
    case .sumOverBatchSize, .mean: .count(totals.count)
    case .sum: .one
    case .meanWithSampleWeight: .weights
    case .none: nil
    }
  }
}
