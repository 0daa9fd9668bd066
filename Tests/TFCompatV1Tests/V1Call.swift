import KerasLosses
import TFCompatV1

/// The public function that carries a name of TensorFlow's, with the parameters that it may have.
struct V1Call {
  let name: String
  var smoothing = 0.0
  var delta = 1.0
  var epsilon = 1e-7
  var axis = -1
  var scope: String?

  func callAsFunction<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ weights: Tensor<Scalar>,
    _ collection: LossCollection<Scalar>? = nil, _ reduction: Losses.Reduction
  ) throws -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    switch name {
    case "absolute_difference":
      return try Losses.absoluteDifferenceWithGradient(
        labels: labels, predictions: predictions, weights: weights, scope: scope,
        lossCollection: collection, reduction: reduction)
    case "mean_squared_error":
      return try Losses.meanSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights, scope: scope,
        lossCollection: collection, reduction: reduction)
    case "huber_loss":
      return try Losses.huberLossWithGradient(
        labels: labels, predictions: predictions, weights: weights, delta: delta, scope: scope,
        lossCollection: collection, reduction: reduction)
    case "hinge_loss":
      return try Losses.hingeLossWithGradient(
        labels: labels, logits: predictions, weights: weights, scope: scope,
        lossCollection: collection, reduction: reduction)
    case "log_loss":
      return try Losses.logLossWithGradient(
        labels: labels, predictions: predictions, weights: weights, epsilon: epsilon,
        scope: scope, lossCollection: collection, reduction: reduction)
    case "cosine_distance":
      return try Losses.cosineDistanceWithGradient(
        labels: labels, predictions: predictions, axis: axis, weights: weights, scope: scope,
        lossCollection: collection, reduction: reduction)
    case "sigmoid_cross_entropy":
      return try Losses.sigmoidCrossEntropyWithGradient(
        multiClassLabels: labels, logits: predictions, weights: weights,
        labelSmoothing: smoothing, scope: scope, lossCollection: collection, reduction: reduction)
    case "softmax_cross_entropy":
      return try Losses.softmaxCrossEntropyWithGradient(
        onehotLabels: labels, logits: predictions, weights: weights, labelSmoothing: smoothing,
        scope: scope, lossCollection: collection, reduction: reduction)
    case "sparse_softmax_cross_entropy":
      return try Losses.sparseSoftmaxCrossEntropyWithGradient(
        labels: labels, logits: predictions, weights: weights, scope: scope,
        lossCollection: collection, reduction: reduction)
    case "mean_pairwise_squared_error":
      // It reduces by itself.
      return try Losses.meanPairwiseSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights, scope: scope,
        lossCollection: collection)
    case "compute_weighted_loss":
      return try Losses.computeWeightedLossWithGradient(
        losses: predictions, weights: weights, scope: scope, lossCollection: collection,
        reduction: reduction)
    default: fatalError("no function is called \(name)")
    }
  }
}

/// The keys of recorded results.
let v1Reductions: [String: Losses.Reduction] = [
  "none": .none, "sum": .sum, "sum_over_batch_size": .sumOverBatchSize, "mean": .mean,
  "sum_by_nonzero_weights": .sumByNonzeroWeights,
]
