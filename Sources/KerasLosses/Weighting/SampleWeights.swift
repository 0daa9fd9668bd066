/// Sample weights and a mask, aligned with the losses: validated once, read in runs.
///
/// The weights' rule belongs to the caller's style: ``init(keras:losses:predictions:names:)`` holds
/// Keras's, and the module `TFCompatV1` its own. What both produce is a shape of the losses' rank whose
/// sizes are 1 or the losses'.
package struct SampleWeights<Scalar: LossScalar>: Sendable {
  private let weights: Tensor<Scalar>?
  private let mask: Tensor<Bool>?
  /// Where the weight of each loss lies; nil where there are none, or weights and losses have one shape.
  private let rows: StridedRows?

  /// Weights whose scalars, under `alignedShape`, broadcast to `lossShape`.
  package init(
    lossShape: [Int], weights: Tensor<Scalar>?, alignedShape: [Int], mask: Tensor<Bool>?
  ) {
    self.weights = weights
    self.mask = mask
    guard weights != nil, alignedShape != lossShape else {
      rows = nil
      return
    }
    let strides = zip(alignedShape, rowMajorStrides(of: alignedShape)).map { $0 == 1 ? 0 : $1 }
    rows = StridedRows(
      type: Scalar._kind, isBigEndian: hostIsBigEndian, sampleShape: lossShape,
      sampleStrides: strides)
  }

  /// Whether every loss takes part with a weight of 1.
  package var areAllOne: Bool { weights == nil && mask == nil }

  /// Whether there is a mask.
  package var haveMask: Bool { mask != nil }

  /// Whether weights, if there are any, lie as the losses do.
  package var lieInPlace: Bool { rows == nil }

  /// The weights of the elements in `range`, in row-major order of the losses; nil where all are 1.
  package func weights(in range: Range<Int>) -> ArraySlice<Scalar>? {
    guard let weights else { return nil }
    // In place where they lie as the losses do.
    guard let rows else { return weights.scalars[range] }
    let gathered: [Scalar] = weights.scalars.withUnsafeBytes { rows.gather(range, from: $0) }
    return gathered[...]
  }

  /// Which elements in `range` take part; nil where all do.
  package func keep(in range: Range<Int>) -> [Bool]? {
    mask.map { Array($0.scalars[range]) }
  }
}

extension SampleWeights {
  /// Keras-style weights and mask.
  ///
  /// Weights align with the leading axes of the losses: a rank one higher that ends in 1 drops that 1;
  /// then no size may differ from the losses' unless it is 1, and absent trailing axes count as 1. A
  /// mask has the losses' shape, or that with one trailing 1.
  package init(
    keras weights: Tensor<Scalar>?, mask: Tensor<Bool>?, losses: [Int], predictions: [Int],
    names: ArgumentNames
  ) throws(LossError) {
    var aligned: [Int] = []
    if let weights {
      aligned = try Self.alignedShape(
        of: weights.shape, losses: losses, predictions: predictions, names: names)
    }
    if let mask {
      try Self.check(mask: mask.shape, losses: losses, predictions: predictions, names: names)
    }
    self.init(lossShape: losses, weights: weights, alignedShape: aligned, mask: mask)
  }

  /// Keras-style weights and mask for the losses of a source.
  package init(
    _ weights: Tensor<Scalar>?, _ mask: Tensor<Bool>?, of source: some LossSource<Scalar>,
    predictions: [Int], names: ArgumentNames = .keras
  ) throws(LossError) {
    try self.init(
      keras: weights, mask: mask, losses: source.lossShape, predictions: predictions, names: names)
  }

  /// Throws unless a mask of this shape fits the losses.
  package static func check(
    mask: [Int], losses: [Int], predictions: [Int], names: ArgumentNames
  ) throws(LossError) {
    guard mask == losses || mask == losses + [1] else {
      throw LossError(
        .mask, "mask",
        "must have the shape of the losses, \(losses); got \(mask) for "
          + "\(names.predictions) \(predictions).")
    }
  }

  /// The shape of the weights brought to the losses' rank, under Keras's rule.
  package static func alignedShape(
    of weights: [Int], losses: [Int], predictions: [Int], names: ArgumentNames
  ) throws(LossError) -> [Int] {
    var shape = weights
    if shape.count == losses.count + 1, shape.last == 1 { shape.removeLast() }
    guard shape.count <= losses.count, zip(shape, losses).allSatisfy({ $0 == 1 || $0 == $1 })
    else {
      var hint = ""
      if losses.isEmpty, predictions.count > 1 {
        hint = " The whole batch is one sample, and its weight a scalar."
      } else if losses.isEmpty, let outputs = predictions.first {
        hint =
          " \(names.predictions) \(predictions) is one sample with \(outputs) outputs; for "
          + "\(outputs) samples reshape to [\(outputs), 1]."
      }
      throw LossError(
        .weights, names.weights,
        "must align with the leading axes of the losses, each size 1 or equal; got "
          + "\(names.weights) \(weights) for losses \(losses)." + hint)
    }
    return shape + [Int](repeating: 1, count: losses.count - shape.count)
  }
}
