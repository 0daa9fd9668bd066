import KerasLosses
import TestSupport
import Testing

// Class ids: one-hot labels to the bit, their shapes, their domain, and the ignored class.

@Suite struct SparseCategoricalCrossentropyTests {
  struct Layout: Sendable {
    let shape: [Int]
    let axis: Int
  }

  static let layouts = [
    Layout(shape: [4], axis: 0), Layout(shape: [5, 3], axis: -1), Layout(shape: [3, 5], axis: 0),
    Layout(shape: [2, 3, 4], axis: 1), Layout(shape: [2, 3, 4], axis: -1),
    Layout(shape: [40, 70], axis: 1), Layout(shape: [300, 20], axis: 0),
    Layout(shape: [3, 1000], axis: -1),
  ]

  /// Random predictions, ids, and the same as one-hot labels.
  private func operands(
    _ layout: Layout
  ) -> (ids: Tensor<Int32>, onehot: Tensor<Float>, yPred: Tensor<Float>) {
    let shape = layout.shape
    let axis = layout.axis < 0 ? layout.axis + shape.count : layout.axis
    var generator = SeededGenerator(seed: UInt64(shape.reduce(7) { $0 * 31 + $1 }))
    let count = shape.reduce(1, *)
    let classes = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let ids = (0..<count / classes).map { _ in
      Int32.random(in: 0..<Int32(classes), using: &generator)
    }
    var onehot = [Float](repeating: 0, count: count)
    for (k, id) in ids.enumerated() {
      onehot[(k / inner * classes + Int(id)) * inner + k % inner] = 1
    }
    let yPred = (0..<count).map { _ in Float.random(in: 0.01...4, using: &generator) }
    return (
      Tensor(shape: Array(shape[..<axis] + shape[(axis + 1)...]), scalars: ids),
      Tensor(shape: shape, scalars: onehot), Tensor(shape: shape, scalars: yPred)
    )
  }

  @Test(arguments: layouts)
  func idsAreOneHotLabels(_ layout: Layout) throws {
    let (ids, onehot, yPred) = operands(layout)
    for fromLogits in [true, false] {
      for reduction in Reduction.allCases {
        let sparse = SparseCategoricalCrossentropy(
          fromLogits: fromLogits, reduction: reduction, axis: layout.axis)
        let dense = CategoricalCrossentropy(
          fromLogits: fromLogits, axis: layout.axis, reduction: reduction)
        let (value, gradient) = try sparse.valueWithGradient(ids, yPred)
        let (expected, expectedGradient) = try dense.valueWithGradient(onehot, yPred)
        #expect(value == expected)
        #expect(gradient == expectedGradient)
        #expect(try sparse.evaluate(ids, yPred) == value)
        let wide = Tensor<Double>(converting: yPred)
        #expect(sparse(ids, wide) == dense(onehot, wide))
      }
    }
  }

  @Test func idsOfAnyType() throws {
    let (ids, _, yPred) = operands(Self.layouts[1])
    let loss = SparseCategoricalCrossentropy(fromLogits: true)
    let value = loss(ids, yPred)
    #expect(loss(Tensor<UInt8>(converting: ids), yPred) == value)
    #expect(loss(Tensor<Int64>(converting: ids), yPred) == value)
    #expect(loss(Tensor<Float>(converting: ids), yPred) == value)
    #expect(loss(Tensor<Double>(converting: ids), yPred) == value)
    #expect(loss(ids.reshaped(to: [5, 1]), yPred) == value)
  }

  /// An id beyond 2²⁴ is one that a Float cannot hold.
  @Test func idsDoNotPassThroughFloatingPoint() {
    let error = errorText {
      _ = try SparseCategoricalCrossentropy(fromLogits: true).evaluate(
        [16_777_217] as Tensor<Int64>, [[1, 2]] as Tensor<Float>)
    }
    #expect(error?.contains("got 16777217 for sample 0") == true)
  }

  @Test func theIgnoredClassIsAMask() throws {
    let yPred: Tensor<Float> = [[1, 2, 3], [.nan, 0, 1], [3, 2, 1], [0, 0, 5]]
    let ids: Tensor<Int32> = [0, -1, 2, 1]
    let weights: Tensor<Float> = [1, 2, 3, 4]
    for reduction in Reduction.allCases {
      let ignoring = SparseCategoricalCrossentropy(
        fromLogits: true, ignoreClass: -1, reduction: reduction)
      let masked = SparseCategoricalCrossentropy(fromLogits: true, reduction: reduction)
      let mask: Tensor<Bool> = [true, false, true, true]
      let (value, gradient) = try ignoring.valueWithGradient(ids, yPred, sampleWeight: weights)
      let (expected, expectedGradient) = try masked.valueWithGradient(
        ids, yPred, sampleWeight: weights, mask: mask)
      #expect(value == expected && gradient == expectedGradient)
      #expect(ignoring(ids, yPred) == masked(ids, yPred, mask: mask))
    }
    // Keras 3.15.1: labels [0, −1, 2] leave two of three positions.
    let loss = SparseCategoricalCrossentropy(fromLogits: true, ignoreClass: -1)
    let value = loss(
      [0, -1, 2] as Tensor<Int32>, [[1, 2, 3], [1, 2, 3], [1, 1, 1]] as Tensor<Float>)
    #expect(isClose(Double(value.item), 1.753109, relative: 1e-6))
    #expect(loss([-1, -1] as Tensor<Int32>, [[1, 2], [3, 4]] as Tensor<Float>) == 0)
  }

  @Test func badIDs() {
    let loss = SparseCategoricalCrossentropy(fromLogits: true)
    let yPred: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
    func text(_ ids: Tensor<Double>, _ weights: Tensor<Float>? = nil, _ mask: Tensor<Bool>? = nil)
      -> String?
    {
      errorText { _ = try loss.evaluate(ids, yPred, sampleWeight: weights, mask: mask) }
    }
    #expect(
      text([0, 3])
        == "yTrue: class ids must be integers in 0..<3; got 3.0 for sample 1 of yTrue [2] and yPred "
        + "[2, 3].")
    #expect(text([-1, 0])?.contains("got -1.0 for sample 0") == true)
    #expect(text([0, 1.5])?.contains("got 1.5 for sample 1") == true)
    #expect(text([.nan, 1])?.contains("got nan for sample 0") == true)
    // Also under a weight of 0; not under a mask.
    #expect(text([0, 7], [1, 0]) != nil)
    #expect(text([0, 7], nil, [true, false]) == nil)
    #expect(
      errorText { _ = try loss.evaluate([0, 1, 2] as Tensor<Int32>, yPred) }
        == "yTrue: must have the shape of yPred without axis 1 (an axis of size 1 in its place is "
        + "dropped); got yTrue [3] and yPred [2, 3].")
    #expect(
      errorText { _ = try loss.evaluate([0, 1] as Tensor<Int32>, [[], []] as Tensor<Float>) }
        == "yPred: must have at least one class on axis 1; got yPred [2, 0] and yTrue [2].")
  }

  /// A gradient buffer is untouched when an id is bad.
  @Test func errorsComeBeforeTheFirstWrite() {
    let loss = SparseCategoricalCrossentropy(fromLogits: true)
    var buffer: Tensor<Float> = [[7, 7], [7, 7]]
    #expect(throws: LossError.self) {
      try loss.valueWithGradient(
        [0, 2] as Tensor<Int32>, [[1, 2], [3, 4]] as Tensor<Float>, into: &buffer)
    }
    #expect(buffer == [[7, 7], [7, 7]])
  }
}
