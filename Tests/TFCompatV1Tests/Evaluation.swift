import Foundation
import KerasLosses
import TFCompatV1
import TestSupport

/// A recorded case, evaluated by the public function whose name it carries and by the Keras-style loss that
/// stands beside it. What is recorded can be changed before.
struct Evaluation<Scalar: LossScalar> {
  typealias Result = (value: Tensor<Scalar>, gradient: Tensor<Scalar>)

  let function: String
  var labels: Tensor<Scalar>
  /// The labels, where they are class ids of an integer type.
  var ids: Tensor<Int32>?
  var predictions: Tensor<Scalar>
  var weights: Tensor<Scalar>?
  var mask: Tensor<Bool>?
  var smoothing: Double
  var delta: Double
  var epsilon: Double
  var axis: Int
  var fromLogits: Bool
  var ignoreClass: Int?
  var scope: String?
  var collection: LossCollection<Scalar>?

  init(_ recorded: SemanticsCase, _: Scalar.Type = Scalar.self) {
    /// The numbers that the case's type holds, which print shorter than a wider type would print them.
    func tensor(_ numbers: RecordedTensor) -> Tensor<Scalar> {
      guard recorded.dtype == "float32" else { return numbers.tensor() }
      return Tensor(shape: numbers.shape, scalars: numbers.values.map { Scalar(Float($0)) })
    }
    function = recorded.function
    labels = recorded.labels.map(tensor) ?? []
    let hasIDs = function == "sparse_softmax_cross_entropy" && recorded.labels?.dtype != nil
    ids = hasIDs ? recorded.labels?.ids : nil
    predictions = (recorded.logits ?? recorded.losses).map(tensor) ?? []
    weights = recorded.weights.map(tensor)
    mask = recorded.mask?.mask
    smoothing = recorded.labelSmoothing ?? 0
    delta = recorded.delta ?? 1
    epsilon = recorded.epsilon ?? 1e-7
    axis = recorded.axis ?? -1
    fromLogits = recorded.fromLogits ?? true
    ignoreClass = recorded.ignoreClass
  }

  /// What the function gives under a reduction.
  func v1(_ reduction: Losses.Reduction) throws -> Result {
    let weights = weights ?? 1
    switch function {
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
    case "sparse_softmax_cross_entropy": return try sparse(weights, reduction)
    case "mean_pairwise_squared_error":
      return try Losses.meanPairwiseSquaredErrorWithGradient(
        labels: labels, predictions: predictions, weights: weights, scope: scope,
        lossCollection: collection)
    default:
      return try Losses.computeWeightedLossWithGradient(
        losses: predictions, weights: weights, scope: scope, lossCollection: collection,
        reduction: reduction)
    }
  }

  private func sparse(
    _ weights: Tensor<Scalar>, _ reduction: Losses.Reduction
  ) throws -> Result {
    guard let ids else {
      return try Losses.sparseSoftmaxCrossEntropyWithGradient(
        labels: labels, logits: predictions, weights: weights, scope: scope,
        lossCollection: collection, reduction: reduction)
    }
    return try Losses.sparseSoftmaxCrossEntropyWithGradient(
      labels: ids, logits: predictions, weights: weights, scope: scope,
      lossCollection: collection, reduction: reduction)
  }

  /// What the Keras-style loss gives under a reduction; nil where there is none.
  func keras(_ reduction: KerasReduction) throws -> Result? {
    guard let loss = try kerasLoss(reduction) else { return nil }
    if let ids {
      return try loss.valueWithGradient(ids, predictions, sampleWeight: weights, mask: mask)
    }
    return try loss.valueWithGradient(labels, predictions, sampleWeight: weights, mask: mask)
  }

  /// By way of the decoder, which throws where the initializer traps.
  private func kerasLoss(_ reduction: KerasReduction) throws -> (any KerasLoss)? {
    let fromLogits = #""from_logits": \#(fromLogits)"#
    let configurations = [
      "absolute_difference": ("MeanAbsoluteError", ""),
      "mean_squared_error": ("MeanSquaredError", ""),
      "huber_loss": ("Huber", #""delta": \#(delta)"#),
      "hinge_loss": ("Hinge", ""),
      "log_loss": ("BinaryCrossentropy", ""),
      "sigmoid_cross_entropy": (
        "BinaryCrossentropy", #""from_logits": true, "label_smoothing": \#(smoothing)"#
      ),
      "softmax_cross_entropy": (
        "CategoricalCrossentropy",
        #"\#(fromLogits), "label_smoothing": \#(smoothing), "axis": \#(axis)"#
      ),
      "sparse_softmax_cross_entropy": (
        "SparseCategoricalCrossentropy",
        fromLogits + (ignoreClass.map { #", "ignore_class": \#($0)"# } ?? "")
      ),
      "cosine_distance": ("CosineSimilarity", #""axis": \#(axis)"#),
    ]
    guard let (name, parameters) = configurations[function] else { return nil }
    let members = [
      parameters, #""reduction": "\#(reduction.rawValue)""#, #""name": "\#(scope ?? "loss")""#,
    ]
    let configuration = members.filter { !$0.isEmpty }.joined(separator: ", ")
    let text = #"{"class_name": "\#(name)", "config": {\#(configuration)}}"#
    return try JSONDecoder().decode(LossIdentifier.self, from: Data(text.utf8)).loss
  }
}

/// The keys of recorded results.
let v1Reductions: [String: Losses.Reduction] = [
  "none": .none, "sum": .sum, "sum_over_batch_size": .sumOverBatchSize, "mean": .mean,
  "sum_by_nonzero_weights": .sumByNonzeroWeights,
]
