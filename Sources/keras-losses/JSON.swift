// JSON values: read from configurations, written as results.

import Foundation
import KerasLosses

/// A JSON value. Numbers are kept as text, so that each is written as its own type writes it.
package enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A key and its value.
  package struct Member: Sendable, Equatable {
    package let key: String
    package let value: JSON
  }

  /// A number as the shortest text that reads back as the same value of its type; one that JSON has no
  /// number for as "nan", "inf" or "-inf".
  init(_ number: some LossScalar) {
    if number.isNaN {
      self = .string("nan")
    } else if number.isInfinite {
      self = .string(number < 0 ? "-inf" : "inf")
    } else {
      self = .number(number.description)
    }
  }

  /// The only number of a tensor of rank 0, or else the flat list of its numbers.
  init<Scalar: LossScalar>(_ tensor: Tensor<Scalar>) {
    self = tensor.rank == 0 ? JSON(tensor.item) : .array(tensor.scalars.map { JSON($0) })
  }

  init(shape: [Int]) {
    self = .array(shape.map { .number("\($0)") })
  }

  /// An object whose keys stand in this order.
  static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  /// The value of a key, or nil.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// This object with the members of another; where both have a key, with the other's value.
  func merging(_ other: JSON) -> JSON {
    guard case .object(let mine) = self, case .object(let theirs) = other else { return other }
    return .object(mine.filter { other[$0.key] == nil } + theirs)
  }

  /// One line of text.
  var text: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text): text
    case .string(let value): Self.quoted(value)
    case .array(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ": " + $0.value.text }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\u{0}"..<" ": text += String(format: "\\u%04x", scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

extension JSON: Decodable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .number("\(value)")
    } else if let value = try? container.decode(Double.self) {
      self = .number("\(value)")
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let values = try? container.decode([JSON].self) {
      self = .array(values)
    } else {
      let members = try container.decode([String: JSON].self)
      self = .object(
        members.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: $0.value) })
    }
  }

  /// The value that `data` holds; nil if it is not JSON.
  package init?(parsing data: Data) {
    guard let value = try? JSONDecoder().decode(JSON.self, from: data) else { return nil }
    self = value
  }
}
