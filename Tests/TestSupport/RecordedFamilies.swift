import Foundation
import KerasLosses

// The random cases of every loss, as `Tests/Fixtures/families.py` and its siblings write them.

/// A recorded tensor whose numbers are integers divided by a power of two: exact in every type.
package struct ExactTensor: Decodable, Sendable {
  package let shape: [Int]
  private let integers: [Int]
  private let exponent: Int?

  /// The numbers in a floating-point type that holds them.
  package func tensor<Element: LossScalar>(_ type: Element.Type = Element.self) -> Tensor<Element> {
    let unit = Double(sign: .plus, exponent: -(exponent ?? 0), significand: 1)
    return Tensor(shape: shape, scalars: integers.map { Element(Double($0) * unit) })
  }

  /// The numbers in an integer type, which have no fraction.
  package func integerTensor<Element: TensorElement & FixedWidthInteger>(
    _ type: Element.Type
  ) -> Tensor<Element> {
    Tensor(shape: shape, scalars: integers.map { Element($0) })
  }

  package var booleans: Tensor<Bool> { Tensor(shape: shape, scalars: integers.map { $0 != 0 }) }
}

/// Any JSON: a loss's parameters are passed on as they were recorded.
package enum RecordedJSON: Codable, Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([RecordedJSON])
  case object([String: RecordedJSON])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([RecordedJSON].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: RecordedJSON].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }

  /// The JSON read as a value of another type.
  package func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }
}

/// One case of a loss: inputs, parameters, and what came out under every reduction.
package struct FamilyCase: Decodable, Sendable, CustomStringConvertible {
  package let id: String
  package let loss: String
  package let config: [String: RecordedJSON]
  /// Whether the inputs are exact in Float16, too.
  package let half: Bool?
  package let yTrue: ExactTensor
  package let yPred: ExactTensor
  /// The type of the labels: "float" for that of the predictions, or NumPy's name of an integer type.
  package let labels: String
  package let sampleWeight: ExactTensor?
  package let mask: ExactTensor?
  /// The weighted losses.
  package let none: [RecordedNumber]
  /// The value under the other reductions.
  package let values: [String: RecordedNumber]
  /// What the reductions divide the sum of the weighted losses by; 1 where there is none.
  package let divisors: [String: Double]
  /// The gradient of the sum of the weighted losses.
  package let gradient: [RecordedNumber]
  /// What the weighted losses are sums of, without signs; nil where that is the losses themselves.
  package let terms: [Double]?
  /// The same for the gradient.
  package let gradientTerms: [Double]?

  enum CodingKeys: String, CodingKey {
    case id, loss, config, half, labels, mask, none, values, divisors, gradient, terms
    case yTrue = "y_true"
    case yPred = "y_pred"
    case sampleWeight = "sample_weight"
    case gradientTerms = "gradient_terms"
  }

  package var description: String {
    let parameters = (try? String(decoding: JSONEncoder().encode(config), as: UTF8.self)) ?? ""
    return "\(id) \(parameters) \(labels) labels \(yTrue.shape), predictions \(yPred.shape)"
  }

  /// What `keras.losses.serialize` writes for the loss, with this reduction.
  package func identifier(_ reduction: Reduction) throws -> LossIdentifier {
    var parameters = config
    parameters["reduction"] = .string(reduction.rawValue)
    return try RecordedJSON.object([
      "class_name": .string(loss), "config": .object(parameters),
    ]).decoded()
  }

  /// The expected values under a reduction, and for each what its error is relative to.
  package func expected(_ reduction: String) -> (values: [Double], scales: [Double]) {
    let losses = none.map(\.value)
    let scales = terms ?? losses.map(\.magnitude)
    guard reduction != "none" else { return (losses, scales) }
    let total = scales.reduce(0, +)
    return (
      [values[reduction]?.value ?? .nan], [quotient(total, divisor(reduction).magnitude)]
    )
  }

  /// The expected gradient under a reduction, and for each element what its error is relative to.
  package func expectedGradient(_ reduction: String) -> (values: [Double], scales: [Double]) {
    let divisor = divisor(reduction)
    let derivatives = gradient.map(\.value)
    let scales = gradientTerms ?? derivatives.map(\.magnitude)
    return (
      derivatives.map { quotient($0, divisor) }, scales.map { quotient($0, divisor.magnitude) }
    )
  }

  private func divisor(_ reduction: String) -> Double { divisors[reduction] ?? 1 }

  private func quotient(_ value: Double, _ divisor: Double) -> Double {
    divisor == 0 ? 0 : value / divisor
  }
}

/// Whether a number is what a recorded case says, in each of the types.
package enum FamilyTolerance {
  package static func double(_ value: Double, _ exact: Double, _ scale: Double) -> Bool {
    isClose(value, exact, relative: 1e-12, scale: scale)
  }

  package static func float(_ value: Float, _ exact: Double, _ scale: Double) -> Bool {
    isClose(
      Double(value), exact, relative: 2e-6, scale: max(scale, Double(Float.leastNormalMagnitude)))
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    /// One unit in the last place of what the exact result rounds to, or of the terms that cancel in it.
    package static func half(_ value: Float16, _ exact: Double, _ scale: Double) -> Bool {
      let rounded = Float16(exact)
      guard rounded.isFinite else { return value == rounded }
      let unit = Double(Float16(max(scale, exact.magnitude)).ulp)
      return (Double(value) - Double(rounded)).magnitude <= unit
    }
  #endif
}

/// What `keras.losses.serialize` wrote for a loss.
package struct ConfigurationCase: Decodable, Sendable, CustomStringConvertible {
  package let id: String
  package let loss: String
  package let serialized: RecordedJSON
  /// Parameters that Keras left out.
  package let dropped: [String: RecordedJSON]?

  package var description: String { id }

  /// The JSON with further parameters.
  package func completed(with parameters: [String: RecordedJSON]) -> RecordedJSON {
    guard case .object(var object) = serialized, case .object(var config)? = object["config"] else {
      fatalError("\(id) is no object")
    }
    config.merge(parameters) { $1 }
    object["config"] = .object(config)
    return .object(object)
  }
}
