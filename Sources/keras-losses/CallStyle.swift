// The two sets of rules for shapes and weights: TensorFlow 1's and Keras's.

import KerasLosses
import TFCompatV1

/// What is computed on a call's files, and whose rules their shapes must keep.
package enum CallStyle: Sendable {
  case tensorFlow1(V1Loss)
  case keras(LossPlan)

  /// The kernel, and where its samples lie in labels and predictions.
  func samples(
    _ operands: Operands
  ) throws(LossError) -> (kernel: any LossKernel, geometry: SampleGeometry) {
    let names = operands.names
    let labels = operands.labels.shape
    let predictions = operands.predictions.shape
    switch self {
    case .tensorFlow1(let loss):
      return try loss.samples(labels: labels, predictions: predictions, names: names)
    case .keras(let plan):
      return (
        plan.kernel, try plan.geometry(yTrue: labels, yPred: predictions, names: names)
      )
    }
  }

  /// The shape of the weights brought to the losses' rank; nil where there are none.
  func weights(_ operands: Operands, _ losses: [Int]) throws(LossError) -> [Int]? {
    guard let weights = operands.weights else { return nil }
    switch self {
    case .tensorFlow1(let loss):
      return try loss.alignedShape(
        ofWeights: weights.shape, losses: losses, names: operands.names)
    case .keras:
      return try SampleWeights<Float>.alignedShape(
        of: weights.shape, losses: losses, predictions: operands.predictions.shape,
        names: operands.names)
    }
  }
}
