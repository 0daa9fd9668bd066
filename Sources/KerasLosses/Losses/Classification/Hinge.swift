/// How far a prediction falls short of a margin of 1 on its label's side, averaged over the last axis.
///
///     loss = mean of max(0, 1 − y·p)
///
/// Labels are −1 or 1. If each label of the call is 0 or 1 they are taken for −1 and 1; one other label and
/// all are taken as they are. The gradient is −y where y·p < 1 and 0 elsewhere, at the margin too, divided
/// by the number of elements that are averaged.
///
/// **Shapes.** `yTrue` and `yPred` have the same shape of rank ≥ 1; the losses have that shape without
/// the last axis. So predictions of shape `[N]` are one sample with N outputs: for N samples reshape
/// to `[N, 1]`. A last axis of size 0 averages to 0.
///
/// **Domain.** Any numbers. What labels mean depends on all of them, so that a batch which is cut into parts
/// may have other losses than the whole; under a mask only those of samples that take part are looked at.
/// NaN gives NaN.
///
/// **Accuracy.** Float predictions are computed in Double and rounded once.
///
/// Source: `keras.losses.Hinge`, which also looks at labels under a mask.
/// `tf.compat.v1.losses.hinge_loss` takes every label for 0 or 1.
public struct Hinge: KerasLoss {
  /// How the weighted losses become the result.
  public let reduction: Reduction
  /// The name of this instance.
  public let name: String

  /// A hinge loss.
  public init(reduction: Reduction = .sumOverBatchSize, name: String = "hinge") {
    self.reduction = reduction
    self.name = name
  }

  /// Keras's names for this loss.
  public static let names = KerasNames(class: "Hinge", function: "hinge")

  /// How the loss is computed.
  public var plan: LossPlan {
    LossPlan(ElementwiseKernel(function: BuiltInFunction.hinge, labels: .signs))
  }
}

extension Hinge: Codable {
  /// Reads Keras's configuration; an absent key stands for its default.
  public init(from decoder: any Decoder) throws {
    (reduction, name) = try BareConfiguration.decode(Self.self, from: decoder)
  }

  /// Writes Keras's configuration.
  public func encode(to encoder: any Encoder) throws {
    try BareConfiguration.encode(self, to: encoder)
  }
}
