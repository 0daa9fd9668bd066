import Foundation
import KerasLosses
import TestSupport
import Testing

// What holds for every loss that averages a function of one label and one prediction.

/// A loss, and where its labels and predictions lie.
struct ElementwiseSubject: Sendable, CustomStringConvertible {
  let make: @Sendable (Reduction) -> any KerasLoss
  let labels: ClosedRange<Double>
  let predictions: ClosedRange<Double>
  /// Labels and predictions at which the derivative jumps: differences are not taken across them.
  let isNearKink: @Sendable (_ y: Double, _ p: Double) -> Bool
  /// The sizes of a loss's terms, added up, where they have different signs.
  let terms: (@Sendable (_ y: Double, _ p: Double) -> Double)?

  init(
    labels: ClosedRange<Double> = -3...3, predictions: ClosedRange<Double> = -3...3,
    kink: @escaping @Sendable (_ y: Double, _ p: Double) -> Double = { _, _ in 1 },
    terms: (@Sendable (_ y: Double, _ p: Double) -> Double)? = nil,
    _ make: @escaping @Sendable (Reduction) -> any KerasLoss
  ) {
    self.make = make
    self.labels = labels
    self.predictions = predictions
    isNearKink = { kink($0, $1).magnitude < 1e-3 }
    self.terms = terms
  }

  /// The sizes of the terms of each loss, added up and weighted as the loss does it; nil where they do not cancel.
  func termSizes(_ y: Tensor<Double>, _ p: Tensor<Double>, _ weights: [Double]?) -> [Double]? {
    guard let terms, let classes = y.shape.last else { return nil }
    let isSum = make(.none) is KLDivergence
    return (0..<y.scalars.count / classes).map { row in
      let range = row * classes..<(row + 1) * classes
      let sum = range.reduce(0) { $0 + terms(y.scalars[$1], p.scalars[$1]) }
      return (weights?[row] ?? 1) * (isSum ? sum : sum / Double(classes))
    }
  }

  var description: String {
    let loss = make(.none)
    let config = (try? JSONEncoder().encode(LossIdentifier(loss))) ?? Data()
    return String(decoding: config, as: UTF8.self)
  }

  /// A label and a prediction away from kinks.
  func draw(_ generator: inout SeededGenerator) -> (y: Double, p: Double) {
    while true {
      let y = Double.random(in: labels, using: &generator)
      let p = Double.random(in: predictions, using: &generator)
      if !isNearKink(y, p) { return (y, p) }
    }
  }

  /// Labels and predictions of a shape.
  func draw<Scalar: LossScalar>(
    _ shape: [Int], seed: UInt64, _ type: Scalar.Type
  ) -> (labels: Tensor<Scalar>, predictions: Tensor<Scalar>) {
    var generator = SeededGenerator(seed: seed)
    let pairs = (0..<shape.reduce(1, *)).map { _ in draw(&generator) }
    return (
      Tensor(shape: shape, scalars: pairs.map { Scalar($0.y) }),
      Tensor(shape: shape, scalars: pairs.map { Scalar($0.p) })
    )
  }

  static let all: [ElementwiseSubject] = [
    ElementwiseSubject { MeanSquaredError(reduction: $0) },
    ElementwiseSubject(kink: { $1 - $0 }) { MeanAbsoluteError(reduction: $0) },
    ElementwiseSubject(kink: { ($1 - $0).magnitude - 1 }) { Huber(reduction: $0) },
    ElementwiseSubject(kink: { ($1 - $0).magnitude - 2.5 }) { Huber(delta: 2.5, reduction: $0) },
    ElementwiseSubject(kink: { 1 - $0 * $1 }) { Hinge(reduction: $0) },
    ElementwiseSubject(kink: { 1 - $0 * $1 }) { SquaredHinge(reduction: $0) },
    ElementwiseSubject(labels: 0.5...3, kink: { $1 - $0 }) {
      MeanAbsolutePercentageError(reduction: $0)
    },
    ElementwiseSubject(labels: 0...3, predictions: 0.1...3) {
      MeanSquaredLogarithmicError(reduction: $0)
    },
    ElementwiseSubject { LogCosh(reduction: $0) },
    ElementwiseSubject(
      labels: 0...1, predictions: 0.05...0.95,
      terms: { (max($0, 1e-7) * log(max($0, 1e-7) / $1)).magnitude }
    ) { KLDivergence(reduction: $0) },
    ElementwiseSubject(
      labels: 0...5, predictions: 0.1...5, terms: { $1 + ($0 * log($1)).magnitude }
    ) { Poisson(reduction: $0) },
    ElementwiseSubject(labels: 0...1) { BinaryCrossentropy(fromLogits: true, reduction: $0) },
    ElementwiseSubject(labels: 0...1, predictions: 0.05...0.95) {
      BinaryCrossentropy(labelSmoothing: 0.1, reduction: $0)
    },
    ElementwiseSubject(labels: 0...1, predictions: 0.05...0.95) {
      BinaryFocalCrossentropy(reduction: $0)
    },
    ElementwiseSubject(labels: 0...1, predictions: 0.05...0.95) {
      BinaryFocalCrossentropy(
        applyClassBalancing: true, alpha: 0.3, gamma: 1.5, labelSmoothing: 0.2, reduction: $0)
    },
    ElementwiseSubject(labels: 0...1) {
      BinaryFocalCrossentropy(fromLogits: true, labelSmoothing: 0.1, reduction: $0)
    },
    ElementwiseSubject(labels: 0...1) {
      BinaryFocalCrossentropy(
        applyClassBalancing: true, alpha: 0.7, gamma: 0.5, fromLogits: true, reduction: $0)
    },
  ]
}

@Suite struct ElementwiseLossTests {
  /// Rank 1 to 3, with and without weights and a mask, every reduction.
  @Test(arguments: ElementwiseSubject.all)
  func gradientsAreCentralDifferences(_ subject: ElementwiseSubject) throws {
    for (number, shape) in [[5], [3, 4], [2, 3, 4], [2, 1200]].enumerated() {
      for reduction in Reduction.allCases {
        let loss = subject.make(reduction)
        let (y, p) = subject.draw(shape, seed: UInt64(number), Double.self)
        let losses = Array(shape.dropLast())
        let weights: Tensor<Double>? = losses.isEmpty ? nil : [0.5, 1.5, 2][..<shape[0]].asTensor
        let mask: Tensor<Bool>? =
          number == 2 ? Tensor(shape: losses, scalars: (0..<6).map { $0 % 4 != 1 }) : nil
        func total(_ predictions: Tensor<Double>) throws -> Double {
          try loss.evaluate(y, predictions, sampleWeight: weights, mask: mask)
            .scalars.reduce(0, +)
        }
        let gradient = try loss.valueWithGradient(y, p, sampleWeight: weights, mask: mask).gradient
        #expect(gradient.shape == shape)
        for element in p.scalars.indices.prefix(24) {
          let step = 2e-5
          var (less, more) = (p.scalars, p.scalars)
          less[element] -= step
          more[element] += step
          let difference =
            (try total(Tensor(shape: shape, scalars: more))
              - total(Tensor(shape: shape, scalars: less))) / (2 * step)
          #expect(
            isClose(gradient.scalars[element], difference, relative: 2e-7, scale: 1),
            "\(shape) \(reduction) \(element)")
        }
      }
    }
  }

  /// Float is Double rounded once, or nearly: also through long rows, short rows and rows of one.
  @Test(arguments: ElementwiseSubject.all)
  func floatAgreesWithDouble(_ subject: ElementwiseSubject) throws {
    for shape in [[1500, 1], [150, 10], [3, 1000], [20_000]] {
      let loss = subject.make(.none)
      let (y, p) = subject.draw(shape, seed: 1, Float.self)
      let weights: Tensor<Float>? =
        shape.count == 1 ? nil : Tensor((0..<shape[0]).map { Float($0 % 3) * 0.5 })
      let (value, gradient) = try loss.valueWithGradient(y, p, sampleWeight: weights)
      let wide = try loss.valueWithGradient(
        Tensor<Double>(converting: y), Tensor<Double>(converting: p),
        sampleWeight: weights.map { Tensor(converting: $0) })
      // Where terms of a derivative cancel they are of the size of 1.
      let scale = 1 / Double(shape[shape.count - 1])
      // 2 ulp are at most 2^-22 of a loss, or of its terms where these cancel.
      let sizes = subject.termSizes(
        Tensor(converting: y), Tensor(converting: p), weights?.scalars.map(Double.init))
      let isRight =
        value.scalars.indices.allSatisfy {
          isClose(
            Double(value.scalars[$0]), wide.value.scalars[$0], relative: 2.4e-7,
            scale: max(sizes?[$0] ?? 0, 1e-2))
        }
        && isClose(gradient, wide.gradient.scalars, relative: 2.4e-7, scale: scale)
      #expect(isRight, "\(shape)")
    }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    /// Half a Float16's last place, and what Float leaves.
    @Test(arguments: ElementwiseSubject.all)
    func float16AgreesWithDouble(_ subject: ElementwiseSubject) throws {
      let loss = subject.make(.none)
      for shape in [[500, 1], [50, 10]] {
        let (y, p) = subject.draw(shape, seed: 2, Float16.self)
        let (value, gradient) = try loss.valueWithGradient(y, p)
        let wide = try loss.valueWithGradient(
          Tensor<Double>(converting: y), Tensor<Double>(converting: p))
        for (value, expected) in zip(
          value.scalars + gradient.scalars, wide.value.scalars + wide.gradient.scalars)
        {
          let ulp = max(Double(Float16(expected).ulp), 0x1p-24)
          #expect((Double(value) - expected).magnitude <= 0.502 * ulp)
        }
      }
    }
  #endif

  /// The axis, a mask of ones, one row at a time: the same bits.
  @Test(arguments: ElementwiseSubject.all, [1, 2, 10, 33, 700])
  func cutsDoNotMatter(_ subject: ElementwiseSubject, _ outputs: Int) throws {
    let rows = outputs > 100 ? 5 : 1100
    let loss = subject.make(.none)
    let (y, p) = subject.draw([rows, outputs], seed: 4, Float.self)
    let weights = Tensor((0..<rows).map { Float($0 % 5) * 0.3 })
    let whole = try loss.valueWithGradient(y, p, sampleWeight: weights)
    #expect(try loss.evaluate(y, p, sampleWeight: weights) == whole.value)
    let all = Tensor<Bool>([Bool](repeating: true, count: rows))
    let masked = try loss.valueWithGradient(y, p, sampleWeight: weights, mask: all)
    #expect(masked == whole)
    // The labels' own type does not matter, nor does where a row lies.
    let wide = try loss.valueWithGradient(
      Tensor<Double>(converting: y), p, sampleWeight: weights)
    #expect(wide == whole)
    for row in [0, 1, rows - 1] {
      let range = row * outputs..<(row + 1) * outputs
      let one = try loss.valueWithGradient(
        Tensor(shape: [1, outputs], scalars: Array(y.scalars[range])),
        Tensor(shape: [1, outputs], scalars: Array(p.scalars[range])),
        sampleWeight: Tensor([weights.scalars[row]]))
      #expect(one.value.scalars[0] == whole.value.scalars[row])
      #expect(one.gradient.scalars == Array(whole.gradient.scalars[range]))
    }
  }

  /// Masked elements are not read, have loss and gradient 0 and are in no denominator.
  @Test(arguments: ElementwiseSubject.all)
  func masks(_ subject: ElementwiseSubject) throws {
    for outputs in [1, 3, 700] {
      for reduction in Reduction.allCases {
        let loss = subject.make(reduction)
        let (y, p) = subject.draw([2, outputs], seed: 5, Float.self)
        func padded(_ tensor: Tensor<Float>) -> Tensor<Float> {
          let nan = [Float](repeating: .nan, count: outputs)
          let scalars: [Float] = tensor.scalars[..<outputs] + nan + tensor.scalars[outputs...]
          return Tensor(shape: [3, outputs], scalars: scalars)
        }
        let (value, gradient) = try loss.valueWithGradient(
          padded(y), padded(p), mask: [true, false, true])
        let kept = try loss.valueWithGradient(y, p)
        let values = value.rank == 0 ? value.scalars : [value.scalars[0], value.scalars[2]]
        #expect(values == kept.value.scalars)
        #expect(gradient.scalars[outputs..<2 * outputs].allSatisfy { $0 == 0 })
        let others = Array(gradient.scalars[..<outputs]) + gradient.scalars[(2 * outputs)...]
        #expect(others == kept.gradient.scalars)
      }
    }
  }

  /// One NaN in, one NaN out, with its gradient; an axis of size 0 averages to 0.
  @Test(arguments: ElementwiseSubject.all)
  func notANumber(_ subject: ElementwiseSubject) throws {
    let loss = subject.make(.none)
    var (y, p) = subject.draw([3, 1], seed: 6, Float.self)
    var predictions = p.scalars
    predictions[1] = -.nan
    p = Tensor(shape: [3, 1], scalars: predictions)
    let (value, gradient) = try loss.valueWithGradient(y, p)
    for index in 0..<3 {
      #expect((value.scalars[index].bitPattern == Float.nan.bitPattern) == (index == 1))
      #expect((gradient.scalars[index].bitPattern == Float.nan.bitPattern) == (index == 1))
    }
    y = Tensor(shape: [2, 0], scalars: [])
    #expect(loss(y, y) == [0, 0])
  }
}

extension ArraySlice<Double> {
  fileprivate var asTensor: Tensor<Double> { Tensor(Array(self)) }
}

private func == <Scalar>(
  a: (value: Tensor<Scalar>, gradient: Tensor<Scalar>),
  b: (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
) -> Bool {
  a.value == b.value && a.gradient == b.gradient
}
