import KerasLosses
import TestSupport
import Testing

// Gradients against central differences in Double: rank 1 to 4, every legal shape of weights, with and
// without a mask, every reduction, logits and probabilities, every axis.

@Suite struct GradientTests {
  private static let cases = makeCases()

  @Test func thereAreEnough() {
    let cases = Self.cases
    #expect(cases.count >= 500)
    #expect(Set(cases.map { $0.yPred.rank }) == [1, 2, 3, 4])
    #expect(Set(cases.map { $0.loss.reduction }) == Set(Reduction.allCases))
    #expect(Set(cases.map { $0.loss.fromLogits }) == [true, false])
    #expect(cases.contains { $0.axis != $0.yPred.rank - 1 })
    #expect(cases.contains { $0.mask != nil } && cases.contains { $0.mask == nil })
  }

  @Test func centralDifferences() throws {
    var worst = 0.0
    for one in Self.cases {
      worst = max(
        worst,
        try expectCentralDifferences(
          one.loss, one.yTrue, one.yPred, sampleWeight: one.weights, mask: one.mask, step: 2e-5))
    }
    print("Gradients: \(Self.cases.count) cases, largest error \(worst)")
  }

  /// Masked elements get exactly 0, also where the predictions are NaN.
  @Test func maskedElementsGetZero() throws {
    let yPred: Tensor<Float> = [[.nan, 1, 2], [0.5, 0.1, 0.4]]
    let yTrue: Tensor<Float> = [[0, 1, 0], [1, 0, 0]]
    for reduction in Reduction.allCases {
      for fromLogits in [true, false] {
        let loss = CategoricalCrossentropy(fromLogits: fromLogits, reduction: reduction)
        let (value, gradient) = try loss.valueWithGradient(yTrue, yPred, mask: [false, true])
        #expect(!value.scalars.contains { $0.isNaN })
        #expect(gradient.scalars[0..<3].allSatisfy { $0 == 0 && $0.sign == .plus })
        #expect(gradient.scalars[3..<6].allSatisfy { $0.isFinite && $0 != 0 })
      }
    }
  }

  /// A zero weight multiplies: 0 · NaN is NaN. A denominator of 0 gives a gradient of 0.
  @Test func zeroWeights() throws {
    let yPred: Tensor<Float> = [[.nan, 1, 2], [0.5, 0.1, 0.4]]
    let yTrue: Tensor<Float> = [[0, 1, 0], [1, 0, 0]]
    let cce = CategoricalCrossentropy(fromLogits: true)
    let (value, gradient) = try cce.valueWithGradient(yTrue, yPred, sampleWeight: [0, 1])
    #expect(value.item.isNaN && gradient.scalars[0].isNaN && gradient.scalars[3].isFinite)
    let mean = CategoricalCrossentropy(fromLogits: true, reduction: .meanWithSampleWeight)
    let zero = try mean.valueWithGradient(
      yTrue, [[0.1, 1, 2], [0.5, 0.1, 0.4]], sampleWeight: [-1, 1])
    #expect(zero.value == 0 && zero.gradient.scalars.allSatisfy { $0 == 0 })
  }

  /// A buffer is written in place, replaced if its shape is another, and untouched by an error.
  @Test func intoABuffer() throws {
    let yTrue: Tensor<Float> = [[0, 1, 0], [1, 0, 0]]
    let yPred: Tensor<Float> = [[0.3, 1, 2], [0.5, 0.1, 0.4]]
    let cce = CategoricalCrossentropy(fromLogits: true)
    let fresh = try cce.valueWithGradient(yTrue, yPred)
    var buffer = Tensor<Float>(shape: [2, 3], scalars: [Float](repeating: 7, count: 6))
    #expect(try cce.valueWithGradient(yTrue, yPred, into: &buffer) == fresh.value)
    #expect(buffer == fresh.gradient)
    var other: Tensor<Float> = [1]
    _ = try cce.valueWithGradient(yTrue, yPred, into: &other)
    #expect(other == fresh.gradient)
    let before = other
    #expect(throws: LossError.self) {
      try cce.valueWithGradient(yTrue, yPred, sampleWeight: [1, 2, 3], into: &other)
    }
    #expect(other == before)
  }
}

private struct GradientCase {
  let loss: CategoricalCrossentropy
  let axis: Int
  let yTrue: Tensor<Double>
  let yPred: Tensor<Double>
  let weights: Tensor<Double>?
  let mask: Tensor<Bool>?
}

private func makeCases() -> [GradientCase] {
  var generator = SeededGenerator(seed: 20_221)
  var cases: [GradientCase] = []
  let shapes = [[4], [3, 4], [2, 3, 4], [2, 2, 3, 2]]
  for shape in shapes {
    for axis in shape.indices {
      let losses = Array(shape[..<axis] + shape[(axis + 1)...])
      for weightShape in [nil] + legalWeightShapes(losses).map(Optional.some) {
        for (hasMask, fromLogits) in [(false, true), (true, true), (false, false), (true, false)] {
          for reduction in Reduction.allCases {
            cases.append(
              make(shape, axis, losses, weightShape, hasMask, fromLogits, reduction, &generator))
          }
        }
      }
    }
  }
  return cases
}

/// Every shape of weights that aligns with the leading axes of the losses.
private func legalWeightShapes(_ losses: [Int]) -> [[Int]] {
  var shapes: [[Int]] = [[]]
  for rank in 1...max(1, losses.count) where !losses.isEmpty {
    var prefixes: [[Int]] = [[]]
    for size in losses.prefix(rank) { prefixes = prefixes.flatMap { [$0 + [1], $0 + [size]] } }
    shapes += prefixes
  }
  return shapes + [losses + [1]]
}

private func make(
  _ shape: [Int], _ axis: Int, _ losses: [Int], _ weightShape: [Int]?, _ hasMask: Bool,
  _ fromLogits: Bool, _ reduction: Reduction, _ generator: inout SeededGenerator
) -> GradientCase {
  let spelled = Bool.random(using: &generator) ? axis : axis - shape.count
  return GradientCase(
    loss: CategoricalCrossentropy(
      fromLogits: fromLogits, labelSmoothing: Bool.random(using: &generator) ? 0.1 : 0,
      axis: spelled, reduction: reduction),
    axis: axis,
    yTrue: randomTensor(shape, 0...1, &generator),
    // Probabilities stay away from the clipping bounds.
    yPred: fromLogits
      ? randomTensor(shape, -3...3, &generator) : randomTensor(shape, 0.2...1, &generator),
    weights: weightShape.map { randomTensor($0, 0.1...2, &generator) },
    mask: hasMask
      ? Tensor(
        shape: losses,
        scalars: (0..<losses.reduce(1, *)).map { _ in Bool.random(using: &generator) }) : nil)
}
