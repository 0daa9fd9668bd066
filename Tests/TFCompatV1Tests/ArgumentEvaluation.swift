import KerasLosses
import TFCompatV1

/// One row of the argument table, evaluated on both sides.
struct ArgumentEvaluation: Sendable {
  let shim: @Sendable () throws -> Tensor<Double>
  let keras: @Sendable () throws -> Tensor<Double>

  private static let labels: Tensor<Int32> = [[0, 1, 0], [0, 0, 1]]
  private static let logits: Tensor<Double> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
  private static let weights: Tensor<Double> = [0, 0.7]
  private static let cce = CategoricalCrossentropy(fromLogits: true)

  static let all: [String: ArgumentEvaluation] = [
    "onehot_labels": ArgumentEvaluation(
      shim: { try Losses.softmaxCrossEntropy(onehotLabels: labels, logits: logits) },
      keras: { cce(labels, logits) }),
    "logits": ArgumentEvaluation(
      shim: {
        try Losses.softmaxCrossEntropy(
          onehotLabels: labels, logits: [[2, -1, 0.5], [-3, 4, 1]] as Tensor<Double>)
      },
      keras: { cce(labels, [[2, -1, 0.5], [-3, 4, 1]] as Tensor<Double>) }),
    "weights=1.0": ArgumentEvaluation(
      shim: {
        try Losses.softmaxCrossEntropy(
          onehotLabels: labels, logits: logits, weights: weights, reduction: .sum)
      },
      keras: {
        CategoricalCrossentropy(fromLogits: true, reduction: .sum)(
          labels, logits, sampleWeight: weights)
      }),
    "label_smoothing=0": ArgumentEvaluation(
      shim: {
        try Losses.softmaxCrossEntropy(onehotLabels: labels, logits: logits, labelSmoothing: 0.2)
      },
      keras: { CategoricalCrossentropy(fromLogits: true, labelSmoothing: 0.2)(labels, logits) }),
    "scope=None": ArgumentEvaluation(
      shim: {
        try Losses.softmaxCrossEntropy(onehotLabels: labels, logits: logits, scope: "tower")
      },
      keras: { CategoricalCrossentropy(fromLogits: true, name: "tower")(labels, logits) }),
    "loss_collection=\"losses\"": ArgumentEvaluation(
      shim: {
        let collection = LossCollection<Double>()
        _ = try Losses.softmaxCrossEntropy(
          onehotLabels: labels, logits: logits, lossCollection: collection)
        return try collection.getTotalLoss()
      },
      keras: { cce(labels, logits) }),
    "reduction=SUM_BY_NONZERO_WEIGHTS": ArgumentEvaluation(
      shim: {
        try Losses.softmaxCrossEntropy(onehotLabels: labels, logits: logits, weights: weights)
      },
      keras: { cce(labels, logits, sampleWeight: weights) }),
    "(the last axis)": ArgumentEvaluation(
      shim: { try Losses.softmaxCrossEntropy(onehotLabels: labels, logits: logits) },
      keras: { CategoricalCrossentropy(fromLogits: true, axis: -1)(labels, logits) }),
    // TensorFlow's side of this row is the recorded, rounded number.
    "(the type of the result)": ArgumentEvaluation(
      shim: { [1.4076060056686401] },
      keras: { cce([[0, 1, 0]] as Tensor<Int32>, [[1, 2, 3]] as Tensor<Double>) }),
  ]
}
