import Foundation
import KerasLosses
import TestSupport
import Testing

// What holds for every built-in loss: its names, and its JSON with defaults.

@Suite struct CatalogTests {
  /// The place of every loss in the catalog.
  private static let all = LossIdentifier.catalog.indices

  private func entry(_ index: Int) -> LossIdentifier.Entry { LossIdentifier.catalog[index] }

  @Test func namesAreUnique() {
    let names = LossIdentifier.catalog.flatMap {
      [$0.names.class, $0.names.function] + $0.names.aliases
    }
    #expect(Set(names).count == names.count)
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
