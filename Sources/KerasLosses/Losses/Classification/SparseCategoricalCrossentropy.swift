/// Cross-entropy between class ids and predictions over the classes of one axis.
///
///     fromLogits:  loss = −ln softmax(x)_y
///     otherwise:   loss = −ln clip(p_y / Σp, ε, 1 − ε),   ε = 1e-7
///
/// The value and the gradient are those of ``CategoricalCrossentropy`` with one-hot labels, to the bit,
/// without the labels ever being spread out.
///
/// **Shapes.** `yPred` has rank ≥ 1, classes on `axis`; `yTrue` and the losses have its shape without
/// `axis`. An axis of size 1 in its place is dropped from `yTrue`.
///
/// **Domain.** Class ids are integers in 0..<C, of any integer type, or of a floating-point type if they
/// are integers all the same. Another id is a ``LossError``, also under a weight of 0; it is not looked at
/// under a mask. Samples whose id is `ignoreClass` are left out as a mask leaves them out: they have loss
/// and gradient 0 and are in no denominator. There must be at least one class.
///
/// Source: `keras.losses.SparseCategoricalCrossentropy`; for logits also
/// `tf.nn.sparse_softmax_cross_entropy_with_logits`.
public struct SparseCategoricalCrossentropy: KerasLoss {
  /// Whether `yPred` holds logits rather than probabilities.
  public let fromLogits: Bool
  /// The id of samples that are left out; nil if there is none.
  public let ignoreClass: Int?
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The axis of the classes; negative ones count from the back.
  public let axis: Int
  /// The name of this instance.
  public let name: String

  /// A cross-entropy with class ids.
  public init(
    fromLogits: Bool = false, ignoreClass: Int? = nil, reduction: Reduction = .sumOverBatchSize,
    axis: Int = -1, name: String = "sparse_categorical_crossentropy"
  ) {
    self.fromLogits = fromLogits
    self.ignoreClass = ignoreClass
    self.reduction = reduction
    self.axis = axis
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(
    class: "SparseCategoricalCrossentropy", function: "sparse_categorical_crossentropy")

  /// How the loss is computed.
  public var plan: LossPlan {
    let labels = LabelEncoding.classIDs(ignored: ignoreClass)
    return fromLogits
      ? LossPlan(SoftmaxCrossEntropyKernel(axis: axis, labels: labels))
      : LossPlan(ProbabilityCrossEntropyKernel(axis: axis, labels: labels))
  }
}

extension SparseCategoricalCrossentropy: Codable {
  private enum Key: String, ConfigurationKey {
    case fromLogits = "from_logits"
    case ignoreClass = "ignore_class"
    case axis, reduction, name
  }

  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    let configuration = try Configuration<Key>(decoder)
    fromLogits = try configuration[.fromLogits] ?? false
    ignoreClass = try configuration[.ignoreClass]
    axis = try configuration[.axis] ?? -1
    reduction = try configuration.reduction(.reduction)
    name = try configuration[.name] ?? Self.names.function
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(name, forKey: .name)
    try container.encode(reduction.rawValue, forKey: .reduction)
    try container.encode(fromLogits, forKey: .fromLogits)
    // Keras writes `null`, not nothing.
    try container.encode(ignoreClass, forKey: .ignoreClass)
    try container.encode(axis, forKey: .axis)
  }
}
