import Foundation
import KerasLosses
import TestSupport
import Testing

// What holds for every built-in loss: its names, its JSON, and what it says of bad input.

@Suite struct CatalogTests {
  /// The place of every loss in the catalog.
  private static let all = LossIdentifier.catalog.indices

  private func entry(_ index: Int) -> LossIdentifier.Entry { LossIdentifier.catalog[index] }

  @Test func namesAreUnique() {
    let names = LossIdentifier.catalog.flatMap {
      [$0.names.class, $0.names.function] + $0.names.aliases
    }
    #expect(Set(names).count == names.count)
    let classes = LossIdentifier.catalog.map(\.names.class)
    #expect(classes == classes.sorted())
  }

  @Test(arguments: all)
  func names(_ index: Int) throws {
    let names = entry(index).names
    let instance = try LossIdentifier(names.class).loss
    #expect(type(of: instance).names == names && instance.reduction == .sumOverBatchSize)
    for name in [names.function] + names.aliases {
      let function = try LossIdentifier(name).loss
      #expect(type(of: function).names == names && function.reduction == .none)
    }
  }

  /// Every key of a configuration, and none but Keras's; without any key, the defaults.
  @Test(arguments: all)
  func configurations(_ index: Int) throws {
    let entry = entry(index)
    for reduction in Reduction.allCases {
      let loss = entry.make(reduction)
      let back = try decoded(try encoded(loss))
      #expect(isEqual(back, loss))
      #expect(back.reduction == reduction && back.name == loss.name)
    }
    let plain = try decoded(#"{"class_name": "\#(entry.names.class)", "config": {}}"#)
    #expect(isEqual(plain, entry.make(.sumOverBatchSize)))
    let named = try decoded(
      #"{"class_name": "\#(entry.names.class)", "config": {"name": "x", "dtype": null, "fn": 1}}"#)
    #expect(named.name == "x")
  }

  @Test(arguments: all)
  func badConfigurations(_ index: Int) {
    let name = entry(index).names.class
    func text(_ config: String) -> String? {
      errorText { _ = try decoded(#"{"class_name": "\#(name)", "config": \#(config)}"#) }
    }
    #expect(text(#"{"nam": "x"}"#)?.hasPrefix("nam: is no key of this configuration") == true)
    #expect(text(#"{"name": 1}"#) == "name: must be of type String.")
    #expect(text(#"{"reduction": "average"}"#)?.hasPrefix("reduction: must be one of") == true)
    #expect(text(#"{"reduction": 2}"#) == "reduction: must be of type String.")
  }

  private func encoded(_ loss: any KerasLoss) throws -> String {
    String(decoding: try JSONEncoder().encode(LossIdentifier(loss)), as: UTF8.self)
  }

  private func decoded(_ json: String) throws -> any KerasLoss {
    try JSONDecoder().decode(LossIdentifier.self, from: Data(json.utf8)).loss
  }

  private func isEqual(_ a: any KerasLoss, _ b: any KerasLoss) -> Bool {
    AnyHashable(a) == AnyHashable(b)
  }
}

/// Parameters that are not the default survive JSON, under Keras's keys.
@Suite struct ParameterTests {
  struct Saved: Sendable, CustomStringConvertible {
    let loss: any KerasLoss
    let json: String
    var description: String { json }
  }

  static let saved: [Saved] = [
    Saved(
      loss: Huber(delta: 2.5, reduction: .sum, name: "h"),
      json: #"{"delta":2.5,"name":"h","reduction":"sum"}"#),
    Saved(
      loss: BinaryFocalCrossentropy(
        applyClassBalancing: true, alpha: 0.75, gamma: 1.5, fromLogits: true,
        labelSmoothing: 0.125, axis: 1, reduction: .mean, name: "f"),
      json: #"{"alpha":0.75,"apply_class_balancing":true,"axis":1,"from_logits":true,"gamma":1.5,"#
        + #""label_smoothing":0.125,"name":"f","reduction":"mean"}"#),
    Saved(
      loss: MeanSquaredError(),
      json: #"{"name":"mean_squared_error","reduction":"sum_over_batch_size"}"#),
    Saved(loss: Hinge(reduction: .none), json: #"{"name":"hinge","reduction":"none"}"#),
  ]

  @Test(arguments: saved)
  func keysOfKeras(_ saved: Saved) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(saved.loss), as: UTF8.self) == saved.json)
    func check(_ loss: some KerasLoss) throws {
      let back = try JSONDecoder().decode(type(of: loss), from: Data(saved.json.utf8))
      #expect(back == loss)
    }
    try check(saved.loss)
  }
}
