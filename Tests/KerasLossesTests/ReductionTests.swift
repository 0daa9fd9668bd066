import KerasLosses
import TestSupport
import Testing

// What each reduction divides by, and how an accumulator merges and ends.

@Suite struct ReductionTests {
  @Test func rawValuesAreKerasNames() throws {
    #expect(
      Reduction.allCases.map(\.rawValue) == [
        "sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none",
      ])
    for reduction in Reduction.allCases {
      #expect(try Reduction(keras: reduction.rawValue) == reduction)
    }
    #expect(try Reduction(keras: "auto") == .sumOverBatchSize)
    #expect(Reduction.auto == .sumOverBatchSize)
  }

  @Test(arguments: [
    (Reduction.sumOverBatchSize, 17.0 / 3), (.mean, 17.0 / 3), (.sum, 17),
    (.meanWithSampleWeight, 17.0 / 3.5),
  ])
  func denominators(_ reduction: Reduction, _ expected: Double) {
    let losses: Tensor<Double> = [1, 4, 10]
    #expect(
      GivenLoss(reduction: reduction)(losses, losses, sampleWeight: [1, 1.5, 1]).item == expected)
  }

  @Test func accumulatorsMerge() {
    var generator = SeededGenerator(seed: 5)
    let losses = (0..<100).map { _ in Double.random(in: -1...1, using: &generator) }
    let weights = (0..<100).map { _ in Double.random(in: -1...1, using: &generator).rounded() }
    let keep = (0..<100).map { _ in Bool.random(using: &generator) }
    var whole = LossAccumulator()
    whole.feed(losses: losses, weights: weights, keep: keep)
    var parts = LossAccumulator()
    for start in stride(from: 0, to: 100, by: 7).reversed() {
      let range = start..<min(start + 7, 100)
      var part = LossAccumulator()
      part.feed(
        losses: Array(losses[range]), weights: Array(weights[range]), keep: Array(keep[range]))
      parts.merge(part)
    }
    #expect(parts.count == whole.count && parts.nonzeroWeights == whole.nonzeroWeights)
    for denominator in [LossAccumulator.Denominator.one, .count(whole.count), .weights] {
      let a: Double = parts.finish(denominator)
      let b: Double = whole.finish(denominator)
      #expect(isClose(a, b, relative: 1e-15))
    }
  }

  /// x ⊘ 0 = 0, one NaN, no negative zero, and infinities of one sign.
  @Test func limits() {
    func finish(
      _ losses: [Float], _ weights: [Float]?, _ denominator: LossAccumulator.Denominator
    ) -> Float {
      var accumulator = LossAccumulator()
      accumulator.feed(losses: losses, weights: weights, keep: nil)
      return accumulator.finish(denominator)
    }
    #expect(finish([.nan], [0], .weights) == 0)
    #expect(finish([.infinity], nil, .count(0)) == 0)
    #expect(finish([.infinity, -.infinity], nil, .one).bitPattern == Float.nan.bitPattern)
    #expect(finish([.infinity, 1], nil, .one) == .infinity)
    #expect(finish([-.infinity, 1], nil, .one) == -.infinity)
    #expect(finish([-.nan], nil, .one).bitPattern == Float.nan.bitPattern)
    #expect(finish([-0.0], nil, .one).sign == .plus)
    #expect(finish([1e38, 1e38, 1e38, 1e38], nil, .one) == .infinity)
    #expect(finish([1e38, 1e38, 1e38, 1e38], nil, .count(4)) == 1e38)
  }
}
