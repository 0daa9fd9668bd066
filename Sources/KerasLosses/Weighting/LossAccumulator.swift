/// What is left of any number of (loss, weight) pairs: enough to finish every reduction.
///
/// With A = Σ w·ℓ and W = Σ w over all unmasked elements, n their number and z the number of those
/// whose weight is not 0, every reduction of Keras and of TensorFlow 1 is A divided by 1, n, W or z.
///
/// The sums are exact: integers, to which a product w·ℓ is added unrounded. So the order of elements does
/// not matter, two accumulators merge into that of both by adding integers, and threads, slabs, batches
/// and machines all combine the same way, to the same bits. A result is the exact quotient rounded once.
/// Non-finite products are counted, not added: any NaN, or infinities of both signs, make the one canonical
/// NaN; else the infinity stands.
package struct LossAccumulator: Sendable {
  /// What the sum of weighted losses is divided by.
  package enum Denominator: Sendable, Equatable {
    case one
    case count(UInt64)
    case weights
  }

  private var sum: ExactSum

  /// The empty accumulator.
  ///
  /// - Parameter sumsWeights: false if neither it nor one that it is merged into will be finished with
  ///   ``Denominator/weights``, which saves work.
  package init(sumsWeights: Bool = true) { sum = ExactSum(sumsWeights: sumsWeights) }

  /// The number of elements, n.
  package var count: UInt64 { sum.count }
  /// The number of elements whose weight is not 0, z. NaN counts, −0 does not.
  package var nonzeroWeights: UInt64 { sum.nonzeroWeights }

  /// Adds elements: their losses, and their weights or nil for weights of 1. Those that `keep` excludes
  /// are left out.
  package mutating func feed<Scalar: LossScalar>(
    losses: ArraySlice<Scalar>, weights: ArraySlice<Scalar>?, keep: [Bool]?
  ) {
    guard let keep else { return sum.add(losses: losses, weights: weights) }
    let kept = (0..<losses.count).filter { keep[$0] }
    sum.add(
      losses: kept.map { losses[losses.startIndex + $0] }[...],
      weights: weights.map { weights in kept.map { weights[weights.startIndex + $0] }[...] })
  }

  /// The same for whole arrays.
  package mutating func feed<Scalar: LossScalar>(
    losses: [Scalar], weights: [Scalar]?, keep: [Bool]?
  ) {
    feed(losses: losses[...], weights: weights.map { $0[...] }, keep: keep)
  }

  /// Lets a kernel add weighted losses by a way of its own; false if it has none.
  mutating func feed(_ add: (inout ExactSum) -> Bool) -> Bool { add(&sum) }

  /// Adds elements whose losses are not known yet: all that a denominator needs.
  package mutating func feed<Scalar: LossScalar>(
    weights: ArraySlice<Scalar>?, count: Int, keep: [Bool]?
  ) {
    switch (weights, keep) {
    case (nil, _): sum.addUnitWeights(keep?.prefix(count).count { $0 } ?? count)
    case (let weights?, nil): sum.add(weights: weights)
    case (let weights?, let keep?): sum.add(weights: zip(weights, keep).filter(\.1).map(\.0)[...])
    }
  }

  /// Adds everything that `other` was fed.
  package mutating func merge(_ other: LossAccumulator) { sum.merge(other.sum) }

  /// A divided by the denominator; 0 if that is 0, whatever A is.
  package func finish<Scalar: LossScalar>(_ denominator: Denominator) -> Scalar {
    sum.quotient(by: denominator)
  }

  /// What a weight is divided by to become the factor of a derivative.
  package func divisor(_ denominator: Denominator) -> Double {
    switch denominator {
    case .one: 1
    case .count(let count): Double(count)
    case .weights: sum.weightSum
    }
  }
}
