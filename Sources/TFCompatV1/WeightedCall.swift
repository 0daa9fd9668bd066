import KerasLosses

// What every function of `tf.compat.v1.losses` does with its losses: weights, reduction, collection.

/// One call: the arguments that all the functions share.
struct WeightedCall<Scalar: LossScalar> {
  let weights: Tensor<Scalar>
  /// The name under which the loss is collected.
  let scope: String
  let collection: LossCollection<Scalar>?
  let reduction: Losses.Reduction

  /// The reduced losses, collected if a collection was handed over.
  func value<Source: LossSource>(
    of losses: Source, names: ArgumentNames
  ) throws(LossError) -> Tensor<Scalar> where Source.Scalar == Scalar {
    let value = try pass(losses, names).value(reduction)
    collect(value)
    return value
  }

  /// The reduced losses, and the gradient with respect to predictions of this shape.
  func valueWithGradient<Source: LossSource>(
    of losses: Source, shape: [Int], names: ArgumentNames
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  where Source.Scalar == Scalar {
    let (value, gradient) = try pass(losses, names).valueWithGradient(reduction)
    collect(value)
    return (value, Tensor(unchecked: shape, scalars: gradient))
  }

  private func pass<Source: LossSource>(
    _ losses: Source, _ names: ArgumentNames
  ) throws(LossError) -> LossPass<Source> where Source.Scalar == Scalar {
    LossPass(
      losses, weights: try SampleWeights(v1: weights, losses: losses.lossShape, names: names))
  }

  private func collect(_ value: Tensor<Scalar>) {
    collection?.add(value, scope: scope, operation: reduction == .none ? "Mul" : "value")
  }
}

extension SampleWeights {
  /// TensorFlow 1's weights: a scalar, or the losses' rank with every size 1 or the losses'.
  ///
  /// Source: `tf.compat.v1.losses`' `weights_broadcast_ops.assert_broadcastable`.
  package init(v1 weights: Tensor<Scalar>, losses: [Int], names: ArgumentNames) throws(LossError) {
    self.init(
      lossShape: losses, weights: weights,
      alignedShape: try v1AlignedShape(ofWeights: weights.shape, losses: losses, names: names),
      mask: nil)
  }
}

/// The shape of the weights brought to the losses' rank.
package func v1AlignedShape(
  ofWeights weights: [Int], losses: [Int], names: ArgumentNames
) throws(LossError) -> [Int] {
  if weights.isEmpty { return [Int](repeating: 1, count: losses.count) }
  guard weights.count == losses.count, zip(weights, losses).allSatisfy({ $0 == 1 || $0 == $1 })
  else {
    throw LossError(
      .weights, names.weights,
      "must be a scalar, or have the rank of the losses with each size 1 or equal; got "
        + "\(names.weights) \(weights) for losses \(losses).")
  }
  return weights
}

/// Throws unless labels and predictions have one shape: TensorFlow 1 adds or drops no axis.
package func v1RequireSameShape(
  labels: [Int], predictions: [Int], names: ArgumentNames
) throws(LossError) {
  guard labels == predictions else {
    throw LossError(
      .shapeMismatch, names.labels,
      "must have the shape of \(names.predictions); got \(names.labels) \(labels) and "
        + "\(names.predictions) \(predictions).")
  }
}
