/// Connectionist temporal classification: how improbable a sequence of labels is, wherever in time they stand.
///
///     loss = −ln P,   P = Σ over all paths of Π softmax(x_t)_path(t)
///
/// A path has one class at each step and spells the labels when repetitions are merged and the blank, class
/// 0, is left out. The gradient is softmax(x_t)_c less the probability, given the labels, that the path
/// has class c at step t.
///
/// **Shapes.** `yPred`, logits: `[batch, steps, classes]`. `yTrue`, class ids: `[batch, length]`. The losses
/// are `[batch]`. All steps count.
///
/// **Labels.** Integers in 0..<classes, of any integer type, or of a floating-point type if they are integers
/// all the same. 0 is the blank and what shorter sequences are filled up with: as many labels count, from the
/// first on, as are not 0. A 0 among those that count is spelled by a blank of its own (this is Keras's
/// convention; a sequence should not contain any). n labels, r of which repeat the one before, need n + r
/// steps; fewer are a ``LossError``, where PyTorch has an infinite loss and TensorFlow about 708. A sample under
/// a mask is not looked at.
///
/// **Domain.** A logit of −inf rules a class out. If that rules out every path the loss is +inf, and the
/// sample's gradient 0. NaN, a +inf logit and a step whose logits are all −inf give NaN. A logit that lies
/// 2^50 below its step's largest counts as −inf.
///
/// **Accuracy.** Sums over paths are made in Double with an exponent of their own for each, so that nothing is
/// lost by range, and of positive terms, so that nothing cancels; the logarithm is taken once, at the end.
/// **Memory.** A number per step and label for the gradient, two steps' worth for the loss.
///
/// Source: Graves et al., *Connectionist Temporal Classification*, 2006; `keras.losses.CTC`.
public struct CTC: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A CTC loss.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "ctc") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "CTC", function: "ctc")

  /// How the loss is computed.
  public var plan: LossPlan { LossPlan(CTCKernel()) }
}

extension CTC: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
