/// The square of the error where it is small, its size where it is large, averaged over the last axis.
///
///     loss = mean of  e² / 2           where |e| ≤ δ,   e = p − y
///                     δ·|e| − δ² / 2   elsewhere
///
/// The gradient is e clipped to [−δ, δ], divided by the number of elements that are averaged; at |e| = δ
/// both branches have it in common.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Any numbers. An infinite error has an infinite loss and a finite gradient; NaN gives NaN,
/// and so does the difference of two equal infinities.
///
/// **Accuracy.** Float predictions are computed in Double and rounded once.
///
/// Source: P. J. Huber, "Robust Estimation of a Location Parameter" (1964); `keras.losses.Huber`. It is
/// δ times PyTorch's `SmoothL1Loss` with beta = δ, and equal to its `HuberLoss`. Keras takes any δ, and
/// up to 3.15 loses it when saving.
public struct Huber: KerasLoss {
  /// Where the square goes over into a straight line: finite and greater than 0.
  public let delta: Double
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A Huber loss. Traps if `delta` is not finite or not greater than 0.
  public init(
    delta: Double = 1, reduction: Reduction = .sumOverBatchSize, name: String = "huber_loss"
  ) {
    self.delta = trapping { () throws(LossError) in try valid(positive: delta, "delta") }
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "Huber", function: "huber")

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(ElementwiseKernel(function: BuiltInFunction.huber(delta: delta)))
  }
}

extension Huber: Codable {
  private enum Key: String, ConfigurationKey {
    case delta, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    delta = try valid(positive: configuration[.delta] ?? 1, Key.delta.rawValue)
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? "huber_loss"
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    try container.encode(delta, forKey: .delta)
  }
}
