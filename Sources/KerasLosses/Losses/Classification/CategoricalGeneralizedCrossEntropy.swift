/// Cross-entropy between class ids and probabilities that is less troubled by wrong labels.
///
///     loss = (1 − p_y^q) / q
///
/// with the probability p_y of the class that is named: the cross-entropy −ln p_y as q goes to 0, the absolute
/// error 1 − p_y as it goes to 1. The gradient is −p_y^(q−1) for that class and 0 for all others.
///
/// **Shapes.** `yPred` has rank ≥ 1, classes on the last axis; `yTrue` and the losses have its shape without
/// that axis. An axis of size 1 in its place is dropped from `yTrue`.
///
/// **Domain.** Class ids are integers in 0..<C, of any integer type, or of a floating-point type if they are
/// integers all the same; another id is a ``LossError`` (Keras takes it for a probability of 0). Probabilities are
/// taken as they are: they are not brought to a sum of 1, nor clipped. A probability of 0 has the loss 1/q and
/// a gradient of −inf; a negative one, or NaN, gives NaN. The other classes are not looked at.
///
/// **Accuracy.** Computed as −expm1(q·ln p) / q: a loss near 0 has all its digits.
///
/// Source: Zhang and Sabuncu, *Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy
/// Labels*, 2018; `keras.losses.CategoricalGeneralizedCrossEntropy`.
public struct CategoricalGeneralizedCrossEntropy: KerasLoss {
  /// The exponent, between 0 and 1.
  public let q: Double
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A generalized cross-entropy. Traps unless `q` lies between 0 and 1.
  public init(
    q: Double = 0.5, reduction: Reduction = .sumOverBatchSize,
    name: String = "categorical_generalized_cross_entropy"
  ) {
    self.q = trapping { () throws(LossError) in try valid(betweenZeroAndOne: q, "q") }
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "CategoricalGeneralizedCrossEntropy", function: "categorical_generalized_cross_entropy")

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(PowerLossKernel(exponent: q)) }
}

extension CategoricalGeneralizedCrossEntropy: Codable {
  private enum Key: String, ConfigurationKey {
    case q, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    q = try valid(betweenZeroAndOne: configuration[.q] ?? 0.5, Key.q.rawValue)
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? Self.names.function
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    try container.encode(q, forKey: .q)
  }
}
