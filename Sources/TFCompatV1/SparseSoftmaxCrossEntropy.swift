import KerasLosses

extension V1Loss {
  /// The classes are the last axis: TensorFlow 1 has no other.
  package static let sparseSoftmaxCrossEntropy = V1Loss(
    names: .v1Logits, scope: "sparse_softmax_cross_entropy_loss", view: .classIDs
  ) { SparseCategoricalCrossentropy(fromLogits: true).plan }
}

extension Losses {
  /// `tf.compat.v1.losses.sparse_softmax_cross_entropy`: −ln softmax(x) at the class of each label.
  /// Runs `SparseCategoricalCrossentropy(fromLogits: true)`.
  ///
  /// - Parameters:
  ///   - labels: class ids in 0..<C, `[B, …]`, of any integer type, or of a floating-point type if
  ///     they are integers all the same. `[B, …, 1]` drops its last axis.
  ///   - logits: `[B, …, C]`; `[B, …, C, 1]` drops its last axis.
  ///   - weights: a scalar, or the rank of the losses with each size 1 or equal.
  ///   - scope: the name under which the loss is collected; `sparse_softmax_cross_entropy_loss` if
  ///     nil.
  ///   - lossCollection: where the result is added; nowhere if nil.
  ///   - reduction: how the weighted losses become the result.
  /// - Returns: a scalar, or for ``Reduction/none`` the weighted losses, `[B, …]`.
  /// - Throws: a `LossError` if the shapes do not fit, for an id that names no class (also under a
  ///   weight of 0: for padding use `SparseCategoricalCrossentropy(ignoreClass:)`), and for weights
  ///   that do not fit: `[B, …, 1]` drops its last axis here, and in no other function.
  public static func sparseSoftmaxCrossEntropy<Label: TensorElement, Scalar: LossScalar>(
    labels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.sparseSoftmaxCrossEntropy.value(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.sparse_softmax_cross_entropy` on `Float`s.
  public static func sparseSoftmaxCrossEntropy(
    labels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Float> {
    try V1Loss.sparseSoftmaxCrossEntropy.value(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// `tf.compat.v1.losses.sparse_softmax_cross_entropy` on labels and logits of one type.
  @_disfavoredOverload
  public static func sparseSoftmaxCrossEntropy<Scalar: LossScalar>(
    labels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> Tensor<Scalar> {
    try V1Loss.sparseSoftmaxCrossEntropy.value(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The softmax cross-entropy of class ids with its gradient, softmax minus 1 at the label's
  /// class, weighted and reduced, of the shape of `logits`.
  public static func sparseSoftmaxCrossEntropyWithGradient<
    Label: TensorElement, Scalar: LossScalar
  >(
    labels: Tensor<Label>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.sparseSoftmaxCrossEntropy.valueWithGradient(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The softmax cross-entropy of class ids with its gradient on `Float`s.
  public static func sparseSoftmaxCrossEntropyWithGradient(
    labels: Tensor<Float>, logits: Tensor<Float>, weights: Tensor<Float> = 1, scope: String? = nil,
    lossCollection: LossCollection<Float>? = nil, reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Float>, gradient: Tensor<Float>) {
    try V1Loss.sparseSoftmaxCrossEntropy.valueWithGradient(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }

  /// The softmax cross-entropy of class ids with its gradient on labels and logits of one type.
  @_disfavoredOverload
  public static func sparseSoftmaxCrossEntropyWithGradient<Scalar: LossScalar>(
    labels: Tensor<Scalar>, logits: Tensor<Scalar>, weights: Tensor<Scalar> = 1,
    scope: String? = nil, lossCollection: LossCollection<Scalar>? = nil,
    reduction: Reduction = .sumByNonzeroWeights
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    try V1Loss.sparseSoftmaxCrossEntropy.valueWithGradient(
      labels, logits, V1Arguments(weights, scope, lossCollection, reduction))
  }
}
