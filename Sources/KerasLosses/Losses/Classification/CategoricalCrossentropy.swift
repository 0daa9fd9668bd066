/// Cross-entropy between labels and predictions over the classes of one axis.
///
///     fromLogits:  loss = −Σ_c y_c · ln softmax(x)_c
///     otherwise:   loss = −Σ_c y_c · ln clip(p_c / Σp, ε, 1 − ε),   ε = 1e-7
///
/// with y = `yTrue` · (1 − s) + s / C for a label smoothing of s over C classes. The gradients are
///
///     fromLogits:  softmax(x)_c · Σy − y_c
///     otherwise:   −y_c / p_c [unclipped] + (Σ y over unclipped classes) / Σp
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1, classes on `axis`; the losses have
/// that shape without `axis`. Where the ranks differ by one, a trailing axis of size 1 may be added or
/// dropped.
///
/// **Domain.** Labels are numbers of any element type: one-hot, soft, or not summing to 1 at all.
/// Logits are any numbers: −inf for an impossible class contributes 0 where its label is 0, and makes
/// the loss +inf where it is not. +inf, NaN, or a row of −inf alone give NaN. Probabilities need not
/// sum to 1; each row is divided by its sum. A row without classes has loss 0.
///
/// **Accuracy.** Computed without cancellation: the loss of a row whose target stands far above the
/// others is small and right, not 0. Rounded once to the type of `yPred`.
///
/// Source: `keras.losses.CategoricalCrossentropy`; for logits also
/// `tf.nn.softmax_cross_entropy_with_logits`, with the true derivative where labels do not sum to 1.
public struct CategoricalCrossentropy: KerasLoss {
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

  /// A cross-entropy. Traps if `labelSmoothing` lies outside 0...1 or is NaN.
  public init(
    fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1,
    reduction: Reduction = .sumOverBatchSize, name: String = "categorical_crossentropy"
  ) {
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
    class: "CategoricalCrossentropy", function: "categorical_crossentropy")

  /// How the loss is computed.
  public var plan: LossPlan {
    fromLogits
      ? LossPlan(SoftmaxCrossEntropyKernel(axis: axis, labelSmoothing: labelSmoothing))
      : LossPlan(ProbabilityCrossEntropyKernel(axis: axis, labelSmoothing: labelSmoothing))
  }
}

extension CategoricalCrossentropy: Codable {
  private enum Key: String, ConfigurationKey {
    case fromLogits = "from_logits"
    case labelSmoothing = "label_smoothing"
    case axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
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
  }
}
