import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// What all functions of tf.compat.v1.losses have in common: shapes, names in collections, spellings.

@Suite struct V1RulesTests {
  /// Neither squeezed nor broadcast.
  @Test(
    arguments: V1Function.dense,
    [
      ([3], [3, 1]), ([3, 1], [3]), ([2, 1], [2, 3]), ([1, 3], [2, 3]), ([2, 3], [3, 2]),
      ([2, 3, 1], [2, 3]), ([], [1]), ([3], [2]), ([0, 3], [2, 3]),
    ])
  func labelsHaveTheShapeOfThePredictions(
    _ function: V1Function, _ shapes: (labels: [Int], predictions: [Int])
  ) {
    let (labels, predictions) = shapes
    #expect(
      errorText { _ = try function.call(tensor(labels), tensor(predictions), 1, nil) }
        == "\(function.labels): must have the shape of \(function.predictions); got "
        + "\(function.labels) \(labels) and \(function.predictions) \(predictions).")
  }

  @Test func classIDsOfAnyType() throws {
    let logits = tensor([2, 3])
    let expected = try Losses.sparseSoftmaxCrossEntropy(
      labels: [2, 1] as Tensor<Int32>, logits: logits)
    #expect(try Losses.sparseSoftmaxCrossEntropy(labels: [2, 1], logits: logits) == expected)
    #expect(
      try Losses.sparseSoftmaxCrossEntropy(labels: [2, 1] as Tensor<UInt8>, logits: logits)
        == expected)
    let oneHot: Tensor<Int8> = [[0, 0, 1], [0, 1, 0]]
    #expect(try Losses.softmaxCrossEntropy(onehotLabels: oneHot, logits: logits) == expected)
  }

  @Test(arguments: V1Function.dense)
  func collectedUnderTensorFlowsName(_ function: V1Function) throws {
    let collection = LossCollection<Float>()
    let values = tensor([2, 3])
    let loss = try function.call(values, values, 1, collection)
    #expect(collection.getLosses(scope: function.scope + "/value") == [loss])
    #expect(throws: LossError.self) {
      try function.call(values, values, tensor([5]), collection)
    }
    #expect(collection.getLosses().count == 1)
  }

  /// Weights of 1 are what is left out.
  @Test(arguments: V1Function.dense)
  func weightsOfOneChangeNothing(_ function: V1Function) throws {
    let (y, p) = (tensor([3, 4]), Tensor(shape: [3, 4], scalars: tensor([12]).scalars.reversed()))
    let expected = try function.call(y, p, 1, nil)
    let shape = function.description == "softmaxCrossEntropy" ? [3] : [3, 1]
    let ones = Tensor(shape: shape, scalars: [Float](repeating: 1, count: 3))
    #expect(try function.call(y, p, ones, nil) == expected)
    #expect(try function.call(y, p, ones.reshaped(to: shape), nil) == expected)
  }

  /// Two literals, a literal beside a tensor, labels and predictions of different types.
  @Test func spellings() throws {
    let p: Tensor<Double> = [[0.25, 0.5]]
    let y: Tensor<Int32> = [[0, 1]]
    #expect(try Losses.meanSquaredError(labels: [[0, 1]], predictions: [[0.25, 0.5]]) == 0.15625)
    #expect(try Losses.meanSquaredError(labels: [[0, 1]], predictions: p) == 0.15625)
    #expect(try Losses.meanSquaredError(labels: y, predictions: p, weights: [[2]]) == 0.3125)
    #expect(try Losses.absoluteDifference(labels: [[0, 1]], predictions: [[0.25, 0.5]]) == 0.375)
    #expect(try Losses.huberLoss(labels: y, predictions: p, weights: 1, delta: 0.25) == 0.0625)
    #expect(try Losses.hingeLoss(labels: [[0, 1]], logits: p) == 0.875)
    #expect(try Losses.cosineDistance(labels: y, predictions: p, axis: 1, weights: [[2]]) == 1)
    #expect(try Losses.logLoss(labels: [1], predictions: [1], epsilon: 0) == 0)
    #expect(try Losses.meanPairwiseSquaredError(labels: y, predictions: p) == 0.5625)
    #expect(try Losses.sigmoidCrossEntropy(multiClassLabels: [[0, 1]], logits: p).rank == 0)
    #expect(try Losses.sparseSoftmaxCrossEntropy(labels: [1], logits: p).rank == 0)
    let all = try Losses.sparseSoftmaxCrossEntropyWithGradient(
      labels: y.reshaped(to: [2]), logits: [[1, 2], [3, 4]] as Tensor<Double>, weights: [1, 0],
      scope: "a", lossCollection: LossCollection<Double>(), reduction: .none)
    #expect(all.value.shape == [2] && all.gradient.shape == [2, 2])
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    /// As Float, rounded once.
    @Test func float16() throws {
      let labels: Tensor<Float16> = [[0, 1, 1], [1, 0, 0]]
      let predictions: Tensor<Float16> = [[0.3, 0.6, 0.2], [0.7, 0.15, 0.85]]
      let wide = (
        Tensor<Float>(converting: labels), Tensor<Float>(converting: predictions)
      )
      func rounded(_ value: Tensor<Float>) -> Tensor<Float16> { Tensor(converting: value) }
      #expect(
        try Losses.meanSquaredError(labels: labels, predictions: predictions, reduction: .none)
          == rounded(
            Losses.meanSquaredError(labels: wide.0, predictions: wide.1, reduction: .none)))
      #expect(
        try Losses.logLoss(labels: labels, predictions: predictions, reduction: .none)
          == rounded(Losses.logLoss(labels: wide.0, predictions: wide.1, reduction: .none)))
      // One sample: with more, each term is rounded.
      func first<Scalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        Tensor(shape: [1, 3], scalars: Array(tensor.scalars.prefix(3)))
      }
      #expect(
        try Losses.meanPairwiseSquaredError(labels: first(labels), predictions: first(predictions))
          == rounded(
            Losses.meanPairwiseSquaredError(labels: first(wide.0), predictions: first(wide.1))))
    }
  #endif
}
