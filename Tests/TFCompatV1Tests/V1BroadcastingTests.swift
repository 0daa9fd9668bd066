import KerasLosses
import TFCompatV1
import TestSupport
import Testing

// The shapes of weights that TensorFlow 1 takes: the cases of its own tests of broadcasting weights, static and for
// every reduction, against weights that are written out.

@Suite struct V1BroadcastingTests {
  /// Losses 0…23 of shape [3, 2, 4].
  private static let losses = Tensor(shape: [3, 2, 4], scalars: (0..<24).map(Double.init))

  private static let accepted: [[Int]] = [
    [], [1, 1, 1], [1, 1, 4], [1, 2, 1], [1, 2, 4], [3, 1, 1], [3, 1, 4], [3, 2, 1], [3, 2, 4],
  ]
  private static let refused: [[Int]] = [
    [1], [4], [1, 1], [3, 2], [2, 4], [3, 1], [1, 1, 1, 1], [3, 2, 4, 1], [1, 3, 2, 4], [2, 2, 4],
    [3, 4, 2], [3, 2, 3], [3, 4, 4], [3, 2, 0], [0, 1, 1],
  ]

  private static func weights(_ shape: [Int]) -> Tensor<Double> {
    // A third of them is 0.
    let count = shape.reduce(1, *)
    let scalars = (0..<count).map { (index: Int) -> Double in
      index % 3 == 1 ? 0 : 0.25 + Double(index % 7)
    }
    return Tensor(shape: shape, scalars: scalars)
  }

  @Test(arguments: accepted, Losses.Reduction.allCases)
  func valid(_ shape: [Int], _ reduction: Losses.Reduction) throws {
    let weights = Self.weights(shape)
    let full: [Double] = (0..<3).flatMap { i in
      (0..<2).flatMap { j in
        (0..<4).map { k in
          guard !shape.isEmpty else { return weights.item }
          return weights[i % shape[0], j % shape[1], k % shape[2]]
        }
      }
    }
    let products = zip(Self.losses.scalars, full).map(*)
    let sum = products.reduce(0, +)
    let expected: [Double] =
      switch reduction {
      case .none: products
      case .sum: [sum]
      case .sumOverBatchSize: [sum / 24]
      case .mean: [sum / full.reduce(0, +)]
      case .sumByNonzeroWeights: [sum / Double(full.count { $0 != 0 })]
      }
    let value = try Losses.computeWeightedLoss(
      losses: Self.losses, weights: weights, reduction: reduction)
    #expect(value.shape == (reduction == .none ? [3, 2, 4] : []))
    #expect(isClose(value, expected, relative: 1e-15), "\(value.scalars) for \(expected)")
    // The same through a loss: labels 0, so that the losses are the squares.
    let squares = try Losses.meanSquaredError(
      labels: Tensor(shape: [3, 2, 4], scalars: [Double](repeating: 0, count: 24)),
      predictions: Self.losses, weights: weights, reduction: reduction)
    let given = try Losses.computeWeightedLoss(
      losses: Tensor(shape: [3, 2, 4], scalars: Self.losses.scalars.map { $0 * $0 }),
      weights: weights, reduction: reduction)
    #expect(squares == given)
    for call in Self.calls(Self.losses, weights, reduction) {
      #expect(throws: Never.self) { try call() }
    }
  }

  @Test(arguments: refused, Losses.Reduction.allCases)
  func invalid(_ shape: [Int], _ reduction: Losses.Reduction) {
    let weights = Self.weights(shape)
    for call in Self.calls(Self.losses, weights, reduction) {
      let error = #expect(throws: LossError.self) { try call() }
      #expect(error?.code == .weights)
      #expect(
        error?.description
          == "weights: must be a scalar, or have the rank of the losses with each size 1 or equal; "
          + "got weights \(shape) for losses [3, 2, 4].")
    }
  }

  /// The rule for losses of other ranks: TensorFlow's answers.
  @Test(
    arguments: [
      ([], [2, 3], true), ([1, 1], [2, 3], true), ([1, 3], [2, 3], true), ([2, 1], [2, 3], true),
      ([2, 3], [2, 3], true), ([2], [2, 3], false), ([3], [2, 3], false), ([1], [2, 3], false),
      ([2, 3, 1], [2, 3], false), ([1, 2, 3], [2, 3], false), ([2, 2], [2, 3], false),
      ([3, 3], [2, 3], false), ([2], [2], true), ([1], [2], true), ([], [2], true),
      ([2, 1], [2], false), ([1, 2], [2], false), ([2, 2], [2], false), ([3], [2], false),
      ([2, 3], [1, 3], false), ([1], [], false), ([], [], true), ([1], [0], true), ([0], [0], true),
      ([], [0], true),
    ] as [([Int], [Int], Bool)])
  func rule(_ shape: [Int], _ lossShape: [Int], _ isAccepted: Bool) {
    let losses = Tensor(
      shape: lossShape, scalars: [Double](repeating: 1, count: lossShape.reduce(1, *)))
    for call in Self.calls(losses, Self.weights(shape), .sumByNonzeroWeights) {
      if isAccepted {
        #expect(throws: Never.self) { try call() }
      } else {
        #expect(throws: LossError.self) { try call() }
      }
    }
  }

  /// Every function whose losses have the shape of its predictions.
  private static func calls(
    _ p: Tensor<Double>, _ weights: Tensor<Double>, _ reduction: Losses.Reduction
  ) -> [() throws -> Tensor<Double>] {
    [
      { try Losses.computeWeightedLoss(losses: p, weights: weights, reduction: reduction) },
      {
        try Losses.absoluteDifference(
          labels: p, predictions: p, weights: weights, reduction: reduction)
      },
      {
        try Losses.meanSquaredError(
          labels: p, predictions: p, weights: weights, reduction: reduction)
      },
      { try Losses.huberLoss(labels: p, predictions: p, weights: weights, reduction: reduction) },
      { try Losses.logLoss(labels: p, predictions: p, weights: weights, reduction: reduction) },
      { try Losses.hingeLoss(labels: p, logits: p, weights: weights, reduction: reduction) },
      {
        try Losses.sigmoidCrossEntropy(
          multiClassLabels: p, logits: p, weights: weights, reduction: reduction)
      },
    ]
  }
}
