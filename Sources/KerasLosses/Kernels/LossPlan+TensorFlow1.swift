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

  /// max(0, 1 − (2·y − 1)·x), whatever the labels are.
  package static var hingeOfBinaryLabels: LossPlan {
    LossPlan(
      ElementwiseKernel(
        function: FormulaFunction { y, x in
          let margin = 1 - y * x
          return margin > 0 ? (margin, -y) : (margin.isNaN ? margin : 0, 0)
        }, labelLine: (slope: 2, offset: -1)))
  }
}
