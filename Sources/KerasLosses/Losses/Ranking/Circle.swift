/// How far embeddings of one label are from lying together, and those of different labels from lying apart.
///
/// For an anchor p and every other row r of the batch, with D = max(1 − p·r, 0):
///
///     v = γ·(D − m)·max(D + m, 0)           where r has the label of p
///     v = γ·(1 − m − D)·max(1 + m − D, 0)   where it has another
///     loss = ln(1 + Σ e^v over the first · Σ e^v over the second)
///
/// with γ = `gamma` and m = `margin`. The weights max(…, 0) are part of what is differentiated, as in Keras.
///
/// **The whole batch.** Every loss depends on all rows of the batch, and so does every row's gradient. A row under
/// a mask is not in the batch: it is no anchor, and no other row is compared with it. A weight of 0 takes a
/// loss out of the sum and leaves its row where it is.
///
/// **Shapes.** `yPred`, embeddings: `[batch, dimensions]`, rows of length 1. `yTrue`, labels: `[batch]` or
/// `[batch, 1]`. The losses are `[batch]`.
///
/// **Domain.** Labels are integers, positive or not, of any integer type, or of a floating-point type if they are
/// integers all the same. Rows are not brought to length 1. A row to which no other has the same label, or none
/// another, has loss 0. As in Keras, losses of 0 have no part in a mean:
/// ``Reduction/sumOverBatchSize`` divides by the number of positive losses. At D = 0 the gradient is 0, also at
/// the kink, and where a weight is 0 as well. NaN gives NaN.
///
/// **Accuracy.** Computed in Double, exponentials less their largest where they could leave its range, of Floats to
/// 2^-32 before they are summed; the losses are good to a few units in the last place of γ.
///
/// Source: Sun et al., *Circle Loss*, 2020, in the form of `keras.losses.Circle`.
public struct Circle: KerasLoss {
  /// The scale of similarities. Finite and not negative.
  public let gamma: Double
  /// How far pairs may be from where they should be. Finite and not negative.
  public let margin: Double
  /// Whether a row is left out of those that have its label.
  public let removeDiagonal: Bool
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A circle loss. Traps if `gamma` or `margin` is negative or not finite.
  public init(
    gamma: Double = 80, margin: Double = 0.4, removeDiagonal: Bool = true,
    reduction: Reduction = .sumOverBatchSize, name: String = "circle"
  ) {
    self.gamma = trapping { () throws(LossError) in try valid(nonnegative: gamma, "gamma") }
    self.margin = trapping { () throws(LossError) in try valid(nonnegative: margin, "margin") }
    self.removeDiagonal = removeDiagonal
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "Circle", function: "circle")

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(CircleKernel(gamma: gamma, margin: margin, removesDiagonal: removeDiagonal))
  }
}

extension Circle: Codable {
  private enum Key: String, ConfigurationKey {
    case gamma, margin
    case removeDiagonal = "remove_diagonal"
    case reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    gamma = try valid(nonnegative: configuration[.gamma] ?? 80, Key.gamma.rawValue)
    margin = try valid(nonnegative: configuration[.margin] ?? 0.4, Key.margin.rawValue)
    removeDiagonal = try configuration[.removeDiagonal] ?? true
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? Self.names.function
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    try container.encode(gamma, forKey: .gamma)
    try container.encode(margin, forKey: .margin)
    try container.encode(removeDiagonal, forKey: .removeDiagonal)
  }
}
