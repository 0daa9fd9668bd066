import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// Random cases of every function of tf.compat.v1.losses: its formulas in float64, which the recording program
// compares with TensorFlow's float32.

@Suite struct FamilyCaseTests {
  private static let functions = Fixtures.v1Families.keys.sorted()

  @Test func thereAreEnough() {
    #expect(Self.functions.count == 11)
    #expect(Fixtures.v1Families.values.allSatisfy { $0.count >= 40 })
  }

  @Test(arguments: functions)
  func doubles(_ function: String) {
    expectNothing(function) { try $0.problems(FamilyTolerance.double) }
  }

  @Test(arguments: functions)
  func floats(_ function: String) {
    expectNothing(function) { try $0.problems(FamilyTolerance.float) }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test(arguments: functions)
    func halves(_ function: String) {
      expectNothing(function) {
        $0.recorded.half == true ? try $0.problems(FamilyTolerance.half) : []
      }
    }
  #endif

  /// Every problem of every case is told, up to a screenful.
  private func expectNothing(_ function: String, _ problems: (V1Call) throws -> [String]) {
    var found: [String] = []
    for recorded in Fixtures.v1Families[function] ?? [] {
      do {
        found += try problems(V1Call(recorded: recorded)).map { "\(recorded): \($0)" }
      } catch {
        found.append("\(recorded): \(error)")
      }
    }
    if !found.isEmpty {
      Issue.record("\(found.count) problems:\n\(found.prefix(12).joined(separator: "\n"))")
    }
  }
}

/// A recorded case and the function whose name it carries.
struct V1Call {
  let recorded: FamilyCase

  /// What is wrong with the values and the gradients in a type; `isRight` takes a number, the expected
  /// one, and what an error is relative to.
  func problems<Scalar: LossScalar>(
    _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    switch recorded.labels {
    case "int32": try problems(recorded.yTrue.integerTensor(Int32.self), isRight)
    case "int64": try problems(recorded.yTrue.integerTensor(Int64.self), isRight)
    case "uint8": try problems(recorded.yTrue.integerTensor(UInt8.self), isRight)
    case "bool": try problems(recorded.yTrue.booleans, isRight)
    default: try problems(recorded.yTrue.tensor(Scalar.self), isRight)
    }
  }

  private func problems<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ isRight: (Scalar, Double, Double) -> Bool
  ) throws -> [String] {
    var problems: [String] = []
    func compare(
      _ name: String, _ found: [Scalar], _ expected: (values: [Double], scales: [Double])
    ) {
      let isSame =
        found.count == expected.values.count
        && found.indices.allSatisfy { isRight(found[$0], expected.values[$0], expected.scales[$0]) }
      if !isSame { problems.append("\(Scalar.self) \(name): \(found), not \(expected.values)") }
    }
    let predictions = recorded.yPred.tensor(Scalar.self)
    for (name, reduction) in Self.reductions {
      // mean_pairwise_squared_error reduces by itself.
      guard name == "sum" || recorded.loss != "mean_pairwise_squared_error" else { continue }
      let (value, gradient) = try evaluate(labels, predictions, reduction)
      compare(name, value.scalars, recorded.expected(name))
      compare("gradient of \(name)", gradient.scalars, recorded.expectedGradient(name))
      if gradient.shape != predictions.shape { problems.append("gradient \(gradient.shape)") }
    }
    return problems
  }

  private static let reductions: [(String, Losses.Reduction)] = [
    ("none", .none), ("sum", .sum), ("sum_over_batch_size", .sumOverBatchSize), ("mean", .mean),
    ("sum_by_nonzero_weights", .sumByNonzeroWeights),
  ]

  private func parameter(_ name: String) throws -> Double {
    guard let value = recorded.config[name] else { fatalError("\(recorded) has no \(name)") }
    return try value.decoded()
  }

  private func evaluate<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ reduction: Losses.Reduction
  ) throws -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let weights = recorded.sampleWeight?.tensor(Scalar.self) ?? 1
    switch recorded.loss {
    case "absolute_difference":
      return try Losses.absoluteDifferenceWithGradient(
        labels: labels, predictions: predictions, weights: weights, reduction: reduction)
    case "mean_squared_error":
      return try Losses.meanSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights, reduction: reduction)
    case "huber_loss":
      return try Losses.huberLossWithGradient(
        labels: labels, predictions: predictions, weights: weights, delta: parameter("delta"),
        reduction: reduction)
    case "hinge_loss":
      return try Losses.hingeLossWithGradient(
        labels: labels, logits: predictions, weights: weights, reduction: reduction)
    case "log_loss":
      return try Losses.logLossWithGradient(
        labels: labels, predictions: predictions, weights: weights, epsilon: parameter("epsilon"),
        reduction: reduction)
    case "cosine_distance":
      return try Losses.cosineDistanceWithGradient(
        labels: labels, predictions: predictions, axis: Int(parameter("axis")), weights: weights,
        reduction: reduction)
    case "sigmoid_cross_entropy":
      return try Losses.sigmoidCrossEntropyWithGradient(
        multiClassLabels: labels, logits: predictions, weights: weights,
        labelSmoothing: parameter("label_smoothing"), reduction: reduction)
    case "softmax_cross_entropy":
      return try Losses.softmaxCrossEntropyWithGradient(
        onehotLabels: labels, logits: predictions, weights: weights,
        labelSmoothing: parameter("label_smoothing"), reduction: reduction)
    case "sparse_softmax_cross_entropy":
      return try Losses.sparseSoftmaxCrossEntropyWithGradient(
        labels: labels, logits: predictions, weights: weights, reduction: reduction)
    case "mean_pairwise_squared_error":
      return try Losses.meanPairwiseSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights)
    case "compute_weighted_loss":
      return try Losses.computeWeightedLossWithGradient(
        losses: predictions, weights: weights, reduction: reduction)
    default:
      throw UnknownFunction(name: recorded.loss)
    }
  }

  private struct UnknownFunction: Error { let name: String }
}
