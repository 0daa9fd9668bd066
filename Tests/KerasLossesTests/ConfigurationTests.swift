import Foundation
import KerasLosses
import TestSupport
import Testing

// Keras's JSON of every loss with every parameter, in both directions. What `keras.losses.serialize` wrote is
// recorded; what is written here is held equal to a file that the recording program has Keras read.

@Suite struct ConfigurationTests {
  private static let cases = Fixtures.configurations

  @Test func everyLossIsThere() {
    #expect(
      Set(LossIdentifier.catalog.map(\.names.class)) == Set(Self.cases.map(\.loss)),
      "the losses here, and the losses that were recorded")
  }

  /// Keras's own JSON is read, and the same JSON comes out: with the parameters that Keras leaves out, if any.
  @Test(arguments: cases)
  func keras(_ recorded: ConfigurationCase) throws {
    #expect(try written(recorded.serialized) == recorded.completed(with: recorded.defaults))
    #expect(
      try written(recorded.completed(with: recorded.dropped ?? [:]))
        == recorded.completed(with: recorded.dropped ?? [:]))
  }

  /// A loss that went through JSON is the same loss.
  @Test(arguments: cases)
  func equalLosses(_ recorded: ConfigurationCase) throws {
    func check<Loss: KerasLoss>(_ loss: Loss) throws {
      let data = try JSONEncoder().encode(LossIdentifier(loss))
      let back = try JSONDecoder().decode(LossIdentifier.self, from: data).loss
      #expect(back as? Loss == loss)
      #expect(back.hashValue == loss.hashValue)
    }
    try check(identifier(recorded.completed(with: recorded.dropped ?? [:])).loss)
  }

  /// What Keras has read: a change here means that the recording program must have Keras read it again.
  @Test func writtenForKeras() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let lines = try Self.cases.map { recorded in
      let identifier = try identifier(recorded.completed(with: recorded.dropped ?? [:]))
      return String(decoding: try encoder.encode(identifier), as: UTF8.self)
    }
    let text = "[\n" + lines.joined(separator: ",\n") + "\n]\n"
    let path = Fixtures.root.appendingPathComponent("Tests/Fixtures/configurations_written.json")
    guard text != (try? String(contentsOf: path, encoding: .utf8)) else { return }
    let other = FileManager.default.temporaryDirectory.appendingPathComponent(
      path.lastPathComponent)
    try text.write(to: other, atomically: true, encoding: .utf8)
    Issue.record("\(path.path) is not what is written now, which is in \(other.path)")
  }

  private func identifier(_ json: RecordedJSON) throws -> LossIdentifier { try json.decoded() }

  /// The JSON that comes out for the JSON that goes in.
  private func written(_ json: RecordedJSON) throws -> RecordedJSON {
    let data = try JSONEncoder().encode(identifier(json))
    return try JSONDecoder().decode(RecordedJSON.self, from: data)
  }
}

extension ConfigurationCase {
  /// What Keras leaves out, at its defaults.
  fileprivate var defaults: [String: RecordedJSON] {
    switch loss {
    case "Huber": ["delta": .integer(1)]
    case "CosineSimilarity", "SparseCategoricalCrossentropy": ["axis": .integer(-1)]
    default: [:]
    }
  }
}
