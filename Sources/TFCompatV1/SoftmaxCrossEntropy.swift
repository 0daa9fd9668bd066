import KerasLosses

// Three spellings each, for the same reason as in KerasLosses: literals for both tensors (Float), a
// literal beside a tensor (the disfavored one), and any two element types.

extension Losses {
  private static let softmaxNames = ArgumentNames(
    labels: "onehotLabels", predictions: "logits", weights: "weights")

  /// `tf.compat.v1.losses.softmax_cross_entropy`. Runs `CategoricalCrossentropy(fromLogits: true,
  /// labelSmoothing:)`.
  ///
  /// - Parameters:
  ///   - onehotLabels: the label of every class, `[B, …, C]`; any numbers, not only one-hot.
  ///   - logits: of the shape of `onehotLabels`. The classes are the last axis.
  ///   - weights: a scalar, or the rank of the losses `[B, …]` with each size 1 or equal.
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
    labelSmoothing: Double = 0, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try softmaxCall(weights, scope, lossCollection, reduction).value(
      of: softmaxLoop(onehotLabels, logits, labelSmoothing), names: softmaxNames)
  }

  /// `tf.compat.v1.losses.softmax_cross_entropy` on `Float`s.
  public static func softmaxCrossEntropy(
    onehotLabels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try softmaxCall(weights, scope, lossCollection, reduction).value(
      of: softmaxLoop(onehotLabels, logits, labelSmoothing), names: softmaxNames)
  }

  /// `tf.compat.v1.losses.softmax_cross_entropy` on labels and logits of one type.
  @_disfavoredOverload
  public static func softmaxCrossEntropy<Scalar: LossScalar>(
    onehotLabels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try softmaxCall(weights, scope, lossCollection, reduction).value(
      of: softmaxLoop(onehotLabels, logits, labelSmoothing), names: softmaxNames)
  }

  /// The softmax cross-entropy with its gradient, softmax·Σy − y weighted and reduced, of the shape of
  /// `logits`. Where labels do not sum to 1, TensorFlow's fused operation returns softmax − y instead.
  public static func softmaxCrossEntropyWithGradient<Label: TensorElement, Scalar: LossScalar>(
    onehotLabels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try softmaxCall(weights, scope, lossCollection, reduction).valueWithGradient(
      of: softmaxLoop(onehotLabels, logits, labelSmoothing), shape: logits.shape,
      names: softmaxNames)
  }

  /// The softmax cross-entropy with its gradient on `Float`s.
  public static func softmaxCrossEntropyWithGradient(
    onehotLabels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1,
    labelSmoothing: Double = 0, scope: String? = nil, lossCollection: LossCollection<Float>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try softmaxCall(weights, scope, lossCollection, reduction).valueWithGradient(
      of: softmaxLoop(onehotLabels, logits, labelSmoothing), shape: logits.shape,
      names: softmaxNames)
  }

  /// The softmax cross-entropy with its gradient on labels and logits of one type.
  @_disfavoredOverload
  public static func softmaxCrossEntropyWithGradient<Scalar: LossScalar>(
    onehotLabels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    labelSmoothing: Double = 0, scope: String? = nil,
    lossCollection: LossCollection<Scalar>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try softmaxCall(weights, scope, lossCollection, reduction).valueWithGradient(
      of: softmaxLoop(onehotLabels, logits, labelSmoothing), shape: logits.shape,
      names: softmaxNames)
  }

  private static func softmaxCall<Scalar: LossScalar>(
    _ weights: Tensor<Scalar>, _ scope: String?, _ collection: LossCollection<Scalar>?,
    _ reduction: Reduction
  ) -> WeightedCall<Scalar> {
    WeightedCall(
      weights: weights, scope: scope ?? "softmax_cross_entropy_loss", collection: collection,
      reduction: reduction)
  }

  private static func softmaxLoop<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ logits: Tensor<Scalar>, _ labelSmoothing: Double
  ) throws(LossError) -> SampleLoop<Label, Scalar> {
    try v1RequireSameShape(labels: labels.shape, predictions: logits.shape, names: softmaxNames)
    let loss = CategoricalCrossentropy(
      fromLogits: true, labelSmoothing: try valid(smoothing: labelSmoothing))
    return try loss.plan.loop(labels, logits, names: softmaxNames)
  }
}
