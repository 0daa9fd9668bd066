import KerasLosses
import TestSupport
import Testing

// Which shapes of labels, weights and masks go together, and what they mean: the cases of Keras's own tests of
// its base class, and the whole rule of weights, against weights that are written out.

@Suite struct BroadcastingTests {
  /// Labels, predictions, a mask and weights of four samples; numbers that Keras's tests use, too.
  private static let yTrue: Tensor<Double> = [1, 0, 1, 0]
  private static let yPred: Tensor<Double> = [0.1, 0.2, 0.3, 0.4]
  private static let mask: Tensor<Bool> = [true, false, true, true]
  private static let weights: Tensor<Double> = [0.4, 0.3, 0.2, 0.1]
  private static let squares = [0.81, 0.04, 0.49, 0.16]

  @Test(arguments: [
    (Reduction.sum, 1.5), (.sumOverBatchSize, 0.375), (.mean, 0.375),
    (.meanWithSampleWeight, 0.375),
  ])
  func reductions(_ reduction: Reduction, _ expected: Double) {
    let loss = SquaredDifference(reduction: reduction)
    #expect(isClose(loss(Self.yTrue, Self.yPred).item, expected, relative: 1e-15))
    #expect(
      isClose(
        SquaredDifference(reduction: .none)(Self.yTrue, Self.yPred), Self.squares, relative: 1e-15))
  }

  /// A mask, weights, and both, with an axis of size 1 at the end of one of them: Keras's `rank_adjustment`.
  @Test(arguments: [[], [0], [1], [2], [0, 2], [1, 2], [0, 1], [0, 1, 2]] as [[Int]])
  func trailingOnes(_ longer: [Int]) throws {
    func shape(_ index: Int) -> [Int] { longer.contains(index) ? [4, 1] : [4] }
    let mask = Self.mask.reshaped(to: shape(0))
    let weights = Self.weights.reshaped(to: shape(1))
    let (yTrue, yPred) = (Self.yTrue.reshaped(to: shape(2)), Self.yPred.reshaped(to: shape(2)))
    let loss = SquaredDifference(reduction: .sumOverBatchSize)
    let masked = (0.81 + 0.49 + 0.16) / 3
    let weighted = (0.4 * 0.81 + 0.3 * 0.04 + 0.2 * 0.49 + 0.1 * 0.16) / 4
    let both = (0.4 * 0.81 + 0.2 * 0.49 + 0.1 * 0.16) / 3
    // Losses [4, 1] take a mask of their own shape, not one that has to be repeated.
    if longer.contains(2) == longer.contains(0) || !longer.contains(2) {
      #expect(isClose(loss(yTrue, yPred, mask: mask).item, masked, relative: 1e-15))
      let value = loss(yTrue, yPred, sampleWeight: weights, mask: mask).item
      #expect(isClose(value, both, relative: 1e-15))
    }
    #expect(isClose(loss(yTrue, yPred, sampleWeight: weights).item, weighted, relative: 1e-15))
  }

  /// Where nothing is left there is 0, not 0/0.
  @Test(arguments: Reduction.allCases)
  func nothingLeft(_ reduction: Reduction) {
    let loss = SquaredDifference(reduction: reduction)
    let nobody: Tensor<Bool> = [false, false, false, false]
    let zeros: Tensor<Double> = [0, 0, 0, 0]
    for value in [
      loss(Self.yTrue, Self.yPred, mask: nobody), loss(Self.yTrue, Self.yPred, sampleWeight: zeros),
      loss(Self.yTrue, Self.yPred, sampleWeight: Self.weights, mask: nobody),
    ] {
      #expect(value.scalars.allSatisfy { $0 == 0 })
    }
  }

  /// Rows that are repeated change no mean.
  @Test func repeatedRows() {
    func twice<Element: TensorElement>(_ tensor: Tensor<Element>) -> Tensor<Element> {
      Tensor([tensor.scalars, tensor.scalars])
    }
    let loss = SquaredDifference(reduction: .sumOverBatchSize)
    let once = loss(Self.yTrue, Self.yPred, sampleWeight: Self.weights, mask: Self.mask)
    let repeated = loss(
      twice(Self.yTrue), twice(Self.yPred), sampleWeight: twice(Self.weights),
      mask: twice(Self.mask))
    #expect(isClose(repeated.item, once.item, relative: 1e-15))
  }

  @Test func typesMayDiffer() {
    let labels: Tensor<Int32> = [1, 0, 1, 0]
    let predictions: Tensor<Float> = [0.1, 0.2, 0.3, 0.4]
    let value = SquaredDifference(reduction: .sum)(labels, predictions, sampleWeight: 2)
    #expect(isClose(Double(value.item), 3, relative: 1e-6))
  }

  /// One shape of labels, one of predictions, and the losses that they have under Keras's rule; nil for none.
  @Test(
    arguments: [
      ([3], [3, 1], [3]), ([3, 1], [3], [3]), ([3, 1], [3, 1], [3]), ([3, 2], [3, 2, 1], [3]),
      ([3, 2, 1], [3, 2], [3]), ([3], [3], []), ([1], [1, 1], [1]),
      ([2, 3, 4], [2, 3, 4], [2, 3]),
      ([2, 3, 4, 1], [2, 3, 4], [2, 3]),
      ([3], [3, 2], nil), ([3, 2], [3], nil), ([2, 1], [2, 3], nil), ([1, 3], [2, 3], nil),
      ([3], [1, 3], nil), ([2], [3, 2], nil), ([3], [2], nil), ([3, 1, 1], [3], nil),
      ([2, 3], [3, 2], nil), ([], [3], nil), ([3], [], nil), ([2, 3, 1], [2, 3, 4], nil),
    ] as [([Int], [Int], [Int]?)])
  func ranks(_ labels: [Int], _ predictions: [Int], _ losses: [Int]?) throws {
    func ones(_ shape: [Int]) -> Tensor<Float> {
      Tensor(shape: shape, scalars: [Float](repeating: 1, count: shape.reduce(1, *)))
    }
    for loss in [
      PointwiseLoss(reduction: .none) { ($0 - $1, -1) } as any DifferentiableLoss,
      BinaryCrossentropy(fromLogits: true, reduction: .none),
    ] {
      guard let losses else {
        let error = #expect(throws: LossError.self) {
          try loss.evaluate(ones(labels), ones(predictions))
        }
        #expect(error?.code == .shapeMismatch)
        #expect(error?.description.contains("got yTrue \(labels) and yPred \(predictions)") == true)
        continue
      }
      let (value, gradient) = try loss.valueWithGradient(ones(labels), ones(predictions))
      #expect(value.shape == losses)
      #expect(gradient.shape == predictions)
    }
  }

  /// The shape of weights, the shape of losses, and the weights that they are under the rule: written out as the
  /// index of the weight of each loss. Nil where the shape is none.
  static let weightRules: [(weights: [Int], losses: [Int], indices: [Int]?)] = [
    ([], [2, 3], [0, 0, 0, 0, 0, 0]), ([1], [2, 3], [0, 0, 0, 0, 0, 0]),
    ([1, 1], [2, 3], [0, 0, 0, 0, 0, 0]), ([1, 1, 1], [2, 3], [0, 0, 0, 0, 0, 0]),
    ([2], [2, 3], [0, 0, 0, 1, 1, 1]), ([2, 1], [2, 3], [0, 0, 0, 1, 1, 1]),
    ([2, 1, 1], [2, 3], [0, 0, 0, 1, 1, 1]), ([1, 3], [2, 3], [0, 1, 2, 0, 1, 2]),
    ([1, 3, 1], [2, 3], [0, 1, 2, 0, 1, 2]), ([2, 3], [2, 3], [0, 1, 2, 3, 4, 5]),
    ([2, 3, 1], [2, 3], [0, 1, 2, 3, 4, 5]),
    // As many time steps as samples: a weight for each sample.
    ([3], [3, 3], [0, 0, 0, 1, 1, 1, 2, 2, 2]), ([1, 3], [3, 3], [0, 1, 2, 0, 1, 2, 0, 1, 2]),
    ([2], [2], [0, 1]), ([2, 1], [2], [0, 1]), ([1], [2], [0, 0]), ([1, 1], [2], [0, 0]),
    ([], [2], [0, 0]), ([], [], [0]), ([1], [], [0]),
    ([2], [2, 1, 2], [0, 0, 1, 1]), ([2, 1], [2, 1, 2], [0, 0, 1, 1]),
    ([1, 1, 2], [2, 1, 2], [0, 1, 0, 1]),
    ([3], [2, 3], nil), ([6], [2, 3], nil), ([2, 2], [2, 3], nil), ([3, 3], [2, 3], nil),
    ([3, 2], [2, 3], nil), ([1, 2], [2, 3], nil), ([2, 3, 2], [2, 3], nil),
    ([1, 2, 3], [2, 3], nil), ([2, 3, 1, 1], [2, 3], nil), ([0], [2, 3], nil),
    ([1, 2], [2], nil), ([2, 2], [2], nil), ([3], [2], nil), ([2, 1, 1], [2], nil),
    ([2], [], nil), ([1, 1], [], nil), ([2, 3], [1, 3], nil), ([2], [1], nil),
  ]

  @Test(arguments: weightRules.indices, Reduction.allCases)
  func weights(_ index: Int, _ reduction: Reduction) throws {
    let (shape, lossShape, indices) = Self.weightRules[index]
    let loss = SquaredDifference(reduction: reduction)
    let losses = Tensor(
      shape: lossShape, scalars: (0..<lossShape.reduce(1, *)).map { 1 + Double($0) })
    let zeros = Tensor(shape: lossShape, scalars: losses.scalars.map { _ in 0.0 })
    let weights = Tensor(
      shape: shape, scalars: (0..<shape.reduce(1, *)).map { 0.5 + Double(3 * $0) })
    guard let indices else {
      let error = #expect(throws: LossError.self) {
        try loss.evaluate(zeros, losses, sampleWeight: weights)
      }
      #expect(error?.code == .weights)
      #expect(
        error?.description.contains("got sampleWeight \(shape) for losses \(lossShape).") == true)
      return
    }
    let products = zip(losses.scalars, indices).map { $0 * $0 * weights.scalars[$1] }
    let sum = products.reduce(0, +)
    let value = try loss.evaluate(zeros, losses, sampleWeight: weights)
    switch reduction {
    case .none:
      #expect(value == Tensor(shape: lossShape, scalars: products))
    case .sum:
      #expect(value.item == sum)
    case .sumOverBatchSize, .mean:
      #expect(isClose(value.item, sum / Double(products.count), relative: 1e-15))
    case .meanWithSampleWeight:
      let total = indices.map { weights.scalars[$0] }.reduce(0, +)
      #expect(isClose(value.item, sum / total, relative: 1e-15))
    }
  }
}

/// (y − p)² of every element: the loss of Keras's own tests.
private struct SquaredDifference: Loss {
  let reduction: Reduction

  func losses<Label: TensorElement, Scalar: LossScalar>(
    _ yTrue: Tensor<Label>, _ yPred: Tensor<Scalar>
  ) throws(LossError) -> Tensor<Scalar> {
    let labels = Tensor<Scalar>(converting: yTrue).scalars
    return Tensor(
      shape: yPred.shape, scalars: zip(labels, yPred.scalars).map { ($0 - $1) * ($0 - $1) })
  }
}
