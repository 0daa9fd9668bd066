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
    let v1 = V1Call(
      name: function, smoothing: smoothing, delta: delta, epsilon: epsilon, axis: axis, scope: scope
    )
    let weights = weights ?? 1
    if let ids { return try v1(ids, predictions, weights, collection, reduction) }
    return try v1(labels, predictions, weights, collection, reduction)
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
