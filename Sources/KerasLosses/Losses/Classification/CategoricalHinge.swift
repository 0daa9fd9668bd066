/// How far the prediction of the true class fails to stand above all others by a margin of 1.
///
///     loss = max(0, 1 + n − p),   n = max over the classes of (1 − y)·x,   p = Σ y·x
///
/// with y = `yTrue` and x = `yPred`, classes on the last axis. Where the loss is positive the gradient is −y,
/// and 1 − y more for the class of the maximum.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without the
/// last axis. A row without classes has loss 0.
///
/// **Domain.** Labels are numbers of any element type, usually one-hot. The true class itself enters the maximum
/// with 0, so that n ≥ 0 for one-hot labels. The gradient is 0 where the loss is 0, also where 1 + n − p is
/// exactly 0 (TensorFlow's is not); classes that share the maximum share its part of the gradient evenly, as
/// in TensorFlow. NaN gives NaN.
///
/// Source: `keras.losses.CategoricalHinge`.
public struct CategoricalHinge: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A categorical hinge loss.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "categorical_hinge") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "CategoricalHinge", function: "categorical_hinge")

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(MarginKernel()) }
}

extension CategoricalHinge: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
