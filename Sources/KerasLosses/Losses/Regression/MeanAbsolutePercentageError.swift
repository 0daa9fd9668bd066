/// The size of the error in percent of its label's, averaged over the last axis.
///
///     loss = mean of 100·|e| / max(|y|, ε),   e = p − y,   ε = 1e-7
///
/// The gradient is 100·sign(e) / max(|y|, ε), 0 where e is 0, divided by the number of elements that are
/// averaged.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Any numbers. A label of 0 divides by ε: an error of 1 costs 1e9 there. NaN gives NaN, and so
/// does an infinite label.
///
/// **Accuracy.** Float predictions are computed in Double and rounded once; ε is the real number, not its
/// rounding to Float.
///
/// Source: `keras.losses.MeanAbsolutePercentageError`.
public struct MeanAbsolutePercentageError: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A mean absolute percentage error.
  public init(
    reduction: Reduction = .sumOverBatchSize, name: String = "mean_absolute_percentage_error"
  ) {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "MeanAbsolutePercentageError", function: "mean_absolute_percentage_error",
    aliases: ["mape", "MAPE"])

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(ElementwiseKernel(function: BuiltInFunction.percentageError))
  }
}

extension MeanAbsolutePercentageError: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
