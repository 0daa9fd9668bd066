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
  /// - Throws: a `LossError` for weights that do not fit.
  public static func computeWeightedLoss<Scalar: LossScalar>(
    losses: Tensor<Scalar>, weights: Tensor<Scalar> = 1, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try weightedLoss(losses, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The weighted loss with the gradient with respect to `losses`, of their shape. Throws where the
  /// weighted loss alone throws.
  public static func computeWeightedLossWithGradient<Scalar: LossScalar>(
    losses: Tensor<Scalar>, weights: Tensor<Scalar> = 1, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try weightedLossWithGradient(
      losses, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.compute_weighted_loss` on `Float`s, so that all arguments can be literals.
  public static func computeWeightedLoss(
    losses: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try weightedLoss(losses, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The weighted loss on `Float`s with the gradient with respect to `losses`.
  public static func computeWeightedLossWithGradient(
    losses: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try weightedLossWithGradient(
      losses, V1Arguments(weights, scope, lossCollection, reduction))
  }

  private static func weightedLoss<Scalar: LossScalar>(
    _ losses: Tensor<Scalar>, _ arguments: V1Arguments<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let value = try weightedPass(losses, arguments).value(arguments.reduction)
    arguments.collect(value, defaultScope: "weighted_loss")
    return value
  }

  private static func weightedLossWithGradient<Scalar: LossScalar>(
    _ losses: Tensor<Scalar>, _ arguments: V1Arguments<Scalar>
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let (value, gradient) = try weightedPass(losses, arguments)
      .valueWithGradient(arguments.reduction)
    arguments.collect(value, defaultScope: "weighted_loss")
    return (value, Tensor(unchecked: losses.shape, scalars: gradient))
  }

  private static func weightedPass<Scalar: LossScalar>(
    _ losses: Tensor<Scalar>, _ arguments: V1Arguments<Scalar>
  ) throws(LossError) -> LossPass<GivenLosses<Scalar>> {
    let aligned = try v1AlignedShape(
      ofWeights: arguments.weights.shape, losses: losses.shape, names: weightedLossNames)
    return LossPass(
      GivenLosses(losses),
      weights: SampleWeights(
        v1: arguments.weights, alignedShape: aligned, losses: losses.shape))
  }
}
