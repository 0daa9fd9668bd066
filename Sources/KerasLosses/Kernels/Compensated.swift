/// A sum of Doubles that carries its own rounding error (Neumaier 1974).
///
/// `high + low` equals the exact sum to about twice Double's precision, as long as nothing overflows.
package struct CompensatedSum: Sendable {
  package private(set) var high = 0.0
  package private(set) var low = 0.0

  package init() {}

  package mutating func add(_ term: Double) {
    let sum = high + term
    // The error of the addition, exactly: the smaller operand loses its tail.
    low += high.magnitude >= term.magnitude ? (high - sum) + term : (term - sum) + high
    high = sum
  }

  /// Adds the product without rounding it first.
  package mutating func add(_ x: Double, times y: Double) {
    let product = x * y
    add(product)
    low += (-product).addingProduct(x, y)
  }

  /// The sum, rounded. An infinite sum has no error left to carry.
  package var value: Double { high.isFinite ? high + low : high }

  /// The sum less `part`, where `part` is one of its terms: no cancellation of digits that the sum
  /// never had.
  package func without(_ part: Double) -> Double { (high - part) + low }
}
