/// A loss by name, as `keras.losses.get` and `keras.losses.deserialize` resolve it.
///
/// ```swift
/// try LossIdentifier("CategoricalCrossentropy").loss   // the class, with its defaults
/// try LossIdentifier("categorical_crossentropy").loss  // the function: one loss per sample
/// let saved = try JSONDecoder().decode(LossIdentifier.self, from: json)
/// ```
///
/// JSON is a name, or the object that `keras.losses.serialize` writes:
/// `{"module": "keras.losses", "class_name": "CategoricalCrossentropy", "config": {…},
/// "registered_name": null}`.
public struct LossIdentifier: Sendable {
  /// The loss that was named.
  public let loss: any KerasLoss

  /// A built-in loss, and how to make one with a reduction and all other parameters at their default.
  package struct Entry: Sendable {
    package let type: any KerasLoss.Type
    package let names: KerasNames
    package let make: @Sendable (Reduction) -> any KerasLoss

    init<Built: KerasLoss>(_ make: @escaping @Sendable (Reduction) -> Built) {
      type = Built.self
      names = Built.names
      self.make = make
    }
  }

  /// The built-in losses. A new loss is one new file and one line here.
  package static let catalog: [Entry] = [
    Entry { BinaryCrossentropy(reduction: $0) },
    Entry { BinaryFocalCrossentropy(reduction: $0) },
    Entry { CTC(reduction: $0) },
    Entry { CategoricalCrossentropy(reduction: $0) },
    Entry { CategoricalFocalCrossentropy(reduction: $0) },
    Entry { CategoricalGeneralizedCrossEntropy(reduction: $0) },
    Entry { CategoricalHinge(reduction: $0) },
    Entry { Circle(reduction: $0) },
    Entry { CosineSimilarity(reduction: $0) },
    Entry { Dice(reduction: $0) },
    Entry { Hinge(reduction: $0) },
    Entry { Huber(reduction: $0) },
    Entry { KLDivergence(reduction: $0) },
    Entry { LogCosh(reduction: $0) },
    Entry { MeanAbsoluteError(reduction: $0) },
    Entry { MeanAbsolutePercentageError(reduction: $0) },
    Entry { MeanSquaredError(reduction: $0) },
    Entry { MeanSquaredLogarithmicError(reduction: $0) },
    Entry { Poisson(reduction: $0) },
    Entry { SparseCategoricalCrossentropy(reduction: $0) },
    Entry { SquaredHinge(reduction: $0) },
    Entry { Tversky(reduction: $0) },
  ]

  /// An identifier of a loss that is already there, to encode it.
  public init(_ loss: any KerasLoss) { self.loss = loss }

  /// The loss of this name.
  ///
  /// A class name gives the loss with its defaults. A function name (or an alias of it) gives it with
  /// the reduction ``Reduction/none``, because Keras's functions return one loss per sample. Names are
  /// case-sensitive. Throws a ``LossError`` with code ``LossError/Code/identifier`` otherwise.
  public init(_ name: String) throws(LossError) {
    let entry = try Self.entry(named: name)
    let isFunction = entry.names.class != name
    loss = entry.make(isFunction ? .none : .sumOverBatchSize)
  }

  /// The built-in loss that Keras calls `name`.
  package static func entry(named name: String) throws(LossError) -> Entry {
    let found = catalog.first {
      [$0.names.class, $0.names.function].contains(name) || $0.names.aliases.contains(name)
    }
    guard let found else {
      let known = catalog.map(\.names.class).sorted().joined(separator: ", ")
      throw LossError(
        .identifier, "identifier", "\"\(name)\" names no loss; there are \(known).")
    }
    return found
  }
}

extension LossIdentifier: Codable {
  private enum Key: String, CodingKey {
    case module
    case className = "class_name"
    case config
    case registeredName = "registered_name"
  }

  /// Reads a name, or what `keras.losses.serialize` writes for a class or a function.
  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      try self.init(name)
      return
    }
    guard let container = try? decoder.container(keyedBy: Key.self),
      let className = try? container.decode(String.self, forKey: .className)
    else {
      throw LossError(
        .configuration, "identifier",
        "must be a name, or an object with the name of a class at \"class_name\".")
    }
    if className == "function" {
      guard let name = try? container.decode(String.self, forKey: .config) else {
        throw LossError(.configuration, "config", "must be the name of the function.")
      }
      try self.init(name)
      return
    }
    let type = try Self.entry(named: className).type
    guard container.contains(.config) else {
      try self.init(className)
      return
    }
    self.init(try type.init(from: container.superDecoder(forKey: .config)))
  }

  /// Writes what `keras.losses.serialize` writes for an instance.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("keras.losses", forKey: .module)
    try container.encode(Swift.type(of: loss).names.class, forKey: .className)
    try loss.encode(to: container.superEncoder(forKey: .config))
    try container.encodeNil(forKey: .registeredName)
  }
}
