import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The Swift code of MIGRATION.md stands verbatim in SampleTests.swift and RecipeTests.swift, between
// `// code: id` and `// end`, and is run there.

@Suite struct MigrationCodeTests {
  @Test func codeIsRun() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let source = try ["RecipeTests", "SampleTests"].map {
      try String(contentsOf: folder.appendingPathComponent("\($0).swift"), encoding: .utf8)
    }.joined()
    let guides = MigrationDocument.guides
    let recipes = guides.flatMap(\.recipes) + MigrationDocument.elementRecipes
    let samples = guides.flatMap(\.samples).filter { $0.language == .swift }
    let code = recipes.map { ($0.id, $0.swift) } + samples.map { ($0.id, $0.text) }
    #expect(code.count == 36)
    for (id, text) in code {
      // However deep the test nests it.
      let found = [4, 6].contains { depth in
        let margin = String(repeating: " ", count: depth)
        let lines = "// code: \(id)\n\(text)\n// end"
          .split(separator: "\n", omittingEmptySubsequences: false)
        return source.contains(lines.map { $0.isEmpty ? "\n" : "\(margin)\($0)\n" }.joined())
      }
      #expect(found, "\(id):\n\(text)")
    }
  }
}

/// The arrays of a recorded case.
func arrays(
  _ id: String
) throws -> (yTrue: Tensor<Float>, yPred: Tensor<Float>, weights: Tensor<Float>) {
  let evaluation = Evaluation(Fixtures.semantics(id), Float.self)
  return (evaluation.labels, evaluation.predictions, evaluation.weights ?? 1)
}
