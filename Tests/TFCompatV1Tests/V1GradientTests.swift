import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The gradients of tf.compat.v1.losses: at the kinks, and against differences of the values.

@Suite struct V1GradientTests {
  /// A gradient at each kink: the value of the derivative on one side, or 0.
  @Test func kinks() throws {
    #expect(
      try Losses.absoluteDifferenceWithGradient(
        labels: [1, 2, 3], predictions: [1, 1, 4], reduction: .sum
      ).gradient == [0, -1, 1])
    #expect(
      try Losses.huberLossWithGradient(
        labels: [0, 0, 0, 0], predictions: [-2, 2, 0, 3], delta: 2, reduction: .sum
      ).gradient == [-2, 2, 0, 2])
    #expect(
      try Losses.hingeLossWithGradient(
        labels: [1, 0, 1], logits: [1, -1, 0.5], reduction: .sum
      ).gradient == [0, 0, -1])
    #expect(
      try Losses.logLossWithGradient(
        labels: [1, 0], predictions: [0, 1], reduction: .sum
      ).gradient == [-1e7, 1e7])
    #expect(
      try Losses.sigmoidCrossEntropyWithGradient(
        multiClassLabels: [0, 1], logits: [0, 0], reduction: .sum
      ).gradient == [0.5, -0.5])
  }

  /// The derivative of the sum of the returned values, by central differences.
  @Test(arguments: Losses.Reduction.allCases)
  func gradientsAreDerivatives(_ reduction: Losses.Reduction) throws {
    let labels: Tensor<Double> = [[0, 1, 1], [1, 0, 0]]
    let predictions: Tensor<Double> = [[0.3, 0.6, 0.2], [0.7, 0.15, 0.85]]
    let weights: Tensor<Double> = [[0.5, 0, 2], [-1, 1, 3]]
    typealias Call = (Tensor<Double>) throws -> (value: Tensor<Double>, gradient: Tensor<Double>)
    let calls: [String: Call] = [
      "absolute": {
        try Losses.absoluteDifferenceWithGradient(
          labels: labels, predictions: $0, weights: weights, reduction: reduction)
      },
      "squared": {
        try Losses.meanSquaredErrorWithGradient(
          labels: labels, predictions: $0, weights: weights, reduction: reduction)
      },
      "huber": {
        try Losses.huberLossWithGradient(
          labels: labels, predictions: $0, weights: weights, delta: 0.5, reduction: reduction)
      },
      "log": {
        try Losses.logLossWithGradient(
          labels: labels, predictions: $0, weights: weights, epsilon: 0.01, reduction: reduction)
      },
      "hinge": {
        try Losses.hingeLossWithGradient(
          labels: labels, logits: $0, weights: weights, reduction: reduction)
      },
      "sigmoid": {
        try Losses.sigmoidCrossEntropyWithGradient(
          multiClassLabels: labels, logits: $0, weights: weights, labelSmoothing: 0.1,
          reduction: reduction)
      },
      "cosine": {
        try Losses.cosineDistanceWithGradient(
          labels: labels, predictions: $0, axis: 0, weights: [[0.5, 0, 2]], reduction: reduction)
      },
      "sparse": {
        try Losses.sparseSoftmaxCrossEntropyWithGradient(
          labels: [2, 0] as Tensor<Int>, logits: $0, weights: [0.5, 2], reduction: reduction)
      },
      "pairwise": {
        try Losses.meanPairwiseSquaredErrorWithGradient(
          labels: labels, predictions: $0, weights: weights)
      },
    ]
    for (name, call) in calls {
      let gradient = try call(predictions).gradient
      let expected = try centralDifferences(at: predictions, step: 1e-6) {
        try call($0).value.scalars.reduce(0, +)
      }
      #expect(isClose(gradient, expected, relative: 1e-7, scale: 1), "\(name): \(gradient)")
    }
  }

  /// The derivative of mean_pairwise_squared_error with weights of every shape that it takes.
  @Test(
    arguments: [2, [[1.2], [3.4]], [[0], [3.4]], [[1, 0, 2]], [[1, 1, 0], [0, 0, 1]]]
      as [Tensor<Double>])
  func pairwiseGradient(_ weights: Tensor<Double>) throws {
    let labels: Tensor<Double> = [[1, 9, 2], [-5, -2, 6]]
    let predictions: Tensor<Double> = [[4, 8, 12], [8, 1, 3]]
    let gradient = try Losses.meanPairwiseSquaredErrorWithGradient(
      labels: labels, predictions: predictions, weights: weights
    ).gradient
    let expected = try centralDifferences(at: predictions, step: 1e-4) {
      try Losses.meanPairwiseSquaredError(labels: labels, predictions: $0, weights: weights).item
    }
    #expect(isClose(gradient, expected, relative: 1e-8, scale: 10))
  }

  /// A common offset of all errors does not reach the result, in digits either.
  @Test func pairwiseDoesNotCancel() throws {
    let labels: Tensor<Double> = [[0, 0, 0]]
    let offset: Tensor<Double> = [[1e8, 100_000_000.5, 100_000_001]]
    #expect(try Losses.meanPairwiseSquaredError(labels: labels, predictions: offset) == 0.5)
    let (value, gradient) = try Losses.meanPairwiseSquaredErrorWithGradient(
      labels: [[0, 0, 0]], predictions: [[4096, 4096.5, 4097]])
    #expect(value == 0.5 && gradient == [[-1, 0, 1]])
  }
}
