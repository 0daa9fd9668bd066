import Foundation
import KerasLosses
import TestSupport
import Testing

// Keras's JSON in both directions, and losses by name.

@Suite struct SerializationTests {
  private func decode(_ json: String) throws -> CategoricalCrossentropy {
    try JSONDecoder().decode(CategoricalCrossentropy.self, from: Data(json.utf8))
  }

  @Test func absentKeysAreDefaults() throws {
    #expect(try decode("{}") == CategoricalCrossentropy())
  }

  @Test func keysOfKeras() throws {
    let loss = try decode(
      """
      {"name": "cce", "reduction": "mean_with_sample_weight", "from_logits": true,
       "label_smoothing": 0.25, "axis": 1, "dtype": "float64", "fn": "categorical_crossentropy"}
      """)
    #expect(
      loss
        == CategoricalCrossentropy(
          fromLogits: true, labelSmoothing: 0.25, axis: 1, reduction: .meanWithSampleWeight,
          name: "cce"))
    #expect(try decode(#"{"reduction": "auto"}"#).reduction == .sumOverBatchSize)
    #expect(try decode(#"{"reduction": null}"#).reduction == .none)
  }

  @Test func roundTrip() throws {
    for reduction in Reduction.allCases {
      let loss = CategoricalCrossentropy(
        fromLogits: true, labelSmoothing: 0.1, axis: -2, reduction: reduction, name: "x")
      let data = try JSONEncoder().encode(loss)
      #expect(try JSONDecoder().decode(CategoricalCrossentropy.self, from: data) == loss)
      let identifier = try JSONEncoder().encode(LossIdentifier(loss))
      let back = try JSONDecoder().decode(LossIdentifier.self, from: identifier)
      #expect(back.loss as? CategoricalCrossentropy == loss)
    }
  }

  @Test func writesWhatKerasWrites() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(LossIdentifier(CategoricalCrossentropy(fromLogits: true)))
    #expect(
      String(decoding: data, as: UTF8.self)
        == #"{"class_name":"CategoricalCrossentropy","config":{"axis":-1,"from_logits":true,"#
        + #""label_smoothing":0,"name":"categorical_crossentropy","reduction":"#
        + #""sum_over_batch_size"},"module":"keras.losses","registered_name":null}"#)
  }

  @Test func names() throws {
    let instance = try LossIdentifier("CategoricalCrossentropy").loss
    #expect(instance as? CategoricalCrossentropy == CategoricalCrossentropy())
    let function = try LossIdentifier("categorical_crossentropy").loss
    #expect(function as? CategoricalCrossentropy == CategoricalCrossentropy(reduction: .none))
  }

  /// Shapes of JSON that `keras.losses.serialize` writes.
  @Test(arguments: [
    (#""categorical_crossentropy""#, Reduction.none),
    (
      #"{"module": "builtins", "class_name": "function", "config": "categorical_crossentropy", "#
        + #""registered_name": "function"}"#, Reduction.none
    ),
    (
      #"{"module": "keras.losses", "class_name": "CategoricalCrossentropy", "config": "#
        + #"{"name": "x", "reduction": "sum", "from_logits": false, "label_smoothing": 0.0, "#
        + #""axis": -1}, "registered_name": null}"#, .sum
    ),
    (#"{"class_name": "CategoricalCrossentropy"}"#, .sumOverBatchSize),
  ])
  func identifiers(_ json: String, _ reduction: Reduction) throws {
    let identifier = try JSONDecoder().decode(LossIdentifier.self, from: Data(json.utf8))
    #expect(identifier.loss.reduction == reduction)
  }
}
