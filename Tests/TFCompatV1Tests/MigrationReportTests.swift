import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The report on the caller's own data: its verdicts follow from the rule, and the rule from the values.

@Suite struct MigrationReportTests {
  private let losses: Tensor<Double> = [1, 2, 4, 8]

  private func report(_ weights: Tensor<Double>?) throws -> MigrationReport<Double> {
    var accumulator = LossAccumulator()
    accumulator.feed(losses: losses.scalars, weights: weights?.scalars, keep: nil)
    let weighted = try Losses.computeWeightedLoss(
      losses: losses, weights: weights ?? 1, reduction: .none)
    return MigrationReport(
      softmaxCrossEntropy: accumulator, weightedLosses: weighted, labelSmoothing: 0.2,
      weights: weights?.shape)
  }

  @Test(
    arguments: [
      nil, [1, 2, 3, 4], [0, 2, 3, 4], [0, 0, 3, 0], [0, 0, 0, 0], [-1, 1, 0, 5],
    ] as [Tensor<Double>?])
  func verdictsFollowFromTheValues(_ weights: Tensor<Double>?) throws {
    let report = try report(weights)
    #expect(report.verdicts.map(\.reduction) == Losses.Reduction.allCases)
    for verdict in report.verdicts {
      let v1 = try #require(report.v1.first { $0.reduction == verdict.reduction }).value
      let tf2 = try #require(report.tf2.first { $0.reduction == verdict.counterpart }).value
      #expect(
        v1
          == (try Losses.computeWeightedLoss(
            losses: losses, weights: weights ?? 1, reduction: verdict.reduction)))
      if verdict.isSame { #expect(v1 == tf2 && verdict.factor == 1 && verdict.swift == nil) }
      if let factor = verdict.factor, factor != 1 {
        #expect(isClose(v1.item, tf2.item * factor, relative: 1e-15))
        #expect(verdict.swift != nil && verdict.python != nil)
      }
    }
  }

  @Test func theDefaultIsSameExactlyWhereNoWeightIsZero() throws {
    func verdict(_ weights: Tensor<Double>?) throws -> MigrationReport<Double>.Verdict {
      try #require(report(weights).verdicts.first { $0.reduction == .sumByNonzeroWeights })
    }
    #expect(try verdict(nil).isSame && verdict([1, 2, 3, 4]).isSame)
    let one = try verdict([0, 2, 3, 4])
    #expect(!one.isSame && one.factor == 4.0 / 3)
    #expect(one.because == "1 of 4 weights is 0: v1 divides by 3, Keras by 4")
    let none = try verdict([0, 0, 0, 0])
    #expect(!none.isSame && none.factor == nil)
  }

  @Test func calls() throws {
    #expect(
      try report([1, 2, 3, 4]).tf2Call.python
        == "tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)"
        + "(labels, logits, sample_weight=weights)")
    #expect(
      try report(nil).tf2Call.swift
        == "CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)(labels, logits)")
  }
}
