import KerasLosses

extension V1Loss {
  /// The mean over an axis of size 1 is the element itself.
  package static func sigmoidCrossEntropy(labelSmoothing: Double) -> V1Loss {
    V1Loss(
      names: ArgumentNames(
        labels: "multiClassLabels", predictions: "logits", weights: "weights"),
      scope: "sigmoid_cross_entropy_loss", view: .elements
    ) { () throws(LossError) in
      BinaryCrossentropy(
        fromLogits: true, labelSmoothing: try valid(fraction: labelSmoothing, "labelSmoothing")
      ).plan
    }
  }
}

extension Losses {
  /// `tf.compat.v1.losses.sigmoid_cross_entropy`: max(x, 0) − x·y + ln(1 + e^−|x|), element by
  /// element. Runs `BinaryCrossentropy(fromLogits: true, labelSmoothing:)` on every element by
  /// itself.
  ///
  /// - Parameters:
  ///   - multiClassLabels: numbers of any shape and element type, usually in 0...1.
  ///   - logits: of the shape of `multiClassLabels`.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - labelSmoothing: s in 0...1, for labels y·(1 − s) + s/2. TensorFlow ignores negative ones;
  ///     here they are an error.
  ///   - scope: the name under which the loss is collected; `sigmoid_cross_entropy_loss` if nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, of the shape of `logits`.
  /// - Throws: a `LossError` if the shapes differ, for weights that do not fit, and for
  ///   `labelSmoothing` outside 0...1.
  public static func sigmoidCrossEntropy<Label: TensorElement, Scalar: LossScalar>(
    multiClassLabels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.sigmoidCrossEntropy(labelSmoothing: labelSmoothing).value(
      multiClassLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.sigmoid_cross_entropy` on `Float`s.
  public static func sigmoidCrossEntropy(
    multiClassLabels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.sigmoidCrossEntropy(labelSmoothing: labelSmoothing).value(
      multiClassLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.sigmoid_cross_entropy` on labels and logits of one type.
  @_disfavoredOverload
  public static func sigmoidCrossEntropy<Scalar: LossScalar>(
    multiClassLabels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.sigmoidCrossEntropy(labelSmoothing: labelSmoothing).value(
      multiClassLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The sigmoid cross-entropy with its gradient, σ(x) − y weighted and reduced, of the shape of
  /// `logits`.
  public static func sigmoidCrossEntropyWithGradient<Label: TensorElement, Scalar: LossScalar>(
    multiClassLabels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.sigmoidCrossEntropy(labelSmoothing: labelSmoothing).valueWithGradient(
      multiClassLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The sigmoid cross-entropy with its gradient on `Float`s.
  public static func sigmoidCrossEntropyWithGradient(
    multiClassLabels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.sigmoidCrossEntropy(labelSmoothing: labelSmoothing).valueWithGradient(
      multiClassLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The sigmoid cross-entropy with its gradient on labels and logits of one type.
  @_disfavoredOverload
  public static func sigmoidCrossEntropyWithGradient<Scalar: LossScalar>(
    multiClassLabels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.sigmoidCrossEntropy(labelSmoothing: labelSmoothing).valueWithGradient(
      multiClassLabels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
