/// The logarithm of the hyperbolic cosine of the error, averaged over the last axis.
///
///     loss = mean of ln cosh e,   e = p − y
///
/// That is nearly e² / 2 where the error is small and |e| − ln 2 where it is large. The gradient is tanh e,
/// divided by the number of elements that are averaged.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Any numbers. An infinite error has an infinite loss and a finite gradient; NaN gives NaN.
///
/// **Accuracy.** Without cancellation at both ends: ln cosh e = ½·ln(1 + sinh² e), from e^(2|e|) − 1. Keras
/// computes e + ln(1 + e^−2e) − ln 2, of which nothing is left where e² is below the rounding error of ln 2.
///
/// Source: `keras.losses.LogCosh`.
public struct LogCosh: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A log-cosh loss.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "log_cosh") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "LogCosh", function: "log_cosh")

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(ElementwiseKernel(function: BuiltInFunction.logCosh)) }
}

extension LogCosh: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
