/// What is left of the negative logarithm of a Poisson distribution's probability when the terms that do not
/// depend on its mean are dropped, averaged over the last axis.
///
///     loss = mean of p − y·ln(p + ε),   ε = 1e-7
///
/// The gradient is 1 − y / (p + ε), divided by the number of elements that are averaged.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Labels are counts, predictions means, ≥ 0. A prediction below −ε has no logarithm and gives NaN,
/// as NaN does. The loss may be negative.
///
/// **Accuracy.** Relative to the sum of the sizes of both terms; ε is the real number, not its rounding to
/// Float.
///
/// Source: `keras.losses.Poisson`; PyTorch's `PoissonNLLLoss` with `log_input=False` and `eps=1e-7`.
public struct Poisson: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A Poisson loss.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "poisson") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "Poisson", function: "poisson")

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(ElementwiseKernel(function: BuiltInFunction.poisson)) }
}

extension Poisson: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
