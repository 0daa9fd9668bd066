// The four ways to call a loss, each spelled for every kind of argument.
//
// Why so many: Swift infers `Element` of a tensor literal from the signature alone. The generic pair
// takes labels of any element type; the pair over `Float` lets two literals be passed; the disfavored
// pair lets a literal stand beside a tensor of another scalar type. Each comes without the optional
// arguments too, because a method reference keeps its defaulted parameters:
// `let f: (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = cce.callAsFunction`. They are extension
// methods and not requirements, so that a derivative can be registered for them from another module.

extension Loss {
  /// The reduced loss. Traps, with the error's text, where `evaluate` throws.
  public func callAsFunction<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    trapping { () throws(LossError) in try engineValue(yTrue, yPred, nil, nil) }
  }

  /// The reduced loss. Traps, with the error's text, where `evaluate` throws.
  public func callAsFunction<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil
  ) -> Tensor<Scalar> {
    trapping { () throws(LossError) in try engineValue(yTrue, yPred, sampleWeight, mask) }
  }

  /// The reduced loss. Traps, with the error's text, where `evaluate` throws.
  public func callAsFunction(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>
  ) -> Tensor<Float> {
    trapping { () throws(LossError) in try engineValue(yTrue, yPred, nil, nil) }
  }

  /// The reduced loss. Traps, with the error's text, where `evaluate` throws.
  public func callAsFunction(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>,
    sampleWeight: Tensor<Float>? = nil, mask: Tensor<Bool>? = nil
  ) -> Tensor<Float> {
    trapping { () throws(LossError) in try engineValue(yTrue, yPred, sampleWeight, mask) }
  }

  /// The reduced loss. Traps, with the error's text, where `evaluate` throws.
  @_disfavoredOverload
  public func callAsFunction<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>
  ) -> Tensor<Scalar> {
    trapping { () throws(LossError) in try engineValue(yTrue, yPred, nil, nil) }
  }

  /// The reduced loss. Traps, with the error's text, where `evaluate` throws.
  @_disfavoredOverload
  public func callAsFunction<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil
  ) -> Tensor<Scalar> {
    trapping { () throws(LossError) in try engineValue(yTrue, yPred, sampleWeight, mask) }
  }
}

extension Loss {
  /// The reduced loss. Throws a ``LossError`` for labels, shapes, weights or a mask that do not fit.
  public func evaluate<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, nil, nil)
  }

  /// The reduced loss. Throws a ``LossError`` for labels, shapes, weights or a mask that do not fit.
  public func evaluate<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, sampleWeight, mask)
  }

  /// The reduced loss. Throws a ``LossError`` for labels, shapes, weights or a mask that do not fit.
  public func evaluate(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>
  ) throws(LossError) -> Tensor<Float> {
    try engineValue(yTrue, yPred, nil, nil)
  }

  /// The reduced loss. Throws a ``LossError`` for labels, shapes, weights or a mask that do not fit.
  public func evaluate(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>,
    sampleWeight: Tensor<Float>? = nil, mask: Tensor<Bool>? = nil
  ) throws(LossError) -> Tensor<Float> {
    try engineValue(yTrue, yPred, sampleWeight, mask)
  }

  /// The reduced loss. Throws a ``LossError`` for labels, shapes, weights or a mask that do not fit.
  @_disfavoredOverload
  public func evaluate<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, nil, nil)
  }

  /// The reduced loss. Throws a ``LossError`` for labels, shapes, weights or a mask that do not fit.
  @_disfavoredOverload
  public func evaluate<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, sampleWeight, mask)
  }
}

extension DifferentiableLoss {
  /// The reduced loss, and the gradient of the sum of the returned values with respect to `yPred`.
  /// Throws where `evaluate` throws.
  public func valueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> (
    value: Tensor<Scalar>, gradient: Tensor<Scalar>
  ) {
    try engineValueWithGradient(yTrue, yPred, nil, nil)
  }

  /// The reduced loss, and the gradient of the sum of the returned values with respect to `yPred`.
  /// Throws where `evaluate` throws.
  public func valueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil
  ) throws(LossError) -> (
    value: Tensor<Scalar>, gradient: Tensor<Scalar>
  ) {
    try engineValueWithGradient(yTrue, yPred, sampleWeight, mask)
  }

  /// The reduced loss, and the gradient of the sum of the returned values with respect to `yPred`.
  /// Throws where `evaluate` throws.
  public func valueWithGradient(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>
  ) throws(LossError) -> (
    value: Tensor<Float>, gradient: Tensor<Float>
  ) {
    try engineValueWithGradient(yTrue, yPred, nil, nil)
  }

  /// The reduced loss, and the gradient of the sum of the returned values with respect to `yPred`.
  /// Throws where `evaluate` throws.
  public func valueWithGradient(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>,
    sampleWeight: Tensor<Float>? = nil, mask: Tensor<Bool>? = nil
  ) throws(LossError) -> (
    value: Tensor<Float>, gradient: Tensor<Float>
  ) {
    try engineValueWithGradient(yTrue, yPred, sampleWeight, mask)
  }

  /// The reduced loss, and the gradient of the sum of the returned values with respect to `yPred`.
  /// Throws where `evaluate` throws.
  @_disfavoredOverload
  public func valueWithGradient<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> (
    value: Tensor<Scalar>, gradient: Tensor<Scalar>
  ) {
    try engineValueWithGradient(yTrue, yPred, nil, nil)
  }

  /// The reduced loss, and the gradient of the sum of the returned values with respect to `yPred`.
  /// Throws where `evaluate` throws.
  @_disfavoredOverload
  public func valueWithGradient<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil
  ) throws(LossError) -> (
    value: Tensor<Scalar>, gradient: Tensor<Scalar>
  ) {
    try engineValueWithGradient(yTrue, yPred, sampleWeight, mask)
  }
}

extension DifferentiableLoss {
  /// The reduced loss; the gradient goes into `gradient`, which is reallocated only if its shape is
  /// not that of `yPred`. Throws where `evaluate` throws, and leaves `gradient` untouched.
  public func valueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>,
    into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, nil, nil, into: &gradient)
  }

  /// The reduced loss; the gradient goes into `gradient`, which is reallocated only if its shape is
  /// not that of `yPred`. Throws where `evaluate` throws, and leaves `gradient` untouched.
  public func valueWithGradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil,
    into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, sampleWeight, mask, into: &gradient)
  }

  /// The reduced loss; the gradient goes into `gradient`, which is reallocated only if its shape is
  /// not that of `yPred`. Throws where `evaluate` throws, and leaves `gradient` untouched.
  public func valueWithGradient(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>,
    into gradient: inout Tensor<Float>
  ) throws(LossError) -> Tensor<Float> {
    try engineValue(yTrue, yPred, nil, nil, into: &gradient)
  }

  /// The reduced loss; the gradient goes into `gradient`, which is reallocated only if its shape is
  /// not that of `yPred`. Throws where `evaluate` throws, and leaves `gradient` untouched.
  public func valueWithGradient(
    _ yTrue: Tensor<Float>, _ yPred: Tensor<Float>,
    sampleWeight: Tensor<Float>? = nil, mask: Tensor<Bool>? = nil,
    into gradient: inout Tensor<Float>
  ) throws(LossError) -> Tensor<Float> {
    try engineValue(yTrue, yPred, sampleWeight, mask, into: &gradient)
  }

  /// The reduced loss; the gradient goes into `gradient`, which is reallocated only if its shape is
  /// not that of `yPred`. Throws where `evaluate` throws, and leaves `gradient` untouched.
  @_disfavoredOverload
  public func valueWithGradient<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>,
    into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, nil, nil, into: &gradient)
  }

  /// The reduced loss; the gradient goes into `gradient`, which is reallocated only if its shape is
  /// not that of `yPred`. Throws where `evaluate` throws, and leaves `gradient` untouched.
  @_disfavoredOverload
  public func valueWithGradient<Scalar: LossScalar>(
    _ yTrue: Tensor<Scalar>, _ yPred: Tensor<Scalar>,
    sampleWeight: Tensor<Scalar>? = nil, mask: Tensor<Bool>? = nil,
    into gradient: inout Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    try engineValue(yTrue, yPred, sampleWeight, mask, into: &gradient)
  }
}
