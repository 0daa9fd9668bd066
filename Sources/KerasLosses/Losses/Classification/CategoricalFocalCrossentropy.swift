/// Cross-entropy over the classes of one axis that pays less heed to what is predicted well already.
///
///     q = softmax(x) or p / Σp, clipped to [ε, 1 − ε],   ε = 1e-7
///     loss = −Σ y·α·(1 − q)^γ·ln q
///
/// with y = `yTrue` · (1 − s) + s / C for a label smoothing of s and C classes. With
///
///     A = y·α·(1 − q)^(γ−1)·(γ·q·ln q − (1 − q)),   0 where q is clipped
///
/// the gradients are
///
///     fromLogits:  A − q·ΣA
///     otherwise:   (A/q − ΣA) / Σp
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1, classes on `axis`; the losses have
/// that shape without `axis`. `alpha` is one number, or one for each class. A row without classes has loss 0.
///
/// **Domain.** Labels are numbers of any element type and need not sum to 1. Logits are clipped too, as in Keras:
/// a class that is certain to seven digits has no gradient left, and one that is ruled out to seven digits
/// none yet. −inf among the logits is a probability of 0. A +inf logit, logits all −inf, probabilities that
/// sum to 0, and NaN give NaN.
///
/// **Accuracy.** 1 − q of a class with more than half of the probability is the sum of the others, and its
/// logarithm that of 1 minus this: a loss near 0 has all its digits.
///
/// Source: Lin et al., *Focal Loss for Dense Object Detection*, 2017, in the form of
/// `keras.losses.CategoricalFocalCrossentropy`; smoothing counts the classes on `axis`, where Keras 3.15 counts
/// those on the last axis.
public struct CategoricalFocalCrossentropy: KerasLoss {
  /// The weight of each class: one for all, or one for each. Finite and not negative.
  public let alpha: [Double]
  /// How little heed is paid to good predictions: 0 gives a weighted cross-entropy. Finite and not negative.
  public let gamma: Double
  /// Whether `yPred` holds logits rather than probabilities.
  public let fromLogits: Bool
  /// How much of each label is spread evenly over the classes, in 0...1.
  public let labelSmoothing: Double
  /// The axis of the classes; negative ones count from the back.
  public let axis: Int
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A focal cross-entropy with one weight for all classes. Traps if a parameter lies outside its domain.
  public init(
    alpha: Double = 0.25, gamma: Double = 2, fromLogits: Bool = false, labelSmoothing: Double = 0,
    axis: Int = -1, reduction: Reduction = .sumOverBatchSize,
    name: String = "categorical_focal_crossentropy"
  ) {
    self.init(
      alpha: [alpha], gamma: gamma, fromLogits: fromLogits, labelSmoothing: labelSmoothing,
      axis: axis, reduction: reduction, name: name)
  }

  /// A focal cross-entropy with a weight for each class. Traps if a parameter lies outside its domain.
  public init(
    alpha: [Double], gamma: Double = 2, fromLogits: Bool = false, labelSmoothing: Double = 0,
    axis: Int = -1, reduction: Reduction = .sumOverBatchSize,
    name: String = "categorical_focal_crossentropy"
  ) {
    self.alpha = trapping { () throws(LossError) in try valid(nonnegative: alpha, "alpha") }
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
    class: "CategoricalFocalCrossentropy", function: "categorical_focal_crossentropy")

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(
      FocalKernel(
        axis: axis, fromLogits: fromLogits, alpha: alpha, gamma: gamma,
        labelSmoothing: labelSmoothing))
  }
}

extension CategoricalFocalCrossentropy: Codable {
  private enum Key: String, ConfigurationKey {
    case alpha, gamma
    case fromLogits = "from_logits"
    case labelSmoothing = "label_smoothing"
    case axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    let weights: OneOrMore<Double>? = try configuration[.alpha]
    alpha = try valid(nonnegative: weights?.values ?? [0.25], Key.alpha.rawValue)
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
    try container.encode(fromLogits, forKey: .fromLogits)
    try container.encode(labelSmoothing, forKey: .labelSmoothing)
    try container.encode(axis, forKey: .axis)
    try container.encode(OneOrMore(alpha), forKey: .alpha)
    try container.encode(gamma, forKey: .gamma)
  }
}
