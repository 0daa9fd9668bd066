import Foundation
import KerasLosses
import TestSupport
import Testing

// Every loss with every kind of bad configuration: each is a LossError that names the key.

@Suite struct BadConfigurationTests {
  private static let losses = LossIdentifier.catalog.map(\.names.class)

  /// A configuration of a loss with its own keys, and the error of reading it with some of them replaced.
  private struct Configuration {
    let loss: String
    let parameters: [String: RecordedJSON]

    init(_ loss: String) throws {
      self.loss = loss
      let data = try JSONEncoder().encode(LossIdentifier(LossIdentifier(loss).loss))
      guard case .object(let object) = try JSONDecoder().decode(RecordedJSON.self, from: data),
        case .object(let parameters)? = object["config"]
      else { fatalError("\(loss) is no object") }
      self.parameters = parameters
    }

    func identifier(_ key: String, _ value: RecordedJSON) throws -> LossIdentifier {
      let config = parameters.merging([key: value]) { $1 }
      return try RecordedJSON.object(["class_name": .string(loss), "config": .object(config)])
        .decoded()
    }

    func error(_ key: String, _ value: RecordedJSON) -> LossError? {
      #expect(throws: LossError.self, "\(loss) with \(key) = \(value)") {
        try identifier(key, value)
      }
    }
  }

  @Test(arguments: losses)
  func unknownKeys(_ loss: String) throws {
    let configuration = try Configuration(loss)
    for key in ["no_such_key", "From_logits", "fromLogits", "reductions", ""] {
      let error = configuration.error(key, .integer(1))
      #expect(error?.code == .configuration)
      #expect(error?.argument == key)
      for known in configuration.parameters.keys {
        #expect(error?.description.contains(known) == true, "\(error?.description ?? "")")
      }
    }
    // What other versions of Keras write.
    for key in ["dtype", "fn"] {
      #expect(throws: Never.self) { try configuration.identifier(key, .string("float32")) }
    }
  }

  @Test(arguments: losses)
  func valuesOfTheWrongKind(_ loss: String) throws {
    let configuration = try Configuration(loss)
    for key in configuration.parameters.keys {
      for value in [RecordedJSON.object(["a": .null]), .array([.string("x")])] {
        let error = configuration.error(key, value)
        #expect(error?.code == .configuration)
        #expect(error?.argument == key)
        #expect(error?.description.contains("must be") == true, "\(error?.description ?? "")")
      }
    }
  }

  @Test(arguments: losses)
  func reductions(_ loss: String) throws {
    let configuration = try Configuration(loss)
    for name in ["weighted_mean", "Sum", "", "SUM_OVER_BATCH_SIZE"] {
      let error = configuration.error("reduction", .string(name))
      #expect(error?.code == .reduction)
      #expect(error?.description.contains("\"\(name)\"") == true)
      for reduction in Reduction.allCases {
        #expect(error?.description.contains("\"\(reduction.rawValue)\"") == true)
      }
    }
  }

  /// Values outside the domain of a parameter, by Keras's name of it.
  private static let outside: [String: [Double]] = [
    "label_smoothing": [-0.1, 1.5, 1e300], "delta": [-1, 0], "alpha": [-1], "beta": [-1],
    "gamma": [-1], "q": [0, 1, -0.5, 2],
  ]

  @Test(arguments: losses)
  func domains(_ loss: String) throws {
    let configuration = try Configuration(loss)
    for (key, values) in Self.outside where configuration.parameters[key] != nil {
      for value in values {
        let error = configuration.error(key, .number(value))
        #expect(error?.code == .parameter)
        #expect(error?.argument == key)
        #expect(error?.description.contains("must ") == true)
        #expect(error?.description.contains("got \(value)") == true, "\(error?.description ?? "")")
      }
    }
  }

  /// An axis can be judged only beside a tensor.
  @Test(arguments: losses)
  func axes(_ loss: String) throws {
    let configuration = try Configuration(loss)
    guard configuration.parameters["axis"] != nil else { return }
    let good = GoodCall(loss)
    for axis in [2, -3, 9] {
      let built = try configuration.identifier("axis", .integer(axis)).loss
      let error = #expect(throws: LossError.self) {
        try built.evaluate(good.yTrue, good.yPred)
      }
      #expect(error?.code == .axis)
      #expect(error?.description.hasPrefix("axis: must ") == true)
      #expect(error?.description.contains("\(axis)") == true)
    }
  }

  /// JSON that is no object where there must be one.
  @Test(arguments: losses)
  func shapesOfJSON(_ loss: String) throws {
    for config in [RecordedJSON.null, .integer(1), .array([]), .string(loss), .bool(true)] {
      let json = RecordedJSON.object(["class_name": .string(loss), "config": config])
      let error = #expect(throws: LossError.self, "config: \(config)") {
        try json.decoded(as: LossIdentifier.self)
      }
      #expect(error?.code == .configuration)
      #expect(error?.description == "config: must be an object of parameters.")
    }
    for json in [
      RecordedJSON.null, .integer(1), .array([.string(loss)]), .object([:]),
      .object(["class_name": .integer(1)]), .object(["config": .object([:])]),
    ] {
      let error = #expect(throws: LossError.self, "\(json)") {
        try json.decoded(as: LossIdentifier.self)
      }
      #expect(error?.code == .configuration)
      #expect(error?.argument == "identifier")
    }
    let function = RecordedJSON.object(["class_name": .string("function")])
    let error = #expect(throws: LossError.self) { try function.decoded(as: LossIdentifier.self) }
    #expect(error?.description == "config: must be the name of the function.")
  }

  @Test(arguments: [
    "", "mse ", "Mse", "MeanSquaredErrors", "huber_loss", "logcosh", "Loss", "cosine_proximity",
    "kullback_leibler_divergence", "softmax_cross_entropy",
  ])
  func names(_ name: String) throws {
    let error = try #require(throws: LossError.self) { try LossIdentifier(name) }
    #expect(error.code == .identifier)
    #expect(error.description.contains("\"\(name)\" names no loss"))
    for known in Self.losses { #expect(error.description.contains(known)) }
    for json in [
      RecordedJSON.string(name), .object(["class_name": .string(name), "config": .object([:])]),
      .object(["class_name": .string("function"), "config": .string(name)]),
    ] {
      #expect(throws: error) { try json.decoded(as: LossIdentifier.self) }
    }
  }
}
