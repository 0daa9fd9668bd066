import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The order in which the functions of tf.compat.v1.losses check their arguments, and what they say.

@Suite struct V1ErrorTests {
  /// Shapes come before weights; in mean_pairwise_squared_error it is the other way round.
  @Test(arguments: V1Function.dense)
  func shapesAreCheckedBeforeWeights(_ function: V1Function) {
    let text = errorText {
      _ = try function.call(tensor([2, 3]), tensor([2, 2]), tensor([7]), nil)
    }
    let first = function.description == "meanPairwiseSquaredError" ? "weights" : function.labels
    #expect(text?.hasPrefix("\(first): ") == true)
  }

  /// Parameters come between.
  @Test func shapesAreCheckedBeforeParameters() {
    func prefix(_ body: () throws -> Void) -> String? {
      errorText(body).map { String($0.prefix { $0 != ":" }) }
    }
    let (y, p, w) = (tensor([2, 3]), tensor([2, 2]), tensor([7]))
    #expect(prefix { _ = try Losses.huberLoss(labels: y, predictions: p, delta: .nan) } == "labels")
    #expect(
      prefix { _ = try Losses.huberLoss(labels: y, predictions: y, weights: w, delta: .nan) }
        == "delta")
    #expect(
      prefix { _ = try Losses.logLoss(labels: y, predictions: y, weights: w, epsilon: -1) }
        == "epsilon")
    #expect(
      prefix { _ = try Losses.cosineDistance(labels: y, predictions: y, axis: 2, weights: w) }
        == "axis")
    #expect(
      prefix {
        _ = try Losses.sigmoidCrossEntropy(
          multiClassLabels: y, logits: y, weights: w, labelSmoothing: 2)
      } == "labelSmoothing")
    // Class ids are part of the losses.
    #expect(
      prefix { _ = try Losses.sparseSoftmaxCrossEntropy(labels: [0, 5], logits: y, weights: w) }
        == "labels")
  }

  @Test func textsOfParameters() {
    let y = tensor([2, 3])
    #expect(
      errorText { _ = try Losses.huberLoss(labels: y, predictions: y, delta: .infinity) }
        == "delta: must be finite; got inf.")
    #expect(
      errorText { _ = try Losses.logLoss(labels: y, predictions: y, epsilon: -0.5) }
        == "epsilon: must be finite and not negative; got -0.5.")
    #expect(
      errorText { _ = try Losses.cosineDistance(labels: y, predictions: y, axis: -3) }
        == "axis: must lie in -2..<2 for predictions of rank 2; got -3.")
    #expect(
      errorText {
        _ = try Losses.sigmoidCrossEntropy(multiClassLabels: y, logits: y, labelSmoothing: -0.1)
      } == "labelSmoothing: must lie in 0...1; got -0.1.")
  }

  @Test func textsOfRanks() {
    #expect(
      errorText { _ = try Losses.cosineDistance(labels: 1, predictions: 2, axis: 0) }
        == "predictions: must have at least one axis, the classes; got predictions [] and labels []."
    )
    #expect(
      errorText { _ = try Losses.meanPairwiseSquaredError(labels: 1, predictions: 2) }
        == "predictions: must have at least one axis, the samples; got predictions [] and labels []."
    )
    #expect(
      errorText { _ = try Losses.sparseSoftmaxCrossEntropy(labels: 1, logits: 2) }
        == "logits: must have at least one axis, the classes; got logits [] and labels [].")
  }

  @Test func textsOfClassIDs() {
    let logits = tensor([2, 3])
    func text(_ labels: Tensor<Int64>, _ logits: Tensor<Float>, _ weights: Tensor<Float> = 1)
      -> String?
    {
      errorText {
        _ = try Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: logits, weights: weights)
      }
    }
    #expect(
      text([0, 1, 2], logits)
        == "labels: must have the shape of logits without axis 1 (an axis of size 1 in its place is "
        + "dropped); got labels [3] and logits [2, 3].")
    #expect(
      text([0, -1], logits, [1, 0])
        == "labels: class ids must be integers in 0..<3; got -1 for sample 1 of labels [2] and logits "
        + "[2, 3].")
    #expect(
      text([0, 1], tensor([2, 0]))
        == "logits: must have at least one class on axis 1; got logits [2, 0] and labels [2].")
    // The rank of the losses, and one more that ends in 1.
    #expect(text([0, 1], logits, tensor([2])) == nil)
    #expect(text([0, 1], logits, tensor([2, 1])) == nil)
    #expect(text([0, 1], logits, tensor([1, 1])) == nil)
    for shape in [[2, 2], [1, 2], [3], [2, 1, 1]] {
      #expect(
        text([0, 1], logits, tensor(shape))
          == "weights: must be a scalar, or have the rank of the losses with each size 1 or equal; "
          + "got weights \(shape) for losses [2].")
    }
    #expect(
      errorText { _ = try Losses.sparseSoftmaxCrossEntropy(labels: [0, 1.5], logits: logits) }
        == "labels: class ids must be integers in 0..<3; got 1.5 for sample 1 of labels [2] and logits "
        + "[2, 3].")
  }
}
