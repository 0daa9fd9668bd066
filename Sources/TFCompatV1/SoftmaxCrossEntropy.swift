import KerasLosses

extension V1Loss {
  /// The classes are the last axis: TensorFlow 1 has no other.
  package static func softmaxCrossEntropy(labelSmoothing: Double) -> V1Loss {
    V1Loss(
      names: ArgumentNames(
        labels: "onehotLabels", predictions: "logits", weights: "weights"),
      scope: "softmax_cross_entropy_loss", view: .rows
    ) { () throws(LossError) in
      CategoricalCrossentropy(
        fromLogits: true, labelSmoothing: try valid(fraction: labelSmoothing, "labelSmoothing")
      ).plan
    }
  }
}

extension Losses {
  /// `tf.compat.v1.losses.softmax_cross_entropy`: −Σ y·ln softmax(x) over the last axis. Runs
  /// `CategoricalCrossentropy(fromLogits: true, labelSmoothing:)`.
  ///
  /// - Parameters:
  ///   - onehotLabels: the label of every class, `[B, …, C]`; any numbers, not only one-hot.
  ///   - logits: of the shape of `onehotLabels`. The classes are the last axis.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - labelSmoothing: s in 0...1, for labels y·(1 − s) + s/C. TensorFlow ignores negative ones;
  ///     here they are an error.
  ///   - scope: the name under which the loss is collected; `softmax_cross_entropy_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, `[B, …]`.
  /// - Throws: a `LossError` if the shapes differ, for rank 0, for weights that do not fit, and for
  ///   `labelSmoothing` outside 0...1.
  public static func softmaxCrossEntropy<Label: TensorElement, Scalar: LossScalar>(
    onehotLabels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing).value(
      onehotLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.softmax_cross_entropy` on `Float`s.
  public static func softmaxCrossEntropy(
    onehotLabels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing).value(
      onehotLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.softmax_cross_entropy` on labels and logits of one type.
  @_disfavoredOverload
  public static func softmaxCrossEntropy<Scalar: LossScalar>(
    onehotLabels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing).value(
      onehotLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The softmax cross-entropy with its gradient, softmax·Σy − y weighted and reduced, of the shape
  /// of `logits`. Where labels do not sum to 1, TensorFlow's fused operation returns softmax − y
  /// instead.
  public static func softmaxCrossEntropyWithGradient<Label: TensorElement, Scalar: LossScalar>(
    onehotLabels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing).valueWithGradient(
      onehotLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The softmax cross-entropy with its gradient on `Float`s.
  public static func softmaxCrossEntropyWithGradient(
    onehotLabels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing).valueWithGradient(
      onehotLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The softmax cross-entropy with its gradient on labels and logits of one type.
  @_disfavoredOverload
  public static func softmaxCrossEntropyWithGradient<Scalar: LossScalar>(
    onehotLabels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.softmaxCrossEntropy(labelSmoothing: labelSmoothing).valueWithGradient(
      onehotLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
