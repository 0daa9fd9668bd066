import KerasLosses

extension V1Loss {
  /// BCE with ε added instead of clipped to; every element is a row of its own.
  package static func logLoss(epsilon: Double) -> V1Loss {
    V1Loss(
      names: .v1Predictions, scope: "log_loss", view: .elements
    ) { () throws(LossError) in
      .logLoss(epsilon: try valid(nonnegative: epsilon, "epsilon"))
    }
  }
}

extension Losses {
  /// `tf.compat.v1.losses.log_loss`: −y·ln(p + ε) − (1 − y)·ln(1 − p + ε), element by element. No
  /// Keras-style loss runs here: `BinaryCrossentropy` clips p to ε...1 − ε, this adds ε and clips
  /// nothing.
  ///
  /// - Parameters:
  ///   - labels: numbers of any shape and element type, usually in 0...1.
  ///   - predictions: probabilities, of the shape of `labels`. Outside −ε...1 + ε the loss is NaN.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - epsilon: ε ≥ 0. With 0, a confident error is +inf; a term whose label is 0 contributes 0.
  ///   - scope: the name under which the loss is collected; `log_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, of the shape of `labels`.
  /// - Throws: a `LossError` if the shapes differ, for weights that do not fit, and for an
  ///   `epsilon` that is negative or not finite.
  public static func logLoss<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    epsilon: Double = 1e-7, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.logLoss(epsilon: epsilon).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.log_loss` on `Float`s.
  public static func logLoss(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    epsilon: Double = 1e-7, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.logLoss(epsilon: epsilon).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.log_loss` on labels and predictions of one type.
  @_disfavoredOverload
  public static func logLoss<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    epsilon: Double = 1e-7, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.logLoss(epsilon: epsilon).value(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The log loss with its gradient, (1 − y) / (1 − p + ε) − y / (p + ε) weighted and reduced, of
  /// the shape of `predictions`. It is not cut off at p = 0 and p = 1, as Keras's is.
  public static func logLossWithGradient<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    epsilon: Double = 1e-7, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.logLoss(epsilon: epsilon).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The log loss with its gradient on `Float`s.
  public static func logLossWithGradient(
    labels: Tensor<Float>, predictions: Tensor<Float>, weights: Tensor<Float> = 1,
    epsilon: Double = 1e-7, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.logLoss(epsilon: epsilon).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The log loss with its gradient on labels and predictions of one type.
  @_disfavoredOverload
  public static func logLossWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, predictions: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    epsilon: Double = 1e-7, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.logLoss(epsilon: epsilon).valueWithGradient(
      labels, predictions, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
