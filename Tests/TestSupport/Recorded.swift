import Foundation
import KerasLosses

// The recorded numbers of TensorFlow and Keras, as `Tests/Fixtures/record.py` writes them.

/// A recorded tensor; every type fits a Double.
package struct RecordedTensor: Decodable, Sendable {
  package let shape: [Int]
  package let values: [Double]
  /// The type, where it is not the case's.
  package let dtype: String?

  enum Key: CodingKey {
    case shape
    case values
    case dtype
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    shape = try container.decode([Int].self, forKey: .shape)
    values = try container.decode([RecordedNumber].self, forKey: .values).map(\.value)
    dtype = try container.decodeIfPresent(String.self, forKey: .dtype)
  }

  package func tensor<Element: LossScalar>(_ type: Element.Type = Element.self) -> Tensor<Element> {
    Tensor(shape: shape, scalars: values.map { Element($0) })
  }

  /// Class ids.
  package var ids: Tensor<Int32> {
    Tensor(shape: shape, scalars: values.map { Int32($0) })
  }

  package var mask: Tensor<Bool> { Tensor(shape: shape, scalars: values.map { $0 != 0 }) }
}

/// A number, or the string "nan", "inf" or "-inf".
package struct RecordedNumber: Decodable, Sendable {
  package let value: Double

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
    } else {
      let text = try container.decode(String.self)
      guard let number = Double(text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: text)
      }
      value = number
    }
  }
}

/// What a framework returned: a tensor or an error.
package enum RecordedResult: Decodable, Sendable {
  case tensor(RecordedTensor)
  case error(type: String)

  enum Key: CodingKey {
    case error
  }

  package init(from decoder: any Decoder) throws {
    if let type = try decoder.container(keyedBy: Key.self)
      .decodeIfPresent(String.self, forKey: .error)
    {
      self = .error(type: type)
    } else {
      self = .tensor(try RecordedTensor(from: decoder))
    }
  }

  package var tensor: RecordedTensor? {
    if case .tensor(let tensor) = self { tensor } else { nil }
  }

  /// The outcome as migration rows print it: the first value to 8 digits, or the error's type.
  package var text: String {
    switch self {
    case .error(let type): type
    case .tensor(let tensor):
      tensor.shape == [0] ? "shape [0]" : eightDigits(tensor.values.first ?? 0)
    }
  }

  /// All values as migration rows print them.
  package var listText: String {
    guard let tensor else { return text }
    return "[" + tensor.values.map(eightDigits).joined(separator: ", ") + "]"
  }

  /// The values of the first row as migration rows print them.
  package var firstRowText: String {
    guard let tensor else { return text }
    let row = tensor.values.prefix(tensor.shape.last ?? 1)
    return "[" + row.map(eightDigits).joined(separator: ", ") + "]"
  }
}

/// A float32 number to 8 significant digits, as C's `%.8g` prints it.
package func eightDigits(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-inf" : "inf" }
  return String(format: "%.8g", Double(Float(value)))
}

/// One case of `semantics.json`.
package struct SemanticsCase: Decodable, Sendable, CustomStringConvertible {
  package let id: String
  package let section: String
  package let title: String
  package let function: String
  package let dtype: String
  package let labels: RecordedTensor?
  package let logits: RecordedTensor?
  package let losses: RecordedTensor?
  package let weights: RecordedTensor?
  package let mask: RecordedTensor?
  package let labelSmoothing: Double?
  package let fromLogits: Bool?
  package let axis: Int?
  package let delta: Double?
  package let epsilon: Double?
  package let alpha: [Double]?
  package let gamma: Double?
  package let ignoreClass: Int?
  package let v1: [String: RecordedResult]?
  package let keras2: [String: RecordedResult]?
  package let keras3: [String: RecordedResult]?
  /// Keras 3 computing in the case's type.
  package let keras3InDtype: [String: RecordedResult]?
  /// What `mean_pairwise_squared_error` returns outside a graph.
  package let v1Eager: RecordedResult?
  package let keras3ConfigurationKeys: [String]?
  package let v1Gradient: [String: RecordedResult]?
  package let keras3Gradient: [String: RecordedResult]?
  package let trueGradient: RecordedTensor?
  package let trueLosses: RecordedTensor?
  package let graph: Graph?
  package let mode: String?

  package struct Graph: Decodable, Sendable {
    package let v1: [String: RecordedResult]?
    package let keras2: [String: RecordedResult]?
    package let keras3: [String: RecordedResult]?
  }

  package var description: String { id }

  enum CodingKeys: String, CodingKey {
    case id, section, title, function, dtype, labels, logits, losses, weights, mask, axis
    case v1, keras2, keras3, graph, mode, delta, epsilon, alpha, gamma
    case ignoreClass = "ignore_class"
    case keras3InDtype = "keras3_in_dtype"
    case v1Eager = "v1_eager"
    case keras3ConfigurationKeys = "keras3_config_keys"
    case labelSmoothing = "label_smoothing"
    case fromLogits = "from_logits"
    case v1Gradient = "v1_gradient"
    case keras3Gradient = "keras3_gradient"
    case trueGradient = "true_gradient"
    case trueLosses = "true_losses"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func value<Value: Decodable>(_ key: CodingKeys) throws -> Value? {
      try container.decodeIfPresent(Value.self, forKey: key)
    }
    id = try container.decode(String.self, forKey: .id)
    section = try container.decode(String.self, forKey: .section)
    title = try container.decode(String.self, forKey: .title)
    function = try container.decode(String.self, forKey: .function)
    dtype = try container.decode(String.self, forKey: .dtype)
    labels = try value(.labels)
    logits = try value(.logits)
    losses = try value(.losses)
    // An explicit Python None is recorded as {"none": true}.
    weights = try? container.decodeIfPresent(RecordedTensor.self, forKey: .weights)
    mask = try value(.mask)
    labelSmoothing = try value(.labelSmoothing)
    fromLogits = try value(.fromLogits)
    axis = try value(.axis)
    delta = try value(.delta)
    epsilon = try value(.epsilon)
    alpha = try value(.alpha)
    gamma = try value(.gamma)
    ignoreClass = try value(.ignoreClass)
    v1Eager = try value(.v1Eager)
    keras3ConfigurationKeys = try value(.keras3ConfigurationKeys)
    v1 = try value(.v1)
    keras2 = try value(.keras2)
    keras3 = try value(.keras3)
    keras3InDtype = try value(.keras3InDtype)
    v1Gradient = try value(.v1Gradient)
    keras3Gradient = try value(.keras3Gradient)
    trueGradient = try value(.trueGradient)
    trueLosses = try value(.trueLosses)
    graph = try value(.graph)
    mode = try value(.mode)
  }
}

/// One case of `softmax_random.json`.
package struct RandomCase: Decodable, Sendable, CustomStringConvertible {
  package let id: Int
  package let dtype: String
  package let axis: Int
  package let fromLogits: Bool
  package let labelSmoothing: Double
  package let yTrue: RecordedTensor
  package let yPred: RecordedTensor
  package let sampleWeight: RecordedTensor?
  package let mask: RecordedTensor?
  package let keras: [String: Numbers]
  package let kerasGradient: [String: Numbers]
  package let v1: [String: Numbers]?
  package let v1Gradient: [String: Numbers]?

  package var description: String { "#\(id) \(dtype) \(yPred.shape)" }

  enum CodingKeys: String, CodingKey {
    case id, dtype, axis, mask, keras, v1
    case fromLogits = "from_logits"
    case labelSmoothing = "label_smoothing"
    case yTrue = "y_true"
    case yPred = "y_pred"
    case sampleWeight = "sample_weight"
    case kerasGradient = "keras_gradient"
    case v1Gradient = "v1_gradient"
  }

  /// A number or a flat array of numbers.
  package struct Numbers: Decodable, Sendable {
    package let values: [Double]

    package init(from decoder: any Decoder) throws {
      if let many = try? [RecordedNumber](from: decoder) {
        values = many.map(\.value)
      } else {
        values = [try RecordedNumber(from: decoder).value]
      }
    }
  }
}

/// The recorded files.
package enum Fixtures {
  package static let semantics: [SemanticsCase] = read("semantics.json")
  package static let random: [RandomCase] = read("softmax_random.json")
  package static let families = Dictionary(
    grouping: read("families_random.json") as [FamilyCase], by: \.loss)
  package static let configurations: [ConfigurationCase] = read("configurations.json")
  package static let ctc: [FamilyCase] = read("ctc_random.json")
  package static let v1Families = Dictionary(
    grouping: read("families_v1.json") as [FamilyCase], by: \.loss)

  /// The package's top folder.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  package static func semantics(_ id: String) -> SemanticsCase {
    guard let found = semantics.first(where: { $0.id == id }) else {
      fatalError("no recorded case is called \(id)")
    }
    return found
  }

  private struct File<Case: Decodable>: Decodable {
    let cases: [Case]
  }

  private static func read<Case: Decodable>(_ name: String) -> [Case] {
    let url = root.appendingPathComponent("Tests/Fixtures/\(name)")
    do {
      return try JSONDecoder().decode(File<Case>.self, from: Data(contentsOf: url)).cases
    } catch {
      fatalError("\(name): \(error)")
    }
  }
}
