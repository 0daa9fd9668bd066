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
    try weightedCall(weights, scope, lossCollection, reduction)
      .value(of: GivenLosses(losses), names: weightedLossNames)
  }

  /// The weighted loss with the gradient with respect to `losses`, of their shape.
  public static func computeWeightedLossWithGradient<Scalar: LossScalar>(
    losses: Tensor<Scalar>, weights: Tensor<Scalar> = 1, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try weightedCall(weights, scope, lossCollection, reduction)
      .valueWithGradient(of: GivenLosses(losses), shape: losses.shape, names: weightedLossNames)
  }

  /// `tf.compat.v1.losses.compute_weighted_loss` on `Float`s, so that all arguments can be literals.
  public static func computeWeightedLoss(
    losses: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try weightedCall(weights, scope, lossCollection, reduction)
      .value(of: GivenLosses(losses), names: weightedLossNames)
  }

  /// The weighted loss on `Float`s with the gradient with respect to `losses`.
  public static func computeWeightedLossWithGradient(
    losses: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try weightedCall(weights, scope, lossCollection, reduction)
      .valueWithGradient(of: GivenLosses(losses), shape: losses.shape, names: weightedLossNames)
  }

  private static func weightedCall<Scalar: LossScalar>(
    _ weights: Tensor<Scalar>, _ scope: String?, _ collection: LossCollection<Scalar>?,
    _ reduction: Reduction
  ) -> WeightedCall<Scalar> {
    WeightedCall(
      weights: weights, scope: scope ?? "weighted_loss", collection: collection,
      reduction: reduction)
  }
}
