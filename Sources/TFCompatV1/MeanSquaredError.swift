import KerasLosses

extension V1Loss {
  /// The mean over an axis of size 1 is the element itself.
  package static let meanSquaredError = V1Loss(
    names: .v1Predictions, scope: "mean_squared_error", view: .elements
  ) { MeanSquaredError().plan }
}

extension Losses {
  /// `tf.compat.v1.losses.mean_squared_error`: (p − y)², element by element. Runs
  /// `MeanSquaredError()` on every element by itself.
  ///
  /// - Parameters:
  ///   - labels: numbers of any shape and element type.
  ///   - predictions: of the shape of `labels`.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `mean_squared_error` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, of the shape of `labels`.
  /// - Throws: a `LossError` if the shapes differ, and for weights that do not fit.
  public static func meanSquaredError<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.meanSquaredError.value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.mean_squared_error` on `Float`s.
  public static func meanSquaredError(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.meanSquaredError.value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.mean_squared_error` on labels and predictions of one type.
  @_disfavoredOverload
  public static func meanSquaredError<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.meanSquaredError.value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The squared error with its gradient, 2·(p − y) weighted and reduced, of the shape of
  /// `predictions`.
  public static func meanSquaredErrorWithGradient<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.meanSquaredError.valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The squared error with its gradient on `Float`s.
  public static func meanSquaredErrorWithGradient(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.meanSquaredError.valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The squared error with its gradient on labels and predictions of one type.
  @_disfavoredOverload
  public static func meanSquaredErrorWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.meanSquaredError.valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
