// Element-wise losses of TensorFlow 1 that no Keras-style loss is, or is under every parameter.

extension LossPlan {
  /// −y·ln(p + ε) − (1 − y)·ln(1 − p + ε).
  package static func logLoss(epsilon: Double) -> LossPlan {
    LossPlan(ElementwiseKernel(function: LogLossFunction(epsilon: epsilon)))
  }

  /// The function of ``Huber``, for any δ.
  package static func huber(delta: Double) -> LossPlan {
    LossPlan(ElementwiseKernel(function: BuiltInFunction.huber(delta: delta)))
  }

  /// The function of ``Hinge``, with every label taken for 0 or 1.
  package static var hingeOfBinaryLabels: LossPlan {
    LossPlan(
      ElementwiseKernel(
        function: BuiltInFunction.hinge, labels: .line(slope: 2, offset: -1)))
  }
}
