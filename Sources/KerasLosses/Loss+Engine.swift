// What every call of a loss does, once: the overloads in Loss+Calls.swift only spell it.

extension Loss {
  func engineValue<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?
  ) throws(LossError) -> Tensor<Scalar> {
    guard let plan = _builtIn else {
      let given = GivenLosses(try losses(yTrue, yPred))
      return try pass(given, sampleWeight, mask, predictions: yPred.shape).value(reduction)
    }
    let loop = try plan.loop(yTrue, yPred, names: .keras)
    return try pass(loop, sampleWeight, mask, predictions: yPred.shape).value(reduction)
  }

  /// The Keras-style pass over these losses.
  func pass<Source: LossSource>(
    _ source: Source, _ sampleWeight: Tensor<Source.Scalar>?, _ mask: Tensor<Bool>?,
    predictions: [Int]
  ) throws(LossError) -> LossPass<Source> {
    let weights = try SampleWeights(
      keras: sampleWeight, mask: mask, losses: source.lossShape, predictions: predictions,
      names: .keras)
    return LossPass(source, weights: weights)
  }
}

extension DifferentiableLoss {
  func engineValueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    var gradient = Tensor<Scalar>(unchecked: [0], scalars: [])
    let value = try engineValue(yTrue, yPred, sampleWeight, mask, into: &gradient)
    return (value, gradient)
  }

  /// The value, and the gradient into `gradient`, which is written to only after every check has
  /// passed and is replaced if its shape is another.
  func engineValue<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?, into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    guard let plan = _builtIn else {
      let given = GivenLosses(try losses(yTrue, yPred))
      let pass = try pass(given, sampleWeight, mask, predictions: yPred.shape)
      var upstream = Tensor<Scalar>(zeros: given.lossShape)
      let value = pass.value(reduction, gradient: &upstream.scalars).value
      gradient = try self.gradient(yTrue, yPred, upstream: upstream)
      return value
    }
    let loop = try plan.loop(yTrue, yPred, names: .keras)
    let pass = try pass(loop, sampleWeight, mask, predictions: yPred.shape)
    if gradient.shape != yPred.shape { gradient = Tensor(zeros: yPred.shape) }
    return pass.value(reduction, gradient: &gradient.scalars).value
  }
}

/// A loss that names its kernel and leaves the rest to the engine. Conformances are closed; for a
/// loss of your own see ``Loss`` and ``PointwiseLoss``.
public protocol PlannedLoss: DifferentiableLoss {
  /// How the loss is computed.
  var plan: LossPlan { get }
}

extension PlannedLoss {
  /// The engine computes the loss by its plan.
  public var _builtIn: LossPlan? { plan }

  /// One loss per sample: no weights, no reduction.
  public func losses<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let loop = try plan.loop(yTrue, yPred, names: .keras)
    return try pass(loop, nil, nil, predictions: yPred.shape).weightedLosses()
  }

  /// The gradient of Σ `upstream`ₖ · lossₖ with respect to `yPred`.
  ///
  /// `upstream` has the shape of the losses, or one that broadcasts to it as sample weights do.
  public func gradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, upstream: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let loop = try plan.loop(yTrue, yPred, names: .keras)
    let names = ArgumentNames(labels: "yTrue", predictions: "yPred", weights: "upstream")
    let weights = try SampleWeights(
      keras: upstream, mask: nil, losses: loop.lossShape, predictions: yPred.shape, names: names)
    var gradient = Tensor<Scalar>(zeros: yPred.shape)
    _ = LossPass(loop, weights: weights).value(Reduction.sum, gradient: &gradient.scalars)
    return gradient
  }
}

extension Tensor where Element: LossScalar {
  /// A tensor of zeros, of a shape that is known to fit.
  package init(zeros shape: [Int]) {
    self.init(
      unchecked: shape, scalars: [Element](repeating: 0, count: shape.reduce(1, *)))
  }
}
