import Foundation
import TFCompatV1
import TestSupport
import Testing

@Suite struct MigrationDocumentTests {
  /// MIGRATION.md is the rendering of the data. `UPDATE_MIGRATION=1` writes it anew.
  @Test func fileIsTheRendering() throws {
    let url = Fixtures.root.appendingPathComponent("MIGRATION.md")
    if ProcessInfo.processInfo.environment["UPDATE_MIGRATION"] != nil {
      try Data(MigrationDocument.text.utf8).write(to: url)
    }
    let file = try String(contentsOf: url, encoding: .utf8)
    let differing = zip(
      file.split(separator: "\n", omittingEmptySubsequences: false),
      MigrationDocument.text.split(separator: "\n", omittingEmptySubsequences: false)
    ).first { $0 != $1 }
    #expect(
      file == MigrationDocument.text, "first differing line: \(differing.map { "\($0)" } ?? "")")
  }
}
