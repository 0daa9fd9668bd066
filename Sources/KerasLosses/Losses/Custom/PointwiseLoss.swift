/// A loss from a formula: the mean, over the last axis, of a function of one label and one prediction.
///
/// ```swift
/// let quartic = PointwiseLoss { y, p in
///   let e = p - y
///   return (value: e * e * e * e, derivative: 4 * e * e * e)
/// }
/// let (value, gradient) = try quartic.valueWithGradient(yTrue, yPred, sampleWeight: w)
/// ```
///
/// The function is evaluated in `Double` and must be pure; `derivative` is that of the value with
/// respect to the prediction.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
public struct PointwiseLoss: PlannedLoss {
  /// The value and the derivative at one label and one prediction.
  public typealias Formula =
    @Sendable (_ label: Double, _ prediction: Double) -> (value: Double, derivative: Double)

  /// How the weighted losses become the result.
  public let reduction: Reduction
  private let formula: Formula

  /// A loss from a formula.
  public init(reduction: Reduction = .sumOverBatchSize, _ formula: @escaping Formula) {
    self.reduction = reduction
    self.formula = formula
  }

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(
      ElementwiseKernel(axis: -1, function: FormulaFunction(formula: formula)))
  }
}
