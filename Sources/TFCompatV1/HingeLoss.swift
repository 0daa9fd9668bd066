import KerasLosses

extension V1Loss {
  /// The function of `Hinge` at labels 2·y − 1; every element is a row of its own.
  package static let hingeLoss = V1Loss(
    names: .v1Logits, scope: "hinge_loss", view: .elements
  ) { .hingeOfBinaryLabels }
}

extension Losses {
  /// `tf.compat.v1.losses.hinge_loss`: max(0, 1 − (2·y − 1)·x), element by element. Runs the
  /// function of `Hinge`, and not the loss itself: `Hinge` converts labels of 0 and 1 to −1 and 1
  /// only if the whole batch holds nothing else, this converts whatever it is given. Labels of −1
  /// become −3.
  ///
  /// - Parameters:
  ///   - labels: 0 and 1, of any shape and element type.
  ///   - logits: of the shape of `labels`.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `hinge_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, of the shape of `labels`.
  /// - Throws: a `LossError` if the shapes differ, and for weights that do not fit.
  public static func hingeLoss<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.hingeLoss.value(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.hinge_loss` on `Float`s.
  public static func hingeLoss(
    labels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.hingeLoss.value(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.hinge_loss` on labels and logits of one type.
  @_disfavoredOverload
  public static func hingeLoss<Scalar: LossScalar>(
    labels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.hingeLoss.value(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The hinge loss with its gradient, −(2·y − 1) where the loss is above 0 and 0 elsewhere (also
  /// at the kink), weighted and reduced, of the shape of `logits`.
  public static func hingeLossWithGradient<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.hingeLoss.valueWithGradient(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The hinge loss with its gradient on `Float`s.
  public static func hingeLossWithGradient(
    labels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.hingeLoss.valueWithGradient(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The hinge loss with its gradient on labels and logits of one type.
  @_disfavoredOverload
  public static func hingeLossWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.hingeLoss.valueWithGradient(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
