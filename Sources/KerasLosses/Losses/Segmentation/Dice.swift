/// How far labels and predictions are from covering the same region: 1 less the Dice coefficient.
///
///     loss = 1 − 2·Σ y·p / (Σ y + Σ p + ε),   ε = 1e-7
///
/// With D for the denominator the gradient is −2·(y·D − Σ y·p) / D².
///
/// **The whole batch.** Unless `axis` says otherwise the sums go over everything, the batch included: the loss
/// is one number, which depends on the whole batch, is not the mean over parts of it, and takes a scalar weight.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape. The losses have that shape without the axes in
/// `axis`; `[1, 2, 3]` gives one loss per image of a batch `[B, H, W, C]`, `[0, 1, 2]` one per class.
///
/// **Domain.** Labels are numbers of any element type, usually 0 or 1, predictions usually in 0...1. Where nothing
/// is there and nothing predicted the loss is 1: ε stands in the denominator alone. NaN gives NaN.
///
/// **Accuracy.** Computed without the difference, as (Σ y·(1 − p) + Σ p·(1 − y) + ε) / D: for numbers in 0...1
/// a loss near 0 has all its digits. Terms of Floats are added four at a time as Floats, all else in Double, with the
/// rounding errors of sums carried along: within 1.5 ulp for a few elements, and half an ulp for a thousand.
///
/// Source: `keras.losses.Dice`.
public struct Dice: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String
  /// The axes that are summed over, negative ones counting from the back; nil for all.
  public let axis: [Int]?

  /// A Dice loss.
  public init(
    reduction: Reduction = .sumOverBatchSize, name: String = "dice", axis: [Int]? = nil
  ) {
    self.reduction = reduction
    self.name = name
    self.axis = axis
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "Dice", function: "dice")

  /// How the loss is computed.
  ///
  /// With half of what was missed and half of what was wrongly predicted, Tversky's loss is this one.
  public var plan: LossPlan {
    LossPlan(OverlapKernel(axes: axis, alpha: 0.5, beta: 0.5, epsilon: 0.5e-7))
  }
}

extension Dice: Codable {
  private enum Key: String, ConfigurationKey {
    case axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    let axes: OneOrMore<Int>? = try configuration[.axis]
    axis = axes?.values
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? Self.names.function
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    // Keras writes `null`, not nothing.
    try container.encode(axis, forKey: .axis)
  }
}
