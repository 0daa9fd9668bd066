import KerasLosses

extension Losses {
  private static let weightedLossNames = ArgumentNames(
    labels: "losses", predictions: "losses", weights: "weights")

  /// `tf.compat.v1.losses.compute_weighted_loss`: losses of your own, weighted and reduced.
  ///
  /// - Parameters:
  ///   - losses: one loss per element, of any shape.
  ///   - weights: a scalar, or the rank of `losses` with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `weighted_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` a tensor of the shape of `losses`.
  public static func computeWeightedLoss<Scalar: LossScalar>(
    losses: Tensor<Scalar>, weights: Tensor<Scalar> = 1, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    let call = WeightedCall(
      weights: weights, scope: scope ?? "weighted_loss", collection: lossCollection,
      reduction: reduction)
    return try call.value(of: GivenLosses(losses), names: weightedLossNames)
  }

  /// ``computeWeightedLoss(losses:weights:scope:lossCollection:reduction:)`` with the gradient with
  /// respect to `losses`, of their shape.
  public static func computeWeightedLossWithGradient<Scalar: LossScalar>(
    losses: Tensor<Scalar>, weights: Tensor<Scalar> = 1, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let call = WeightedCall(
      weights: weights, scope: scope ?? "weighted_loss", collection: lossCollection,
      reduction: reduction)
    return try call.valueWithGradient(
      of: GivenLosses(losses), shape: losses.shape, names: weightedLossNames)
  }
}
