import KerasLosses
import TFCompatV1

// tf.compat.v1.losses as the documentation spells it.

extension Consumer {
  static func tensorFlow1() throws {
    let labels: Tensor<Float> = [[0, 1, 0], [0, 0, 1]]
    let logits: Tensor<Float> = [[0.05, 0.95, 0], [0.1, 0.8, 0.1]]
    let collection = LossCollection<Float>()
    let loss = try Losses.softmaxCrossEntropy(
      onehotLabels: labels, logits: logits, weights: [0.3, 0.7], labelSmoothing: 0.2,
      scope: "tower",
      lossCollection: collection, reduction: .sumByNonzeroWeights)
    check("v1", loss, 0.57618052)
    check(
      "v1, a weight of 0",
      try Losses.softmaxCrossEntropy(
        onehotLabels: labels, logits: logits, weights: [0, 0.7], labelSmoothing: 0.2), 0.94014198)
    let (value, gradient) = try Losses.softmaxCrossEntropyWithGradient(
      onehotLabels: labels, logits: logits, labelSmoothing: 0.2)
    check("v1 with gradient", value, 1.0252284)
    guard gradient.shape == logits.shape else { fatalError("\(gradient.shape)") }
    check("weighted", try Losses.computeWeightedLoss(losses: [1, 2, 4], weights: [0, 1, 1]), 3)

    collection.addLoss(1)
    collection.addRegularizationLoss(0.5)
    check("total", try collection.getTotalLoss(), 2.0761805)
    check(
      "one scope", try collection.getTotalLoss(addRegularizationLosses: false, scope: "tower"),
      0.57618052)
    check("regularization", try collection.getRegularizationLoss(), 0.5)
    guard collection.getLosses().count == 2, collection.getRegularizationLosses().count == 1 else {
      fatalError("collection")
    }
    try everyFunction()
    let reductions: [Losses.Reduction] = [
      .none, .sum, .sumOverBatchSize, .mean, .sumByNonzeroWeights,
    ]
    guard try reductions == reductions.map({ try Losses.Reduction(tensorFlow: $0.rawValue) }) else {
      fatalError("reductions")
    }
  }

  /// Each function with literals, and with its gradient.
  private static func everyFunction() throws {
    let y: Tensor<Int32> = [[1, 0]]
    let p: Tensor<Double> = [[0.5, 0.25]]
    let mse = try Losses.meanSquaredErrorWithGradient(labels: y, predictions: p)
    guard mse.value == 0.15625, mse.gradient == [[-0.5, 0.25]] else { fatalError("\(mse)") }
    check("mse", try Losses.meanSquaredError(labels: [1, 0], predictions: [0.5, 0.25]), 0.15625)
    check("mae", try Losses.absoluteDifference(labels: [1, 0], predictions: [0.5, 0.25]), 0.375)
    check("huber", try Losses.huberLoss(labels: [0], predictions: [3], delta: 2), 4)
    check("hinge", try Losses.hingeLoss(labels: [0, 1], logits: [0.5, 0.5]), 1)
    check("log", try Losses.logLoss(labels: [1], predictions: [0.5], epsilon: 0), 0.6931472)
    check(
      "cosine",
      try Losses.cosineDistance(labels: [[2, 0]], predictions: [[3, 4]], axis: 1, weights: [[2]]),
      -10
    )
    check(
      "pairwise",
      try Losses.meanPairwiseSquaredError(labels: [[0, 0.5, 1]], predictions: [[1, 1, 1]]), 0.5)
    check("sigmoid", try Losses.sigmoidCrossEntropy(multiClassLabels: [1], logits: [0]), 0.6931472)
    check("sparse", try Losses.sparseSoftmaxCrossEntropy(labels: [1], logits: [[0, 0]]), 0.6931472)
    let collection = LossCollection<Float>()
    Losses.addLoss(2, lossCollection: collection)
    check("total", try Losses.getTotalLoss(lossCollection: collection), 2)
  }
}
