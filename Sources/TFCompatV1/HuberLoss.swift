import KerasLosses

extension V1Loss {
  /// The mean over an axis of size 1 is the element itself. TensorFlow looks at no δ.
  package static func huberLoss(delta: Double) -> V1Loss {
    V1Loss(names: .v1Predictions, scope: "huber_loss", view: .elements) { () throws(LossError) in
      guard delta.isFinite else {
        throw LossError(.parameter, "delta", "must be finite; got \(delta).")
      }
      return delta > 0 ? Huber(delta: delta).plan : .huber(delta: delta)
    }
  }
}

extension Losses {
  /// `tf.compat.v1.losses.huber_loss`: e²/2 where e = |p − y| ≤ δ, and δ·e − δ²/2 beyond, element
  /// by element. Runs `Huber(delta:)` on every element by itself; a δ that is not above 0, which
  /// `Huber` refuses, is taken as TensorFlow takes it.
  ///
  /// - Parameters:
  ///   - labels: numbers of any shape and element type.
  ///   - predictions: of the shape of `labels`.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - delta: δ, where the square becomes a line. Not divided by: the slope beyond is δ. With 0
  ///     the loss is 0, below it is negative.
  ///   - scope: the name under which the loss is collected; `huber_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, of the shape of `labels`.
  /// - Throws: a `LossError` if the shapes differ, and for weights that do not fit.
  public static func huberLoss<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    delta: Double = 1, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.huberLoss(delta: delta).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.huber_loss` on `Float`s.
  public static func huberLoss(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    delta: Double = 1, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.huberLoss(delta: delta).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.huber_loss` on labels and predictions of one type.
  @_disfavoredOverload
  public static func huberLoss<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    delta: Double = 1, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.huberLoss(delta: delta).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The Huber loss with its gradient, p − y cut to −δ...δ, weighted and reduced, of the shape of
  /// `predictions`.
  public static func huberLossWithGradient<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    delta: Double = 1, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.huberLoss(delta: delta).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The Huber loss with its gradient on `Float`s.
  public static func huberLossWithGradient(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    delta: Double = 1, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.huberLoss(delta: delta).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The Huber loss with its gradient on labels and predictions of one type.
  @_disfavoredOverload
  public static func huberLossWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    delta: Double = 1, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.huberLoss(delta: delta).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
