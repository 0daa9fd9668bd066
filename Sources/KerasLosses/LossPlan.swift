/// How a built-in loss is computed: the kernel that it names and the engine runs.
public struct LossPlan: Sendable {
  package let kernel: any LossKernel

  package init(_ kernel: any LossKernel) { self.kernel = kernel }
}

/// A loss that names its kernel and leaves the rest to the engine. Conformances are closed; for a
/// loss of your own see ``Loss`` and ``PointwiseLoss``.
public protocol PlannedLoss: DifferentiableLoss {
  /// How the loss is computed.
  var plan: LossPlan { get }
}

extension LossPlan {
  /// The samples of a call with these operands, or the error of their shapes.
  package func loop<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>, names: ArgumentNames
  ) throws(LossError) -> SampleLoop<Label, Scalar> {
    let geometry = try geometry(yTrue: yTrue.shape, yPred: yPred.shape, names: names)
    return SampleLoop(kernel: kernel, geometry: geometry, yTrue: yTrue, yPred: yPred)
  }

  /// Where the samples lie in operands of these shapes.
  package func geometry(
    yTrue: [Int], yPred: [Int], names: ArgumentNames
  ) throws(LossError) -> SampleGeometry {
    try kernel.geometry(OperandShapes(labels: yTrue, predictions: yPred, names: names))
  }
}
