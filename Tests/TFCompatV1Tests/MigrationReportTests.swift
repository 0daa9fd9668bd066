import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The report on the caller's own data: its verdicts follow from the rule, and hold for any numbers.

/// A call of a function on random numbers.
struct ReportedCall: Sendable, CustomStringConvertible {
  let guide: MigrationGuide
  let shape: [Int]
  let weights: Tensor<Double>?

  var description: String { "\(guide.function) \(shape) \(weights.map { "\($0.shape)" } ?? "")" }

  static let all: [ReportedCall] = MigrationDocument.guides.flatMap { guide in
    var isRows = false
    if case .sameLosses = guide.plan.relation { isRows = true }
    let rowWeights: [Tensor<Double>?] = [
      nil, 2, 0, [1, 2, 3], [0, 2, 3], [0, 0, 0], [-1, 1, 0], [3],
    ]
    let elementWeights: [Tensor<Double>?] = [
      nil, 2, 0, [[1], [2], [3]], [[0], [2], [3]], [[0], [0], [0]], [[-1], [1], [0]], [[1, 0]],
      [[1, 0], [2, 1], [0, 3]], [[4]],
    ]
    // The losses of cosine_distance have one element in each row.
    let isCosine = guide.function == "cosine_distance"
    let weights = (isRows ? rowWeights : elementWeights).filter {
      !isCosine || $0?.shape.last ?? 1 == 1
    }
    let calls = weights.map { ReportedCall(guide: guide, shape: [3, 2], weights: $0) }
    return calls + [[3, 1], [1, 1]].map { ReportedCall(guide: guide, shape: $0, weights: nil) }
  }

  /// The call on numbers from this source.
  func evaluation(_ generator: inout SeededGenerator) throws -> Evaluation<Double> {
    var evaluation = Evaluation(Fixtures.semantics(guide.example.id), Double.self)
    let count = shape.reduce(1, *)
    let labels = (0..<count).map { _ in Double(Int.random(in: 0...1, using: &generator)) }
    evaluation.labels = Tensor(shape: shape, scalars: labels)
    evaluation.ids = evaluation.ids.map { _ in
      Tensor(
        shape: [shape[0]],
        scalars: (0..<shape[0]).map { _ in Int32.random(in: 0..<Int32(shape[1]), using: &generator)
        })
    }
    evaluation.predictions = Tensor(
      shape: shape,
      scalars: (0..<count).map { _ in Double.random(in: 0.1...0.9, using: &generator) })
    evaluation.weights = weights
    return evaluation
  }

  /// The report, as the command makes it.
  func report() throws -> MigrationReport<Double> {
    var generator = SeededGenerator(seed: 7)
    var evaluation = try evaluation(&generator)
    var refusal: String?
    do { _ = try evaluation.keras(.sum) } catch { refusal = "\(error)" }
    evaluation.weights = nil
    let losses = try evaluation.v1(.none).value
    let ones = Tensor(
      shape: losses.shape, scalars: [Double](repeating: 1, count: losses.scalars.count))
    let broadcast = try weights.map {
      try Losses.computeWeightedLoss(losses: ones, weights: $0, reduction: .none).scalars
    }
    var accumulator = LossAccumulator()
    accumulator.feed(losses: losses.scalars, weights: broadcast, keep: nil)
    let side = MigrationReport<Double>.Side(
      accumulator: accumulator, losses: MigrationReport.Listing(losses))
    return MigrationReport(
      guide, MigrationParameters(), v1: side, tf2: nil,
      facts: MigrationFacts(
        predictions: shape, losses: losses.shape, weights: weights?.shape, refusal: refusal))
  }
}

@Suite struct MigrationReportTests {
  static let calls: [ReportedCall] = ReportedCall.all.filter {
    if case .pairwise = $0.guide.plan.v1 { return false }
    return true
  }

  /// Same means equal for any numbers of these shapes and weights, a factor that it is that of any.
  @Test(arguments: calls)
  func verdictsHoldForAnyNumbers(_ call: ReportedCall) throws {
    let report = try call.report()
    #expect(report.verdicts.map(\.reduction) == Losses.Reduction.allCases)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<3 {
      let evaluation = try call.evaluation(&generator)
      for verdict in report.verdicts {
        let v1 = try evaluation.v1(verdict.reduction).value
        let counterpart = try #require(verdict.counterpart)
        guard let keras = try? evaluation.keras(counterpart)?.value else {
          #expect(!verdict.isSame && verdict.factor == nil)
          continue
        }
        if let factor = verdict.factor {
          #expect(
            isClose(v1, keras.scalars.map { $0 * factor }, relative: 1e-12),
            "\(verdict.reduction): \(v1) for \(keras)")
        }
        #expect(verdict.isSame == (verdict.factor == 1))
      }
    }
  }

  /// Where nothing has to be done there is no code, and elsewhere there is.
  @Test(arguments: calls)
  func codeStandsWhereItIsNeeded(_ call: ReportedCall) throws {
    for verdict in try call.report().verdicts {
      #expect(verdict.isSame == (verdict.swift == nil))
      #expect(verdict.isSame == (verdict.python == nil))
    }
  }

  private func verdict(
    _ guide: MigrationGuide, _ reduction: Losses.Reduction, _ weights: Tensor<Double>?,
    _ shape: [Int] = [3, 2]
  ) throws -> MigrationReport<Double>.Verdict {
    let report = try ReportedCall(guide: guide, shape: shape, weights: weights).report()
    return try #require(report.verdicts.first { $0.reduction == reduction })
  }

  @Test func theDefaultIsSameExactlyWhereNoWeightIsZero() throws {
    for guide: MigrationGuide in [.softmaxCrossEntropy, .sparseSoftmaxCrossEntropy] {
      #expect(try verdict(guide, .sumByNonzeroWeights, nil).isSame)
      #expect(try verdict(guide, .sumByNonzeroWeights, [1, 2, 3]).isSame)
      let one = try verdict(guide, .sumByNonzeroWeights, [0, 2, 3])
      #expect(!one.isSame && one.factor == 1.5)
      #expect(one.because == "1 of 3 weights is 0: v1 divides by 2, Keras by 3")
      let none = try verdict(guide, .sumByNonzeroWeights, [0, 0, 0])
      #expect(!none.isSame && none.factor == nil)
    }
  }

  @Test func sumsOfElementsDifferByTheSizeOfTheLastAxis() throws {
    for guide: MigrationGuide in [
      .meanSquaredError, .absoluteDifference, .huberLoss, .sigmoidCrossEntropy, .hingeLoss,
    ] {
      let sum = try verdict(guide, .sum, nil)
      #expect(!sum.isSame && sum.factor == 2)
      #expect(try verdict(guide, .sumOverBatchSize, nil).isSame)
      #expect(try verdict(guide, .sumByNonzeroWeights, [[1], [2], [3]]).isSame)
      #expect(try verdict(guide, .sumByNonzeroWeights, [[0], [2], [3]]).factor == 1.5)
      #expect(try verdict(guide, .sum, nil, [3, 1]).isSame)
      let refused = try verdict(guide, .sum, [[1, 0]])
      #expect(!refused.isSame && refused.factor == nil)
      #expect(refused.because.hasPrefix("Keras does not take these arrays: "))
    }
  }

  @Test func otherFormulasAreNeverTheSame() throws {
    for guide: MigrationGuide in [.logLoss, .cosineDistance] {
      for reduction in Losses.Reduction.allCases {
        let verdict = try verdict(guide, reduction, nil)
        #expect(!verdict.isSame && verdict.factor == nil)
      }
    }
  }

  @Test func aFunctionWithoutCounterpart() throws {
    let report = try ReportedCall(
      guide: .meanPairwiseSquaredError, shape: [3, 2], weights: nil
    ).report()
    #expect(report.v1Losses == nil && report.v1.map(\.reduction) == [.sum])
    #expect(report.tf2Call == nil && report.tf2Losses == nil && report.tf2.isEmpty)
    for verdict in report.verdicts {
      #expect(!verdict.isSame && verdict.factor == nil && verdict.counterpart == nil)
      #expect(verdict.swift?.hasPrefix("struct MeanPairwiseSquaredError: Loss {") == true)
    }
  }

  @Test func callsToWriteInstead() throws {
    func call(
      _ guide: MigrationGuide, _ weights: Tensor<Double>?, _ parameters: MigrationParameters
    ) -> MigrationReport<Double>.Call? {
      let side = MigrationReport<Double>.Side(
        accumulator: LossAccumulator(), losses: MigrationReport.Listing([]))
      return MigrationReport(
        guide, parameters, v1: side, tf2: nil,
        facts: MigrationFacts(predictions: [3, 2], losses: [3], weights: weights?.shape)
      ).tf2Call
    }
    var parameters = MigrationParameters()
    #expect(
      call(.softmaxCrossEntropy, nil, parameters)?.swift
        == "CategoricalCrossentropy(fromLogits: true)(labels, logits)")
    parameters.labelSmoothing = 0.2
    parameters.delta = 2
    #expect(
      call(.softmaxCrossEntropy, [1, 2], parameters)?.python
        == "tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.2)"
        + "(labels, logits, sample_weight=weights)")
    #expect(call(.huberLoss, nil, parameters)?.swift == "Huber(delta: 2.0)(labels, predictions)")
    #expect(
      call(.meanSquaredError, nil, parameters)?.python
        == "tf.keras.losses.MeanSquaredError()(labels, predictions)")
  }
}
