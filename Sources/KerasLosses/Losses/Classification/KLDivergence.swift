/// How far a predicted distribution is from that of the labels, summed over the last axis.
///
///     loss = Σ y·ln(y / p),   y and p clipped to [ε, 1],   ε = 1e-7
///
/// The gradient is −y / p, 0 where p is clipped.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 sums to 0.
///
/// **Domain.** Probabilities. Rows need not sum to 1, and are not divided by their sum: where p sums to more
/// than y the loss may be negative. NaN gives NaN.
///
/// **Accuracy.** Relative to the sum of the terms' sizes. The logarithms of a term are not subtracted: it is
/// y·ln(1 + |y − p| / min(y, p)) with a sign. ε is the real number, not its rounding to Float.
///
/// Source: S. Kullback and R. A. Leibler, "On Information and Sufficiency" (1951);
/// `keras.losses.KLDivergence`. PyTorch's `KLDivLoss` takes the logarithm of p and does not clip.
public struct KLDivergence: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A Kullback–Leibler divergence.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "kl_divergence") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "KLDivergence", function: "kl_divergence", aliases: ["kld", "KLD"])

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(ElementwiseKernel(function: BuiltInFunction.divergence, averages: false))
  }
}

extension KLDivergence: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
