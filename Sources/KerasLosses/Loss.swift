/// A loss: how far predictions lie from labels, one number per sample, weighted and reduced.
///
/// Call a loss like a function, labels first:
///
/// ```swift
/// let cce = CategoricalCrossentropy(fromLogits: true)
/// let value = cce(yTrue, yPred, sampleWeight: w)
/// ```
///
/// The call traps on bad input, with the text of the ``LossError`` that `evaluate` throws for
/// the same input. Weights align with the leading axes of the losses (`[B]` on losses `[B, T]` is one
/// weight per sample); a mask has the losses' shape. What becomes of the weighted losses is the
/// ``Reduction``'s to say.
///
/// For a loss of your own implement ``losses(_:_:)``; weights, masks, reductions and both kinds of
/// call come with it.
public protocol Loss: Sendable {
  /// How the weighted losses become the result. The default is ``Reduction/sumOverBatchSize``.
  var reduction: Reduction { get }

  /// One loss per sample: no weights, no reduction.
  ///
  /// Throws a ``LossError`` where the shapes do not fit the loss.
  func losses<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar>

  /// How a loss of this package is computed; nil for a loss of your own. Not for conformers.
  var _builtIn: LossPlan? { get }
}

extension Loss {
  /// Keras's default: the sum of the weighted losses divided by their number.
  public var reduction: Reduction { .sumOverBatchSize }

  /// A loss of your own is computed by its ``losses(_:_:)``.
  public var _builtIn: LossPlan? { nil }
}

/// A loss that knows its derivative.
///
/// The gradient is that of the *sum of the returned values* with respect to `yPred`. Labels, weights,
/// masks and denominators are constants; where a denominator is 0 the gradient is 0, and masked
/// elements get exactly 0.
///
/// For a loss of your own implement ``gradient(_:_:upstream:)``.
public protocol DifferentiableLoss: Loss {
  /// The gradient of Σ `upstream`ₖ · lossₖ with respect to `yPred`.
  ///
  /// `upstream` has the shape of the losses, the result that of `yPred`.
  func gradient<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, upstream: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar>
}
