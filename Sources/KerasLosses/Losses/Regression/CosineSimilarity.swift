/// The cosine of the angle between labels and predictions along an axis, negated: −1 where they point the same
/// way, 1 where they point opposite ways.
///
///     loss = −Σ ŷ·p̂,   x̂ = x / max(‖x‖, ε),   ε = 1e-7
///
/// The gradient is −(ŷ − c·p̂) / ‖p‖ with the cosine c, and −ŷ / ε where ‖p‖ ≤ ε.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1, vectors along `axis`; the losses have
/// that shape without `axis`.
///
/// **Domain.** Labels are numbers of any element type. A vector of zeros has a cosine of 0 with any other. A
/// vector shorter than ε is divided by ε, so that its cosine falls off with its length. At ‖p‖ = ε, where
/// both rules meet, the gradient is that of the shorter side. An infinite element or NaN gives NaN.
///
/// **Accuracy.** Squares and products are summed in Double, which they do not overflow. The gradient of nearly
/// parallel vectors, which is what two large numbers leave of each other, keeps its digits. The loss lies in
/// −1...1 also after rounding.
///
/// Source: `keras.losses.CosineSimilarity`, Keras 3; Keras 2 divides by a norm of at least 1e-6. Keras loses
/// `axis` when it saves a loss; here it is part of the configuration.
public struct CosineSimilarity: KerasLoss {
  /// The axis of the vectors; negative ones count from the back.
  public let axis: Int
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A cosine similarity.
  public init(
    axis: Int = -1, reduction: Reduction = .sumOverBatchSize, name: String = "cosine_similarity"
  ) {
    self.axis = axis
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "CosineSimilarity", function: "cosine_similarity")

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(CosineKernel(axis: axis)) }
}

extension CosineSimilarity: Codable {
  private enum Key: String, ConfigurationKey {
    case axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    axis = try configuration[.axis] ?? -1
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? Self.names.function
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    try container.encode(axis, forKey: .axis)
  }
}
