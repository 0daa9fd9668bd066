/// How far labels and predictions are from covering the same region, with a weight for each kind of error:
/// 1 less the Tversky index.
///
///     loss = 1 − C / (C + α·A + β·B + ε),   ε = 1e-7
///     A = Σ p·(1 − y), the false positives,   B = Σ y·(1 − p), the false negatives,   C = Σ y·p
///
/// With N = α·A + β·B + ε and D = C + N the gradient is (α·C·(1 − y) − (β·C + N)·y) / D².
///
/// **The whole batch.** Unless `axis` says otherwise the sums go over everything, the batch included: the loss
/// is one number, which depends on the whole batch, is not the mean over parts of it, and takes a scalar weight.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape. The losses have that shape without the axes in
/// `axis`.
///
/// **Domain.** Labels are numbers of any element type, usually 0 or 1, predictions usually in 0...1. Where nothing
/// is there and nothing predicted the loss is 1. NaN gives NaN.
///
/// **Accuracy.** Computed without the difference, as N / D: for numbers in 0...1 a loss near 0 has all its
/// digits. Terms of Floats are added four at a time as Floats, all else in Double, with the rounding errors of sums
/// carried along: within 1.5 ulp for a few elements, and half an ulp for a thousand.
///
/// Source: Salehi et al., *Tversky loss function for image segmentation*, 2017; `keras.losses.Tversky`. Keras
/// up to 3.15 applies α to the false negatives and β to the false positives, against its documentation and
/// the paper; here it is as they say, and as later versions do it.
public struct Tversky: KerasLoss {
  /// The weight of false positives. Finite and not negative.
  public let alpha: Double
  /// The weight of false negatives. Finite and not negative.
  public let beta: Double
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String
  /// The axes that are summed over, negative ones counting from the back; nil for all.
  public let axis: [Int]?

  /// A Tversky loss. Traps if `alpha` or `beta` is negative or not finite.
  public init(
    alpha: Double = 0.5, beta: Double = 0.5, reduction: Reduction = .sumOverBatchSize,
    name: String = "tversky", axis: [Int]? = nil
  ) {
    self.alpha = trapping { () throws(LossError) in try valid(nonnegative: alpha, "alpha") }
    self.beta = trapping { () throws(LossError) in try valid(nonnegative: beta, "beta") }
    self.reduction = reduction
    self.name = name
    self.axis = axis
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "Tversky", function: "tversky")

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(OverlapKernel(axes: axis, alpha: alpha, beta: beta, epsilon: 1e-7))
  }
}

extension Tversky: Codable {
  private enum Key: String, ConfigurationKey {
    case alpha, beta, axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    alpha = try valid(nonnegative: configuration[.alpha] ?? 0.5, Key.alpha.rawValue)
    beta = try valid(nonnegative: configuration[.beta] ?? 0.5, Key.beta.rawValue)
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
    try container.encode(alpha, forKey: .alpha)
    try container.encode(beta, forKey: .beta)
    // Keras writes `null`, not nothing.
    try container.encode(axis, forKey: .axis)
  }
}
