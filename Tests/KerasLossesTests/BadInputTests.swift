import Foundation
import KerasLosses
import TestSupport
import Testing

// Every loss with every kind of bad input. Each is a LossError that names the argument, the rule and both
// shapes; `evaluate` and `valueWithGradient` agree about it; and nothing traps.

@Suite struct BadInputTests {
  private static let losses = LossIdentifier.catalog.map(\.names.class)
  private static let kinds = BadCall.allCases

  @Test(arguments: losses, kinds)
  func shapes(_ name: String, _ kind: BadCall) throws {
    let loss = try LossIdentifier(name).loss
    let good = GoodCall(name)
    let bad = kind.call(good)
    if kind == .scalars && good.takesScalars {
      #expect(throws: Never.self) { try loss.evaluate(bad.yTrue, bad.yPred) }
      return
    }
    let error = try #require(throws: LossError.self) {
      try loss.evaluate(bad.yTrue, bad.yPred, sampleWeight: bad.weights, mask: bad.mask)
    }
    let text = error.description
    #expect(kind.codes.contains(error.code), "\(text)")
    #expect(kind.arguments.contains(error.argument), "\(text)")
    #expect(text.contains("must "), "the rule: \(text)")
    for shape in kind.shapes(bad, good) { #expect(text.contains("\(shape)"), "\(shape): \(text)") }
    #expect(throws: error) {
      try loss.valueWithGradient(bad.yTrue, bad.yPred, sampleWeight: bad.weights, mask: bad.mask)
    }
    var gradient: Tensor<Double> = [7]
    #expect(throws: error) {
      _ = try loss.valueWithGradient(
        bad.yTrue, bad.yPred, sampleWeight: bad.weights, mask: bad.mask, into: &gradient)
    }
    #expect(gradient == [7], "what cannot be computed must not be touched")
  }

  @Test(arguments: losses.filter { GoodCall($0).hasIDs }, [-1, 3, 1.5, .nan, .infinity, 1e300])
  func classIDs(_ name: String, _ id: Double) throws {
    // A circle has no classes to be outside of.
    guard name != "Circle" || id != id.rounded() || id > 3 else { return }
    let good = GoodCall(name)
    var labels = good.yTrue.scalars
    labels[labels.count - 1] = id
    let yTrue = Tensor(shape: good.yTrue.shape, scalars: labels)
    let loss = try LossIdentifier(name).loss
    // Under a weight of 0, too.
    for weights in [nil, Tensor<Double>(0)] {
      let error = try #require(throws: LossError.self) {
        try loss.evaluate(yTrue, good.yPred, sampleWeight: weights)
      }
      #expect(error.code == .classID, "\(error)")
      #expect(error.description.hasPrefix("yTrue: "))
      #expect(throws: error) {
        try loss.valueWithGradient(yTrue, good.yPred, sampleWeight: weights)
      }
    }
  }

  /// Numbers that are none make no error but NaN, without a trap; infinities whatever the formula makes.
  @Test(arguments: losses, [Double.nan, .infinity, -.infinity])
  func dataThatIsNotFinite(_ name: String, _ number: Double) throws {
    let good = GoodCall(name)
    let loss = try LossIdentifier.entry(named: name).make(.sum)
    func filled(_ tensor: Tensor<Double>) -> Tensor<Double> {
      Tensor(shape: tensor.shape, scalars: tensor.scalars.map { _ in number })
    }
    let (value, gradient) = try loss.valueWithGradient(good.yTrue, filled(good.yPred))
    #expect(!number.isNaN || value.item.isNaN)
    #expect(gradient.shape == good.yPred.shape)
    if !good.hasIDs {
      let value = try loss.evaluate(filled(good.yTrue), good.yPred)
      #expect(!number.isNaN || value.item.isNaN)
    }
    let weighted = try loss.evaluate(good.yTrue, good.yPred, sampleWeight: Tensor(number))
    #expect(!weighted.item.isFinite)
    // A masked number is not read.
    let mask = Tensor(
      shape: good.losses, scalars: [Bool](repeating: false, count: good.losses.reduce(1, *)))
    let masked = try loss.valueWithGradient(good.yTrue, filled(good.yPred), mask: mask)
    #expect(masked.value.item == 0)
    #expect(masked.gradient.scalars.allSatisfy { $0 == 0 })
  }

  /// A batch without samples is 0 under every reduction.
  @Test(arguments: losses)
  func emptyBatches(_ name: String) throws {
    let empty = GoodCall(name, batch: 0)
    for reduction in Reduction.allCases {
      let loss = try LossIdentifier.entry(named: name).make(reduction)
      let (value, gradient) = try loss.valueWithGradient(empty.yTrue, empty.yPred)
      #expect(gradient.shape == empty.yPred.shape)
      let isEmpty = reduction == .none && !empty.losses.isEmpty
      #expect(value == (isEmpty ? Tensor(shape: [0], scalars: []) : 0), "\(reduction)")
    }
  }

  /// A sample without elements is a number or an error, and nothing else.
  @Test(arguments: losses)
  func emptySamples(_ name: String) throws {
    let good = GoodCall(name)
    let nothing = Tensor<Double>(shape: Array(good.yPred.shape.dropLast()) + [0], scalars: [])
    let loss = try LossIdentifier(name).loss
    do {
      let value = try loss.evaluate(good.hasIDs ? good.yTrue : nothing, nothing)
      #expect(!good.hasIDs || name == "Circle")
      #expect(value.item.isFinite, "\(value)")
    } catch {
      #expect(good.hasIDs && error.description.contains("\(nothing.shape)"), "\(error)")
    }
  }
}

/// Inputs that are good for a loss.
struct GoodCall {
  let yTrue: Tensor<Double>
  let yPred: Tensor<Double>
  /// The shape of the losses.
  let losses: [Int]
  /// Whether labels are class ids, of which there are 3.
  let hasIDs: Bool
  /// Whether a single number is a sample.
  let takesScalars: Bool

  init(_ name: String, batch: Int = 4) {
    var shape = [batch, 3]
    var labels = shape
    var losses = [batch]
    hasIDs =
      [
        "SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy", "Circle", "CTC",
      ].contains(name)
    takesScalars = ["Dice", "Tversky"].contains(name)
    if hasIDs { labels = [batch] }
    if takesScalars { losses = [] }
    if name == "CTC" {
      shape = [batch, 5, 3]
      labels = [batch, 2]
    }
    func fill(_ shape: [Int], _ number: (Int) -> Double) -> Tensor<Double> {
      Tensor(shape: shape, scalars: (0..<shape.reduce(1, *)).map(number))
    }
    yTrue = fill(labels) { Double($0 % 2) }
    yPred = fill(shape) { 0.25 + Double($0 % 5) / 8 }
    self.losses = losses
  }
}

/// A way to call a loss with shapes that do not fit.
enum BadCall: CaseIterable {
  case moreLabels, labelsOfHigherRank, scalars
  case moreWeights, weightsOfHigherRank, weightsAlongTheWrongAxis
  case moreMask, maskOfHigherRank

  typealias Operands = (
    yTrue: Tensor<Double>, yPred: Tensor<Double>, weights: Tensor<Double>?, mask: Tensor<Bool>?
  )

  func call(_ good: GoodCall) -> Operands {
    func ones(_ shape: [Int]) -> Tensor<Double> {
      Tensor(shape: shape, scalars: [Double](repeating: 1, count: shape.reduce(1, *)))
    }
    func all(_ shape: [Int]) -> Tensor<Bool> {
      Tensor(shape: shape, scalars: [Bool](repeating: true, count: shape.reduce(1, *)))
    }
    let more = good.losses.isEmpty ? [3] : [good.losses[0] + 1]
    switch self {
    case .moreLabels:
      let shape = good.yTrue.shape
      return (ones([shape[0] + 1] + shape.dropFirst()), good.yPred, nil, nil)
    case .labelsOfHigherRank:
      return (good.yTrue.reshaped(to: [1, 1] + good.yTrue.shape), good.yPred, nil, nil)
    case .scalars: return (1, 1, nil, nil)
    case .moreWeights: return (good.yTrue, good.yPred, ones(more), nil)
    case .weightsOfHigherRank: return (good.yTrue, good.yPred, ones(good.losses + [2]), nil)
    case .weightsAlongTheWrongAxis: return (good.yTrue, good.yPred, ones([1, 2]), nil)
    case .moreMask: return (good.yTrue, good.yPred, nil, all(more))
    case .maskOfHigherRank: return (good.yTrue, good.yPred, nil, all(good.losses + [2]))
    }
  }

  var codes: [LossError.Code] {
    switch self {
    case .moreLabels, .labelsOfHigherRank: [.shapeMismatch, .rank]
    case .scalars: [.rank, .shapeMismatch]
    case .moreWeights, .weightsOfHigherRank, .weightsAlongTheWrongAxis: [.weights]
    case .moreMask, .maskOfHigherRank: [.mask]
    }
  }

  var arguments: [String] {
    switch self {
    case .moreLabels, .labelsOfHigherRank: ["yTrue"]
    case .scalars: ["yPred", "yTrue"]
    case .moreWeights, .weightsOfHigherRank, .weightsAlongTheWrongAxis: ["sampleWeight"]
    case .moreMask, .maskOfHigherRank: ["mask"]
    }
  }

  /// The shapes that the text must name.
  func shapes(_ bad: Operands, _ good: GoodCall) -> [[Int]] {
    switch self {
    case .moreLabels, .labelsOfHigherRank, .scalars: [bad.yTrue.shape, bad.yPred.shape]
    case .moreWeights, .weightsOfHigherRank, .weightsAlongTheWrongAxis:
      [bad.weights?.shape ?? [], good.losses]
    case .moreMask, .maskOfHigherRank: [bad.mask?.shape ?? [], good.losses]
    }
  }
}
