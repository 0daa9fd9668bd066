import KerasLosses
import TFCompatV1
import TestSupport

// A recorded case, evaluated by the public function whose name it carries.

struct V1Evaluation<Scalar: LossScalar> {
  let recorded: SemanticsCase

  typealias Result = (value: Tensor<Scalar>, gradient: Tensor<Scalar>)

  init(_ recorded: SemanticsCase, _: Scalar.Type = Scalar.self) { self.recorded = recorded }

  private var labels: Tensor<Scalar> { tensor(recorded.labels) }
  private var predictions: Tensor<Scalar> { tensor(recorded.logits ?? recorded.losses) }
  private var weights: Tensor<Scalar> { recorded.weights.map { tensor($0) } ?? 1 }
  private var smoothing: Double { recorded.labelSmoothing ?? 0 }
  private var hasFloatingIDs: Bool { recorded.labels?.dtype == nil }

  /// The numbers that the case's type holds, which print shorter than a wider type would print them.
  private func tensor(_ numbers: RecordedTensor?) -> Tensor<Scalar> {
    guard let numbers else { return [] }
    guard recorded.dtype == "float32" else { return numbers.tensor() }
    return Tensor(shape: numbers.shape, scalars: numbers.values.map { Scalar(Float($0)) })
  }

  /// The value and the gradient that the function of the case gives under a reduction.
  func callAsFunction(_ reduction: Losses.Reduction) throws -> Result {
    switch recorded.function {
    case "absolute_difference":
      try Losses.absoluteDifferenceWithGradient(
        labels: labels, predictions: predictions, weights: weights, reduction: reduction)
    case "mean_squared_error":
      try Losses.meanSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights, reduction: reduction)
    case "huber_loss":
      try Losses.huberLossWithGradient(
        labels: labels, predictions: predictions, weights: weights, delta: recorded.delta ?? 1,
        reduction: reduction)
    case "hinge_loss":
      try Losses.hingeLossWithGradient(
        labels: labels, logits: predictions, weights: weights, reduction: reduction)
    case "log_loss":
      try Losses.logLossWithGradient(
        labels: labels, predictions: predictions, weights: weights,
        epsilon: recorded.epsilon ?? 1e-7, reduction: reduction)
    case "cosine_distance":
      try Losses.cosineDistanceWithGradient(
        labels: labels, predictions: predictions, axis: recorded.axis ?? -1, weights: weights,
        reduction: reduction)
    case "sigmoid_cross_entropy":
      try Losses.sigmoidCrossEntropyWithGradient(
        multiClassLabels: labels, logits: predictions, weights: weights,
        labelSmoothing: smoothing, reduction: reduction)
    case "softmax_cross_entropy":
      try Losses.softmaxCrossEntropyWithGradient(
        onehotLabels: labels, logits: predictions, weights: weights, labelSmoothing: smoothing,
        reduction: reduction)
    case "sparse_softmax_cross_entropy": try sparse(reduction)
    case "mean_pairwise_squared_error":
      try Losses.meanPairwiseSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights)
    default:
      try Losses.computeWeightedLossWithGradient(
        losses: predictions, weights: weights, reduction: reduction)
    }
  }

  private func sparse(_ reduction: Losses.Reduction) throws -> Result {
    guard !hasFloatingIDs, let ids = recorded.labels?.ids else {
      return try Losses.sparseSoftmaxCrossEntropyWithGradient(
        labels: labels, logits: predictions, weights: weights, reduction: reduction)
    }
    return try Losses.sparseSoftmaxCrossEntropyWithGradient(
      labels: ids, logits: predictions, weights: weights, reduction: reduction)
  }
}

/// The keys of recorded results.
let v1Reductions: [String: Losses.Reduction] = [
  "none": .none, "sum": .sum, "sum_over_batch_size": .sumOverBatchSize, "mean": .mean,
  "sum_by_nonzero_weights": .sumByNonzeroWeights,
]
