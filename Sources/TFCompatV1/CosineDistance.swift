import KerasLosses

extension V1Loss {
  /// Vectors along `axis`, which stays.
  package static func cosineDistance(axis: Int) -> V1Loss {
    V1Loss(
      names: .v1Predictions, scope: "cosine_distance_loss", view: .rowsKeepingAxis
    ) { LossPlan(InnerProductKernel(axis: axis)) }
  }
}

extension Losses {
  /// `tf.compat.v1.losses.cosine_distance`: 1 − Σ p·y over one axis. No Keras-style loss runs here:
  /// `CosineSimilarity` divides both vectors by their lengths, is the negative of their product,
  /// and drops the axis; this takes the vectors as they are and keeps the axis, with size 1. For
  /// vectors of length 1 it is `CosineSimilarity` plus 1.
  ///
  /// - Parameters:
  ///   - labels: vectors, of any element type.
  ///   - predictions: vectors, of the shape of `labels`.
  ///   - axis: the axis of the vectors; negative ones count from the back. TensorFlow's deprecated
  ///     name `dim` is not there.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `cosine_distance_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses: the shape of `labels`, but
  ///   1 on `axis`.
  /// - Throws: a `LossError` if the shapes differ, for an axis that is not there, and for weights
  ///   that do not fit: `[B, 1]` for labels `[B, D]` with `axis` 1.
  public static func cosineDistance<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, axis: Int, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.cosineDistance(axis: axis).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.cosine_distance` on `Float`s.
  public static func cosineDistance(
    labels: Tensor<Float>, predictions: Tensor<Float>, axis: Int, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.cosineDistance(axis: axis).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.cosine_distance` on labels and predictions of one type.
  @_disfavoredOverload
  public static func cosineDistance<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, axis: Int, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.cosineDistance(axis: axis).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The cosine distance with its gradient, −y weighted and reduced, of the shape of `predictions`.
  public static func cosineDistanceWithGradient<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, axis: Int, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.cosineDistance(axis: axis).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The cosine distance with its gradient on `Float`s.
  public static func cosineDistanceWithGradient(
    labels: Tensor<Float>, predictions: Tensor<Float>, axis: Int, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.cosineDistance(axis: axis).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The cosine distance with its gradient on labels and predictions of one type.
  @_disfavoredOverload
  public static func cosineDistanceWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, axis: Int, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.cosineDistance(axis: axis).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
