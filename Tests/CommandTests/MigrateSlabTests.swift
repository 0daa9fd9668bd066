// tf.compat.v1.losses over files in slabs: the bits of the whole, whatever the slabs.

import KerasLosses
import TFCompatV1
import Testing
import keras_losses

@Suite struct MigrateSlabTests {
  private static let reductions = Losses.Reduction.allCases

  /// Numbers that repeat only after a long while, in -2..<2.
  private func tensor(
    _ shape: [Int], _ seed: Int, _ change: (Double) -> Double = { $0 }
  ) -> Tensor<Float> {
    let scalars = (0..<shape.reduce(1, *)).map {
      Float(change(Double(($0 * 7919 + seed * 104_729) % 4001) / 1000 - 2))
    }
    return Tensor(shape: shape, scalars: scalars)
  }

  private func file(_ tensor: Tensor<Float>, _ isFortran: Bool) throws -> NpyFile {
    try NpyFile(
      path: "file", contents: npy(tensor, Storage(type: "f4", isFortranOrder: isFortran)))
  }

  private typealias Whole = (
    _ weights: Tensor<Float>, _ reduction: Losses.Reduction
  ) throws -> Tensor<Float>

  private func compare(
    _ loss: V1Loss, _ labels: Tensor<Float>, _ predictions: Tensor<Float>, weights: [[Int]],
    _ whole: Whole
  ) throws {
    for shape in weights {
      let weights = tensor(shape, 3) { $0 < 0 ? 0 : $0 }
      let operands = Operands(
        labels: try file(labels, true), predictions: try file(predictions, false),
        weights: try file(weights, true), names: .keras)
      for slabElements in [1, 7, 1 << 18] {
        let call = try SlabbedCall<Float>(
          .tensorFlow1(loss), operands, slabElements: slabElements)
        var progress = Progress(total: 0)
        let side = try call.losses(&progress, keepsAll: true)
        let ends = try call.losses(&progress, keepsAll: false).losses
        for reduction in Self.reductions {
          let expected = try whole(weights, reduction)
          let value: [Float] =
            reduction.denominator(of: side.accumulator).map { [side.accumulator.finish($0)] }
            ?? side.losses.scalars
          #expect(
            haveSameBits(value, expected.scalars),
            "\(reduction), weights \(shape), slabs of \(slabElements)")
          if reduction == .none { #expect(side.losses.shape == expected.shape) }
        }
        expectEnds(ends, of: side.losses)
      }
    }
  }

  private func expectEnds(
    _ ends: MigrationReport<Float>.Listing, of all: MigrationReport<Float>.Listing
  ) {
    #expect(ends.shape == all.shape && all.isComplete)
    guard all.scalars.count > 6 else {
      #expect(haveSameBits(ends.scalars, all.scalars))
      return
    }
    #expect(!ends.isComplete && ends.scalars.count <= 6)
    #expect(haveSameBits(Array(ends.scalars.prefix(2)), Array(all.scalars.prefix(2))))
    #expect(haveSameBits(Array(ends.scalars.suffix(2)), Array(all.scalars.suffix(2))))
  }

  private static let rowWeights = [[Int](), [1, 1], [3, 1], [1, 4], [3, 4]]
  private static let elementWeights = [[Int](), [1, 1, 1], [3, 1, 1], [1, 4, 5], [3, 4, 5]]

  @Test func softmaxCrossEntropy() throws {
    let (y, x) = (tensor([3, 4, 5], 1) { max(0, $0) }, tensor([3, 4, 5], 2))
    try compare(.softmaxCrossEntropy(labelSmoothing: 0), y, x, weights: Self.rowWeights) {
      try Losses.softmaxCrossEntropy(onehotLabels: y, logits: x, weights: $0, reduction: $1)
    }
  }

  @Test func sparseSoftmaxCrossEntropy() throws {
    let x = tensor([3, 4, 5], 2)
    for labels in [[3, 4], [3, 4, 1]] {
      let y = tensor(labels, 1) {
        (($0 + 2) * 10).rounded(.down).truncatingRemainder(dividingBy: 5)
      }
      try compare(
        .sparseSoftmaxCrossEntropy, y, x, weights: Self.rowWeights + [[3, 4, 1], [1, 1, 1]]
      ) {
        try Losses.sparseSoftmaxCrossEntropy(labels: y, logits: x, weights: $0, reduction: $1)
      }
    }
  }

  @Test func lossesOfElements() throws {
    let (y, p) = (tensor([3, 4, 5], 1), tensor([3, 4, 5], 2))
    try compare(.meanSquaredError, y, p, weights: Self.elementWeights) {
      try Losses.meanSquaredError(labels: y, predictions: p, weights: $0, reduction: $1)
    }
    try compare(.hingeLoss, y, p, weights: Self.elementWeights) {
      try Losses.hingeLoss(labels: y, logits: p, weights: $0, reduction: $1)
    }
    try compare(.logLoss(epsilon: 2.5), y, p, weights: Self.elementWeights) {
      try Losses.logLoss(labels: y, predictions: p, weights: $0, epsilon: 2.5, reduction: $1)
    }
  }

  @Test(arguments: [-3, 1, 2])
  func cosineDistance(_ axis: Int) throws {
    let (y, p) = (tensor([3, 4, 5], 1), tensor([3, 4, 5], 2))
    var losses = [3, 4, 5]
    losses[axis < 0 ? axis + 3 : axis] = 1
    try compare(
      .cosineDistance(axis: axis), y, p,
      weights: [[], [1, 1, 1], losses, [losses[0], 1, 1], [1, losses[1], losses[2]]]
    ) {
      try Losses.cosineDistance(
        labels: y, predictions: p, axis: axis, weights: $0, reduction: $1)
    }
  }

  /// Files of one axis and of none.
  @Test func fewAxes() throws {
    for shape in [[Int](), [7]] {
      let (y, p) = (tensor(shape, 1), tensor(shape, 2))
      try compare(.absoluteDifference, y, p, weights: [[], shape]) {
        try Losses.absoluteDifference(labels: y, predictions: p, weights: $0, reduction: $1)
      }
    }
  }

  @Test(arguments: [[], [1, 1, 1], [3, 1, 1], [3, 4, 5], [1, 4, 1], [3, 1, 5]] as [[Int]])
  func meanPairwiseSquaredError(_ shape: [Int]) throws {
    let (y, p) = (tensor([3, 4, 5], 1), tensor([3, 4, 5], 2))
    let weights = tensor(shape, 3) { $0 < 0 ? 0 : $0 }
    let operands = Operands(
      labels: try file(y, true), predictions: try file(p, false), weights: try file(weights, true),
      names: .keras)
    let whole = try Losses.meanPairwiseSquaredError(
      labels: y, predictions: p, weights: weights)
    for slabElements in [1, 45, 1 << 18] {
      let call = try PairwiseSlabs<Float>(operands, slabElements: slabElements)
      var progress = Progress(total: 0)
      let value: Float = call.accumulated(&progress).finish(.one)
      #expect(haveSameBits([value], whole.scalars), "slabs of \(slabElements)")
    }
  }
}
