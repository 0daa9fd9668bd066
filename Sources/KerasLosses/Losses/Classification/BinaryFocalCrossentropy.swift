/// Binary cross-entropy in which elements that are predicted well count for less, averaged over an axis.
///
///     loss = mean of w·m^γ·B,   m = y·(1 − p) + (1 − y)·p
///
/// with y = `yTrue` · (1 − s) + s / 2 for a label smoothing of s. m is the probability that the prediction gives
/// to what is not so, and B is ``BinaryCrossentropy``'s loss:
///
///     fromLogits:  p = σ(x),   B = max(x, 0) − x·y + ln(1 + e^−|x|)
///     otherwise:   B = −y·ln q − (1 − y)·ln(1 − q),   q = p clipped to [ε, 1 − ε], ε = 1e-7
///
/// w is 1, or with `applyClassBalancing` y·α + (1 − y)·(1 − α). The gradient with respect to p is
///
///     w·((1 − 2y)·γ·m^(γ − 1)·B + m^γ·B′),   B′ = (p − y) / (p·(1 − p)), 0 where p is clipped
///
/// divided by the number of elements that are averaged; with respect to x it is that times p·(1 − p).
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// `axis`. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape to `[N, 1]`.
///
/// **Domain.** Labels are numbers of any element type in 0...1, probabilities numbers in 0...1. An infinite
/// logit on the side of its label has loss 0, on the other side +inf, both with a finite gradient. NaN gives
/// NaN.
///
/// **Accuracy.** Computed without cancellation, from logits too: the loss of a logit far on the wrong side is
/// that of its size, and far on the right side small and right.
///
/// Source: T.-Y. Lin et al., "Focal Loss for Dense Object Detection" (2017);
/// `keras.losses.BinaryFocalCrossentropy`. Keras 3 turns logits into probabilities that it then clips, so
/// that its B is at most 16.118 and its gradient vanishes there; Keras 2 has B as it is here.
public struct BinaryFocalCrossentropy: KerasLoss {
  /// Whether elements are weighted by `alpha`.
  public let applyClassBalancing: Bool
  /// The weight of class 1, in 0...1; that of class 0 is what it lacks to 1.
  public let alpha: Double
  /// How much less elements count that are predicted well: finite and ≥ 0. 0 is ``BinaryCrossentropy``.
  public let gamma: Double
  /// Whether `yPred` holds logits rather than probabilities.
  public let fromLogits: Bool
  /// How much of each label is moved to one half, in 0...1.
  public let labelSmoothing: Double
  /// The axis that is averaged; negative ones count from the back.
  public let axis: Int
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A focal cross-entropy. Traps if `alpha` or `labelSmoothing` lies outside 0...1, or `gamma` is negative,
  /// or one of them is not a finite number.
  public init(
    applyClassBalancing: Bool = false, alpha: Double = 0.25, gamma: Double = 2,
    fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1,
    reduction: Reduction = .sumOverBatchSize, name: String = "binary_focal_crossentropy"
  ) {
    self.applyClassBalancing = applyClassBalancing
    self.alpha = trapping { () throws(LossError) in try valid(fraction: alpha, "alpha") }
    self.gamma = trapping { () throws(LossError) in try valid(nonnegative: gamma, "gamma") }
    self.fromLogits = fromLogits
    self.labelSmoothing = trapping { () throws(LossError) in
      try valid(fraction: labelSmoothing, "labelSmoothing")
    }
    self.axis = axis
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "BinaryFocalCrossentropy", function: "binary_focal_crossentropy")

  /// How the loss is computed.
  public var plan: LossPlan {
    let function = BuiltInFunction.focal(
      fromLogits: fromLogits, gamma: gamma,
      weights: applyClassBalancing ? (zero: 1 - alpha, one: alpha) : (1, 1))
    return LossPlan(
      ElementwiseKernel(
        axis: axis, function: function,
        labels: .line(slope: 1 - labelSmoothing, offset: labelSmoothing / 2)))
  }
}

extension BinaryFocalCrossentropy: Codable {
  private enum Key: String, ConfigurationKey {
    case applyClassBalancing = "apply_class_balancing"
    case alpha, gamma
    case fromLogits = "from_logits"
    case labelSmoothing = "label_smoothing"
    case axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    applyClassBalancing = try configuration[.applyClassBalancing] ?? false
    alpha = try valid(fraction: configuration[.alpha] ?? 0.25, Key.alpha.rawValue)
    gamma = try valid(nonnegative: configuration[.gamma] ?? 2, Key.gamma.rawValue)
    fromLogits = try configuration[.fromLogits] ?? false
    labelSmoothing = try valid(
      fraction: configuration[.labelSmoothing] ?? 0, Key.labelSmoothing.rawValue)
    axis = try configuration[.axis] ?? -1
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? Self.names.function
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    try container.encode(applyClassBalancing, forKey: .applyClassBalancing)
    try container.encode(alpha, forKey: .alpha)
    try container.encode(gamma, forKey: .gamma)
    try container.encode(fromLogits, forKey: .fromLogits)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(axis, forKey: .axis)
  }
}
