/// A key of a loss's configuration. Raw values are Keras's.
protocol ConfigurationKey: CodingKey, CaseIterable, RawRepresentable where RawValue == String {}

/// A loss's configuration as Keras writes it, read strictly.
///
/// An unknown key is an error that names the known ones. `dtype`, which has no counterpart, and the
/// `fn` of Keras 2 are read over.
struct Configuration<Key: ConfigurationKey> {
  private let container: KeyedDecodingContainer<Key>

  init(_ decoder: any Decoder) throws {
    guard let any = try? decoder.container(keyedBy: AnyKey.self) else {
      throw LossError(.configuration, "config", "must be an object of parameters.")
    }
    let all = any.allKeys.map(\.stringValue)
    let known = Key.allCases.map(\.rawValue)
    if let unknown = all.sorted().first(where: {
      !known.contains($0) && !["dtype", "fn"].contains($0)
    }) {
      throw LossError(
        .configuration, unknown,
        "is no key of this configuration; known keys are \(known.joined(separator: ", ")).")
    }
    container = try decoder.container(keyedBy: Key.self)
  }

  /// The value at `key`; nil where it is absent.
  subscript<Value: Decodable>(key: Key) -> Value? {
    get throws {
      do {
        return try container.decodeIfPresent(Value.self, forKey: key)
      } catch {
        let type = (Value.self as? any DescribedInErrors.Type)?.description ?? "\(Value.self)"
        throw LossError(.configuration, key.rawValue, "must be of type \(type).")
      }
    }
  }

  /// The reduction at `key`: Keras's string, `null` for Keras's `None`, the default where absent.
  func reduction(_ key: Key) throws -> Reduction {
    guard container.contains(key) else { return .sumOverBatchSize }
    guard let name: String = try self[key] else { return .none }
    return try Reduction(keras: name)
  }
}

/// The configuration of a loss without parameters of its own.
enum BareConfiguration {
  private enum Key: String, ConfigurationKey {
    case reduction, name
  }

  static func decode(
    _ type: (some KerasLoss).Type, from decoder: any Decoder
  ) throws -> (reduction: Reduction, name: String) {
    let configuration = try Configuration<Key>(decoder)
    return (
      try configuration.reduction(.reduction), try configuration[.name] ?? type.names.function
    )
  }

  static func encode(_ loss: some KerasLoss, to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(loss.name, forKey: .name)
    try container.encode(loss.reduction.rawValue, forKey: .reduction)
  }
}

/// A type whose own name would not help a reader.
private protocol DescribedInErrors {
  static var description: String { get }
}

extension OneOrMore: DescribedInErrors {
  static var description: String { "\(Value.self) or a list of such" }
}

/// What JSON has as one value or as a list of them.
struct OneOrMore<Value: Codable>: Codable {
  let values: [Value]

  init(_ values: [Value]) { self.values = values }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      values = [try container.decode(Value.self)]
    } catch {
      values = try container.decode([Value].self)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if values.count == 1 {
      try container.encode(values[0])
    } else {
      try container.encode(values)
    }
  }
}

/// Any key: to see which there are.
private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
