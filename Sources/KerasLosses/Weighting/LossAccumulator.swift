/// What is left of any number of (loss, weight) pairs: enough to finish every reduction.
///
/// With A = Σ w·ℓ and W = Σ w over all unmasked elements, n their number and z the number of those
/// whose weight is not 0, every reduction of Keras and of TensorFlow 1 is A divided by 1, n, W or z.
/// Two accumulators merge into that of both, so that threads, slabs and batches all combine the same
/// way. Non-finite products are counted, not added.
package struct LossAccumulator: Sendable {
  /// What the sum of weighted losses is divided by.
  package enum Denominator: Sendable, Equatable {
    case one
    case count(UInt64)
    case weights
  }

  /// The number of elements, n.
  package private(set) var count: UInt64 = 0
  /// The number of elements whose weight is not 0, z. NaN counts, −0 does not.
  package private(set) var nonzeroWeights: UInt64 = 0
  private var products = ExtendedSum()
  private var weights = ExtendedSum()

  package init() {}

  /// Adds elements: their losses, and their weights or nil for weights of 1. Those that `keep`
  /// excludes are left out.
  package mutating func feed<Scalar: LossScalar>(
    losses: [Scalar], weights: [Scalar]?, keep: [Bool]?
  ) {
    for index in losses.indices where keep?[index] ?? true {
      let weight = weights.map { Double($0[index]) } ?? 1
      products.add(Double(losses[index]), times: weight)
      feed(weight: weight)
    }
  }

  /// Adds elements whose losses are not known yet: all that a denominator needs.
  package mutating func feed<Scalar: LossScalar>(
    weights: [Scalar]?, count: Int, keep: [Bool]?
  ) {
    for index in 0..<count where keep?[index] ?? true {
      feed(weight: weights.map { Double($0[index]) } ?? 1)
    }
  }

  private mutating func feed(weight: Double) {
    count += 1
    if weight != 0 { nonzeroWeights += 1 }
    weights.add(weight, times: 1)
  }

  /// Adds everything that `other` was fed.
  package mutating func merge(_ other: LossAccumulator) {
    count += other.count
    nonzeroWeights += other.nonzeroWeights
    products.add(other.products)
    weights.add(other.weights)
  }

  /// A divided by the denominator; 0 if that is 0, whatever A is.
  package func finish<Scalar: LossScalar>(_ denominator: Denominator) -> Scalar {
    let divisor = value(of: denominator)
    if divisor == 0 { return 0 }
    let quotient = products.value / divisor
    // One canonical NaN, and no negative zero.
    return quotient.isNaN ? .nan : Scalar(quotient + 0)
  }

  /// The factor of an element's derivative: its weight divided by the denominator, or 0 if that is 0.
  package func scale(ofWeight weight: Double, _ denominator: Denominator) -> Double {
    let divisor = value(of: denominator)
    return divisor == 0 ? 0 : weight / divisor
  }

  private func value(of denominator: Denominator) -> Double {
    switch denominator {
    case .one: 1
    case .count(let count): Double(count)
    case .weights: weights.value
    }
  }
}

/// A compensated sum of products that counts what is not finite.
private struct ExtendedSum: Sendable {
  private var finite = CompensatedSum()
  private var nanCount: UInt64 = 0
  private var positiveInfinityCount: UInt64 = 0
  private var negativeInfinityCount: UInt64 = 0

  mutating func add(_ x: Double, times y: Double) {
    let product = x * y
    if product.isFinite {
      finite.add(x, times: y)
    } else if product.isNaN {
      nanCount += 1
    } else if product > 0 {
      positiveInfinityCount += 1
    } else {
      negativeInfinityCount += 1
    }
  }

  mutating func add(_ other: ExtendedSum) {
    finite.add(other.finite)
    nanCount += other.nanCount
    positiveInfinityCount += other.positiveInfinityCount
    negativeInfinityCount += other.negativeInfinityCount
  }

  var value: Double {
    if nanCount > 0 || (positiveInfinityCount > 0 && negativeInfinityCount > 0) { return .nan }
    if positiveInfinityCount > 0 { return .infinity }
    if negativeInfinityCount > 0 { return -.infinity }
    return finite.value
  }
}
