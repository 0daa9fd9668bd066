import KerasLosses
import TFCompatV1

/// A public function on `Float`s of any shapes, its other arguments left out, and what it calls its arguments.
struct V1Function: Sendable, CustomStringConvertible {
  typealias Call =
    @Sendable (Tensor<Float>, Tensor<Float>, Tensor<Float>, LossCollection<Float>?) throws ->
    Tensor<Float>

  let description: String
  let labels: String
  let predictions: String
  /// The name under which a loss is collected.
  let scope: String
  let call: Call

  init(
    _ name: String, _ labels: String, _ predictions: String, scope: String, _ call: @escaping Call
  ) {
    description = name
    self.labels = labels
    self.predictions = predictions
    self.scope = scope
    self.call = call
  }

  /// Those with a loss for each element.
  static let elementwise: [V1Function] = [
    V1Function("absoluteDifference", "labels", "predictions", scope: "absolute_difference") {
      try Losses.absoluteDifference(
        labels: $0, predictions: $1, weights: $2, lossCollection: $3)
    },
    V1Function("meanSquaredError", "labels", "predictions", scope: "mean_squared_error") {
      try Losses.meanSquaredError(labels: $0, predictions: $1, weights: $2, lossCollection: $3)
    },
    V1Function("huberLoss", "labels", "predictions", scope: "huber_loss") {
      try Losses.huberLoss(labels: $0, predictions: $1, weights: $2, lossCollection: $3)
    },
    V1Function("logLoss", "labels", "predictions", scope: "log_loss") {
      try Losses.logLoss(labels: $0, predictions: $1, weights: $2, lossCollection: $3)
    },
    V1Function("hingeLoss", "labels", "logits", scope: "hinge_loss") {
      try Losses.hingeLoss(labels: $0, logits: $1, weights: $2, lossCollection: $3)
    },
    V1Function(
      "sigmoidCrossEntropy", "multiClassLabels", "logits", scope: "sigmoid_cross_entropy_loss"
    ) {
      try Losses.sigmoidCrossEntropy(
        multiClassLabels: $0, logits: $1, weights: $2, lossCollection: $3)
    },
  ]

  /// Those whose labels have the shape of the predictions.
  static let dense =
    elementwise + [
      V1Function("cosineDistance", "labels", "predictions", scope: "cosine_distance_loss") {
        try Losses.cosineDistance(
          labels: $0, predictions: $1, axis: -1, weights: $2, lossCollection: $3)
      },
      V1Function(
        "softmaxCrossEntropy", "onehotLabels", "logits", scope: "softmax_cross_entropy_loss"
      ) {
        try Losses.softmaxCrossEntropy(
          onehotLabels: $0, logits: $1, weights: $2, lossCollection: $3)
      },
      V1Function(
        "meanPairwiseSquaredError", "labels", "predictions", scope: "mean_pairwise_squared_error"
      ) {
        try Losses.meanPairwiseSquaredError(
          labels: $0, predictions: $1, weights: $2, lossCollection: $3)
      },
    ]
}

/// Some numbers in 0...1 of a shape.
func tensor(_ shape: [Int]) -> Tensor<Float> {
  let count = shape.reduce(1, *)
  return Tensor(shape: shape, scalars: (0..<count).map { Float($0 % 5) / 8 + 0.125 })
}
