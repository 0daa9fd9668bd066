/// Cross-entropy between labels and the predictions of independent binary decisions, averaged over an
/// axis.
///
///     fromLogits:  loss = mean of max(x, 0) − x·y + ln(1 + e^−|x|)
///     otherwise:   loss = mean of −y·ln p − (1 − y)·ln(1 − p),   p clipped to [ε, 1 − ε], ε = 1e-7
///
/// with y = `yTrue` · (1 − s) + s / 2 for a label smoothing of s. The gradients are, divided by the number
/// of elements that are averaged,
///
///     fromLogits:  σ(x) − y
///     otherwise:   (1 − y) / (1 − p) − y / p,   0 where p is clipped
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// `axis`. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape to `[N, 1]`.
///
/// **Domain.** Labels are numbers of any element type, usually in 0...1. An infinite logit on the side of
/// its label has loss 0, on the other side +inf, both with a finite gradient. NaN gives NaN.
///
/// **Accuracy.** Computed without cancellation: a logit far on the side of its label has a small and right
/// loss, not 0.
///
/// Source: `keras.losses.BinaryCrossentropy`; for logits also
/// `tf.nn.sigmoid_cross_entropy_with_logits`. Keras 3 clips probabilities to bounds that are rounded to
/// `float32`, which makes its two sides differ; here they are real numbers.
public struct BinaryCrossentropy: KerasLoss {
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

  /// A cross-entropy. Traps if `labelSmoothing` lies outside 0...1 or is NaN.
  public init(
    fromLogits: Bool = false, labelSmoothing: Double = 0, axis: Int = -1,
    reduction: Reduction = .sumOverBatchSize, name: String = "binary_crossentropy"
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
    class: "BinaryCrossentropy", function: "binary_crossentropy", aliases: ["bce", "BCE"])

  /// How the loss is computed.
  public var plan: LossPlan {
    let function: any ElementwiseFunction =
      fromLogits ? SigmoidCrossEntropyFunction() : BuiltInFunction.bernoulli
    return LossPlan(
      ElementwiseKernel(
        axis: axis, function: function,
        labels: .line(slope: 1 - labelSmoothing, offset: labelSmoothing / 2)))
  }
}

extension BinaryCrossentropy: Codable {
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
