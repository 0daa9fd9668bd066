// Files in slabs give the bits of the whole arrays in memory: for every axis, order, weight shape, mask
// and reduction, and wherever the slabs end.

import Foundation
import KerasLosses
import TFCompatV1
import Testing
import keras_losses

@Suite struct SlabTests {
  /// A shape, an axis of classes, and weights for the losses.
  struct Layout: Sendable, CustomStringConvertible {
    let shape: [Int]
    let axis: Int
    let weights: [Int]?
    let isMasked: Bool
    var isFortran = false

    var losses: [Int] {
      var losses = shape
      losses.remove(at: axis < 0 ? axis + shape.count : axis)
      return losses
    }

    var description: String { "\(shape) axis \(axis) weights \(weights ?? []) mask \(isMasked)" }
  }

  static let layouts: [Layout] = {
    let shapes: [(shape: [Int], axes: [Int])] = [
      ([7], [0]), ([5, 3], [-1, 0]), ([1, 9], [1]), ([3, 4, 5], [0, 1, 2]),
      ([2, 3, 2, 4], [1, 2]),
      ([0, 3], [1]), ([3, 0], [1]),
    ]
    return shapes.flatMap { shape, axes in
      axes.flatMap { axis -> [Layout] in
        let plain = Layout(shape: shape, axis: axis, weights: nil, isMasked: false)
        let losses = plain.losses
        let leading = losses.prefix(1) + losses.dropFirst().map { _ in 1 }
        let shapes: [[Int]?] = [nil, [], losses, Array(leading), losses + [1]]
        return shapes.flatMap { weights in
          [false, true].map {
            Layout(shape: shape, axis: axis, weights: weights, isMasked: $0, isFortran: $0)
          }
        }
      }
    }
  }()

  /// Numbers that repeat only after a long while, in -2..<2.
  private func numbers(_ count: Int, _ seed: Int) -> [Double] {
    (0..<count).map { Double(($0 * 7919 + seed * 104_729) % 4001) / 1000 - 2 }
  }

  private func tensor<Scalar: LossScalar>(
    _: Scalar.Type, _ shape: [Int], _ seed: Int, _ change: (Double) -> Double = { $0 }
  ) -> Tensor<Scalar> {
    let count = shape.reduce(1, *)
    return Tensor(shape: shape, scalars: numbers(count, seed).map { Scalar(change($0)) })
  }

  private func file<Scalar: LossScalar>(
    _ tensor: Tensor<Scalar>, _ isFortran: Bool
  ) throws -> NpyFile {
    let type = MemoryLayout<Scalar>.size == 8 ? "f8" : "f4"
    return try NpyFile(
      path: "file", contents: npy(tensor, Storage(type: type, isFortranOrder: isFortran)))
  }

  @Test(arguments: layouts)
  func slabsGiveTheBitsOfTheWholeInFloat(_ layout: Layout) throws {
    try compare(layout, Float.self)
  }

  @Test(arguments: layouts)
  func slabsGiveTheBitsOfTheWholeInDouble(_ layout: Layout) throws {
    try compare(layout, Double.self)
  }

  private func compare<Scalar: LossScalar>(_ layout: Layout, _: Scalar.Type) throws {
    let yTrue = tensor(Scalar.self, layout.shape, 1) { max(0, $0) }
    let yPred = tensor(Scalar.self, layout.shape, 2)
    let weights = layout.weights.map { tensor(Scalar.self, $0, 3) { $0 < -1 ? 0 : $0 } }
    let mask = Tensor(
      shape: layout.losses, scalars: numbers(layout.losses.reduce(1, *), 4).map { $0 > -1 })
    let operands = Operands(
      labels: try file(yTrue, layout.isFortran), predictions: try file(yPred, !layout.isFortran),
      weights: try weights.map { try file($0, layout.isFortran) },
      mask: layout.isMasked
        ? try NpyFile(
          path: "mask",
          contents: npy(layout.losses, mask.scalars.map { $0 ? 1 : 0 }, Storage(type: "b1")))
        : nil,
      names: .keras)
    for reduction in KerasLosses.Reduction.allCases {
      let loss = CategoricalCrossentropy(
        fromLogits: true, labelSmoothing: 0.1, axis: layout.axis, reduction: reduction)
      let whole = try loss.valueWithGradient(
        yTrue, yPred, sampleWeight: weights, mask: layout.isMasked ? mask : nil)
      for slabElements in [1, 7, 12, 1 << 18] {
        let call = try SlabbedCall<Scalar>(
          .keras(loss.plan), operands, slabElements: slabElements)
        try expectWhole(call, reduction, whole, "\(reduction), slabs of \(slabElements)")
      }
    }
  }

  /// Whether labels of 0 and 1 stand for −1 and 1 is for the labels of all slabs to say, less those that the
  /// mask excludes.
  @Test(arguments: [nil, 0, 9, 17], [nil, 17] as [Int?])
  func labelsOfAllSlabsDecide(_ odd: Int?, _ masked: Int?) throws {
    var labels = numbers(18, 1).map { $0 > 0 ? 1.0 : 0 }
    if let odd { labels[odd] = -1 }
    let yTrue = Tensor<Float>(shape: [6, 3], scalars: labels.map { Float($0) })
    let yPred = tensor(Float.self, [6, 3], 2)
    let keep = (0..<6).map { $0 != masked.map { $0 / 3 } }
    let operands = Operands(
      labels: try file(yTrue, false), predictions: try file(yPred, true),
      mask: masked == nil
        ? nil
        : try NpyFile(
          path: "mask", contents: npy([6], keep.map { $0 ? 1 : 0 }, Storage(type: "b1"))),
      names: .keras)
    for loss in [Hinge(reduction: .none), SquaredHinge()] as [any KerasLoss] {
      let whole = try loss.valueWithGradient(
        yTrue, yPred, mask: masked == nil ? nil : Tensor(keep))
      for slabElements in [1, 7, 1 << 18] {
        let call = try SlabbedCall<Float>(
          .keras(loss.plan), operands, slabElements: slabElements)
        try expectWhole(call, loss.reduction, whole, "slabs of \(slabElements)")
      }
    }
  }

  private func expectWhole<Scalar: LossScalar>(
    _ call: SlabbedCall<Scalar>, _ reduction: KerasLosses.Reduction,
    _ whole: (value: Tensor<Scalar>, gradient: Tensor<Scalar>), _ comment: Comment
  ) throws {
    var progress = Progress(total: 0)
    let value = try call.value(reduction, &progress)
    #expect(value.shape == whole.value.shape, comment)
    #expect(haveSameBits(value.scalars, whole.value.scalars), comment)
    var gradient = [Scalar](repeating: .nan, count: whole.gradient.scalars.count)
    let again = try call.value(reduction, &progress) { part, offset throws(Failure) in
      gradient.replaceSubrange(offset..<(offset + part.count), with: part)
    }
    #expect(haveSameBits(again.scalars, whole.value.scalars), comment)
    #expect(haveSameBits(gradient, whole.gradient.scalars), comment)
  }

  /// Losses whose samples are no rows along one axis, in files of either order.
  @Test(arguments: [false, true]) func otherSamples(_ isFortran: Bool) throws {
    let shape = [3, 4, 5, 2]
    let yPred = tensor(Double.self, shape, 2) { ($0 + 2) / 4 }
    let yTrue = tensor(Double.self, shape, 1) { $0 < 0 ? 0 : 1 }
    for axis in [nil, [], [0], [1, 2], [2, 3], [0, 2], [1, 3], [0, 1, 2]] as [[Int]?] {
      try compare(Tversky(alpha: 0.3, beta: 0.6, axis: axis), yTrue, yPred, isFortran)
    }
    try compare(CosineSimilarity(axis: 2), yTrue, yPred, isFortran)
    try compare(CategoricalFocalCrossentropy(axis: 1), yTrue, yPred, isFortran)
    let ids = tensor(Double.self, [6, 3], 5) { $0 < 0 ? 0 : ($0 * 2).rounded(.down) }
    try compare(CTC(), ids, tensor(Double.self, [6, 7, 4], 6), isFortran)
    let labels = tensor(Double.self, [9], 7) { $0.rounded() }
    try compare(Circle(gamma: 4), labels, tensor(Double.self, [9, 5], 8) { $0 / 5 }, isFortran)
    try compare(
      CategoricalGeneralizedCrossEntropy(), ids,
      tensor(Double.self, [6, 3, 4], 9) { ($0 + 3) / 5 },
      isFortran)
  }

  private func compare(
    _ loss: some KerasLoss, _ yTrue: Tensor<Double>, _ yPred: Tensor<Double>, _ isFortran: Bool
  ) throws {
    let operands = Operands(
      labels: try file(yTrue, isFortran), predictions: try file(yPred, !isFortran), names: .keras)
    for reduction in [KerasLosses.Reduction.none, .sumOverBatchSize] {
      // The loss's own reduction is the mean; one loss per sample is its sum with nothing summed.
      let upstream = try loss.losses(yTrue, yPred)
      let whole =
        reduction == .none
        ? (
          upstream,
          try loss.gradient(yTrue, yPred, upstream: Tensor(1))
        ) : try loss.valueWithGradient(yTrue, yPred)
      for slabElements in [1, 50, 1 << 18] {
        let call = try SlabbedCall<Double>(
          .keras(loss.plan), operands, slabElements: slabElements)
        try expectWhole(
          call, reduction, whole, "\(type(of: loss).names.class), \(reduction), \(slabElements)")
      }
    }
  }

  /// The rule of Keras that adds or drops a trailing axis of size 1.
  @Test func ranksMayDifferByATrailingOne() throws {
    for (labels, predictions) in [([4], [4, 1]), ([4, 1], [4]), ([2, 3, 1], [2, 3])] {
      let yTrue = tensor(Float.self, labels, 1)
      let yPred = tensor(Float.self, predictions, 2)
      let operands = Operands(
        labels: try file(yTrue, false), predictions: try file(yPred, true), names: .keras)
      let loss = CategoricalCrossentropy(reduction: .none)
      let call = try SlabbedCall<Float>(.keras(loss.plan), operands, slabElements: 2)
      let whole = try loss.valueWithGradient(yTrue, yPred)
      try expectWhole(call, .none, whole, "\(labels) \(predictions)")
    }
  }

  /// Through the command, with files larger than one of its slabs.
  @Test func commandGivesTheBitsOfTheWhole() throws {
    let folder = try Folder()
    let shape = [2, 330, 500]
    let yTrue = tensor(Float.self, shape, 1) { max(0, $0) }
    let yPred = tensor(Float.self, shape, 2)
    try folder.write(npy(yTrue, Storage()), "y.npy")
    try folder.write(npy(yPred, Storage(isFortranOrder: true)), "x.npy")
    let outcome = try folder.run([
      "evaluate", "--loss", "CategoricalCrossentropy", "--config",
      #"{"from_logits": true, "axis": 1}"#, "--y-true", "y.npy", "--y-pred", "x.npy", "--gradient",
      "g.npy", "--json",
    ])
    #expect(outcome.errors == "")
    let loss = CategoricalCrossentropy(fromLogits: true, axis: 1)
    let whole = try loss.valueWithGradient(yTrue, yPred)
    #expect(try parsed(outcome.output)["value"]?.number(Float.self) == whole.value.item)
    let gradient = try readNpy(try folder.read("g.npy"), type: "f4").numbers.map { Float($0) }
    #expect(haveSameBits(gradient, whole.gradient.scalars))
  }
}
