// Reading the command's JSON.

import Foundation
import KerasLosses
import Testing
import keras_losses

/// The JSON in an output; fails the test if there is something else.
func parsed(_ text: String) throws -> JSON {
  try #require(JSON(parsing: Data(text.utf8)), "not JSON: \(text)")
}

extension JSON {
  /// A number, or what stands for one that is not finite, in the type in which it was computed.
  func number<Scalar: LossScalar>(_: Scalar.Type) -> Scalar? {
    switch self {
    case .number(let text): Scalar(text)
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  /// A number or a flat array of numbers.
  func numbers<Scalar: LossScalar>(_ type: Scalar.Type) -> [Scalar]? {
    guard case .array(let values) = self else { return number(type).map { [$0] } }
    let numbers = values.compactMap { $0.number(type) }
    return numbers.count == values.count ? numbers : nil
  }

  /// The keys of an object, sorted.
  var keys: [String] {
    guard case .object(let members) = self else { return [] }
    return members.map(\.key).sorted()
  }
}

/// The same numbers to the bit, but for a NaN, which equals itself.
func haveSameBits<Scalar: LossScalar>(_ a: [Scalar], _ b: [Scalar]) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { ($0 == $1 && $0.sign == $1.sign) || ($0.isNaN && $1.isNaN) }
}
