import KerasLosses

extension V1Loss {
  /// The mean over an axis of size 1 is the element itself.
  package static let absoluteDifference = V1Loss(
    names: .v1Predictions, scope: "absolute_difference", view: .elements
  ) { MeanAbsoluteError().plan }
}

extension Losses {
  /// `tf.compat.v1.losses.absolute_difference`: |p − y|, element by element. Runs
  /// `MeanAbsoluteError()` on every element by itself.
  ///
  /// - Parameters:
  ///   - labels: numbers of any shape and element type.
  ///   - predictions: of the shape of `labels`.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `absolute_difference` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, of the shape of `labels`.
  /// - Throws: a `LossError` if the shapes differ, and for weights that do not fit.
  public static func absoluteDifference<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.absoluteDifference.value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.absolute_difference` on `Float`s.
  public static func absoluteDifference(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.absoluteDifference.value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.absolute_difference` on labels and predictions of one type.
  @_disfavoredOverload
  public static func absoluteDifference<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.absoluteDifference.value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The absolute difference with its gradient, sign(p − y) weighted and reduced, of the shape of
  /// `predictions`; 0 where p = y.
  public static func absoluteDifferenceWithGradient<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.absoluteDifference.valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The absolute difference with its gradient on `Float`s.
  public static func absoluteDifferenceWithGradient(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.absoluteDifference.valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The absolute difference with its gradient on labels and predictions of one type.
  @_disfavoredOverload
  public static func absoluteDifferenceWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.absoluteDifference.valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
