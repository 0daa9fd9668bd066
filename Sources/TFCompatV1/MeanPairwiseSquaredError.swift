import KerasLosses

extension Losses {
  /// `tf.compat.v1.losses.mean_pairwise_squared_error`: for each sample, the mean over all pairs of its
  /// elements of the squared difference between d = p − y at one and at the other, summed over the batch.
  /// No Keras-style loss runs here: none compares the elements of a sample with each other.
  ///
  /// With S = Σ d² and T = Σ d over a sample, and c the number of its weights that are not 0, counted
  /// after broadcasting to `labels`,
  ///
  ///     loss = Σ w · (2·S / (c − 1) − 2·T² / (c·(c − 1))),   a quotient being 0 where its denominator is
  ///
  /// The weights have no part in S and T. The sum runs over the weights as they are: one weight per sample
  /// counts a sample once, one per element as often as it has elements. That is TensorFlow's function,
  /// and the one function of the module without a reduction. TensorFlow run eagerly with a scalar weight
  /// takes c over the whole batch; here c is that of the sample, as in its graphs.
  ///
  /// - Parameters:
  ///   - labels: `[B, …]`, of any element type.
  ///   - predictions: of the shape of `labels`.
  ///   - weights: a scalar, or the rank of `labels` with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `mean_pairwise_squared_error` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  /// - Returns: a scalar.
  /// - Throws: a `LossError` for weights that do not fit, if the shapes differ, and for rank 0.
  public static func meanPairwiseSquaredError<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil
  ) throws(LossError) -> Tensor<Scalar> {
    try pairwise(labels, predictions, weights, scope, lossCollection)
  }

  /// `tf.compat.v1.losses.mean_pairwise_squared_error` on `Float`s.
  public static func meanPairwiseSquaredError(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil
  ) throws(LossError) -> Tensor<Float> {
    try pairwise(labels, predictions, weights, scope, lossCollection)
  }

  /// `tf.compat.v1.losses.mean_pairwise_squared_error` on labels and predictions of one type.
  @_disfavoredOverload
  public static func meanPairwiseSquaredError<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil
  ) throws(LossError) -> Tensor<Scalar> {
    try pairwise(labels, predictions, weights, scope, lossCollection)
  }

  /// The mean pairwise squared error with its gradient, 4·(c·d − T) / (c·(c − 1)) times the sum of the
  /// sample's weights, of the shape of `predictions`.
  public static func meanPairwiseSquaredErrorWithGradient<
    Label: TensorElement, Scalar: LossScalar
  >(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try pairwiseWithGradient(labels, predictions, weights, scope, lossCollection)
  }

  /// The mean pairwise squared error with its gradient on `Float`s.
  public static func meanPairwiseSquaredErrorWithGradient(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try pairwiseWithGradient(labels, predictions, weights, scope, lossCollection)
  }

  /// The mean pairwise squared error with its gradient on labels and predictions of one type.
  @_disfavoredOverload
  public static func meanPairwiseSquaredErrorWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try pairwiseWithGradient(labels, predictions, weights, scope, lossCollection)
  }

  private static func pairwise<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ weights: Tensor<Scalar>,
    _ scope: String?, _ collection: LossCollection<Scalar>?
  ) throws(LossError) -> Tensor<Scalar> {
    let shapes = try PairwiseShapes(
      labels: labels.shape, predictions: predictions.shape, weights: weights.shape,
      names: .v1Predictions)
    let call = PairwiseCall(shapes, labels, predictions, weights)
    let value = Tensor(call.accumulated(call.terms()).finish(.one) as Scalar)
    collect(value, scope, collection)
    return value
  }

  private static func pairwiseWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ weights: Tensor<Scalar>,
    _ scope: String?, _ collection: LossCollection<Scalar>?
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let shapes = try PairwiseShapes(
      labels: labels.shape, predictions: predictions.shape, weights: weights.shape,
      names: .v1Predictions)
    let call = PairwiseCall(shapes, labels, predictions, weights)
    let (terms, gradient) = call.termsWithGradient()
    let value = Tensor(call.accumulated(terms).finish(.one) as Scalar)
    collect(value, scope, collection)
    return (value, Tensor(unchecked: predictions.shape, scalars: gradient))
  }

  private static func collect<Scalar: LossScalar>(
    _ value: Tensor<Scalar>, _ scope: String?, _ collection: LossCollection<Scalar>?
  ) {
    // TensorFlow's quotients have taken the names value and value_1.
    collection?.add(value, scope: scope ?? "mean_pairwise_squared_error", operation: "value_2")
  }
}
