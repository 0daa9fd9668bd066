import KerasLosses

/// How a function of `tf.compat.v1.losses` computes its losses: the plan that it runs, and how its
/// operands are seen by it.
///
/// The functions of ``Losses`` and the command's `migrate` both go through here. Each function's value of
/// this type stands in the file of the function.
package struct V1Loss: Sendable {
  /// How operands are seen.
  package enum View: Sendable {
    /// As they are; the losses have their shape without the plan's axis.
    case rows
    /// With an axis of size 1 before the plan's axis: the losses keep it where that was.
    case rowsKeepingAxis
    /// Under their shape with a trailing 1: what is a mean over the last axis in Keras is then the element
    /// itself, and the losses have the operands' shape.
    case elements
    /// Labels are class ids. Trailing axes of size 1 are dropped as TensorFlow drops them, from logits,
    /// labels and weights.
    case classIDs
  }

  /// How the Swift function spells its arguments.
  package let names: ArgumentNames
  /// The name under which a loss is collected unless the caller gives another.
  let scope: String
  let view: View
  private let makePlan: @Sendable () throws(LossError) -> LossPlan

  init(
    names: ArgumentNames, scope: String, view: View,
    plan: @escaping @Sendable () throws(LossError) -> LossPlan
  ) {
    self.names = names
    self.scope = scope
    self.view = view
    makePlan = plan
  }

  /// The kernel of a call, and where its samples lie in operands of these shapes.
  ///
  /// Shapes are checked before parameters, and weights after both, as TensorFlow does.
  package func samples(
    labels: [Int], predictions: [Int], names: ArgumentNames
  ) throws(LossError) -> (kernel: any LossKernel, geometry: SampleGeometry) {
    if case .classIDs = view {
      let kernel = try makePlan().kernel
      let logits = Self.squeezedLogits(labels: labels, logits: predictions)
      return (kernel, try LossPlan(kernel).geometry(yTrue: labels, yPred: logits, names: names))
    }
    try v1RequireSameShape(labels: labels, predictions: predictions, names: names)
    let plan = try makePlan()
    if case .elements = view {
      let axis = predictions.count
      return (plan.kernel, SampleGeometry(shape: predictions + [1], axis: axis))
    }
    let geometry = try plan.geometry(yTrue: labels, yPred: predictions, names: names)
    guard case .rowsKeepingAxis = view else { return (plan.kernel, geometry) }
    let axis = geometry.predictions.axes[0]
    var shape = predictions
    shape.insert(1, at: axis)
    return (plan.kernel, SampleGeometry(shape: shape, axis: axis + 1))
  }

  /// The shape of the weights brought to the losses' rank.
  package func alignedShape(
    ofWeights weights: [Int], losses: [Int], names: ArgumentNames
  ) throws(LossError) -> [Int] {
    var squeezes = false
    if case .classIDs = view { squeezes = true }
    return try v1AlignedShape(
      ofWeights: weights, losses: losses, squeezesLastAxis: squeezes, names: names)
  }

  /// The shape of logits without the trailing 1 that TensorFlow drops where they have two axes more than
  /// the labels.
  private static func squeezedLogits(labels: [Int], logits: [Int]) -> [Int] {
    logits.count == labels.count + 2 && logits.last == 1 ? Array(logits.dropLast()) : logits
  }
}

/// The arguments that all functions share.
struct V1Arguments<Scalar: LossScalar>: Sendable {
  let weights: Tensor<Scalar>
  let scope: String?
  let collection: LossCollection<Scalar>?
  let reduction: Losses.Reduction

  init(
    _ weights: Tensor<Scalar>, _ scope: String?, _ collection: LossCollection<Scalar>?,
    _ reduction: Losses.Reduction
  ) {
    self.weights = weights
    self.scope = scope
    self.collection = collection
    self.reduction = reduction
  }

  /// Adds the result of a call to the collection that was handed over.
  func collect(_ value: Tensor<Scalar>, defaultScope: String) {
    collection?.add(
      value, scope: scope ?? defaultScope, operation: reduction == .none ? "Mul" : "value")
  }
}

extension V1Loss {
  /// The weighted and reduced losses, collected if a collection was handed over.
  func value<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ arguments: V1Arguments<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let value = try pass(labels, predictions, arguments.weights).value(arguments.reduction)
    arguments.collect(value, defaultScope: scope)
    return value
  }

  /// The same with the gradient with respect to the predictions.
  func valueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ arguments: V1Arguments<Scalar>
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let (value, gradient) = try pass(labels, predictions, arguments.weights)
      .valueWithGradient(arguments.reduction)
    arguments.collect(value, defaultScope: scope)
    return (value, Tensor(unchecked: predictions.shape, scalars: gradient))
  }

  private func pass<Label: TensorElement, Scalar: LossScalar>(
    _ labels: Tensor<Label>, _ predictions: Tensor<Scalar>, _ weights: Tensor<Scalar>
  ) throws(LossError) -> LossPass<SampleLoop<Label, Scalar>> {
    let (kernel, geometry) = try samples(
      labels: labels.shape, predictions: predictions.shape, names: names)
    let losses = geometry.lossShape
    let loop = SampleLoop(kernel: kernel, geometry: geometry, yTrue: labels, yPred: predictions)
    // TensorFlow computes the losses, and looks at class ids, before it looks at the weights.
    try loop.checkLabels(
      SampleWeights(lossShape: losses, weights: nil, alignedShape: losses, mask: nil),
      names: names)
    let aligned = try alignedShape(ofWeights: weights.shape, losses: losses, names: names)
    return LossPass(
      loop, weights: SampleWeights(v1: weights, alignedShape: aligned, losses: losses))
  }
}

extension SampleWeights {
  /// TensorFlow 1's weights, of a shape that has been aligned with the losses'.
  init(v1 weights: Tensor<Scalar>, alignedShape: [Int], losses: [Int]) {
    // The default, for which nothing has to be repeated, multiplied or counted.
    let areAllOne = weights.scalars.count == 1 && weights.scalars[0] == 1
    self.init(
      lossShape: losses, weights: areAllOne ? nil : weights,
      alignedShape: areAllOne ? losses : alignedShape, mask: nil)
  }
}

/// TensorFlow 1's rule for weights: a scalar, or the losses' rank with every size 1 or the losses'.
///
/// Source: `weights_broadcast_ops.assert_broadcastable`.
///
/// `squeezesLastAxis`: a rank one above the losses' that ends in 1 drops that 1, as
/// `sparse_softmax_cross_entropy` does and nothing else.
func v1AlignedShape(
  ofWeights weights: [Int], losses: [Int], squeezesLastAxis: Bool = false, names: ArgumentNames
) throws(LossError) -> [Int] {
  if weights.isEmpty { return [Int](repeating: 1, count: losses.count) }
  let isSqueezed =
    squeezesLastAxis && weights.count == losses.count + 1 && weights.last == 1
  let shape = isSqueezed ? Array(weights.dropLast()) : weights
  guard shape.count == losses.count, zip(shape, losses).allSatisfy({ $0 == 1 || $0 == $1 })
  else {
    throw LossError(
      .weights, names.weights,
      "must be a scalar, or have the rank of the losses with each size 1 or equal; got "
        + "\(names.weights) \(weights) for losses \(losses).")
  }
  return shape
}

/// Throws unless labels and predictions have one shape: TensorFlow 1 adds or drops no axis.
func v1RequireSameShape(
  labels: [Int], predictions: [Int], names: ArgumentNames
) throws(LossError) {
  guard labels == predictions else {
    throw LossError(
      .shapeMismatch, names.labels,
      "must have the shape of \(names.predictions); got \(names.labels) \(labels) and "
        + "\(names.predictions) \(predictions).")
  }
}

extension ArgumentNames {
  /// The spelling of most functions of ``Losses``.
  static let v1Predictions = ArgumentNames(
    labels: "labels", predictions: "predictions", weights: "weights")
  /// That of those which take logits.
  static let v1Logits = ArgumentNames(
    labels: "labels", predictions: "logits", weights: "weights")
}
