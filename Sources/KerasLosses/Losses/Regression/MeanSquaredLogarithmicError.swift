/// The square of the difference of logarithms, averaged over the last axis.
///
///     loss = mean of (ln(1 + max(p, ε)) − ln(1 + max(y, ε)))²,   ε = 1e-7
///
/// With d the difference of the logarithms the gradient is 2d / (1 + p), 0 where p < ε, divided by the number
/// of elements that are averaged.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Numbers ≥ 0; smaller ones, and labels likewise, count as ε. NaN gives NaN.
///
/// **Accuracy.** The logarithms are not subtracted: their difference is ln(1 + |p − y| / (1 + min(p, y))), which
/// has all its digits where labels and predictions are nearly equal, or both small.
///
/// Source: `keras.losses.MeanSquaredLogarithmicError`.
public struct MeanSquaredLogarithmicError: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A mean squared logarithmic error.
  public init(
    reduction: Reduction = .sumOverBatchSize, name: String = "mean_squared_logarithmic_error"
  ) {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "MeanSquaredLogarithmicError", function: "mean_squared_logarithmic_error",
    aliases: ["msle", "MSLE"])

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(ElementwiseKernel(function: BuiltInFunction.logarithmicError))
  }
}

extension MeanSquaredLogarithmicError: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
