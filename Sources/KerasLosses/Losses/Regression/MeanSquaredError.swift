/// The square of the error, averaged over the last axis.
///
///     loss = mean of e²,   e = p − y
///
/// The gradient is 2e divided by the number of elements that are averaged.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Any numbers. An infinite error has an infinite loss; NaN gives NaN, and so does the
/// difference of two equal infinities.
///
/// **Accuracy.** Float predictions are computed in Double and rounded once.
///
/// Source: `keras.losses.MeanSquaredError`. It is not the mean over the batch and the axis at once that
/// `tf.compat.v1.losses.mean_squared_error` takes, unless all weights are 1.
public struct MeanSquaredError: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A mean squared error.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "mean_squared_error") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "MeanSquaredError", function: "mean_squared_error", aliases: ["mse", "MSE"])

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(ElementwiseKernel(function: BuiltInFunction.squaredError)) }
}

extension MeanSquaredError: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
