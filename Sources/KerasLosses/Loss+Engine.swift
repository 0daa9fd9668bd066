// What every call of a loss does, once: the overloads in Loss+Calls.swift only spell it.

extension Loss {
  @inline(__always)
  func engineValue<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?
  ) throws(LossError) -> Tensor<Scalar> {
    let call = Call(yTrue, yPred, sampleWeight, mask, reduction)
    if let plan = _builtIn { return try call.value(plan) }
    return try call.pass(GivenLosses(try losses(yTrue, yPred))).value(reduction)
  }
}

extension DifferentiableLoss {
  @inline(__always)
  func engineValueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let call = Call(yTrue, yPred, sampleWeight, mask, reduction)
    if let plan = _builtIn { return try call.valueWithGradient(plan) }
    let given = try losses(yTrue, yPred)
    let pass = try call.pass(GivenLosses(given))
    let (value, upstream) = pass.valueWithGradient(reduction)
    return (
      value,
      try gradient(yTrue, yPred, upstream: Tensor(unchecked: given.shape, scalars: upstream))
    )
  }

  /// The value, and the gradient into `gradient`, which is written to only after every check has
  /// passed and is replaced if its shape is another.
  @inline(__always)
  func engineValue<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?, into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    if let plan = _builtIn, gradient.shape == yPred.shape {
      let call = Call(yTrue, yPred, sampleWeight, mask, reduction)
      return try call.value(plan, into: &gradient)
    }
    let result = try engineValueWithGradient(yTrue, yPred, sampleWeight, mask)
    gradient = result.gradient
    return result.value
  }
}

/// The arguments of one Keras-style call.
private struct Call<Label: TensorElement, Scalar: LossScalar> {
  let yTrue: Tensor<Label>
  let yPred: Tensor<Scalar>
  let sampleWeight: Tensor<Scalar>?
  let mask: Tensor<Bool>?
  let reduction: Reduction

  init(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, _ sampleWeight: Tensor<Scalar>?,
    _ mask: Tensor<Bool>?, _ reduction: Reduction
  ) {
    self.yTrue = yTrue
    self.yPred = yPred
    self.sampleWeight = sampleWeight
    self.mask = mask
    self.reduction = reduction
  }

  func pass<Source: LossSource<Scalar>>(_ source: Source) throws(LossError) -> LossPass<Source> {
    LossPass(
      source,
      weights: try SampleWeights(sampleWeight, mask, of: source, predictions: yPred.shape))
  }

  private func pass(
    _ plan: LossPlan
  ) throws(LossError) -> LossPass<SampleLoop<Label, Scalar>> {
    let loop = try plan.loop(yTrue, yPred, names: .keras)
    let weights = try SampleWeights(sampleWeight, mask, of: loop, predictions: yPred.shape)
    try loop.checkLabels(weights, names: .keras)
    return LossPass(loop, weights: weights)
  }

  // The types that most calls have are compiled for, and found at run time: code that is generic over both
  // runs at half the speed of a small call.
  @_specialize(where Label == Float, Scalar == Float)
  @_specialize(where Label == Int32, Scalar == Float)
  @_specialize(where Label == Int, Scalar == Float)
  @_specialize(where Label == Double, Scalar == Double)
  func value(_ plan: LossPlan) throws(LossError) -> Tensor<Scalar> {
    try pass(plan).value(reduction)
  }

  @_specialize(where Label == Float, Scalar == Float)
  @_specialize(where Label == Int32, Scalar == Float)
  @_specialize(where Label == Int, Scalar == Float)
  @_specialize(where Label == Double, Scalar == Double)
  func value(
    _ plan: LossPlan, into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try pass(plan).value(reduction, gradient: &gradient.scalars).value
  }

  @_specialize(where Label == Float, Scalar == Float)
  @_specialize(where Label == Int32, Scalar == Float)
  @_specialize(where Label == Int, Scalar == Float)
  @_specialize(where Label == Double, Scalar == Double)
  func valueWithGradient(
    _ plan: LossPlan
  ) throws(LossError) -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
    let (value, gradient) = try pass(plan).valueWithGradient(reduction)
    return (value, Tensor(unchecked: yPred.shape, scalars: gradient))
  }
}

extension PlannedLoss {
  /// The engine computes the loss by its plan.
  public var _builtIn: LossPlan? { plan }

  /// One loss per sample: no weights, no reduction. Throws a ``LossError`` for labels and shapes that do not fit.
  public func losses<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try Call(yTrue, yPred, nil, nil, .none).value(plan)
  }

  /// The gradient of Σ `upstream`ₖ · lossₖ with respect to `yPred`.
  ///
  /// `upstream` has the shape of the losses, or one that broadcasts to it as sample weights do. Throws a
  /// ``LossError`` for labels and shapes that do not fit.
  public func gradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, upstream: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let loop = try plan.loop(yTrue, yPred, names: .keras)
    let names = ArgumentNames(labels: "yTrue", predictions: "yPred", weights: "upstream")
    let weights = try SampleWeights(
      upstream, nil, of: loop, predictions: yPred.shape, names: names)
    try loop.checkLabels(weights, names: .keras)
    let (_, gradient) = LossPass(loop, weights: weights).valueWithGradient(Reduction.sum)
    return Tensor(unchecked: yPred.shape, scalars: gradient)
  }
}
