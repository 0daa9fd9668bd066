/// A function of one label and one prediction, over blocks of them.
package protocol ElementwiseFunction: Sendable {
  /// Computes a block and returns the sum of its values: by a tree, and beyond ``blockSize`` elements the
  /// ``CompensatedSum`` of blocks of that length.
  func evaluate(_ block: ElementwiseBlock<Double>) -> Double

  /// Adds the values of a block, each a loss, to a sum of weighted losses, and returns their plain sum; nil, and
  /// nothing is done, if the function has no way of its own to do so.
  func add(_ block: WeightedBlock<Double>, to sum: inout ExactSum) -> Double?

  /// Whether blocks may be longer than ``blockSize``.
  var takesLongBlocks: Bool { get }

  /// The function of labels that enter as `slope · y + offset`; nil if it takes them only as they are.
  func mappingLabels(slope: Double, offset: Double) -> (any ElementwiseFunction)?

  /// The function of labels 0 and 1 that mean −1 and 1, whose value is NaN for any other label; nil if it has no
  /// use for such labels.
  var ofBits: (any ElementwiseFunction)? { get }
}

extension ElementwiseFunction {
  package func add(_ block: WeightedBlock<Double>, to sum: inout ExactSum) -> Double? { nil }
  package var takesLongBlocks: Bool { false }
  package func mappingLabels(slope: Double, offset: Double) -> (any ElementwiseFunction)? { nil }
  package var ofBits: (any ElementwiseFunction)? { nil }
}

/// A function that is fast and accurate enough in Float for predictions of that type.
package protocol FloatElementwiseFunction: ElementwiseFunction {
  /// The same in Float.
  func evaluate(_ block: ElementwiseBlock<Float>) -> Double

  /// The same in Float.
  func add(_ block: WeightedBlock<Float>, to sum: inout ExactSum) -> Double?
}

extension FloatElementwiseFunction {
  package func add(_ block: WeightedBlock<Float>, to sum: inout ExactSum) -> Double? { nil }
}

/// A block of elements: what goes into a function, and where its results go.
package struct ElementwiseBlock<Work: Sendable> {
  let labels: UnsafePointer<Work>
  let predictions: UnsafePointer<Work>
  let count: Int
  /// Where the values go, if they are wanted one by one.
  let values: UnsafeMutablePointer<Double>?
  /// Where the derivatives with respect to the predictions go, times their scales; nil if they are not
  /// wanted.
  let derivatives: UnsafeMutablePointer<Work>?
  /// The factors of the derivatives: element `i` has number `i * scaleStep`. The step is 0 or 1.
  let scales: UnsafePointer<Double>
  let scaleStep: Int

  /// The factor of the derivative of one element.
  func scale(of index: Int) -> Double { scales[index * scaleStep] }
}

/// A block of elements that are a sample each: what their values and weights are computed from, and where
/// their derivatives go.
package struct WeightedBlock<Work: Sendable> {
  let labels: UnsafePointer<Work>
  let predictions: UnsafePointer<Work>
  let count: Int
  /// The weight of each value; nil if all are 1.
  let weights: UnsafePointer<Work>?
  /// What a weight is divided by to become the factor of a derivative. It is not 0.
  let divisor: Double
  /// Where the derivatives go, times their factors; nil if they are not wanted.
  let derivatives: UnsafeMutablePointer<Work>?
}
