// The two sets of rules for shapes and weights: TensorFlow 1's and Keras's.

import KerasLosses
import TFCompatV1

/// Whose rules the shapes of a call's files must keep.
package enum CallStyle: Sendable {
  case tensorFlow1
  case keras

  /// Where the samples lie in labels and predictions.
  func geometry(_ plan: LossPlan, _ operands: Operands) throws(LossError) -> SampleGeometry {
    let names = operands.names
    let labels = operands.labels.shape
    let predictions = operands.predictions.shape
    if self == .tensorFlow1 {
      try v1RequireSameShape(labels: labels, predictions: predictions, names: names)
    }
    return try plan.geometry(yTrue: labels, yPred: predictions, names: names)
  }

  /// The shape of the weights brought to the losses' rank; nil where there are none.
  func weights(_ operands: Operands, _ losses: [Int]) throws(LossError) -> [Int]? {
    guard let weights = operands.weights else { return nil }
    switch self {
    case .tensorFlow1:
      return try v1AlignedShape(ofWeights: weights.shape, losses: losses, names: operands.names)
    case .keras:
      return try SampleWeights<Float>.alignedShape(
        of: weights.shape, losses: losses, predictions: operands.predictions.shape,
        names: operands.names)
    }
  }
}
