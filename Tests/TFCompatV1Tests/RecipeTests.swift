import Foundation
import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The Swift code of MIGRATION.md, run. Each piece stands here verbatim between `// code: id` and
// `// end`; a test holds the text equal to the data that the document is rendered from.

private let yTrue: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
private let yPred: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]

@Suite struct RecipeTests {
  @Test func codeStandsHereVerbatim() throws {
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

  @Test func samples() throws {
    let weights: Tensor<Float> = [0.3, 0.7]
    do {
      // code: softmax_cross_entropy.shim
      let loss = try Losses.softmaxCrossEntropy(
        onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2)
      // end
      #expect(eightDigits(Double(loss.item)) == "0.57618052")
    }
    do {
      // code: softmax_cross_entropy.keras
      let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
      let loss = cce(yTrue, yPred, sampleWeight: weights)
      // end
      #expect(eightDigits(Double(loss.item)) == "0.57618052")
    }
  }

  @Test func nonzero() throws {
    for weights: Tensor<Float> in [[0, 0.7], [0.3, 0], [0, 0], [0.3, 0.7]] {
      let old = try Losses.softmaxCrossEntropy(
        onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2)
      // code: nonzero
      let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2, reduction: .sum)
      let sum = cce(yTrue, yPred, sampleWeight: weights).item
      // One weight per loss: broadcast them first if they are fewer.
      let nonzero = weights.scalars.count { $0 != 0 }
      let loss = nonzero == 0 ? 0 : sum / Float(nonzero)
      // end
      #expect(loss == old.item)
    }
  }

  @Test func broadcast() throws {
    let weights: Tensor<Float> = 2
    let old = try Losses.softmaxCrossEntropy(
      onehotLabels: yTrue, logits: yPred, weights: weights, labelSmoothing: 0.2, reduction: .mean)
    // code: broadcast
    let cce = CategoricalCrossentropy(
      fromLogits: true, labelSmoothing: 0.2, reduction: .meanWithSampleWeight)
    let loss = cce(yTrue, yPred, sampleWeight: weights)
    // end
    #expect(loss == old)
  }

  @Test func column() throws {
    let columnWeights: Tensor<Float> = [[0.3], [0.7]]
    // code: column
    let loss = try Losses.softmaxCrossEntropy(
      onehotLabels: yTrue, logits: yPred,
      weights: columnWeights.reshaped(to: Array(yPred.shape.dropLast())), labelSmoothing: 0.2)
    // end
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
    #expect(loss == cce(yTrue, yPred, sampleWeight: columnWeights))
  }

  @Test func clamp() throws {
    let smoothing = -0.2
    // code: clamp
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: max(0, smoothing))
    let loss = cce(yTrue, yPred)
    // end
    let recorded = Fixtures.semantics("5.1.3/negative-smoothing")
    #expect(eightDigits(Double(loss.item)) == recorded.v1?["sum_by_nonzero_weights"]?.text)
  }

  @Test func logits() throws {
    let weights: Tensor<Float> = [0.3, 0.7]
    // code: logits
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
    let loss = cce(yTrue, yPred, sampleWeight: weights)
    // end
    #expect(eightDigits(Double(loss.item)) == "0.57618052")
  }

  @Test func mask() throws {
    let yPred: Tensor<Float> = [[.nan, 0.95, 0], [0.1, 0.8, 0.1]]
    // code: mask
    let cce = CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)
    let loss = cce(yTrue, yPred, mask: [false, true])
    // end
    #expect(eightDigits(Double(loss.item)) == "1.34306")
  }

  @Test func perSampleAndPerStep() throws {
    let recorded = Fixtures.semantics("5.1.3/rank-3-per-sample")
    let sequenceLabels = try #require(recorded.labels).tensor(Float.self)
    let sequenceLogits = try #require(recorded.logits).tensor(Float.self)
    do {
      let sampleWeights: Tensor<Float> = [1, 10]
      // code: perSample
      let loss = try Losses.softmaxCrossEntropy(
        onehotLabels: sequenceLabels, logits: sequenceLogits,
        weights: sampleWeights.reshaped(to: [2, 1]))
      // end
      let cce = CategoricalCrossentropy(fromLogits: true)
      #expect(loss == cce(sequenceLabels, sequenceLogits, sampleWeight: sampleWeights))
    }
    do {
      let stepWeights: Tensor<Float> = [1, 10, 100]
      // code: perStep
      let cce = CategoricalCrossentropy(fromLogits: true)
      let loss = cce(
        sequenceLabels, sequenceLogits, sampleWeight: stepWeights.reshaped(to: [1, 3]))
      // end
      let step = Fixtures.semantics("5.1.3/rank-3-per-step")
      #expect(eightDigits(Double(loss.item)) == step.keras3?["sum_over_batch_size"]?.text)
    }
  }
}
